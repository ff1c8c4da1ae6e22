/** The serving process: platform and port, from open to close. `start` and `serve` differ only in what they do before. */
import { createServer } from 'node:net';
import type { Config } from '../config.ts';
import { systemClock } from '../kernel/clock.ts';
import { fieldResolver } from '../read/field-resolver.ts';
import type { Platform } from '../platform.ts';
import type { ConnectionTrace } from '../sync/engine.ts';
import { createLogger, createMetrics, type DemoLogin, listen, type Logger, openLocalIssuer } from '../transport/index.ts';
import { OPERATIONS } from './operations.ts';
import { Failure } from './failure.ts';
import type { Lifetime } from './lifetime.ts';
import { type Login, loginsSql } from './logins.ts';
import { openPlatform } from './open-platform.ts';
import type { DatabaseAddress } from './session.ts';

export interface Serving {
  /** Without a path. */
  readonly url: string;
  readonly port: number;
  readonly platform: Platform;
}

const LOGIN_LIFETIME_S = 28_800;

/** A taken port is told before a database is started or filled for nothing. */
export async function requireFreePort({ port, host }: Config): Promise<void> {
  const probe = createServer();
  const code = await new Promise<string | undefined>((done) => {
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code));
    probe.listen(port, host, () => probe.close(() => done(undefined)));
  });
  // whatever else is wrong is told when the server listens
  if (code === 'EADDRINUSE')
    throw new Failure(
      `Port ${port} is taken by another program. Choose another one with --port, for example --port ${port + 1}.`,
    );
}

/** For people where they look at it, else a JSON line each. */
export const loggerOf = (config: Config): Logger =>
  createLogger({
    level: config.logLevel,
    isForPeople: process.stderr.isTTY && !config.isProduction,
    destination: process.stderr,
  });

export interface Working {
  readonly config: Config;
  readonly database: DatabaseAddress;
  readonly life: Lifetime;
  readonly logger: Logger;
  /** Which command of ours it is: the database's list of sessions shows it. */
  readonly command: string;
}

/** The platform of a process that stays. What it does in the background ends while requests are still answered. */
export async function working({ config, database, life, logger, command }: Working): Promise<Platform> {
  const onError = (error: unknown): void => {
    // at the end connections are cut on purpose
    if (!life.signal.aborted) logger.error({ err: error }, 'background work failed; it goes on');
  };
  const onTrace = (trace: ConnectionTrace): void => logger.debug(trace, 'a request to an ERP');
  const connection = { ...database.connection, application_name: `cashgraph ${command} ${process.pid}` };
  const platform = await openPlatform({ config, database: { ...database, connection }, life, onError, onTrace });
  life.signal.addEventListener('abort', () => void platform.stop(), { once: true });
  return platform;
}

export interface Serve extends Omit<Working, 'logger' | 'command'> {
  /** `start` does the work in the background as well. */
  readonly command: 'start' | 'serve';
  /** Done before anything goes on in the background. */
  readonly prepare?: (platform: Platform) => Promise<void>;
}

/** Listens until the end of the command. */
export async function serve({ prepare, ...parts }: Serve): Promise<Serving> {
  const { config, life, command } = parts;
  const logger = loggerOf(config);
  const platform = await working({ ...parts, logger });
  await prepare?.(platform);
  await (command === 'start' ? platform.start() : platform.prepare());
  const metrics = createMetrics();
  platform.measure(metrics);
  const listening = await listen({
    metrics,
    schema: platform.schema,
    config,
    signIn: platform.signIn,
    context: (principal, request) => platform.contextOf(principal, request),
    readiness: () => platform.readiness(),
    receiveLogistics: platform.receiveLogistics,
    receiveErp: platform.receiveErp,
    downloads: platform.downloads,
    trustedDocuments: platform.trustedDocuments,
    saveUses: (uses) => platform.saveUses(uses),
    sendExport: platform.sendExport,
    importFiles: platform.importFiles,
    demoLogins: () => demoLogins(platform, config),
    examples: OPERATIONS,
    logger,
    clock: systemClock,
    fieldResolver,
  });
  await life.own(() => listening.close());
  return { url: listening.url, port: listening.port, platform };
}

/** A token for each person of each tenant, for GraphiQL's list; never in production, where there is no local issuer. */
async function demoLogins(platform: Platform, config: Config): Promise<readonly DemoLogin[]> {
  const issuer = config.issuers.find((row) => row.local === true);
  if (!issuer || config.isProduction) return [];
  const { issueToken } = await openLocalIssuer({ dataDir: config.dataDir, issuer, clock: systemClock });
  const lifetimeS = Math.min(LOGIN_LIFETIME_S, config.limits.tokenMaxLifetimeS);
  const rows = await platform.systemRows<Login>(loginsSql(issuer.issuer));
  return Promise.all(
    rows.map(async ({ subject, name, tenant, kind, roles }) => ({
      label: `${name} (${kind === 'PORTAL' ? 'customer portal' : roles.join(', ')}, ${tenant})`,
      token: await issueToken({ subject, tenant, lifetimeS }),
    })),
  );
}
