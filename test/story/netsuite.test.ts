// One graph over NetSuite, both ways: what people do in NetSuite's own screens shows here by itself, in the legal entity that its subsidiary
// is, and what is done here is done there, over HTTP, WebSocket and the bundle's webhooks against an account that keeps its own books.
import { expect, it } from 'vitest';
import type { RecordTypeName } from '../../connectors/netsuite/simulator/index.ts';
import { broken } from '../support/invariants.ts';
import { CREDIT_NOTE, idOf, ORDER, PAYMENT, startNetSuiteTrade } from '../support/netsuite-trade.ts';
import { collect, type Shown } from '../support/world.ts';

const trade = await startNetSuiteTrade();
const { world, erp, simulator, connectionId, legalEntityIds, until, settled } = trade;
const { yen, zeroRated, idWhere, customer, pump, sale, pay, notApplied, openThere } = trade;
const { analyst, byRef, byId, invoiceOf, accountOf, when, invoiceWith, orderWith, answered } = trade;
const admin = await world.as('admin');
const desk = await world.as('order-desk');
const warehouse = await world.as('warehouse');
const cash = await world.as('cash');

const nothingBroken = async () => expect(await broken(world.database, world.tenantId)).toEqual([]);

it('shows what is done in NetSuite: an order, its delivery, its bill, and the payment that settles it', async () => {
  const { customer: shown } = await accountOf('1');
  expect(shown).toMatchObject({ name: 'Sea View Hotel', email: 'ap@seaview.example' });
  const changes = collect<Record<string, Shown>>(
    (await world.as('billing')).socket(),
    'subscription { invoiceChanged(after: "0") { event { type } record { status } } }',
    {},
    (messages) => messages.length === 2,
  );
  const order = simulator.create('salesOrder', sale(4));
  const placed = await until('the order', () => byRef('order', order, ORDER));
  expect(placed).toMatchObject({ lifecycle: 'CONFIRMED', total: { amount: '1200.00' }, legalEntity: { code: 'GB01' } });
  const lines = [{ orderLine: 1, quantity: 1 }];
  const shipped = simulator.transform('salesOrder', order, 'itemFulfillment', {
    shipStatus: { id: 'C' },
    item: { items: lines },
  });
  expect((await orderWith(placed.id, { fulfilmentStatus: 'PARTIAL' })).fulfilments).toMatchObject([
    { lifecycle: 'SHIPPED', shippedOn: '2026-03-10', lines: [{ quantity: '1' }], source: { externalId: shipped } },
  ]);
  const bill = simulator.transform('salesOrder', order, 'invoice');
  expect(await invoiceWith(bill, 'OPEN')).toMatchObject({
    number: simulator.read('invoice', bill)?.['tranId'],
    total: { amount: '300.00', currency: 'GBP' },
    order: { id: placed.id },
    legalEntity: { code: 'GB01' },
    source: { connection: 'netsuite', externalId: bill, isGone: false, authority: 'CONNECTION' },
  });
  expect(await orderWith(placed.id, { billingStatus: 'PARTIAL' })).toMatchObject({ billed: { amount: '300.00' } });
  pay(bill, 300);
  expect(await invoiceWith(bill, 'PAID')).toMatchObject({ paid: { amount: '300.00' }, open: { amount: '0.00' } });
  expect((await changes).map((message) => message['invoiceChanged'].event.type)).toEqual(['invoice.observed', 'invoice.paid']);
});

it('shows what is taken back in NetSuite: applications, credits, what is void and what is deleted', async () => {
  const invoice = simulator.create('invoice', sale(2));
  const payment = pay(invoice, 600);
  await invoiceWith(invoice, 'PAID');
  simulator.update('customerPayment', payment, notApplied(invoice));
  await invoiceWith(invoice, 'OPEN');
  expect(await byRef('payment', payment, PAYMENT)).toMatchObject({ status: 'UNAPPLIED', unapplied: { amount: '600.00' } });

  const credit = simulator.transform('invoice', invoice, 'creditMemo');
  expect(await invoiceWith(invoice, 'CREDITED')).toMatchObject({ open: { amount: '0.00' }, credited: { amount: '600.00' } });
  const applied = await when(
    'that the credit memo is used up',
    () => byRef('creditNote', credit, CREDIT_NOTE),
    (shown) => shown.open.amount === '0.00',
  );
  expect(applied).toMatchObject({ status: 'APPLIED', total: { amount: '600.00' } });
  simulator.update('creditMemo', credit, notApplied(invoice));
  expect(await invoiceWith(invoice, 'OPEN')).toMatchObject({ open: { amount: '600.00' } });
  await when(
    'that the credit memo is open again',
    () => byRef('creditNote', credit, CREDIT_NOTE),
    (shown) => shown.open.amount === '600.00',
  );

  simulator.void('customerPayment', payment);
  await when(
    'that the payment is void',
    () => byRef('payment', payment, PAYMENT),
    (shown) => shown.lifecycle === 'VOIDED',
  );
  simulator.void('invoice', invoice);
  expect(await invoiceWith(invoice, 'VOIDED')).toMatchObject({ open: { amount: '0.00' }, source: { isGone: false } });
  const gone = simulator.create('invoice', sale(3));
  await invoiceWith(gone, 'OPEN');
  simulator.remove('invoice', gone);
  const removed = await when(
    'that it is gone',
    () => invoiceOf(gone),
    (shown) => shown.source.isGone,
  );
  expect(removed).toMatchObject({ status: 'VOIDED', open: { amount: '0.00' } });
  simulator.remove('creditMemo', credit);
  await when(
    'that the credit memo is gone',
    () => byRef('creditNote', credit, CREDIT_NOTE),
    (shown) => shown.source.isGone && shown.open.amount === '0.00',
  );
});

it('keeps one customer with an account for each subsidiary, and the books of each in its legal entity', async () => {
  const [british, japanese] = [await accountOf('1'), await accountOf('2')];
  expect([british.legalEntity.code, japanese.legalEntity.code]).toEqual(['GB01', 'JP01']);
  expect(japanese.id).not.toBe(british.id);
  expect(japanese.customer.id).toBe(british.customer.id);
  expect(british.customer.accounts.nodes).toHaveLength(2);
  const inJapan = { subsidiary: { id: '2' }, currency: { id: yen } };
  const items = [{ item: { id: pump }, quantity: 3, rate: 33_000, taxCode: { id: zeroRated } }];
  const invoice = simulator.create('invoice', { entity: { id: customer }, ...inJapan, item: { items } });
  expect(await invoiceWith(invoice, 'OPEN')).toMatchObject({
    total: { amount: '99000', currency: 'JPY' },
    legalEntity: { code: 'JP01' },
    account: { id: japanese.id },
  });
  pay(invoice, 90_000, inJapan);
  expect(await invoiceWith(invoice, 'PARTIALLY_PAID')).toMatchObject({ open: { amount: '9000' }, paid: { amount: '90000' } });

  const product = await until('the product', () => byRef('product', pump, 'id'));
  const line = { productId: product.id, quantity: '2', unitPrice: '33000', taxCategory: 'Z', taxRate: '0' };
  const order = await admin.do('placeOrder', { accountId: japanese.id, currency: 'JPY', lines: [line] }, 'order');
  const { source, total } = await answered('the order', 'order', order.id, ORDER);
  expect(total).toEqual({ amount: '66000' });
  expect(simulator.read('salesOrder', source.externalId)).toMatchObject({
    ...inJapan,
    total: 66_000,
    item: { items: [{ quantity: 2, taxCode: { id: zeroRated } }] },
  });
});

/** Prices and taxes are the platform's: the order is priced here. */
async function productHere(): Promise<string> {
  const product = await until('the product', () => byRef('product', pump, 'id sku'));
  const { id: priceListId } = await admin.do(
    'createPriceList',
    { code: 'GB', name: 'GB', currency: 'GBP', isDefault: true },
    'priceList',
  );
  await admin.do('setPrice', { priceListId, productId: product.id, unitPrice: '240', validFrom: '2020-01-01' }, 'price');
  await admin.do('setTaxRule', { sellerCountry: 'GB', taxCategory: 'S', rate: '20', validFrom: '2020-01-01' }, 'taxRule');
  return product.id;
}

const place = async (quantity: string, customerReference: string): Promise<Shown> =>
  desk.do(
    'placeOrder',
    {
      accountId: (await accountOf('1')).id,
      customerReference,
      lines: [{ productId: (productId ??= await productHere()), quantity }],
    },
    'order',
    `${ORDER} lines { id }`,
  );
let productId: string | undefined;
const losesAnswer = (method: string, part: string) =>
  simulator.setFaults({ script: ['LOST_ANSWER'], only: (asked) => asked.method === method && asked.path.includes(part) });
const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));

let billedThere = '';
it('brings an order to NetSuite once, and its number, its deliveries from both sides and its bill back', async () => {
  const account = await accountOf('1');
  const credit = async () =>
    (await byId('customer', account.customer.id, 'credit { unbilled { amount } openItems { amount } }')).credit;
  losesAnswer('PUT', '/salesOrder/');
  const order = await place('4', 'PO-77');
  expect(order).toMatchObject({
    lifecycle: 'CONFIRMED',
    total: { amount: '1152.00' },
    pending: [{ command: 'CREATE', lifecycle: 'SENT' }],
  });
  const { source } = await answered('the sales order', 'order', order.id, ORDER);
  expect(simulator.read('salesOrder', source.externalId)).toMatchObject({
    tranId: source.externalNumber,
    otherRefNum: 'PO-77',
    total: 1152,
    status: { id: 'B' },
  });
  expect(await erp.countOurs('orders', order.id)).toBe(1);

  losesAnswer('POST', '/!transform/itemFulfillment');
  const lines = [{ orderLineId: order.lines[0].id, quantity: '1' }];
  const { id } = await warehouse.do('planFulfilment', { orderId: order.id, lines }, 'fulfilment');
  await warehouse.do('releaseFulfilment', { id }, 'fulfilment');
  await warehouse.do('shipFulfilment', { id, carrier: 'DHL', trackingNumber: 'T-1' }, 'fulfilment');
  const ours = await when(
    'our delivery',
    async () => (await byId('order', order.id, ORDER)).fulfilments[0],
    (shown) => shown.source && shown.pending.length === 0,
  );
  expect(simulator.read('itemFulfillment', ours.source.externalId)).toMatchObject({
    createdFrom: { id: source.externalId },
    memo: 'DHL T-1',
    status: { id: 'C' },
    item: { items: [{ orderLine: 1, quantity: 1 }] },
  });
  expect(await erp.countOurs('deliveries', id)).toBe(1);
  // NetSuite has no such step, and does not take it back
  await warehouse.do('deliverFulfilment', { id, receivedBy: 'Gate 3' }, 'fulfilment');
  simulator.update('itemFulfillment', ours.source.externalId, { memo: 'Left by the side door' });
  const theirs = simulator.transform('salesOrder', source.externalId, 'itemFulfillment', { shipStatus: { id: 'C' } });
  const { fulfilments } = await orderWith(order.id, { fulfilmentStatus: 'FULL' });
  expect(fulfilments.map((one: Shown) => [one.source.externalId, one.lifecycle, one.lines[0].quantity, one.carrier])).toEqual([
    [ours.source.externalId, 'DELIVERED', '1', 'DHL'],
    [theirs, 'SHIPPED', '3', null],
  ]);

  const before = await credit();
  billedThere = simulator.transform('salesOrder', source.externalId, 'invoice');
  expect(await invoiceWith(billedThere, 'OPEN')).toMatchObject({ total: { amount: '1152.00' }, order: { id: order.id } });
  expect(await orderWith(order.id, { billingStatus: 'FULL' })).toMatchObject({ billed: { amount: '1152.00' } });
  const after = await credit();
  const moved = cents('1347.84');
  expect(cents(after.unbilled.amount)).toBe(cents(before.unbilled.amount) - moved);
  expect(cents(after.openItems.amount)).toBe(cents(before.openItems.amount) + moved);
  await nothingBroken();
});

const record = async (amount: string): Promise<Shown> =>
  cash.do(
    'recordPayment',
    { accountId: (await accountOf('1')).id, amount: { amount, currency: 'GBP' }, reference: 'WIRE 4711' },
    'payment',
    PAYMENT,
  );

it('brings a payment to NetSuite, where it settles invoices, and only then here', async () => {
  const wish = await record('1752.00');
  expect(wish).toMatchObject({ lifecycle: 'PENDING', pending: [{ command: 'CREATE', lifecycle: 'SENT' }] });
  const received = await answered('that the payment was taken', 'payment', wish.id, PAYMENT);
  expect(received).toMatchObject({ lifecycle: 'RECEIVED', status: 'UNAPPLIED', unapplied: { amount: '1752.00' } });
  const there = received.source.externalId;
  expect(simulator.read('customerPayment', there)).toMatchObject({ payment: 1752, unapplied: 1752, checkNumber: 'WIRE 4711' });

  // meanwhile somebody there sets a part of it against another invoice, and the answer to our wish is lost
  const theirs = simulator.create('invoice', sale(1));
  simulator.update('customerPayment', there, { apply: { items: [{ doc: { id: theirs }, apply: true, amount: 300 }] } });
  losesAnswer('PATCH', '/customerPayment/');
  const apply = async (invoice: string, amount: string): Promise<Shown> => {
    const allocations = [{ invoiceId: (await invoiceOf(invoice)).id, amount }];
    return cash.do('applyCash', { paymentId: wish.id, allocations }, 'payment', PAYMENT);
  };
  expect(await apply(billedThere, '1152.00')).toMatchObject({ pending: [{ command: 'UPDATE', lifecycle: 'SENT' }] });
  await invoiceWith(billedThere, 'PAID');
  await invoiceWith(theirs, 'PAID');
  expect([openThere(billedThere), openThere(theirs)]).toEqual([0, 0]);
  // reading may have shown what our wish came to before its own answer, which was lost, is asked for again
  const rest = await answered('that nothing of it is under way', 'payment', wish.id, PAYMENT);
  expect(rest).toMatchObject({ status: 'PARTIALLY_APPLIED', unapplied: { amount: '300.00' } });
  const another = simulator.create('invoice', sale(1));
  await invoiceWith(another, 'OPEN');
  await apply(another, '300.00');
  await invoiceWith(another, 'PAID');
  expect(openThere(another)).toBe(0);
  expect(await answered('that nothing of it is under way', 'payment', wish.id, PAYMENT)).toMatchObject({ status: 'APPLIED' });
  expect(await erp.countOurs('payments', wish.id)).toBe(1);
});

it("shows NetSuite's own words when it refuses, and blocks nothing else", async () => {
  simulator.closePeriod('2026-12-31');
  const wish = await record('10.00');
  const refused = await when(
    'the refusal',
    () => byId('payment', wish.id, PAYMENT),
    (shown) => shown.lifecycle === 'FAILED',
  );
  expect(refused).toMatchObject({ pending: [], source: null });
  const { syncIssues } = await admin.ask('{ syncIssues(first: 5) { nodes { reason erpText lifecycle connection { code } } } }');
  expect(syncIssues.nodes).toMatchObject([{ reason: 'ERP_REFUSED', lifecycle: 'OPEN', connection: { code: 'netsuite' } }]);
  expect(syncIssues.nodes[0].erpText).toMatch(/period of 2026-03-10 is closed/);
  // an order is not booked
  const order = await place('1', 'PO-78');
  await answered('an order', 'order', order.id, ORDER);
  simulator.closePeriod(null);
  const next = await record('11.00');
  expect(await answered('the next payment', 'payment', next.id, PAYMENT)).toMatchObject({ lifecycle: 'RECEIVED' });
});

it('says what the account is, which subsidiaries are left out, and which the role does not see', async () => {
  const check = () => admin.do('checkConnection', { id: connectionId }, 'connection', 'health company warnings');
  const ofCompanies = async () => (await check()).warnings.filter((one: string) => /compan|subsidiar/i.test(one));
  expect(await check()).toMatchObject({ health: 'HEALTHY', company: 'Thornbury Instruments Ltd' });
  expect(await ofCompanies()).toEqual([]);
  const base = idWhere('currency', 'symbol', 'EUR');
  simulator.create('subsidiary', { name: 'Thornbury GmbH', country: 'DE', currency: { id: base }, parent: { id: '1' } });
  expect(await ofCompanies()).toEqual([expect.stringMatching(/company 3 \(Thornbury GmbH\) is there as well/)]);
  simulator.setRole(['1']);
  expect(await ofCompanies()).toEqual([
    expect.stringMatching(/role does not see subsidiary 2/),
    expect.stringMatching(
      /JP01 is said to be the company 2, which the ERP does not have: it has 1 \(Thornbury Instruments Ltd\)/,
    ),
  ]);
  simulator.setRole(null);
});

it('takes nothing for deleted that its role does not see any more', async () => {
  const streams = async () =>
    (await byId('connection', connectionId, 'streams { name failure lastSucceededAt }')).streams as readonly Shown[];
  const [hidden = ''] = simulator
    .all('invoice')
    .filter((row) => idOf(row['subsidiary']) === '2')
    .map(idOf);
  simulator.setRole(['1']);
  const since = world.clock.now().toISOString();
  world.clock.advance(1_000);
  await admin.do('syncConnection', { id: connectionId, mode: 'FULL' }, 'connection');
  const read = await when('that it was read', streams, (shown) =>
    shown.every((one: Shown) => one.failure !== null || one.lastSucceededAt > since),
  );
  expect(await invoiceOf(hidden)).toMatchObject({
    status: 'PARTIALLY_PAID',
    open: { amount: '9000' },
    source: { isGone: false },
  });
  expect(read.find((one: Shown) => one.name === 'invoices').failure).toMatch(/role does not see subsidiary 2/);
  simulator.setRole(null);
  await admin.do('syncConnection', { id: connectionId, mode: 'FULL' }, 'connection');
  await when('that it was read again', streams, (shown) => shown.every((one: Shown) => one.failure === null));
});

it('agrees with NetSuite on everything in the end, subsidiary by subsidiary', async () => {
  // what is asked for begins after that time, and nothing else would be read for an hour
  const since = world.clock.now();
  world.clock.advance(1_000);
  await admin.do('syncConnection', { id: connectionId, mode: 'INCREMENTAL' }, 'connection');
  await settled(since);
  const { drift } = await admin.do(
    'reconcileConnection',
    { id: connectionId },
    'connection',
    'drift(first: 50) { nodes { kind cause ours theirs lifecycle } }',
  );
  expect(drift.nodes.filter((one: Shown) => one.lifecycle === 'OPEN')).toEqual([]);
  await nothingBroken();
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);
  const here = async (legalEntityId: string): Promise<bigint> => {
    const { items } = await analyst.ask(
      'query($le: ID!) { items: openItems(where: { legalEntityId: { eq: $le } }, first: 100) { nodes { open { amount } } } }',
      { le: legalEntityId },
    );
    return sum(items.nodes.map((node: Shown) => cents(node.open.amount)));
  };
  const there = (company: string, minor: number): bigint => {
    const of = (type: RecordTypeName, field: string, sign: number) =>
      simulator
        .all(type)
        .filter((row) => idOf(row['subsidiary']) === company)
        .map((row) => BigInt(Math.round(Number(row[field] ?? 0) * minor) * sign));
    return sum([
      ...of('invoice', 'amountRemaining', 1),
      ...of('creditMemo', 'unapplied', -1),
      ...of('customerPayment', 'unapplied', -1),
    ]);
  };
  const [british = '', japanese = ''] = legalEntityIds;
  expect([await here(british), await here(japanese)]).toEqual([there('1', 100), there('2', 1)]);
  expect([there('1', 100), there('2', 1)]).toEqual([-1_100n, 9_000n]);
});
