// The timeline of an order: everything that happened to it and came of it, once and in order, as far as whoever asks may see it.
import { beforeAll, describe, expect, it } from 'vitest';
import { modules } from '../../src/transport/modules.ts';
import { isTold, sentenceOf } from '../../src/o2c/order/timeline.rules.ts';
import { type Person, type Shown, startWorld } from '../support/world.ts';
import { filters, openShop, place, type Shop } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
let shop: Shop;
let order: Shown;
let other: Shown;

async function timeline(person: Person, more = '', id: string = order.id): Promise<Shown[]> {
  const query = `query($id: ID!) { orderTimeline(orderId: $id ${more}) { cursor type recordKind recordId actorName sentence effectiveOn } }`;
  return (await person.ask(query, { id })).orderTimeline;
}

beforeAll(async () => {
  shop = await openShop(world, { limit: '100.00' });
  const { desk, credit, warehouse, billing, buyer, accountId } = shop;
  order = await place(buyer, filters(shop, '5'));
  other = await place(desk, filters(shop, '1'));
  const approval = await desk.do(
    'requestCreditRelease',
    { holdId: order.holds[0].id, reason: 'Fine' },
    'approval',
    'id amount { amount currency }',
  );
  await credit.do('approveCreditRelease', { approvalId: approval.id, amount: approval.amount }, 'order');
  await desk.do('confirmOrder', { id: order.id }, 'order');
  for (const one of [order, other]) {
    const { id } = await warehouse.do('planFulfilment', { orderId: one.id }, 'fulfilment');
    await warehouse.do('releaseFulfilment', { id }, 'fulfilment');
    await warehouse.do('shipFulfilment', { id, carrier: 'DHL' }, 'fulfilment');
    const invoice = await billing.do('billOrder', { orderId: one.id }, 'invoice', 'id total { amount currency }');
    const cash = await world.as('cash');
    const { id: paymentId } = await cash.do('recordPayment', { accountId, amount: invoice.total }, 'payment');
    await cash.do('applyCash', { paymentId, allocations: [{ invoiceId: invoice.id, amount: invoice.total.amount }] }, 'payment');
  }
  await world.platform.sealer.sealed();
});

const EXPECTED = [
  'order.held',
  'hold.placed',
  'approval.requested',
  'approval.granted',
  'order.hold_released',
  'hold.released',
  'order.confirmed',
  'fulfilment.planned',
  'order.fulfilment_changed',
  'fulfilment.released',
  'fulfilment.shipped',
  'invoice.issued',
  'order.completed',
  'payment.received',
  'allocation.made',
  'invoice.paid',
  'payment.applied',
];

describe('the timeline of an order', () => {
  it('tells everything that came of it and nothing of other orders, with who did it and a sentence each', async () => {
    const rows = await timeline(shop.admin);
    const types = rows.map((row) => row.type);
    for (const type of EXPECTED) expect(types, type).toContain(type);
    expect(new Set(rows.map((row) => row.cursor)).size).toBe(rows.length);
    expect(rows.map((row) => Number(row.cursor))).toEqual(rows.map((row) => Number(row.cursor)).sort((a, b) => a - b));
    expect(rows.filter((row) => row.recordKind === 'Order').every((row) => row.recordId === order.id)).toBe(true);
    expect(rows.filter((row) => row.type === 'payment.received')).toHaveLength(1);
    const said = Object.fromEntries(rows.map((row) => [row.type, row.sentence]));
    expect(said['order.confirmed']).toBe(`Order ${order.number} over 119.00 EUR was confirmed, beyond the credit limit.`);
    expect(said['approval.granted']).toBe('A second person granted CREDIT_RELEASE of 119.00 EUR.');
    expect(said['fulfilment.shipped']).toBe('Fulfilment FUL-DE01-000001 was shipped by DHL.');
    expect(rows.find((row) => row.type === 'approval.granted')).toMatchObject({ actorName: 'credit' });
    expect(rows.find((row) => row.type === 'invoice.issued')).toMatchObject({ effectiveOn: '2026-03-02' });
  });

  it('comes in pages that add up to the whole', async () => {
    const whole = await timeline(shop.admin);
    const pages: Shown[] = [];
    for (let after = '0', page: Shown[]; ; ) {
      page = await timeline(shop.admin, `first: 4 after: "${after}"`);
      pages.push(...page);
      if (page.length < 4) break;
      after = page.at(-1)?.cursor;
    }
    expect(pages).toEqual(whole);
    const { errors } = await shop.admin.send('query($id: ID!) { orderTimeline(orderId: $id first: 1001) { type } }', {
      id: order.id,
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'PAGE_TOO_LARGE' });
  });

  it('tells a customer what is theirs, without approvals and without names of our people', async () => {
    const rows = await timeline(shop.buyer);
    const types = rows.map((row) => row.type);
    for (const type of EXPECTED.filter((t) => !t.startsWith('approval.'))) expect(types, type).toContain(type);
    expect(types.some((type) => type.startsWith('approval.'))).toBe(false);
    expect(new Set(rows.map((row) => row.actorName))).toEqual(new Set(['buyer-DE01', null]));
    const { id: customerId } = await shop.admin.do('createCustomer', { number: 'X', name: 'X' }, 'customer');
    const stranger = {
      kind: 'PORTAL',
      name: 's',
      issuer: 'urn:cashgraph:local',
      subject: 's',
      roles: [],
      customerIds: [customerId],
    };
    await shop.admin.do('createActor', stranger, 'actor');
    expect(await timeline(await world.as('s'))).toEqual([]);
  });

  it('tells each role only of records that it may see', async () => {
    const kinds = async (role: string) => new Set((await timeline(await world.as(role))).map((row) => row.recordKind));
    expect(await kinds('warehouse')).toEqual(new Set(['Order', 'Hold', 'Fulfilment', 'Invoice']));
    expect((await kinds('billing')).has('Payment')).toBe(true);
  });

  it('is nothing for an order that is not there', async () => {
    expect(await timeline(shop.admin, '', 'ord_01999999-0000-7000-8000-000000000001')).toEqual([]);
  });
});

describe('a sentence', () => {
  const KINDS = new Set(['Order', 'Hold', 'Approval', 'Fulfilment', 'Invoice', 'CreditNote', 'Allocation', 'Payment']);
  const told = modules.flatMap((m) => m.events).filter((e) => KINDS.has(e.record));

  it.each(told.map((e) => [e.type, e] as const))('is there for %s, with fields that its payload has', (type, event) => {
    expect(isTold(type)).toBe(true);
    const full = Object.fromEntries(Object.keys(event.payload.shape).map((name) => [name, `<${name}>`]));
    const sentence = sentenceOf(type, full);
    expect(sentence).toMatch(/^[A-Z0-9<].*\.$/);
    expect(sentence).not.toMatch(/[[\]{}]| {2}| \.|over EUR/);
    const none = Object.fromEntries(Object.keys(full).map((name) => [name, null]));
    expect(sentenceOf(type, none)).not.toMatch('null');
  });
});
