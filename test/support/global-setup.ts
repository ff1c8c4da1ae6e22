// Once per test run: one Postgres, and in it a migrated template that each test file copies (`freshDatabase`).
// An embedded server in memory by default; with DATABASE_URL that server, of which nothing is left behind but the roles.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { inDatabase, withClient } from './connection.ts';
import { makeScratchFolder, removeLeftovers } from './scratch.ts';

interface TestCluster {
  /** To the maintenance database, as a user that may create databases and roles. */
  connection: pg.ClientConfig;
  /** The names of this run's databases begin with it. */
  prefix: string;
  template: string;
  /** Why there is none: tests without a database run all the same, the others say this. */
  failure?: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster;
  }
}

/** Nothing of a test run is worth surviving a crash, so nothing waits for a disk. */
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '2GB',
  autovacuum: 'off',
  io_method: 'sync',
  shared_buffers: '64MB',
  max_connections: '400',
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `cg_test_${Date.now().toString(36)}`;
  const cluster: TestCluster = { connection: {}, prefix, template: `${prefix}_template` };
  let finish = async () => {};
  try {
    const server = process.env.DATABASE_URL ? outsideServer(process.env.DATABASE_URL) : await embeddedServer();
    cluster.connection = server.connection;
    finish = async () => {
      try {
        await dropAll(cluster);
      } finally {
        await server.stop();
      }
    };
    await makeTemplate(cluster);
  } catch (error) {
    cluster.failure = `The database of the tests: ${(error as Error).message}`;
    await finish().catch(() => {}); // the first error is the one to tell
    finish = async () => {};
  }
  project.provide('cluster', cluster);
  return () => finish();
}

async function makeTemplate({ connection, template }: TestCluster): Promise<void> {
  await withClient(connection, (client) => client.query(`create database ${template}`));
  await migrate({ connection: inDatabase(connection, template), folder: join(import.meta.dirname, '../../migrations') });
  // A session in the template would block its copying.
  await withClient(connection, (client) => client.query(`alter database ${template} is_template true allow_connections false`));
}

async function dropAll({ connection, prefix }: TestCluster): Promise<void> {
  await withClient(connection, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select datname as name from pg_database where starts_with(datname, $1)`,
      [`${prefix}_`],
    );
    for (const { name } of rows) {
      await client.query(`alter database ${name} is_template false`);
      await client.query(`drop database ${name} with (force)`);
    }
  });
}

function outsideServer(url: string) {
  return { connection: { connectionString: url }, stop: async () => {} };
}

async function embeddedServer() {
  removeLeftovers();
  const home = makeScratchFolder();
  const server = await startPostgres({ home, settings, dieWithParent: true });
  const stop = async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return { connection: { ...server.connection, database: 'postgres' }, stop };
}
