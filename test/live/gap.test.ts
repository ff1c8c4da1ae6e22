// What the log has forgotten is said wherever somebody could miss it: streams, reports, timelines; audit and invariants hold for what is left.
import { afterAll, expect, it } from 'vitest';
import { openSystemPool } from '../../src/outbox/connection.ts';
import { cutOldPart, dropOldestPart } from '../../src/outbox/retention.ts';
import { WEBHOOKS_NEED } from '../../src/transport/webhook-endpoint/needs-log.ts';
import { broken } from '../support/invariants.ts';
import { openTrade } from '../support/trade.ts';
import { collect, openBooks, type Shown, startWorld } from '../support/world.ts';

const DAY_MS = 86_400_000;
const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const pool = openSystemPool({ connection: world.database.connection, role: 'cashgraph_system', max: 2 });
afterAll(() => pool.end());

const trade = await openTrade(world, { limit: '10000' });
const admin = await world.as('admin');
await world.addTenant('quiet');
await openBooks(world, { tenant: 'quiet' });

const place = async (): Promise<Shown> => {
  const lines = [{ productId: trade.pumpId, quantity: '1' }];
  const desk = await world.as('order-desk');
  return desk.do('placeOrder', { accountId: trade.accountId, lines }, 'order');
};
const bill = async (): Promise<Shown> => {
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
  const billing = await world.as('billing');
  const { id } = await billing.do('draftInvoice', { accountId: trade.accountId, lines }, 'invoice');
  return billing.do('issueInvoice', { id }, 'invoice', 'id number');
};
const pay = async (invoiceId: string) => {
  const cash = await world.as('cash');
  const { id } = await cash.do(
    'recordPayment',
    { accountId: trade.accountId, amount: { amount: '50', currency: 'EUR' } },
    'payment',
  );
  await cash.do('applyCash', { paymentId: id, allocations: [{ invoiceId, amount: '50' }] }, 'payment');
};
const position = async (tenant?: string) =>
  (await (await world.as('admin', tenant)).ask('{ logPosition }'))['logPosition'] as string;

let quiet = '';
const cursor = 'subscription($after: Cursor)';

it('streams begin with a gap, reports refuse what they would miss, timelines say so, and everything else holds', async () => {
  const oldOrder = await place();
  const oldInvoice = await bill();
  await pay(oldInvoice.id);
  await world.platform.sealer.sealed();
  quiet = await position('quiet');
  const ours = await position();
  const options = { pool, clock: world.clock, keptDays: 30, neededBy: [WEBHOOKS_NEED] };
  world.clock.advance(10 * DAY_MS);
  await cutOldPart(options);
  world.clock.advance(25 * DAY_MS);
  // the old ones go on living, and new ones come
  const newOrder = await place();
  await pay(oldInvoice.id);
  await (await world.as('order-desk')).do('cancelOrder', { id: oldOrder.id, reason: 'Not needed' }, 'order');
  const newInvoice = await bill();
  await world.platform.sealer.sealed();
  await expect.poll(() => dropOldestPart(options)).toBeNull();

  const last = await position();
  const events = await collect<Shown>(
    admin.socket(),
    `${cursor} { events(after: $after) { cursor event { type recordId } gap { from to reason } } }`,
    { after: '0' },
    (all) => all.at(-1)?.events.cursor === last,
  );
  const [first, ...rest] = events.map((message) => message.events);
  expect(first).toEqual({ cursor: ours, event: null, gap: { from: '0', to: ours, reason: 'PRUNED' } });
  expect(rest.length).toBeGreaterThan(5);
  expect(rest.every(({ gap, event }) => gap === null && event !== null)).toBe(true);
  const changes = await collect<Shown>(
    admin.socket(),
    `${cursor} { invoiceChanged(after: $after) { cursor event { type } gap { to } record { number } } }`,
    { after: '0' },
    (all) =>
      all.at(-1)?.invoiceChanged.record?.number === newInvoice.number &&
      all.at(-1)?.invoiceChanged.event.type === 'invoice.issued',
  );
  expect(changes.map(({ invoiceChanged: one }) => [one.gap?.to ?? null, one.record?.number ?? null]).slice(0, 2)).toEqual([
    [ours, null],
    [null, oldInvoice.number],
  ]);

  const report = 'query($since: Cursor) { salesRows(changedSince: $since) { position rows { id } } }';
  expect((await admin.send(report, { since: '1' })).errors?.[0]?.extensions).toMatchObject({ code: 'CURSOR_TOO_OLD' });
  expect((await admin.ask(report, { since: ours }))['salesRows'].position).toBe(last);

  const timeline = async ({ id }: Shown): Promise<string[]> =>
    (await admin.ask('query($id: ID!) { orderTimeline(orderId: $id) { type } }', { id }))['orderTimeline'].map(
      (row: Shown) => row.type,
    );
  expect(await timeline(oldOrder)).toEqual(expect.arrayContaining(['order.cancelled']));
  expect((await timeline(oldOrder))[0]).toBe('log.forgotten');
  expect((await timeline(newOrder))[0]).toBe('order.confirmed');

  expect((await admin.ask('{ verifyAuditTrail { isIntact position } }'))['verifyAuditTrail']).toEqual({
    isIntact: true,
    position: last,
  });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

it('a quiet company whose whole log is forgotten has missed nothing', async () => {
  expect(await position('quiet')).toBe(quiet);
  const other = await world.as('admin', 'quiet');
  const next = collect<Shown>(
    other.socket(),
    `${cursor} { events(after: $after) { event { type } gap { to } } }`,
    { after: quiet },
    () => true,
  );
  await other.do('createCustomer', { number: 'C-2', name: 'New' }, 'customer');
  expect((await next)[0]?.['events']).toEqual({ event: { type: 'customer.created' }, gap: null });
});
