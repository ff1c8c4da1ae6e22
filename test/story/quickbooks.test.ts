// One graph over an ERP, both ways: what people do in QuickBooks' own screens shows here by itself, and what is done here is done there, over
// HTTP, WebSocket and webhooks against a QuickBooks company that keeps its own books.
import { expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { startQuickBooksWorld } from '../support/quickbooks.ts';
import { collect, type Shown } from '../support/world.ts';

const { world, simulator, connectionId, legalEntityId, until, settled } = await startQuickBooksWorld();
const admin = await world.as('admin');
const desk = await world.as('order-desk');
const cash = await world.as('cash');
const analyst = await world.as('analyst');

const text = (value: unknown): string => String(value);
const customer = simulator.create('Customer', {
  DisplayName: 'Sea View Hotel',
  PrimaryEmailAddr: { Address: 'ap@seaview.example' },
});
const item = simulator.create('Item', {
  Name: 'Garden pump',
  Type: 'NonInventory',
  UnitPrice: 250,
  IncomeAccountRef: { value: '79' },
});
const CustomerRef = { value: text(customer['Id']) };
const line = (quantity: number, more = {}) => ({
  DetailType: 'SalesItemLineDetail',
  Amount: 250 * quantity,
  SalesItemLineDetail: { ItemRef: { value: text(item['Id']) }, Qty: quantity, UnitPrice: 250 },
  ...more,
});
const linked = (id: unknown, type: string) => [{ TxnId: text(id), TxnType: type }];

const INVOICE = `id number status version total { amount currency } open { amount } paid { amount } order { id }
  source { connection externalId externalNumber isGone authority staleBySeconds } pending { command lifecycle }`;
const PAYMENT =
  'id number lifecycle status amount { amount } unapplied { amount } source { externalId } pending { command lifecycle erpText }';
const byRef = async (field: string, id: unknown, selection: string): Promise<Shown> =>
  (
    await analyst.ask(`query($id: String!) { ${field}(externalRef: { connection: "qb", id: $id }) { ${selection} } }`, {
      id: text(id),
    })
  )[field];
const invoiceOf = (id: unknown): Promise<Shown> => byRef('invoice', id, INVOICE);

async function accountHere(): Promise<Shown> {
  return until('the customer', () => byRef('customerAccount', customer['Id'], 'id number customer { id name email }'));
}

it('shows what is done in QuickBooks: an invoice, the payment that settles it, and that it was taken back', async () => {
  const account = await accountHere();
  expect(account.customer).toMatchObject({ name: 'Sea View Hotel', email: 'ap@seaview.example' });
  const changes = collect<Record<string, Shown>>(
    (await world.as('billing')).socket(),
    'subscription { invoiceChanged(after: "0") { event { type occurredAt } record { status } } }',
    {},
    (messages) => messages.length === 2,
  );
  const made = simulator.create('Invoice', { CustomerRef, Line: [line(2)] });
  const invoice = await until('the invoice', () => invoiceOf(made['Id']));
  expect(invoice).toMatchObject({
    number: made['DocNumber'],
    status: 'OPEN',
    total: { amount: '500.00', currency: 'USD' },
    source: { connection: 'qb', externalId: made['Id'], isGone: false, authority: 'CONNECTION' },
  });
  simulator.create('Payment', { CustomerRef, TotalAmt: 500, Line: [{ Amount: 500, LinkedTxn: linked(made['Id'], 'Invoice') }] });
  await until('the payment', async () => (await invoiceOf(made['Id'])).status === 'PAID');
  const seen = (await changes).map((message) => message['invoiceChanged'].event);
  expect(seen.map((event: Shown) => event.type)).toEqual(['invoice.observed', 'invoice.paid']);

  const wrong = simulator.create('Invoice', { CustomerRef, Line: [line(1)] });
  await until('the other invoice', () => invoiceOf(wrong['Id']));
  simulator.void('Invoice', text(wrong['Id']));
  await until('that it was taken back', async () => (await invoiceOf(wrong['Id'])).status === 'VOIDED');
  const gone = simulator.create('Invoice', { CustomerRef, Line: [line(3)] });
  await until('the third invoice', () => invoiceOf(gone['Id']));
  simulator.remove('Invoice', text(gone['Id']));
  expect(
    await until('that it is gone', async () => {
      const now = await invoiceOf(gone['Id']);
      return now.source.isGone && now;
    }),
  ).toMatchObject({ status: 'VOIDED', open: { amount: '0.00' } });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

/** Prices and taxes are the platform's: the order is priced here. */
async function productHere(): Promise<string> {
  const product = await until('the product', () => byRef('product', item['Id'], 'id sku'));
  const { id: priceListId } = await admin.do(
    'createPriceList',
    { code: 'US', name: 'US', currency: 'USD', isDefault: true },
    'priceList',
  );
  await admin.do('setPrice', { priceListId, productId: product.id, unitPrice: '240', validFrom: '2020-01-01' }, 'price');
  await admin.do(
    'setTaxRule',
    { sellerCountry: 'US', taxCategory: 'O', rate: '0', reasonCode: 'VATEX-EU-O', validFrom: '2020-01-01' },
    'taxRule',
  );
  return product.id;
}

it('brings an order to QuickBooks, and its number and invoice back', async () => {
  const account = await accountHere();
  const lines = [{ productId: await productHere(), quantity: '4' }];
  const order = await desk.do(
    'placeOrder',
    { accountId: account.id, customerReference: 'PO-77', lines },
    'order',
    'id lifecycle total { amount } pending { command lifecycle }',
  );
  expect(order).toMatchObject({
    lifecycle: 'CONFIRMED',
    total: { amount: '960.00' },
    pending: [{ command: 'CREATE', lifecycle: 'SENT' }],
  });
  const query = `query($id: ID!) { order(id: $id) { lifecycle billingStatus billed { amount } source { externalId externalNumber } pending { id } } }`;
  const there = await until('the estimate', async () => {
    const { order: now } = await desk.ask(query, { id: order.id });
    return now.source && now.pending.length === 0 && now;
  });
  const estimate = simulator.read('Estimate', there.source.externalId);
  expect(estimate).toMatchObject({ TxnStatus: 'Accepted', TotalAmt: 960, DocNumber: there.source.externalNumber });

  const billed = simulator.create('Invoice', {
    CustomerRef,
    Line: [{ ...line(4), Amount: 960, SalesItemLineDetail: { ItemRef: { value: text(item['Id']) }, Qty: 4, UnitPrice: 240 } }],
    LinkedTxn: linked(there.source.externalId, 'Estimate'),
  });
  const invoice = await until('the bill', () => invoiceOf(billed['Id']));
  expect(invoice).toMatchObject({ status: 'OPEN', total: { amount: '960.00' }, order: { id: order.id } });
  const { order: now } = await desk.ask(query, { id: order.id });
  expect(now).toMatchObject({ billingStatus: 'FULL', billed: { amount: '960.00' } });
  const credit = (
    await admin.ask('query($id: ID!) { customer(id: $id) { credit { unbilled { amount } openItems { amount } } } }', {
      id: account.customer.id,
    })
  ).customer.credit;
  expect(credit).toEqual({ unbilled: { amount: '0.00' }, openItems: { amount: '883.20' } });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

const paymentOf = async (id: string): Promise<Shown> =>
  (await cash.ask(`query($id: ID!) { payment(id: $id) { ${PAYMENT} } }`, { id })).payment;

it('brings a payment to QuickBooks, where it settles the invoice, and only then here', async () => {
  const account = await accountHere();
  const open = simulator.all('Invoice').find((row) => Number(row['Balance']) > 0);
  const input = { accountId: account.id, amount: { amount: '1210.00', currency: 'USD' }, reference: 'WIRE 4711' };
  const wish = await cash.do('recordPayment', input, 'payment', PAYMENT);
  expect(wish).toMatchObject({ lifecycle: 'PENDING', pending: [{ command: 'CREATE', lifecycle: 'SENT' }] });
  const received = await until('that the payment was taken', async () => {
    const now = await paymentOf(wish.id);
    return now.lifecycle === 'RECEIVED' && now;
  });
  expect(received).toMatchObject({ status: 'UNAPPLIED', unapplied: { amount: '1210.00' }, pending: [] });
  expect(simulator.read('Payment', received.source.externalId)).toMatchObject({ TotalAmt: 1210, UnappliedAmt: 1210 });

  // meanwhile somebody there sets a part of it against another invoice, and the answer to our wish is lost
  const other = simulator.create('Invoice', { CustomerRef, Line: [line(1)] });
  const theirs = { Amount: 250, LinkedTxn: linked(other['Id'], 'Invoice') };
  simulator.update('Payment', received.source.externalId, { Line: [theirs] });
  simulator.setFaults({ script: ['LOST_ANSWER'], only: ({ method, path }) => method === 'POST' && path.includes('/payment') });
  const invoice = await invoiceOf(open?.['Id']);
  const allocations = [{ invoiceId: invoice.id, amount: '960.00' }];
  const applied = await cash.do('applyCash', { paymentId: wish.id, allocations }, 'payment', PAYMENT);
  expect(applied).toMatchObject({ lifecycle: 'RECEIVED', pending: [{ command: 'UPDATE', lifecycle: 'SENT' }] });
  await until('that both are settled', async () => {
    const both = [await invoiceOf(open?.['Id']), await invoiceOf(other['Id'])];
    return both.every((one) => one?.status === 'PAID');
  });
  simulator.setFaults({});
  // reading may have shown what our wish came to before its own answer, which was lost, is asked for again
  const answered = await until('that nothing of it is under way', async () => {
    const now = await paymentOf(wish.id);
    return now.pending.length === 0 && now;
  });
  expect(answered).toMatchObject({ status: 'APPLIED', unapplied: { amount: '0.00' } });
  expect(simulator.read('Invoice', text(open?.['Id']))).toMatchObject({ Balance: 0 });
  expect(simulator.all('Payment').filter((row) => text(row['PrivateNote']).includes(wish.id))).toHaveLength(1);
});

it("shows QuickBooks' own words when it refuses, and blocks nothing else", async () => {
  const account = await accountHere();
  simulator.setPreferences({ bookCloseDate: '2026-12-31' });
  const wish = await cash.do(
    'recordPayment',
    { accountId: account.id, amount: { amount: '10.00', currency: 'USD' } },
    'payment',
    PAYMENT,
  );
  const refused = await until('the refusal', async () => {
    const now = await paymentOf(wish.id);
    return now.lifecycle === 'FAILED' && now;
  });
  expect(refused).toMatchObject({ pending: [], source: null });
  const { syncIssues } = await admin.ask('{ syncIssues(first: 5) { nodes { reason erpText lifecycle connection { code } } } }');
  expect(syncIssues.nodes).toMatchObject([{ reason: 'ERP_REFUSED', lifecycle: 'OPEN', connection: { code: 'qb' } }]);
  expect(syncIssues.nodes[0].erpText).toMatch(/closed/i);
  simulator.setPreferences({ bookCloseDate: null });
  const next = await cash.do(
    'recordPayment',
    { accountId: account.id, amount: { amount: '11.00', currency: 'USD' } },
    'payment',
    PAYMENT,
  );
  await until('the next payment', async () => (await paymentOf(next.id)).lifecycle === 'RECEIVED');
});

it('agrees with QuickBooks on everything in the end, and says so', async () => {
  await settled();
  const checked = await admin.do('checkConnection', { id: connectionId }, 'connection', 'health company');
  expect(checked.health).toBe('HEALTHY');
  const { drift } = await admin.do(
    'reconcileConnection',
    { id: connectionId },
    'connection',
    'drift(first: 50) { nodes { kind cause ours theirs lifecycle } }',
  );
  expect(drift.nodes.filter((one: Shown) => one.lifecycle === 'OPEN')).toEqual([]);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
  const { items } = await analyst.ask(
    'query($le: ID!) { items: openItems(where: { legalEntityId: { eq: $le } }, first: 100) { nodes { open { amount } } } }',
    { le: legalEntityId },
  );
  const owed = items.nodes.reduce((sum: bigint, node: Shown) => sum + BigInt(node.open.amount.replace('.', '')), 0n);
  const there = simulator.all('Customer').reduce((sum, row) => sum + BigInt(Math.round(Number(row['Balance'] ?? 0) * 100)), 0n);
  expect(owed).toBe(there);
});
