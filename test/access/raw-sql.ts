// Raw statements under a database role, each in a transaction that is taken back.
import type pg from 'pg';
import type { Stage } from './stage.ts';

/** Postgres refuses: insufficient privilege, or a row that a policy doesn't let in. */
export const DENIED = '42501';

/** Postgres refuses to write into a view of several tables before it looks at rights. */
export const NO_TABLE = '55000';

export interface Table {
  readonly name: string;
  readonly hasTenant: boolean;
  readonly isView: boolean;
}

export const tablesOf = ({ rows }: Stage): Promise<readonly Table[]> =>
  rows<Table>(
    `select c.relname as name, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as "hasTenant",
       c.relkind = 'v' as "isView"
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by 1`,
  );

export type Settings = Readonly<Record<string, string>>;

/** Runs one statement in a transaction with settings, and takes it back; gives its rows, or the code of the refusal. */
export async function tried(
  pool: pg.Pool,
  { sql, settings = {} }: { sql: string; settings?: Settings },
): Promise<readonly Record<string, unknown>[] | string> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const [name, value] of Object.entries(settings)) await client.query('select set_config($1, $2, true)', [name, value]);
    const { rows, rowCount } = await client.query(sql);
    return rows.length > 0 ? rows : [{ count: rowCount }];
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** How many rows a role sees, split by whose they are; or the refusal. */
export const seen = async (pool: pg.Pool, { table, settings, others }: { table: string; settings: Settings; others: string }) => {
  const answer = await tried(pool, {
    sql: `select count(*) filter (where not coalesce(${others}, true))::int as own, count(*) filter (where coalesce(${others}, true))::int as others from ${table}`,
    settings,
  });
  return typeof answer === 'string' ? answer : answer[0];
};
