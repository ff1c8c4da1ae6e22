/** Writing to the simulated account over HTTP: what is made, changed and taken back there, and what is left alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Canonical } from '../../src/connect/index.ts';
import { type Account, asked, knownOf, openAccount } from './fixtures/account.ts';
import type { Body } from './simulator/index.ts';

let account: Account;
let payer: string;
beforeAll(async () => {
  account = await openAccount();
  payer = `${account.customer}/1`;
});
afterAll(() => account.close());

const context = () => account.harness.context;
const rowOf = (type: Parameters<Account['make']>[0], id: string): Body => account.simulator.read(type, id) ?? {};
const linesOf = (row: Body): readonly Body[] => ((row['item'] as Body)['items'] ?? []) as unknown as readonly Body[];

/** Of hoses at 10.00 without tax, in the currency of company 1. */
function sale(quantities: readonly number[]) {
  const lines = quantities.map((quantity) => ({
    product: account.item,
    description: 'Hose',
    quantity: String(quantity),
    unitPrice: '10',
    net: `${quantity * 10}.00`,
  }));
  const net = `${quantities.reduce((sum, one) => sum + one * 10, 0)}.00`;
  return { customer: payer, legalEntity: '1', currency: account.harness.functionalCurrency, lines, net, tax: '0', total: net };
}
const order = (quantities: readonly number[], more: Partial<Canonical<'Order'>> = {}): Canonical<'Order'> => ({
  ...sale(quantities),
  orderedOn: '2026-03-10',
  state: 'CONFIRMED',
  ...more,
});
const invoice = (quantities: readonly number[], more: Partial<Canonical<'Invoice'>> = {}): Canonical<'Invoice'> => ({
  ...sale(quantities),
  issuedOn: '2026-03-10',
  dueOn: '2026-04-09',
  taxes: [],
  state: 'ISSUED',
  ...more,
});
const credit = (quantities: readonly number[]): Canonical<'CreditNote'> => ({
  ...sale(quantities),
  issuedOn: '2026-03-10',
  taxes: [],
  state: 'ISSUED',
});
const payment = (amount: string, applications: Canonical<'Payment'>['applications']): Canonical<'Payment'> => ({
  customer: payer,
  legalEntity: '1',
  currency: account.harness.functionalCurrency,
  receivedOn: '2026-03-10',
  amount,
  method: 'CHEQUE',
  reference: 'REF-9',
  state: 'RECEIVED',
  applications,
});
const against = (document: string, amount: string) => ({ kind: 'Invoice' as const, document, amount });

describe('customers', () => {
  const made: Canonical<'Customer'> = { name: "O'Brien & Söhne", isActive: true, email: 'ap@obrien.example', legalEntity: '1' };

  it('are made in the subsidiary of their account, and get a further one instead of a double', async () => {
    const push = account.push('Customer');
    const { record } = await push.send(context(), asked<'Customer'>({ ...made, country: 'GB', taxId: 'GB123456789' }));
    expect(account.document('customers', record)).toMatchObject({ ...made, country: 'GB', taxId: 'GB123456789' });
    const [customer = ''] = record.externalId.split('/');
    const before = account.simulator.all('customer').length;
    const second = await push.send(context(), asked<'Customer'>({ ...made, legalEntity: '2', party: customer }));
    expect(second.record.externalId).toBe(`${customer}/2`);
    expect(account.simulator.all('customer')).toHaveLength(before);
    expect(account.harness.assemble('customers', second.record)).toMatchObject({ ok: true, ours: null });
  });

  it('keep what somebody there has set, and change where the platform did', async () => {
    const push = account.push('Customer');
    const request = asked<'Customer'>(made);
    const { record } = await push.send(context(), request);
    const [id = ''] = record.externalId.split('/');
    account.simulator.update('customer', id, { email: 'new@obrien.example', comments: 'Pays late' });
    const changed = {
      ...request,
      document: { ...made, name: 'O’Brien Group' },
      command: 'UPDATE' as const,
      known: knownOf(record),
    };
    const result = await push.send(context(), changed);
    expect(account.document('customers', result.record)).toMatchObject({ name: 'O’Brien Group', email: 'new@obrien.example' });
    expect(rowOf('customer', id)).toMatchObject({ comments: 'Pays late' });
  });

  it('are refused without a subsidiary, where several are served', async () => {
    const { legalEntity: _none, ...without } = made;
    await expect(account.push('Customer').send(context(), asked<'Customer'>(without))).rejects.toThrow('with which subsidiary');
  });
});

describe('orders', () => {
  it('are changed line by line, and what is not wanted any more is closed', async () => {
    const push = account.push('Order');
    const request = asked<'Order'>(order([3, 2]));
    const { record } = await push.send(context(), request);
    expect(account.document('orders', record)).toMatchObject({
      state: 'CONFIRMED',
      total: '50',
      customer: payer,
      legalEntity: '1',
    });
    const update = { ...request, command: 'UPDATE' as const, document: order([5]), known: knownOf(record) };
    const { record: after } = await push.send(context(), update);
    const { lines } = account.document<'Order'>('orders', after);
    expect(lines.map(({ quantity, isClosed = false }) => [quantity, isClosed])).toEqual([
      ['5', false],
      ['2', true],
    ]);
    const again = await push.send(context(), { ...update, known: knownOf(after) });
    expect(account.document<'Order'>('orders', again.record).lines).toHaveLength(2);
  });

  it('get a line that is added once, and leave one alone that somebody there has changed', async () => {
    const push = account.push('Order');
    const request = asked<'Order'>(order([3]));
    const { record } = await push.send(context(), request);
    const [line] = linesOf(rowOf('salesOrder', record.externalId));
    account.simulator.update('salesOrder', record.externalId, {
      item: { items: [{ line: line?.['line'] ?? 1, quantity: 4, rate: 10 }] },
    });
    const { record: after } = await push.send(context(), {
      ...request,
      command: 'UPDATE',
      document: order([3, 7]),
      known: knownOf(record),
    });
    expect(account.document<'Order'>('orders', after).lines.map(({ quantity }) => quantity)).toEqual(['4', '7']);
  });

  it('that are cancelled are closed there, and come back cancelled', async () => {
    const push = account.push('Order');
    const request = asked<'Order'>(order([3, 1]));
    const { record } = await push.send(context(), request);
    const result = await push.send(context(), { ...request, command: 'VOID', known: knownOf(record) });
    expect(account.document('orders', result.record)).toMatchObject({ state: 'CANCELLED' });
  });
});

async function orderThere(quantities: readonly number[]) {
  const { record } = await account.push('Order').send(context(), asked<'Order'>(order(quantities)));
  return { id: record.externalId, lines: account.document<'Order'>('orders', record).lines.map(({ id = '' }) => id) };
}

describe('deliveries', () => {
  it('are of the lines that were shipped, in part too, and of no others', async () => {
    const { id, lines } = await orderThere([3, 2]);
    const request = asked<'Delivery'>({
      order: id,
      state: 'SHIPPED',
      shippedOn: '2026-03-10',
      lines: [{ orderLine: lines[1] ?? '', quantity: '1' }],
      carrier: 'DHL',
      trackingNumber: 'T1',
    });
    const { record } = await account.push('Delivery').send(context(), request);
    expect(account.document('deliveries', record)).toMatchObject({
      order: id,
      state: 'SHIPPED',
      shippedOn: '2026-03-10',
      lines: [{ orderLine: lines[1], quantity: '1' }],
    });
    const twice = await account.push('Delivery').send(context(), request);
    expect([twice.isFound, twice.record.externalId]).toEqual([true, record.externalId]);
    expect(rowOf('itemFulfillment', record.externalId)).toMatchObject({ memo: 'DHL T1' });
  });

  it('of more than is left are refused, and leave nothing there', async () => {
    const { id, lines } = await orderThere([2]);
    const before = account.simulator.all('itemFulfillment').length;
    const request = asked<'Delivery'>({
      order: id,
      state: 'SHIPPED',
      shippedOn: '2026-03-10',
      lines: [{ orderLine: lines[0] ?? '', quantity: '5' }],
    });
    await expect(account.push('Delivery').send(context(), request)).rejects.toMatchObject({ kind: 'REJECTED' });
    expect(account.simulator.all('itemFulfillment')).toHaveLength(before);
  });
});

describe('invoices', () => {
  it('of an order bill that order, and no more than is left of it', async () => {
    const { id, lines } = await orderThere([3, 2]);
    const push = account.push('Invoice');
    const { record } = await push.send(context(), asked<'Invoice'>(invoice([3], { orders: [id] })));
    const document = account.document<'Invoice'>('invoices', record);
    expect(document).toMatchObject({ orders: [id], total: '30', dueOn: '2026-04-09', state: 'ISSUED' });
    expect(document.lines[0]).toMatchObject({ order: id, orderLine: lines[0], quantity: '3' });
    await expect(push.send(context(), asked<'Invoice'>(invoice([3], { orders: [id] })))).rejects.toThrow('bills more of order');
    const rest = await push.send(context(), asked<'Invoice'>(invoice([2], { orders: [id] })));
    expect(account.document('invoices', rest.record)).toMatchObject({ total: '20' });
  });

  it('of what was shipped leave the other lines of the order to be billed', async () => {
    const { id, lines } = await orderThere([3, 2]);
    const shipped: Canonical<'Delivery'> = {
      order: id,
      state: 'SHIPPED',
      shippedOn: '2026-03-10',
      lines: [{ orderLine: lines[1] ?? '', quantity: '2' }],
    };
    await account.push('Delivery').send(context(), asked<'Delivery'>(shipped));
    const push = account.push('Invoice');
    const { record } = await push.send(context(), asked<'Invoice'>(invoice([2], { orders: [id] })));
    expect(account.document<'Invoice'>('invoices', record).lines).toMatchObject([
      { orderLine: lines[1], quantity: '2', net: '20' },
    ]);
    const rest = await push.send(context(), asked<'Invoice'>(invoice([3], { orders: [id] })));
    expect(account.document('invoices', rest.record)).toMatchObject({ total: '30' });
  });

  it('that NetSuite makes of something else are taken away again, and a person is told', async () => {
    const { id } = await orderThere([3]);
    const before = account.simulator.all('invoice').length;
    const [line] = invoice([2]).lines;
    if (!line) throw new Error('An invoice has a line.');
    // a net that its lines do not come to stands for whatever a script there may do
    const wrong = invoice([2], { orders: [id], net: '19.00', total: '19.00', lines: [line] });
    await expect(account.push('Invoice').send(context(), asked<'Invoice'>(wrong))).rejects.toThrow('it was deleted again');
    expect(account.simulator.all('invoice')).toHaveLength(before);
    expect(account.document('orders', await account.get('orders', id))).toMatchObject({ state: 'CONFIRMED' });
  });

  it('have the tax of the platform, however it was rounded', async () => {
    const { category, rate } = account.tax;
    const taxed = { taxCategory: category, taxRate: rate };
    const document = invoice([1, 1]);
    const lines = document.lines.map((line) => ({ ...line, ...taxed, unitPrice: '0.33', net: '0.33' }));
    const request = asked<'Invoice'>({
      ...document,
      lines,
      net: '0.66',
      tax: '0.14',
      total: '0.80',
      taxes: [{ ...taxed, taxable: '0.66', tax: '0.14' }],
    });
    const { record } = await account.push('Invoice').send(context(), request);
    expect(account.document('invoices', record)).toMatchObject({ total: '0.8', tax: '0.14', taxes: [{ ...taxed, tax: '0.14' }] });
  });

  it('are left to a person to void, unless deleting is allowed', async () => {
    const careful = await openAccount({ config: { takesBack: 'REFUSE' } });
    try {
      const push = careful.push('Invoice');
      const document = {
        ...invoice([1]),
        customer: `${careful.customer}/1`,
        lines: invoice([1]).lines.map((line) => ({ ...line, product: careful.item })),
      };
      const request = asked<'Invoice'>(document);
      const { record } = await push.send(careful.harness.context, request);
      const voided = { ...request, command: 'VOID' as const, known: knownOf(record) };
      await expect(push.send(careful.harness.context, voided)).rejects.toThrow('can not be asked to void');
    } finally {
      await careful.close();
    }
  });
});

describe('payments', () => {
  const billed = async (quantity: number) => {
    const { record } = await account.push('Invoice').send(context(), asked<'Invoice'>(invoice([quantity])));
    return record.externalId;
  };

  it('are set against invoices, and otherwise when the platform says so; what others set stays', async () => {
    const [one, two, three] = [await billed(3), await billed(4), await billed(5)];
    const push = account.push('Payment');
    const request = asked<'Payment'>(payment('100.00', [against(one, '30.00'), against(two, '10.00')]));
    const { record } = await push.send(context(), request);
    expect(account.document('payments', record)).toMatchObject({
      amount: '100',
      unapplied: '60',
      method: 'CHEQUE',
      reference: 'REF-9',
    });
    account.simulator.update('customerPayment', record.externalId, {
      apply: { items: [{ doc: { id: three }, apply: true, amount: 20 }] },
    });
    const wished = payment('100.00', [against(two, '40.00')]);
    const result = await push.send(context(), { ...request, command: 'UPDATE', document: wished, known: knownOf(record) });
    const { applications, unapplied } = account.document<'Payment'>('payments', result.record);
    expect([...applications].map(({ document, amount }) => `${document} ${amount}`).sort()).toEqual([`${two} 40`, `${three} 20`]);
    expect(unapplied).toBe('40');
    expect(account.document('invoices', await account.get('invoices', one))).toMatchObject({ open: '30' });
  });

  it('that are taken back are deleted, and their invoices are open again', async () => {
    const one = await billed(2);
    const push = account.push('Payment');
    const request = asked<'Payment'>(payment('20.00', [against(one, '20.00')]));
    const { record } = await push.send(context(), request);
    const result = await push.send(context(), { ...request, command: 'VOID', known: knownOf(record) });
    expect(result.record.isDeleted).toBe(true);
    expect(account.document('invoices', await account.get('invoices', one))).toMatchObject({ open: '20' });
  });

  it('of nothing set a credit memo against invoices, and take it off again', async () => {
    const one = await billed(4);
    const { record: note } = await account.push('CreditNote').send(context(), asked<'CreditNote'>(credit([3])));
    const push = account.push('Payment');
    const both = (amount: string) => [against(one, amount), { kind: 'CreditNote' as const, document: note.externalId, amount }];
    const request = asked<'Payment'>(payment('0', both('25.00')));
    expect(await push.find(context(), request)).toBeNull();
    const { record } = await push.send(context(), request);
    expect(record.externalId).toBe(note.externalId);
    expect((await push.find(context(), request))?.externalId).toBe(note.externalId);
    expect(account.document('payments', record)).toMatchObject({
      amount: '0',
      applications: [
        { document: one, amount: '25' },
        { kind: 'CreditNote', amount: '25' },
      ],
    });
    expect(account.document('credit-memos', await account.get('credit-memos', note.externalId))).toMatchObject({ open: '5' });
    const less = await push.send(context(), {
      ...request,
      command: 'UPDATE',
      document: payment('0', both('10.00')),
      known: knownOf(record),
    });
    expect(account.document('invoices', await account.get('invoices', one))).toMatchObject({ open: '30' });
    const off = await push.send(context(), { ...request, command: 'VOID', known: knownOf(less.record) });
    expect(off.record.isDeleted).toBe(true);
    expect(account.document('credit-memos', await account.get('credit-memos', note.externalId))).toMatchObject({
      open: '30',
      state: 'ISSUED',
    });
  });

  it('with cash discounts settle their invoices whole, and come back with them', async () => {
    const [one, two] = [await billed(4), await billed(5)];
    const push = account.push('Payment');
    const single = asked<'Payment'>(payment('39.00', [{ ...against(one, '39.00'), discount: '1.00' }]));
    const { record } = await push.send(context(), single);
    expect(account.document('payments', record)).toMatchObject({
      unapplied: '0',
      applications: [{ amount: '39', discount: '1' }],
    });
    expect(account.document('invoices', await account.get('invoices', one))).toMatchObject({ open: '0' });
    const three = await billed(6);
    const both = [{ ...against(two, '48.00'), discount: '2.00' }, against(three, '10.00')];
    const made = await push.send(context(), asked<'Payment'>(payment('58.00', both)));
    const { applications } = account.document<'Payment'>('payments', made.record);
    expect(applications.map(({ document, amount, discount = '0' }) => `${document} ${amount} ${discount}`)).toEqual([
      `${two} 48 2`,
      `${three} 10 0`,
    ]);
  });

  it('of money and a credit memo at once are refused in words', async () => {
    const one = await billed(4);
    const mixed = payment('30.00', [against(one, '40.00'), { kind: 'CreditNote', document: '1', amount: '10.00' }]);
    await expect(account.push('Payment').send(context(), asked<'Payment'>(mixed))).rejects.toThrow('not together with money');
  });
});

describe('signing in', () => {
  it('works with tokens of OAuth 1.0a as well', async () => {
    const tba = await openAccount({
      credentials: ({ consumerKey, consumerSecret, tokenId, tokenSecret }) => ({
        consumerKey,
        consumerSecret,
        tokenId,
        tokenSecret,
      }),
    });
    try {
      const record = await tba.get('customers', `${tba.customer}/1`);
      expect(tba.document('customers', record)).toMatchObject({ name: 'Harbour Gardens' });
    } finally {
      await tba.close();
    }
  });
});
