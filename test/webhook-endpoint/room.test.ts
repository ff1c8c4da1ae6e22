// Slow and dead receivers cost little and hold nobody up: others are served while they hang, and what waits for them beyond a limit stays
// in the log until there is room.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { broken } from '../support/invariants.ts';
import { bare, startWorld } from '../support/world.ts';
import { deliveriesOf, endpointOf, hookTo, newCustomer, rename } from './hooks.ts';
import { startReceiver } from './receiver.ts';

const now = '2026-01-10T09:00:00.000Z';
const settings = {
  WEBHOOKS_PER_PROCESS_MAX_COUNT: 8,
  WEBHOOKS_PER_ENDPOINT_MAX_COUNT: 2,
  WEBHOOK_PENDING_MAX_COUNT: 20,
  WEBHOOK_TIMEOUT_MS: 30_000,
  // of all processes of one database
  CASHGRAPH_SECRET_KEY: randomBytes(32).toString('base64'),
};
const world = await startWorld({ now, settings });
await world.addTenant('beta');
const admin = await world.as('admin');
const beta = await world.as('admin', 'beta');

it('while every receiver of one tenant hangs, another tenant and another endpoint are served', async () => {
  const [hanging, living, ofBeta] = await Promise.all([startReceiver(), startReceiver(), startReceiver()]);
  hanging.behave(() => 'HANG');
  const endpoints = await Promise.all(['/1', '/2', '/3', '/4', '/5'].map((path) => hookTo(world, `${hanging.url}${path}`)));
  await Promise.all([newCustomer(admin), newCustomer(admin), newCustomer(admin)]);
  // half of the places, and of one endpoint two at most
  await expect.poll(() => hanging.came.length).toBe(4);
  await hookTo(world, ofBeta.url, { tenant: 'beta' });
  const id = await newCustomer(beta);
  await expect.poll(() => ofBeta.taken.map(({ message }) => message.data.recordId)).toEqual([id]);
  expect(hanging.came.length).toBe(4);
  for (const endpoint of endpoints) await admin.do('deleteWebhookEndpoint', { id: endpoint.id }, 'webhookEndpoint');
  await hanging.close(); // which ends what is under way
  await hookTo(world, living.url);
  await newCustomer(admin);
  await expect.poll(() => living.taken.length).toBe(1);
});

it('an endpoint gets so many at once as it may, however many processes send', async () => {
  const receiver = await startReceiver();
  receiver.behave(() => 'HANG');
  const other = await startWorld({ now, settings, database: world.database });
  const { id } = await hookTo(world, receiver.url, { tenant: 'beta' });
  await Promise.all(Array.from({ length: 6 }, () => newCustomer(beta)));
  await expect.poll(() => receiver.came.length).toBe(2);
  await sleep(600); // each of them has looked
  expect(receiver.came.length).toBe(2);
  receiver.behave(() => 204);
  await beta.do('deleteWebhookEndpoint', { id }, 'webhookEndpoint');
  await receiver.close();
  await other.platform.stop();
});

it("what another one has taken over is that one's: who was taken for dead changes nothing when it comes back", async () => {
  const receiver = await startReceiver();
  const { id: endpoint } = await hookTo(world, receiver.url);
  receiver.behave((_, nth) => (nth === 0 ? 'HANG' : 204));
  await newCustomer(admin);
  await expect.poll(() => receiver.came.length).toBe(1);
  await withClient(world.database.connection, (client) =>
    client.query('update webhook_delivery set claimed_until = null where endpoint_id = $1', [bare(endpoint)]),
  );
  const taken = async () => (await deliveriesOf(admin, endpoint))[0];
  await expect.poll(async () => (await taken()).state).toBe('DELIVERED');
  await receiver.close(); // the first attempt ends, without an answer
  await sleep(200);
  expect(await taken()).toMatchObject({ state: 'DELIVERED', attempts: [{ number: 2, status: 204 }] });
  expect(await endpointOf(admin, endpoint, 'failureCount pendingCount')).toEqual({ failureCount: 0, pendingCount: 0 });
});

it('beyond a limit what happens waits in the log, and all of it comes in order when the receiver is back', async () => {
  const receiver = await startReceiver();
  receiver.behave(() => 503);
  const { id: endpoint } = await hookTo(world, receiver.url, { types: ['customer.updated'], tenant: 'beta' });
  const customers = await Promise.all([newCustomer(beta), newCustomer(beta)]);
  for (let i = 0; i < 15; i++) await Promise.all(customers.map((id) => rename(beta, id)));
  await world.platform.sealer.sealed();
  const state = () => endpointOf(beta, endpoint, 'pendingCount behindAt');
  await expect.poll(async () => (await state()).behindAt).not.toBe(null);
  const laid = (await state()).pendingCount;
  expect(laid).toBeGreaterThan(0);
  expect(laid).toBeLessThanOrEqual(20);
  receiver.behave(() => 204);
  const versions = (id: string) =>
    receiver.taken.filter(({ message }) => message.data.recordId === id).map(({ message }) => message.data.recordVersion);
  const wanted = customers.map(() => Array.from({ length: 15 }, (_, i) => i + 2));
  // again and again: an attempt that ended before may be noted, and put off, after a step
  const taken = () => {
    world.clock.advance(1_000);
    return receiver.taken.length;
  };
  await expect.poll(taken, { timeout: 40_000, interval: 200 }).toBe(30);
  expect(customers.map(versions)).toEqual(wanted);
  await expect.poll(state).toEqual({ pendingCount: 0, behindAt: null });
  await world.platform.sealer.sealed();
  await sleep(100);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

it('what was taken is forgotten after its time, with its attempts; what was given up stays', async () => {
  const receiver = await startReceiver();
  const { id: endpoint } = await hookTo(world, receiver.url, { types: ['customer.created'], tenant: 'beta' });
  await newCustomer(beta);
  await expect.poll(() => receiver.taken.length).toBe(1);
  receiver.behave(() => 500);
  await beta.do('testWebhookEndpoint', { id: endpoint }, 'webhookDelivery');
  world.clock.advance(31 * 86_400_000);
  await world.restart();
  const LIST = 'deliveries { nodes { state attempts { number } } }';
  await expect
    .poll(async () => (await endpointOf(beta, endpoint, LIST)).deliveries.nodes)
    .toEqual([{ state: 'DEAD', attempts: [{ number: 1 }] }]);
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

it('what the log no longer holds is told as lost, and what it holds comes', async () => {
  const receiver = await startReceiver();
  const tenantId = await world.addTenant('gamma');
  const gamma = await world.as('admin', 'gamma');
  for (let i = 0; i < 4; i++) await newCustomer(gamma);
  await world.platform.sealer.sealed();
  const positions = await withClient(world.database.connection, async (client) => {
    const { rows } = await client.query<{ position: string }>(
      'select position from event where tenant_id = $1 order by position',
      [tenantId],
    );
    // as retention does: the oldest are dropped, and where that ends is kept
    await client.query('set session_replication_role = replica');
    await client.query('delete from event where tenant_id = $1 and position <= $2', [tenantId, rows[1]?.position]);
    await client.query(
      'insert into event_anchor (tenant_id, position, hash, recorded_at, dropped_at) values ($1, $2, $3, now(), now())',
      [tenantId, rows[1]?.position, 'x'],
    );
    return rows.map(({ position }) => position);
  });
  const { id: endpoint } = await hookTo(world, receiver.url, { types: ['customer.created'], tenant: 'gamma', after: '0' });
  await expect.poll(() => receiver.taken.map(({ message }) => message.cursor)).toEqual(positions.slice(2));
  expect(await endpointOf(gamma, endpoint, 'lostFrom lostTo')).toEqual({ lostFrom: '0', lostTo: positions[1] });
});
