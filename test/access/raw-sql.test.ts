// The second wall by itself: statements without any filter, as a mistake in the code would send them, under each role of the
// database. What a role may touch is listed here by hand; a table that nobody listed must be closed.
import { describe, expect, it } from 'vitest';
import { bare } from '../support/world.ts';
import { DENIED, NO_TABLE, seen, type Settings, tablesOf, tried } from './raw-sql.ts';
import { startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { database } = stage.world;

const PORTAL_READS =
  `actor allocation authority connection credit_account credit_note credit_note_line credit_note_tax currency customer customer_account
  customer_price erp_record erp_request event event_anchor event_chain export fulfilment fulfilment_line hold invoice invoice_line invoice_tax legal_entity open_item order_line payment payment_terms
  payment_terms_instalment product sales_order sync_stream tenant tracking_event`.split(/\s+/);
const SYSTEM_SEES_ALL =
  `actor actor_customer actor_role ageing_day ageing_day_change api_key approval connection connection_state connection_token customer_account customer_to_compare delivery deprecated_use erp_request event event_anchor event_chain event_inbox event_personal
  export fulfilment fulfilment_line idempotency import import_refusal legal_entity logistics_provider order_line product sales_order sync_issue sync_run sync_stream tenant upload webhook_attempt webhook_delivery webhook_endpoint webhook_hint webhook_queue`.split(
    /\s+/,
  );

/** Tables of which everybody has rows, and those of which only the roles of staff do: an empty table would prove nothing. */
const OF_ACCOUNTS = PORTAL_READS.filter(
  (table) => !['actor', 'currency', 'event_anchor', 'event_chain', 'export'].includes(table),
);
const OF_STAFF =
  `approval connection_legal_entity connection_state customer_match customer_match_evidence duty export forbidden_pair import import_refusal price_list price_list_item reporting_login sync_drift sync_issue
  sync_run tax_rule upload validation_rule webhook_attempt webhook_delivery webhook_endpoint webhook_hint webhook_queue`.split(
    /\s+/,
  );

const tables = await tablesOf(stage);
const tenantTables = tables.filter(({ hasTenant }) => hasTenant).map(({ name }) => name);
const views = new Set(tables.filter(({ isView }) => isView).map(({ name }) => name));
const [portal] = await stage.rows<{ id: string }>('select id from actor where tenant_id = $1 and subject = $2', [
  acme.tenantId,
  'portal of C-2',
]);
const portalId = portal?.id ?? '';
const ofAcme = { 'app.tenant_id': acme.tenantId };
const SETTINGS: readonly (readonly [string, Settings])[] = [
  ['no setting', {}],
  ["the setting ''", { 'app.tenant_id': '', 'app.account_ids': '', 'app.customer_ids': '', 'app.actor_id': '' }],
];

describe.each(['app', 'read', 'portal'] as const)('the role %s', (kind) => {
  const pool = database.as(kind);

  it.each(SETTINGS)('sees no row of any tenant with %s, and that is no error', async (_what, settings) => {
    for (const table of tenantTables)
      expect([DENIED, { own: 0, others: 0 }], table).toContainEqual(await seen(pool, { table, settings, others: 'true' }));
  });

  it('sees no row of another tenant in any table, and its own in some', async () => {
    const own: string[] = [];
    const customers = Object.values(acme.customers).map(bare).join(',');
    const settings = {
      ...ofAcme,
      'app.customer_ids': customers,
      'app.account_ids': Object.values(acme.accounts).map(bare).join(','),
    };
    for (const table of tenantTables) {
      const answer = await seen(pool, { table, settings, others: `tenant_id <> '${acme.tenantId}'` });
      if (typeof answer === 'string') expect(answer, table).toBe(DENIED);
      else expect(answer, table).toMatchObject({ others: 0 });
      if (typeof answer === 'object' && Number(answer['own']) > 0) own.push(table);
    }
    expect(own).toEqual(expect.arrayContaining(kind === 'portal' ? OF_ACCOUNTS : [...OF_ACCOUNTS, ...OF_STAFF]));
  });

  it('can write nothing for another tenant, whatever it is granted', async () => {
    for (const table of tenantTables) {
      for (const sql of [
        `update ${table} set tenant_id = tenant_id where tenant_id = '${beta.tenantId}'`,
        `delete from ${table} where tenant_id = '${beta.tenantId}'`,
      ]) {
        const refused = views.has(table) ? NO_TABLE : DENIED;
        expect([DENIED, refused, [{ count: 0 }]], sql).toContainEqual(await tried(pool, { sql, settings: ofAcme }));
      }
    }
    const steal = `insert into customer select '${beta.tenantId}', gen_random_uuid(), 'X', 'X', 'x', null, null, null, null, null, 1, now(), null`;
    const move = `update customer set tenant_id = '${beta.tenantId}'`;
    for (const sql of [steal, move]) expect(await tried(pool, { sql, settings: ofAcme })).toBe(DENIED);
  });
});

describe('the role portal', () => {
  const pool = database.as('portal');
  const accounts = ['C-2 DE01', 'C-2 FR01'].map((place) => bare(acme.accounts[place] ?? ''));
  const settings = {
    ...ofAcme,
    'app.account_ids': accounts.join(','),
    'app.customer_ids': bare(acme.customers['C-2'] ?? ''),
    'app.actor_id': portalId,
  };
  const isOther: Readonly<Record<string, string>> = {
    customer: `id <> '${settings['app.customer_ids']}'`,
    customer_account: `not id = any ('{${accounts.join(',')}}')`,
    customer_price: `customer_id <> '${settings['app.customer_ids']}'`,
    credit_account: `customer_id <> '${settings['app.customer_ids']}'`,
    hold: `kind = 'FRAUD' or not account_id = any ('{${accounts.join(',')}}')`,
    allocation: `not account_id = any ('{${accounts.join(',')}}') and not coalesce(from_account_id = any ('{${accounts.join(',')}}'), false)`,
    actor: `id <> '${portalId}'`,
    export: `started_by_id <> '${portalId}'`,
    tenant: 'false',
    legal_entity: 'false',
    payment_terms: 'false',
    payment_terms_instalment: 'false',
    product: 'false',
    connection: 'false',
    sync_stream: 'false',
    authority: 'false',
    event_chain: 'false',
  };

  it('reads the listed tables and no others', async () => {
    const open: string[] = [];
    for (const { name } of tables) if ((await tried(pool, { sql: `select from ${name} limit 0` })) !== DENIED) open.push(name);
    expect(open).toEqual(PORTAL_READS.toSorted());
  });

  it('sees rows of its accounts only', async () => {
    // nothing of the company's log is forgotten
    for (const table of PORTAL_READS.filter((name) => name !== 'currency' && name !== 'event_anchor')) {
      const answer = await seen(pool, {
        table,
        settings,
        others: isOther[table] ?? `not account_id = any ('{${accounts.join(',')}}')`,
      });
      expect(answer, table).toMatchObject({ own: expect.any(Number), others: 0 });
      expect((answer as { own: number }).own, table).toBeGreaterThan(0);
    }
  });

  it('reads of the own credit and of legal entities nothing that is kept from customers', async () => {
    for (const [table, column] of [
      ['credit_account', 'risk_class'],
      ['credit_account', 'block_reason'],
      ['hold', 'detail'],
      ['hold', 'release_reason'],
      ['legal_entity', 'write_off_limit_minor'],
      ['legal_entity', 'overdue_block_days'],
      ['legal_entity', 'overdue_block_minor'],
      ['connection', 'config'],
      ['connection', 'sealed_credentials'],
      ['sync_stream', 'cursor'],
      ['erp_record', 'raw'],
      ['erp_record', 'extensions'],
      ['erp_request', 'input'],
    ]) {
      expect(await tried(pool, { sql: `select ${column} from ${table}`, settings }), column).toBe(DENIED);
    }
  });

  it('writes nowhere', async () => {
    for (const { name, hasTenant } of tables) {
      const column = hasTenant
        ? 'tenant_id'
        : ((
            await stage.rows<{ c: string }>(
              `select attname as c from pg_attribute where attrelid = '${name}'::regclass and attnum = 1`,
            )
          )[0]?.c ?? '');
      for (const sql of [
        `insert into ${name} default values`,
        `update ${name} set ${column} = ${column} where false`,
        `delete from ${name} where false`,
        `truncate ${name} cascade`,
      ]) {
        expect(views.has(name) ? [DENIED, NO_TABLE, '42809'] : [DENIED], sql).toContain(await tried(pool, { sql, settings }));
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

  it('sees of products what a parcel needs, and no name', async () => {
    const pool = database.as('system');
    expect(await tried(pool, { sql: 'select weight_kg from product limit 1' })).toHaveLength(1);
    expect(await tried(pool, { sql: 'select name from product' })).toBe(DENIED);
  });
});
