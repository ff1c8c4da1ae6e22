// Credit that is checked when goods are released, or when they leave: what doesn't fit waits on a hold, and nothing goes beyond the limit.
import { beforeAll, describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { grantLimit } from '../support/trade.ts';
import { type Books, type Person, type Shown, startWorld } from '../support/world.ts';
import { confirmedOrder, fulfilmentOf, openStage, type Ordered, orderOf, plan, released } from './orders.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let warehouse: Person;
let desk: Person;
let credit: Person;

beforeAll(async () => {
  [warehouse, desk, credit] = (await Promise.all(['warehouse', 'order-desk', 'credit'].map((role) => world.as(role)))) as [
    Person,
    Person,
    Person,
  ];
});

const exposureOf = async ({ customerId }: Books): Promise<string> =>
  (await credit.ask('query($id: ID!) { customer(id: $id) { credit { exposure { amount } } } }', { id: customerId })).customer
    .credit.exposure.amount;

/** At each stage: the command that is checked, what comes before it, and where a fulfilment is without and with it. */
const stages = [
  { stage: 'RELEASE', command: 'releaseFulfilment', ready: plan, before: 'PLANNED', after: 'RELEASED' },
  { stage: 'DELIVERY', command: 'shipFulfilment', ready: released, before: 'RELEASED', after: 'SHIPPED' },
] as const;

describe.each(stages)('credit at the stage $stage', ({ stage, command, ready, before, after }) => {
  let books: Books;
  const go = (id: string) => warehouse.do(command, { id }, 'fulfilment', 'id lifecycle');
  const openHolds = (order: Shown) => order.holds.filter((h: Shown) => h.lifecycle === 'OPEN');

  beforeAll(async () => {
    books = await openStage(world, stage);
    await grantLimit(world, books.customerId, '100.00');
  });

  it('lets one of two go that each fit but not together, and holds the other', async () => {
    const orders = await Promise.all([1, 2].map(() => confirmedOrder(world, books, [{ quantity: '5' }])));
    expect(await exposureOf(books)).toBe('0.00');
    const ids = await Promise.all(orders.map((order) => ready(warehouse, order)));
    const done = await Promise.all(ids.map(go));
    expect(new Set(done.map((f) => f.lifecycle))).toEqual(new Set([before, after]));
    expect(await exposureOf(books)).toBe('59.50');
    const at = done.findIndex((f) => f.lifecycle === before);
    const [waiting, other] = [orders[at], orders[1 - at]] as [Ordered, Ordered];
    const order = await orderOf(warehouse, waiting);
    expect(order).toMatchObject({ openHoldCount: 1, lifecycle: 'CONFIRMED' });
    expect(order.holds).toMatchObject([
      { kind: 'CREDIT', stage, lifecycle: 'OPEN', amount: { amount: '59.50' }, fulfilmentId: ids[at] },
    ]);
    expect(await orderOf(warehouse, other)).toMatchObject({ openHoldCount: 0 });

    const [problem] = await warehouse.refused(command, { id: ids[at] });
    expect(problem).toMatchObject({ code: 'ORDER_ON_HOLD' });
    await grantLimit(world, books.customerId, '119.00');
    expect(await go(ids[at] as string)).toMatchObject({ lifecycle: after });
    expect(openHolds(await orderOf(warehouse, waiting))).toEqual([]);
    expect(await exposureOf(books)).toBe('119.00');
  });

  it('lets go what a second person let go, and holds no other fulfilment than the one that does not fit', async () => {
    const order = await confirmedOrder(world, books, [{ quantity: '3' }]);
    const id = await ready(warehouse, order, ['1']);
    const free = await ready(warehouse, order, ['2']);
    expect(await go(id)).toMatchObject({ lifecycle: before });
    const [hold] = (await desk.ask('query($id: ID!) { order(id: $id) { holds { id } } }', { id: order.id })).order.holds;
    const approval = await desk.do(
      'requestCreditRelease',
      { holdId: hold.id, reason: 'Paid tomorrow' },
      'approval',
      'id amount { amount currency }',
    );
    await credit.do('approveCreditRelease', { approvalId: approval.id, amount: approval.amount, reason: 'Seen' }, 'order');
    expect(await orderOf(warehouse, order)).toMatchObject({ openHoldCount: 0 });
    expect(await go(id)).toMatchObject({ lifecycle: after });
    expect(await go(free)).toMatchObject({ lifecycle: after });
    expect(await exposureOf(books)).toBe('154.70');
  });

  it('never goes beyond the limit, whoever asks at once', async () => {
    await grantLimit(world, books.customerId, '214.20'); // five of one, 11.90 each
    const order = await confirmedOrder(world, books, [{ quantity: '16' }]);
    const ids: string[] = [];
    for (let i = 0; i < 16; i++) ids.push(await ready(warehouse, order, ['1']));
    const done = await Promise.all(ids.map(go));
    expect(done.filter((f) => f.lifecycle === after)).toHaveLength(5);
    expect(await exposureOf(books)).toBe('214.20');
    expect(openHolds(await orderOf(warehouse, order))).toHaveLength(11);
    const given = done.find((f) => f.lifecycle === before)?.id as string;
    await warehouse.do('cancelFulfilment', { id: given }, 'fulfilment');
    expect(openHolds(await orderOf(warehouse, order))).toHaveLength(10);
    expect(await fulfilmentOf(warehouse, given)).toMatchObject({ lifecycle: 'CANCELLED' });
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });
});

it('keeps a report of goods that left beyond the limit, and holds the order', async () => {
  const books = await openStage(world, 'DELIVERY', 'LATE');
  await grantLimit(world, books.customerId, '10.00');
  const order = await confirmedOrder(world, books, [{ quantity: '1' }]);
  const id = await released(warehouse, order);
  const report = (kind: string) => ({ id, source: 'driver', externalId: kind, kind, occurredAt: '2026-03-02T08:00:00Z' });
  const stays = { lifecycle: 'RELEASED', tracking: [{ kind: 'SHIPPED' }] };
  const selection = 'lifecycle tracking { kind }';
  expect(await warehouse.do('recordTracking', report('SHIPPED'), 'fulfilment', selection)).toEqual(stays);
  expect(await orderOf(warehouse, order)).toMatchObject({ openHoldCount: 1, holds: [{ kind: 'CREDIT', stage: 'DELIVERY' }] });
  await warehouse.do('recordTracking', report('IN_TRANSIT'), 'fulfilment');
  expect(await orderOf(warehouse, order)).toMatchObject({ openHoldCount: 1 });
  await grantLimit(world, books.customerId, '20.00');
  const later = await warehouse.do('recordTracking', report('DELIVERED'), 'fulfilment', 'lifecycle shippedOn deliveredOn');
  expect(later).toEqual({ lifecycle: 'DELIVERED', shippedOn: '2026-03-02', deliveredOn: '2026-03-02' });
  expect(await orderOf(warehouse, order)).toMatchObject({ openHoldCount: 0 });
});
