// One graph over SAP S/4HANA, both ways: what people do in SAP's own screens shows here by itself, in the right legal entity, and what is
// ordered here is ordered there, over HTTP, WebSocket and CloudEvents against a system that keeps its own books.
import { expect, it, vi } from 'vitest';
import type { Row } from '../../connectors/sap/simulator/index.ts';
import { broken } from '../support/invariants.ts';
import { cents, type Document, padded, shown, startSapWorld, sums } from '../support/sap.ts';
import { collect, type Shown } from '../support/world.ts';

const { world, erp, office, customer, abroad, unready, connectionId, legalEntityIds, until, settled } = await startSapWorld();
const { people, simulator } = office;
const admin = await world.as('admin');
const desk = await world.as('order-desk');
const cash = await world.as('cash');
const analyst = await world.as('analyst');

// many steps, each of which waits for the one before
vi.setConfig({ testTimeout: 60_000 });

const SOURCE = 'source { connection externalId externalNumber isGone authority }';
const ORDER = `id version number lifecycle fulfilmentStatus billingStatus onHold total { amount currency } billed { amount }
  account { id } legalEntity { code } lines { id lineNumber quantity cancelledQuantity shippedQuantity isClosed }
  fulfilments { number lifecycle shippedOn lines { quantity } } ${SOURCE} pending { command lifecycle }`;
const INVOICE = `id number status issuedOn dueOn voidedOn total { amount currency } open { amount } paid { amount } discounted { amount }
  credited { amount } legalEntity { code } order { id } ${SOURCE}`;
const PAYMENT = 'id status lifecycle amount { amount currency } unapplied { amount } returnedOn voidedOn legalEntity { code }';

const byRef = async (field: string, id: string, selection: string): Promise<Shown> =>
  (await admin.ask(`query($id: String!) { ${field}(externalRef: { connection: "sap", id: $id }) { ${selection} } }`, { id }))[
    field
  ];
const invoiceOf = (row: Row): Promise<Shown> => byRef('invoice', shown(row, 'BillingDocument'), INVOICE);
const orderOf = (row: Row): Promise<Shown> => byRef('order', shown(row, 'SalesOrder'), ORDER);
const documentId = ({ company, year, document }: Document): string =>
  [company, year, shown({ document }, 'document'), customer].join('/');
const paymentOf = (posted: Document): Promise<Shown> => byRef('payment', documentId(posted), PAYMENT);

const accountOf = (company: string): Promise<Shown> =>
  until(`the account at ${company}`, () =>
    byRef(
      'customerAccount',
      `${customer}/${company}`,
      'id currency isBlockedInErp legalEntity { code } customer { id name email }',
    ),
  );

/** Of before the story, so that what the terms mean is known by a line. */
const early = office.sell({ to: customer, date: '2026-03-02' });

const statusIs = (row: Row, status: string) =>
  until(`that ${shown(row, 'BillingDocument')} is ${status}`, async () => {
    const now = await invoiceOf(row);
    return now?.status === status && now;
  });

const deliveryIs = (order: Row, lifecycle: string): Promise<Shown> =>
  until(`that the delivery is ${lifecycle}`, async () => {
    const now = await orderOf(order);
    return now.fulfilments[0]?.lifecycle === lifecycle && now;
  });

it('knows one customer with an account in each company code', async () => {
  const [german, american] = [await accountOf('1010'), await accountOf('1710')];
  expect(german).toMatchObject({ currency: 'EUR', legalEntity: { code: 'DE01' } });
  expect(american).toMatchObject({ currency: 'USD', legalEntity: { code: 'US02' } });
  expect(german.customer).toMatchObject({ name: 'Seeblick Hotel GmbH', email: 'ap@seeblick.example' });
  expect(american.customer.id).toBe(german.customer.id);
  await until('the terms', async () => {
    const { paymentTerms } = await admin.ask('{ paymentTerms(code: "0002") { netDays discountDays discountPercent } }');
    return paymentTerms;
  });
});

it('shows what is ordered, delivered, billed and paid in SAP, step by step', async () => {
  const order = people.createOrder({
    soldTo: customer,
    company: '1010',
    items: [
      { material: 'GP-100', quantity: '10' },
      { material: 'GP-HOSE', quantity: '5' },
    ],
  });
  const number = String(order['SalesOrder']);
  const here = await until('the order', () => orderOf(order));
  expect(here).toMatchObject({
    lifecycle: 'CONFIRMED',
    total: { amount: '2618.00', currency: 'EUR' },
    legalEntity: { code: 'DE01' },
    source: { connection: 'sap', isGone: false },
  });

  const delivery = people.deliver({ order: number, items: [{ item: '10', quantity: '4' }], upTo: 'PICKED' });
  expect((await deliveryIs(order, 'RELEASED')).fulfilments).toMatchObject([
    { number: shown(delivery, 'DeliveryDocument'), lines: [{ quantity: '4' }] },
  ]);
  people.issueGoods(String(delivery['DeliveryDocument']));
  expect(await deliveryIs(order, 'SHIPPED')).toMatchObject({
    fulfilmentStatus: 'PARTIAL',
    fulfilments: [{ shippedOn: '2026-03-10' }],
  });
  // what was not delivered of it is not wanted any more
  people.rejectItem(number, '20');
  const closed = await until('that the item was rejected', async () => {
    const now = await orderOf(order);
    return now.lines[1].isClosed && now;
  });
  expect(closed).toMatchObject({ lifecycle: 'CONFIRMED', lines: [{ isClosed: false }, { isClosed: true }] });

  const changes = collect<Record<string, Shown>>(
    (await world.as('billing')).socket(),
    'subscription { invoiceChanged(after: "0") { event { type } record { source { externalId } } } }',
    {},
    (messages) => typesOf(messages).at(-1) === 'invoice.paid',
  );
  const invoice = people.bill({ deliveries: [String(delivery['DeliveryDocument'])] });
  const typesOf = (messages: readonly Record<string, Shown>[]): string[] =>
    messages
      .map((message) => message['invoiceChanged'])
      .filter(({ record }) => record.source.externalId === shown(invoice, 'BillingDocument'))
      .map(({ event }) => event.type);
  expect(await statusIs(invoice, 'OPEN')).toMatchObject({
    number: shown(invoice, 'BillingDocument'),
    total: { amount: '952.00', currency: 'EUR' },
    issuedOn: '2026-03-10',
    dueOn: '2026-04-09',
    legalEntity: { code: 'DE01' },
    order: { id: here.id },
    source: { authority: 'CONNECTION', isGone: false },
  });
  people.receivePayment({ invoices: [String(invoice['BillingDocument'])], how: 'PARTIAL', amount: '300' });
  expect(await statusIs(invoice, 'PARTIALLY_PAID')).toMatchObject({ open: { amount: '652.00' }, paid: { amount: '300.00' } });
  people.receivePayment({ invoices: [String(invoice['BillingDocument'])], amount: '632.96' });
  expect(await statusIs(invoice, 'PAID')).toMatchObject({
    open: { amount: '0.00' },
    paid: { amount: '932.96' },
    discounted: { amount: '19.04' },
  });
  expect(typesOf(await changes)).toEqual(['invoice.observed', 'invoice.partially_paid', 'invoice.paid']);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

const ageingAt = async (asOf: string): Promise<readonly Shown[]> => {
  const { id } = (await accountOf('1010')).customer;
  const query =
    'query($asOf: Date, $id: ID!) { ageing(asOf: $asOf, customerId: $id, groupBy: LEGAL_ENTITY) { legalEntityCode currency total } }';
  return (await analyst.ask(query, { asOf, id })).ageing;
};

it('follows what accounting does with them: credited, cancelled, cleared later, returned', async () => {
  const [credited, prepaid, returned] = [1, 2, 3].map(() => office.sell({ to: customer })) as [Row, Row, Row];
  const yen = office.sell({ company: '1710', to: abroad, currency: 'JPY', quantity: '3' });
  const dollars = office.sell({ company: '1710', to: customer, currency: 'USD' });
  const direct = people.postInvoice({ customer, company: '1710', amount: '75.00', currency: 'USD', terms: 'NT30' });
  const memo = people.creditMemo({ invoice: String(credited['BillingDocument']) });
  const onAccount = people.receivePayment({ customer, company: '1010', currency: 'EUR', amount: '238' });
  const down = people.receivePayment({ customer, company: '1010', currency: 'EUR', amount: '500', how: 'DOWN_PAYMENT' });
  const bounced = people.receivePayment({ invoices: [String(returned['BillingDocument'])] });
  for (const one of [early, credited, prepaid, dollars]) await statusIs(one, 'OPEN');
  await statusIs(returned, 'PAID');
  expect(await statusIs(yen, 'OPEN')).toMatchObject({
    total: { amount: shown(yen, 'TotalNetAmount'), currency: 'JPY' },
    legalEntity: { code: 'US02' },
  });
  expect(await invoiceOf(dollars)).toMatchObject({
    total: { amount: '250.00', currency: 'USD' },
    dueOn: '2026-04-09',
    legalEntity: { code: 'US02' },
  });
  const directly = await until('the invoice of accounting', () => byRef('invoice', documentId(direct), INVOICE));
  expect(directly).toMatchObject({ status: 'OPEN', total: { amount: '75.00' }, order: null, legalEntity: { code: 'US02' } });
  const money = await until('the payment on account', () => paymentOf(onAccount));
  expect(money).toMatchObject({ status: 'UNAPPLIED', unapplied: { amount: '238.00' }, legalEntity: { code: 'DE01' } });

  people.clear([office.lineOf(office.documentOf(credited)), office.lineOf(office.documentOf(memo))]);
  people.clear([office.lineOf(office.documentOf(prepaid)), office.lineOf(onAccount)]);
  people.cancelBilling(String(early['BillingDocument']), '2026-03-06');
  people.returnPayment(bounced);
  expect(await statusIs(early, 'VOIDED')).toMatchObject({ voidedOn: '2026-03-06', open: { amount: '0.00' } });
  expect(await statusIs(prepaid, 'PAID')).toMatchObject({ paid: { amount: '238.00' } });
  expect(await paymentOf(onAccount)).toMatchObject({ status: 'APPLIED', unapplied: { amount: '0.00' } });
  expect(await statusIs(returned, 'OPEN')).toMatchObject({ open: { amount: '238.00' }, paid: { amount: '0.00' } });
  expect(await paymentOf(bounced)).toMatchObject({ status: 'VOIDED' });
  expect(await statusIs(credited, 'CREDITED')).toMatchObject({ open: { amount: '0.00' }, credited: { amount: '238.00' } });
  expect(await byRef('creditNote', shown(memo, 'BillingDocument'), 'status total { amount }')).toEqual({
    status: 'APPLIED',
    total: { amount: '238.00' },
  });
  // money ahead of time on a special account is no payment of anything
  expect(await paymentOf(down)).toBeNull();
  expect(await ageingAt('2026-03-04')).toMatchObject([{ legalEntityCode: 'DE01', currency: 'EUR', total: '238.00' }]);
  expect(await ageingAt('2026-03-07')).toEqual([]);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

const query = `query($id: ID!) { order(id: $id) { ${ORDER} } }`;
const ours = async (id: string): Promise<Shown> => (await desk.ask(query, { id })).order;
/** What SAP made of it, once it has answered and its number is here. */
const there = (id: string): Promise<Shown> =>
  until('the order in SAP', async () => {
    const now = await ours(id);
    return now.source && now.pending.length === 0 && now;
  });
const answered = (id: string): Promise<Shown> =>
  until('the answer', async () => {
    const now = await ours(id);
    return now.pending.length === 0 && now;
  });
const productHere = () => until('the product', () => byRef('product', 'GP-100', 'id sku'));

async function place(accountId: string, quantity: string, more: Record<string, unknown> = {}): Promise<Shown> {
  const { id: productId } = await productHere();
  const line = { productId, quantity, unitPrice: '190', taxCategory: 'S', taxRate: '19' };
  return desk.do('placeOrder', { accountId, lines: [line], ...more }, 'order', `${ORDER} holds { kind reason }`);
}
const creditOf = async (): Promise<Shown> => {
  const { id } = (await accountOf('1010')).customer;
  const asked = 'query($id: ID!) { customer(id: $id) { credit { unbilled { amount } openItems { amount } } } }';
  return (await analyst.ask(asked, { id })).customer.credit;
};

it('places an order in SAP once, even when the answer is lost or the session has ended, and changes it there with its version', async () => {
  const account = await accountOf('1010');
  let posts = 0;
  simulator.setFaults({
    script: ['LOST_ANSWER'],
    only({ method, path }) {
      if (method !== 'POST' || !path.includes('/A_SalesOrder?')) return false;
      posts += 1;
      if (posts === 2) simulator.endSessions();
      return posts === 1;
    },
  });
  const lost = await place(account.id, '4', { customerReference: 'PO-77' });
  expect(lost).toMatchObject({ lifecycle: 'CONFIRMED', total: { amount: '904.40' }, pending: [{ command: 'CREATE' }] });
  const known = await there(lost.id);
  const other = await place(account.id, '2', { customerReference: 'PO-78' });
  const { externalId: given } = (await there(other.id)).source;
  simulator.setFaults({});
  const { externalId: number } = known.source;
  expect(known.source.externalNumber).toBe(number);
  expect(
    [office.ordersWith('PO-77'), office.ordersWith('PO-78')].map((rows) => rows.map((row) => shown(row, 'SalesOrder'))),
  ).toEqual([[number], [given]]);
  expect(office.itemsOf(number)).toMatchObject([{ NetAmount: '760.00', TaxAmount: '144.40' }]);

  // between the look at its version and the change somebody there changes it, too
  let patches = 0;
  simulator.setFaults({
    script: ['SLOW'],
    only({ method, path }) {
      if (method !== 'PATCH' || !path.includes(number)) return false;
      patches += 1;
      if (patches === 1) people.changeOrder(number, { IncotermsLocation1: 'Konstanz' });
      return false;
    },
  });
  const changes = [{ orderLineId: known.lines[0].id, quantity: '6' }];
  await desk.do('changeOrder', { id: lost.id, expectedVersion: known.version, changes }, 'order');
  await desk.do('cancelOrder', { id: other.id, reason: 'Ordered twice.' }, 'order');
  expect(await answered(lost.id)).toMatchObject({ total: { amount: '1356.60' }, lines: [{ quantity: '6' }] });
  expect({ posts, patches }).toEqual({ posts: 3, patches: 2 });
  expect(office.itemsOf(number)).toMatchObject([{ RequestedQuantity: '6' }]);
  expect(office.order(number)).toMatchObject({ IncotermsLocation1: 'Konstanz' });
  expect(await answered(other.id)).toMatchObject({ lifecycle: 'CANCELLED' });
  expect(office.itemsOf(given)).toMatchObject([{ SalesDocumentRjcnReason: '10' }]);
  simulator.setFaults({});

  const before = await creditOf();
  const delivery = people.deliver({ order: padded(number) });
  const invoice = people.bill({ deliveries: [String(delivery['DeliveryDocument'])] });
  expect(await statusIs(invoice, 'OPEN')).toMatchObject({ total: { amount: '1356.60' }, order: { id: lost.id } });
  const done = await until('that it was delivered', async () => {
    const now = await ours(lost.id);
    return now.fulfilmentStatus === 'FULL' && now;
  });
  expect(done).toMatchObject({
    billingStatus: 'FULL',
    billed: { amount: '1356.60' },
    fulfilments: [{ number: shown(delivery, 'DeliveryDocument'), lifecycle: 'SHIPPED', lines: [{ quantity: '6' }] }],
  });
  const after = await creditOf();
  const moved = (field: string) => cents(after[field].amount) - cents(before[field].amount);
  expect({ unbilled: moved('unbilled'), openItems: moved('openItems') }).toEqual({ unbilled: -135_660n, openItems: 135_660n });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

it('takes no payment, and says why: SAP has no service for it', async () => {
  const { id: accountId } = await accountOf('1710');
  const refusals = await cash.refused('recordPayment', { accountId, amount: { amount: '10.00', currency: 'USD' } });
  expect(refusals).toMatchObject([{ code: 'ERP_AUTHORITY' }]);
  expect(refusals[0]?.message).toMatch(/^The sap of the group .*no OData service that posts a payment.*Do it there/);
});

it("shows SAP's own words when it refuses an order, blocks nothing else, and stops whom SAP has stopped", async () => {
  const refusedTo = await until('their account', () => byRef('customerAccount', `${unready}/1710`, 'id'));
  const line = { taxCategory: 'O', taxRate: '0', taxReason: 'VATEX-EU-O' };
  const { id: productId } = await productHere();
  const lines = [{ productId, quantity: '1', unitPrice: '250', ...line }];
  const wish = await desk.do('placeOrder', { accountId: refusedTo.id, lines }, 'order', ORDER);
  const words = new RegExp(`Sold-to party ${unready} not maintained for sales area 1710 10 00`);
  const { nodes } = await until('the refusal', async () => {
    const { syncIssues } = await admin.ask(
      '{ syncIssues(first: 5) { nodes { reason recordKind recordId erpText lifecycle connection { code } request { lifecycle erpText } } } }',
    );
    return syncIssues.nodes.length > 0 && syncIssues;
  });
  expect(nodes).toMatchObject([
    {
      reason: 'ERP_REFUSED',
      recordKind: 'Order',
      lifecycle: 'OPEN',
      connection: { code: 'sap' },
      request: { lifecycle: 'REFUSED' },
    },
  ]);
  expect([nodes[0].erpText, nodes[0].request.erpText]).toEqual([expect.stringMatching(words), expect.stringMatching(words)]);
  const american = await accountOf('1710');
  const next = await desk.do('placeOrder', { accountId: american.id, lines, customerReference: 'PO-79' }, 'order', ORDER);
  await there(next.id);
  expect(office.ordersWith('PO-79')).toHaveLength(1);
  await desk.do('cancelOrder', { id: wish.id, reason: 'They are not set up in SAP.' }, 'order');

  // of a customer of whom nothing else has changed for days
  world.clock.advance(3 * 86_400_000);
  await settled();
  people.blockCredit(customer, '1710');
  await until('the block', async () => (await accountOf('1710')).isBlockedInErp);
  const held = await desk.do(
    'placeOrder',
    { accountId: american.id, lines, customerReference: 'PO-80' },
    'order',
    'lifecycle holds { kind reason }',
  );
  expect(held).toMatchObject({ lifecycle: 'SUBMITTED', holds: [{ kind: 'CREDIT' }] });
  expect(held.holds[0].reason).toMatch(/block/i);
  expect(office.ordersWith('PO-80')).toEqual([]);
});

async function owedHere(legalEntityId: string): Promise<Record<string, bigint>> {
  const { openItems } = await analyst.ask(
    `query($le: ID!) { openItems(where: { legalEntityId: { eq: $le } }, first: 200) { nodes { open { amount currency } } } }`,
    { le: legalEntityId },
  );
  return sums(openItems.nodes.map(({ open }: Shown) => [open.currency, open.amount]));
}

it('agrees with SAP on everything in the end, and says so', async () => {
  await settled();
  const { drift } = await admin.do(
    'reconcileConnection',
    { id: connectionId },
    'connection',
    'drift(first: 50) { nodes { kind cause ours theirs lifecycle } }',
  );
  expect(drift.nodes.filter((one: Shown) => one.lifecycle === 'OPEN')).toEqual([]);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
  for (const [i, company] of ['1010', '1710'].entries())
    expect([company, await owedHere(legalEntityIds[i] ?? '')]).toEqual([company, office.owed(company)]);
});

it('names the companies of the system in its check, and what is not served or not switched on', async () => {
  simulator.setServices({ inactive: ['API_PRODUCT_SRV'] });
  const entity = { code: 'AT01', name: 'Windrose Austria', country: 'AT', functionalCurrency: 'EUR', timeZone: 'Europe/Vienna' };
  const { id: legalEntityId } = await admin.do('createLegalEntity', entity, 'legalEntity');
  const other = {
    code: 'sap-at',
    name: 'SAP in Vienna',
    connector: 'sap',
    legalEntities: [{ legalEntityId, externalId: '1010' }],
    config: erp.config,
    credentials: erp.credentials,
  };
  const { id } = await admin.do('createConnection', other, 'connection');
  const checked = await admin.do('checkConnection', { id }, 'connection', 'health company warnings');
  expect(checked.warnings).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/1710.*not served/i),
      expect.stringMatching(/API_PRODUCT_SRV.*SAP_COM_0009/),
      expect.stringMatching(/down payments/),
      expect.stringMatching(/Payments are read and never posted/),
    ]),
  );
  expect(checked.company).toContain('Nordwind Technik GmbH');
});
