// A provider that can't be reached is asked for days, then those who look at the fulfilment are told; one that has shipped already says so.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startWorld } from '../support/world.ts';
import { fulfilmentOf, openCompany, released, startProvider } from './providers.ts';

const HOUR_MS = 3_600_000;
const world = await startWorld();
const books = await openCompany(world);
const warehouse = await world.as('warehouse');
const deliveries = async () =>
  (await world.database.as('system').query('select state, attempt, last_error as error from delivery order by position'))
    .rows as {
    state: string;
    attempt: number;
    error: string;
  }[];

it('who has shipped already does not cancel, and that is told at the fulfilment', async () => {
  const { simulator, ...provider } = await startProvider(world, { code: 'fast', reports: false });
  const { id } = await released({ world, books, provider });
  await expect.poll(async () => (await fulfilmentOf(warehouse, id)).providerStatus).toBe('ACCEPTED');
  await expect.poll(() => simulator.shipments[0]?.step).toBe('DELIVERED');
  await warehouse.do('cancelFulfilment', { id }, 'fulfilment');
  const told = { kind: 'EXCEPTION', description: 'It was not cancelled there. It has left already.' };
  await expect.poll(async () => (await fulfilmentOf(warehouse, id)).tracking.at(-1)).toMatchObject(told);
  // what was done for it is committed before it is noted as done
  await expect.poll(deliveries).toMatchObject([{ state: 'DONE' }, { state: 'DONE' }]);
});

it('who never answers is given up after more than three days, and what was to be said is said', async () => {
  const { simulator, ...provider } = await startProvider(world, { code: 'silent', reports: false });
  const { url } = simulator;
  await simulator.close();
  const start = world.clock.now().getTime();
  const { id } = await released({ world, books, provider });
  const last = async () => (await deliveries()).at(-1);
  while ((await last())?.state !== 'DEAD') {
    world.clock.advance(HOUR_MS);
    await sleep(20);
  }
  expect(world.clock.now().getTime() - start).toBeGreaterThan(72 * HOUR_MS);
  expect(await last()).toMatchObject({
    attempt: 24,
    error: `UNAVAILABLE: POST ${url}/shipments could not be sent: nothing listens there.`,
  });
  expect(await fulfilmentOf(warehouse, id)).toMatchObject({
    providerStatus: 'PENDING',
    tracking: [
      {
        kind: 'EXCEPTION',
        description: `It could not be handed over. POST ${url}/shipments could not be sent: nothing listens there.`,
      },
    ],
  });
});
