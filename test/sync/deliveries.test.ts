// Goods that leave are told by whoever ships them: what is shipped here is delivered there once, what is delivered there shows here.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { filters, openShop, orderOf, place } from '../order/shop.ts';
import { withClient } from '../support/connection.ts';
import { broken } from '../support/invariants.ts';
import { startWorld } from '../support/world.ts';
import { matchedLines } from '../../src/sync/inbound/order-lines.ts';
import { pushing, startPushErp } from './push-erp.ts';

const world = await startWorld({ connectors: [pushing()], now: '2026-03-02T09:00:00.000Z' });
const erp = await startPushErp();
erp.numbersLines = true;
afterAll(() => erp.close());
const shop = await openShop(world);
const { admin, desk, warehouse } = shop;
const strange = await place(desk, filters(shop, '3'));
const { id: connectionId } = await admin.do(
  'createConnection',
  {
    code: 'push',
    name: 'Push',
    connector: 'pushing',
    legalEntities: [{ legalEntityId: shop.legalEntityId, externalId: '1010' }],
    config: { baseUrl: erp.url },
    credentials: { key: 'any' },
  },
  'connection',
);

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

/** The test's own time limit ends the waiting. */
async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) {
    world.clock.advance(1_000);
    await sleep(20);
  }
}
const allAnswered = () => until(async () => (await rowsOf(`select 1 from erp_request where lifecycle = 'SENT'`)).length === 0);
async function readAll(): Promise<void> {
  await admin.do('syncConnection', { id: connectionId, mode: 'INCREMENTAL' }, 'connection');
  await until(
    async () =>
      (
        await rowsOf(`select 1 from sync_stream where asked_mode is not null or last_succeeded_at is null
          union all select 1 from sync_run where state = 'RUNNING'`)
      ).length === 0,
  );
}
const madeFor = (ours: string) => [...erp.books.deliveries.values()].filter((kept) => kept.ours === ours);
const orderThere = (ours: string) => [...erp.books.orders.values()].find((kept) => kept.ours === ours);
const lineThere = (ours: string, sku: string) =>
  ((orderThere(ours)?.document['lines'] ?? []) as { id: string; sku: string }[]).find((line) => line.sku === sku)?.id;

async function released(orderId: string, lines?: object[]): Promise<string> {
  const { id } = await warehouse.do('planFulfilment', { orderId, ...(lines ? { lines } : {}) }, 'fulfilment');
  await warehouse.do('releaseFulfilment', { id }, 'fulfilment');
  return id;
}
const SHOWN =
  'lifecycle number carrier trackingNumber shippedOn deliveredOn lines { quantity orderLine { sku } } source { externalId connection } pending { command }';
const fulfilmentsOf = async (orderId: string) =>
  (await admin.ask(`query($id: ID!) { order(id: $id) { fulfilmentStatus fulfilments { ${SHOWN} } } }`, { id: orderId })).order;

describe('goods that are shipped here', () => {
  it('are delivered there once, whatever is lost on the way, by the lines as they are called there', async () => {
    const lines = [
      { productId: shop.filterId, quantity: '5' },
      { productId: shop.pumpId, quantity: '2' },
    ];
    const order = await place(desk, { accountId: shop.accountId, lines });
    await allAnswered();
    const id = await released(order['id']);
    erp.faults.push('LOST', 503);
    await warehouse.do('shipFulfilment', { id, carrier: 'DHL', trackingNumber: 'T-1' }, 'fulfilment');
    await allAnswered();
    expect(madeFor(id).map((kept) => kept.document)).toEqual([
      {
        number: expect.any(String) as string,
        legalEntity: '1010',
        order: orderThere(order['id'])?.id,
        state: 'SHIPPED',
        shippedOn: '2026-03-02',
        carrier: 'DHL',
        trackingNumber: 'T-1',
        lines: [
          { orderLine: lineThere(order['id'], 'FILTER-DE01'), quantity: '5' },
          { orderLine: lineThere(order['id'], 'PUMP-DE01'), quantity: '2' },
        ],
      },
    ]);
    await warehouse.do('deliverFulfilment', { id, receivedBy: 'Ada' }, 'fulfilment');
    await allAnswered();
    expect(madeFor(id)).toMatchObject([{ document: { state: 'DELIVERED', receivedBy: 'Ada' } }]);
    await readAll();
    expect(await fulfilmentsOf(order['id'])).toMatchObject({
      fulfilmentStatus: 'FULL',
      fulfilments: [{ lifecycle: 'DELIVERED', source: { externalId: madeFor(id)[0]?.id, connection: 'push' }, pending: [] }],
    });
  });

  it('of an order that the ERP does not know are told to nobody', async () => {
    const id = await released(strange['id']);
    await warehouse.do('shipFulfilment', { id }, 'fulfilment');
    expect(await rowsOf('select 1 from erp_request where record_id = $1', [id.slice(4)])).toEqual([]);
  });

  it('of an order that was made there are delivered there, too', async () => {
    const customer = [...erp.books.customers.values()].find((kept) => kept.ours === shop.accountId)?.id ?? '';
    const product = erp.put('products', { sku: 'BOLT', name: 'Bolt', kind: 'GOODS', isActive: true }).id;
    const line = { product, sku: 'BOLT', description: 'Filter', quantity: '4', unitPrice: '20', net: '80' };
    const kept = erp.put('orders', {
      customer,
      legalEntity: '1010',
      currency: 'EUR',
      orderedOn: '2026-03-02',
      state: 'CONFIRMED',
      lines: [line],
      net: '80',
      tax: '0',
      total: '80',
    });
    await readAll();
    const { order } = await admin.ask(
      'query($id: String!) { order(externalRef: { connection: "push", id: $id }) { id lines { id } } }',
      { id: kept.id },
    );
    const id = await released(order.id, [{ orderLineId: order.lines[0].id, quantity: '1' }]);
    await warehouse.do('shipFulfilment', { id }, 'fulfilment');
    await allAnswered();
    expect(madeFor(id)).toMatchObject([{ document: { order: kept.id, lines: [{ orderLine: `${kept.id}-1`, quantity: '1' }] } }]);
  });
});

describe('goods that are delivered there', () => {
  it('show here, with their steps, also of an order that was placed here', async () => {
    const order = await place(desk, filters(shop, '10'));
    await allAnswered();
    const there = orderThere(order['id'])?.id ?? '';
    const delivery = {
      order: there,
      legalEntity: '1010',
      number: '8000001',
      plannedOn: '2026-03-03',
      lines: [{ id: '1', orderLine: lineThere(order['id'], 'FILTER-DE01'), quantity: '6' }],
    };
    const { id } = erp.put('deliveries', { ...delivery, state: 'RELEASED' });
    await readAll();
    expect(await fulfilmentsOf(order['id'])).toMatchObject({
      fulfilments: [{ lifecycle: 'RELEASED', number: '8000001', lines: [{ quantity: '6', orderLine: { sku: 'FILTER-DE01' } }] }],
    });
    erp.change('deliveries', id, { state: 'SHIPPED', shippedOn: '2026-03-02', carrier: 'UPS' });
    await readAll();
    const after = await fulfilmentsOf(order['id']);
    expect(after).toMatchObject({
      fulfilmentStatus: 'PARTIAL',
      fulfilments: [{ lifecycle: 'SHIPPED', carrier: 'UPS', source: { externalId: id }, pending: [] }],
    });
    erp.change('deliveries', id, { state: 'DELIVERED', deliveredOn: '2026-03-02', receivedBy: 'Bo' });
    const fresh = `query($id: String!) { fulfilment(externalRef: { connection: "push", id: $id }) @requireFresh(within: "PT10S")
      { lifecycle receivedBy source { authority } } }`;
    world.clock.advance(60_000);
    expect((await admin.ask(fresh, { id })).fulfilment).toEqual({
      lifecycle: 'DELIVERED',
      receivedBy: 'Bo',
      source: { authority: 'CONNECTION' },
    });
    expect(erp.effects.filter((effect) => effect.includes('deliveries') && !effect.includes('ful_'))).toEqual([]);
    expect(await orderOf(desk, order['id'])).toMatchObject({ lifecycle: 'CONFIRMED' });
  });
});

it('leaves everything that must always hold', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});

describe('which line there is which of ours', () => {
  const ours = (id: string, externalId: string | null, productId: string | null = null) => ({
    id,
    externalId,
    productId,
    sku: null,
    description: `Line ${id}`,
  });
  const theirs = (id: string, productId: string | null = null) => ({ id, productId, sku: null, description: 'As they call it' });

  it('goes by what is known, by product, and by place only where nothing is left over', () => {
    const known = [ours('a', '10', 'p'), ours('b', null, 'p'), ours('c', null, 'q')];
    expect([...matchedLines(known, [theirs('10', 'q'), theirs('30', 'q'), theirs('20', 'p')])]).toEqual([
      ['c', '30'],
      ['b', '20'],
    ]);
    expect([...matchedLines([ours('a', null), ours('b', null)], [theirs('1'), theirs('2')])]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect([...matchedLines([ours('a', null), ours('b', null)], [theirs('1'), theirs('2'), theirs('3')])]).toEqual([]);
  });
});
