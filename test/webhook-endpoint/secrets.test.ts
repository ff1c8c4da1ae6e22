// The secret of an endpoint: shown once, kept sealed in its own row, and in no log, event, error, answer or delivery, though it signed,
// was rotated, and came back in what the receiver answered.
import { expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { startWorld } from '../support/world.ts';
import { deliveriesOf, endpointOf, hookTo, newCustomer } from './hooks.ts';
import { startReceiver } from './receiver.ts';
import { dumpOf } from '../support/dump.ts';

const errors: unknown[] = [];
const world = await startWorld({ now: '2026-01-10T09:00:00.000Z' });
const admin = await world.as('admin');

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

const dump = () => dumpOf(world.database.connection);

const ROTATE = `mutation($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { webhookEndpoint { id } secret userErrors { code } } }`;

it('is in no table, event, delivery and answer as it is', async () => {
  const receiver = await startReceiver();
  const { id, secret } = await hookTo(world, `${receiver.url}?code=key-of-the-receiver`);
  const input = { id, idempotencyKey: 'rotate-1' };
  const { rotateWebhookSecret: rotated } = await admin.ask(ROTATE, { input });
  const { rotateWebhookSecret: again } = await admin.ask(ROTATE, { input });
  expect([again.webhookEndpoint.id, again.secret]).toEqual([id, null]);
  const secrets = [secret, rotated.secret as string];
  // everything that it knows comes back
  receiver.behave(({ headers }) => ({
    status: 500,
    headers: {
      server: secret,
      location: `https://x.example.com/?s=${secret}`,
      'x-request-id': String(headers['webhook-signature']),
    },
    body: `${secrets.join(' ')} ${secrets.map((one) => one.slice(6)).join(' ')} ${String(headers['webhook-signature'])}`,
  }));
  await newCustomer(admin);
  await expect.poll(async () => (await deliveriesOf(admin, id))[0]?.attempts.length).toBe(1);
  expect(receiver.came[0]?.path).toBe('/hooks?code=key-of-the-receiver');
  const signatures = String(receiver.came[0]?.headers['webhook-signature']).split(' ');
  expect(signatures).toHaveLength(2);
  await world.platform.sealer.sealed();
  const shown = JSON.stringify([await deliveriesOf(admin, id), await endpointOf(admin, id, 'failure secretHint'), errors]);
  const everything = `${await dump()}${shown}`;
  for (const one of secrets) {
    const key = one.slice('whsec_'.length);
    for (const form of [key, Buffer.from(key, 'base64').toString('hex')]) expect(everything).not.toContain(form);
  }
  for (const signature of signatures) expect(everything).not.toContain(signature.slice(3));
  expect(everything).toContain('[gone] [gone]');
  // a query may be somebody's key: events, which go elsewhere, leave it out
  const events = await rowsOf<{ row: string }>(`select payload::text as row from event where record_kind = 'WebhookEndpoint'`);
  expect(events.length).toBeGreaterThan(1);
  expect(JSON.stringify(events)).not.toContain('key-of-the-receiver');
  await expect(world.database.as('read').query('select sealed_secret from webhook_endpoint')).rejects.toThrow(
    'permission denied',
  );
  const { __type: type } = await admin.ask('{ __type(name: "WebhookEndpoint") { fields { name } } }');
  expect(type.fields.map((f: { name: string }) => f.name).filter((name: string) => /seal|secret/i.test(name))).toEqual([
    'secretHint',
    'previousSecretUntil',
  ]);
});

it('opens in its own row only: swapped rows send nothing, and go on when they are swapped back', async () => {
  const receiver = await startReceiver();
  const [one, two] = [
    await hookTo(world, receiver.url, { types: ['product.*'] }),
    await hookTo(world, receiver.url, { types: ['product.*'] }),
  ];
  const swap = () =>
    rowsOf(
      `update webhook_endpoint p set sealed_secret = o.sealed_secret from webhook_endpoint o where p.id = any($1) and o.id = any($1) and o.id <> p.id`,
      [[one.id.slice(3), two.id.slice(3)]],
    );
  await swap();
  await admin.do('createProduct', { sku: 'S-1', name: 'Pump', unit: 'C62', taxClass: 'STANDARD' }, 'product');
  const failure = async (id: string) => (await deliveriesOf(admin, id))[0]?.failure;
  for (const { id } of [one, two]) await expect.poll(() => failure(id)).toMatch(/^A kept secret can't be opened/);
  expect(receiver.came).toEqual([]);
  await swap();
  world.clock.advance(15_000);
  await expect.poll(() => receiver.taken.length).toBe(2);
});
