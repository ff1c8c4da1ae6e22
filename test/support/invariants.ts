// The invariants of a test's database, run in the roles that `cashgraph doctor` runs them in.
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

/** What doesn't hold in this tenant. */
export async function broken(database: FreshDatabase, tenantId: string): Promise<Finding[]> {
  // the planner knows nothing yet of what a test has written
  await withClient(database.connection, (admin) => admin.query('analyze'));
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
