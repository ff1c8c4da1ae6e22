// Deliveries that an ERP made: followed as they are there, of orders of the ERP's and of ours, whatever holds, credit or the order say.
import { beforeAll, describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { startWorld } from '../support/world.ts';
import { orderOf } from '../order/shop.ts';
import { invoiceInput } from '../observation/observing.ts';
import { silentErp } from '../observation/silent-erp.ts';
import { bare } from '../support/world.ts';
import { rowsOf } from '../write/company.ts';
import { delivery, fulfilmentOf, movedOf, openWarehouse, sold, soldLine, toldOf, type Warehouse } from './delivered.ts';
import { confirmedOrder, released, shipped } from './orders.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
let of: Warehouse;
beforeAll(async () => {
  of = await openWarehouse(world);
});

const order = (more: Record<string, unknown> = {}) => of.erp.taken('observeOrder', sold(of, more));
const deliver = (orderId: string, more: Record<string, unknown> = {}) =>
  of.erp.taken('observeFulfilment', delivery(of, orderId, more));
const look = (id: string) => orderOf(of.shop.admin, `ord_${bare(id)}`);
const exposed = async (id: string): Promise<string[]> =>
  (await look(id)).lines.map((l: { exposure: { amount: string } }) => l.exposure.amount);

describe('a delivery of an ERP', () => {
  it('moves the quantities of its order from step to step, each told at the time of the ERP, and once', async () => {
    const orderId = await order();
    const id = await deliver(orderId, { plannedOn: '2026-02-21' });
    expect(await movedOf(of, orderId)).toEqual(['4 0 0 0', '0 0 0 0']);
    expect(await fulfilmentOf(of, id)).toMatchObject({ number: 'D-1', origin: 'OBSERVED', lifecycle: 'PLANNED', version: 1 });
    const left = { recordId: id, state: 'SHIPPED', shippedOn: '2026-02-22', carrier: 'DHL', trackingNumber: 'T1' };
    await deliver(orderId, { ...left, state: 'RELEASED', shippedOn: undefined, occurredAt: '2026-02-21T08:00:00Z' });
    expect(await movedOf(of, orderId)).toEqual(['4 4 0 0', '0 0 0 0']);
    await deliver(orderId, { ...left, occurredAt: '2026-02-22T08:00:00Z' });
    expect(await movedOf(of, orderId)).toEqual(['4 4 4 0', '0 0 0 0']);
    const [again] = await of.erp.observe('observeFulfilment', [delivery(of, orderId, left)]);
    expect(again).toMatchObject({ ok: true, isNew: false });
    await deliver(orderId, {
      ...left,
      state: 'DELIVERED',
      deliveredOn: '2026-02-24',
      receivedBy: 'Ann',
      occurredAt: '2026-02-25T08:00:00Z',
    });
    expect(await fulfilmentOf(of, id)).toMatchObject({
      lifecycle: 'DELIVERED',
      shippedOn: '2026-02-22',
      deliveredOn: '2026-02-24',
      carrier: 'DHL',
      trackingNumber: 'T1',
      receivedBy: 'Ann',
      lines: [{ quantity: '4', orderLine: { lineNumber: 1 } }],
    });
    expect(await toldOf(of, id)).toEqual([
      'fulfilment.observed 02-20 - PLANNED',
      'fulfilment.released 02-21 PLANNED RELEASED',
      'fulfilment.changed 02-21 RELEASED RELEASED',
      'fulfilment.shipped 02-22 RELEASED SHIPPED 2026-02-22',
      'fulfilment.delivered 02-24 SHIPPED DELIVERED 2026-02-24',
      'fulfilment.changed 02-25 DELIVERED DELIVERED',
    ]);
    expect((await look(orderId)).fulfilmentStatus).toBe('PARTIAL');
  });

  it('that is seen late is there with all its steps on their days', async () => {
    const orderId = await order();
    const id = await deliver(orderId, { state: 'DELIVERED', shippedOn: '2025-09-01', deliveredOn: '2025-09-03' });
    expect(await toldOf(of, id)).toEqual([
      'fulfilment.observed 02-20 - PLANNED',
      'fulfilment.shipped 09-01 PLANNED SHIPPED 2025-09-01',
      'fulfilment.delivered 09-03 SHIPPED DELIVERED 2025-09-03',
    ]);
    expect(await movedOf(of, orderId)).toEqual(['4 4 4 0', '0 0 0 0']);
  });

  it('is followed back where the ERP takes a step back, in other quantities, and when it is gone', async () => {
    const orderId = await order();
    const there = { state: 'DELIVERED', shippedOn: '2026-02-01', deliveredOn: '2026-02-02' };
    const id = await deliver(orderId, {
      ...there,
      lines: [
        { orderLine: '10', quantity: '4' },
        { orderLine: '10', quantity: '2' },
      ],
    });
    expect(await movedOf(of, orderId)).toEqual(['6 6 6 0', '0 0 0 0']);
    const both = [
      { orderLine: '20', quantity: '3.5' },
      { orderLine: '10', quantity: '1' },
    ];
    await deliver(orderId, { recordId: id, lines: both });
    expect(await movedOf(of, orderId)).toEqual(['1 0 0 0', '3.5 0 0 0']);
    expect(await fulfilmentOf(of, id)).toMatchObject({ lifecycle: 'PLANNED', shippedOn: null, deliveredOn: null });
    await deliver(orderId, { recordId: id, ...there, state: 'SHIPPED', lines: [{ orderLine: '20', quantity: '3.5' }] });
    expect(await movedOf(of, orderId)).toEqual(['0 0 0 0', '3.5 3.5 3.5 0']);
    await deliver(orderId, { recordId: id, ...there, isDeleted: true, lines: [] });
    expect(await movedOf(of, orderId)).toEqual(['0 0 0 0', '0 0 0 0']);
    expect(await fulfilmentOf(of, id)).toMatchObject({ lifecycle: 'CANCELLED', lines: [{ quantity: '3.5' }] });
    await deliver(orderId, { recordId: id, ...there, state: 'SHIPPED' });
    expect(await movedOf(of, orderId)).toEqual(['4 4 4 0', '0 0 0 0']);
    expect((await toldOf(of, id)).slice(3).map((t) => t.split(' ')[0])).toEqual([
      'fulfilment.reopened',
      'fulfilment.changed',
      'fulfilment.shipped',
      'fulfilment.changed',
      'fulfilment.cancelled',
      'fulfilment.reopened',
      'fulfilment.changed',
    ]);
  });

  it('may hold more than was ordered, and what the order has no need of any more', async () => {
    const orderId = await order({ state: 'COMPLETED' });
    await deliver(orderId, { state: 'SHIPPED', shippedOn: '2026-02-01', lines: [{ orderLine: '10', quantity: '12' }] });
    expect(await movedOf(of, orderId)).toEqual(['12 12 12 0', '0 0 0 0']);
    expect(await look(orderId)).toMatchObject({ lifecycle: 'COMPLETED', fulfilmentStatus: 'PARTIAL' });
    const ours = await confirmedOrder(world, of.shop, [{ quantity: '2' }]);
    await deliver(ours.id, { state: 'SHIPPED', shippedOn: '2026-02-01', lines: [{ orderLine: '1', quantity: '3' }] });
    expect(await movedOf(of, ours.id)).toEqual(['3 3 3 0']);
    expect(await of.shop.warehouse.refused('planFulfilment', { orderId: ours.id })).toMatchObject([
      { code: 'QUANTITY_EXCEEDED' },
    ]);
  });

  it('of an order of ours finds its line by our id, by the ERP’s, or by its place where only one can be meant', async () => {
    const wanted = Array.from({ length: 11 }, () => ({ quantity: '5' }));
    const { id, lines } = await confirmedOrder(world, of.shop, wanted);
    const only = (orderLine: string) => ({ lines: [{ orderLine, quantity: '1' }] });
    await deliver(id, only(lines[0] ?? ''));
    await deliver(id, only(bare(lines[1] ?? '')));
    await deliver(id, only('000030'));
    await deliver(id, only('4'));
    expect((await movedOf(of, id)).slice(0, 5)).toEqual(['1 0 0 0', '1 0 0 0', '1 0 0 0', '1 0 0 0', '0 0 0 0']);
    // 10 is the tenth line, or the first where they are counted in tens
    const [unclear, unknown] = await of.erp.observe('observeFulfilment', [
      delivery(of, id, only('10')),
      delivery(of, id, only('x')),
    ]);
    expect(unclear).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND', path: ['lines', '0', 'orderLine'] }] });
    expect(unknown).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('no line that is x in the ERP') }],
    });
  });

  it('passes holds: the ERP has shipped', async () => {
    const held = await confirmedOrder(world, of.shop, [{ quantity: '1' }]);
    await of.shop.admin.do('placeHold', { orderId: held.id, kind: 'MANUAL', stage: 'DELIVERY', reason: 'Wait' }, 'hold');
    await deliver(held.id, { state: 'SHIPPED', shippedOn: '2026-02-01', lines: [{ orderLine: '1', quantity: '1' }] });
    expect(await movedOf(of, held.id)).toEqual(['1 1 1 0']);
    expect((await look(held.id)).openHoldCount).toBe(1);
  });

  it('counts as exposure from the stage at which credit is checked, whatever the limit', async () => {
    const stage = (creditStage: string) =>
      of.shop.admin.do('updateLegalEntity', { id: of.shop.legalEntityId, creditStage }, 'legalEntity');
    await stage('DELIVERY');
    const ours = await confirmedOrder(world, of.shop, [{ quantity: '2' }]);
    await stage('ORDER');
    const lines = [{ orderLine: '1', quantity: '3' }];
    const id = await deliver(ours.id, { state: 'RELEASED', lines });
    expect(await exposed(ours.id)).toEqual(['0.00']);
    const left = { recordId: id, state: 'SHIPPED', lines };
    await deliver(ours.id, left);
    expect(await exposed(ours.id)).toEqual(['35.70']);
    // a day that the ERP doesn't give is that on which it showed it first
    const again = delivery(of, ours.id, { ...left, occurredAt: '2026-02-27T10:00:00Z' });
    expect(await of.erp.observe('observeFulfilment', [again])).toMatchObject([{ ok: true, isNew: false }]);
    expect((await fulfilmentOf(of, id)).shippedOn).toBe('2026-02-20');
    await deliver(ours.id, { recordId: id, isDeleted: true, lines: [] });
    expect(await exposed(ours.id)).toEqual(['0.00']);
  });

  it('is the ERP’s: nobody here releases, ships or cancels it, but goods of it come back here', async () => {
    const orderId = await order();
    const id = await deliver(orderId, { state: 'RELEASED' });
    for (const name of ['releaseFulfilment', 'shipFulfilment', 'deliverFulfilment', 'cancelFulfilment'])
      expect(await of.shop.admin.refused(name, { id: `ful_${id}` }), name).toMatchObject([{ code: 'ERP_AUTHORITY' }]);
    expect((await fulfilmentOf(of, id)).allowedActions).toEqual(['TRACK']);
    const report = {
      id: `ful_${id}`,
      source: 'dhl',
      externalId: '1',
      kind: 'SHIPPED',
      occurredAt: '2026-02-21T08:00:00Z',
      carrier: 'DHL',
    };
    await of.shop.warehouse.do('recordTracking', report, 'fulfilment');
    expect(await fulfilmentOf(of, id)).toMatchObject({ lifecycle: 'RELEASED', carrier: 'DHL' });
    const there = { recordId: id, state: 'SHIPPED', shippedOn: '2026-02-21' };
    await deliver(orderId, there);
    await of.shop.warehouse.do('returnFulfilment', { id: `ful_${id}`, reason: 'Broken' }, 'fulfilment');
    expect(await movedOf(of, orderId)).toEqual(['4 4 4 4', '0 0 0 0']);
    await deliver(orderId, { ...there, lines: [{ orderLine: '10', quantity: '3' }] });
    expect(await movedOf(of, orderId)).toEqual(['3 3 3 3', '0 0 0 0']);
    await deliver(orderId, { recordId: id });
    expect(await movedOf(of, orderId)).toEqual(['4 0 0 0', '0 0 0 0']);
    expect(await fulfilmentOf(of, id)).toMatchObject({ lifecycle: 'PLANNED', returnStatus: 'NONE' });
  });

  it('and one of several in a page of one order are written at once; numbers may repeat, and one without gets one of ours', async () => {
    const orderId = await order();
    const one = (more: Record<string, unknown>) => delivery(of, orderId, more);
    const outcomes = await of.erp.observe('observeFulfilment', [
      one({}),
      one({ state: 'SHIPPED', shippedOn: '2026-02-01' }),
      one({ lines: [{ orderLine: 'nowhere', quantity: '1' }] }),
      one({
        number: undefined,
        lines: [
          { orderLine: '20', quantity: '1' },
          { orderLine: '10', quantity: '0' },
        ],
      }),
    ]);
    expect(outcomes.map((o) => o.ok)).toEqual([true, true, false, true]);
    expect(await movedOf(of, orderId)).toEqual(['8 4 4 0', '1 0 0 0']);
    const writes = 'select count(distinct xmin::text)::int as count from fulfilment where order_id = $1';
    expect(await rowsOf(world, writes, [orderId])).toEqual([{ count: 1 }]);
    const [, , , numbered] = outcomes;
    expect((await fulfilmentOf(of, numbered?.ok ? numbered.recordId : '')).number).toMatch(/\d/);
  });

  it('stays with its order, whose legal entity it is of', async () => {
    const id = await deliver(await order());
    const other = delivery(of, await order(), { recordId: id });
    const strange = delivery(of, crypto.randomUUID());
    expect(await of.erp.observe('observeFulfilment', [other, strange])).toMatchObject([
      { ok: false, problems: [{ code: 'WRONG_STATE', path: ['orderId'] }] },
      { ok: false, problems: [{ code: 'NOT_FOUND', path: ['orderId'] }] },
    ]);
  });

  it('of ours that the ERP shows stays as it is here', async () => {
    const ours = await confirmedOrder(world, of.shop, [{ quantity: '1' }]);
    const id = await released(of.shop.warehouse, ours);
    const shown = delivery(of, ours.id, { recordId: bare(id), state: 'CANCELLED' });
    expect(await of.erp.observe('observeFulfilment', [shown])).toMatchObject([{ ok: true, isNew: false }]);
    expect(await fulfilmentOf(of, id)).toMatchObject({ lifecycle: 'RELEASED', origin: 'PLANNED' });
  });

  it('completes an order of ours that is billed, and opens it again when its goods issue is reversed', async () => {
    const ours = await confirmedOrder(world, of.shop, [{ quantity: '2' }]);
    const id = await deliver(ours.id, { state: 'SHIPPED', shippedOn: '2026-02-01', lines: [{ orderLine: '1', quantity: '2' }] });
    const party = { legalEntityId: bare(of.shop.legalEntityId), accountId: bare(of.shop.accountId) };
    const lines = [
      {
        description: 'Part 1',
        quantity: '2',
        unitPrice: '10',
        net: '20',
        orderId: bare(ours.id),
        orderLine: ours.lines[0] && bare(ours.lines[0]),
      },
    ];
    const bill = invoiceInput(party, { lines, taxes: [], net: '20', tax: '0', total: '20' });
    await of.erp.taken('observeInvoice', bill);
    expect(await look(ours.id)).toMatchObject({ lifecycle: 'COMPLETED', billingStatus: 'FULL', fulfilmentStatus: 'FULL' });
    await deliver(ours.id, { recordId: id, lines: [{ orderLine: '1', quantity: '2' }] });
    expect(await look(ours.id)).toMatchObject({ lifecycle: 'CONFIRMED', billingStatus: 'FULL', fulfilmentStatus: 'NONE' });
    expect((await toldOf(of, ours.id)).at(-1)).toMatch(/^order.fulfilment_changed 02-20 COMPLETED CONFIRMED/);
  });
});

describe('a line that the ERP closes', () => {
  it('is cancelled but for what is shipped or billed of it, in whatever order that is read, and open again when the ERP opens it', async () => {
    const closed = (more: Record<string, unknown> = {}) => ({
      lines: [soldLine(of, '10', { isClosed: true, ...more }), soldLine(of, '20')],
    });
    const shown = sold(of, closed());
    const id = await of.erp.taken('observeOrder', shown);
    const cancelled = async () => (await look(id)).lines.map((l: { cancelledQuantity: string }) => l.cancelledQuantity);
    expect(await cancelled()).toEqual(['10', '0']);
    expect(await exposed(id)).toEqual(['0.00', '238.00']);
    expect(await look(id)).toMatchObject({ total: { amount: '476.00' }, unbilled: { amount: '238.00' } });
    const ful = await deliver(id, { state: 'SHIPPED', shippedOn: '2026-02-01' });
    expect(await cancelled()).toEqual(['6', '0']);
    expect(await exposed(id)).toEqual(['95.20', '238.00']);
    expect(await look(id)).toMatchObject({ unbilled: { amount: '333.20' }, fulfilmentStatus: 'PARTIAL' });
    const party = { legalEntityId: bare(of.shop.legalEntityId), accountId: bare(of.shop.accountId) };
    const line = { description: 'Filter', quantity: '7', unitPrice: '20', net: '140', orderId: id, orderLine: '10' };
    await of.erp.taken('observeInvoice', invoiceInput(party, { lines: [line], taxes: [], net: '140', tax: '0', total: '140' }));
    expect(await cancelled()).toEqual(['3', '0']);
    expect(await exposed(id)).toEqual(['0.00', '238.00']);
    expect(await look(id)).toMatchObject({ billed: { amount: '166.60' }, unbilled: { amount: '238.00' } });
    expect(await of.erp.observe('observeOrder', [{ ...shown, recordId: id }])).toMatchObject([{ ok: true, isNew: false }]);
    await deliver(id, { recordId: ful, state: 'CANCELLED' });
    await of.erp.taken('observeOrder', { ...shown, ...closed({ isClosed: false }), recordId: id });
    expect(await cancelled()).toEqual(['0', '0']);
    expect(await exposed(id)).toEqual(['71.40', '238.00']);
    expect(await look(id)).toMatchObject({ unbilled: { amount: '309.40' } });
  });

  it('is left out of the totals by some ERPs: what is still to come is the same', async () => {
    const lines = [soldLine(of, '10', { isClosed: true }), soldLine(of, '20')];
    const id = await order({ lines, net: '200', tax: '38', total: '238' });
    expect(await exposed(id)).toEqual(['0.00', '238.00']);
    expect(await look(id)).toMatchObject({ total: { amount: '238.00' }, unbilled: { amount: '238.00' } });
    await deliver(id, { state: 'SHIPPED', shippedOn: '2026-02-01' });
    expect(await exposed(id)).toEqual(['95.20', '238.00']);
  });
});

it('the bill of several orders whose lines are numbered anew bills the line of the order that it names', async () => {
  const [first, second] = [await order(), await order()];
  const party = { legalEntityId: bare(of.shop.legalEntityId), accountId: bare(of.shop.accountId) };
  const line = (orderId: string, quantity: string) => ({
    description: 'Filter 10',
    quantity,
    unitPrice: '20',
    net: String(Number(quantity) * 20),
    orderId,
    orderLine: '10',
  });
  const lines = [line(second, '3'), line(first, '2')];
  await of.erp.taken(
    'observeInvoice',
    invoiceInput(party, { lines, taxes: [], net: '100', tax: '0', total: '100', orderIds: [first, second] }),
  );
  expect([(await look(first)).billed.amount, (await look(second)).billed.amount]).toEqual(['47.60', '71.40']);
});

it('leaves books that every invariant holds in', async () => {
  await shipped(of.shop.warehouse, await confirmedOrder(world, of.shop, [{ quantity: '1' }]));
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
