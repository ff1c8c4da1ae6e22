// The whole line as people and programs see it: an order beyond the credit limit, let through by another person, leaves in two shipments,
// is billed twice and paid once with the discount for paying early; over HTTP and WebSocket, with a reconnect and a restart in between.
import { expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { openTrade } from '../support/trade.ts';
import { collect, type Shown, startWorld } from '../support/world.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const trade = await openTrade(world, { limit: '1000.00' });
const desk = await world.as('order-desk');
const credit = await world.as('credit');
const warehouse = await world.as('warehouse');
const billing = await world.as('billing');
const cash = await world.as('cash');
await (await world.as('admin')).do(
  'createActor',
  { kind: 'PORTAL', name: 'Buyer', issuer: 'urn:cashgraph:local', subject: 'buyer', roles: [], customerIds: [trade.customerId] },
  'actor',
);
const buyer = await world.as('buyer');

interface Change {
  readonly cursor: string;
  readonly event: { readonly type: string; readonly from: string | null; readonly to: string | null; readonly version: number };
  readonly record: { readonly id: string; readonly version: number } | null;
}

/** The changes that somebody sees of one kind of record after a cursor, on a connection of their own. */
async function changes(who: string, field: string, after: string, count: number): Promise<Change[]> {
  const query = `subscription($after: Cursor) { ${field}(after: $after) { cursor event { type from to version } record { id version } } }`;
  const socket = (await world.as(who)).socket();
  const messages = await collect<Record<string, Change>>(socket, query, { after }, (m) => m.length === count);
  return messages.map((m) => m[field] as Change);
}

/** Without the record, which is only at least as new as the event. */
const exact = (seen: readonly Change[]) => seen.map(({ cursor, event }) => ({ cursor, event }));
const types = (seen: readonly Change[]) => seen.map((c) => c.event.type);
const at = (instant: string) => world.clock.set(new Date(instant));

const ORDER = `id number lifecycle version openHoldCount fulfilmentStatus billingStatus paymentStatus
  net { amount } tax { amount } total { amount } billed { amount } unbilled { amount }
  lines { id sku priceRule net { amount } quantity } holds { id kind stage lifecycle amount { amount } }`;
const orderOf = async (id: string): Promise<Shown> =>
  (await desk.ask(`query($id: ID!) { order(id: $id) { ${ORDER} } }`, { id })).order;
const exposure = async (): Promise<Shown> =>
  (
    await credit.ask(
      'query($id: ID!) { customer(id: $id) { credit { exposure { amount } openItems { amount } unbilled { amount } } } }',
      {
        id: trade.customerId,
      },
    )
  ).customer.credit;

/** The buyer orders two pumps and ten filters: 1,200.00 net, 1,428.00 with tax, which is more than 1,000.00. */
async function orderOnHold(): Promise<Shown> {
  const lines = [
    { productId: trade.pumpId, quantity: '2' },
    { productId: trade.filterId, quantity: '10' },
  ];
  const order = await buyer.do('placeOrder', { accountId: trade.accountId, customerReference: 'PO-4711', lines }, 'order', ORDER);
  expect(order).toMatchObject({ lifecycle: 'SUBMITTED', openHoldCount: 1, total: { amount: '1428.00' } });
  expect(order.holds).toMatchObject([{ kind: 'CREDIT', stage: 'ORDER', lifecycle: 'OPEN' }]);
  expect(await exposure()).toMatchObject({ exposure: { amount: '0.00' } });
  return order;
}

async function letThrough(order: Shown): Promise<void> {
  const approval = await desk.do(
    'requestCreditRelease',
    { holdId: order.holds[0].id, reason: 'A customer of twenty years' },
    'approval',
    'id amount { amount currency }',
  );
  const amount = approval.amount;
  const own = await desk.send(
    'mutation($input: ApproveCreditReleaseInput!) { approveCreditRelease(input: $input) { userErrors { code } } }',
    { input: { approvalId: approval.id, amount, reason: 'Mine' } },
  );
  expect(own.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  await credit.do('approveCreditRelease', { approvalId: approval.id, amount, reason: 'Agreed' }, 'order');
  const confirmed = await desk.do('confirmOrder', { id: order.id }, 'order', ORDER);
  expect(confirmed).toMatchObject({ lifecycle: 'CONFIRMED', openHoldCount: 0 });
  expect(await exposure()).toEqual({
    exposure: { amount: '1428.00' },
    openItems: { amount: '0.00' },
    unbilled: { amount: '1428.00' },
  });
}

/** Ships these quantities, and bills what was shipped. */
async function shipAndBill(order: Shown, quantities: readonly [string, string]): Promise<Shown> {
  const lines = order.lines
    .map((line: Shown, i: number) => ({ orderLineId: line.id, quantity: quantities[i] }))
    .filter((line: Shown) => line.quantity !== '0');
  const { id } = await warehouse.do('planFulfilment', { orderId: order.id, lines }, 'fulfilment');
  await warehouse.do('releaseFulfilment', { id }, 'fulfilment');
  await warehouse.do('shipFulfilment', { id, carrier: 'DHL', trackingNumber: `T-${quantities.join('-')}` }, 'fulfilment');
  await warehouse.do('deliverFulfilment', { id, receivedBy: 'Gate 3' }, 'fulfilment');
  return billing.do('billOrder', { orderId: order.id }, 'invoice', 'id number status total { amount } open { amount } dueOn');
}

const INVOICES = ['invoice.issued', 'invoice.issued', 'invoice.paid', 'invoice.paid'];

it('turns an order into cash, and each person sees every event that is theirs, once and in order', async () => {
  const invoices = changes('buyer', 'invoiceChanged', '0', 1);
  const order = await orderOnHold();
  await letThrough(order);
  const seen = await changes('buyer', 'orderChanged', '0', 3);
  at('2026-03-04T09:00:00Z');
  const first = await shipAndBill(order, ['1', '10']);
  expect(first).toMatchObject({ status: 'OPEN', total: { amount: '833.00' }, dueOn: '2026-04-03' });
  expect(await orderOf(order.id)).toMatchObject({
    fulfilmentStatus: 'PARTIAL',
    billingStatus: 'PARTIAL',
    lifecycle: 'CONFIRMED',
  });
  const before = await invoices;
  await world.restart();
  at('2026-03-06T09:00:00Z');
  const second = await shipAndBill(order, ['1', '0']);
  expect(second).toMatchObject({ status: 'OPEN', total: { amount: '595.00' } });
  expect(await exposure()).toEqual({
    exposure: { amount: '1428.00' },
    openItems: { amount: '1428.00' },
    unbilled: { amount: '0.00' },
  });
  at('2026-03-12T09:00:00Z');
  const amount = { amount: '1399.44', currency: 'EUR' }; // 1,428.00 less 2 %
  const payment = await cash.do('recordPayment', { accountId: trade.accountId, amount }, 'payment');
  const allocations = [
    { invoiceId: first.id, amount: '816.34' },
    { invoiceId: second.id, amount: '583.10' },
  ];
  const applied = await cash.do('applyCash', { paymentId: payment.id, allocations }, 'payment', 'status');
  expect(applied).toEqual({ status: 'APPLIED' });
  const done = await orderOf(order.id);
  expect(done).toMatchObject({
    lifecycle: 'COMPLETED',
    fulfilmentStatus: 'FULL',
    billingStatus: 'FULL',
    paymentStatus: 'FULL',
    total: { amount: '1428.00' },
    billed: { amount: '1428.00' },
    unbilled: { amount: '0.00' },
  });
  expect(await exposure()).toMatchObject({ exposure: { amount: '0.00' } });
  await world.platform.sealer.sealed();

  // who watched from the start, and went on after a reconnect and a restart, saw what one who comes now sees
  expect(types([...before, ...(await changes('buyer', 'invoiceChanged', before.at(-1)?.cursor ?? '', 3))])).toEqual(INVOICES);
  const rest = await changes('buyer', 'orderChanged', seen.at(-1)?.cursor ?? '', done.version - 3);
  const all = [...seen, ...rest];
  expect(all.map((c) => c.event.version)).toEqual(Array.from({ length: done.version }, (_, i) => i + 1));
  expect(all[0]?.event).toMatchObject({ from: null, to: 'SUBMITTED' });
  expect(all.at(-1)?.event).toMatchObject({ from: 'CONFIRMED', to: 'COMPLETED', type: 'order.completed' });
  expect(exact(await changes('analyst', 'orderChanged', '0', done.version))).toEqual(exact(all));
  const fulfilments = await changes('warehouse', 'fulfilmentChanged', '0', 8);
  expect(types(fulfilments)).toEqual(
    [1, 2].flatMap(() => ['fulfilment.planned', 'fulfilment.released', 'fulfilment.shipped', 'fulfilment.delivered']),
  );
  expect(exact(await changes('buyer', 'fulfilmentChanged', '0', 8))).toEqual(exact(fulfilments));
  const credits = await changes('credit', 'creditChanged', '0', 4);
  expect(credits[0]?.event).toMatchObject({ type: 'credit.limit_changed' });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

it('shows the whole line as one timeline to the customer', async () => {
  const { orders } = await buyer.ask('{ orders(first: 1) { nodes { id } } }');
  const { orderTimeline } = await buyer.ask(
    'query($id: ID!) { orderTimeline(orderId: $id, first: 100) { occurredAt type sentence } }',
    { id: orders.nodes[0].id },
  );
  const told = orderTimeline.map((entry: Shown) => entry.type);
  for (const type of ['fulfilment.shipped', 'invoice.issued', 'invoice.paid', 'order.completed']) expect(told).toContain(type);
  expect(told.indexOf('fulfilment.shipped')).toBeLessThan(told.indexOf('invoice.issued'));
});
