// A set, and a bulk call, do what the same inputs do one by one, whatever is refused in it: same rows, transfers, items, events, answers.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Outcome } from '../../src/write/outcome.ts';
import { publicId, startWorld } from '../support/world.ts';
import { atOnce, broken, commandsOf, rowsOf } from './company.ts';
import { plain, snapshotOf } from './snapshot.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const admin = await commandsOf(world, 'admin');
for (const [fromCurrency, rate] of [
  ['USD', '0.91'],
  ['JPY', '0.00613'],
  ['KWD', '2.98'],
]) {
  await admin.make('setExchangeRate', { fromCurrency, toCurrency: 'EUR', validOn: '2026-06-05', rate });
}

const some = fc.constantFrom;
const dayArbitrary = fc
  .integer({ min: 1, max: 32 })
  .map((d) => (d === 32 ? '2026-07-01' : `2026-06-${String(Math.min(d, 30)).padStart(2, '0')}`));
const importArbitrary = fc.record({
  customer: some('C-1', 'C-1', 'C-2', 'C-2', 'nobody'),
  amount: some('100', '0.01', '99999.99', '7', '33.3', '0', '-5', '12.345', '9999999999999999'),
  currency: some('EUR', 'EUR', 'USD', 'JPY', 'KWD', 'GBP'),
  issuedOn: dayArbitrary,
  dueOn: dayArbitrary,
  settledOn: fc.option(dayArbitrary, { nil: undefined }),
  again: fc.integer({ min: 0, max: 9 }),
});
/** Mostly of the few invoices on the payer's own account, so that several payments of a set meet at one. */
const applyArbitrary = fc.array(
  fc.record({ invoice: fc.nat(2), isStray: fc.nat(3), amount: some('10', '33.33', '100', '160', '260', '0', '1.005') }),
  { minLength: 1, maxLength: 3 },
);
const issueArbitrary = fc.record({
  day: some('2026-06-10', '2026-06-10', '2026-06-10', '2026-06-12', '2026-07-01'),
  version: some(undefined, 1, 1, 1, 2),
});
const historyArbitrary = fc.record({
  imports: fc.array(importArbitrary, { maxLength: 12 }),
  issues: fc.array(issueArbitrary, { minLength: 6, maxLength: 6 }),
  applies: fc.array(applyArbitrary, { minLength: 2, maxLength: 8 }),
});
type History = typeof historyArbitrary extends fc.Arbitrary<infer T> ? T : never;
type Way = (name: string, inputs: readonly unknown[]) => Promise<readonly (Outcome | Done)[]>;
/** A bulk call doesn't say whether something new came of an input. */
interface Done {
  readonly ok: true;
  readonly recordId: string;
}

/** What came of each input: refused with which words, or done. */
const said = (outcomes: readonly (Outcome | Done)[], code: string) =>
  outcomes.map((o) => (o.ok ? { isNew: 'isNew' in o ? o.isNew : null } : plain(o.problems, code)));

async function books(code: string) {
  const legalEntityId = publicId(
    'le',
    await admin.make('createLegalEntity', {
      code,
      name: code,
      country: 'DE',
      functionalCurrency: 'EUR',
      timeZone: 'Europe/Berlin',
    }),
  );
  const accounts: string[] = [];
  for (const number of ['C-1', 'C-2']) {
    const customerId = publicId(
      'cus',
      await admin.make('importCustomer', { legalEntityId, number, name: number, currency: 'EUR' }),
    );
    const [row] = await rowsOf<{ id: string }>(
      world,
      'select id from customer_account where customer_id = $1 and legal_entity_id = $2',
      [customerId.slice(4), legalEntityId.slice(3)],
    );
    accounts.push(publicId('acc', row?.id ?? ''));
  }
  return { code, legalEntityId, accounts };
}

async function live({ code, legalEntityId, accounts }: Awaited<ReturnType<typeof books>>, history: History, way: Way) {
  const idOf = (prefix: string, outcome: Outcome | Done | undefined) =>
    publicId(prefix, outcome?.ok ? outcome.recordId : '00000000-0000-7000-8000-000000000000');
  const imports = history.imports.map(({ customer: customerNumber, again: _, settledOn, ...rest }, i) => ({
    legalEntityId,
    externalId: `${code} ${i}`,
    customerNumber,
    number: `N-${i}`,
    ...rest,
    ...(settledOn ? { settledOn } : {}),
  }));
  // some come twice in one set: then the second changes nothing
  const twice = imports.flatMap((input, i) => (history.imports[i]?.again === 0 ? [input, input] : [input]));
  const imported = await way('importInvoice', twice);
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '210', taxCategory: 'S', taxRate: '19' }];
  const drafts = await way(
    'draftInvoice',
    history.issues.map((_, i) => ({ accountId: accounts[i % 2], lines })),
  );
  const issued = await way(
    'issueInvoice',
    history.issues.map(({ day, version }, i) => ({
      id: idOf('inv', drafts[i]),
      issuedOn: day,
      ...(version ? { expectedVersion: version } : {}),
    })),
  );
  const payments = await way(
    'recordPayment',
    history.applies.map((_, i) => ({
      accountId: accounts[i % 2],
      amount: { amount: '300', currency: 'EUR' },
      receivedOn: '2026-06-20',
    })),
  );
  const invoices = [...drafts, ...imported].map((outcome) => idOf('inv', outcome));
  const applied = await way(
    'applyCash',
    history.applies.map((list, i) => ({
      paymentId: idOf('pay', payments[i]),
      allocations: list.map(({ invoice, isStray, amount }) => ({
        invoiceId: invoices[isStray === 0 ? invoice : invoice * 2 + (i % 2)],
        amount,
      })),
    })),
  );
  return [imported, drafts, issued, payments, applied].map((outcomes) => said(outcomes, code));
}

it('ends in the same rows, transfers, items, events and answers as the same inputs one by one', async () => {
  let count = 0;
  const singly: Way = (name, inputs) => atOnce(1, inputs, (input) => admin.run(name, input));
  const withoutNew = (name: string, inputs: readonly unknown[], way: Way) =>
    way(name, inputs).then((outcomes) => outcomes.map((o) => (o.ok ? { ok: o.ok, recordId: o.recordId } : o)));
  const set: Way = (name, inputs) => admin.set(name, inputs);
  const bulk: Way = async (name, inputs) =>
    (await admin.bulk(name, inputs)).map(({ recordId, problems }) =>
      recordId === null ? { ok: false, problems } : { ok: true, recordId },
    );
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(historyArbitrary, async (history) => {
      count += 1;
      const [together, apart] = [await books(`SET${count}X`), await books(`ONE${count}X`)];
      const [a, b] = [
        await live(together, history, count % 2 === 0 ? bulk : set),
        await live(apart, history, count % 2 === 0 ? (name, inputs) => withoutNew(name, inputs, singly) : singly),
      ];
      expect(a).toEqual(b);
      for (const code of JSON.stringify(b).match(/[A-Z]+_[A-Z_]+/g) ?? []) seen.add(code);
      expect(await snapshotOf(world, together.legalEntityId.slice(3), together.code)).toEqual(
        await snapshotOf(world, apart.legalEntityId.slice(3), apart.code),
      );
    }),
    { numRuns: 8, seed: 20_260_630, endOnFailure: true },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'ACCOUNT_MISMATCH',
      'AMOUNT_INVALID',
      'EFFECTIVE_DATE_INVALID',
      'OVER_ALLOCATION',
      'RATE_MISSING',
      'VERSION_CONFLICT',
    ]),
  );
  expect(await broken(world, world.tenantId)).toEqual([]);
});
