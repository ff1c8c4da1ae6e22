// Fulfilments as a warehouse sees them, over HTTP: an order that leaves in parts, one given up in between, goods that come back twice.
import { beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/read/sql.ts';
import { withClient } from '../support/connection.ts';
import { broken } from '../support/invariants.ts';
import { bare, type Books, collect, openBooks, type Person, type Shown, startWorld } from '../support/world.ts';
import {
  confirmedOrder,
  FULFILMENT,
  fulfilmentOf,
  type Ordered,
  orderOf,
  draftOrder,
  plan,
  quantitiesOf,
  released,
  shipped,
} from './orders.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let books: Books;
let warehouse: Person;

beforeAll(async () => {
  books = await openBooks(world);
  warehouse = await world.as('warehouse');
});

async function eventsOf(number: string): Promise<readonly { type: string; payload: Shown }[]> {
  await world.platform.sealer.sealed();
  return world.platform.systemRows(
    sql`select type, payload from event where record_kind = 'Fulfilment' and payload->>'number' = ${number} order by position`,
  );
}
const newest = async (): Promise<string> =>
  (await world.platform.systemRows<{ at: string }>(sql`select max(position)::text as at from event`))[0]?.at ?? '0';
const codes = (problems: readonly { code: string; path: string[] }[]) => problems.map((p) => [p.code, p.path.join('.')]);

it('ships an order in two parts with one given up in between, and takes a part of it back twice', async () => {
  const order = await confirmedOrder(world, books, [
    { quantity: '10' },
    { quantity: '2.5' },
    { quantity: '3', isShipped: false },
  ]);
  const first = await plan(warehouse, order, ['6', '1']);
  expect(await fulfilmentOf(warehouse, first)).toMatchObject({ lifecycle: 'PLANNED', version: 1, providerStatus: 'NONE' });
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['6 0 0 0', '1 0 0 0', '0 0 0 0']);
  await warehouse.do('releaseFulfilment', { id: first, expectedVersion: 1 }, 'fulfilment');
  const left = await warehouse.do(
    'shipFulfilment',
    { id: first, expectedVersion: 2, carrier: 'DHL', trackingNumber: 'JD01', shippedOn: '2026-03-02' },
    'fulfilment',
    FULFILMENT,
  );
  expect(left).toMatchObject({ lifecycle: 'SHIPPED', carrier: 'DHL', trackingNumber: 'JD01', shippedOn: '2026-03-02' });
  expect(await orderOf(warehouse, order)).toMatchObject({ lifecycle: 'CONFIRMED', fulfilmentStatus: 'PARTIAL' });

  const given = await released(warehouse, order);
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['10 10 6 0', '2.5 2.5 1 0', '0 0 0 0']);
  await warehouse.do('cancelFulfilment', { id: given }, 'fulfilment');
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['6 6 6 0', '1 1 1 0', '0 0 0 0']);

  const second = await shipped(warehouse, order);
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['10 10 10 0', '2.5 2.5 2.5 0', '0 0 0 0']);
  expect(await orderOf(warehouse, order)).toMatchObject({ fulfilmentStatus: 'FULL', returnStatus: 'NONE' });
  world.clock.set('2026-03-04T09:00:00.000Z');
  const arrived = await warehouse.do('deliverFulfilment', { id: second, receivedBy: 'Gate 3' }, 'fulfilment', FULFILMENT);
  expect(arrived).toMatchObject({ lifecycle: 'DELIVERED', deliveredOn: '2026-03-04', receivedBy: 'Gate 3' });

  const back = (lines?: Shown) =>
    warehouse.do('returnFulfilment', { id: first, reason: 'Leaks', ...(lines ? { lines } : {}) }, 'fulfilment', FULFILMENT);
  expect(await back([{ orderLineId: order.lines[0], quantity: '2' }])).toMatchObject({
    returnStatus: 'PARTIAL',
    lifecycle: 'SHIPPED',
  });
  expect(await orderOf(warehouse, order)).toMatchObject({ returnStatus: 'PARTIAL' });
  expect(await back()).toMatchObject({
    returnStatus: 'FULL',
    lines: expect.arrayContaining([
      { quantity: '6', returnedQuantity: '6' },
      { quantity: '1', returnedQuantity: '1' },
    ]),
  });
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['10 10 10 6', '2.5 2.5 2.5 1', '0 0 0 0']);
  expect(codes(await warehouse.refused('returnFulfilment', { id: first, reason: 'Again' }))).toEqual([
    ['QUANTITY_EXCEEDED', 'input.lines'],
  ]);
  const told = await eventsOf(left.number);
  expect(told.map((e) => [e.type, e.payload.from, e.payload.to, e.payload.returnedQuantity])).toEqual([
    ['fulfilment.planned', null, 'PLANNED', '0'],
    ['fulfilment.released', 'PLANNED', 'RELEASED', '0'],
    ['fulfilment.shipped', 'RELEASED', 'SHIPPED', '0'],
    ['fulfilment.returned', 'SHIPPED', 'SHIPPED', '2'],
    ['fulfilment.returned', 'SHIPPED', 'SHIPPED', '7'],
  ]);
  expect(told[2]?.payload).toMatchObject({
    quantity: '7',
    carrier: 'DHL',
    trackingNumber: 'JD01',
    returnStatus: 'NONE',
    kind: null,
  });
});

async function billedAtOnce(): Promise<Books> {
  const own = await openBooks(world, { code: 'ATONCE', number: 'C-2' });
  const admin = await world.as('admin');
  await admin.do('updateLegalEntity', { id: own.legalEntityId, billingRule: 'ON_ORDER' }, 'legalEntity');
  return own;
}

it('plans only goods that are left, each line once, of an order that is confirmed', async () => {
  const order = await confirmedOrder(world, books, [{ quantity: '5' }, { quantity: '1', isShipped: false }]);
  const [goods, service] = order.lines;
  const refusal = async (lines: Shown, more = {}) =>
    codes(await warehouse.refused('planFulfilment', { orderId: order.id, lines, ...more }));
  expect(await refusal([{ orderLineId: goods, quantity: '5.000001' }])).toEqual([
    ['QUANTITY_EXCEEDED', 'input.lines.0.quantity'],
  ]);
  expect(await refusal([{ orderLineId: service, quantity: '1' }])).toEqual([['INVALID_INPUT', 'input.lines.0.orderLineId']]);
  const twice = [1, 2].map(() => ({ orderLineId: goods, quantity: '1' }));
  expect(await refusal(twice)).toEqual([['INVALID_INPUT', 'input.lines.1.orderLineId']]);
  const other = await confirmedOrder(world, books, [{ quantity: '5' }]);
  expect(await refusal([{ orderLineId: other.lines[0], quantity: '1' }])).toEqual([['NOT_FOUND', 'input.lines.0.orderLineId']]);
  expect(await refusal([{ orderLineId: goods, quantity: '0' }])).toEqual([['INVALID_INPUT', 'input.lines.0.quantity']]);
  const early = { plannedOn: '2020-01-01' };
  expect(await refusal([{ orderLineId: goods, quantity: '1' }], early)).toEqual([['EFFECTIVE_DATE_INVALID', 'input.plannedOn']]);
  await plan(warehouse, order);
  expect(codes(await warehouse.refused('planFulfilment', { orderId: order.id }))).toEqual([['QUANTITY_EXCEEDED', 'input.lines']]);
  const draft = await draftOrder(world, books, [{ quantity: '5' }]);
  expect(codes(await warehouse.refused('planFulfilment', { orderId: draft.id }))).toEqual([['WRONG_STATE', 'input']]);
});

it('takes no day that cannot be', async () => {
  const order = await confirmedOrder(world, books, [{ quantity: '5' }]);
  const id = await released(warehouse, order);
  const refusal = async (name: string, input: Shown) => codes(await warehouse.refused(name, { id, ...input }));
  expect(await refusal('shipFulfilment', { shippedOn: '2026-03-05' })).toEqual([['EFFECTIVE_DATE_INVALID', 'input.shippedOn']]);
  expect(await refusal('shipFulfilment', { shippedOn: '2026-03-03' })).toEqual([['EFFECTIVE_DATE_INVALID', 'input.shippedOn']]);
  await warehouse.do('shipFulfilment', { id, shippedOn: '2026-03-04' }, 'fulfilment');
  for (const deliveredOn of ['2026-03-03', '2026-03-05'])
    expect(await refusal('deliverFulfilment', { deliveredOn })).toEqual([['EFFECTIVE_DATE_INVALID', 'input.deliveredOn']]);
  await warehouse.do('deliverFulfilment', { id, deliveredOn: '2026-03-04' }, 'fulfilment');
});

it('stays where it is while a hold is open at its stage, and goes on when it is released', async () => {
  const order = await confirmedOrder(world, books, [{ quantity: '5' }]);
  const desk = await world.as('order-desk');
  const hold = async (stage: string) =>
    (await desk.do('placeHold', { orderId: order.id, stage, kind: 'MANUAL', reason: `Check ${stage}` }, 'hold')).id;
  const release = (id: string) => desk.do('releaseHold', { holdId: id, reason: 'Checked' }, 'hold');
  const id = await plan(warehouse, order);
  for (const [stage, command] of [
    ['RELEASE', 'releaseFulfilment'],
    ['DELIVERY', 'shipFulfilment'],
  ] as const) {
    const holdId = await hold(stage);
    const [problem] = await warehouse.refused(command, { id });
    expect(problem).toMatchObject({ code: 'ORDER_ON_HOLD', message: expect.stringContaining(`Check ${stage}`) });
    await release(holdId);
    await warehouse.do(command, { id }, 'fulfilment');
  }
});

it('completes an order that is billed already when the last of it leaves, and takes goods back even then', async () => {
  const order = await confirmedOrder(world, await billedAtOnce(), [{ quantity: '2' }]);
  await (await world.as('billing')).do('billOrder', { orderId: order.id }, 'invoice');
  const id = await shipped(warehouse, order, ['1']);
  expect(await orderOf(warehouse, order)).toMatchObject({ lifecycle: 'CONFIRMED' });
  await shipped(warehouse, order);
  expect(await orderOf(warehouse, order)).toMatchObject({ lifecycle: 'COMPLETED', fulfilmentStatus: 'FULL' });
  await warehouse.do('deliverFulfilment', { id }, 'fulfilment');
  await warehouse.do('returnFulfilment', { id, reason: 'Wrong colour' }, 'fulfilment');
  expect(await orderOf(warehouse, order)).toMatchObject({ lifecycle: 'COMPLETED', returnStatus: 'PARTIAL' });
  expect(codes(await warehouse.refused('planFulfilment', { orderId: order.id }))).toEqual([['WRONG_STATE', 'input']]);
});

it('neither releases nor ships goods of an order that is not confirmed, and gives them up all the same', async () => {
  const order = await confirmedOrder(world, books, [{ quantity: '2' }]);
  const [first, second] = [await plan(warehouse, order, ['1']), await released(warehouse, order, ['1'])];
  const set = (lifecycle: string) =>
    withClient(world.database.connection, (client) =>
      client.query(`update sales_order set lifecycle = $1 where id = $2`, [lifecycle, bare(order.id)]),
    );
  await set('SUBMITTED'); // no command takes an order back while it is fulfilled; if one did, this would hold
  expect(codes(await warehouse.refused('releaseFulfilment', { id: first }))).toEqual([['WRONG_STATE', 'input']]);
  expect(codes(await warehouse.refused('shipFulfilment', { id: second }))).toEqual([['WRONG_STATE', 'input']]);
  for (const id of [first, second]) await warehouse.do('cancelFulfilment', { id }, 'fulfilment');
  await set('CONFIRMED');
  await plan(warehouse, order);
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['2 0 0 0']);
});

it('does the same one by one and as a set, with several fulfilments of one order in it', async () => {
  const order = await confirmedOrder(world, books, [{ quantity: '4' }]);
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(await released(warehouse, order, ['1']));
  const inputs = [...ids, ids[0]].map((id) => ({
    id,
    source: 'driver',
    externalId: id,
    kind: 'DELIVERED',
    occurredAt: world.clock.now(),
  }));
  const { command, systemPrincipal, write } = world.platform;
  const principal = await systemPrincipal(world.tenantId);
  const outcomes = await write.runSet(command('recordTracking'), inputs, { principal, requestId: 'set' });
  expect(outcomes.map((o) => o.ok && o.isNew)).toEqual([true, true, true, true, false]);
  expect(quantitiesOf(await orderOf(warehouse, order))).toEqual(['4 4 4 0']);
});

it('tells each step to whoever may see the fulfilment, and lets nobody take one that is not theirs', async () => {
  const order: Ordered = await confirmedOrder(world, books, [{ quantity: '1' }]);
  const analyst = await world.as('analyst');
  const query = 'subscription($after: Cursor) { fulfilmentChanged(after: $after) { event { type version } record { id } } }';
  await world.platform.sealer.sealed();
  const messages = collect<Shown>(analyst.socket(), query, { after: await newest() }, (m) => m.length === 2);
  const id = await plan(warehouse, order);
  await warehouse.do('releaseFulfilment', { id }, 'fulfilment');
  expect((await messages).map((m) => m.fulfilmentChanged)).toEqual([
    { event: { type: 'fulfilment.planned', version: 1 }, record: { id } },
    { event: { type: 'fulfilment.released', version: 2 }, record: { id } },
  ]);
  const refused = await analyst.send(
    'mutation($input: ShipFulfilmentInput!) { shipFulfilment(input: $input) { userErrors { code } } }',
    { input: { id } },
  );
  expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
