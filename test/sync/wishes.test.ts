// Where an ERP has authority a command is a wish: nothing changes here before the ERP shows it, and what it refuses ends the wish.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { broken } from '../support/invariants.ts';
import { bare, openBooks, startWorld } from '../support/world.ts';
import { pushing, startPushErp } from './push-erp.ts';

const THEIRS = { Invoice: 'CONNECTION', CreditNote: 'CONNECTION', Payment: 'CONNECTION' } as const;
const world = await startWorld({ connectors: [pushing(THEIRS)], now: '2026-03-02T09:00:00.000Z' });
const erp = await startPushErp();
afterAll(() => erp.close());
const admin = await world.as('admin');
const { legalEntityId } = await openBooks(world);

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

const { id: connectionId } = await admin.do(
  'createConnection',
  {
    code: 'theirs',
    name: 'Theirs',
    connector: 'pushing',
    legalEntities: [{ legalEntityId: legalEntityId }],
    config: { baseUrl: erp.url },
    credentials: { key: 'any' },
  },
  'connection',
);

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
      (await rowsOf('select 1 from sync_stream where asked_mode is not null or last_succeeded_at is null')).length === 0,
  );
}

const { id: customerId } = await admin.do('createCustomer', { number: 'W-1', name: 'Wishful Ltd' }, 'customer');
const { id: accountId } = await admin.do('openAccount', { customerId, legalEntityId, number: 'W-1', currency: 'EUR' }, 'account');

const lines = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
const invoiceOf = async (id: string) =>
  (
    await admin.ask('query($id: ID!) { invoice(id: $id) { lifecycle status number issuedOn open { amount } paid { amount } } }', {
      id,
    })
  ).invoice;
const paymentOf = async (id: string) =>
  (await admin.ask('query($id: ID!) { payment(id: $id) { lifecycle status number unapplied { amount } } }', { id })).payment;
const thereOf = (stream: keyof typeof erp.books, ours: string) =>
  [...erp.books[stream].values()].filter((kept) => kept.ours === ours);

async function issued(): Promise<string> {
  const { id } = await admin.do('draftInvoice', { accountId, lines }, 'invoice');
  await admin.do('issueInvoice', { id }, 'invoice');
  await allAnswered();
  return id;
}
const received = async (amount: string): Promise<string> => {
  const { id } = await admin.do('recordPayment', { accountId, amount: { amount, currency: 'EUR' } }, 'payment');
  await allAnswered();
  return id;
};

describe('where an ERP has authority', () => {
  it('an invoice is a draft until the ERP has issued it, and then has the number that the ERP gave it', async () => {
    const { id } = await admin.do('draftInvoice', { accountId, lines }, 'invoice');
    await admin.do('issueInvoice', { id }, 'invoice');
    await allAnswered();
    const [there] = thereOf('invoices', id);
    expect(await invoiceOf(id)).toMatchObject({
      lifecycle: 'ISSUED',
      status: 'OPEN',
      number: there?.document['number'],
      open: { amount: '119.00' },
    });
    expect(thereOf('invoices', id)).toHaveLength(1);
  });

  it('a payment is announced until the ERP has it, then received; set against an invoice there, it settles it here', async () => {
    const invoiceId = await issued();
    const { id } = await admin.do('recordPayment', { accountId, amount: { amount: '119.00', currency: 'EUR' } }, 'payment');
    expect(await paymentOf(id)).toMatchObject({ lifecycle: 'PENDING' });
    await admin.do('applyCash', { paymentId: id, allocations: [{ invoiceId, amount: '119.00' }] }, 'payment');
    await allAnswered();
    expect(await paymentOf(id)).toMatchObject({ lifecycle: 'RECEIVED', status: 'APPLIED', unapplied: { amount: '0.00' } });
    expect(await invoiceOf(invoiceId)).toMatchObject({ status: 'PAID', paid: { amount: '119.00' } });
    expect(erp.effects.filter((effect) => effect.endsWith(` ${id}`))).toEqual([`POST payments ${id}`, `PUT payments ${id}`]);
  });

  it('an answer that is lost leaves one payment, there and here', async () => {
    erp.faults.push('LOST');
    const id = await received('50.00');
    expect(await paymentOf(id)).toMatchObject({ lifecycle: 'RECEIVED', unapplied: { amount: '50.00' } });
    expect(thereOf('payments', id)).toHaveLength(1);
    expect(await rowsOf(`select 1 from open_item where document_id = $1`, [bare(id)])).toHaveLength(1);
  });

  it('a payment that the ERP refuses fails, an invoice stays a draft that can be mended and asked for again', async () => {
    erp.refuse = (stream) => (stream === 'customers' ? null : 'The period is closed.');
    const paymentId = await received('70.00');
    const invoiceId = await issued();
    expect(await paymentOf(paymentId)).toMatchObject({ lifecycle: 'FAILED' });
    expect(await invoiceOf(invoiceId)).toMatchObject({ lifecycle: 'DRAFT', number: null });
    const [refused] = await rowsOf<{ id: string }>('select id from erp_request where record_id = $1', [bare(paymentId)]);
    const [problem] = await admin.refused('retryErpRequest', { id: `erq_${refused?.id}` });
    expect(problem).toMatchObject({ code: 'WRONG_STATE', message: 'The payment is FAILED: record it anew.' });
    erp.refuse = () => null;
    await admin.do('issueInvoice', { id: invoiceId }, 'invoice');
    await allAnswered();
    expect(await invoiceOf(invoiceId)).toMatchObject({ lifecycle: 'ISSUED', open: { amount: '119.00' } });
    expect(await rowsOf('select lifecycle from sync_issue where record_id = $1', [bare(invoiceId)])).toEqual([
      { lifecycle: 'RESOLVED' },
    ]);
  });

  it('what comes back of our own pushes by reading changes nothing', async () => {
    await readAll();
    const versions = await rowsOf('select id, version from invoice union all select id, version from payment order by 1');
    await rowsOf(`update sync_stream set cursor = null`);
    await readAll();
    expect(await rowsOf('select id, version from invoice union all select id, version from payment order by 1')).toEqual(
      versions,
    );
  });

  it('both sides agree, and everything holds that must always hold', async () => {
    await admin.do('reconcileConnection', { id: connectionId }, 'connection');
    expect(await rowsOf(`select kind, stream, ours, theirs, cause from sync_drift where lifecycle = 'OPEN'`)).toEqual([]);
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });
});
