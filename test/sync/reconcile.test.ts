// Reconciliation: what differs between the books here and an ERP's is found with its cause, told once, and gone when it is gone.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { broken } from '../support/invariants.ts';
import { openBooks, startWorld } from '../support/world.ts';
import { pushing, startPushErp } from './push-erp.ts';

const world = await startWorld({ connectors: [pushing()], now: '2026-03-02T09:00:00.000Z' });
const erp = await startPushErp();
afterAll(() => erp.close());
const admin = await world.as('admin');
const { legalEntityId } = await openBooks(world);

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

const config = { config: { baseUrl: erp.url }, credentials: { key: 'any' } };
const { id: connectionId } = await admin.do(
  'createConnection',
  { code: 'push', name: 'Push', connector: 'pushing', legalEntities: [{ legalEntityId: legalEntityId }], ...config },
  'connection',
);
// the streams of an ERP that was read in whole: there was nothing in it
await rowsOf('update sync_stream set last_full_at = now()');

/** The test's own time limit ends the waiting. */
async function allSent(): Promise<void> {
  while ((await rowsOf(`select 1 from erp_request where lifecycle = 'SENT'`)).length > 0) {
    world.clock.advance(1_000);
    await sleep(20);
  }
}

interface Drift {
  readonly id: string;
  readonly kind: string;
  readonly stream: string | null;
  readonly period_from: string | null;
  readonly external_id: string | null;
  readonly ours: string;
  readonly theirs: string;
  readonly cause: string;
  readonly lifecycle: string;
}
async function reconcile(): Promise<Drift[]> {
  await admin.do('reconcileConnection', { id: connectionId }, 'connection', 'reconciledAt');
  return rowsOf<Drift>(
    `select d.*, d.period_from::text from sync_drift d where d.lifecycle = 'OPEN' order by d.kind, d.stream, d.period_from`,
  );
}
const thereOf = (stream: keyof typeof erp.books, ours: string) =>
  [...erp.books[stream].values()].find((kept) => kept.ours === ours)?.id ?? '';

const { id: customerId } = await admin.do('createCustomer', { number: 'R-1', name: 'Reconciled Ltd' }, 'customer');
const { id: account } = await admin.do('openAccount', { customerId, legalEntityId, number: 'R-1', currency: 'EUR' }, 'account');
const lines = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
const { id: invoiceId } = await admin.do('draftInvoice', { accountId: account, lines }, 'invoice');
await admin.do('issueInvoice', { id: invoiceId }, 'invoice');
await allSent();

describe('reconciliation', () => {
  it('finds nothing where both sides agree, and says when it looked', async () => {
    expect(await reconcile()).toEqual([]);
    const { connection } = await admin.ask('query($id: ID!) { connection(id: $id) { reconciledAt drift { totalCount } } }', {
      id: connectionId,
    });
    expect(connection).toMatchObject({ reconciledAt: expect.any(String) as string, drift: { totalCount: 0 } });
  });

  it('finds a journal entry there in the balance of its customer, tells it once, and that it is gone', async () => {
    const customer = thereOf('customers', account);
    erp.journal.set(customer, '-19.00');
    const found = await reconcile();
    expect(found).toMatchObject([{ kind: 'BALANCE', external_id: customer, ours: '119.00', theirs: '100.00' }]);
    expect(found[0]?.cause).toMatch(/journal entry/);
    expect((await reconcile()).map(({ id }) => id)).toEqual(found.map(({ id }) => id));
    erp.journal.set(customer, '-20.00');
    expect(await reconcile()).toMatchObject([{ id: found[0]?.id, theirs: '99.00' }]);
    erp.journal.clear();
    expect(await reconcile()).toEqual([]);
    await expect
      .poll(() => rowsOf('select type, record_version from event where record_id = $1 order by position', [found[0]?.id]))
      .toEqual([
        { type: 'sync_drift.found', record_version: 1 },
        { type: 'sync_drift.found', record_version: 2 },
        { type: 'sync_drift.resolved', record_version: 3 },
      ]);
  });

  it('finds a payment that was recorded there, where the platform has authority, in its invoice and its customer', async () => {
    const customer = thereOf('customers', account);
    const there = erp.put('payments', {
      customer,
      receivedOn: '2026-03-02',
      currency: 'EUR',
      amount: '19.00',
      method: 'CASH',
      state: 'RECEIVED',
      applications: [{ kind: 'Invoice', document: thereOf('invoices', invoiceId), amount: '19.00' }],
    });
    const found = await reconcile();
    expect(found.map((d) => [d.kind, d.stream, d.period_from, d.ours, d.theirs])).toEqual([
      ['BALANCE', null, null, '119.00', '100.00'],
      ['DOCUMENT', 'invoices', null, '119.00', '100.00'],
      ['SUM', 'payments', '2026-03-01', '0', '19.00'],
    ]);
    for (const { cause } of found)
      expect(cause).toContain('One record was made there, where the platform has authority over it.');
    erp.change('payments', there.id, { state: 'VOIDED', applications: [] });
    expect(await reconcile()).toEqual([]);
  });

  it('finds a record that is gone there and was not told of, in all and in its month', async () => {
    erp.remove('invoices', thereOf('invoices', invoiceId));
    const counts = (await reconcile()).filter((d) => d.kind === 'COUNT');
    expect(counts.map((d) => [d.stream, d.period_from, d.ours, d.theirs])).toEqual([
      ['invoices', '2026-03-01', '1', '0'],
      ['invoices', null, '1', '0'],
    ]);
    for (const { cause } of counts) expect(cause).toBe('One record that is here is gone there, which was not seen yet.');
  });

  it('says what of a customer waits for the ERP', async () => {
    erp.refuse = (stream) => (stream === 'payments' ? 'The bank account is closed.' : null);
    await admin.do('recordPayment', { accountId: account, amount: { amount: '19.00', currency: 'EUR' } }, 'payment');
    await allSent();
    const balance = (await reconcile()).find((d) => d.kind === 'BALANCE');
    expect(balance?.cause).toContain('Something about it was refused there: the issues say why.');
  });
});

it('leaves everything that must always hold', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
