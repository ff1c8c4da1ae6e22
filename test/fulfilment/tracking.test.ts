// What third parties and drivers report comes late, twice and in any order; the fulfilment is in the end where all of it together says.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { sql } from '../../src/read/sql.ts';
import { bare, openBooks, type Person, type Shown, startWorld } from '../support/world.ts';
import { confirmedOrder, FULFILMENT, fulfilmentOf, type Ordered, orderOf, plan, released, type Selling } from './orders.ts';

const world = await startWorld({ now: '2026-03-09T09:00:00.000Z' });
let books: Selling;
let warehouse: Person;
let providerId: string;

beforeAll(async () => {
  books = { ...(await openBooks(world)), orderedOn: '2026-03-01' };
  warehouse = await world.as('warehouse');
  providerId = await silentProvider();
});

/** A third party that answers no request, so that its reports are those of the tests alone. */
async function silentProvider(): Promise<string> {
  const server = createServer((_, response) => response.writeHead(503).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const input = { code: 'fast', name: 'Fast Ltd', baseUrl };
  return (await (await world.as('admin')).do('createLogisticsProvider', input, 'logisticsProvider')).id;
}

/** A fulfilment that the third party was asked to carry out. */
async function asked(quantity = '4'): Promise<{ order: Ordered; id: string }> {
  const order = await confirmedOrder(world, books, [{ quantity }]);
  const { id } = await warehouse.do('planFulfilment', { orderId: order.id, providerId }, 'fulfilment');
  const now = await warehouse.do('releaseFulfilment', { id }, 'fulfilment', FULFILMENT);
  expect(now).toMatchObject({ lifecycle: 'RELEASED', providerStatus: 'PENDING' });
  return { order, id };
}

let serial = 0;
const report = (kind: string, day: number, more: Record<string, unknown> = {}) => ({
  source: 'fast',
  externalId: `report ${(serial += 1)}`,
  kind,
  occurredAt: `2026-03-0${day}T12:00:00Z`,
  ...more,
});
const track = (id: string, input: Record<string, unknown>) =>
  warehouse.do('recordTracking', { id, ...input }, 'fulfilment', FULFILMENT);

describe('reports', () => {
  it('carry a fulfilment from the request to the proof of delivery', async () => {
    const { order, id } = await asked();
    const answered = await track(id, report('ACCEPTED', 2, { reference: 'F-1', description: 'Will do' }));
    expect(answered).toMatchObject({
      lifecycle: 'RELEASED',
      providerStatus: 'ACCEPTED',
      providerReference: 'F-1',
      providerText: 'Will do',
    });
    await track(id, report('PICKED', 3));
    const left = await track(id, report('SHIPPED', 4, { carrier: 'UPS', trackingNumber: '1Z' }));
    expect(left).toMatchObject({ lifecycle: 'SHIPPED', shippedOn: '2026-03-04', carrier: 'UPS', trackingNumber: '1Z' });
    expect(await orderOf(warehouse, order)).toMatchObject({ fulfilmentStatus: 'FULL' });
    await track(id, report('IN_TRANSIT', 5, { location: 'Leipzig' }));
    const there = await track(id, report('DELIVERED', 6, { receivedBy: 'Gate 3' }));
    expect(there).toMatchObject({ lifecycle: 'DELIVERED', deliveredOn: '2026-03-06', receivedBy: 'Gate 3' });
    await world.platform.sealer.sealed();
    const told = await world.platform.systemRows<{ type: string; kind: string }>(
      sql`select type, payload->>'kind' as kind from event where record_id = ${bare(id)} and payload->>'kind' is not null order by position`,
    );
    expect(told.map((e) => `${e.type} ${e.kind}`)).toEqual([
      'fulfilment.tracked ACCEPTED',
      'fulfilment.tracked PICKED',
      'fulfilment.shipped SHIPPED',
      'fulfilment.tracked IN_TRANSIT',
      'fulfilment.delivered DELIVERED',
    ]);
  });

  it('are recorded once, however often they come and from how many at once', async () => {
    const { id } = await asked();
    const same = report('SHIPPED', 4);
    const all = await Promise.all(Array.from({ length: 8 }, () => track(id, same)));
    expect(new Set(all.map((f) => `${f.version} ${f.lifecycle}`))).toEqual(new Set(['3 SHIPPED']));
    const other = await released(warehouse, await confirmedOrder(world, books, [{ quantity: '1' }]));
    expect(await warehouse.refused('recordTracking', { id: other, ...same })).toMatchObject([{ code: 'ALREADY_EXISTS' }]);
    expect(await fulfilmentOf(warehouse, other)).toMatchObject({ lifecycle: 'RELEASED' });
    const again = await track(other, { ...same, source: 'in-house' });
    expect(again).toMatchObject({ lifecycle: 'SHIPPED' });
  });

  it('of what nobody was asked for are refused, and so are those of a day that is far ahead', async () => {
    const order = await confirmedOrder(world, books, [{ quantity: '2' }]);
    const own = await plan(warehouse, order, ['1']);
    const refusal = async (input: Record<string, unknown>) =>
      (await warehouse.refused('recordTracking', { id: own, ...input })).map((p) => [p.code, p.path.join('.')]);
    expect(await refusal(report('PICKED', 4))).toEqual([['WRONG_STATE', 'input']]);
    await warehouse.do('releaseFulfilment', { id: own }, 'fulfilment');
    expect(await refusal(report('ACCEPTED', 4))).toEqual([['INVALID_INPUT', 'input.kind']]);
    const ahead = { ...report('PICKED', 4), occurredAt: '2026-03-10T09:00:01Z' };
    expect(await refusal(ahead)).toEqual([['EFFECTIVE_DATE_INVALID', 'input.occurredAt']]);
  });

  it('of a fulfilment that was given up are kept, and it stays given up', async () => {
    const { order, id } = await asked();
    await warehouse.do('cancelFulfilment', { id }, 'fulfilment');
    expect(await track(id, report('SHIPPED', 4))).toMatchObject({ lifecycle: 'CANCELLED', shippedOn: null });
    expect(await orderOf(warehouse, order)).toMatchObject({ fulfilmentStatus: 'NONE' });
  });

  it('of goods that left against a hold are kept, and count as soon as the hold is gone', async () => {
    const { order, id } = await asked();
    const desk = await world.as('order-desk');
    const hold = await desk.do(
      'placeHold',
      { orderId: order.id, stage: 'DELIVERY', kind: 'MANUAL', reason: 'Wrong address' },
      'hold',
    );
    expect(await track(id, report('SHIPPED', 9))).toMatchObject({ lifecycle: 'RELEASED', shippedOn: null });
    expect(await track(id, report('DELIVERED', 9))).toMatchObject({ lifecycle: 'RELEASED' });
    await desk.do('releaseHold', { holdId: hold.id, reason: 'It was right' }, 'hold');
    expect(await track(id, report('IN_TRANSIT', 9))).toMatchObject({ lifecycle: 'DELIVERED', shippedOn: '2026-03-09' });
  });
});

const kind = fc.constantFrom('ACCEPTED', 'REFUSED', 'PICKED', 'SHIPPED', 'IN_TRANSIT', 'DELIVERED', 'EXCEPTION', 'RETURNED');
const said = (...texts: string[]) => fc.option(fc.constantFrom(...texts), { nil: undefined, freq: 1 });
const reports = fc.array(
  fc.record({
    kind,
    day: fc.integer({ min: 2, max: 8 }),
    description: said('fine', 'late'),
    reference: said('R1', 'R2'),
    carrier: said('UPS', 'DHL'),
    trackingNumber: said('T1', 'T2'),
    receivedBy: said('Gate 1', 'Gate 2'),
  }),
  { minLength: 2, maxLength: 6 },
);

it('leave a fulfilment in one state, in whatever order they come', async () => {
  const stateAfter = async (list: readonly Record<string, unknown>[]): Promise<Shown> => {
    const { id, order } = await asked();
    let rank = 0;
    for (const one of list) {
      const before = rank;
      const now = await track(id, { ...one, externalId: `${String(one['externalId'])} ${id}` });
      rank = ['RELEASED', 'SHIPPED', 'DELIVERED'].indexOf(now.lifecycle);
      expect(rank).toBeGreaterThanOrEqual(before);
    }
    const state = await fulfilmentOf(warehouse, id);
    return { ...state, id: null, number: null, version: null, order: await orderOf(warehouse, order) };
  };
  const cases = reports.chain((list) => {
    const named = list.map(({ day, kind: k, ...more }) => report(k, day, more));
    return fc.record({ one: fc.constant(named), other: fc.shuffledSubarray(named, { minLength: named.length }) });
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ one, other }) => {
      expect(await stateAfter(other)).toEqual(await stateAfter(one));
    }),
    { numRuns: 12, seed: 5 },
  );
  expect(await broken(world.database, world.tenantId)).toEqual([]);
}, 120_000);
