/**
 * The database of a command: the embedded Postgres of the data folder, or the one that DATABASE_URL names. Several commands share an
 * embedded server; the last one stops it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { type EmbeddedPostgres, ensureDatabase, startPostgres } from './embedded-postgres.ts';
import { Failure, fileReason } from './failure.ts';
import type { Lifetime } from './lifetime.ts';
import { migrate } from './migrate.ts';
import { asRole, roleName } from './roles.ts';
import { type ClientConfig, type DatabaseAddress, withClient } from './session.ts';

export interface Database extends DatabaseAddress {
  readonly isEmbedded: boolean;
  /** For example `18.0`. */
  readonly version: string;
}

export interface OpenOptions {
  /** Makes the embedded data if there is none; else that is a failure. */
  readonly mayCreate: boolean;
  /** Throws the embedded database away first. */
  readonly isReset?: boolean;
}

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const NAME = 'cashgraph';
const OLDEST = 150_000;

/** Opens the database for the life of the command. It is not migrated by this. */
export async function openDatabase(config: Config, life: Lifetime, options: OpenOptions): Promise<Database> {
  if (config.databaseUrl === null) return openEmbedded(config, life, options);
  const connection: ClientConfig = {
    connectionString: config.databaseUrl,
    connectionTimeoutMillis: config.limits.connectTimeoutMs,
  };
  return { connection, rolePrefix: config.rolePrefix, isEmbedded: false, version: await versionOf(connection) };
}

async function openEmbedded(config: Config, life: Lifetime, { mayCreate, isReset = false }: OpenOptions): Promise<Database> {
  const home = join(config.dataDir, 'postgres');
  if (!mayCreate && !existsSync(home))
    throw new Failure(
      `There is no data in ${config.dataDir} yet: run \`npm start\` first, or name another folder with --data-dir.`,
    );
  const server: EmbeddedPostgres = await startPostgres({ home }).catch((error: NodeJS.ErrnoException) => {
    const { path } = error;
    const isOurs = path !== undefined && (path.startsWith(config.dataDir) || config.dataDir.startsWith(path));
    const reason = isOurs ? fileReason(error) : undefined;
    throw reason === undefined
      ? error
      : new Failure(`The data folder ${config.dataDir} can't be used: ${reason}. Choose another one with --data-dir.`);
  });
  await life.own(() => server.stop());
  if (isReset)
    await withClient({ ...server.connection, database: 'postgres' }, (client) =>
      client.query(`drop database if exists ${NAME} with (force)`),
    );
  await ensureDatabase(server.connection, NAME);
  const connection: ClientConfig = { ...server.connection, database: NAME };
  return { connection, rolePrefix: config.rolePrefix, isEmbedded: true, version: await versionOf(connection) };
}

async function versionOf(connection: ClientConfig): Promise<string> {
  const { rows } = await withClient(connection, (client) =>
    client.query<{ number: number; text: string }>(
      `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`,
    ),
  );
  const { number = 0, text = '' } = rows[0] ?? {};
  if (number < OLDEST)
    throw new Failure(`The database is Postgres ${text}, and this needs 15 or newer: name a newer one in DATABASE_URL.`);
  return text.split(' ', 1)[0] ?? text;
}

/** The names of the files that it ran. */
export const migrateDatabase = ({ connection, rolePrefix }: DatabaseAddress): Promise<string[]> =>
  migrate({ connection, folder: MIGRATIONS, rolePrefix });

/** The migrations that the database has not run. */
export async function pendingMigrations({ connection, rolePrefix }: DatabaseAddress): Promise<readonly string[]> {
  const files = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return withClient(connection, async (client) => {
    const { rows: found } = await client.query<{ exists: boolean }>(
      `select to_regclass('public.migration') is not null as exists`,
    );
    if (!found[0]?.exists) return files;
    return withClient(asRole(connection, roleName(rolePrefix, 'owner')), async (owner) => {
      const { rows } = await owner.query<{ name: string }>('select name from migration');
      const applied = new Set(rows.map(({ name }) => name));
      return files.filter((name) => !applied.has(name));
    });
  });
}

/** @throws Failure that says what to run */
export async function requireMigrated(database: DatabaseAddress): Promise<void> {
  const pending = await pendingMigrations(database);
  if (pending.length > 0)
    throw new Failure(
      `The database lacks ${pending.length} of this program's migrations: run \`cashgraph migrate\`, or \`npm start\`, first.`,
    );
}
