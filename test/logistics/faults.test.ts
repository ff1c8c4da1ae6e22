// A quarter of all requests and reports goes wrong, both ways, and the process is started anew in the middle: every fulfilment has exactly
// one shipment at its provider, and ends delivered.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { type Shown, startWorld } from '../support/world.ts';
import { letTimePass, openCompany, planned, startProvider } from './providers.ts';

const FULFILMENTS = 24;

const world = await startWorld();
const books = await openCompany(world);
const providers = await Promise.all(
  ['north', 'south'].map((code) => startProvider(world, { code, faults: 0.25, seed: `faults ${code}` })),
);
letTimePass(world, 5_000);

it('nothing is lost and nothing done twice with faults in both directions', { timeout: 90_000 }, async () => {
  const warehouse = await world.as('warehouse');
  const wanted = Array.from({ length: FULFILMENTS }, (_, i) => planned({ world, books, provider: providers[i % 2] ?? null }));
  const ids = (await Promise.all(wanted)).map(({ id }) => id);
  await Promise.all(ids.map((id) => warehouse.do('releaseFulfilment', { id }, 'fulfilment')));
  await sleep(300);
  await world.restart(); // on the same address: what was under way is cut
  const counts = async (): Promise<Record<string, number>> => {
    const { fulfilments } = await warehouse.ask('{ fulfilments(first: 100) { nodes { lifecycle providerStatus } } }');
    const states: string[] = fulfilments.nodes.map((f: Shown) => `${f.lifecycle} ${f.providerStatus}`);
    return Object.fromEntries([...new Set(states)].map((state) => [state, states.filter((s) => s === state).length]));
  };
  await expect.poll(counts, { timeout: 60_000, interval: 200 }).toEqual({ 'DELIVERED ACCEPTED': FULFILMENTS });
  await expect.poll(() => providers.every(({ simulator }) => simulator.isIdle)).toBe(true);

  const shipped = providers.flatMap(({ simulator }) => simulator.shipments.map((s) => s.fulfilmentId));
  expect(shipped.toSorted()).toEqual(ids.toSorted());
  const asked = providers.flatMap(({ simulator }) => simulator.asked);
  expect(asked.length).toBeGreaterThan(FULFILMENTS); // some were asked twice: their answers were lost
  const { fulfilments } = await warehouse.ask('{ fulfilments(first: 100) { nodes { tracking { kind } } } }');
  for (const { tracking } of fulfilments.nodes) {
    const kinds = tracking.map((t: Shown) => t.kind).filter((kind: string) => kind !== 'ACCEPTED');
    expect(kinds.toSorted()).toEqual(['DELIVERED', 'IN_TRANSIT', 'PICKED', 'SHIPPED']);
  }
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
