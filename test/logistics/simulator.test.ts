// The simulated provider as a command: one line of JSON, one shipment for a key, the same faults for the same seed.
import { afterAll, expect, it } from 'vitest';
import { startSimulator } from '../../connectors/logistics/simulator.ts';
import { signMessage } from '../../src/connect/signature.ts';
import { spawnCommand } from '../cli/commands.ts';
import { until } from '../support/processes.ts';

const SECRET = `whsec_${'A'.repeat(32)}`;
const shipment = { id: 'ful_018f0000-0000-7000-8000-000000000001', number: 'F-1', lines: [{ lineNumber: 1 }] };

async function ask(url: string, body: unknown, { key = 'k', secret = SECRET }: { key?: string; secret?: string } = {}) {
  const text = JSON.stringify(body);
  const headers = { 'idempotency-key': key, ...signMessage({ id: 'm', at: new Date(), body: text, secrets: [secret] }) };
  const response = await fetch(`${url}/shipments`, { method: 'POST', headers, body: text });
  return { status: response.status, ...((await response.json()) as object) };
}

it('runs until it is ended, takes what is signed, and ships once for each key', async () => {
  const args = ['--webhook', 'http://127.0.0.1:9/webhooks/logistics/demo/acme', '--secret', SECRET, '--delay-ms', '3600000'];
  const running = spawnCommand(['cashgraph', 'simulator', 'logistics', ...args]);
  afterAll(() => running.child.kill('SIGKILL'));
  await until(() => running.stdout().endsWith('\n'));
  const { simulator, url } = JSON.parse(running.stdout()) as { simulator: string; url: string };
  expect(simulator).toBe('logistics');
  const first = await ask(url, shipment);
  expect(first).toMatchObject({ status: 201, reference: 'SIM-00000001' });
  expect(await ask(url, shipment)).toEqual(first);
  expect(await ask(url, { ...shipment, number: 'F-2' })).toMatchObject({ status: 409 });
  expect(await ask(url, shipment, { key: '' })).toMatchObject({ status: 400 });
  expect(await ask(url, { ...shipment, lines: [] }, { key: 'k2' })).toMatchObject({
    status: 422,
    message: expect.stringMatching(/^lines must be/) as string,
  });
  expect(await ask(url, shipment, { secret: `whsec_${'B'.repeat(32)}` })).toMatchObject({ status: 401 });
  const { shipments } = (await (await fetch(`${url}/shipments`)).json()) as { shipments: unknown[] };
  expect(shipments).toEqual([{ fulfilmentId: shipment.id, reference: 'SIM-00000001', step: null, isCancelled: false }]);
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
});

it('makes the same faults again for the same seed', async () => {
  const statuses = async (seed: string) => {
    const simulator = await startSimulator({ seed, faults: 0.5, delayMs: 3_600_000 });
    const seen: (number | string)[] = [];
    for (let i = 0; i < 20; i++)
      seen.push(
        await ask(simulator.url, shipment, { key: `k${i}` }).then(
          ({ status }) => status,
          () => 'lost',
        ),
      );
    await simulator.close();
    return seen.join(' ');
  };
  const first = await statuses('one');
  expect(await statuses('one')).toBe(first);
  expect(await statuses('two')).not.toBe(first);
  for (const kind of ['201', '429', '500', 'lost']) expect(first).toContain(kind);
});
