/** A running server with a fake sign-in for the tests of the transport: no database. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '../../src/access/principal.ts';
import type { Permission } from '../../src/access/policy.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import {
  createLogger,
  listen,
  type Listening,
  type ListenOptions,
  type LocalIssuer,
  openLocalIssuer,
} from '../../src/transport/index.ts';
import type { GraphContext } from '../../src/write/context.ts';
import { schema } from './schema.ts';

export const principalOf = (subject: string, permissions: readonly Permission[] = []): Principal => ({
  tenantId: '018f0000-0000-7000-8000-000000000001',
  actorId: `actor-${subject}`,
  personId: `actor-${subject}`,
  kind: 'USER',
  name: subject,
  roles: [],
  grants: new Map(permissions.map((permission) => [permission, 'ALL'] as const)),
  portal: null,
  expiresAt: null,
});

/** No operation is one that an engine could answer whole. */
export const NO_ENGINE = { read: { operation: async () => null } };

export interface Fixture extends Listening {
  readonly config: Config;
  readonly issuer: LocalIssuer;
  /** Everything that was logged. */
  readonly log: () => string;
  /** Subjects that sign-in no longer knows. */
  readonly revoked: Set<string>;
  readonly signInCalls: () => number;
  token(subject?: string, lifetimeS?: number): Promise<string>;
  post(body: unknown, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; json: GraphqlAnswer }>;
}

export interface GraphqlAnswer {
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

export interface FixtureOptions
  extends Partial<
    Pick<ListenOptions, 'demoLogins' | 'examples' | 'readiness' | 'metrics' | 'schema' | 'trustedDocuments' | 'saveUses'>
  > {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Everybody's, or by whom. */
  readonly permissions?: readonly Permission[] | ((subject: string) => readonly Permission[]);
}

export async function start({
  env = {},
  clock = systemClock,
  permissions = [],
  ...options
}: FixtureOptions = {}): Promise<Fixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-transport-'));
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    CASHGRAPH_DATA_DIR: dataDir,
    LOG_LEVEL: 'trace',
    SHUTDOWN_IDLE_MS: '0',
    ...env,
  });
  const permissionsOf = (subject: string) => (typeof permissions === 'function' ? permissions(subject) : permissions);
  const lines: string[] = [];
  const revoked = new Set<string>();
  let signIns = 0;
  const issuerConfig = config.issuers.find((row) => row.local === true);
  if (!issuerConfig) throw new Error('The fixture needs the local issuer.');
  const issuer = await openLocalIssuer({ dataDir, issuer: issuerConfig, clock });
  const listening = await listen({
    schema,
    config,
    clock,
    logger: createLogger({ level: config.logLevel, destination: { write: (line: string) => void lines.push(line) } }),
    signIn: {
      async bySubject({ subject, tenant }) {
        signIns += 1;
        return revoked.has(subject) || tenant !== 'acme' ? null : principalOf(subject, permissionsOf(subject));
      },
      async byApiKey({ lookup, secret }) {
        return lookup === 'k1ok' && secret === 'sssssssssssssssssssss' && !revoked.has('key')
          ? { ...principalOf('key', permissionsOf('key')), kind: 'API_KEY' }
          : null;
      },
    },
    context: (principal, request) => ({ principal, ...request, ...NO_ENGINE }) as unknown as GraphContext,
    readiness: async () => [{ name: 'database', isReady: true }],
    ...options,
  });
  const token = (subject = 'jane', lifetimeS = 600) => issuer.issueToken({ subject, tenant: 'acme', lifetimeS });
  return {
    ...listening,
    config,
    issuer,
    revoked,
    token,
    log: () => lines.join(''),
    signInCalls: () => signIns,
    async post(body, headers = {}) {
      const response = await fetch(`${listening.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}`, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, json: text === '' ? {} : (JSON.parse(text) as GraphqlAnswer) };
    },
    async close() {
      await listening.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
