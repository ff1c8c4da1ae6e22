// The demo company: made once by ordinary commands, gone on with after a start that was killed, believable, and true to every invariant.
import { rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { loadConnectors } from '../src/cli/connectors.ts';
import { lastDayAt } from '../src/cli/demo/calendar.ts';
import { PEOPLE } from '../src/cli/demo/company.ts';
import { PORTAL_CUSTOMERS } from '../src/cli/demo/customers.ts';
import { seedDemo } from '../src/cli/demo/index.ts';
import { historyOf } from '../src/cli/demo/history.ts';
import { stepsOf } from '../src/cli/demo/plan.ts';
import { openDemoErps } from '../src/cli/demo-erps.ts';
import { loadConfig } from '../src/config.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { addDays } from '../src/kernel/date.ts';
import { freshDatabase } from './support/database.ts';
import { broken } from './support/invariants.ts';
import { makeScratchFolder } from './support/scratch.ts';
import { walkLine } from './support/readme-line.ts';
import { ISSUER, startWorld } from './support/world.ts';

const database = await freshDatabase();
const seed = (say: (line: string) => void = () => {}) =>
  seedDemo({
    connection: database.connection,
    rolePrefix: 'cashgraph',
    config: loadConfig({ NODE_ENV: 'test' }),
    issuer: ISSUER,
    say,
  });
const query = async <T>(text: string): Promise<T[]> => {
  const client = await database.as('app').connect();
  try {
    await client.query(`select set_config('app.tenant_id', $1, false)`, [tenantId]);
    return (await client.query(text)).rows as T[];
  } finally {
    client.release(true);
  }
};
const one = async <T>(text: string): Promise<T> => (await query<T>(text))[0] as T;

/** The day on which it was begun: nobody knows whether a test runs over midnight. */
const end = lastDayAt(systemClock.now());
const killedAt = (share: RegExp): Promise<string> =>
  seed((line) => {
    if (share.test(line)) throw new Error('killed');
  }).then(
    () => '',
    (error: Error) => error.message,
  );
/** How two starts ended, one before the first order came in and one among the orders; and what the two said that came after them at once. */
const reasons = [await killedAt(/ 33 %/), await killedAt(/ 8\d %/)];
const said: string[] = [];
await Promise.all([seed((line) => said.push(line)), seed((line) => said.push(line))]);
const { rows: tenants } = await database
  .as('system')
  .query<{ id: string }>(`select tenant_id as id from tenant where slug = 'demo'`);
const tenantId = tenants[0]?.id ?? '';
const world = await startWorld({ database, connectors: await loadConnectors(null) });

test('every invariant holds', async () => {
  expect(await broken(database, tenantId)).toEqual([]);
});

test('of two starts after some that were killed, one goes on with it and the other waits', () => {
  expect(reasons).toEqual(['killed', 'killed']);
  expect(said.filter((line) => line.includes('Going on'))).toHaveLength(1);
  expect(said.filter((line) => line.includes('is there'))).toHaveLength(1);
});

test('starts that were killed and one that went through make the same', async () => {
  const { invoices, payments, credits, losses } = historyOf(end);
  const happened = payments.filter((p) => p.bookedOn <= end);
  expect(
    await one(
      `select count(*)::int as invoices, sum(total_minor)::text as total from invoice where lifecycle = 'ISSUED' and order_id is null`,
    ),
  ).toEqual({
    invoices: invoices.length,
    total: invoices.reduce((sum, i) => sum + i.totalMinor, 0n).toString(),
  });
  expect(
    await one(
      `select count(*)::int as payments, sum(amount_minor)::text as total from payment where lifecycle in ('RECEIVED', 'RETURNED') and reference not like '4500-%'`,
    ),
  ).toEqual({
    payments: happened.length,
    total: happened.reduce((sum, p) => sum + p.minor, 0n).toString(),
  });
  expect(await one('select count(*)::int as notes from credit_note where order_id is null')).toEqual({
    notes: credits.filter((c) => c.on <= end).length,
  });
  expect(await one(`select count(*)::int as losses from allocation where kind = 'WRITE_OFF'`)).toEqual({
    losses: losses.filter((l) => l.on <= end).length,
  });
});

test('a second start changes nothing', async () => {
  const state = () =>
    query(
      `select (select max(position) from event) as position, (select count(*) from event_inbox) as waiting, (select count(*) from actor) as actors`,
    );
  const before = await state();
  const words: string[] = [];
  await seed((line) => words.push(line));
  expect(await state()).toEqual(before);
  expect(words).toEqual([]);
});

test('the history is the same whenever it is made, and ends on its last day', () => {
  expect(historyOf('2026-11-22')).toEqual(historyOf('2026-11-22'));
  expect(stepsOf('2026-02-28', 'x').length).toBeGreaterThan(500);
  for (const { at } of stepsOf('2024-02-29', 'x')) expect(at.toISOString() < '2024-03-01').toBe(true);
});

test('it has the size of a company: three currencies of books, customers above others, some with two companies', async () => {
  expect(await query('select functional_currency as currency from legal_entity order by 1')).toEqual([
    { currency: 'EUR' },
    { currency: 'JPY' },
    { currency: 'USD' },
  ]);
  const size = await one<
    Record<string, number>
  >(`select (select count(*)::int from invoice) as invoices, (select count(*)::int from customer) as customers,
    (select count(*)::int from customer where parent_id is not null) as below, (select count(*)::int from exchange_rate) as rates,
    (select count(*)::int from (select customer_id from customer_account group by 1 having count(*) > 1) c) as shared`);
  expect(size).toMatchObject({ customers: 60, below: 7, rates: 19 * 8 });
  expect(size['invoices']).toBeGreaterThan(1_300);
  expect(size['shared']).toBeGreaterThan(3);
});

test('it offers goods and services at default prices in every currency of its accounts, agreed prices, and terms in parts', async () => {
  const offer = await one<Record<string, unknown>>(`select (select count(*)::int from product where kind = 'GOODS') as goods,
    (select count(*)::int from product where kind = 'SERVICE') as services, (select count(*)::int from customer_price) as agreed,
    (select count(*)::int from customer_account a where not exists (select from price_list l where l.is_default and l.currency = a.currency)) as unpriced,
    (select count(*)::int from customer_account where price_list_id is not null) as own_lists,
    (select count(*)::int from customer_account where tax_exemption is not null) as exempt,
    (select count(*)::int from payment_terms_instalment) as parts`);
  expect(offer).toMatchObject({ goods: 36, services: 6, unpriced: 0, own_lists: 3, exempt: 3, parts: 3 });
  expect(offer['agreed']).toBeGreaterThan(20);
  const unpriced = `select p.sku from product p cross join price_list l where l.is_default and not exists
    (select from price_list_item i where i.price_list_id = l.id and i.product_id = p.id and i.valid_from <= '${end}' and i.unit_price > 0)`;
  expect(await query(unpriced)).toEqual([]);
});

test('every bucket of the ageing is filled in each company, and most of it is not overdue', async () => {
  const rows = await query<Record<string, number>>(`select e.code,
      count(*) filter (where i.due_on >= '${end}' and i.open_minor > 0)::int as not_due,
      count(*) filter (where '${end}' - i.due_on between 1 and 30 and i.open_minor > 0)::int as to_30,
      count(*) filter (where '${end}' - i.due_on between 31 and 60 and i.open_minor > 0)::int as to_60,
      count(*) filter (where '${end}' - i.due_on between 61 and 90 and i.open_minor > 0)::int as to_90,
      count(*) filter (where '${end}' - i.due_on > 90 and i.open_minor > 0)::int as over_90,
      count(*) filter (where i.open_minor < 0)::int as unapplied
    from open_item i join legal_entity e on e.id = i.legal_entity_id group by 1`);
  expect(rows).toHaveLength(3);
  for (const { code, ...buckets } of rows) {
    expect(Math.min(...Object.values(buckets)), `${code} ${JSON.stringify(buckets)}`).toBeGreaterThan(0);
    expect(buckets['not_due']).toBeGreaterThan(Math.max(buckets['to_30'] ?? 0, buckets['over_90'] ?? 0));
  }
});

test('everything that happens to receivables has happened', async () => {
  const statuses = await query<{ status: string }>(
    `select distinct status from invoice union select distinct status from payment union select distinct status from credit_note`,
  );
  expect(statuses.map((s) => s.status)).toEqual(
    expect.arrayContaining([
      'DRAFT',
      'CANCELLED',
      'OPEN',
      'PARTIALLY_PAID',
      'PAID',
      'CREDITED',
      'WRITTEN_OFF',
      'PENDING',
      'FAILED',
      'UNAPPLIED',
      'PARTIALLY_APPLIED',
      'APPLIED',
      'RETURNED',
    ]),
  );
  const kinds = await query<{ kind: string }>('select distinct kind from allocation');
  expect(kinds.map((k) => k.kind).sort()).toEqual(['CASH', 'CREDIT', 'DISCOUNT', 'RETURN', 'WRITE_OFF']);
  const taxes = await query<{ tax: string }>(`select distinct tax_category || ' ' || round(tax_rate) as tax from invoice_tax`);
  expect(taxes.map((t) => t.tax)).toEqual(expect.arrayContaining(['S 19', 'S 7', 'S 10', 'Z 0', 'E 0', 'K 0', 'AE 0', 'G 0']));
  expect(await one(`select count(*) > 5 as foreign from allocation where to_currency <> from_currency`)).toEqual({
    foreign: true,
  });
  expect(await one(`select count(*) > 50 as central from allocation where account_id <> from_account_id`)).toEqual({
    central: true,
  });
  expect(await one(`select bool_and(closed_through > '${addDays(end, -110)}') as closed from legal_entity`)).toEqual({
    closed: true,
  });
});

test('what was recorded is historic, and the log is in the order of time', async () => {
  expect(
    await one(
      'select count(*)::int as out_of_order from (select recorded_at, lag(recorded_at) over (order by position) as before from event) e where recorded_at < before',
    ),
  ).toEqual({ out_of_order: 0 });
  const { first, last, lag } = await one<{ first: string; last: string; lag: number }>(
    `select min(recorded_at)::date::text as first, max(recorded_at)::date::text as last, max(recorded_at::date - effective_on) as lag from event`,
  );
  expect(first).toBe(addDays(end, -548));
  expect([end, addDays(end, 1)]).toContain(last);
  expect(lag).toBeLessThan(40);
});

test('people of every role and of three customers can sign in', async () => {
  const found = await query<{ subject: string; roles: string[] }>(
    `select a.subject, array_agg(r.role) as roles from actor a join actor_role r on r.actor_id = a.id where a.issuer = '${ISSUER}' group by 1`,
  );
  const expected = [
    ...['admin', ...PEOPLE.map((p) => p.role)].map((role) => ({ subject: role, roles: [role] })),
    ...PORTAL_CUSTOMERS.map(({ number }) => ({ subject: `portal:${number}`, roles: ['portal'] })),
  ];
  expect(found).toEqual(expect.arrayContaining(expected));
  expect(found).toHaveLength(expected.length);
});

/** How many there are of each, by name. */
const counts = async (text: string): Promise<Record<string, number>> =>
  Object.fromEntries((await query<{ name: string; count: number }>(text)).map(({ name, count }) => [name, count]));

test('there are orders in every state that a console shows', async () => {
  const orders = await counts(`select lifecycle as name, count(*)::int as count from sales_order group by 1`);
  expect(Object.keys(orders).sort()).toEqual(['CANCELLED', 'CLOSED_SHORT', 'COMPLETED', 'CONFIRMED', 'DRAFT', 'SUBMITTED']);
  expect(orders['COMPLETED']).toBeGreaterThan(40);
  expect(Math.min(...Object.values(orders))).toBeGreaterThan(0);
  const fulfilments = await counts(`select lifecycle as name, count(*)::int as count from fulfilment group by 1`);
  expect(fulfilments).toMatchObject({ PLANNED: expect.any(Number), RELEASED: expect.any(Number), SHIPPED: expect.any(Number) });
  expect(fulfilments['DELIVERED']).toBeGreaterThan(40);
  const found = await one<Record<string, number>>(`select
    count(*) filter (where lifecycle = 'CONFIRMED' and fulfilment_status = 'NONE' and open_hold_count = 0)::int as unshipped,
    count(*) filter (where lifecycle = 'CONFIRMED' and fulfilment_status = 'PARTIAL' and billing_status = 'PARTIAL')::int as begun,
    count(*) filter (where lifecycle = 'SUBMITTED' and open_hold_count = 0)::int as waiting,
    count(*) filter (where return_status = 'PARTIAL' and credited_minor > 0)::int as returned,
    count(*) filter (where billing_rule = 'ON_ORDER' and lifecycle = 'COMPLETED')::int as in_advance,
    count(*) filter (where credit_stage = 'RELEASE')::int as checked_late,
    (select count(distinct fulfilment_id)::int from tracking_event) as tracked,
    (select count(*)::int from invoice where order_id is not null and status = 'PAID') as paid,
    (select count(*)::int from allocation l join open_item i on i.id = l.to_item_id join invoice v on v.id = i.document_id
      where v.order_id is not null and l.kind = 'DISCOUNT' and l.rule = 'early-payment') as early
    from sales_order`);
  expect(Object.entries(found).filter(([, count]) => count === 0)).toEqual([]);
});

test('orders are held for every reason there is, and two wait for a second person', async () => {
  expect(await counts(`select distinct kind || ' ' || stage as name, 1 as count from hold where lifecycle = 'OPEN'`)).toEqual({
    'CREDIT ORDER': 1,
    'CREDIT RELEASE': 1,
    'DUPLICATE ORDER': 1,
    'FRAUD RELEASE': 1,
    'MANUAL ORDER': 1,
    'VALIDATION ORDER': 1,
    'VALIDATION RELEASE': 1,
  });
  expect(
    await counts(
      `select kind || ' ' || lifecycle as name, count(*)::int as count from approval where kind = 'CREDIT_RELEASE' group by 1`,
    ),
  ).toEqual({ 'CREDIT_RELEASE APPROVED': 2, 'CREDIT_RELEASE REQUESTED': 2 });
  expect(await counts(`select kind as name, count(*)::int as count from hold where lifecycle = 'RELEASED' group by 1`)).toEqual({
    CREDIT: 2,
    MANUAL: 1,
  });
});

test('most customers have a credit limit, some are near it, a few beyond, and one holds for companies of two legal entities', async () => {
  const used = await one<Record<string, number>>(`select count(*)::int as limits,
      count(*) filter (where exposure_minor > limit_group_minor)::int as beyond,
      count(*) filter (where exposure_minor between 0.7 * limit_group_minor and limit_group_minor)::int as near,
      (select count(*)::int from credit_account where is_blocked) as blocked
    from credit_account where limit_minor is not null`);
  expect(used).toMatchObject({ limits: 58, blocked: 3 });
  expect(used['beyond']).toBeGreaterThanOrEqual(3);
  expect(used['beyond']).toBeLessThan(8);
  expect(used['near']).toBeGreaterThan(4);
  expect(
    await one(`select count(distinct a.legal_entity_id)::int as entities from customer p join customer c on c.parent_id = p.id
      join customer_account a on a.customer_id = c.id join credit_account k on k.customer_id = p.id
      where p.number = 'C-1001' and k.limit_minor is not null`),
  ).toEqual({ entities: 2 });
});

test('each customer that signs in to the portal sees orders of its own', async () => {
  for (const { number } of PORTAL_CUSTOMERS) {
    const person = await world.as(`portal:${number}`, 'demo');
    const { orders } = await person.ask('{ orders(first: 50) { totalCount nodes { account { number } } } }');
    expect(orders.totalCount).toBeGreaterThan(3);
    for (const { account } of orders.nodes) expect(account.number).toBe(number);
  }
});

test('the README’s walk works in it as printed, and it keeps every invariant', async () => {
  const last = await walkLine((role) => world.as(role, 'demo'));
  expect(last.order).toEqual({ lifecycle: 'COMPLETED', fulfilmentStatus: 'FULL', billingStatus: 'FULL', paymentStatus: 'FULL' });
  await world.platform.sealer.sealed();
  expect(await broken(database, tenantId)).toEqual([]);
});

test('legal entities whose books are in SAP, NetSuite and QuickBooks join it: eighteen months each, credits, what was voided, what is late', async () => {
  const dataDir = makeScratchFolder();
  const closers: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of closers) await close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const { signal } = new AbortController();
  const own = async (close: () => Promise<unknown>) => void closers.push(close);
  const life = { own, signal, stopped: new Promise<void>(() => {}) };
  const erps = await openDemoErps(world.platform, { life, dataDir });
  expect(erps.atWork.map(({ title }) => title)).toEqual(['SAP', 'NetSuite', 'QuickBooks']);
  await erps.follow(Number(new URL(world.url).port));
  expect(await query(`select health, failure from connection_state`)).toEqual(
    erps.atWork.map(() => ({ health: 'HEALTHY', failure: null })),
  );
  expect(await query(`select message from sync_issue`)).toEqual([]);
  for (const { title, legalEntities } of erps.atWork) {
    const codes = legalEntities.map((code) => `'${code}'`).join();
    const found = await one<Record<string, number>>(`with e as (select id from legal_entity where code in (${codes})),
        i as (select * from invoice where legal_entity_id in (select id from e))
      select (select count(*)::int from i) as invoices, (select max(issued_on) - min(issued_on) from i) as days,
        (select count(*)::int from i where status = 'VOIDED') as voided, (select count(*)::int from i where due_on < '${end}' and open_minor > 0) as late,
        (select count(*)::int from i where status = 'PARTIALLY_PAID') as begun, (select count(*)::int from i where order_id is not null) as ordered,
        (select count(*)::int from sales_order where legal_entity_id in (select id from e)) as orders,
        (select count(*)::int from payment where legal_entity_id in (select id from e)) as payments,
        (select count(*)::int from credit_note where legal_entity_id in (select id from e)) as credits`);
    expect(
      Object.entries(found).filter(([, count]) => count === 0),
      title,
    ).toEqual([]);
    expect(found['invoices'], title).toBeGreaterThan(80);
    expect(found['days'], title).toBeGreaterThan(500);
  }
  const [delivered] = await query<{ count: number }>(`select count(*)::int as count from fulfilment where origin = 'OBSERVED'`);
  expect(delivered?.count).toBeGreaterThan(100);
  // some customers are known to several of them, by other names
  const { customerMatches } = await (await world.as('credit', 'demo')).ask(
    '{ customerMatches(first: 50) { nodes { lifecycle score } } }',
  );
  expect(customerMatches.nodes.length).toBeGreaterThan(3);
  await world.platform.sealer.sealed();
  expect(await broken(database, tenantId)).toEqual([]);
}, 180_000);
