// The invariants of a test's database, run in the roles that `cashgraph doctor` runs them in.
import { hash } from 'node:crypto';
import type pg from 'pg';
import { type Finding, runInvariants } from '../../src/cli/invariants.ts';
import { verifyChain } from '../../src/outbox/chain.ts';
import { type Sql, statement } from '../../src/read/sql.ts';
import { withClient } from './connection.ts';
import type { FreshDatabase } from './database.ts';

async function run(client: pg.ClientBase | pg.Pool, source: Sql): Promise<readonly Record<string, unknown>[]> {
  const { text, values } = statement(source);
  return (await client.query(text, [...values])).rows as Record<string, unknown>[];
}

/** For whoever runs them again and again in one session: planning takes most of their time, so each is planned a few times only. */
export async function runPlanned(client: pg.ClientBase, source: Sql): Promise<readonly Record<string, unknown>[]> {
  const { text, values } = statement(source);
  return (await client.query<Record<string, unknown>>({ name: hash('sha1', text), text, values: [...values] })).rows;
}

/** The planner knows nothing yet of what a test has written; of Postgres's own tables, which take the longest, it knows enough. */
async function analyze(admin: pg.ClientBase): Promise<void> {
  await admin.query(`do $$ declare tables text; begin
    select string_agg(oid::regclass::text, ', ') into tables from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace;
    execute 'analyze ' || tables;
  end $$`);
}

/** What doesn't hold in this tenant. */
export async function broken(database: Pick<FreshDatabase, 'connection' | 'as'>, tenantId: string): Promise<Finding[]> {
  await withClient(database.connection, analyze);
  const client = await database.as('app').connect();
  try {
    await client.query(`select set_config('app.tenant_id', $1, false)`, [tenantId]);
    return await runInvariants({
      tenantId,
      rows: (source) => run(client, source),
      systemRows: (source) => run(database.as('system'), source),
      verify: () => verifyChain({ pool: database.as('system'), tenantId }),
    });
  } finally {
    client.release(true);
  }
}
