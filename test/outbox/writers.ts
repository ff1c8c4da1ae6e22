// Writers as the platform has them: in the app role, under a tenant, each record locked before its version and event are drawn.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { SeededRandomness } from '../../src/kernel/random.ts';
import type { FreshDatabase } from '../support/database.ts';

const actorId = '00000000-0000-7000-8000-00000000000a';

/** A table of records with versions, and a tenant. */
export async function makeTenant(database: FreshDatabase, slug = 'acme'): Promise<string> {
  const id = randomUUID();
  await administer(
    database,
    `
    create table if not exists test_record (id uuid primary key, version int not null default 0);
    grant all on test_record to cashgraph_app`,
  );
  await withTenant(database.as('app'), id, async (client) => {
    await client.query(
      `insert into tenant (tenant_id, slug, name, group_currency, created_at) values ($1, $2, $2, 'EUR', now())`,
      [id, slug],
    );
  });
  return id;
}

export async function makeRecords(database: FreshDatabase, count: number): Promise<string[]> {
  const { rows } = await database
    .as('app')
    .query<{ id: string }>('insert into test_record (id) select gen_random_uuid() from generate_series(1, $1) returning id', [
      count,
    ]);
  return rows.map(({ id }) => id);
}

export async function administer(database: FreshDatabase, statement: string): Promise<void> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export async function withTenant<T>(pool: pg.Pool, tenantId: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

export interface Write {
  readonly tenantId: string;
  readonly recordId: string;
  readonly version: number;
  readonly type?: string;
  readonly payload?: Record<string, unknown>;
  readonly personal?: Record<string, unknown>;
}

export async function insertEvent(
  client: pg.ClientBase,
  { tenantId, recordId, version, type, payload, personal }: Write,
): Promise<void> {
  await client.query(
    `insert into event_inbox (tenant_id, event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id,
       occurred_at, effective_on, recorded_at, payload, personal)
     values ($1, gen_random_uuid(), $2, 1, 'invoice', $3, $4, $5, 'test', clock_timestamp(), '2026-01-31', clock_timestamp(), $6, $7)`,
    [
      tenantId,
      type ?? 'invoice.changed',
      recordId,
      version,
      actorId,
      payload ?? { step: 'ISSUED', total: '12.34', lines: 3 },
      personal ?? null,
    ],
  );
}

/** One event of a record, in its own transaction. */
export const writeEvent = (
  database: FreshDatabase,
  { tenantId, recordId }: { tenantId: string; recordId: string },
  more: Partial<Write> = {},
): Promise<void> =>
  withTenant(database.as('app'), tenantId, async (client) => {
    await insertEvent(client, { tenantId, recordId, version: await nextVersion(client, recordId), ...more });
  });

async function nextVersion(client: pg.ClientBase, recordId: string): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    'update test_record set version = version + 1 where id = $1 returning version',
    [recordId],
  );
  return rows[0]?.version ?? 0;
}

const undo = new Error('undone on purpose');

export interface WriteMany {
  readonly tenantIds: readonly string[];
  readonly records: readonly string[];
  readonly random: SeededRandomness;
  readonly writers: number;
  readonly each: number;
}

/** Random records, delays and rollbacks (one in ten), and some transactions that stay open long after their event has its id. */
export async function writeMany(
  database: FreshDatabase,
  { tenantIds, records, random, writers, each }: WriteMany,
): Promise<number> {
  let committed = 0;
  const writer = async (): Promise<void> => {
    for (let i = 0; i < each; i++) {
      const place = random.int(records.length);
      const recordId = records[place] as string;
      const tenantId = tenantIds[place % tenantIds.length] as string;
      const isUndone = random.int(10) === 0;
      const openMs = random.int(25) === 0 ? 150 + random.int(150) : random.int(8);
      await withTenant(database.as('app'), tenantId, async (client) => {
        const version = await nextVersion(client, recordId);
        await insertEvent(client, { tenantId, recordId, version });
        await sleep(openMs);
        if (isUndone) throw undo;
      }).then(
        () => committed++,
        (error: unknown) => {
          if (error !== undo) throw error;
        },
      );
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return committed;
}
