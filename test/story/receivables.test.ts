// The life of an invoice, from the customer to the bounced payment and the credit note, as people and programs see it: over HTTP and
// WebSocket, with a reconnect and a restart of the server in the middle, and with books that foot as of every day at each step.
import { expect, it } from 'vitest';
import { addDays } from '../../src/kernel/date.ts';
import { broken } from '../support/invariants.ts';
import { collect, openBooks, type Shown, startWorld } from '../support/world.ts';

const FIRST_DAY = '2026-01-10';
const world = await startWorld({ now: `${FIRST_DAY}T09:00:00.000Z` });
const { accountId, customerId } = await openBooks(world);
const billing = await world.as('billing');
const cash = await world.as('cash');
await (await world.as('admin')).do(
  'createActor',
  { kind: 'PORTAL', name: 'Buyer', issuer: 'urn:cashgraph:local', subject: 'buyer', roles: [], customerIds: [customerId] },
  'actor',
);

const INVOICE = 'id number status version open { amount }';
const CHANGES =
  'subscription($after: Cursor) { invoiceChanged(after: $after) { cursor event { type from to version } record { id version } } }';

interface Change {
  readonly cursor: string;
  readonly event: { readonly type: string; readonly from: string | null; readonly to: string; readonly version: number };
  readonly record: { readonly id: string; readonly version: number };
}

/** The changes that somebody sees after a cursor, on a connection of their own. */
async function changes(who: string, after: string, count: number): Promise<Change[]> {
  const socket = (await world.as(who)).socket();
  const messages = await collect<{ invoiceChanged: Change }>(socket, CHANGES, { after }, (m) => m.length === count);
  return messages.map((m) => m.invoiceChanged);
}

const cents = (amount: string) => BigInt(amount.replace('.', ''));
const sum = (rows: readonly Shown[], field: string) => rows.reduce((total: bigint, row) => total + cents(row[field]), 0n);
const BUCKETS = ['notDue', 'days1To30', 'days31To60', 'days61To90', 'over90', 'unapplied'];

/** Ageing as of every day so far is the control account of that day, and every trial balance is nothing. */
async function footsEveryDay(): Promise<void> {
  const analyst = await world.as('analyst');
  const query = `query($asOf: Date) {
    ageing(asOf: $asOf, groupBy: LEGAL_ENTITY) { total ${BUCKETS.join(' ')} }
    trialBalance(asOf: $asOf) { code balance baseBalance }
  }`;
  const today = world.clock.now().toISOString().slice(0, 10);
  for (let asOf = addDays(FIRST_DAY, -1); asOf <= today; asOf = addDays(asOf, 1)) {
    const { ageing, trialBalance } = await analyst.ask(query, { asOf });
    const control = trialBalance.filter((row: Shown) => row.code === 'RECEIVABLE');
    const buckets = BUCKETS.reduce((total, name) => total + sum(ageing, name), 0n);
    expect({ asOf, total: sum(ageing, 'total'), buckets }).toEqual({
      asOf,
      total: sum(control, 'balance'),
      buckets: sum(control, 'balance'),
    });
    expect({ asOf, base: sum(trialBalance, 'baseBalance') }).toEqual({ asOf, base: 0n });
  }
}

async function on(day: string, step: () => Promise<void>): Promise<void> {
  world.clock.set(new Date(`${day}T09:00:00Z`));
  await step();
  await footsEveryDay();
}

async function pay(invoiceId: string, amount: string): Promise<string> {
  const { id } = await cash.do('recordPayment', { accountId, amount: { amount, currency: 'EUR' } }, 'payment');
  await cash.do('applyCash', { paymentId: id, allocations: [{ invoiceId, amount }] }, 'payment');
  return id;
}

async function issueOne(): Promise<string> {
  const lines = [{ description: 'Pump', quantity: '2', unitPrice: '500', taxCategory: 'S', taxRate: '19' }];
  const draft = await billing.do('draftInvoice', { accountId, lines }, 'invoice', INVOICE);
  expect(draft).toMatchObject({ status: 'DRAFT', number: null, version: 1 });
  const issued = await billing.do('issueInvoice', { id: draft.id, dueOn: '2026-02-09' }, 'invoice', INVOICE);
  expect(issued).toMatchObject({ status: 'OPEN', number: 'INV-DE01-000001', open: { amount: '1190.00' } });
  return draft.id;
}

async function statusOf(id: string): Promise<string> {
  return (await billing.ask('query($id: ID!) { invoice(id: $id) { status } }', { id })).invoice.status;
}

const STEPS = [
  ['invoice.drafted', null, 'DRAFT'],
  ['invoice.issued', 'DRAFT', 'OPEN'],
  ['invoice.partially_paid', 'OPEN', 'PARTIALLY_PAID'],
  ['invoice.paid', 'PARTIALLY_PAID', 'PAID'],
  ['invoice.partially_paid', 'PAID', 'PARTIALLY_PAID'],
  ['invoice.paid', 'PARTIALLY_PAID', 'PAID'],
];
const steps = (seen: readonly Change[]) => seen.map(({ event: { type, from, to } }) => [type, from, to]);

it('tells each step of an invoice once and in order, over a reconnect and a restart, and the books foot at every day', async () => {
  const first = changes('analyst', '0', 2);
  const id = await issueOne();
  const seen = await first;
  let second = '';
  await on('2026-01-20', async () => void (await pay(id, '300.00')));
  seen.push(...(await changes('analyst', seen.at(-1)?.cursor ?? '', 1)));
  await world.restart();
  const later = changes('analyst', seen.at(-1)?.cursor ?? '', 3);
  await on('2026-02-20', async () => void (second = await pay(id, '890.00')));
  expect(await statusOf(id)).toBe('PAID');
  await on('2026-03-01', async () => {
    const returned = await cash.do(
      'returnPayment',
      { id: second, reason: 'AM04' },
      'payment',
      'status returnedOn unapplied { amount }',
    );
    expect(returned).toEqual({ status: 'RETURNED', returnedOn: '2026-03-01', unapplied: { amount: '0.00' } });
  });
  expect(await statusOf(id)).toBe('PARTIALLY_PAID');
  await on('2026-03-05', async () => void (await pay(id, '890.00')));
  seen.push(...(await later));
  await on('2026-03-06', async () => {
    const note = await billing.do(
      'issueCreditNote',
      { invoiceId: id, reason: 'Damaged' },
      'creditNote',
      'number status open { amount }',
    );
    expect(note).toEqual({ number: 'CN-DE01-000001', status: 'OPEN', open: { amount: '1190.00' } });
  });
  expect(steps(seen)).toEqual(STEPS);
  expect(seen.map((change) => change.event.version)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { record, event } of seen) expect(record.version).toBeGreaterThanOrEqual(event.version);
  expect(steps(await changes('buyer', '0', 5))).toEqual(STEPS.slice(1)); // a customer sees what was issued to it
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
