// Billing an order: what can be billed when, what the invoice and the order say after, and what is refused.
import { expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { openTrade } from '../support/trade.ts';

import { collect, type Shown, startWorld } from '../support/world.ts';
import { openShop } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const trade = await openTrade(world);
const { desk, billing, place, ship, bill, orderOf } = await openShop(world, trade.accountId);

it('bills goods as they were shipped and services at once, in one step, and the order follows', async () => {
  const order = await place(
    [
      { productId: trade.pumpId, quantity: '3', discountPercent: '2.5' },
      { productId: trade.serviceId, quantity: '1.5' },
    ],
    { customerReference: 'PO-1' },
  );
  const [pump, service] = order.lines;
  const first = await bill(order.id);
  expect(first).toMatchObject({
    status: 'OPEN',
    order: { id: order.id },
    customerReference: 'PO-1',
    sellerName: 'DE01 company',
    buyerName: 'Customer C-1',
    net: { amount: '120.00' },
    tax: { amount: '22.80' },
    lines: [{ orderLineId: service.id, quantity: '1.5', unit: 'HUR', fulfilmentId: null }],
    issuedOn: '2026-03-02',
    dueOn: '2026-04-01',
    discountUntil: '2026-03-12',
    discountOffered: { amount: '2.86' },
    items: [{ instalment: 1, original: { amount: '142.80' }, discountUntil: '2026-03-12', discountOffered: { amount: '2.86' } }],
  });
  expect(await billing.refused('billOrder', { orderId: order.id })).toMatchObject([
    { code: 'NOTHING_TO_BILL', path: ['input', 'orderId'] },
  ]);
  const left = await ship(order.id, [{ orderLineId: pump.id, quantity: '2' }]);
  expect(await billing.refused('billOrder', { orderId: order.id, lines: [{ orderLineId: pump.id, quantity: '2.5' }] })).toEqual([
    {
      code: 'QUANTITY_EXCEEDED',
      message: 'Line 1: 2 can be billed now, and 2.5 is more.',
      path: ['input', 'lines', '0', 'quantity'],
    },
  ]);
  const second = await bill(order.id);
  expect(second).toMatchObject({
    net: { amount: '975.00' },
    lines: [{ quantity: '2', unitPrice: '500', discountPercent: '2.5', net: { amount: '975.00' }, fulfilmentId: left }],
  });
  expect(await orderOf(order.id)).toMatchObject({
    lifecycle: 'CONFIRMED',
    billingStatus: 'PARTIAL',
    billed: { amount: '1303.05' },
    unbilled: { amount: '580.13' },
    total: { amount: '1883.18' },
  });
  await ship(order.id);
  await bill(order.id, { expectedVersion: (await orderOf(order.id)).version });
  expect(await orderOf(order.id)).toMatchObject({
    lifecycle: 'COMPLETED',
    billingStatus: 'FULL',
    net: { amount: '1582.50' },
    billed: { amount: '1883.18' },
    unbilled: { amount: '0.00' },
  });
  expect(await billing.refused('billOrder', { orderId: order.id })).toMatchObject([{ code: 'WRONG_STATE' }]);
});

it('gives the last part of a line what rounding left, so that the parts are the line', async () => {
  const order = await place([{ description: 'Cable', unitPrice: '0.333333', quantity: '10', taxCategory: 'S', taxRate: '7' }]);
  const [{ id: orderLineId }] = order.lines;
  const nets: string[] = [];
  for (const quantity of ['1.1', '2.2', '0.05', '6.65'])
    nets.push((await bill(order.id, { lines: [{ orderLineId, quantity }] })).net.amount);
  // 0.3666…, 1.0999…, 1.1166…, 3.3333…
  expect(nets).toEqual(['0.37', '0.73', '0.02', '2.21']);
  expect(await orderOf(order.id)).toMatchObject({ net: { amount: '3.33' }, lifecycle: 'COMPLETED' });
});

it('refuses what it can’t bill, and names the field', async () => {
  const order = await place([{ productId: trade.serviceId, quantity: '2' }]);
  const [line] = order.lines;
  const one = { orderLineId: line.id, quantity: '1' };
  const refused = async (input: Record<string, unknown>) =>
    (await billing.refused('billOrder', { orderId: order.id, ...input }))[0];
  expect(await refused({ lines: [one, one] })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['input', 'lines', '1', 'orderLineId'],
  });
  expect(await refused({ lines: [{ ...one, orderLineId: order.id.replace('ord', 'orl') }] })).toMatchObject({
    code: 'NOT_FOUND',
    path: ['input', 'lines', '0', 'orderLineId'],
  });
  expect(await refused({ lines: [{ ...one, quantity: '2.000001' }] })).toMatchObject({ code: 'QUANTITY_EXCEEDED' });
  expect(await refused({ lines: [{ ...one, quantity: '0' }] })).toMatchObject({ path: ['input', 'lines', '0', 'quantity'] });
  expect(await refused({ expectedVersion: order.version + 1 })).toMatchObject({ code: 'VERSION_CONFLICT' });
  expect(await refused({ issuedOn: '2026-03-01' })).toMatchObject({
    code: 'EFFECTIVE_DATE_INVALID',
    path: ['input', 'issuedOn'],
  });
  expect(await refused({ issuedOn: '2026-03-03' })).toMatchObject({
    code: 'EFFECTIVE_DATE_INVALID',
    path: ['input', 'issuedOn'],
  });
  const draft = await desk.do(
    'draftOrder',
    { accountId: trade.accountId, lines: [{ productId: trade.pumpId, quantity: '1' }] },
    'order',
  );
  expect((await billing.refused('billOrder', { orderId: draft.id }))[0]).toMatchObject({ code: 'WRONG_STATE' });
  expect(
    (await desk.send(`mutation { billOrder(input: { orderId: "${order.id}" }) { userErrors { code } } }`)).errors,
  ).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

it('tells the invoice and the order, once each, and every figure agrees', async () => {
  const order = await place([{ productId: trade.serviceId, quantity: '2' }]);
  const [line] = order.lines;
  await bill(order.id, { lines: [{ orderLineId: line.id, quantity: '0.5' }] });
  await bill(order.id);
  await world.platform.sealer.sealed();
  const EVENTS =
    'subscription { events(after: "0", recordKinds: [Order, Invoice]) { event { type recordId recordVersion payload } } }';
  const told = await collect<{ events: Shown }>(
    billing.socket(),
    EVENTS,
    {},
    (seen) => seen.at(-1)?.events.event.type === 'order.completed' && seen.at(-1)?.events.event.recordId === order.id,
  );
  expect(
    told.slice(-4).map(
      ({
        events: {
          event: { type, payload },
        },
      }) => [type, payload.billed ?? payload.total],
    ),
  ).toEqual([
    ['invoice.issued', '47.60'],
    ['order.billed', '47.60'],
    ['invoice.issued', '142.80'],
    ['order.completed', '190.40'],
  ]);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
