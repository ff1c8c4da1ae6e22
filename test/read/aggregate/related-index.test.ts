// Whoever filters a list by what belongs to its records asks once for each row: so each way from a record to what belongs to it is an index.
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { createPlatformCatalogue } from '../../../src/platform-graph.ts';
import { freshDatabase } from '../../support/database.ts';

const { connection } = await freshDatabase();
const pool = new pg.Pool({ ...connection, max: 1 });
pool.on('error', () => {}); // the database is dropped under it
afterAll(() => pool.end());

it('every relation to many records is found by an index of the tenant and the record', async () => {
  const { rows } = await pool.query<{ path: string }>(`
    select distinct c.relname || ' ' || (select string_agg(a.attname, ' ' order by k.n)
      from unnest(i.indkey::int2[]) with ordinality k (attnum, n) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where k.n <= 2) as path
    from pg_index i join pg_class c on c.oid = i.indrelid where i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$'`);
  const indexed = new Set(rows.map(({ path }) => path));
  const catalogue = createPlatformCatalogue();
  const ways = catalogue.records.flatMap(({ name, definition }) =>
    Object.entries(definition.relations ?? {}).flatMap(([relation, one]) => {
      if (one.kind !== 'many' || one.orBy !== undefined) return [];
      const { table, columns } = catalogue.record(one.record);
      const properties = [one.by, ...(one.portalBy === undefined ? [] : [one.portalBy])];
      return properties.map(
        (property) => [`${name}.${relation} by ${property}`, `${table} tenant_id ${columns[property]?.column}`] as const,
      );
    }),
  );
  expect(ways.length).toBeGreaterThan(30);
  expect(ways.filter(([, path]) => !indexed.has(path)).map(([way]) => way)).toEqual([]);
});
