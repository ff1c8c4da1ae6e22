// The README's operations work as they are printed there, in the order in which they are printed.
import { expect, it } from 'vitest';
import { line, operations, walkLine, webhooks } from './support/readme-line.ts';
import { openTrade } from './support/trade.ts';
import { collect, startWorld } from './support/world.ts';

const world = await startWorld();
await openTrade(world, { limit: '1000.00' });

it('prints queries, mutations, the line from an order to cash and a subscription', () => {
  expect(operations.map((o) => o.kind)).toEqual(['query', 'mutation', 'query', 'mutation', 'subscription', 'query']);
  expect(line.length).toBeGreaterThan(10);
});

it.each(operations.filter((o) => o.kind !== 'subscription'))(
  'answers $name without an error, also the second time',
  async ({ text }) => {
    const admin = await world.as('admin');
    await world.platform.sealer.sealed();
    const first = await admin.send(text);
    expect(first.errors).toBeUndefined();
    for (const payload of Object.values(first.data ?? {})) expect(payload.userErrors ?? []).toEqual([]);
    // what goes on behind the API may write to the log in between
    const second = await admin.send(text);
    const { logPosition } = first.data ?? {};
    expect({ ...second, data: { ...second.data, ...(logPosition && { logPosition }) } }).toEqual(first);
  },
);

it.each(operations.filter((o) => o.kind === 'subscription'))('streams $name from the first event on', async ({ text }) => {
  const admin = await world.as('admin');
  const [message] = await collect<{ events: { cursor: string; event: { type: string } } }>(
    admin.socket(),
    text,
    {},
    (m) => m.length === 1,
  );
  expect(message?.events).toMatchObject({ cursor: '1', event: { type: 'legal_entity.created' }, gap: null });
});

it('makes the webhook endpoint that it prints, and shows its secret once', async () => {
  const admin = await world.as('admin');
  const [hook] = webhooks;
  const input = { url: 'https://hooks.example.com/cashgraph', eventTypes: ['invoice.*', 'payment.received'] };
  const { data, errors } = await admin.send(hook?.text ?? '', { input });
  expect(errors).toBeUndefined();
  expect(data?.['createWebhookEndpoint']).toMatchObject({ webhookEndpoint: { url: input.url }, userErrors: [] });
  expect(data?.['createWebhookEndpoint'].secret).toMatch(/^whsec_/);
});

it('goes from an order to cash by the operations that it prints, each as the role that it names', async () => {
  const last = await walkLine((role) => world.as(role));
  expect(last.order).toEqual({ lifecycle: 'COMPLETED', fulfilmentStatus: 'FULL', billingStatus: 'FULL', paymentStatus: 'FULL' });
  expect(last.orderTimeline.length).toBeGreaterThan(8);
});
