// Allocations in any order and back: whatever the currencies, decimals and rates, what a reversal gives back is what was taken.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { currency as known, exponentOf } from '../../src/kernel/currency.ts';
import { publicId, startWorld } from '../support/world.ts';
import { broken, commandsOf, range, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const CURRENCIES = ['JPY', 'EUR', 'USD', 'KWD'] as const;
const DAYS = 8;
const dayOf = (n: number) => `2026-06-0${1 + (n % DAYS)}`;

let made = 0;
const rateArbitrary = fc.tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 0, max: 8 })).map(([digits, scale]) => {
  const text = String(digits).padStart(scale + 1, '0');
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
});
const documentArbitrary = fc.record({
  currency: fc.constantFrom(...CURRENCIES),
  minor: fc.integer({ min: 1, max: 100_000 }),
  day: fc.nat(DAYS - 1),
});
const stepArbitrary = fc.record({
  back: fc.boolean(),
  payment: fc.nat(2),
  invoice: fc.nat(2),
  share: fc.integer({ min: 1, max: 130 }),
  fromShare: fc.integer({ min: 1, max: 110 }),
  which: fc.nat(20),
});
const caseArbitrary = fc.record({
  base: fc.constantFrom('JPY', 'EUR', 'KWD'),
  rates: fc.array(rateArbitrary, { minLength: 24, maxLength: 24 }),
  invoices: fc.array(documentArbitrary, { minLength: 3, maxLength: 3 }),
  payments: fc.array(documentArbitrary, { minLength: 3, maxLength: 3 }),
  steps: fc.array(stepArbitrary, { minLength: 4, maxLength: 14 }),
});
type Case = typeof caseArbitrary extends fc.Arbitrary<infer T> ? T : never;

const decimalOf = (minor: bigint, currency: string) => {
  const exponent = exponentOf(known(currency));
  const digits = String(minor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
};

interface Item {
  readonly id: string;
  readonly currency: string;
  readonly original: bigint;
  open: bigint;
}
interface Taken {
  readonly id: string;
  readonly to: Item;
  readonly from: Item;
  readonly toMinor: bigint;
  readonly fromMinor: bigint;
}

/** Books of a legal entity of their own in a tenant of their own, so that each has its own rates. */
async function open({ base, rates, invoices, payments }: Case) {
  made += 1;
  const tenantId = await world.addTenant(`give-${made}`);
  const mine = await commandsOf(world, 'admin', `give-${made}`);
  const pairs = CURRENCIES.flatMap((from) => CURRENCIES.filter((to) => to !== from).map((to) => [from, to] as const));
  const inputs = pairs.flatMap(([fromCurrency, toCurrency], i) =>
    range(2).map((n) => ({ fromCurrency, toCurrency, validOn: dayOf(n * 4), rate: rates[i * 2 + n] })),
  );
  for (const outcome of await mine.set('setExchangeRate', inputs)) expect(outcome).toMatchObject({ ok: true });
  const legalEntityId = publicId(
    'le',
    await mine.make('createLegalEntity', { code: 'X', name: 'X', country: 'DE', functionalCurrency: base, timeZone: 'UTC' }),
  );
  await mine.make('importCustomer', { legalEntityId, number: 'C', name: 'C', currency: base });
  const document = async (
    command: string,
    prefix: string,
    d: Case['invoices'][number],
    i: number,
    days: object,
  ): Promise<Item> => {
    const minor = BigInt(d.minor);
    const id = await mine.make(command, {
      legalEntityId,
      externalId: String(i),
      customerNumber: 'C',
      amount: decimalOf(minor, d.currency),
      currency: d.currency,
      ...days,
    });
    return { id: publicId(prefix, id), currency: d.currency, original: minor, open: minor };
  };
  const owed: Item[] = [];
  const paid: Item[] = [];
  for (const [i, d] of invoices.entries())
    owed.push(await document('importInvoice', 'inv', d, i, { issuedOn: dayOf(d.day), dueOn: '2026-07-01' }));
  for (const [i, d] of payments.entries()) paid.push(await document('importPayment', 'pay', d, i, { receivedOn: dayOf(d.day) }));
  return { tenantId, mine, owed, paid };
}

const itemsOf = (tenantId: string) =>
  rowsOf<{ document: string; open: string; base_open: string; base_original: string; taken: string; base_taken: string }>(
    world,
    `select i.document_id as document, abs(i.open_minor)::text as open, i.base_open_minor::text as base_open, i.base_original_minor::text as base_original,
       (select coalesce(sum(case when a.to_item_id = i.id then a.to_minor else a.from_minor end), 0) from allocation a where i.id in (a.to_item_id, a.from_item_id))::text as taken,
       (select coalesce(sum(case when a.to_item_id = i.id then a.to_base_minor else -a.from_base_minor end), 0) from allocation a where i.id in (a.to_item_id, a.from_item_id))::text as base_taken
     from open_item i where i.tenant_id = $1`,
    [tenantId],
  );

type Company = Awaited<ReturnType<typeof open>>;

async function take(
  { mine, tenantId }: Company,
  { to, from, step }: { to: Item; from: Item; step: Case['steps'][number] },
): Promise<Taken | null> {
  const toMinor = (to.original * BigInt(step.share)) / 100n;
  const fromMinor = to.currency === from.currency ? toMinor : (from.original * BigInt(step.fromShare)) / 100n;
  const allocation = {
    invoiceId: to.id,
    amount: decimalOf(toMinor, to.currency),
    ...(to.currency === from.currency ? {} : { fromAmount: decimalOf(fromMinor, from.currency) }),
  };
  const outcome = await mine.run('applyCash', { paymentId: from.id, allocations: [allocation], effectiveOn: '2026-06-30' });
  const fits = toMinor > 0n && fromMinor > 0n && toMinor <= to.open && fromMinor <= from.open;
  expect(outcome.ok, JSON.stringify(outcome)).toBe(fits);
  if (!fits) return null;
  const [row] = await rowsOf<{ id: string }>(world, 'select id from allocation where tenant_id = $1 order by id desc limit 1', [
    tenantId,
  ]);
  to.open -= toMinor;
  from.open -= fromMinor;
  return { id: row?.id ?? '', to, from, toMinor, fromMinor };
}

async function giveBack({ mine }: Company, taken: Taken): Promise<void> {
  await mine.make('reverseAllocation', { id: publicId('alc', taken.id) });
  taken.to.open += taken.toMinor;
  taken.from.open += taken.fromMinor;
}

async function check({ tenantId, owed, paid }: Company): Promise<void> {
  const rows = await itemsOf(tenantId);
  const openOf = new Map(rows.map((row) => [row.document, BigInt(row.open)]));
  for (const item of [...owed, ...paid]) expect(openOf.get(item.id.slice(4)), item.id).toBe(item.open);
  for (const row of rows) expect(BigInt(row.base_open)).toBe(BigInt(row.base_original) - BigInt(row.base_taken));
}

it('gives back exactly what was taken, in both currencies, after any order of partial allocations and reversals', async () => {
  let allocations = 0;
  await fc.assert(
    fc.asyncProperty(caseArbitrary, async (one) => {
      const company = await open(one);
      let live: Taken[] = [];
      for (const step of one.steps) {
        const again = live[step.which % Math.max(1, live.length)];
        if (step.back && again) {
          await giveBack(company, again);
          live = live.filter((taken) => taken !== again);
          continue;
        }
        const taken = await take(company, {
          to: company.owed[step.invoice] as Item,
          from: company.paid[step.payment] as Item,
          step,
        });
        if (!taken) continue;
        allocations += 1;
        live.push(taken);
      }
      await check(company);
      expect(await broken(world, company.tenantId)).toEqual([]);
      for (const taken of live) await giveBack(company, taken);
      await check(company);
      for (const row of await itemsOf(company.tenantId)) expect(row.base_open).toBe(row.base_original);
      expect(await broken(world, company.tenantId)).toEqual([]);
    }),
    { numRuns: 7, seed: 20_260_630, endOnFailure: true },
  );
  expect(allocations).toBeGreaterThan(10);
});
