// What stops an order: credit, a duplicate, a suspicion, a person; and who lets it go on.
import { beforeAll, describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { grantLimit } from '../support/trade.ts';
import { collect, type Person, type Shown, startWorld } from '../support/world.ts';
import { exposureOf, filters, openShop, ORDER, orderOf, place, refusal, type Shop, step } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(world, { limit: '100.00' });
});

const openHolds = (order: Shown) => order.holds.filter((h: Shown) => h.lifecycle === 'OPEN');
const request = (holdId: string) =>
  shop.desk.do('requestCreditRelease', { holdId, reason: 'Good customer' }, 'approval', 'id amount { amount currency }');
const cancel = (id: string) => step(shop.desk, 'cancelOrder', { id, reason: 'Test' });

describe('an order that doesn’t fit the limit', () => {
  it('waits on a credit hold until another person lets it through, and then goes beyond', async () => {
    const { desk, credit } = shop;
    const order = await place(desk, filters(shop, '5'));
    expect(order).toMatchObject({ lifecycle: 'SUBMITTED', onHold: true, lines: [{ exposure: { amount: '0.00' } }] });
    const [hold] = openHolds(order);
    expect(hold).toMatchObject({ kind: 'CREDIT', stage: 'ORDER', amount: { amount: '119.00', currency: 'EUR' } });
    expect(hold.reason).toMatch(/credit limit of 100\.00 EUR .* 119\.00 EUR more is 19\.00 EUR too much/);
    expect(await step(desk, 'confirmOrder', { id: order.id })).toMatchObject({ lifecycle: 'SUBMITTED', version: 1 });
    expect(await refusal(shop.admin, 'releaseHold', { holdId: hold.id, reason: 'Please' })).toBe('WRONG_STATE input.holdId');

    const { id: approvalId, amount } = await request(hold.id);
    expect(await refusal(desk, 'requestCreditRelease', { holdId: hold.id, reason: 'Again' })).toBe('ALREADY_EXISTS input.holdId');
    expect(amount).toEqual({ amount: '119.00', currency: 'EUR' });
    const wrong = { ...amount, amount: '118.99' };
    expect(await refusal(credit, 'approveCreditRelease', { approvalId, amount: wrong })).toBe('AMOUNT_INVALID input.amount');
    const released = await credit.do('approveCreditRelease', { approvalId, amount, reason: 'Known' }, 'order', ORDER);
    expect(released).toMatchObject({ lifecycle: 'SUBMITTED', onHold: false, holds: [{ lifecycle: 'RELEASED' }] });
    expect(await exposureOf(shop)).toBe('0.00');
    expect(await step(desk, 'confirmOrder', { id: order.id })).toMatchObject({ lifecycle: 'CONFIRMED' });
    expect(await exposureOf(shop)).toBe('119.00');
    expect((await eventsOf(order.id)).at(-1)).toMatchObject({
      type: 'order.confirmed',
      payload: { beyondLimit: true, exposure: '119.00' },
    });
    await cancel(order.id);
    expect(await exposureOf(shop)).toBe('0.00');
  });

  it('is not let through by whoever asked, or changed it last, and not as another order than was asked for', async () => {
    const { admin, desk, credit } = shop;
    const mine = await place(admin, filters(shop, '6'));
    const asked = await request(openHolds(mine)[0].id);
    const approve = (person: Person, { id: approvalId, amount }: Shown) =>
      refusal(person, 'approveCreditRelease', { approvalId, amount });
    expect(await approve(admin, asked)).toBe('SELF_GRANT input.approvalId');
    const lines = [{ orderLineId: mine.lines[0].id, quantity: '7' }];
    await step(desk, 'changeOrder', { id: mine.id, expectedVersion: mine.version, changes: lines });
    expect(await approve(credit, asked)).toBe('VERSION_CONFLICT input.approvalId');
    const again = await step(desk, 'confirmOrder', { id: mine.id });
    expect(again.holds.map((h: Shown) => [h.lifecycle, h.amount.amount])).toEqual([
      ['LIFTED', '142.80'],
      ['OPEN', '166.60'],
    ]);
    await cancel(mine.id);
  });

  it('is let through for what was ordered then: one that is changed after is checked again', async () => {
    const { desk, credit } = shop;
    const order = await place(desk, filters(shop, '6'));
    const { id: approvalId, amount } = await request(openHolds(order)[0].id);
    const { version } = await credit.do('approveCreditRelease', { approvalId, amount }, 'order', 'version');
    const changes = [{ orderLineId: order.lines[0].id, quantity: '7' }];
    await step(desk, 'changeOrder', { id: order.id, expectedVersion: version, changes });
    expect(await step(desk, 'confirmOrder', { id: order.id })).toMatchObject({ lifecycle: 'SUBMITTED', onHold: true });
    await cancel(order.id);
  });

  it('goes on by itself when it is asked for again and fits by then', async () => {
    const order = await place(shop.desk, filters(shop, '5'));
    await grantLimit(world, shop.customerId, '119.00');
    const confirmed = await step(shop.desk, 'confirmOrder', { id: order.id });
    expect(confirmed).toMatchObject({ lifecycle: 'CONFIRMED', onHold: false, holds: [{ lifecycle: 'LIFTED' }] });
    await cancel(order.id);
    await grantLimit(world, shop.customerId, '100.00');
  });

  it('can’t be asked for once nothing holds it', async () => {
    const order = await place(shop.desk, filters(shop, '5'));
    const { id: approvalId, amount } = await request(openHolds(order)[0].id);
    await grantLimit(world, shop.customerId, '119.00');
    await step(shop.desk, 'confirmOrder', { id: order.id });
    expect(await refusal(shop.credit, 'approveCreditRelease', { approvalId, amount })).toBe('WRONG_STATE input.approvalId');
    await cancel(order.id);
    await grantLimit(world, shop.customerId, '100.00');
  });
});

const eventsOf = async (id: string): Promise<Shown[]> => {
  await world.platform.sealer.sealed();
  const query = 'subscription { events(after: "0", recordKinds: [Order]) { event { type recordId payload } } }';
  const last = (await orderOf(shop.admin, id)).version;
  const messages = await collect<Shown>(
    (await world.as('analyst')).socket(),
    query,
    {},
    (all) => all.filter((m) => m.events.event.recordId === id).length === last,
  );
  return messages.map((m) => m.events.event).filter((e) => e.recordId === id);
};

describe('an order with the same reference', () => {
  it('is held and names the other one, however the reference is written', async () => {
    const first = await place(shop.buyer, filters(shop, '1', { customerReference: 'PO 47/11' }));
    const second = await place(shop.buyer, filters(shop, '1', { customerReference: ' po-47-11' }));
    expect(second).toMatchObject({ lifecycle: 'SUBMITTED' });
    const [hold] = openHolds(second);
    expect(hold).toMatchObject({ kind: 'DUPLICATE', stage: 'ORDER' });
    expect(hold.reason).toMatch(`Order ${first.number} has the customer's reference " po-47-11" as well.`);
    expect(await refusal(shop.desk, 'confirmOrder', { id: second.id })).toBe('ORDER_ON_HOLD input.id');
    expect((await shop.desk.refused('confirmOrder', { id: second.id }))[0]?.message).toMatch(first.number);
    const released = await shop.desk.do(
      'releaseHold',
      { holdId: hold.id, reason: 'They want two' },
      'hold',
      'lifecycle order { onHold }',
    );
    expect(released).toEqual({ lifecycle: 'RELEASED', order: { onHold: false } });
    expect(await refusal(shop.desk, 'releaseHold', { holdId: hold.id, reason: 'Again' })).toMatch('WRONG_STATE');
    expect(await step(shop.desk, 'confirmOrder', { id: second.id })).toMatchObject({ lifecycle: 'CONFIRMED' });
    for (const { id } of [first, second]) await cancel(id);
  });

  it('is none when the other one is a draft, cancelled, older than a year, or of somebody else', async () => {
    const customerReference = 'PO-2';
    const draft = await place(shop.desk, filters(shop, '1', { customerReference }), 'draftOrder');
    const old = await place(shop.desk, filters(shop, '1', { customerReference, orderedOn: '2025-03-01' }));
    const gone = await place(shop.desk, filters(shop, '1', { customerReference, orderedOn: '2025-03-01' }));
    expect(openHolds(gone)).toHaveLength(1);
    await cancel(gone.id);
    const order = await place(shop.desk, filters(shop, '1', { customerReference }));
    expect(order).toMatchObject({ lifecycle: 'CONFIRMED', onHold: false });
    const late = await shop.desk.do('submitOrder', { id: draft.id }, 'order', ORDER);
    expect(openHolds(late)).toMatchObject([{ kind: 'DUPLICATE' }]);
    const changed = await step(shop.desk, 'changeOrder', {
      id: draft.id,
      expectedVersion: late.version,
      customerReference: 'PO-3',
    });
    expect(changed).toMatchObject({ onHold: false, holds: [{ lifecycle: 'LIFTED' }] });
    for (const { id } of [draft, old, order]) await cancel(id);
  });

  it('does not slip by when both are handed in at once', async () => {
    const rounds = Array.from({ length: 4 }, (_, i) => `PAR-${i}`);
    for (const customerReference of rounds) {
      const drafts = await Promise.all(
        [1, 2].map(() => place(shop.desk, filters(shop, '1', { customerReference }), 'draftOrder')),
      );
      const done = await Promise.all([
        ...drafts.map(({ id }) => shop.desk.do('submitOrder', { id }, 'order', ORDER)),
        place(shop.buyer, filters(shop, '1', { customerReference })),
      ]);
      expect(done.filter((o) => openHolds(o).length === 0)).toHaveLength(1);
      for (const { id } of done) await cancel(id);
    }
  });
});

describe('a hold that a person puts', () => {
  it('stops its stage only, and a suspicion is released by another person', async () => {
    const order = await place(shop.desk, filters(shop, '1'), 'draftOrder');
    const manual = { orderId: order.id, kind: 'MANUAL', stage: 'ORDER', reason: 'Call them first' };
    expect(await refusal(shop.desk, 'placeHold', manual)).toMatch('WRONG_STATE');
    await shop.desk.do('submitOrder', { id: order.id }, 'order');
    await shop.desk.do('placeHold', manual, 'hold');
    const fraud = await shop.desk.do('placeHold', { ...manual, kind: 'FRAUD', stage: 'DELIVERY' }, 'hold', 'id allowedActions');
    expect(fraud.allowedActions).toEqual(['RELEASE']);
    const [problem] = await shop.desk.refused('confirmOrder', { id: order.id });
    expect(problem).toMatchObject({ code: 'ORDER_ON_HOLD', message: expect.stringContaining('MANUAL (Call them first)') });
    expect(problem?.message).not.toMatch('FRAUD');
    expect(await refusal(shop.desk, 'releaseHold', { holdId: fraud.id, reason: 'Fine' })).toBe('SELF_GRANT input.holdId');
    await shop.credit.do('releaseHold', { holdId: fraud.id, reason: 'Fine' }, 'hold');
    const [mine] = openHolds(await orderOf(shop.desk, order.id));
    await shop.desk.do('releaseHold', { holdId: mine.id, reason: 'Called' }, 'hold');
    expect(await step(shop.desk, 'confirmOrder', { id: order.id })).toMatchObject({ lifecycle: 'CONFIRMED' });
    expect(await refusal(shop.desk, 'placeHold', manual)).toBe('INVALID_INPUT input.stage');
    await cancel(order.id);
  });

  it('for a suspicion is never seen by the customer: not in lists, not on the order, not in the log', async () => {
    const order = await place(shop.desk, filters(shop, '1'));
    const kinds = ['MANUAL', 'FRAUD'];
    for (const kind of kinds)
      await shop.desk.do('placeHold', { orderId: order.id, kind, stage: 'RELEASE', reason: 'Stolen card?' }, 'hold');
    const { holds } = await shop.buyer.ask('{ holds { nodes { kind } } }');
    expect(holds.nodes.map((h: Shown) => h.kind)).not.toContain('FRAUD');
    expect((await orderOf(shop.buyer, order.id)).holds).toMatchObject([{ kind: 'MANUAL' }]);
    await world.platform.sealer.sealed();
    const { orderTimeline } = await shop.buyer.ask('query($id: ID!) { orderTimeline(orderId: $id) { type sentence } }', {
      id: order.id,
    });
    expect(orderTimeline.filter((row: Shown) => row.type === 'hold.placed')).toHaveLength(1);
    expect(JSON.stringify(orderTimeline)).not.toMatch('FRAUD');
    const seen = await collect<Shown>(
      shop.buyer.socket(),
      'subscription { events(after: "0") { event { recordKind type recordId payload } } }',
      {},
      (all) => all.some(({ events: { event } }) => event.recordId === order.id && event.payload.openHolds === 2),
    );
    expect(seen.some((m) => m.events.event.recordKind === 'Hold')).toBe(true);
    expect(JSON.stringify(seen)).not.toMatch('FRAUD');
    await cancel(order.id);
  });

  it('is refused by field', async () => {
    const nobody = 'ord_01999999-0000-7000-8000-000000000001';
    const hold = { orderId: nobody, kind: 'MANUAL', stage: 'ORDER', reason: 'x' };
    expect(await refusal(shop.desk, 'placeHold', hold)).toBe('NOT_FOUND input.orderId');
    expect(await refusal(shop.desk, 'releaseHold', { holdId: 'hld_01999999-0000-7000-8000-000000000001', reason: 'x' })).toBe(
      'NOT_FOUND input.holdId',
    );
    const approvalId = 'apr_01999999-0000-7000-8000-000000000001';
    expect(await refusal(shop.credit, 'approveCreditRelease', { approvalId, amount: { amount: '1', currency: 'EUR' } })).toBe(
      'NOT_FOUND input.approvalId',
    );
  });
});

it('leaves confirming to another person where placing and confirming are a forbidden pair', async () => {
  const pair = { firstPermission: 'orders:place', secondPermission: 'orders:confirm', extent: 'RECORD' };
  const { id: pairId } = await shop.admin.do('setForbiddenPair', pair, 'forbiddenPair');
  const order = await place(shop.desk, filters(shop, '1'));
  expect(order).toMatchObject({ lifecycle: 'SUBMITTED', onHold: false });
  expect(await refusal(shop.desk, 'confirmOrder', { id: order.id })).toMatch('DUTIES_CONFLICT');
  expect(await step(shop.admin, 'confirmOrder', { id: order.id })).toMatchObject({ lifecycle: 'CONFIRMED' });
  await shop.admin.do('removeForbiddenPair', { id: pairId }, 'forbiddenPair');
  await cancel(order.id);
  const after = await place(shop.desk, filters(shop, '1'));
  expect(after).toMatchObject({ lifecycle: 'CONFIRMED' });
  await cancel(after.id);
});

it('leaves everything in order', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
