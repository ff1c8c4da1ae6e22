// Everything that a database holds, as text: for what must stand nowhere in it.
import type pg from 'pg';
import { withClient } from './connection.ts';

/** Every row of every table, in every schema. */
export const dumpOf = (connection: pg.ClientConfig): Promise<string> =>
  withClient(connection, async (client) => {
    const { rows: tables } = await client.query<{
      name: string;
    }>(`select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`);
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      texts.push(...rows.map(({ row }) => row));
    }
    return texts.join('\n');
  });
