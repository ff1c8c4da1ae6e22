// A login for BI is a stranger with a keyboard: whatever SQL it sends, it reads the views of its tenant and nothing else.
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { reportingLogin } from '../support/reporting.ts';
import { DENIED, tablesOf, tried } from './raw-sql.ts';
import { startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { database } = stage.world;
const [login, other] = [await reportingLogin(database, acme.slug), await reportingLogin(database, beta.slug)];

const pool = (connection: pg.ClientConfig) => {
  const made = new pg.Pool({ ...connection, max: 1 });
  afterAll(() => made.end());
  return made;
};
const [own, others] = [pool(login.connection), pool(other.connection)];

const views = (
  await stage.rows<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v' order by 1`,
  )
).map(({ name }) => name);
const rowsOf = async (who: pg.Pool, view: string, settings = {}) => {
  const found = await tried(who, { sql: `select r::text as row from reporting.${view} r order by 1`, settings });
  if (typeof found === 'string') throw new Error(`${view}: ${found}`);
  return found.flatMap(({ row }) => (typeof row === 'string' ? [row] : []));
};

it('reads all rows of its tenant and none of another, in every view', async () => {
  const empty: string[] = [];
  for (const view of views.filter((name) => name !== 'log_position')) {
    const [mine, theirs] = [await rowsOf(own, view), await rowsOf(others, view)];
    if (mine.length === 0 || theirs.length === 0) empty.push(view);
    expect(
      mine.filter((row) => theirs.includes(row) && /_[0-9a-f]{8}-/.test(row)),
      view,
    ).toEqual([]);
  }
  expect(empty).toEqual([]);
  for (const [table, view] of [
    ['customer', 'customer'],
    ['open_item', 'open_item'],
    ['transfer', 'transfer'],
  ])
    expect(await rowsOf(own, view ?? '')).toHaveLength(
      Number(
        (await stage.rows<{ n: number }>(`select count(*)::int as n from ${table} where tenant_id = '${acme.tenantId}'`))[0]?.n,
      ),
    );
});

describe('setting things', () => {
  it('changes nothing: not the tenant, not accounts, not any other setting of ours', async () => {
    const settings = {
      'app.tenant_id': beta.tenantId,
      'app.actor_id': beta.tenantId,
      'app.account_ids': 'x',
      search_path: 'public',
    };
    for (const view of views) expect(await rowsOf(own, view, settings), view).toEqual(await rowsOf(own, view));
  });

  it('of the role is refused, or leaves nothing to see', async () => {
    for (const role of ['cashgraph_owner', 'cashgraph_app', 'cashgraph_read', 'cashgraph_portal', 'cashgraph_system', other.name])
      expect(await tried(own, { sql: `set role ${role}` }), role).toBe(DENIED);
    expect(await tried(own, { sql: `set session authorization ${other.name}` })).toBe(DENIED);
    for (const view of ['customer', 'sales_rows', 'ageing_rows'])
      expect(
        await tried(own, { sql: `set local role cashgraph_reporting; select r.* from reporting.${view} r` }),
        view,
      ).toBeDefined();
    const client = await own.connect();
    await client.query('begin; set local role cashgraph_reporting');
    for (const view of views.filter((name) => name !== 'log_position'))
      expect((await client.query(`select from reporting.${view}`)).rowCount, view).toBe(0);
    await client.query('rollback');
    client.release();
  });

  it('of row_security to off is refused where it would matter', async () => {
    const client = await own.connect();
    await client.query('begin; set local row_security = off');
    await expect(client.query('select from reporting.customer')).rejects.toMatchObject({ code: DENIED });
    await client.query('rollback');
    client.release();
  });
});

it('reaches no table, no view and no function of ours by name', async () => {
  for (const { name } of await tablesOf(stage))
    for (const sql of [`select from public.${name}`, `delete from public.${name}`])
      expect(await tried(own, { sql }), sql).toBe(DENIED);
  const functions = await stage.rows<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef`,
  );
  expect(functions.length).toBeGreaterThan(0);
  expect(await tried(own, { sql: `select public.ensure_event_partition(1)` })).toBe(DENIED);
  expect(await tried(own, { sql: `select graphile_worker.add_job('x')` })).toBe(DENIED);
});

it('reads of a base table no column that no view shows, however it is named', async () => {
  const granted = await stage.rows<{ t: string; c: string }>(
    `select c.relname as t, a.attname as c from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and has_column_privilege('cashgraph_reporting', c.oid, a.attnum, 'select')`,
  );
  const used = await stage.rows<{ t: string; c: string }>(
    `select distinct c.relname as t, a.attname as c from pg_depend d
     join pg_class c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid and c.relkind in ('r', 'p')
     join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
     where d.classid in ('pg_rewrite'::regclass, 'pg_proc'::regclass)`,
  );
  const known = new Set([
    ...used.map(({ t, c }) => `${t}.${c}`),
    'reporting_login.tenant_id',
    'reporting_login.name',
    'reporting_login.dropped_at',
  ]);
  expect(granted.map(({ t, c }) => `${t}.${c}`).filter((column) => !known.has(column) && !column.endsWith('.tenant_id'))).toEqual(
    [],
  );
});

it('writes nowhere, and makes nothing', async () => {
  for (const sql of [
    `update reporting.customer set name = 'x'`,
    `insert into reporting.customer (name) values ('x')`,
    'create table reporting.mine (a int)',
    'create table public.mine (a int)',
    'create schema mine',
    `create function reporting.f() returns int language sql return 1`,
    `alter role ${login.name} createrole`,
    `grant cashgraph_app to ${login.name}`,
    `copy reporting.customer to program 'true'`,
  ])
    expect([DENIED, '25006', '55000', '42809'], sql).toContain(
      await tried(own, { sql: `set local transaction_read_only = off; ${sql}` }),
    );
});

it('learns from the catalogue nothing that is in the rows, and from names of logins nothing of tenants', async () => {
  const marks = [...Object.values(beta.customers), beta.tenantId].map((id) => id.replace(/^[a-z]+_/, ''));
  for (const sql of [
    'select s::text as row from pg_stats s',
    'select s::text as row from pg_stat_activity s',
    'select s::text as row from pg_stats_ext_exprs s',
    'select s::text as row from pg_roles s',
    'select s::text as row from pg_prepared_statements s',
  ]) {
    const rows = (await login.rows<{ row: string | null }>(sql)).map(({ row }) => row ?? '');
    expect(
      rows.filter((row) => marks.some((mark) => row.includes(mark)) || row.includes(beta.slug)),
      sql,
    ).toEqual([]);
  }
  await expect(login.rows('select * from pg_statistic')).rejects.toMatchObject({ code: DENIED });
  await expect(login.rows('select * from pg_authid')).rejects.toMatchObject({ code: DENIED });
  await expect(login.rows(`select pg_read_file('pg_hba.conf')`)).rejects.toMatchObject({ code: DENIED });
});

it('a function of its own that it slips into a filter sees no row of others', async () => {
  const client = await own.connect();
  try {
    await client.query('begin; set local transaction_read_only = off');
    await client.query(
      `create function pg_temp.peek(t text) returns boolean language plpgsql cost 0.0000001 as $$ begin raise notice 'saw %', t; return true; end $$`,
    );
    const seen: string[] = [];
    client.on('notice', ({ message }) => seen.push(String(message)));
    await client.query('select from reporting.customer where pg_temp.peek(id)');
    expect(seen.length).toBeGreaterThan(0);
    const theirs = Object.values(beta.customers);
    expect(seen.filter((line) => theirs.some((id) => line.includes(id)))).toEqual([]);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
