// A migrated database for one test file. Roles and transaction ids are the whole cluster's: no test may count on its own.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { asRole, defaultRolePrefix, type RoleKind, roleName } from '../../src/cli/roles.ts';
import { inDatabase, withClient } from './connection.ts';
import './global-setup.ts';

export interface FreshDatabase {
  name: string;
  /** As the cluster's administrator: for setting up, not for what the product does. */
  connection: pg.ClientConfig;
  /** A pool whose sessions have taken on the role; the same one at each call. */
  as(kind: RoleKind): pg.Pool;
}

/** At the top of a test file: `const database = await freshDatabase()`. It is dropped after the file's last test. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { template } = readyCluster();
  return makeDatabase(`template ${template} strategy file_copy owner ${roleName(defaultRolePrefix, 'owner')}`);
}

/** The same without any table: for tests of the migrating itself. */
export async function emptyDatabase(): Promise<FreshDatabase> {
  return makeDatabase('template template0');
}

function readyCluster() {
  const cluster = inject('cluster');
  if (cluster.failure) throw new Error(cluster.failure);
  return cluster;
}

async function makeDatabase(how: string): Promise<FreshDatabase> {
  const cluster = readyCluster();
  const name = `${cluster.prefix}_${randomBytes(5).toString('hex')}`;
  await withClient(cluster.connection, (client) => client.query(`create database ${name} ${how}`));
  const connection = inDatabase(cluster.connection, name);
  const pools = new Map<RoleKind, pg.Pool>();
  afterAll(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await withClient(cluster.connection, (client) => client.query(`drop database ${name} with (force)`));
  });
  const as = (kind: RoleKind) => {
    const pool = pools.get(kind) ?? makePool(asRole(connection, roleName(defaultRolePrefix, kind)));
    pools.set(kind, pool);
    return pool;
  };
  return { name, connection, as };
}

function makePool(connection: pg.ClientConfig): pg.Pool {
  const pool = new pg.Pool({ ...connection, max: 10 });
  pool.on('error', () => {}); // a test may end sessions on purpose
  return pool;
}
