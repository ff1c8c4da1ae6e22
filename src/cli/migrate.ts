// Brings a database to the newest form: the files of `migrations/` in order, then the job queue's own.
// Forward only; a file that has run is never run again, and must never be changed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, runMigrations as migrateJobQueue } from 'graphile-worker';
import pg from 'pg';
import { lineAt, splitStatements, type SqlStatement } from './migrate-statements.ts';
import { asRole, defaultRolePrefix, ensureRoles, roleKinds, roleName, serverVersion } from './roles.ts';

export interface MigrateOptions {
  /** A user that may create roles, or that was granted them. */
  connection: pg.ClientConfig;
  /** Holds `0001-what-it-does.sql` and so on, without a gap. */
  folder: string;
  /** The files name roles `cashgraph_app` …; with another prefix these words are replaced before a file runs. */
  rolePrefix?: string;
}

interface Migration {
  name: string;
  /** With folder, for messages. */
  path: string;
  sql: string;
  sha256: string;
}

const lock = 7_215_002;
const lockPollMs = 100;
const oldestVersion = 150_000;

/** Returns the names of the files that it ran. Safe to call from several processes at once: the others wait and find nothing to do. */
export async function migrate({ connection, folder, rolePrefix = defaultRolePrefix }: MigrateOptions): Promise<string[]> {
  const migrations = readMigrations(folder);
  const owner = roleName(rolePrefix, 'owner');
  const client = new pg.Client(connection);
  client.on('error', () => {}); // a lost connection shows in the query that needed it
  await client.connect();
  try {
    if ((await serverVersion(client)) < oldestVersion) throw new Error('This needs Postgres 15 or newer.');
    await takeLock(client);
    await ensureRoles(client, rolePrefix);
    await giveDatabaseTo(client, owner);
    await client.query(`set role ${owner}`);
    const pending = await findPending(client, migrations);
    for (const migration of pending) await run(client, { ...migration, sql: withPrefix(migration.sql, rolePrefix) });
    await installJobQueue(asRole(connection, owner));
    return pending.map(({ name }) => name);
  } finally {
    await client.end(); // and with the session, the lock
  }
}

/** Polled, because a session that waits inside Postgres holds a snapshot: `create index concurrently` would wait for it, a deadlock. */
async function takeLock(client: pg.Client): Promise<void> {
  const attempt = () => client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lock]);
  while (!(await attempt()).rows[0]?.taken) await sleep(lockPollMs);
}

/** Tables belong to the owner role, whoever migrates; the database too, which lets that role create schemas in it. */
async function giveDatabaseTo(client: pg.Client, owner: string): Promise<void> {
  const { rows } = await client.query<{ name: string; isOwned: boolean }>(
    'select quote_ident(datname) as name, pg_get_userbyid(datdba) = $1 as "isOwned" from pg_database where datname = current_database()',
    [owner],
  );
  if (!rows[0] || rows[0].isOwned) return;
  const statement = `alter database ${rows[0].name} owner to ${owner}`;
  try {
    await client.query(statement);
  } catch (cause) {
    throw new Error(`This database user may not hand over the database. Let an administrator run:\n  ${statement};`, { cause });
  }
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  return names.map((name, index) => {
    const path = `${basename(folder)}/${name}`;
    const number = String(index + 1).padStart(4, '0');
    if (!name.startsWith(`${number}-`) || !/^\d{4}-[a-z0-9-]+\.sql$/.test(name)) {
      throw new Error(
        `${path}: here ${number}-what-it-does.sql is expected; numbers go up without a gap, words are a-z, 0-9 and -.`,
      );
    }
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n'); // a checkout may have changed the line ends
    return { name, path, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

function withPrefix(sql: string, prefix: string): string {
  const roles = new RegExp(`\\b${defaultRolePrefix}_(${roleKinds.join('|')})\\b`, 'g');
  return prefix === defaultRolePrefix ? sql : sql.replace(roles, `${prefix}_$1`);
}

async function findPending(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  await client.query(`create table if not exists migration (
    name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from migration order by name');
  const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = rows.find(({ name }) => !known.has(name));
  if (unknown)
    throw new Error(
      `The database has migration ${unknown.name}, which this program lacks: use a newer one, or another database.`,
    );
  const changed = migrations.find(({ name, sha256 }) => applied.has(name) && applied.get(name) !== sha256);
  if (changed) throw new Error(`${changed.path} was changed after it had run on this database: put it back, and add a new file.`);
  return migrations.filter(({ name }) => !applied.has(name));
}

/**
 * One transaction for a file. A file that begins with `-- no-transaction` (for `create index concurrently`) runs statement by
 * statement, and again from its start if it was interrupted: write it so that this does no harm.
 */
async function run(client: pg.Client, migration: Migration): Promise<void> {
  const isTransaction = !migration.sql.startsWith('-- no-transaction');
  if (isTransaction) await client.query('begin');
  try {
    for (const statement of splitStatements(migration.sql)) await runStatement(client, { statement, path: migration.path });
    await client.query('insert into migration (name, sha256) values ($1, $2)', [migration.name, migration.sha256]);
    if (isTransaction) await client.query('commit');
  } catch (error) {
    if (isTransaction) await client.query('rollback').catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

async function runStatement(client: pg.Client, { statement, path }: { statement: SqlStatement; path: string }): Promise<void> {
  try {
    await client.query(statement.text);
  } catch (cause) {
    const { position, message, detail, hint } = cause as pg.DatabaseError;
    const line = statement.line + (position ? lineAt(statement.text, Number(position) - 1) - 1 : 0);
    const more = [detail, hint].filter(Boolean).map((text) => ` (${text})`);
    throw new Error(`${path}:${line}: ${message}${more.join('')}`, { cause });
  }
}

/** Under our lock too: run twice at once, its migrations may fail. */
async function installJobQueue(connection: pg.ClientConfig): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 2 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const silent = new Logger(() => () => {}); // its own goes to the standard output, which belongs to the command's answer
  try {
    await migrateJobQueue({ pgPool: pool, logger: silent });
  } finally {
    await pool.end();
  }
}
