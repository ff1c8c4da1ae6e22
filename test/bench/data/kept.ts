// The books of the read bench in an embedded server of their own, kept between runs: made anew when a migration, the draws or the size
// change. On disk in the folder for temporary files, with buffers that hold all of it, so that reads never wait for the disk.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { ensureDatabase, startPostgres } from '../../../src/cli/embedded-postgres.ts';
import { migrate } from '../../../src/cli/migrate.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { type LocalIssuer, openLocalIssuer } from '../../../src/transport/local-issuer.ts';
import { loadConfig } from '../../../src/config.ts';
import { withClient } from '../../support/connection.ts';
import { BOOKS_SQL, type BooksSize, FULL, loadBooks, SMALL } from './books.ts';

export interface KeptBooks {
  readonly connection: pg.ClientConfig;
  /** For a server that is given an address only. */
  readonly databaseUrl: string;
  /** Of the server of Cashgraph: the key that its tokens are signed with is there. */
  readonly dataDir: string;
  readonly issuer: LocalIssuer;
  /** Its name. */
  readonly tokenIssuer: string;
  /** Of the database server: its backends are its children. */
  readonly postmasterPid: number;
  readonly isNew: boolean;
  stop(): Promise<void>;
}

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
const DATABASE = 'books';
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  shared_buffers: '2GB',
  max_connections: '200',
  max_wal_size: '4GB',
};

export async function keepBooks({ isSmall }: { isSmall: boolean }): Promise<KeptBooks> {
  const size = isSmall ? SMALL : FULL;
  const kind = `reads-${isSmall ? 'small' : 'full'}-`;
  const parent = join(tmpdir(), 'cashgraph-bench');
  const folder = join(parent, `${kind}${digest(size)}`);
  makeEnterable(parent);
  for (const name of readdirSync(parent)) {
    const other = join(parent, name);
    if (name.startsWith(kind) && other !== folder && !isRunning(other)) rmSync(other, { recursive: true, force: true });
  }
  makeEnterable(folder);
  const dataDir = join(folder, 'server');
  const { issuers } = loadConfig({ NODE_ENV: 'development' }, { CASHGRAPH_DATA_DIR: dataDir });
  const [local] = issuers;
  if (!local) throw new Error('Development has a local issuer');
  const issuer = await openLocalIssuer({ dataDir, issuer: local, clock: systemClock });
  // not to die with us: another run may have joined it
  const server = await startPostgres({ home: folder, settings: SETTINGS });
  const connection: pg.ClientConfig = { ...server.connection, database: DATABASE };
  const ready = join(folder, 'ready');
  const isNew = !existsSync(ready);
  try {
    if (isNew) await makeBooks(server.connection, { size, issuer: local.issuer, isTrusted: !isSmall });
  } catch (error) {
    await server.stop();
    throw error;
  }
  writeFileSync(ready, '');
  const { host = '', port, user } = server.connection;
  return {
    connection,
    databaseUrl: `postgres://${user}@localhost:${port}/${DATABASE}?host=${encodeURIComponent(host)}`,
    dataDir,
    issuer,
    tokenIssuer: local.issuer,
    postmasterPid: Number(readFileSync(join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
    isNew,
    stop: () => server.stop(),
  };
}

async function makeBooks(server: pg.ClientConfig, { size, issuer, isTrusted }: Making): Promise<void> {
  const connection = { ...server, database: DATABASE };
  await withClient({ ...server, database: 'postgres' }, (admin) =>
    admin.query(`drop database if exists ${DATABASE} with (force)`),
  );
  await ensureDatabase(server, DATABASE);
  await migrate({ connection, folder: MIGRATIONS });
  await loadBooks(connection, { ...size, isTrusted, today: systemClock.now().toISOString().slice(0, 10), issuer });
}

interface Making {
  readonly size: BooksSize;
  readonly issuer: string;
  readonly isTrusted: boolean;
}

/** Also by the user that the database server runs as. */
function makeEnterable(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}

function isRunning(folder: string): boolean {
  return readdirSync(folder).some((name) => existsSync(join(folder, name, 'postmaster.pid')));
}

function digest(size: BooksSize): string {
  const hash = createHash('sha256').update(JSON.stringify(size)).update(readFileSync(BOOKS_SQL));
  for (const name of readdirSync(MIGRATIONS).toSorted()) hash.update(name).update(readFileSync(join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 16);
}
