// A database of a bench that writes as one in earnest does, on a disk, made anew for each run, with a tenant and people who may sign in.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { ensureDatabase, startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { ensureActors, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { openLocalIssuer } from '../../src/transport/local-issuer.ts';

const TENANT = 'bench';
const TOKEN_LIFETIME_S = 3_600;
/** Durable, and checkpoints are seldom. */
export const DURABLE = { fsync: 'on', synchronous_commit: 'on', max_wal_size: '8GB', checkpoint_timeout: '30min' };

export interface DurableOptions {
  /** Of the database. */
  readonly name: string;
  /** Where to keep it; absent: the folder for temporary files. */
  readonly parent?: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

export interface Durable {
  /** Of the cluster's superuser. */
  readonly connection: pg.ClientConfig;
  readonly databaseUrl: string;
  /** Of the server that is to be measured. */
  readonly dataDir: string;
  readonly postmasterPid: number;
  stop(): Promise<void>;
}

/** Started and migrated, then what `fill` does; stopped again when that fails. */
export async function openDurable<T>(options: DurableOptions, fill: (durable: Durable) => Promise<T>): Promise<T> {
  const { name, settings } = options;
  const home = makeHome(options.parent ?? join(tmpdir(), 'cashgraph-bench'), name);
  const server = await startPostgres({ home, settings: { ...DURABLE, ...settings }, dieWithParent: true });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const connection: pg.ClientConfig = { ...server.connection, database: name };
    await ensureDatabase(server.connection, name);
    await migrate({ connection, folder: join(import.meta.dirname, '../../migrations') });
    const { host = '', port, user } = server.connection;
    return await fill({
      connection,
      databaseUrl: `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
      dataDir: join(home, 'server'),
      postmasterPid: Number(readFileSync(join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
      stop,
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Memory would say nothing about commits. */
function makeHome(parent: string, name: string): string {
  if (parent.startsWith('/dev/shm')) throw new Error(`${parent} is memory: commits are measured on a disk.`);
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o755);
  const home = mkdtempSync(join(parent, `${name}-`));
  chmodSync(home, 0o755);
  return home;
}

export interface Peopled {
  readonly tenantId: string;
  /** One for each of the people. */
  readonly tokens: readonly string[];
  readonly platform: Platform;
}

/** A company with people of the same roles, and the platform by which its books can be made. */
export async function withPeople(
  { connection, dataDir }: Pick<Durable, 'connection' | 'dataDir'>,
  { count, roles }: { readonly count: number; readonly roles: readonly string[] },
): Promise<Peopled> {
  const address = { connection, rolePrefix: 'cashgraph' };
  const config = loadConfig({ NODE_ENV: 'development' }, { CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const [local] = config.issuers;
  if (!local) throw new Error('Development has a local issuer');
  const wanted = { slug: TENANT, name: TENANT, groupCurrency: 'EUR', isSandbox: false };
  const { id: tenantId } = await ensureTenant(address, wanted, systemClock);
  const names = Array.from({ length: count }, (_, i) => `person-${i + 1}`);
  const { issuer } = local;
  await ensureActors(
    address,
    tenantId,
    names.map((name) => ({ name, issuer, subject: name, roles })),
  );
  const { issueToken } = await openLocalIssuer({ dataDir, issuer: local, clock: systemClock });
  const tokens = await Promise.all(names.map((subject) => issueToken({ subject, tenant: TENANT, lifetimeS: TOKEN_LIFETIME_S })));
  const platform = await createPlatform({ ...address, clock: systemClock, randomness: systemRandom, config });
  return { tenantId, tokens, platform };
}
