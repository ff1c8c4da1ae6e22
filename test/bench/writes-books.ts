// The database of the write bench: an embedded server that writes as one in earnest does, on a real disk, made anew for each run. It holds
// the yardsticks' small tables and a company of ours with as many customers, all of it made through commands.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { ensureDatabase, startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { ensureActor, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform } from '../../src/platform.ts';
import { type LocalIssuer, openLocalIssuer } from '../../src/transport/local-issuer.ts';
import { withClient } from '../support/connection.ts';
import { type BooksSize, makeStock, type Stock } from './writes-stock.ts';

export interface WriteBooks {
  readonly size: BooksSize;
  /** Of the cluster's superuser. */
  readonly connection: pg.ClientConfig;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly postmasterPid: number;
  readonly stock: Stock;
  /** Of people of the company, all with the same roles. */
  readonly tokens: readonly string[];
  stop(): Promise<void>;
}

const YARDSTICKS = ['pgbench', 'driver', 'usual'] as const;
const ROLES = ['admin', 'order-desk', 'cash', 'warehouse'];
const PEOPLE = 8;
const DATABASE = 'writes';
const TENANT = 'bench';
const TOKEN_LIFETIME_S = 3_600;

/** Durable, and no checkpoint in the midst of a round that others don't have. */
export const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '1GB',
  max_connections: '300',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
};

/** Where to keep it; `--folder` for another disk. Memory would say nothing about commits. */
function makeHome(parent: string): string {
  if (parent.startsWith('/dev/shm')) throw new Error(`${parent} is memory: commits are measured on a disk.`);
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o755);
  const home = mkdtempSync(join(parent, 'writes-'));
  chmodSync(home, 0o755);
  return home;
}

export interface Opening {
  readonly parent?: string | undefined;
  /** Beyond those of every run. */
  readonly settings: Readonly<Record<string, string>>;
}

export async function openWriteBooks(size: BooksSize, opening: Opening): Promise<WriteBooks> {
  const home = makeHome(opening.parent ?? join(tmpdir(), 'cashgraph-bench'));
  const server = await startPostgres({ home, settings: { ...SETTINGS, ...opening.settings }, dieWithParent: true });
  const stopServer = async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const connection: pg.ClientConfig = { ...server.connection, database: DATABASE };
    await ensureDatabase(server.connection, DATABASE);
    await migrate({ connection, folder: join(import.meta.dirname, '../../migrations') });
    await makeYardsticks(connection, size);
    const dataDir = join(home, 'server');
    const config = loadConfig({ NODE_ENV: 'development' }, { CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
    const [local] = config.issuers;
    if (!local) throw new Error('Development has a local issuer');
    const issuer = await openLocalIssuer({ dataDir, issuer: local, clock: systemClock });
    const address = { connection, rolePrefix: 'cashgraph' };
    const tenant = await ensureTenant(
      address,
      { slug: TENANT, name: TENANT, groupCurrency: 'EUR', isSandbox: false },
      systemClock,
    );
    const names = Array.from({ length: PEOPLE }, (_, i) => `desk-${i + 1}`);
    for (const name of names) await ensureActor(address, tenant.id, { name, issuer: local.issuer, subject: name, roles: ROLES });
    const platform = await createPlatform({ ...address, clock: systemClock, randomness: systemRandom, config });
    const stock = await makeStock({ platform, connection, tenantId: tenant.id, size });
    const { host = '', port, user } = server.connection;
    return {
      size,
      connection,
      databaseUrl: `postgres://${user}@localhost:${port}/${DATABASE}?host=${encodeURIComponent(host)}`,
      dataDir,
      postmasterPid: Number(readFileSync(join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
      stock,
      tokens: await tokensOf(issuer, names),
      stop: async () => {
        await platform.close();
        await stopServer();
      },
    };
  } catch (error) {
    await stopServer();
    throw error;
  }
}

const tokensOf = (issuer: LocalIssuer, names: readonly string[]): Promise<string[]> =>
  Promise.all(names.map((subject) => issuer.issueToken({ subject, tenant: TENANT, lifetimeS: TOKEN_LIFETIME_S })));

async function makeYardsticks(connection: pg.ClientConfig, { customers, products }: BooksSize): Promise<void> {
  const text = readFileSync(join(import.meta.dirname, 'data/yardstick.sql'), 'utf8');
  await withClient(connection, async (client) => {
    for (const name of YARDSTICKS) {
      const filled = text
        .replaceAll(':schema', name)
        .replaceAll(':customers', String(customers))
        .replaceAll(':products', String(products));
      await client.query(filled);
    }
  });
}

/**
 * Once all is there: statistics, as they come by themselves with time, and a checkpoint, so that the first round isn't the one that pays for
 * them. None of tables that are empty: what is planned on them then would be planned for that.
 */
export const settle = (connection: pg.ClientConfig): Promise<void> =>
  withClient(connection, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables where n_live_tup > 0",
    );
    for (const { name } of rows) await client.query(`vacuum (analyze) ${name}`);
    await client.query('checkpoint');
  });
