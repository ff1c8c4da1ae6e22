// The demo company: made once by ordinary commands, gone on with after a start that was killed, believable, and true to every invariant.
import { beforeAll, expect, test } from 'vitest';
import { lastDayAt } from '../src/cli/demo/calendar.ts';
import { PEOPLE } from '../src/cli/demo/company.ts';
import { PORTAL_CUSTOMERS } from '../src/cli/demo/customers.ts';
import { seedDemo } from '../src/cli/demo/index.ts';
import { historyOf, stepsOf } from '../src/cli/demo/plan.ts';
import { loadConfig } from '../src/config.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { addDays } from '../src/kernel/date.ts';
import { freshDatabase } from './support/database.ts';
import { broken } from './support/invariants.ts';

const database = await freshDatabase();
const seed = (say: (line: string) => void = () => {}) =>
  seedDemo({
    connection: database.connection,
    rolePrefix: 'cashgraph',
    config: loadConfig({ NODE_ENV: 'test' }),
    issuer: 'urn:test',
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

let tenantId = '';
/** The day on which it was begun: nobody knows whether a test runs over midnight. */
let end = '';
/** How the first start ended, and what the two said that came after it at once. */
let reason = '';
const said: string[] = [];

beforeAll(async () => {
  end = lastDayAt(systemClock.now());
  const killed = seed((line) => {
    if (line.includes('33 %')) throw new Error('killed');
  });
  reason = await killed.then(
    () => '',
    (error: Error) => error.message,
  );
  await Promise.all([seed((line) => said.push(line)), seed((line) => said.push(line))]);
  const { rows } = await database.as('system').query<{ id: string }>(`select tenant_id as id from tenant where slug = 'demo'`);
  tenantId = rows[0]?.id ?? '';
}, 180_000);

test('every invariant holds', async () => {
  expect(await broken(database, tenantId)).toEqual([]);
}, 60_000);

test('of two starts after one that was killed, one goes on with it and the other waits', () => {
  expect(reason).toBe('killed');
  expect(said.filter((line) => line.includes('Going on'))).toHaveLength(1);
  expect(said.filter((line) => line.includes('is there'))).toHaveLength(1);
});

test('a start that was killed and one that went through make the same', async () => {
  const { invoices, payments, credits, losses } = historyOf(end);
  const happened = payments.filter((p) => p.bookedOn <= end);
  expect(
    await one(`select count(*)::int as invoices, sum(total_minor)::text as total from invoice where lifecycle = 'ISSUED'`),
  ).toEqual({
    invoices: invoices.length,
    total: invoices.reduce((sum, i) => sum + i.totalMinor, 0n).toString(),
  });
  expect(
    await one(
      `select count(*)::int as payments, sum(amount_minor)::text as total from payment where lifecycle in ('RECEIVED', 'RETURNED')`,
    ),
  ).toEqual({
    payments: happened.length,
    total: happened.reduce((sum, p) => sum + p.minor, 0n).toString(),
  });
  expect(await one('select count(*)::int as notes from credit_note')).toEqual({
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
  expect(taxes.map((t) => t.tax)).toEqual(expect.arrayContaining(['S 19', 'S 7', 'S 10', 'Z 0', 'E 0', 'K 0', 'G 0']));
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
    `select a.subject, array_agg(r.role) as roles from actor a join actor_role r on r.actor_id = a.id where a.issuer = 'urn:test' group by 1`,
  );
  const expected = [
    ...['admin', ...PEOPLE.map((p) => p.role)].map((role) => ({ subject: role, roles: [role] })),
    ...PORTAL_CUSTOMERS.map(({ number }) => ({ subject: `portal:${number}`, roles: ['portal'] })),
  ];
  expect(found).toEqual(expect.arrayContaining(expected));
  expect(found).toHaveLength(expected.length);
});
