// What the database's own catalogue must say of every table, also of one that comes later: row-level security is forced, and
// tenant_id leads every key, so that no reference and no uniqueness reaches over to another tenant.
import { describe, expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { freshDatabase } from '../support/database.ts';

const database = await freshDatabase();

type Rows = readonly Record<string, unknown>[];

/** Runs statements as a superuser in a transaction that is taken back; gives the rows of the last. */
async function after(...statements: readonly string[]): Promise<Rows> {
  return withClient(database.connection, async (client) => {
    await client.query('begin');
    let rows: Rows = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    await client.query('rollback');
    return rows;
  });
}

const WITH_TENANT = `select c.oid, c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;

const UNFORCED = `select c.relname as name from pg_class c where c.oid in (select oid from (${WITH_TENANT}) t) and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`;

/** Keys of tenants' tables that begin with something else, and references that don't carry the tenant along. */
const UNLED = `
  with tables as (${WITH_TENANT}), tenant as (select attrelid, attnum from pg_attribute where attname = 'tenant_id')
  select i.indexrelid::regclass::text as name from pg_index i join tables t on t.oid = i.indrelid join tenant n on n.attrelid = i.indrelid
    where (i.indisunique or i.indisprimary) and i.indkey[0] <> n.attnum
  union all
  select k.conname from pg_constraint k join tables t on t.oid = k.conrelid join tenant n on n.attrelid = k.conrelid
    left join tenant f on f.attrelid = k.confrelid
    where k.contype = 'f' and (k.conkey[1] <> n.attnum or k.confkey[1] is distinct from f.attnum) and k.confrelid <> 'currency'::regclass
  order by 1`;

const EXCEPTIONS = {
  // a login finds its key before its tenant is known; the look-up part is random and says nothing
  api_key_lookup_unique: 'unique over all tenants',
  // the queue of the sealer, in the order of writing over all tenants; a row lives until it is sealed
  event_inbox_pk: 'key of a queue',
  // a login of the database sees one tenant
  reporting_login_name_unique: 'unique over all tenants',
  // a token names its tenant by it
  tenant_slug_unique: 'unique over all tenants',
};

/** Without a tenant: constants, and the engine's own state. */
const OF_NOBODY = ['currency', 'delivery_cursor', 'event_head', 'job_worker', 'lease', 'rate_budget', 'trusted_document'];

describe('row-level security', () => {
  it('is forced on every table with a tenant, partitions included', async () => {
    expect(await after(UNFORCED)).toEqual([]);
  });

  it('that a new table forgets is noticed', async () => {
    expect(await after('create table forgetful (tenant_id uuid, id uuid)', UNFORCED)).toEqual([{ name: 'forgetful' }]);
    const enabled = ['create table forgetful (tenant_id uuid, id uuid)', 'alter table forgetful enable row level security'];
    expect(await after(...enabled, UNFORCED)).toEqual([{ name: 'forgetful' }]);
  });

  it('is forced on the partitions that the log will get', async () => {
    const count = `select count(*)::int as partitions from pg_inherits where inhparent = 'event'::regclass`;
    expect(await after('select ensure_event_partition(50000000)', count)).toEqual([{ partitions: 6 }]);
    expect(await after('select ensure_event_partition(50000000)', UNFORCED)).toEqual([]);
    const grants = `select grantee from information_schema.role_table_grants where table_name = 'event_00005' and grantee like 'cashgraph%' and grantee <> 'cashgraph_owner'`;
    expect(await after('select ensure_event_partition(50000000)', grants)).toEqual([]);
  });

  it('has policies for known roles only, and lets the system role alone pass without a tenant, and a reporting login with that of its own name', async () => {
    const policies = await after(
      `select distinct r.rolname as role, pg_get_expr(p.polqual, p.polrelid) like '%app.tenant_id%' as "asksTenant" from pg_policy p
       join pg_class c on c.oid = p.polrelid and c.relnamespace = 'public'::regnamespace left join pg_roles r on r.oid = any (p.polroles) order by 1`,
    );
    expect(policies).toEqual([
      { role: 'cashgraph_app', asksTenant: true },
      { role: 'cashgraph_portal', asksTenant: true },
      { role: 'cashgraph_read', asksTenant: true },
      { role: 'cashgraph_reporting', asksTenant: false },
      { role: 'cashgraph_system', asksTenant: false },
    ]);
    const ofLogins = await after(
      `select distinct regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\\s+', ' ', 'g') as text from pg_policy p join pg_roles r on r.oid = any (p.polroles) where r.rolname = 'cashgraph_reporting' order by 1`,
    );
    expect(ofLogins.map(({ text }) => text)).toEqual([
      '((name = (CURRENT_USER)::text) AND (dropped_at IS NULL))',
      '(tenant_id = ( SELECT l.tenant_id FROM reporting_login l WHERE (l.name = (CURRENT_USER)::text)))',
    ]);
  });

  it('is missing only where there is no tenant', async () => {
    const rows = await after(
      `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.oid not in (select oid from (${WITH_TENANT}) t) order by 1`,
    );
    expect(rows.map(({ name }) => name).filter((name) => !String(name).includes('migration'))).toEqual(OF_NOBODY);
  });
});

describe('a key', () => {
  it('of a table with a tenant begins with it, and so does every reference', async () => {
    expect((await after(UNLED)).map(({ name }) => name)).toEqual(Object.keys(EXCEPTIONS));
  });

  it.each([
    [
      'a primary key',
      'create table forgetful (tenant_id uuid, id uuid, constraint forgetful_pk primary key (id))',
      'forgetful_pk',
    ],
    [
      'a unique index',
      'create table forgetful (tenant_id uuid, code text); create unique index forgetful_code on forgetful (code)',
      'forgetful_code',
    ],
    [
      'a reference',
      'create table forgetful (tenant_id uuid, customer_id uuid, constraint forgetful_customer foreign key (customer_id, tenant_id) references customer (id, tenant_id))',
      'forgetful_customer',
    ],
  ])('that a new table makes without it is noticed: %s', async (_what, statement, name) => {
    const other = 'alter table customer add constraint customer_turned unique (id, tenant_id)';
    const found = (await after(other, statement, UNLED)).map((row) => row['name']);
    expect(found.filter((one) => !(String(one) in EXCEPTIONS) && one !== 'customer_turned')).toEqual([name]);
  });
});

it('no role of the product can pass the policies or log in by itself', async () => {
  const roles = await after(
    `select rolname, rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb as strong from pg_roles where rolname ~ '^cashgraph_(owner|app|read|portal|system|reporting)$' order by 1`,
  );
  expect(roles.map(({ strong }) => strong)).toEqual([false, false, false, false, false, false]);
});

it('views read with the rights of who asks, and functions with the rights of the owner are the listed ones', async () => {
  expect(
    await after(
      `select relname from pg_class where relnamespace in ('public'::regnamespace, 'reporting'::regnamespace) and relkind in ('v', 'm') and not coalesce(reloptions @> array['security_invoker=true'], false)`,
    ),
  ).toEqual([]);
  const functions = await after(
    `select p.proname as name, has_function_privilege('public', p.oid, 'execute') as "forAll", coalesce(array_to_string(p.proconfig, ' ') like 'search_path=%', false) as "hasPath"
     from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`,
  );
  expect(functions).toEqual(
    ['cut_event_partition', 'drop_event_partition', 'enqueue', 'ensure_event_partition', 'holds_lease', 'open_job_queue'].map(
      (name) => ({
        name,
        forAll: false,
        hasPath: true,
      }),
    ),
  );
});
