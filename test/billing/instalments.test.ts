// Invoices that are paid in parts: one item per instalment, in the books too, each with its share of the discount for paying early.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread } from '../../src/o2c/invoice/document-legs.rules.ts';
import { broken } from '../support/invariants.ts';
import { openTrade } from '../support/trade.ts';
import { type Shown, startWorld } from '../support/world.ts';
import { INVOICE, openShop } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const trade = await openTrade(world);
const admin = await world.as('admin');
const cash = await world.as('cash');
const { billing, place, bill } = await openShop(world, trade.accountId);

const terms = await admin.do(
  'createPaymentTerms',
  {
    code: 'THIRDS',
    name: 'In three parts',
    netDays: 90,
    discountDays: 10,
    discountPercent: '3',
    instalments: [
      { instalment: 1, percent: '33.3333', netDays: 14 },
      { instalment: 2, percent: '33.3333', netDays: 45 },
      { instalment: 3, percent: '33.3334', netDays: 90 },
    ],
  },
  'paymentTerms',
);
await admin.do(
  'setExchangeRate',
  { fromCurrency: 'USD', toCurrency: 'EUR', validOn: '2026-01-01', rate: '0.913457' },
  'exchangeRate',
);

const sumOf = (rows: readonly Shown[], field: string) =>
  rows.reduce((sum: bigint, row) => sum + BigInt(row[field].amount.replace('.', '')), 0n);

async function invoice(unitPrice: string, more: Record<string, unknown> = {}): Promise<Shown> {
  const line = { description: 'Plant', unitPrice, quantity: '1', taxCategory: 'S', taxRate: '19' };
  const order = await place([line], { paymentTermsId: terms.id, ...more });
  return bill(order.id);
}

it('has an item for each part, which together are the total and the discount', async () => {
  const made = await invoice('100.01');
  expect(made).toMatchObject({
    total: { amount: '119.01' },
    dueOn: '2026-05-31',
    discountUntil: '2026-03-12',
    discountOffered: { amount: '3.57' },
    items: [
      { instalment: 1, dueOn: '2026-03-16', original: { amount: '39.67' }, discountUntil: '2026-03-12' },
      { instalment: 2, dueOn: '2026-04-16', original: { amount: '39.67' }, discountUntil: '2026-03-12' },
      { instalment: 3, dueOn: '2026-05-31', original: { amount: '39.67' }, discountUntil: '2026-03-12' },
    ],
  });
  expect(sumOf(made.items, 'discountOffered')).toBe(357n);
});

it('is settled part after part, and the dates of the parts stay', async () => {
  const made = await invoice('1000');
  const pay = async (amount: string, takeDiscount: boolean) => {
    const payment = await cash.do(
      'recordPayment',
      { accountId: trade.accountId, amount: { amount, currency: 'EUR' } },
      'payment',
    );
    await cash.do('applyCash', { paymentId: payment.id, allocations: [{ invoiceId: made.id, amount, takeDiscount }] }, 'payment');
    return (await billing.ask(`query($id: ID!) { invoice(id: $id) { ${INVOICE} } }`, { id: made.id })).invoice;
  };
  const [first] = made.items;
  const once = await pay(first.original.amount, false);
  expect(once).toMatchObject({ status: 'PARTIALLY_PAID', dueOn: made.dueOn });
  expect(once.items.map((item: Shown) => item.open.amount === '0.00')).toEqual([true, false, false]);
  const whole = await pay(once.open.amount, false);
  expect(whole).toMatchObject({ status: 'PAID', open: { amount: '0.00' } });
});

it('holds in another currency and for a draft that is issued, and a due date by hand makes it one part', async () => {
  const lines = [
    { description: 'Fan', quantity: '3', unitPrice: '33.33', taxCategory: 'S', taxRate: '7' },
    { description: 'Rebate', quantity: '-1', unitPrice: '10', taxCategory: 'S', taxRate: '19' },
  ];
  const input = { accountId: trade.accountId, currency: 'USD', paymentTermsId: terms.id, lines };
  const draft = async () => (await billing.do('draftInvoice', input, 'invoice')).id;
  const parted = await billing.do('issueInvoice', { id: await draft() }, 'invoice', `${INVOICE} baseTotal { amount }`);
  expect(parted.items).toHaveLength(3);
  expect(sumOf(parted.items, 'original')).toBe(BigInt(parted.total.amount.replace('.', '')));
  const whole = await billing.do('issueInvoice', { id: await draft(), dueOn: '2026-03-05' }, 'invoice', INVOICE);
  expect(whole.items).toMatchObject([{ instalment: 1, dueOn: '2026-03-05', discountUntil: '2026-03-05' }]);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

describe('spreading amounts over items', () => {
  it('keeps the sum of every amount and of every item, whatever the signs of the amounts', () => {
    const amount = fc.bigInt({ min: -1_000_000n, max: 1_000_000n });
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }),
        (rows, weights) => {
          const total = rows.reduce((a, b) => a + b, 0n);
          fc.pre(total >= 0n);
          const all = BigInt(weights.reduce((a, b) => a + b, 0) || 1);
          const columns = weights.map((w) => (total * BigInt(w)) / all);
          columns[columns.length - 1] = total - columns.slice(0, -1).reduce((a, b) => a + b, 0n);
          fc.pre(columns.every((c) => c >= 0n));
          const cells = spread(rows, columns);
          expect(cells.map((row) => row.reduce((a, b) => a + b, 0n))).toEqual(rows);
          expect(columns.map((_, i) => cells.reduce((sum, row) => sum + (row[i] ?? 0n), 0n))).toEqual(columns);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});
