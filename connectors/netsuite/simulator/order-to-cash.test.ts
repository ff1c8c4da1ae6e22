import { afterAll, beforeEach, expect, it } from 'vitest';
import { signedIn, type TestClient } from './test-client.ts';

let client: TestClient;
let customer: string;
let goods: string;
let service: string;

beforeEach(async () => {
  await client?.simulator.close();
  client = await signedIn();
  customer = await client.write('POST', 'customer', {
    companyName: 'Acme',
    subsidiary: { id: '1' },
    terms: { id: '3' },
    currencyList: { items: [{ currency: { id: '2' } }] },
  });
  goods = await client.write('POST', 'inventoryItem', { itemId: 'W-1', rate: 10.5, averageCost: 4.2 });
  service = await client.write('POST', 'serviceSaleItem', { itemId: 'S-1', rate: 99.99 });
});
afterAll(() => client.simulator.close());

const lines = (...items: readonly object[]) => ({ item: { items } });
const invoiceOf = (quantity: number, more: object = {}) =>
  client.write('POST', 'invoice', {
    entity: { id: customer },
    ...lines({ item: { id: service }, quantity, taxCode: { id: '1' } }),
    ...more,
  });
const pay = (doc: string, amount: number, more: object = {}) =>
  client.write('POST', 'customerPayment', {
    customer: { id: customer },
    payment: amount,
    apply: { items: [{ doc: { id: doc }, apply: true, amount }] },
    ...more,
  });
const statusOf = async (id: string) => (await client.rows(`SELECT status FROM transaction WHERE id = ${id}`))[0]?.['status'];
const ledger = () => client.rows('SELECT SUM(amount) AS s, SUM(debit) - SUM(credit) AS d FROM transactionaccountingline');

it('takes an order by parts through delivery and bill to cash, with the statuses in between', async () => {
  const order = await client.write('POST', 'salesOrder', {
    entity: { id: customer },
    orderStatus: { id: 'A' },
    ...lines({ item: { id: goods }, quantity: 4, taxCode: { id: '1' } }, { item: { id: service }, quantity: 1 }),
  });
  expect(await client.refusal('POST', `record/v1/salesOrder/${order}/!transform/invoice`, {})).toMatch(
    /^400 USER_ERROR.*pending approval/,
  );
  await client.write('PATCH', `salesOrder/${order}`, { orderStatus: { id: 'B' } });
  const ship = (quantity: number) =>
    client.write('POST', `salesOrder/${order}/!transform/itemFulfillment`, lines({ orderLine: 1, quantity }));
  const first = await ship(1);
  expect(await statusOf(order)).toBe('E');
  const bill = await client.write('POST', `salesOrder/${order}/!transform/invoice`, { externalId: 'bill-1' });
  expect(await client.get(`invoice/${bill}`)).toMatchObject({
    subtotal: 110.49,
    taxTotal: 2.1,
    total: 112.59,
    amountRemaining: 112.59,
    dueDate: '2026-06-04',
    status: { id: 'A' },
  });
  expect(await statusOf(order)).toBe('D');
  expect(
    await client.refusal(
      'POST',
      `record/v1/salesOrder/${order}/!transform/itemFulfillment`,
      lines({ orderLine: 1, quantity: 4 }),
    ),
  ).toMatch(/^400 USER_ERROR/);
  // what is left, where nothing is said
  await client.write('POST', `salesOrder/${order}/!transform/itemFulfillment`, {});
  await client.write('POST', `salesOrder/${order}/!transform/invoice`, {});
  expect(await statusOf(order)).toBe('G');
  expect(
    await client.rows(
      `SELECT quantity, quantityshiprecv, quantitybilled, isfullyshipped FROM transactionline WHERE transaction = ${order} AND id = 1`,
    ),
  ).toEqual([{ quantity: '-4', quantityshiprecv: '4', quantitybilled: '4', isfullyshipped: 'T' }]);
  expect(
    await client.rows(
      `SELECT previousline, nextdoc, linktype, foreignamount FROM nexttransactionlinelink WHERE previousdoc = ${order} AND nextdoc IN (${first}, ${bill}) ORDER BY nextdoc, nextline`,
    ),
  ).toEqual([
    { previousline: '1', nextdoc: first, linktype: 'ShipRcpt' },
    { previousline: '1', nextdoc: bill, linktype: 'OrdBill', foreignamount: '10.5' },
    { previousline: '2', nextdoc: bill, linktype: 'OrdBill', foreignamount: '99.99' },
  ]);
  await pay(bill, 112.59);
  expect(await statusOf(bill)).toBe('B');
  expect(await ledger()).toEqual([{ s: '0', d: '0' }]);
});

it('counts goods as fulfilled once they are shipped, not when they are picked, and takes that back with the fulfilment', async () => {
  const order = await client.write('POST', 'salesOrder', {
    entity: { id: customer },
    ...lines({ item: { id: goods }, quantity: 2 }),
  });
  const shipment = await client.write('POST', `salesOrder/${order}/!transform/itemFulfillment`, {
    shipStatus: { id: 'A' },
    package: { items: [{ packageTrackingNumber: 'TB1' }] },
  });
  expect(await statusOf(order)).toBe('B');
  await client.write('PATCH', `itemFulfillment/${shipment}`, { shipStatus: { id: 'C' } });
  expect(await statusOf(order)).toBe('F');
  expect(await client.get(`itemFulfillment/${shipment}?expandSubResources=true`)).toMatchObject({
    shippedDate: '2026-05-05',
    createdFrom: { id: order },
    package: { items: [{ packageTrackingNumber: 'TB1' }] },
    item: { items: [{ orderLine: 1, quantity: 2 }] },
  });
  expect(await client.refusal('DELETE', `record/v1/salesOrder/${order}`)).toMatch(/linked to by one or more transactions/);
  expect((await client.call('DELETE', `record/v1/itemFulfillment/${shipment}`)).status).toBe(204);
  expect(await statusOf(order)).toBe('B');
  expect((await client.call('DELETE', `record/v1/salesOrder/${order}`)).status).toBe(204);
});

it('closes an order short, and cancels one of which nothing went out', async () => {
  const make = () =>
    client.write('POST', 'salesOrder', { entity: { id: customer }, ...lines({ item: { id: goods }, quantity: 2 }) });
  const [short, cancelled] = [await make(), await make()];
  await client.write('POST', `salesOrder/${short}/!transform/itemFulfillment`, lines({ orderLine: 1, quantity: 1 }));
  await client.write('PATCH', `salesOrder/${short}`, lines({ line: 1, isClosed: true }));
  client.simulator.closeOrder(cancelled);
  expect([await statusOf(short), await statusOf(cancelled)]).toEqual(['H', 'C']);
});

it('keeps what is open to the minor unit, with payments over and under it, un-applied and applied to the oldest', async () => {
  const [first, second] = [await invoiceOf(1), await invoiceOf(2, { tranDate: '2026-05-01' })];
  const payment = await pay(first, 100, { payment: 150 });
  expect(await client.get(`customerPayment/${payment}`)).toMatchObject({
    payment: 150,
    applied: 100,
    unapplied: 50,
    status: { id: 'B' },
  });
  expect(await client.get(`invoice/${first}`)).toMatchObject({ total: 119.99, amountPaid: 100, amountRemaining: 19.99 });
  expect(
    await client.refusal('POST', 'record/v1/customerPayment', {
      customer: { id: customer },
      payment: 20,
      apply: { items: [{ doc: { id: first }, apply: true, amount: 20 }] },
    }),
  ).toMatch(/^400 INVALID_CONTENT/);
  expect(await client.get(`customer/${customer}`)).toMatchObject({ balance: 209.97 });
  await client.write('PATCH', `customerPayment/${payment}`, { apply: { items: [{ doc: { id: first }, apply: false }] } });
  expect(await client.get(`invoice/${first}`)).toMatchObject({ amountRemaining: 119.99, status: { id: 'A' } });
  const automatic = await client.write('POST', 'customerPayment', { customer: { id: customer }, payment: 250, autoApply: true });
  expect(
    await client.rows(
      `SELECT previousdoc, foreignamount FROM previoustransactionlinelink WHERE nextdoc = ${automatic} ORDER BY previousdoc DESC`,
    ),
  ).toEqual([
    { previousdoc: second, foreignamount: '239.98' },
    { previousdoc: first, foreignamount: '10.02' },
  ]);
  expect(await client.rows(`SELECT balancesearch AS b FROM customer WHERE id = ${customer}`)).toEqual([{ b: '-40.03' }]);
});

it('takes off a discount for paying early, beside the money', async () => {
  const invoice = await invoiceOf(1);
  const early = { apply: { items: [{ doc: { id: invoice }, apply: true, amount: 117.59, disc: 2.4 }] } };
  const payment = await client.write('POST', 'customerPayment', { customer: { id: customer }, ...early });
  expect(await client.get(`customerPayment/${payment}`)).toMatchObject({ payment: 117.59, applied: 117.59, unapplied: 0 });
  expect(await client.get(`invoice/${invoice}`)).toMatchObject({ amountPaid: 119.99, amountRemaining: 0, status: { id: 'B' } });
  expect(
    await client.rows(
      `SELECT account, amount FROM transactionaccountingline WHERE transaction = ${payment} ORDER BY transactionline`,
    ),
  ).toEqual([
    { account: '116', amount: '117.59' },
    { account: '119', amount: '-119.99' },
    { account: '70', amount: '2.4' },
  ]);
  await client.write('PATCH', `customerPayment/${payment}`, { memo: 'x' });
  expect(await client.get(`customer/${customer}`)).toMatchObject({ balance: 0 });
});

it('moves only line dates when something is applied, and the header when it is edited', async () => {
  const invoice = await invoiceOf(1);
  client.advance(3_600);
  const payment = await pay(invoice, 10);
  const dates = async () =>
    client.rows(`SELECT TO_CHAR(t.lastmodifieddate, 'HH24:MI') AS header, TO_CHAR(m.linelastmodifieddate, 'HH24:MI') AS line, TO_CHAR(a.lastmodifieddate, 'HH24:MI') AS posting
      FROM transaction t JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T' JOIN transactionaccountingline a ON a.transaction = t.id AND a.transactionline = 0 WHERE t.id = ${invoice}`);
  expect(await dates()).toEqual([{ header: '02:00', line: '03:00', posting: '03:00' }]);
  const changed = await client.rows(
    "SELECT DISTINCT transaction FROM transactionline WHERE linelastmodifieddate >= TO_DATE('2026-05-05 02:30', 'YYYY-MM-DD HH24:MI') ORDER BY 1",
  );
  expect(changed).toEqual([{ transaction: invoice }, { transaction: payment }]);
  client.advance(3_600);
  await client.write('PATCH', `invoice/${invoice}`, { memo: 'Disputed' });
  expect(await dates()).toEqual([{ header: '04:00', line: '04:00', posting: '04:00' }]);
});

it('books credits with turned signs, applies them to their invoice, and pays the rest out', async () => {
  const invoice = await invoiceOf(2);
  await pay(invoice, 200);
  const credit = await client.write(
    'POST',
    `invoice/${invoice}/!transform/creditMemo?replace=item`,
    lines({ item: { id: service }, quantity: 1, taxCode: { id: '1' } }),
  );
  expect(await client.get(`creditMemo/${credit}`)).toMatchObject({
    total: 119.99,
    applied: 39.98,
    unapplied: 80.01,
    status: { id: 'A' },
  });
  expect(await client.rows(`SELECT foreigntotal FROM transaction WHERE id = ${credit}`)).toEqual([{ foreigntotal: '-119.99' }]);
  expect(
    await client.rows(
      `SELECT foreignamount, quantity, foreignpaymentamountunused AS unused FROM transactionline WHERE transaction = ${credit} ORDER BY id`,
    ),
  ).toEqual([{ foreignamount: '-119.99', unused: '80.01' }, { foreignamount: '99.99', quantity: '1' }, { foreignamount: '20' }]);
  expect(await statusOf(invoice)).toBe('B');
  await client.write('POST', 'customerRefund', {
    customer: { id: customer },
    apply: { items: [{ doc: { id: credit }, apply: true, amount: 80.01 }] },
  });
  expect(await statusOf(credit)).toBe('B');
  expect(await client.get(`customer/${customer}`)).toMatchObject({ balance: 0 });
  expect(await ledger()).toEqual([{ s: '0', d: '0' }]);
});

it('keeps a deposit apart from what is owed until it is applied', async () => {
  const deposit = await client.write('POST', 'customerDeposit', { customer: { id: customer }, payment: 50 });
  const invoice = await invoiceOf(1);
  expect(await client.get(`customer/${customer}`)).toMatchObject({ balance: 119.99, depositBalance: 50 });
  await client.write('POST', `customerDeposit/${deposit}/!transform/depositApplication`, {
    apply: { items: [{ doc: { id: invoice }, apply: true, amount: 30 }] },
  });
  expect(await client.get(`customer/${customer}`)).toMatchObject({ balance: 89.99, depositBalance: 20 });
  expect(
    await client.rows(
      `SELECT nexttype, linktype, foreignamount FROM previoustransactionlinelink WHERE previousdoc IN (${deposit}, ${invoice}) ORDER BY linktype`,
    ),
  ).toEqual([
    { nexttype: 'DepAppl', linktype: 'DepAppl', foreignamount: '30' },
    { nexttype: 'DepAppl', linktype: 'Payment', foreignamount: '30' },
  ]);
});

it('keeps amounts without decimals and in another currency, both exact and footing', async () => {
  const invoice = await client.write('POST', 'invoice', {
    entity: { id: customer },
    currency: { id: '2' },
    exchangeRate: 0.0052,
    ...lines({ item: { id: goods }, quantity: 3, rate: 333.5, taxCode: { id: '1' } }),
  });
  expect(
    await client.rows(
      `SELECT t.foreigntotal, t.exchangerate, m.foreignamount, m.netamount FROM transaction t JOIN transactionline m ON m.transaction = t.id WHERE t.id = ${invoice} ORDER BY m.id`,
    ),
  ).toEqual([
    { foreigntotal: '1201', exchangerate: '0.0052', foreignamount: '1201', netamount: '6.25' },
    { foreigntotal: '1201', exchangerate: '0.0052', foreignamount: '-1001', netamount: '-5.21' },
    { foreigntotal: '1201', exchangerate: '0.0052', foreignamount: '-200', netamount: '-1.04' },
  ]);
  expect(await ledger()).toEqual([{ s: '0', d: '0' }]);
});

it('voids what nothing is applied to, deletes what nothing goes back to, and remembers what was deleted', async () => {
  const [paid, voided, deleted] = [await invoiceOf(1), await invoiceOf(1), await invoiceOf(1)];
  const payment = await pay(paid, 10);
  expect(() => client.simulator.void('invoice', paid)).toThrow(/applied to it/);
  expect(await client.refusal('DELETE', `record/v1/invoice/${paid}`)).toMatch(/^400 USER_ERROR/);
  client.simulator.void('invoice', voided);
  expect(await client.rows(`SELECT status, voided, foreigntotal, memo FROM transaction WHERE id = ${voided}`)).toEqual([
    { status: 'V', voided: 'T', foreigntotal: '0', memo: 'VOID' },
  ]);
  expect((await client.call('DELETE', `record/v1/invoice/${deleted}`)).status).toBe(204);
  expect((await client.call('DELETE', `record/v1/customerPayment/${payment}`)).status).toBe(204);
  expect(
    await client.rows(
      "SELECT recordtypeid, recordid, TO_CHAR(deleteddate, 'YYYY-MM-DD') AS d FROM deletedrecord ORDER BY recordid",
    ),
  ).toEqual([
    { recordtypeid: 'invoice', recordid: deleted, d: '2026-05-05' },
    { recordtypeid: 'customerpayment', recordid: payment, d: '2026-05-05' },
  ]);
  expect(await client.get(`customer/${customer}`)).toMatchObject({ balance: 119.99 });
});

it('voids by a reversing journal where the account is set up so', async () => {
  const other = await signedIn({ voidsByJournal: true });
  const { simulator } = other;
  const buyer = simulator.create('customer', { companyName: 'Acme', subsidiary: { id: '1' } });
  const item = simulator.create('serviceSaleItem', { itemId: 'S', rate: 10 });
  const invoice = simulator.create('invoice', { entity: { id: buyer }, item: { items: [{ item: { id: item }, quantity: 1 }] } });
  simulator.void('invoice', invoice);
  expect(simulator.query('SELECT type, status, voided, foreigntotal FROM transaction ORDER BY id')).toEqual([
    { type: 'CustInvc', status: 'V', voided: 'T', foreigntotal: '10' },
    { type: 'Journal', status: 'B', voided: 'F' },
  ]);
  expect(
    simulator.query('SELECT account, SUM(amount) AS s FROM transactionaccountingline GROUP BY account ORDER BY account'),
  ).toEqual([
    { account: '54', s: '0' },
    { account: '119', s: '0' },
  ]);
  await simulator.close();
});

it('books nothing into a closed period, and leaves nothing behind of what it refuses', async () => {
  const invoice = await invoiceOf(1, { tranDate: '2026-04-30' });
  client.simulator.closePeriod('2026-04-30');
  expect(await client.refusal('PATCH', `record/v1/invoice/${invoice}`, { memo: 'x' })).toMatch(
    /^400 USER_ERROR.*period of 2026-04-30 is closed/,
  );
  expect(await client.refusal('DELETE', `record/v1/invoice/${invoice}`)).toMatch(/period of 2026-04-30 is closed/);
  const late = {
    customer: { id: customer },
    payment: 10,
    tranDate: '2026-04-29',
    apply: { items: [{ doc: { id: invoice }, apply: true, amount: 10 }] },
  };
  expect(await client.refusal('POST', 'record/v1/customerPayment', late)).toMatch(/^400 USER_ERROR/);
  expect(await client.get(`invoice/${invoice}`)).toMatchObject({ amountRemaining: 119.99 });
  await pay(invoice, 10);
  expect(await client.get(`invoice/${invoice}`)).toMatchObject({ amountRemaining: 109.99 });
  expect(await client.rows("SELECT closed FROM accountingperiod WHERE periodname = 'Apr 2026'")).toEqual([{ closed: 'T' }]);
});
