// A dry run does everything but keep it: it answers what would come of it, and nothing in the database is another than before.
import { expect, it } from 'vitest';
import { foldAgeing } from '../../src/o2c/open-item/ageing.read.ts';
import { openBooks, startWorld } from '../support/world.ts';
import { commandsOf, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { accountId, customerId, legalEntityId } = await openBooks(world);
const admin = await world.as('admin');

/** What changes by itself while nobody writes. */
const RESTLESS = ['lease', 'job_worker'];
const tables = await rowsOf<{ name: string }>(
  world,
  `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relname = any($1)`,
  [RESTLESS],
);
const prints = tables.map(
  ({ name }) =>
    `select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') as print from ${name} t`,
);

/** Each table with its row count and a fingerprint of its content. */
async function database(): Promise<Record<string, string>> {
  await world.platform.sealer.sealed();
  // what is folded by the clock would else be folded at the turn of a minute, between two looks
  await world.platform.systemRows(foldAgeing(world.clock.now()));
  const rows = await rowsOf<{ name: string; print: string }>(world, prints.join(' union all '));
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}

const lines = [{ description: 'Pump', quantity: '2', unitPrice: '50', taxCategory: 'S', taxRate: '19' }];
const draft = async () => (await admin.do('draftInvoice', { accountId, lines }, 'invoice')).id as string;
const invoice = async () => (await admin.do('issueInvoice', { id: await draft() }, 'invoice')).id as string;
const payment = async (more: object = {}) =>
  (await admin.do('recordPayment', { accountId, amount: { amount: '50', currency: 'EUR' }, ...more }, 'payment')).id as string;

it('writes nothing, draws no number, spends no key and tells nobody, and shows what the same command then does', async () => {
  const [open, credited, applied, received, pending, toIssue] = [
    await invoice(),
    await invoice(),
    await invoice(),
    await payment(),
    await payment({ isPending: true }),
    await draft(),
  ];
  await admin.do('applyCash', { paymentId: received, allocations: [{ invoiceId: applied, amount: '20' }] }, 'payment');
  const steps: readonly (readonly [name: string, input: Record<string, unknown>, field: string, selection: string])[] = [
    ['createCustomer', { number: 'C-2', name: 'New' }, 'customer', 'number version'],
    ['updateCustomer', { id: customerId, name: 'Newer' }, 'customer', 'name version aliases { name }'],
    ['draftInvoice', { accountId, lines }, 'invoice', 'status total { amount }'],
    [
      'changeInvoiceDraft',
      { id: toIssue, expectedVersion: 1, customerReference: 'PO 7' },
      'invoice',
      'customerReference version',
    ],
    ['issueInvoice', { id: toIssue }, 'invoice', 'number status open { amount } version'],
    ['recordPayment', { accountId, amount: { amount: '7', currency: 'EUR' }, idempotencyKey: 'dry' }, 'payment', 'number status'],
    ['receivePayment', { id: pending }, 'payment', 'status receivedOn'],
    [
      'applyCash',
      { paymentId: received, allocations: [{ invoiceId: open, amount: '30' }] },
      'payment',
      'status unapplied { amount }',
    ],
    ['issueCreditNote', { invoiceId: credited, reason: 'Damaged' }, 'creditNote', 'number status total { amount }'],
    ['returnPayment', { id: received, reason: 'AM04' }, 'payment', 'status unapplied { amount }'],
    ['writeOff', { invoiceId: open, reason: 'Small' }, 'invoice', 'status writtenOff { amount } open { amount }'],
    ['closeBooks', { id: legalEntityId, through: '2026-05-31' }, 'legalEntity', 'closedThrough version'],
  ];
  for (const [name, input, field, selection] of steps) {
    const before = await database();
    const shown = await admin.do(name, { ...input, dryRun: true }, field, selection);
    expect(await database(), name).toEqual(before);
    expect(await admin.do(name, input, field, selection), name).toEqual(shown);
    expect(await database(), `${name} does nothing`).not.toEqual(before);
  }
});

it('answers a refusal as the command would', async () => {
  const before = await database();
  const [refused] = await admin.refused('recordPayment', { accountId, amount: { amount: '0', currency: 'EUR' }, dryRun: true });
  expect(refused?.code).toBe('AMOUNT_INVALID');
  expect(await database()).toEqual(before);
});

it('keeps nothing of a set either, and shows each of its outcomes', async () => {
  const { set } = await commandsOf(world, 'admin');
  const before = await database();
  const inputs = ['5', '0', '6'].map((amount) => ({ accountId, amount: { amount, currency: 'EUR' } }));
  const outcomes = await set('recordPayment', inputs, { dryRun: true });
  expect(outcomes.map((o) => (o.ok ? o.isNew : o.problems[0]?.code))).toEqual([true, 'AMOUNT_INVALID', true]);
  expect(await database()).toEqual(before);
});
