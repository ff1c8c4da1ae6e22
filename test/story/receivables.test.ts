// The life of an invoice from the customer to the bounced payment and the credit note, as people and programs see it.
import { expect, it } from 'vitest';
import { collect, openBooks, type Shown, startWorld } from '../support/world.ts';

const world = await startWorld({ now: '2026-01-10T09:00:00.000Z' });

const INVOICE = 'id number status version open { amount } paid { amount } credited { amount }';

interface Changed {
  readonly invoiceChanged: {
    cursor: string;
    event: { type: string; from: string | null; to: string; version: number };
    record: { id: string; version: number };
  };
}
const CHANGES =
  'subscription($after: Cursor) { invoiceChanged(after: $after) { cursor event { type from to version } record { id version } } }';

async function ageingFoots(days: readonly string[]): Promise<void> {
  const analyst = await world.as('analyst');
  for (const asOf of days) {
    const { ageing, trialBalance } = await analyst.ask(
      'query($asOf: Date) { ageing(asOf: $asOf, groupBy: LEGAL_ENTITY) { currency total notDue days1To30 days31To60 days61To90 over90 unapplied } trialBalance(asOf: $asOf) { code currency balance baseBalance } }',
      { asOf },
    );
    const control = trialBalance
      .filter((r: Shown) => r.code === 'RECEIVABLE')
      .reduce((s: number, r: Shown) => s + Math.round(Number(r.balance) * 100), 0);
    const total = ageing.reduce((s: number, r: Shown) => s + Math.round(Number(r.total) * 100), 0);
    expect({ asOf, total }).toEqual({ asOf, total: control });
    for (const row of ageing) {
      const buckets = ['notDue', 'days1To30', 'days31To60', 'days61To90', 'over90', 'unapplied'].reduce(
        (s, name) => s + Math.round(Number(row[name]) * 100),
        0,
      );
      expect({ asOf, buckets }).toEqual({ asOf, buckets: Math.round(Number(row.total) * 100) });
    }
    const base = trialBalance.reduce((s: number, r: Shown) => s + Math.round(Number(r.baseBalance) * 100), 0);
    expect({ asOf, base }).toEqual({ asOf, base: 0 });
  }
}

it('tells each step of an invoice once and in order, over a reconnect and a restart, and the books foot at every day', async () => {
  const { accountId } = await openBooks(world);
  const billing = await world.as('billing');
  const cash = await world.as('cash');
  const watcher = await world.as('analyst');
  const first = collect<Changed>(watcher.socket(), CHANGES, { after: '0' }, (m) => m.length === 3);

  const draft = await billing.do(
    'draftInvoice',
    { accountId, lines: [{ description: 'Pump', quantity: '2', unitPrice: '500', taxCategory: 'S', taxRate: '19' }] },
    'invoice',
    INVOICE,
  );
  expect(draft).toMatchObject({ status: 'DRAFT', number: null, version: 1 });
  const issued = await billing.do('issueInvoice', { id: draft.id, dueOn: '2026-02-09' }, 'invoice', INVOICE);
  expect(issued).toMatchObject({ status: 'OPEN', number: 'INV-DE01-000001', open: { amount: '1190.00' } });

  world.clock.set(new Date('2026-01-20T09:00:00Z'));
  const part = await cash.do(
    'recordPayment',
    { accountId, amount: { amount: '300.00', currency: 'EUR' } },
    'payment',
    'id status',
  );
  await cash.do('applyCash', { paymentId: part.id, allocations: [{ invoiceId: draft.id, amount: '300.00' }] }, 'payment');
  const before = await first;
  expect(before.map((m) => m.invoiceChanged.event.type)).toEqual(['invoice.drafted', 'invoice.issued', 'invoice.partially_paid']);
  await ageingFoots(['2026-01-09', '2026-01-10', '2026-01-20']);

  await world.restart();
  const rest = collect<Changed>(
    (await world.as('analyst')).socket(),
    CHANGES,
    { after: before.at(-1)?.invoiceChanged.cursor },
    (m) => m.length === 3,
  );
  world.clock.set(new Date('2026-02-20T09:00:00Z'));
  const second = await cash.do('recordPayment', { accountId, amount: { amount: '890.00', currency: 'EUR' } }, 'payment', 'id');
  await cash.do('applyCash', { paymentId: second.id, allocations: [{ invoiceId: draft.id, amount: '890.00' }] }, 'payment');
  expect((await billing.ask('query($id: ID!) { invoice(id: $id) { status settledOn } }', { id: draft.id })).invoice).toEqual({
    status: 'PAID',
    settledOn: '2026-02-20',
  });

  world.clock.set(new Date('2026-03-01T09:00:00Z'));
  const bounced = await cash.do(
    'returnPayment',
    { id: second.id, reason: 'AM04' },
    'payment',
    'status unapplied { amount } returnedOn',
  );
  expect(bounced).toEqual({ status: 'RETURNED', unapplied: { amount: '0.00' }, returnedOn: '2026-03-01' });
  await ageingFoots(['2026-02-20', '2026-02-28', '2026-03-01']);

  world.clock.set(new Date('2026-03-05T09:00:00Z'));
  const third = await cash.do('recordPayment', { accountId, amount: { amount: '890.00', currency: 'EUR' } }, 'payment', 'id');
  await cash.do('applyCash', { paymentId: third.id, allocations: [{ invoiceId: draft.id, amount: '890.00' }] }, 'payment');
  world.clock.set(new Date('2026-03-06T09:00:00Z'));
  const note = await billing.do(
    'issueCreditNote',
    { invoiceId: draft.id, reason: 'Damaged' },
    'creditNote',
    'number status total { amount } open { amount }',
  );
  expect(note).toEqual({ number: 'CN-DE01-000001', status: 'OPEN', total: { amount: '1190.00' }, open: { amount: '1190.00' } });

  const after = await rest;
  const all = [...before, ...after].map((m) => m.invoiceChanged);
  expect(all.map((m) => [m.event.type, m.event.to])).toEqual(
    [
      ['invoice.drafted', 'DRAFT'],
      ['invoice.issued', 'OPEN'],
      ['invoice.partially_paid', 'PARTIALLY_PAID'],
      ['invoice.paid', 'PAID'],
      ['invoice.partially_paid', 'PARTIALLY_PAID'],
      ['invoice.paid', 'PAID'],
    ].slice(0, all.length),
  );
  expect(all.map((m) => m.event.version)).toEqual(all.map((_, i) => i + 1));
  for (const { record, event } of all) expect(record.version).toBeGreaterThanOrEqual(event.version);
  await ageingFoots([
    '2026-01-09',
    '2026-01-15',
    '2026-01-31',
    '2026-02-25',
    '2026-03-01',
    '2026-03-04',
    '2026-03-05',
    '2026-03-06',
    '2026-12-31',
  ]);
}, 60_000);
