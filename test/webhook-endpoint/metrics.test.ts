// What an operator sees of webhooks at /metrics: what waits and for how long, how endpoints stand, and how attempts ended.
import { expect, it } from 'vitest';
import { createMetrics } from '../../src/transport/metrics.ts';
import { startWorld } from '../support/world.ts';
import { hookTo, newCustomer } from './hooks.ts';
import { startReceiver } from './receiver.ts';

const world = await startWorld({ now: '2026-01-10T09:00:00.000Z' });
const admin = await world.as('admin');
const metrics = createMetrics();
world.platform.measure(metrics);

async function shown(): Promise<Record<string, number>> {
  const text = await metrics.registry.metrics();
  const lines = text.split('\n').filter((line) => /^cashgraph_(webhook|sealer)/.test(line));
  return Object.fromEntries(lines.map((line) => [line.split(' ')[0]?.replace('cashgraph_', ''), Number(line.split(' ')[1])]));
}

it('attempts by result, endpoints by state, what waits and how long it is due', async () => {
  const [good, bad, paused] = await Promise.all([startReceiver(), startReceiver(), startReceiver()]);
  bad.behave(() => 500);
  await hookTo(world, good.url);
  await hookTo(world, bad.url);
  const { id } = await hookTo(world, paused.url);
  await admin.do('pauseWebhookEndpoint', { id }, 'webhookEndpoint');
  await newCustomer(admin);
  await expect.poll(shown).toEqual({
    'webhook_attempts_total{result="taken"}': 1,
    'webhook_attempts_total{result="refused"}': 1,
    'webhook_attempts_total{result="unanswered"}': 0,
    'webhook_endpoints{state="active"}': 2,
    'webhook_endpoints{state="paused"}': 1,
    'webhook_endpoints{state="disabled"}': 0,
    'webhook_endpoints{state="failing"}': 1,
    'webhook_endpoints{state="behind"}': 0,
    webhook_deliveries_pending: 2,
    webhook_overdue_seconds: 0,
    sealer_lag_seconds: 0,
  });
  // nobody sends any more: what the endpoint failed to take is due since a minute
  await world.platform.stop();
  world.clock.advance(70_000);
  const overdueS = (await shown())['webhook_overdue_seconds'] ?? 0;
  expect([overdueS > 50, overdueS < 70]).toEqual([true, true]); // the pause after a failure is not the same each time
});
