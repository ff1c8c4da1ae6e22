// An integration team's way through: an endpoint is made, events arrive signed, its secret is changed without a gap, it is tested, paused,
// resumed, and asked for what was sent before.
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { startWorld } from '../support/world.ts';
import { deliveriesOf, endpointOf, hookTo, newCustomer, rename } from './hooks.ts';
import { type Came, startReceiver } from './receiver.ts';

const world = await startWorld({ now: new Date().toISOString() });
const admin = await world.as('admin');
const receiver = await startReceiver();

const verified = (secret: string, { text, headers }: Came) => new Webhook(secret).verify(text, headers as Record<string, string>);

it('what happens arrives, signed as Standard Webhooks say, with the ids that the graph gives', async () => {
  const endpoint = await hookTo(world, receiver.url);
  const id = await newCustomer(admin);
  await expect.poll(() => receiver.taken.length).toBe(1);
  const [came] = receiver.taken as [Came];
  expect(verified(endpoint.secret, came)).toEqual(came.message);
  expect(came.message).toMatchObject({
    type: 'customer.created',
    data: { recordKind: 'Customer', recordId: id, recordVersion: 1 },
  });
  await expect.poll(async () => (await deliveriesOf(admin, endpoint.id))[0]?.state).toBe('DELIVERED');
  const [delivery] = await deliveriesOf(admin, endpoint.id);
  expect(delivery).toMatchObject({ state: 'DELIVERED', recordId: id, attemptCount: 1, cursor: came.message.cursor });
  expect(delivery.attempts).toMatchObject([{ number: 1, status: 204, failure: null }]);
  expect(came.headers['webhook-id']).toBe(delivery.eventId);
  await rename(admin, id);
  await expect.poll(() => receiver.taken.length).toBe(2);
  const state = () => endpointOf(admin, endpoint.id, 'pendingCount behindAt failingSince lifecycle allowedActions');
  const atRest = {
    pendingCount: 0,
    behindAt: null,
    failingSince: null,
    lifecycle: 'ACTIVE',
    allowedActions: ['PAUSE', 'DELETE'],
  };
  await expect.poll(state).toEqual(atRest);
});

it('during a rotation either secret verifies, and afterwards only the new one', async () => {
  const own = await startReceiver();
  const endpoint = await hookTo(world, own.url);
  const ROTATE = `mutation($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) {
    webhookEndpoint { secretHint previousSecretUntil } secret userErrors { code } } }`;
  const { rotateWebhookSecret: rotated } = await admin.ask(ROTATE, { input: { id: endpoint.id, overlapHours: 1 } });
  expect(rotated.secret).toMatch(/^whsec_[\w+/]{32}$/);
  expect(rotated.webhookEndpoint.secretHint).toBe(rotated.secret.slice(-4));
  const id = await newCustomer(admin);
  await expect.poll(() => own.taken.length).toBe(1);
  for (const secret of [rotated.secret, endpoint.secret]) verified(secret, own.taken[0] as Came);
  world.clock.advance(3_600_001);
  await rename(admin, id);
  await expect.poll(() => own.taken.length).toBe(2);
  // the package holds timestamps against the machine's clock, which did not move
  const { headers, text } = own.taken[1] as Came;
  const signed = String(headers['webhook-signature']);
  const by = (secret: string) =>
    new Webhook(secret).sign(String(headers['webhook-id']), new Date(Number(headers['webhook-timestamp']) * 1_000), text);
  expect(signed).toBe(by(rotated.secret));
  expect(signed).not.toContain(by(endpoint.secret));
  world.clock.advance(-3_600_001);
});

it('a test is sent at once, also while the endpoint is paused, and shows the answer without secrets', async () => {
  const own = await startReceiver();
  const endpoint = await hookTo(world, own.url);
  await admin.do('pauseWebhookEndpoint', { id: endpoint.id }, 'webhookEndpoint');
  own.behave(({ headers }) => ({
    status: 418,
    headers: { 'content-type': 'text/plain', 'set-cookie': 'a=b' },
    body: `no ${String(headers['webhook-signature'])} ${endpoint.secret} \u0000${'x'.repeat(2_000)}`,
  }));
  const delivery = await admin.do(
    'testWebhookEndpoint',
    { id: endpoint.id },
    'webhookDelivery',
    'state purpose eventType failure attempts { status headers body failure }',
  );
  expect(delivery).toMatchObject({
    state: 'DEAD',
    purpose: 'TEST',
    eventType: 'webhook_endpoint.tested',
    failure: 'It answered 418.',
  });
  const [{ headers, body }] = delivery.attempts;
  expect(Object.keys(headers)).toEqual(expect.arrayContaining(['content-type', 'date']));
  expect(headers['set-cookie']).toBeUndefined();
  expect(body).toMatch(/^no \[gone\] \[gone\] \ufffdx+$/);
  expect(body.length).toBeLessThanOrEqual(1_000);
  const state = await endpointOf(admin, endpoint.id, 'failingSince failureCount pendingCount');
  expect(state).toEqual({ failingSince: null, failureCount: 0, pendingCount: 0 });
});

it('what happens while it is paused is kept, and comes in order when it is resumed', async () => {
  const own = await startReceiver();
  const endpoint = await hookTo(world, own.url);
  const id = await newCustomer(admin);
  await expect.poll(() => own.taken.length).toBe(1);
  await admin.do('pauseWebhookEndpoint', { id: endpoint.id }, 'webhookEndpoint');
  for (const name of ['one', 'two', 'three']) await rename(admin, id, name);
  await expect.poll(() => deliveriesOf(admin, endpoint.id)).toHaveLength(4);
  expect(own.came.length).toBe(1);
  await admin.do('resumeWebhookEndpoint', { id: endpoint.id }, 'webhookEndpoint');
  await expect.poll(() => own.taken.map(({ message }) => message.data.recordVersion)).toEqual([1, 2, 3, 4]);
});

it('the events after a cursor are sent once more, in order and under their ids', async () => {
  const own = await startReceiver();
  const endpoint = await hookTo(world, own.url);
  const id = await newCustomer(admin);
  for (const name of ['one', 'two', 'three']) await rename(admin, id, name);
  await expect.poll(() => own.taken.length).toBe(4);
  const cursors = own.taken.map(({ message }) => message.cursor);
  const first = own.taken.map(({ headers }) => headers['webhook-id']);
  await admin.do('replayWebhooks', { id: endpoint.id, after: cursors[0], until: cursors[2] }, 'webhookEndpoint');
  await expect.poll(() => own.taken.length).toBe(6);
  expect(own.taken.slice(4).map(({ headers }) => headers['webhook-id'])).toEqual(first.slice(1, 3));
  expect(own.taken.slice(4).map(({ text }) => text)).toEqual(own.taken.slice(1, 3).map(({ text }) => text));
  await expect.poll(() => endpointOf(admin, endpoint.id, 'replayAt')).toEqual({ replayAt: null });
  // an endpoint may also begin in the past
  const late = await startReceiver();
  await hookTo(world, late.url, { after: cursors[1] });
  await expect.poll(() => late.taken.map(({ message }) => message.cursor).slice(0, 2)).toEqual(cursors.slice(2));
});

it('a deleted endpoint gets nothing more, and has no secret', async () => {
  const own = await startReceiver();
  own.behave(() => 500);
  const endpoint = await hookTo(world, own.url);
  await newCustomer(admin);
  await expect.poll(() => own.came.length).toBe(1);
  await admin.do('deleteWebhookEndpoint', { id: endpoint.id }, 'webhookEndpoint');
  await expect
    .poll(async () => (await deliveriesOf(admin, endpoint.id))[0])
    .toMatchObject({ state: 'DEAD', failure: 'The endpoint was deleted.' });
  expect(await admin.refused('testWebhookEndpoint', { id: endpoint.id })).toMatchObject([{ code: 'WRONG_STATE' }]);
  await newCustomer(admin);
  await world.platform.sealer.sealed();
  expect(await deliveriesOf(admin, endpoint.id)).toHaveLength(1);
});
