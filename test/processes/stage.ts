// Whole processes over one database: `cashgraph serve` and `cashgraph worker` as an operator starts them, and the people who use them.
// Every process that is started here is ended with its test file, however that ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'graphql-ws';
import pg from 'pg';
import { afterAll } from 'vitest';
import { asRole, type RoleKind, roleName } from '../../src/cli/roles.ts';
import { ensureActor, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { openLocalIssuer } from '../../src/transport/local-issuer.ts';
import { withClient } from '../support/connection.ts';
import { type NodeProcess, runNode } from '../support/processes.ts';
import { ISSUER, type Person, personWith, ROLES, type World } from '../support/world.ts';

export interface Started extends NodeProcess {
  /** Of `serve`: without a path. Of `worker`: its status port. */
  readonly url: string;
  readonly pid: number;
  /** Its exit code, or the signal that ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

export interface Stage {
  readonly connection: pg.ClientConfig;
  /** A pool in a role of the platform's. */
  as(kind: RoleKind): pg.Pool;
  readonly dataDir: string;
  readonly tenantId: string;
  serve(env?: Record<string, string>): Promise<Started>;
  worker(env?: Record<string, string>): Promise<Started>;
  /** Somebody with a role, as a client of that process. */
  person(server: Started, role: string): Promise<Person>;
  /** For helpers that set up books. */
  hands(server: Started): Pick<World, 'as'>;
  tokenOf(role: string): Promise<string>;
  rows<T extends object>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
}

const BOOT = join(import.meta.dirname, '../../boot.mjs');
const READY_TRIES = 3_600;

/** What DATABASE_URL says of a connection. @example urlOf({ host: '/run/pg', port: 5432, user: 'postgres', database: 'x' }) */
function urlOf({ connectionString, host = '', port = 5_432, user = '', password, database = '' }: pg.ClientConfig): string {
  if (connectionString !== undefined) return connectionString;
  const url = new URL(`postgres://localhost:${port}/${database}`);
  url.username = user;
  if (typeof password === 'string') url.password = password;
  url.searchParams.set('host', host);
  return url.href;
}

/** At the top of a test file: what it starts is ended after the file's last test. */
export async function openStage(connection: pg.ClientConfig, env: Record<string, string> = {}): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-processes-'));
  const started = new Set<NodeProcess>();
  const sockets: Client[] = [];
  const pools = new Map<RoleKind, pg.Pool>();
  afterAll(async () => {
    for (const socket of sockets) void socket.dispose();
    for (const { child } of started) child.kill('SIGKILL'); // also ends one that was stopped by SIGSTOP
    await Promise.all([...started].map(({ ended }) => ended));
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    rmSync(dataDir, { recursive: true, force: true });
  });
  const address = { connection, rolePrefix: 'cashgraph' };
  const acme = { slug: 'acme', name: 'acme', groupCurrency: 'EUR', isSandbox: true };
  const { id: tenantId } = await ensureTenant(address, acme, systemClock);
  for (const role of ROLES) await ensureActor(address, tenantId, { name: role, issuer: ISSUER, subject: role, roles: [role] });
  const [ofConfig] = loadConfig({ NODE_ENV: 'test' }).issuers;
  if (!ofConfig) throw new Error('The configuration has no local issuer');
  const issuer = await openLocalIssuer({ dataDir, issuer: ofConfig, clock: systemClock });
  const settings = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    CASHGRAPH_DATA_DIR: dataDir,
    DATABASE_URL: urlOf(connection),
    OUTBOUND_LOOPBACK: 'on',
    CONNECT_TIMEOUT_MS: '30000',
    CASHGRAPH_CONNECTORS: join(import.meta.dirname, 'mini'),
    ...env,
  };
  const start = async (command: string, more: Record<string, string> = {}): Promise<Started> => {
    const spawned = runNode([BOOT, 'cashgraph', command, '--port', '0'], { env: { ...settings, ...more }, stdin: 'ignore' });
    started.add(spawned);
    const url = await readyUrl(command, spawned);
    return {
      ...spawned,
      url,
      pid: spawned.child.pid ?? 0,
      stop(signal = 'SIGTERM') {
        spawned.child.kill(signal);
        return spawned.ended;
      },
    };
  };
  const tokenOf = (role: string) => issuer.issueToken({ subject: role, tenant: 'acme', lifetimeS: 3_600 });
  const person = async ({ url }: Started, role: string) => personWith(await tokenOf(role), () => `${url}/graphql`, sockets);
  const as = (kind: RoleKind): pg.Pool => {
    const known = pools.get(kind);
    if (known) return known;
    const pool = new pg.Pool({ ...asRole(connection, roleName('cashgraph', kind)), max: 2 });
    pool.on('error', () => {});
    pools.set(kind, pool);
    return pool;
  };
  return {
    connection,
    as,
    dataDir,
    tenantId,
    serve: (more) => start('serve', more),
    worker: (more) => start('worker', more),
    person,
    hands: (server) => ({ as: (role) => person(server, role) }),
    tokenOf,
    rows: (text, values = []) => withClient(connection, async (client) => (await client.query(text, [...values])).rows),
  };
}

async function readyUrl(command: string, { stdout, stderr, ended }: NodeProcess): Promise<string> {
  let code: number | string | undefined;
  void ended.then((with_) => {
    code = with_;
  });
  for (let tries = 0; tries < READY_TRIES && code === undefined; tries++) {
    const url = /^ready .*?(http:\/\/[^/\s]+)/m.exec(stdout())?.[1];
    if (url !== undefined) return url;
    await sleep(25);
  }
  throw new Error(`${command} ended with ${code}: ${stderr()}`);
}

/** Until it is true; else says what it waited for. */
export async function until(what: string, isTrue: () => Promise<boolean> | boolean, timeoutMs = 60_000): Promise<void> {
  for (const startMs = performance.now(); performance.now() - startMs < timeoutMs; await sleep(20)) if (await isTrue()) return;
  throw new Error(`In ${timeoutMs} ms it never came to this: ${what}.`);
}
