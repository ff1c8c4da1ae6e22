// What an ERP is told of orders, their bills and credit notes, under the authority of the platform: exact, complete, in its own ids.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { filters, openShop, orderOf, place, step } from '../order/shop.ts';
import { withClient } from '../support/connection.ts';
import { broken } from '../support/invariants.ts';
import { startWorld } from '../support/world.ts';
import { pushing, startPushErp } from './push-erp.ts';

const world = await startWorld({ connectors: [pushing()], now: '2026-03-02T09:00:00.000Z' });
const erp = await startPushErp();
afterAll(() => erp.close());
// the customer was here before the connection
const shop = await openShop(world);
const { admin, billing, desk } = shop;
const { id: connectionId } = await admin.do(
  'createConnection',
  {
    code: 'push',
    name: 'Push',
    connector: 'pushing',
    legalEntities: [{ legalEntityId: shop.legalEntityId }],
    config: { baseUrl: erp.url },
    credentials: { key: 'any' },
  },
  'connection',
);

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

/** The test's own time limit ends the waiting. */
async function allAnswered(): Promise<void> {
  while ((await rowsOf(`select 1 from erp_request where lifecycle = 'SENT'`)).length > 0) {
    world.clock.advance(1_000);
    await sleep(20);
  }
}
const there = (stream: keyof typeof erp.books, ours: string) => {
  const kept = [...erp.books[stream].values()].filter((one) => one.ours === ours);
  expect(kept, `${stream} ${ours}`).toHaveLength(1);
  return { id: kept[0]?.id ?? '', document: kept[0]?.document ?? {} };
};

describe('an order', () => {
  it('is told once it is confirmed, with its customer, who was here before; then its changes, and that it was cancelled', async () => {
    const order = await place(desk, filters(shop, '10', { customerReference: 'PO 1', requestedOn: '2026-04-01' }));
    await allAnswered();
    const customer = there('customers', shop.accountId);
    expect(customer.document).toMatchObject({ number: 'C-1', name: 'Customer C-1', isActive: true, currency: 'EUR' });
    expect(there('orders', order['id']).document).toEqual({
      number: order['number'],
      customer: customer.id,
      customerReference: 'PO 1',
      currency: 'EUR',
      orderedOn: '2026-03-02',
      requestedOn: '2026-04-01',
      state: 'CONFIRMED',
      net: '200.00',
      tax: '38.00',
      total: '238.00',
      lines: [
        {
          sku: 'FILTER-DE01',
          description: 'Filter',
          quantity: '10',
          unit: 'C62',
          unitPrice: '20',
          net: '200.00',
          taxRate: '19',
          taxCategory: 'S',
        },
      ],
    });
    const { version, lines } = await orderOf(desk, order['id']);
    const changes = [{ orderLineId: lines[0].id, quantity: '4' }];
    await step(desk, 'changeOrder', { id: order['id'], expectedVersion: version, changes });
    await allAnswered();
    expect(there('orders', order['id']).document).toMatchObject({ total: '95.20', lines: [{ quantity: '4', net: '80.00' }] });
    await step(desk, 'cancelOrder', { id: order['id'], reason: 'Mistake' });
    await allAnswered();
    expect(erp.effects.filter((effect) => effect.endsWith(order['id']))).toEqual([
      `POST orders ${order['id']}`,
      `PUT orders ${order['id']}`,
      `DELETE orders ${order['id']}`,
    ]);
  });

  it('is not told while it is a draft or on hold', async () => {
    const draft = await place(desk, filters(shop, '1'), 'draftOrder');
    expect(await rowsOf('select 1 from erp_request where record_id = $1', [draft['id'].slice(4)])).toEqual([]);
  });
});

describe('what it is billed by', () => {
  it('names the order there; a credit note names the invoice, and what it is set against is told as a payment of nothing', async () => {
    const order = await place(desk, { accountId: shop.accountId, lines: [{ productId: shop.serviceId, quantity: '2.5' }] });
    const { id } = await billing.do('billOrder', { orderId: order['id'] }, 'invoice');
    await allAnswered();
    const invoice = there('invoices', id);
    expect(invoice.document).toMatchObject({
      orders: [there('orders', order['id']).id],
      issuedOn: '2026-03-02',
      dueOn: '2026-04-01',
      net: '200.00',
      tax: '38.00',
      total: '238.00',
      taxes: [{ taxCategory: 'S', taxRate: '19', taxable: '200.00', tax: '38.00' }],
      lines: [{ sku: 'COMMISSION-DE01', quantity: '2.5', unitPrice: '80', net: '200.00' }],
    });
    const lines = [{ taxCategory: 'S', taxRate: '19', net: '50.00', description: 'Late' }];
    const note = await billing.do('issueCreditNote', { invoiceId: id, reason: 'Late', lines }, 'creditNote');
    await allAnswered();
    const credit = there('credits', note.id);
    expect(credit.document).toMatchObject({
      invoice: invoice.id,
      memo: 'Late',
      total: '59.50',
      lines: [{ description: 'Late', quantity: '1', unitPrice: '50.00', net: '50.00', taxRate: '19' }],
    });
    expect(there('payments', note.id).document).toMatchObject({
      amount: '0',
      applications: [
        { kind: 'Invoice', document: invoice.id, amount: '59.50' },
        { kind: 'CreditNote', document: credit.id, amount: '59.50' },
      ],
    });
    await admin.do('reconcileConnection', { id: connectionId }, 'connection');
    expect(await rowsOf(`select kind, stream, ours, theirs, cause from sync_drift where lifecycle = 'OPEN'`)).toEqual([]);
  });

  it('a discount that was granted with a payment is told with what it is set against', async () => {
    const order = await place(desk, { accountId: shop.accountId, lines: [{ productId: shop.serviceId, quantity: '10' }] });
    const { id: invoiceId } = await billing.do('billOrder', { orderId: order['id'] }, 'invoice');
    const { id } = await admin.do(
      'recordPayment',
      { accountId: shop.accountId, amount: { amount: '932.96', currency: 'EUR' } },
      'payment',
    );
    await admin.do('applyCash', { paymentId: id, allocations: [{ invoiceId, amount: '932.96', takeDiscount: true }] }, 'payment');
    await allAnswered();
    expect(there('payments', id).document['applications']).toEqual([
      { kind: 'Invoice', document: there('invoices', invoiceId).id, amount: '932.96', discount: '19.04' },
    ]);
  });
});

it('leaves everything that must always hold', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
