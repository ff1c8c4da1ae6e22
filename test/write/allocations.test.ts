// What may be set against what: amounts, currencies, customers, days; and what an exchange rate that moved leaves in the books.
import { expect, it } from 'vitest';
import { openBooks, startWorld } from '../support/world.ts';
import { broken, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { accountId, legalEntityId } = await openBooks(world);
const admin = await world.as('admin');
for (const [validOn, rate] of [
  ['2026-06-01', '0.9'],
  ['2026-06-15', '0.8'],
]) {
  await admin.do('setExchangeRate', { fromCurrency: 'USD', toCurrency: 'EUR', validOn, rate }, 'exchangeRate');
}

const invoice = async (price: string, { account = accountId, issuedOn = '2026-06-10', currency = 'EUR' } = {}) => {
  // imported, so that its day may be any
  const [row] = await rowsOf<{ number: string; le: string }>(
    world,
    'select number, legal_entity_id as le from customer_account where id = $1',
    [account.slice(4)],
  );
  const input = {
    legalEntityId: `le_${row?.le}`,
    externalId: crypto.randomUUID(),
    customerNumber: row?.number,
    amount: price,
    currency,
    issuedOn,
    dueOn: '2026-07-31',
  };
  return (await admin.do('importInvoice', input, 'invoice')).id as string;
};
const payment = async (amount: string, { account = accountId, receivedOn = '2026-06-20', currency = 'EUR' } = {}) =>
  (await admin.do('recordPayment', { accountId: account, amount: { amount, currency }, receivedOn }, 'payment')).id as string;
const apply = (paymentId: string, invoiceId: string, amount: string, more: object = {}, whole: object = {}) =>
  admin.do(
    'applyCash',
    { paymentId, allocations: [{ invoiceId, amount, ...more }], ...whole },
    'payment',
    'status unapplied { amount }',
  );
const refusal = async (paymentId: string, invoiceId: string, amount: string, more: object = {}, whole: object = {}) =>
  (await admin.refused('applyCash', { paymentId, allocations: [{ invoiceId, amount, ...more }], ...whole }))[0]?.code;

const shownOf = async (id: string) =>
  (await admin.ask('query($id: ID!) { invoice(id: $id) { status open { amount } paid { amount } } }', { id })).invoice;
/** What the allocations of an invoice have posted, by code: debits less credits, in minor units of each currency and in functional currency. */
const postedOn = async (id: string) => {
  const rows = await rowsOf<{ line: string }>(
    world,
    `select s.code || ' ' || s.currency || ' ' || sum(s.minor) || ' ' || sum(s.base) as line
     from allocation a join open_item i on i.id = a.to_item_id join transfer t on t.entry_id = a.entry_id
     cross join lateral (values (t.debit_code, t.currency, t.amount_minor, t.base_minor), (t.credit_code, t.currency, -t.amount_minor, -t.base_minor)) as s(code, currency, minor, base)
     where i.document_id = $1 group by s.code, s.currency`,
    [id.slice(4)],
  );
  return rows.map((row) => row.line).sort();
};

it('books the difference of the rates when both documents are in a foreign currency, and takes it back with the allocation', async () => {
  const owed = await invoice('100', { currency: 'USD' });
  const paid = await payment('100', { currency: 'USD' });
  expect(await apply(paid, owed, '100')).toEqual({ status: 'APPLIED', unapplied: { amount: '0.00' } });
  expect(await postedOn(owed)).toEqual(['FX USD 0 1000', 'RECEIVABLE USD 0 -1000']);
  const [allocation] = await rowsOf<{ id: string }>(
    world,
    'select a.id from allocation a join open_item i on i.id = a.to_item_id where i.document_id = $1',
    [owed.slice(4)],
  );
  await admin.do('reverseAllocation', { id: `alc_${allocation?.id}` }, 'allocation');
  expect(await postedOn(owed)).toEqual(['FX USD 0 0', 'RECEIVABLE USD 0 0']);
  expect(await shownOf(owed)).toEqual({ status: 'OPEN', open: { amount: '100.00' }, paid: { amount: '0.00' } });
});

it('sets a payment in one currency against an invoice in another, by what is said of each, over currency clearing', async () => {
  const owed = await invoice('100', { currency: 'USD' });
  const paid = await payment('85');
  expect(await refusal(paid, owed, '100')).toBe('CURRENCY_MISMATCH');
  expect(await apply(paid, owed, '50', { fromAmount: '42.50' })).toEqual({
    status: 'PARTIALLY_APPLIED',
    unapplied: { amount: '42.50' },
  });
  expect(await apply(paid, owed, '50', { fromAmount: '42.50' })).toEqual({ status: 'APPLIED', unapplied: { amount: '0.00' } });
  expect(await postedOn(owed)).toEqual([
    'CURRENCY_CLEARING EUR -8500 -8500',
    'CURRENCY_CLEARING USD 10000 8500',
    'FX USD 0 500',
    'RECEIVABLE EUR 8500 8500',
    'RECEIVABLE USD -10000 -9000',
  ]);
  expect((await shownOf(owed)).status).toBe('PAID');
});

it('lets a customer pay for customers below it, and nobody for a stranger or for one above', async () => {
  const parent = await openBooks(world, { code: 'P1', number: 'P' });
  const childId = (await admin.do('createCustomer', { number: 'CH', name: 'Child', parentId: parent.customerId }, 'customer')).id;
  const child = (
    await admin.do(
      'openAccount',
      { customerId: childId, legalEntityId: parent.legalEntityId, number: 'CH', currency: 'EUR' },
      'account',
    )
  ).id;
  const strangerId = (await admin.do('createCustomer', { number: 'ST', name: 'Stranger' }, 'customer')).id;
  const stranger = (
    await admin.do(
      'openAccount',
      { customerId: strangerId, legalEntityId: parent.legalEntityId, number: 'ST', currency: 'EUR' },
      'account',
    )
  ).id;
  const owed = await invoice('100', { account: child });
  const above = await invoice('100', { account: parent.accountId });
  const [byParent, byChild, byStranger] = [
    await payment('100', { account: parent.accountId }),
    await payment('100', { account: child }),
    await payment('100', { account: stranger }),
  ];
  expect(await refusal(byStranger, owed, '10')).toBe('ACCOUNT_MISMATCH');
  expect(await refusal(byChild, above, '10')).toBe('ACCOUNT_MISMATCH');
  expect((await apply(byParent, owed, '60')).status).toBe('PARTIALLY_APPLIED');
  expect((await apply(byChild, owed, '40')).status).toBe('PARTIALLY_APPLIED');
  expect((await shownOf(owed)).status).toBe('PAID');
  expect(await refusal(await payment('10'), owed, '10'), 'the books of another legal entity').toMatch(
    /ACCOUNT_MISMATCH|OVER_ALLOCATION/,
  );
  expect(await refusal(await payment('10'), above, '10'), 'the books of another legal entity').toBe('ACCOUNT_MISMATCH');
});

it('refuses more than is open of either document, nothing, and what a currency can not hold, and then changes nothing', async () => {
  const owed = await invoice('100');
  const paid = await payment('70');
  for (const [amount, code] of [
    ['70.01', 'OVER_ALLOCATION'],
    ['0', 'AMOUNT_INVALID'],
    ['-5', 'AMOUNT_INVALID'],
    ['1.005', 'AMOUNT_INVALID'],
  ] as const) {
    expect(await refusal(paid, owed, amount), amount).toBe(code);
  }
  expect(await refusal(await payment('200'), owed, '100.01')).toBe('OVER_ALLOCATION');
  expect(await refusal(paid, owed, '50', { fromAmount: '40' })).toBe('CURRENCY_MISMATCH');
  expect(await refusal(paid, owed, '50', { discount: '50.01' })).toBe('OVER_ALLOCATION');
  const [all] = await admin.refused('applyCash', {
    paymentId: paid,
    allocations: [
      { invoiceId: owed, amount: '40' },
      { invoiceId: owed, amount: '40' },
    ],
  });
  expect(all?.code).toBe('OVER_ALLOCATION');
  expect(await shownOf(owed)).toEqual({ status: 'OPEN', open: { amount: '100.00' }, paid: { amount: '0.00' } });
  await apply(paid, owed, '70', { discount: '30' });
  expect(await refusal(await payment('1'), owed, '1')).toBe('OVER_ALLOCATION');
});

it('refuses a day before either document, a day that is not here yet, and a closed one', async () => {
  const owed = await invoice('100', { issuedOn: '2026-06-10' });
  const paid = await payment('100', { receivedOn: '2026-06-20' });
  for (const effectiveOn of ['2026-06-09', '2026-06-19', '2026-07-01'])
    expect(await refusal(paid, owed, '1', {}, { effectiveOn }), effectiveOn).toBe('EFFECTIVE_DATE_INVALID');
  await apply(paid, owed, '10', {}, { effectiveOn: '2026-06-25' });
  const [allocation] = await rowsOf<{ id: string }>(
    world,
    'select a.id from allocation a join open_item i on i.id = a.to_item_id where i.document_id = $1',
    [owed.slice(4)],
  );
  const id = `alc_${allocation?.id}`;
  expect((await admin.refused('reverseAllocation', { id, effectiveOn: '2026-06-24' }))[0]?.code).toBe('EFFECTIVE_DATE_INVALID');
  await admin.do('closeBooks', { id: legalEntityId, through: '2026-06-27' }, 'legalEntity');
  expect(await refusal(paid, owed, '1', {}, { effectiveOn: '2026-06-27' })).toBe('PERIOD_CLOSED');
  await apply(paid, owed, '1', {}, { effectiveOn: '2026-06-28' });
  const reversal = await admin.do('reverseAllocation', { id, effectiveOn: '2026-06-26' }, 'allocation', 'effectiveOn');
  expect(reversal.effectiveOn, 'moved to the first open day').toBe('2026-06-28');
  expect((await admin.refused('reverseAllocation', { id }))[0]?.code).toBe('WRONG_STATE');
  expect(await broken(world, world.tenantId)).toEqual([]);
});
