// Invoices of an ERP that bill orders of ours: what is unbilled, exposure and the order's step follow, also when the bill is changed or taken back.
import { beforeAll, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { bare, type Books, openBooks, type Person, startWorld } from '../support/world.ts';
import { connectionOf, invoiceInput, observe } from './observing.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-06-01T09:00:00.000Z', connectors: [silentErp] });
let books: Books;
let party: { legalEntityId: string; accountId: string };
let admin: Person;

beforeAll(async () => {
  books = await openBooks(world);
  party = { legalEntityId: bare(books.legalEntityId), accountId: bare(books.accountId) };
  admin = await world.as('admin');
  await connectionOf(world, party.legalEntityId, ['Invoice']);
});

const line = (description: string, quantity: string, unitPrice: string, isShipped = false) => ({
  description,
  quantity,
  unitPrice,
  taxCategory: 'S',
  taxRate: '19',
  isShipped,
});
const place = async (...lines: object[]) =>
  (await admin.do('placeOrder', { accountId: books.accountId, lines }, 'order')).id as string;

const orderOf = async (id: string) => {
  const { order } = await admin.ask(
    `query($id: ID!) { order(id: $id) { lifecycle billingStatus total { amount } billed { amount } unbilled { amount }
       lines { id billedQuantity } invoices { nodes { number } } } }`,
    { id },
  );
  const { billed, unbilled, total, ...rest } = order;
  return { ...rest, billed: billed.amount, unbilled: unbilled.amount, total: total.amount };
};

const billed = (description: string, quantity: string, net: string, more: object = {}) => ({
  description,
  quantity,
  unitPrice: '1',
  net,
  taxCategory: 'S',
  taxRate: '19',
  ...more,
});
const bill = (orders: readonly string[], lines: object[], more: Record<string, unknown> = {}) =>
  observe(world, 'observeInvoice', invoiceInput(party, { lines, orderIds: orders.map(bare), ...more }));

it('bills a part, then the rest, and completes the order; taking a bill back opens it again', async () => {
  const id = await place(line('Advice', '10', '12.345'), line('Travel', '1', '99.99'));
  const first = await bill([id], [billed('Advice', '4', '60')], { number: 'B-1' });
  expect(await orderOf(id)).toMatchObject({ lifecycle: 'CONFIRMED', billingStatus: 'PARTIAL', billed: '58.76', total: '265.89' });
  const second = await bill([id], [billed('Advice', '7', '90'), billed('Travel', '1', '120'), billed('Freight', '1', '7')]);
  const done = await orderOf(id);
  expect(done).toMatchObject({ lifecycle: 'COMPLETED', billingStatus: 'FULL', unbilled: '0.00' });
  expect(done.invoices.nodes.map((i: { number: string }) => i.number)).toEqual(expect.arrayContaining(['B-1', 'I-1']));
  expect(await broken(world.database, world.tenantId)).toEqual([]);
  const lines = [billed('Advice', '7', '90'), billed('Travel', '1', '120'), billed('Freight', '1', '7')];
  const again = invoiceInput(party, { lines, orderIds: [bare(id)], recordId: second.recordId });
  expect(await observe(world, 'observeInvoice', again)).toMatchObject({ isNew: false });
  await observe(world, 'observeInvoice', { ...again, isDeleted: true });
  expect(await orderOf(id)).toMatchObject({ lifecycle: 'CONFIRMED', billingStatus: 'PARTIAL', billed: '58.76' });
  const changed = { number: 'B-1', recordId: first.recordId, lines: [billed('Advice', '1', '15')], orderIds: [bare(id)] };
  await observe(world, 'observeInvoice', invoiceInput(party, changed));
  expect(await orderOf(id)).toMatchObject({ billed: '14.70' });
  await observe(world, 'observeInvoice', again);
  expect(await orderOf(id)).toMatchObject({ lifecycle: 'CONFIRMED', billingStatus: 'PARTIAL' });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

it('bills several orders at once, by the line that it names, and never more than is ordered', async () => {
  const [one, two] = [await place(line('Rent', '2', '10')), await place(line('Rent', '5', '10'))];
  const named = (await orderOf(two)).lines[0].id;
  const lines = [billed('Rent', '3', '30', { orderLine: bare(named) }), billed('Rent', '9', '90')];
  const { recordId } = await bill([one, two], lines);
  expect(await orderOf(one)).toMatchObject({ lifecycle: 'COMPLETED', billed: '23.80' });
  expect(await orderOf(two)).toMatchObject({ lifecycle: 'CONFIRMED', billed: '35.70' });
  await observe(world, 'observeInvoice', invoiceInput(party, { lines, orderIds: [bare(two)], recordId }));
  expect(await orderOf(one)).toMatchObject({ lifecycle: 'CONFIRMED', billed: '0.00' });
  expect(await orderOf(two)).toMatchObject({ lifecycle: 'COMPLETED', billed: '59.50' });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

it('bills nothing of an order of somebody else, or that is not there', async () => {
  const { id: customerId } = await admin.do('createCustomer', { number: 'X', name: 'X' }, 'customer');
  const other = await admin.do(
    'openAccount',
    { customerId, legalEntityId: books.legalEntityId, number: 'X', currency: 'EUR' },
    'account',
  );
  const { id } = await admin.do('placeOrder', { accountId: other.id, lines: [line('Rent', '2', '10')] }, 'order');
  await bill([id, 'ord_01900000-0000-7000-8000-000000000000'], [billed('Rent', '2', '20')]);
  expect(await orderOf(id)).toMatchObject({ billed: '0.00' });
});
