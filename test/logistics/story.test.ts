// A third party carries a fulfilment out: it is asked once, signed, and what it reports arrives with the customer.
import { expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { startSimulator } from '../../connectors/logistics/simulator.ts';
import { bare, startWorld } from '../support/world.ts';
import { fulfilmentOf, letTimePass, openCompany, planned, released, startProvider } from './providers.ts';

const world = await startWorld();
const books = await openCompany(world);
const provider = await startProvider(world);
const warehouse = await world.as('warehouse');
const buyer = await world.as('buyer');
letTimePass(world);

it('is asked, ships, and the customer sees in the portal that it arrived', async () => {
  const { id, number } = await released({
    world,
    books,
    provider,
    more: {
      customerReference: 'PO-7',
      requestedOn: '2099-01-31',
      shipToName: 'Works 2',
      shipToAddress: 'Dock 4',
      shipToCountry: 'FR',
    },
  });
  await expect.poll(async () => (await fulfilmentOf(buyer, id)).lifecycle).toBe('DELIVERED');
  await expect.poll(() => provider.simulator.isIdle).toBe(true);
  expect(await fulfilmentOf(buyer, id)).toMatchObject({
    providerStatus: 'ACCEPTED',
    providerReference: provider.simulator.shipments[0]?.reference,
    carrier: 'Simulated Parcel',
    trackingNumber: expect.stringMatching(/^TRK[0-9A-F]{8}$/) as string,
    receivedBy: 'The front desk',
  });
  const { tracking } = await fulfilmentOf(warehouse, id);
  expect(tracking.map((t: { kind: string }) => t.kind).sort()).toEqual(
    ['ACCEPTED', 'ACCEPTED', 'DELIVERED', 'IN_TRANSIT', 'PICKED', 'SHIPPED'], // accepted by its answer, and by its report
  );
  const [shipment] = provider.simulator.shipments;
  expect(provider.simulator.shipments).toHaveLength(1);
  expect(shipment).toMatchObject({ key: id, fulfilmentId: id });
  expect(JSON.parse(shipment?.body ?? '')).toEqual({
    id,
    number,
    orderNumber: expect.stringMatching(/^\S+$/) as string,
    customerReference: 'PO-7',
    requestedOn: '2099-01-31',
    plannedOn: null,
    shipTo: { name: 'Works 2', address: 'Dock 4', country: 'FR', region: null },
    lines: [{ lineNumber: 1, sku: null, description: 'Pump', unit: 'C62', quantity: '2.5', hsCode: null, originCountry: null }],
  });
});

it('may refuse, and its words are at the fulfilment', async () => {
  const { id } = await released({ world, books, provider, more: { shipToCountry: 'AQ' } });
  await expect.poll(async () => (await fulfilmentOf(warehouse, id)).providerStatus).toBe('REFUSED');
  expect(await fulfilmentOf(warehouse, id)).toMatchObject({
    lifecycle: 'RELEASED',
    providerText: 'We do not ship to Antarctica.',
  });
  expect(provider.simulator.shipments).toHaveLength(1);
});

it('is told when a fulfilment is given up, and is never asked for one that was given up before or that is ours', async () => {
  const slow = await startProvider(world, { code: 'slow', reports: false, delayMs: 60_000 });
  const { id } = await released({ world, books, provider: slow });
  await expect.poll(async () => (await fulfilmentOf(warehouse, id)).providerStatus).toBe('ACCEPTED');
  await warehouse.do('cancelFulfilment', { id }, 'fulfilment');
  await expect.poll(() => slow.simulator.shipments[0]?.isCancelled).toBe(true);
  const other = await planned({ world, books, provider: slow });
  await warehouse.do('cancelFulfilment', { id: other.id }, 'fulfilment');
  const ours = await released({ world, books, provider: null });
  const last = await released({ world, books, provider: slow });
  await expect.poll(() => slow.simulator.shipments.map((s) => s.fulfilmentId)).toEqual([id, last.id]);
  expect((await fulfilmentOf(warehouse, ours.id)).providerStatus).toBe('NONE');
});

it('is not asked for what was given up while it could not be reached', async () => {
  const away = await startProvider(world, { code: 'away', reports: false });
  const port = Number(new URL(away.simulator.url).port);
  await away.simulator.close();
  const { id } = await released({ world, books, provider: away });
  const system = world.database.as('system');
  const attempts = async () =>
    (await system.query('select max(attempt) as most from delivery where record_id = $1', [bare(id)])).rows[0]?.most as number;
  await expect.poll(attempts).toBeGreaterThan(1);
  await warehouse.do('cancelFulfilment', { id }, 'fulfilment');
  const back = await startSimulator({ port, now: () => world.clock.now(), delayMs: 5 });
  const states = async () =>
    (await system.query('select state from delivery where record_id = $1 order by position', [bare(id)])).rows.map(
      (r) => r.state,
    );
  await expect.poll(states).toEqual(['DONE', 'DONE']);
  expect([back.asked, back.shipments]).toEqual([[], []]);
  await back.close();
});

it('leaves the books whole, and nothing that was to be delivered', async () => {
  await world.platform.sealer.sealed();
  await expect
    .poll(async () => (await world.database.as('system').query(`select 1 from delivery where state <> 'DONE'`)).rowCount)
    .toBe(0);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
