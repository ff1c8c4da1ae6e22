// What somebody did in an ERP and what is not taken yet here, since it refers to what has not come: a push of ours leaves it as it is.
import { expect, it } from 'vitest';
import type { QuickBooksSimulator } from '../../connectors/quickbooks/simulator/index.ts';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { withClient } from '../support/connection.ts';
import { erpCase, startErpWorld } from '../support/erp-world.ts';
import { broken } from '../support/invariants.ts';
import type { Shown } from '../support/world.ts';

const { world, erp, until } = await startErpWorld(erpCase('quickbooks'), { isIdle: true, hasWebhooks: false });
const simulator = erp.simulator as QuickBooksSimulator;
const cash = await world.as('cash');

async function read(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const [stream] = await withClient(
      world.database.connection,
      async (client) => (await client.query<{ id: string }>('select id from sync_stream where name = $1', [name])).rows,
    );
    const which = { tenantId: world.tenantId, streamId: stream?.id ?? '', mode: 'INCREMENTAL' } as const;
    const run = await syncStream(world.platform.sync, { ...which, signal: new AbortController().signal });
    expect(run).toMatchObject({ state: 'DONE', failure: null });
  }
}

const text = (value: unknown): string => String(value);
const byRef = async (field: string, id: unknown, selection: string): Promise<Shown> =>
  (
    await cash.ask(`query($id: String!) { ${field}(externalRef: { connection: "quickbooks", id: $id }) { ${selection} } }`, {
      id: text(id),
    })
  )[field];

it('an application that was added there, of an invoice that is not here yet, stays when cash is applied here meanwhile', async () => {
  const item = simulator.create('Item', {
    Name: 'Pump',
    Type: 'NonInventory',
    UnitPrice: 250,
    IncomeAccountRef: { value: '79' },
  });
  const customer = simulator.create('Customer', { DisplayName: 'Sea View Hotel' });
  const sold = () =>
    simulator.create('Invoice', {
      CustomerRef: { value: text(customer['Id']) },
      Line: [
        {
          DetailType: 'SalesItemLineDetail',
          Amount: 250,
          SalesItemLineDetail: { ItemRef: { value: text(item['Id']) }, Qty: 1, UnitPrice: 250 },
        },
      ],
    });
  const ours = sold();
  await read('terms', 'items', 'customers', 'invoices');
  const { id: accountId } = await byRef('customerAccount', customer['Id'], 'id');
  const payment = await cash.do('recordPayment', { accountId, amount: { amount: '500.00', currency: 'USD' } }, 'payment');
  const now = async (): Promise<Shown> =>
    (
      await cash.ask('query($id: ID!) { payment(id: $id) { status source { externalId } pending { command } } }', {
        id: payment.id,
      })
    ).payment;
  const answered = (what: string) =>
    until(what, async () => {
      const shown = await now();
      return shown.source && shown.pending.length === 0 && shown;
    });
  const { source } = await answered('that QuickBooks has the payment');

  const theirs = sold();
  const linked = { Amount: 250, LinkedTxn: [{ TxnId: text(theirs['Id']), TxnType: 'Invoice' }] };
  simulator.update('Payment', source.externalId, { Line: [linked] });
  await read('payments');
  const invoice = await byRef('invoice', ours['Id'], 'id');
  await cash.do('applyCash', { paymentId: payment.id, allocations: [{ invoiceId: invoice.id, amount: '250.00' }] }, 'payment');
  await answered('that QuickBooks has what it is set against');

  expect(simulator.read('Payment', source.externalId)).toMatchObject({ UnappliedAmt: 0 });
  await read('invoices', 'payments');
  for (const one of [ours, theirs]) expect(await byRef('invoice', one['Id'], 'status')).toEqual({ status: 'PAID' });
  expect(await now()).toMatchObject({ status: 'APPLIED' });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
