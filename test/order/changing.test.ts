// Changing, cancelling and closing what was handed in: how far it goes, what credit says to it, and that exposure follows exactly.
import { beforeAll, describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { grantLimit } from '../support/trade.ts';
import { type Shown, startWorld } from '../support/world.ts';
import { exposureOf, filters, openShop, orderOf, place, refusal, type Shop, step } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(world, { limit: '1000.00' });
});

const lineOf = (order: Shown, quantity: string, i = 0) => ({ orderLineId: order.lines[i].id, quantity });
const change = (order: Shown, input: Record<string, unknown>) =>
  step(shop.desk, 'changeOrder', { id: order.id, expectedVersion: order.version, ...input });
const cancelLines = (order: Shown, lines: Shown[]) => step(shop.desk, 'cancelOrderLines', { id: order.id, lines });
const close = (order: Shown) => step(shop.desk, 'closeOrderShort', { id: order.id, reason: 'Sold out' });
const cancel = (order: Shown) => step(shop.desk, 'cancelOrder', { id: order.id, reason: 'Mistake' });
const now = (order: Shown) => orderOf(shop.desk, order.id);

/** Plans so much of each line; `released`, `shipped` and `billed` go on from there. */
async function fulfil(order: Shown, quantities: readonly string[], to: 'planned' | 'shipped' = 'shipped'): Promise<string> {
  const lines = quantities.map((quantity, i) => lineOf(order, quantity, i)).filter((l) => l.quantity !== '0');
  const { id } = await shop.warehouse.do('planFulfilment', { orderId: order.id, lines }, 'fulfilment');
  if (to === 'planned') return id;
  await shop.warehouse.do('releaseFulfilment', { id }, 'fulfilment');
  await shop.warehouse.do('shipFulfilment', { id }, 'fulfilment');
  return id;
}
const bill = (order: Shown, lines?: Shown[]) =>
  shop.billing.do('billOrder', { orderId: order.id, ...(lines ? { lines } : {}) }, 'invoice', 'id total { amount }');

describe('a change', () => {
  it('of quantities, prices and lines makes the amounts and the exposure that the new order would have', async () => {
    const { desk, filterId } = shop;
    const order = await place(desk, filters(shop, '10'));
    expect(await exposureOf(shop)).toBe('238.00');
    const lines = [{ productId: filterId, quantity: '3', discountPercent: '10' }];
    const grown = await change(order, { changes: [{ ...lineOf(order, '12'), unitPrice: '19.999' }], lines });
    expect(grown).toMatchObject({ version: 2, contentVersion: 2, net: { amount: '293.99' }, total: { amount: '349.85' } });
    expect(grown.lines.map((l: Shown) => [l.lineNumber, l.priceRule, l.quantity])).toEqual([
      [1, 'manual', '12'],
      [2, 'default LIST-DE01', '3'],
    ]);
    expect(await exposureOf(shop)).toBe('349.85');
    const less = await change(grown, { changes: [lineOf(grown, '1')], customerReference: 'PO-9', requestedOn: '2026-04-01' });
    expect(less).toMatchObject({ customerReference: 'PO-9', total: { amount: '88.06' } });
    expect(await exposureOf(shop)).toBe('88.06');
    expect(await change(less, {})).toMatchObject({ version: 3 });
    await cancel(order);
    expect(await exposureOf(shop)).toBe('0.00');
  });

  it('that makes a confirmed order grow beyond the limit is refused with the amount, and one that fits is not', async () => {
    const { desk, pumpId } = shop;
    const order = await place(desk, filters(shop, '40'));
    const changes = [lineOf(order, '60')];
    const [problem] = await desk.refused('changeOrder', { id: order.id, expectedVersion: 1, changes });
    expect(problem).toMatchObject({ code: 'CREDIT_LIMIT_EXCEEDED', path: ['input', 'changes'] });
    expect(problem?.message).toMatch(/would grow by 476\.00 EUR\. .*952\.00 EUR used; 476\.00 EUR more is 428\.00 EUR too much/);
    const lines = [{ productId: pumpId, quantity: '1' }];
    expect(await refusal(desk, 'changeOrder', { id: order.id, expectedVersion: 1, lines })).toBe(
      'CREDIT_LIMIT_EXCEEDED input.lines',
    );
    expect(await now(order)).toMatchObject({ version: 1, lifecycle: 'CONFIRMED' });
    expect(await change(order, { changes: [lineOf(order, '42')] })).toMatchObject({ total: { amount: '999.60' } });
    await cancel(order);
  });

  it('grows a submitted order as far as one likes, and confirming it checks it', async () => {
    const draft = await place(shop.desk, filters(shop, '1'), 'draftOrder');
    const submitted = await step(shop.desk, 'submitOrder', { id: draft.id });
    const grown = await change(submitted, { changes: [lineOf(submitted, '100')] });
    expect(grown).toMatchObject({ lifecycle: 'SUBMITTED', onHold: false, total: { amount: '2380.00' } });
    expect(await step(shop.desk, 'confirmOrder', { id: draft.id })).toMatchObject({ lifecycle: 'SUBMITTED', onHold: true });
    await cancel(draft);
  });

  it('stops at what is in fulfilments or billed, and at the price of what is billed', async () => {
    const { desk } = shop;
    const order = await place(desk, filters(shop, '10'));
    await fulfil(order, ['4']);
    await bill(order);
    await fulfil(order, ['2'], 'planned');
    const { version } = await now(order);
    const changes = (more: Record<string, unknown>) => ({ id: order.id, expectedVersion: version, changes: [more] });
    const { orderLineId } = lineOf(order, '0');
    expect(await refusal(desk, 'changeOrder', changes({ orderLineId, quantity: '5.999' }))).toBe(
      'IN_USE input.changes.0.quantity',
    );
    expect((await desk.refused('changeOrder', changes({ orderLineId, quantity: '5' })))[0]?.message).toMatch(/^6 of line 1 is/);
    expect(await refusal(desk, 'changeOrder', changes({ orderLineId, unitPrice: '1' }))).toBe('IN_USE input.changes.0.unitPrice');
    expect(await refusal(desk, 'changeOrder', changes({ orderLineId, discountPercent: '1' }))).toBe(
      'IN_USE input.changes.0.discountPercent',
    );
    const least = await step(desk, 'changeOrder', changes({ orderLineId, quantity: '6' }));
    expect(least).toMatchObject({ total: { amount: '142.80' }, billed: { amount: '95.20' }, unbilled: { amount: '47.60' } });
    expect(await refusal(desk, 'cancelOrder', { id: order.id, reason: 'x' })).toBe('IN_USE input.id');
    expect(await refusal(desk, 'closeOrderShort', { id: order.id, reason: 'x' })).toBe('IN_USE input.id');
  });

  it('is refused by field', async () => {
    const { desk } = shop;
    const order = await place(desk, filters(shop, '1'));
    const nobody = { orderLineId: 'orl_01999999-0000-7000-8000-000000000001', quantity: '1' };
    const line = lineOf(order, '1');
    const asked = (input: Record<string, unknown>) =>
      refusal(desk, 'changeOrder', { id: order.id, expectedVersion: 1, ...input });
    expect(await asked({ changes: [nobody] })).toBe('NOT_FOUND input.changes.0.orderLineId');
    expect(await asked({ changes: [line, line] })).toBe('INVALID_INPUT input.changes.1.orderLineId');
    expect(await asked({ changes: [{ ...line, quantity: '999999999999', unitPrice: '999999999999' }] })).toBe(
      'AMOUNT_INVALID input.changes.0.quantity',
    );
    expect(await asked({ expectedVersion: 2 })).toBe('VERSION_CONFLICT input.expectedVersion');
    expect(await asked({ requestedOn: '2026-01-01' })).toBe('EFFECTIVE_DATE_INVALID input.requestedOn');
    const lines = Array.from({ length: 1000 }, () => ({ productId: shop.filterId, quantity: '1' }));
    expect(await asked({ lines })).toBe('INVALID_INPUT input.lines');
    const cancelled = (cancelledLines: Shown[]) => refusal(desk, 'cancelOrderLines', { id: order.id, lines: cancelledLines });
    expect(await cancelled([nobody])).toBe('NOT_FOUND input.lines.0.orderLineId');
    expect(await cancelled([{ ...line, quantity: '1.000001' }])).toBe('QUANTITY_EXCEEDED input.lines.0.quantity');
    expect(await cancelled([{ ...line, quantity: '0.5' }, line])).toBe('INVALID_INPUT input.lines.1.orderLineId');
    expect(await cancelled([line])).toBe('INVALID_INPUT input.lines');
    await cancel(order);
  });
});

describe('cancelling', () => {
  it('parts of lines takes off what is neither planned nor billed, and completes what is left if it is all done', async () => {
    const order = await place(shop.desk, filters(shop, '10'));
    const before = await exposureOf(shop);
    const less = await cancelLines(order, [lineOf(order, '4')]);
    expect(less).toMatchObject({ contentVersion: 2, total: { amount: '142.80' }, lines: [{ cancelledQuantity: '4' }] });
    expect(Number(before) - Number(await exposureOf(shop))).toBeCloseTo(95.2);
    await fulfil(order, ['2']);
    await bill(order);
    expect(await refusal(shop.desk, 'cancelOrderLines', { id: order.id, lines: [lineOf(order, '4.5')] })).toBe(
      'QUANTITY_EXCEEDED input.lines.0.quantity',
    );
    const done = await cancelLines(order, [lineOf(order, '4')]);
    expect(done).toMatchObject({
      lifecycle: 'COMPLETED',
      fulfilmentStatus: 'FULL',
      billingStatus: 'FULL',
      paymentStatus: 'NONE',
      total: { amount: '47.60' },
      unbilled: { amount: '0.00' },
    });
    expect(await refusal(shop.desk, 'cancelOrder', { id: order.id, reason: 'x' })).toMatch('WRONG_STATE');
  });

  it('a whole order lifts its holds and leaves nothing of it', async () => {
    const order = await place(shop.desk, filters(shop, '1'));
    await shop.desk.do('placeHold', { orderId: order.id, kind: 'MANUAL', stage: 'RELEASE', reason: 'Wait' }, 'hold');
    const gone = await cancel(order);
    expect(gone).toMatchObject({
      lifecycle: 'CANCELLED',
      closeReason: 'Mistake',
      onHold: false,
      holds: [{ lifecycle: 'LIFTED' }],
    });
    expect(gone).toMatchObject({ total: { amount: '0.00' }, lines: [{ cancelledQuantity: '1', exposure: { amount: '0.00' } }] });
  });
});

describe('closing short', () => {
  it('cancels the rest once nothing is on its way and everything shipped is billed', async () => {
    const { desk, warehouse } = shop;
    const order = await place(desk, filters(shop, '10'));
    const planned = await fulfil(order, ['3'], 'planned');
    await fulfil(order, ['4']);
    const refused = async (pattern: RegExp) =>
      expect((await desk.refused('closeOrderShort', { id: order.id, reason: 'x' }))[0]?.message).toMatch(pattern);
    await refused(/3 is in fulfilments and not shipped/);
    await warehouse.do('cancelFulfilment', { id: planned }, 'fulfilment');
    await refused(/4 is shipped and not billed/);
    await bill(order);
    const closed = await close(order);
    expect(closed).toMatchObject({
      lifecycle: 'CLOSED_SHORT',
      closeReason: 'Sold out',
      total: { amount: '95.20' },
      unbilled: { amount: '0.00' },
      lines: [{ cancelledQuantity: '6', exposure: { amount: '0.00' } }],
    });
  });

  it('is not for goods that are billed and not there, until they are credited', async () => {
    const { admin, desk, accountId } = shop;
    await admin.do('updateAccount', { id: accountId, billingRule: 'ON_ORDER' }, 'account');
    const order = await place(desk, filters(shop, '2'));
    await bill(order);
    const [problem] = await desk.refused('closeOrderShort', { id: order.id, reason: 'x' });
    expect(problem?.message).toMatch(/2 is billed and the customer doesn't have it/);
    await admin.do('updateAccount', { id: accountId, billingRule: null }, 'account');
  });

  it('leaves out what came back before it was billed', async () => {
    const { desk, warehouse } = shop;
    const order = await place(desk, filters(shop, '5'));
    const id = await fulfil(order, ['5']);
    await warehouse.do('returnFulfilment', { id, lines: [lineOf(order, '2')], reason: 'Broken' }, 'fulfilment');
    await bill(order);
    expect(await now(order)).toMatchObject({ lifecycle: 'CONFIRMED', unbilled: { amount: '47.60' }, returnStatus: 'PARTIAL' });
    const closed = await close(order);
    expect(closed).toMatchObject({ lifecycle: 'CLOSED_SHORT', total: { amount: '71.40' }, unbilled: { amount: '0.00' } });
  });
});

it('counts services as exposure from confirmation on, at whatever stage credit is checked', async () => {
  const { admin, desk, legalEntityId, serviceId, filterId, accountId } = shop;
  await grantLimit(world, shop.customerId, '3000.00');
  await admin.do('updateLegalEntity', { id: legalEntityId, creditStage: 'DELIVERY' }, 'legalEntity');
  const before = Number(await exposureOf(shop));
  const lines = [
    { productId: serviceId, quantity: '2' },
    { productId: filterId, quantity: '500' },
  ];
  const order = await place(desk, { accountId, lines });
  expect(order.lines.map((l: Shown) => l.exposure.amount)).toEqual(['190.40', '0.00']);
  expect(Number(await exposureOf(shop)) - before).toBeCloseTo(190.4);
  const tooMuch = await place(desk, { accountId, lines: [{ productId: serviceId, quantity: '100' }] });
  expect(tooMuch).toMatchObject({ lifecycle: 'SUBMITTED', holds: [{ kind: 'CREDIT', stage: 'ORDER' }] });
  await admin.do('updateLegalEntity', { id: legalEntityId, creditStage: 'ORDER' }, 'legalEntity');
});

it('leaves everything in order', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
