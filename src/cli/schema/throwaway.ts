/** A migrated database that is gone afterwards: an embedded server in a temporary folder, or one more database where DATABASE_URL leads. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { migrateDatabase } from '../database.ts';
import { startPostgres } from '../embedded-postgres.ts';
import type { Lifetime } from '../lifetime.ts';
import { defaultRolePrefix } from '../roles.ts';
import { type ClientConfig, type DatabaseAddress, inDatabase, withClient } from '../session.ts';

/** Nothing of it is worth surviving a crash. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', shared_buffers: '16MB' };

export async function throwawayDatabase(config: Config, life: Lifetime): Promise<DatabaseAddress> {
  const server: ClientConfig =
    config.databaseUrl === null
      ? await ownServer(life)
      : { connectionString: config.databaseUrl, connectionTimeoutMillis: config.limits.connectTimeoutMs };
  const name = `cg_schema_${randomBytes(5).toString('hex')}`;
  await withClient(server, (client) => client.query(`create database ${name} template template0`));
  await life.own(() => withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`)));
  const database = { connection: inDatabase(server, name), rolePrefix: defaultRolePrefix };
  await migrateDatabase(database);
  return database;
}

async function ownServer(life: Lifetime): Promise<ClientConfig> {
  const home = mkdtempSync(join(tmpdir(), 'cashgraph-schema-'));
  chmodSync(home, 0o755); // the server may run as another user
  await life.own(async () => rmSync(home, { recursive: true, force: true }));
  const server = await startPostgres({ home, settings: SETTINGS, dieWithParent: true });
  await life.own(() => server.stop());
  return { ...server.connection, database: 'postgres' };
}
