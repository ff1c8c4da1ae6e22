// Crediting what came back: on the invoices that billed it, the newest first, and never more than was charged.
import { expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { openTrade } from '../support/trade.ts';
import { type Shown, startWorld } from '../support/world.ts';
import { openShop } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const trade = await openTrade(world);
const { billing, desk, place, ship, takeBack, bill, credit, orderOf, invoicesOf, notesOf } = await openShop(
  world,
  trade.accountId,
);
const cash = await world.as('cash');

const goods = (unitPrice: string, quantity: string) => ({
  description: 'Valve',
  unitPrice,
  quantity,
  taxCategory: 'S',
  taxRate: '19',
  isShipped: true,
});

/** An order of one line of goods, shipped and billed in the given parts; with its fulfilments. */
async function sold(unitPrice: string, parts: readonly string[]): Promise<{ order: Shown; lineId: string; shipments: string[] }> {
  const quantity = String(parts.reduce((sum, part) => sum + Number(part), 0));
  const order = await place([goods(unitPrice, quantity)]);
  const [{ id: lineId }] = order.lines;
  const shipments: string[] = [];
  for (const part of parts) {
    shipments.push(await ship(order.id, [{ orderLineId: lineId, quantity: part }]));
    await bill(order.id);
  }
  return { order, lineId, shipments };
}

it('credits the newest invoice first, one note on each, and the order says what was credited', async () => {
  const { order, lineId, shipments } = await sold('10', ['5', '5']);
  await takeBack(shipments[0] ?? '', [{ orderLineId: lineId, quantity: '5' }]);
  await takeBack(shipments[1] ?? '', [{ orderLineId: lineId, quantity: '2' }]);
  const after = await credit(order.id);
  expect(after).toMatchObject({
    returnStatus: 'PARTIAL',
    billed: { amount: '119.00' },
    credited: { amount: '83.30' },
    total: { amount: '119.00' },
    lines: [{ billedQuantity: '10', creditedQuantity: '7' }],
  });
  const [older, newer] = await invoicesOf(order.id);
  expect(await notesOf(order.id)).toMatchObject([
    {
      invoice: { id: newer.id },
      order: { id: order.id },
      reason: 'Came back',
      total: { amount: '59.50' },
      lines: [{ quantity: '5' }],
    },
    { invoice: { id: older.id }, total: { amount: '23.80' }, lines: [{ quantity: '2', net: { amount: '20.00' } }] },
  ]);
  expect(newer).toMatchObject({ status: 'CREDITED', open: { amount: '0.00' }, lines: [{ creditedQuantity: '5' }] });
  expect(older).toMatchObject({ status: 'OPEN', open: { amount: '35.70' } });
  expect(await billing.refused('creditReturn', { orderId: order.id, reason: 'Again' })).toMatchObject([
    { code: 'NOTHING_TO_CREDIT' },
  ]);
});

it('takes the rest of an invoice line with its last part, so that nothing of it is left over', async () => {
  const { order, lineId, shipments } = await sold('0.333333', ['7']);
  const nets: string[] = [];
  for (const quantity of ['1', '1', '2.5', '2.5']) {
    await takeBack(shipments[0] ?? '', [{ orderLineId: lineId, quantity }]);
    await credit(order.id);
    nets.push((await notesOf(order.id)).at(-1)?.net.amount);
  }
  expect(nets).toEqual(['0.33', '0.34', '0.83', '0.83']); // of 2.33
  const [invoice] = await invoicesOf(order.id);
  expect(invoice).toMatchObject({ status: 'CREDITED', lines: [{ creditedNet: { amount: '2.33' }, creditedQuantity: '7' }] });
});

it('leaves what was paid as credit on the account, and bills again what leaves after', async () => {
  const order = await place([goods('10', '10')]);
  const [{ id: orderLineId }] = order.lines;
  const first = await ship(order.id, [{ orderLineId, quantity: '6' }]);
  const invoice = await bill(order.id);
  const amount = { amount: invoice.total.amount, currency: 'EUR' };
  const payment = await cash.do('recordPayment', { accountId: trade.accountId, amount }, 'payment');
  await cash.do(
    'applyCash',
    { paymentId: payment.id, allocations: [{ invoiceId: invoice.id, amount: amount.amount }] },
    'payment',
  );
  await takeBack(first, [{ orderLineId, quantity: '2' }]);
  expect(await credit(order.id)).toMatchObject({ credited: { amount: '23.80' } });
  expect((await notesOf(order.id))[0]).toMatchObject({ status: 'OPEN', open: { amount: '23.80' } });
  await ship(order.id);
  expect(await bill(order.id)).toMatchObject({ lines: [{ quantity: '4' }] });
  expect(await orderOf(order.id)).toMatchObject({ lifecycle: 'COMPLETED', billed: { amount: '119.00' } });
});

it('sets what came back against what left after, where it was not credited before', async () => {
  const order = await place([goods('10', '10')]);
  const [{ id: orderLineId }] = order.lines;
  const first = await ship(order.id, [{ orderLineId, quantity: '6' }]);
  await bill(order.id);
  await takeBack(first, [{ orderLineId, quantity: '2' }]);
  await ship(order.id);
  // 8 are kept and 6 billed
  expect(await billing.refused('creditReturn', { orderId: order.id, reason: 'None' })).toMatchObject([
    { code: 'NOTHING_TO_CREDIT' },
  ]);
  expect(await billing.refused('billOrder', { orderId: order.id, lines: [{ orderLineId, quantity: '3' }] })).toMatchObject([
    { code: 'QUANTITY_EXCEEDED', message: 'Line 1: 2 can be billed now, and 3 is more.' },
  ]);
  expect(await bill(order.id)).toMatchObject({ lines: [{ quantity: '2' }] });
});

it('credits nothing that came back before it was billed', async () => {
  const order = await place([goods('10', '10')]);
  const [{ id: orderLineId }] = order.lines;
  const shipment = await ship(order.id);
  await takeBack(shipment, [{ orderLineId, quantity: '3' }]);
  expect(await bill(order.id)).toMatchObject({ lines: [{ quantity: '7' }] });
  expect(await billing.refused('creditReturn', { orderId: order.id, reason: 'None' })).toMatchObject([
    { code: 'NOTHING_TO_CREDIT' },
  ]);
  const lines = [{ orderLineId, quantity: '1' }];
  expect(await billing.refused('creditReturn', { orderId: order.id, reason: 'None', lines })).toMatchObject([
    { code: 'QUANTITY_EXCEEDED', path: ['input', 'lines', '0', 'quantity'] },
  ]);
});

it('keeps an order’s credited amount right with a credit by amounts, and gives nothing a second time', async () => {
  const { order, lineId, shipments } = await sold('10', ['5']);
  const [invoice] = await invoicesOf(order.id);
  const lines = [{ taxCategory: 'S', taxRate: '19', net: '20' }];
  await billing.do('issueCreditNote', { invoiceId: invoice.id, reason: 'Scratched', lines }, 'creditNote');
  expect(await orderOf(order.id)).toMatchObject({ credited: { amount: '23.80' }, lines: [{ creditedQuantity: '0' }] });
  await takeBack(shipments[0] ?? '', [{ orderLineId: lineId, quantity: '5' }]);
  expect(await credit(order.id)).toMatchObject({ credited: { amount: '59.50' }, lines: [{ creditedQuantity: '5' }] });
  expect((await invoicesOf(order.id))[0]).toMatchObject({ status: 'CREDITED', credited: { amount: '59.50' } });
});

it('credits what was billed with the order and never left, so that the order can be closed', async () => {
  const admin = await world.as('admin');
  const { version } = (await admin.ask('query($id: ID!) { customerAccount(id: $id) { version } }', { id: trade.accountId }))
    .customerAccount;
  await admin.do('updateAccount', { id: trade.accountId, expectedVersion: version, billingRule: 'ON_ORDER' }, 'account');
  const order = await place([goods('10', '10')]);
  const [{ id: orderLineId }] = order.lines;
  expect(await bill(order.id)).toMatchObject({ total: { amount: '119.00' } });
  const shipment = await ship(order.id, [{ orderLineId, quantity: '4' }]);
  expect(await billing.refused('creditReturn', { orderId: order.id, reason: 'Nothing came back' })).toMatchObject([
    { code: 'NOTHING_TO_CREDIT' },
  ]);
  await credit(order.id, { lines: [{ orderLineId, quantity: '6' }] });
  const closed = await desk.do(
    'closeOrderShort',
    { id: order.id, reason: 'No longer made' },
    'order',
    'lifecycle credited { amount }',
  );
  expect(closed).toEqual({ lifecycle: 'CLOSED_SHORT', credited: { amount: '71.40' } });
  await takeBack(shipment, [{ orderLineId, quantity: '1' }]);
  expect(await credit(order.id)).toMatchObject({ credited: { amount: '83.30' } });
});

it('leaves books, documents and orders that agree', async () => {
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
