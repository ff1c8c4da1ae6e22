// The second wall by itself: statements without any filter, as a mistake in the code would send them, under each role of the
// database. What a role may touch is listed here by hand; a table that nobody listed must be closed.
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { asRole, type RoleKind, roleKinds } from '../../src/cli/roles.ts';
import { bare } from '../support/world.ts';
import { startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { database } = stage.world;

const ROLES = roleKinds.filter((kind) => kind !== 'owner');
const DENIED = '42501';
const APPEND_ONLY = ['journal_entry', 'transfer', 'allocation', 'event', 'event_00000'];
const PORTAL_READS = [
  ...['actor', 'allocation', 'credit_note', 'credit_note_tax', 'currency', 'customer', 'customer_account', 'event', 'invoice', 'invoice_line'],
  ...['invoice_tax', 'legal_entity', 'open_item', 'payment', 'payment_terms', 'tenant'],
];
const SYSTEM_SEES_ALL = [
  ...['actor', 'actor_customer', 'actor_role', 'api_key', 'customer_account', 'delivery', 'event', 'event_chain', 'event_inbox', 'event_personal'],
  ...['idempotency', 'legal_entity', 'tenant'],
];

const tables = (await stage.rows<{ name: string; hasTenant: boolean }>(
  `select c.relname as name, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as "hasTenant"
   from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by 1`,
)) as readonly { name: string; hasTenant: boolean }[];
const tenantTables = tables.filter(({ hasTenant }) => hasTenant).map(({ name }) => name);

type Settings = Readonly<Record<string, string>>;

/** Runs one statement in a transaction with settings, and takes it back; gives its rows, or the code of the refusal. */
async function tried(pool: pg.Pool, { sql, settings = {} }: { sql: string; settings?: Settings }): Promise<readonly Record<string, unknown>[] | string> {
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
const seen = async (pool: pg.Pool, { table, settings, others }: { table: string; settings: Settings; others: string }) => {
  const answer = await tried(pool, { sql: `select count(*) filter (where not coalesce(${others}, true))::int as own, count(*) filter (where coalesce(${others}, true))::int as others from ${table}`, settings });
  return typeof answer === 'string' ? answer : answer[0];
};

const ofAcme = { 'app.tenant_id': acme.tenantId };
const SETTINGS: readonly (readonly [string, Settings])[] = [['no setting', {}], ["the setting ''", { 'app.tenant_id': '', 'app.account_ids': '', 'app.customer_ids': '', 'app.actor_id': '' }]];

describe.each(['app', 'read', 'portal'] as const)('the role %s', (kind) => {
  const pool = database.as(kind);

  it.each(SETTINGS)('sees no row of any tenant with %s, and that is no error', async (_what, settings) => {
    for (const table of tenantTables) expect([DENIED, { own: 0, others: 0 }], table).toContainEqual(await seen(pool, { table, settings, others: 'true' }));
  });

  it('sees no row of another tenant in any table, and its own in some', async () => {
    const own: string[] = [];
    const customers = Object.values(acme.customers).map(bare).join(',');
    const settings = { ...ofAcme, 'app.customer_ids': customers, 'app.account_ids': Object.values(acme.accounts).map(bare).join(',') };
    for (const table of tenantTables) {
      const answer = await seen(pool, { table, settings, others: `tenant_id <> '${acme.tenantId}'` });
      if (typeof answer === 'string') expect(answer, table).toBe(DENIED);
      else expect(answer, table).toMatchObject({ others: 0 });
      if (typeof answer === 'object' && Number(answer['own']) > 0) own.push(table);
    }
    expect(own).toEqual(expect.arrayContaining(['customer', 'customer_account', 'invoice', 'invoice_line', 'payment', 'open_item', 'allocation', 'credit_note']));
  });

  it('can write nothing for another tenant, whatever it is granted', async () => {
    for (const table of tenantTables) {
      for (const sql of [`update ${table} set tenant_id = tenant_id where tenant_id = '${beta.tenantId}'`, `delete from ${table} where tenant_id = '${beta.tenantId}'`]) {
        expect([DENIED, [{ count: 0 }]], sql).toContainEqual(await tried(pool, { sql, settings: ofAcme }));
      }
    }
    const steal = `insert into customer select '${beta.tenantId}', gen_random_uuid(), 'X', 'X', 'x', null, null, null, null, null, 1, now()`;
    const move = `update customer set tenant_id = '${beta.tenantId}'`;
    for (const sql of [steal, move]) expect(await tried(pool, { sql, settings: ofAcme })).toBe(DENIED);
  });
});

describe('the role portal', () => {
  const pool = database.as('portal');
  const accounts = ['C-2 DE01', 'C-2 FR01'].map((place) => bare(acme.accounts[place] ?? ''));
  const settings = { ...ofAcme, 'app.account_ids': accounts.join(','), 'app.customer_ids': bare(acme.customers['C-2'] ?? ''), 'app.actor_id': acme.tenantId };
  const isOther: Readonly<Record<string, string>> = {
    customer: `id <> '${settings['app.customer_ids']}'`,
    customer_account: `not id = any ('{${accounts}}')`,
    allocation: `not account_id = any ('{${accounts}}') and not coalesce(from_account_id = any ('{${accounts}}'), false)`,
    actor: `id <> '${acme.tenantId}'`,
    tenant: 'false', legal_entity: 'false', payment_terms: 'false',
  };

  it('reads the listed tables and no others', async () => {
    const open: string[] = [];
    for (const { name } of tables) if ((await tried(pool, { sql: `select from ${name} limit 0` })) !== DENIED) open.push(name);
    expect(open).toEqual(PORTAL_READS.toSorted());
  });

  it('sees rows of its accounts only', async () => {
    for (const table of PORTAL_READS.filter((name) => name !== 'currency')) {
      const answer = await seen(pool, { table, settings, others: isOther[table] ?? `not account_id = any ('{${accounts}}')` });
      expect(answer, table).toMatchObject({ own: expect.any(Number), others: 0 });
      expect(Number((answer as { own: number }).own), table).toBeGreaterThan(0);
    }
  });

  it('writes nowhere', async () => {
    for (const { name, hasTenant } of tables) {
      const column = hasTenant ? 'tenant_id' : ((await stage.rows<{ c: string }>(`select attname as c from pg_attribute where attrelid = '${name}'::regclass and attnum = 1`))[0]?.c ?? '');
      for (const sql of [`insert into ${name} default values`, `update ${name} set ${column} = ${column} where false`, `delete from ${name} where false`, `truncate ${name} cascade`]) {
        expect(await tried(pool, { sql, settings }), sql).toBe(DENIED);
      }
    }
  });
});

describe('the role system', () => {
  it('sees across tenants the listed tables, and no row of any other', async () => {
    const all: string[] = [];
    for (const table of tenantTables) {
      const answer = await seen(database.as('system'), { table, settings: {}, others: 'true' });
      if (typeof answer === 'object') all.push(table);
      else expect(answer, table).toBe(DENIED);
    }
    expect(all).toEqual(SYSTEM_SEES_ALL);
  });
});

describe('what is in the books', () => {
  it.each(ROLES)('cannot be changed, deleted or emptied by the role %s', async (kind) => {
    for (const table of APPEND_ONLY) {
      for (const sql of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`, `truncate ${table} cascade`]) {
        expect(await tried(database.as(kind), { sql, settings: ofAcme }), `${kind}: ${sql}`).toBe(DENIED);
      }
    }
  });

  it('cannot be changed or deleted by the owner, who sees no row, nor by a superuser, whom a trigger stops', async () => {
    const superuser = new pg.Pool({ ...database.connection, max: 1 });
    try {
      for (const table of APPEND_ONLY) {
        for (const sql of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`]) {
          expect(await tried(database.as('owner'), { sql, settings: ofAcme }), sql).toEqual([{ count: 0 }]);
          expect(await tried(superuser, { sql }), sql).toBe('CG001');
        }
      }
    } finally {
      await superuser.end();
    }
  });
});

describe('a secret', () => {
  it.each(['read', 'portal'] as const)('is not readable by the role %s', async (kind: RoleKind) => {
    expect(await tried(database.as(kind), { sql: 'select secret_hash from api_key', settings: ofAcme })).toBe(DENIED);
    expect(await tried(database.as(kind), { sql: 'select * from api_key', settings: ofAcme })).toBe(DENIED);
    expect(await tried(database.as(kind), { sql: 'select answer from idempotency', settings: ofAcme })).toBe(DENIED);
  });
});

describe('a login that only has the role read', async () => {
  const name = `${database.name}_login`;
  await stage.rows(`create role ${name} nologin nosuperuser nobypassrls in role cashgraph_read`);
  const pool = new pg.Pool({ ...asRole(database.connection, name), max: 1 });
  afterAll(async () => {
    await pool.end();
    await stage.rows(`drop role ${name}`);
  });

  it('sees no row of any tenant as long as nobody says whose', async () => {
    for (const table of tenantTables) expect([DENIED, { own: 0, others: 0 }], table).toContainEqual(await seen(pool, { table, settings: {}, others: 'true' }));
  });
});
