// The discount for paying early: who gets it, how much, until when, and that it goes back with the payment that it came with.
import { describe, expect, it } from 'vitest';
import { broken, rowsOf } from '../write/company.ts';
import { bare, startWorld } from '../support/world.ts';
import { type CashCompany, itemsOf, openCash } from './company.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const plain = await openCash(world, { code: 'PLAIN' });
const lowered = await openCash(world, { code: 'TAX', reducesTax: true });
const on = (day: string) => world.clock.set(`${day}T09:00:00.000Z`);

// 1,000.00 at 19 %: 1,190.00, less 2 %: 23.80
const LARGE = [{ net: '1000.00' }];
// 33.33 at 19 % (6.33) and 12.57 at 7 % (0.88): 53.11, less 2 %: 1.06
const SMALL = [{ net: '33.33' }, { net: '12.57', rate: '7' }];

async function paidTogether(company: CashCompany) {
  on('2026-03-02');
  const invoices = [await company.invoice(LARGE), await company.invoice(SMALL)] as const;
  const before = { balances: await company.balances(), items: await Promise.all(invoices.map((id) => itemsOf(world, id))) };
  on('2026-03-12');
  const paymentId = await company.pay('1218.25');
  const [large, small] = invoices;
  const applied = await company.apply(paymentId, [
    { invoiceId: large, amount: '1166.20' },
    { invoiceId: small, amount: '52.05' },
  ]);
  expect(applied).toEqual({ status: 'APPLIED', unapplied: { amount: '0.00' } });
  return { invoices, paymentId, before };
}

describe.each([
  {
    name: 'a discount that leaves the tax alone',
    company: plain,
    after: { CASH_CLEARING: '121825', DISCOUNT: '2486', BILLED: '-104590', 'TAX S 19': '-19633', 'TAX S 7': '-88' },
  },
  {
    // 23.80 is 20.00 net and 3.80 tax; of 1.06 the net is 0.9161, the tax 0.1263 and 0.0176: rounded down, and the two cents left over to both taxes
    name: 'a discount that lowers the tax',
    company: lowered,
    after: { CASH_CLEARING: '121825', DISCOUNT: '2091', BILLED: '-104590', 'TAX S 19': '-19240', 'TAX S 7': '-86' },
  },
])('$name', ({ company, after }) => {
  it('comes by itself with one payment over two invoices, which both read paid, and the books foot', async () => {
    const { invoices, before, paymentId } = await paidTogether(company);
    for (const id of invoices) expect(await company.shown(id)).toMatchObject({ status: 'PAID', open: { amount: '0.00' } });
    expect(await company.balances()).toEqual(after);
    const [cash, discount, ...more] = await company.allocations(invoices[0]);
    expect(cash).toMatchObject({ kind: 'CASH', to_minor: '116620', rule: 'manual', with_id: null });
    expect(discount).toMatchObject({ kind: 'DISCOUNT', to_minor: '2380', rule: 'early-payment', with_id: cash?.id });
    expect(more).toEqual([]);
    expect(await broken(world, world.tenantId)).toEqual([]);

    on('2026-03-20');
    await company.people.cash.do('returnPayment', { id: paymentId, reason: 'AM04' }, 'payment');
    expect(await company.balances()).toEqual(before.balances);
    expect(await Promise.all(invoices.map((id) => itemsOf(world, id)))).toEqual(before.items);
    for (const id of invoices)
      expect(await company.shown(id)).toMatchObject({ status: 'OPEN', paid: { amount: '0.00' }, discounted: { amount: '0.00' } });
    expect(await broken(world, world.tenantId)).toEqual([]);
  });

  it('goes back with the allocation that it came with, or alone', async () => {
    const { invoices, before } = await paidTogether(company);
    const [large, small] = invoices;
    const [cash] = await company.allocations(large);
    await company.people.cash.do('reverseAllocation', { id: `alc_${cash?.id}` }, 'allocation');
    expect(await itemsOf(world, large)).toEqual(before.items[0]);
    expect(await company.shown(large)).toMatchObject({ status: 'OPEN', discounted: { amount: '0.00' } });
    const reversals = (await company.allocations(large)).filter((a) => a.reverses_id !== null);
    expect(reversals.map((a) => [a.kind, a.to_minor])).toEqual([
      ['CASH', '-116620'],
      ['DISCOUNT', '-2380'],
    ]);
    const discount = (await company.allocations(small)).find((a) => a.kind === 'DISCOUNT');
    await company.people.cash.do('reverseAllocation', { id: `alc_${discount?.id}` }, 'allocation');
    expect(await company.shown(small)).toMatchObject({
      status: 'PARTIALLY_PAID',
      open: { amount: '1.06' },
      paid: { amount: '52.05' },
    });
    const [again] = await company.people.cash.refused('reverseAllocation', { id: `alc_${discount?.id}` });
    expect(again?.code).toBe('WRONG_STATE');
    const [rest] = await company.allocations(small);
    await company.people.cash.do('reverseAllocation', { id: `alc_${rest?.id}` }, 'allocation');
    expect(await itemsOf(world, small)).toEqual(before.items[1]);
    expect(await broken(world, world.tenantId)).toEqual([]);
  });
});

describe('the last day', () => {
  const apply = (paymentId: string, invoiceId: string, more = {}) =>
    plain.apply(paymentId, [{ invoiceId, amount: '1166.20', ...more }]);

  it('still counts, and the day after does not, by itself or asked for', async () => {
    on('2026-04-01');
    const [first, second] = [await plain.invoice(LARGE), await plain.invoice(LARGE)];
    on('2026-04-11');
    await apply(await plain.pay('1166.20'), first);
    expect(await plain.shown(first)).toMatchObject({ status: 'PAID', discounted: { amount: '23.80' } });
    on('2026-04-12');
    const late = await plain.pay('1166.20');
    const error = await plain.refused(late, [{ invoiceId: second, amount: '1166.20', takeDiscount: true }]);
    expect(error).toMatchObject({ code: 'DISCOUNT_NOT_AVAILABLE', path: ['input', 'allocations', '0', 'takeDiscount'] });
    expect(error.message).toContain('2026-04-11, its last day');
    expect(error.message).toContain('2026-04-12');
    await apply(late, second);
    expect(await plain.shown(second)).toMatchObject({
      status: 'PARTIALLY_PAID',
      open: { amount: '23.80' },
      discounted: { amount: '0.00' },
    });
  });

  it('is that of the payment, not that of whoever applies it later', async () => {
    on('2026-04-20');
    const invoiceId = await plain.invoice(LARGE);
    on('2026-05-20');
    await apply(await plain.pay('1166.20', { receivedOn: '2026-04-30' }), invoiceId);
    expect(await plain.shown(invoiceId)).toMatchObject({ status: 'PAID', discounted: { amount: '23.80' } });
    expect((await plain.allocations(invoiceId)).map((a) => a.effective_on)).toEqual(['2026-04-30', '2026-04-30']);
  });
});

describe('a part payment', () => {
  it('gets its share when it asks for it, and the last gets the rest of what was offered', async () => {
    on('2026-06-01');
    const invoiceId = await plain.invoice(LARGE);
    const paymentId = await plain.pay('1166.20');
    // 500.00 x 23.80 / 1,166.20 = 10.204
    await plain.apply(paymentId, [{ invoiceId, amount: '500.00', takeDiscount: true }]);
    expect(await plain.shown(invoiceId)).toMatchObject({ open: { amount: '679.80' }, discounted: { amount: '10.20' } });
    await plain.apply(paymentId, [{ invoiceId, amount: '666.20' }]);
    expect(await plain.shown(invoiceId)).toMatchObject({ status: 'PAID', discounted: { amount: '23.80' } });
  });

  it('gets nothing without a word, and what is open then earns its own share only', async () => {
    on('2026-06-02');
    const invoiceId = await plain.invoice(LARGE);
    const paymentId = await plain.pay('1190.00');
    await plain.apply(paymentId, [{ invoiceId, amount: '595.00' }]);
    expect(await plain.shown(invoiceId)).toMatchObject({ open: { amount: '595.00' }, discounted: { amount: '0.00' } });
    // half is open, so half of 23.80 is offered
    await plain.apply(paymentId, [{ invoiceId, amount: '583.10' }]);
    expect(await plain.shown(invoiceId)).toMatchObject({ status: 'PAID', discounted: { amount: '11.90' } });
  });

  it('of what a credit note left gets the share of that', async () => {
    on('2026-06-03');
    const invoiceId = await plain.invoice(LARGE);
    const lines = [{ taxCategory: 'S', taxRate: '19', net: '500.00' }];
    await plain.people.billing.do('issueCreditNote', { invoiceId, reason: 'Damaged', lines }, 'creditNote');
    await plain.apply(await plain.pay('583.10'), [{ invoiceId, amount: '583.10' }]);
    expect(await plain.shown(invoiceId)).toMatchObject({
      status: 'PAID',
      discounted: { amount: '11.90' },
      credited: { amount: '595.00' },
    });
  });

  it('that is more than the price less the discount closes the invoice with less of it', async () => {
    on('2026-06-04');
    const invoiceId = await plain.invoice(LARGE);
    await plain.apply(await plain.pay('1180.00'), [{ invoiceId, amount: '1180.00', takeDiscount: true }]);
    expect(await plain.shown(invoiceId)).toMatchObject({ status: 'PAID', discounted: { amount: '10.00' } });
  });
});

describe('a discount by hand', () => {
  it('is granted up to what the terms offer, and no further by somebody who may not write off', async () => {
    on('2026-07-01');
    const invoiceId = await plain.invoice(LARGE);
    const paymentId = await plain.pay('1190.00');
    const error = await plain.refused(paymentId, [{ invoiceId, amount: '1166.19', discount: '23.81' }]);
    expect(error).toMatchObject({ code: 'DISCOUNT_NOT_AVAILABLE', path: ['input', 'allocations', '0', 'discount'] });
    expect(error.message).toContain('23.80 EUR');
    expect(error.message).toContain('items:write-off');
    expect((await plain.refused(paymentId, [{ invoiceId, amount: '100.00', discount: '20.00' }])).message).toContain('2.04 EUR');
    await plain.apply(paymentId, [{ invoiceId, amount: '1170.00', discount: '20.00' }]);
    expect(await plain.shown(invoiceId)).toMatchObject({ status: 'PAID', discounted: { amount: '20.00' } });
    expect((await plain.allocations(invoiceId)).map((a) => a.rule)).toEqual(['manual', 'early-payment']);
  });

  it('beyond the terms stands apart from what they grant, and both go back with the payment', async () => {
    on('2026-07-02');
    const invoiceId = await plain.invoice(LARGE);
    const paymentId = await plain.pay('1160.00');
    const allocations = [{ invoiceId, amount: '1160.00', discount: '30.00' }];
    await plain.people.admin.do('applyCash', { paymentId, allocations }, 'payment');
    // 1,160.00 x 23.80 / 1,166.20 = 23.673
    expect((await plain.allocations(invoiceId)).map((a) => [a.kind, a.to_minor, a.rule])).toEqual([
      ['CASH', '116000', 'manual'],
      ['DISCOUNT', '2367', 'early-payment'],
      ['DISCOUNT', '633', 'manual'],
    ]);
    await plain.people.cash.do('returnPayment', { id: paymentId, reason: 'AM04' }, 'payment');
    expect(await plain.shown(invoiceId)).toMatchObject({
      status: 'OPEN',
      open: { amount: '1190.00' },
      discounted: { amount: '0.00' },
    });
  });

  it('is not offered after the last day, nor without terms, nor by a credit note', async () => {
    on('2026-07-10');
    const invoiceId = await plain.invoice(LARGE);
    on('2026-07-21');
    const late = await plain.pay('1190.00');
    expect(await plain.refused(late, [{ invoiceId, amount: '1189.00', discount: '1.00' }])).toMatchObject({
      code: 'DISCOUNT_NOT_AVAILABLE',
      message: expect.stringContaining('offer no discount'),
    });
    const other = await plain.invoice([{ net: '10.00' }]);
    const lines = [{ taxCategory: 'S', taxRate: '19', net: '10.00' }];
    await plain.people.admin.do(
      'applyCash',
      { paymentId: late, allocations: [{ invoiceId: other, amount: '11.90' }] },
      'payment',
    );
    const note = await plain.people.billing.do('issueCreditNote', { invoiceId: other, reason: 'Damaged', lines }, 'creditNote');
    const credit = { creditNoteId: note.id, allocations: [{ invoiceId, amount: '11.90', discount: '0.10' }] };
    expect((await plain.people.cash.refused('applyCredit', credit))[0]?.code).toBe('DISCOUNT_NOT_AVAILABLE');
  });

  it('and the one of the terms are not asked for at once', async () => {
    on('2026-07-22');
    const invoiceId = await plain.invoice(LARGE);
    const paymentId = await plain.pay('1190.00');
    const both = await plain.refused(paymentId, [{ invoiceId, amount: '1166.20', discount: '23.80', takeDiscount: true }]);
    expect(both).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'allocations', '0', 'discount'] });
    await plain.apply(paymentId, [{ invoiceId, amount: '1166.20', takeDiscount: false }]);
    expect(await plain.shown(invoiceId)).toMatchObject({ status: 'PARTIALLY_PAID', discounted: { amount: '0.00' } });
  });
});

it('says paid with cash, and credited where a credit note and a discount closed it without any', async () => {
  on('2026-08-01');
  const [invoiceId, other] = [await plain.invoice(LARGE), await plain.invoice(LARGE)];
  await plain.apply(await plain.pay('1190.00'), [{ invoiceId: other, amount: '1190.00' }]);
  const note = await plain.people.billing.do('issueCreditNote', { invoiceId: other, reason: 'Returned' }, 'creditNote');
  const allocations = [{ invoiceId, amount: '1166.20', discount: '23.80' }];
  await plain.people.admin.do('applyCredit', { creditNoteId: note.id, allocations }, 'creditNote');
  expect(await plain.shown(invoiceId)).toMatchObject({
    status: 'CREDITED',
    open: { amount: '0.00' },
    discounted: { amount: '23.80' },
  });
  const [credit] = await plain.allocations(invoiceId);
  await plain.people.cash.do('reverseAllocation', { id: `alc_${credit?.id}` }, 'allocation');
  expect(await plain.shown(invoiceId)).toMatchObject({ status: 'OPEN', discounted: { amount: '0.00' } });
});

describe.each([
  ['JPY', '10000', '11900', '11662', '238'],
  ['KWD', '100.000', '119.000', '116.620', '2.380'],
] as const)('in %s', (currency, net, total, paid, discount) => {
  it('is rounded to that currency, and lowers the tax in functional currency to the last unit', async () => {
    on('2026-09-01');
    const rate = currency === 'JPY' ? '0.006173' : '2.988317';
    await lowered.people.admin.do(
      'setExchangeRate',
      { fromCurrency: currency, toCurrency: 'EUR', validOn: '2026-09-01', rate },
      'exchangeRate',
    );
    const invoiceId = await lowered.invoice([{ net }], { currency });
    expect(await lowered.shown(invoiceId)).toMatchObject({ total: { amount: total } });
    const before = await lowered.balances();
    const paymentId = await lowered.pay(paid, { currency });
    await lowered.apply(paymentId, [{ invoiceId, amount: paid }]);
    expect(await lowered.shown(invoiceId)).toMatchObject({ status: 'PAID', discounted: { amount: discount } });
    const [item] = await rowsOf<{ base: string }>(
      world,
      'select base_open_minor::text as base from open_item where document_id = $1',
      [bare(invoiceId)],
    );
    expect(item?.base).toBe('0');
    expect(await broken(world, world.tenantId)).toEqual([]);
    await lowered.people.cash.do('returnPayment', { id: paymentId, reason: 'AM04' }, 'payment');
    expect(await lowered.balances()).toEqual(before);
  });
});

describe('a credit note on an invoice that was paid less a discount', () => {
  it.each([
    // the net of 1,000.00 less 20.00, its tax of 190.00 less 3.80
    { what: 'the whole', lines: undefined, total: '1166.20' },
    { what: 'all but 480.00 net', lines: [{ taxCategory: 'S', taxRate: '19', net: '500.00' }], total: '595.00' },
  ])('over $what gives back what was paid, and no discount besides', async ({ lines, total }) => {
    const company = await openCash(world, { code: `CN${total.slice(0, 3)}`, reducesTax: true });
    const { invoices } = await paidTogether(company);
    const billing = await world.as('billing');
    const credit = (more: object) =>
      billing.do(
        'issueCreditNote',
        { invoiceId: invoices[0], reason: 'Damaged', ...more },
        'creditNote',
        'total { amount } open { amount }',
      );
    expect(await credit(lines ? { lines } : {})).toEqual({ total: { amount: total }, open: { amount: total } });
    if (lines) expect(await credit({})).toMatchObject({ total: { amount: '571.20' } });
    expect(await billing.refused('issueCreditNote', { invoiceId: invoices[0], reason: 'Again' })).toMatchObject([
      { code: 'NOTHING_TO_ALLOCATE' },
    ]);
    const taxOfSmall = '-86';
    expect(await company.balances()).toMatchObject({ 'TAX S 7': taxOfSmall });
    expect(await broken(world, world.tenantId)).toEqual([]);
  });
});
