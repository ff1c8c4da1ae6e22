// Over tables with thousands of rows of twenty tenants, under row-level security and as the unprivileged roles: no golden read goes through a
// whole table, and a page or a record touches as many rows wherever it is. Counted in rows and buffers, never in time. The full size is
// `npm run bench -- reads`.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listTenants } from '../../../src/cli/tenant.ts';
import { loadBooks, READER, SMALL } from '../../bench/data/books.ts';
import { ISSUER, startWorld } from '../../support/world.ts';
import { broken } from '../../support/invariants.ts';
import { bigTables, goldenStatements, readWhole } from './plans.ts';
import { FORMS, openTouching } from './touching.ts';

const NOW = '2026-01-15T12:00:00.000Z';
const TENANT = 'bench-01';
/** Smaller ones may be read whole: that is cheaper than an index. */
const BIG_ROWS = 1_000;
const DRAFTS = 500;

const world = await startWorld({ now: NOW });
const { connection } = world.database;
const admin = new pg.Client(connection);

/** Bills without a due day, so that an order by it has nulls. */
const draftsOf = (
  tenant: string,
) => `insert into invoice (tenant_id, id, legal_entity_id, account_id, origin, lifecycle, status, currency, net_minor, tax_minor, total_minor, base_currency, created_at)
  select a.tenant_id, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, a.legal_entity_id, a.id, 'ISSUED', 'DRAFT', 'DRAFT', a.currency, n, 0, n, a.currency, '2025-01-01Z'
  from generate_series(1, ${DRAFTS}) n, (select a.* from customer_account a join tenant t using (tenant_id) where t.slug = '${tenant}' limit 1) a`;

beforeAll(async () => {
  await loadBooks(connection, { ...SMALL, today: NOW.slice(0, 10), issuer: ISSUER });
  await admin.connect();
  await admin.query(draftsOf(TENANT));
  await admin.query('vacuum (analyze) invoice');
});
afterAll(() => admin.end());

const { catalogue, schema, signIn } = world.platform;
const { ask, touched, end } = openTouching({
  connection,
  admin,
  catalogue,
  schema,
  clock: world.clock,
  principal: () => signIn.bySubject({ issuer: ISSUER, subject: READER, tenant: TENANT }),
});
afterAll(end);

it('the books that this is asked of hold every invariant, but that nobody logged how they came', async () => {
  const tenant = (await listTenants({ connection, rolePrefix: 'cashgraph' })).find(({ slug }) => slug === 'bench-02');
  const found = await broken(world.database, tenant?.id ?? '');
  expect(found.map(({ name }) => name)).toEqual(['change-logged']);
});

it('no golden read goes through a big table', async () => {
  const big = await bigTables(admin, BIG_ROWS);
  expect([...big]).toEqual(
    expect.arrayContaining(['sales_order', 'order_line', 'invoice', 'open_item', 'payment', 'allocation', 'transfer']),
  );
  const found: string[] = [];
  for (const { name, text, isOfPortal } of goldenStatements()) {
    await admin.query(`set role ${isOfPortal ? 'cashgraph_portal' : 'cashgraph_read'}`);
    const whole = await readWhole(admin, text, big);
    if (whole.length > 0) found.push(`${name}: ${whole.join(', ')}`);
  }
  await admin.query('reset role');
  expect(found).toEqual([]);
});

it('says so when a statement does go through one', async () => {
  const big = await bigTables(admin, BIG_ROWS);
  expect(await readWhole(admin, 'select count(*) from invoice where customer_reference = $1', big)).toEqual(['invoice']);
});

describe.each(FORMS)('in %s form', (form) => {
  it.each([
    ['the default order', '[{ field: CREATED_AT, direction: DESC }]'],
    ['an order with nulls upwards', '[{ field: DUE_ON }]'],
    ['an order with nulls downwards', '[{ field: DUE_ON, direction: DESC }]'],
    ['an order by an amount', '[{ field: TOTAL, direction: DESC }]'],
  ])('a page far down in %s costs what the first one costs', async (_, orderBy) => {
    const source = `query ($after: String) { invoices(first: 10, after: $after, orderBy: ${orderBy}) { nodes { id number } pageInfo { hasNextPage } } }`;
    const jump = `query ($after: String) { invoices(first: 400, after: $after, orderBy: ${orderBy}) { pageInfo { endCursor } } }`;
    let after: string | null = null;
    // deep enough to be among the nulls where they come last, and beyond them where they come first
    for (let i = 0; i < 3; i++) after = (await ask({ source: jump, variables: { after } })).invoices.pageInfo.endCursor;
    const first = await touched({ source, variables: { after: null }, form });
    const far = await touched({ source, variables: { after }, form });
    expect(far.whole).toEqual([]);
    expect(far.rows).toBeLessThanOrEqual(first.rows + 30);
    expect(far.blocks).toBeLessThanOrEqual(first.blocks + 30);
  });

  it.each([
    ['the beginning of a name', '{ customers(where: { name: { startsWith: "customer 12" } }) { nodes { id } } }'],
    ['a natural key', '{ customer(number: "C-000012") { id } }'],
    [
      'a list of ids',
      '{ invoices(where: { id: { in: ["inv_00000000-0000-7000-8000-000000000007"] } }) { nodes { id account { id } } } }',
    ],
    [
      'the number of what one account has',
      '{ customers(first: 3) { nodes { accounts { nodes { invoices { totalCount } } } } } }',
    ],
    ['an account', '{ customers(first: 1) { nodes { accounts { nodes { invoices(first: 3) { nodes { number } } } } } } }'],
    [
      'what hangs below a page',
      '{ invoices(first: 5) { nodes { lines { id } items { closedBy { id from { payment { number } } } } order { lines { product { sku } } } } } }',
    ],
    [
      'orders of accounts',
      '{ customers(first: 5) { nodes { accounts(first: 2) { nodes { orders(first: 3) { nodes { number } } } } } } }',
    ],
  ])('%s is found by an index', async (_, source) => {
    const { rows, whole } = await touched({ source, form });
    expect(whole.filter((table) => !SMALL_TABLES.has(table))).toEqual([]);
    expect(rows).toBeLessThan(600);
  });
});

/** Twenty rows, or a hundred: read whole at little cost. */
const SMALL_TABLES = new Set(['legal_entity', 'tenant', 'payment_terms', 'customer', 'customer_account']);
