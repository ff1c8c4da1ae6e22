// Documents that an ERP took back later than their own day, and what it set against each other on a day of its own: every figure as of a day
// is what the ERP's books had on that day, whenever and in whatever order it is read.
import { beforeEach, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { bare, type Books, openBooks, type Person, type Shown, startWorld } from '../support/world.ts';
import { type Command, invoiceInput, noteInput, observe, observeAll, paymentInput } from './observing.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-06-01T09:00:00.000Z', connectors: [silentErp] });
let books: Books;
let party: { legalEntityId: string; accountId: string };
let admin: Person;
let made = 0;

beforeEach(async () => {
  made += 1;
  books = await openBooks(world, { code: `T${made}`, number: `C-${made}` });
  party = { legalEntityId: bare(books.legalEntityId), accountId: bare(books.accountId) };
  admin = await world.as('admin');
});

const take = async (name: Command, input: object): Promise<string> => (await observe(world, name, input)).recordId;
const invoice = (more: object = {}) => invoiceInput(party, { ...more });
const payment = (more: object = {}) => paymentInput(party, { ...more });

/** By the trial balance, as of a day: what stands on RECEIVABLE, and on every other code that has a balance. */
async function booksOn(asOf: string): Promise<Record<string, string>> {
  const { trialBalance } = await admin.ask(
    'query($id: ID!, $asOf: Date) { trialBalance(legalEntityId: $id, asOf: $asOf) { code balance } }',
    { id: books.legalEntityId, asOf },
  );
  const rows = (trialBalance as Shown[]).filter((r) => r.balance !== '0.00');
  return Object.fromEntries(rows.map((r) => [r.code, r.balance]));
}

async function ageingOn(asOf: string): Promise<Shown> {
  const { ageing } = await admin.ask(
    'query($id: ID!, $asOf: Date) { ageing(legalEntityId: $id, asOf: $asOf, groupBy: ACCOUNT) { notDue days1To30 unapplied total } }',
    { id: books.legalEntityId, asOf },
  );
  return ageing[0];
}

const statement = async (asOf = '2026-05-31'): Promise<string[]> =>
  (
    await admin.ask(
      'query($id: ID!, $asOf: Date!) { statement(accountId: $id, from: "2026-01-01", asOf: $asOf) { kind effectiveOn amount balance } }',
      { id: books.accountId, asOf },
    )
  )['statement'].map((l: Shown) => `${l.kind} ${l.effectiveOn} ${l.amount} ${l.balance}`);

const openOn = async (asOf: string): Promise<string[]> =>
  (
    await admin.ask(
      'query($id: ID!, $asOf: Date) { openItems(first: 50, where: { legalEntityId: { eq: $id } }, asOf: $asOf) { nodes { documentNumber open { amount } } } }',
      {
        id: books.legalEntityId,
        asOf,
      },
    )
  )['openItems'].nodes
    .map((n: Shown) => `${n.documentNumber} ${n.open.amount}`)
    .filter((line: string) => !line.endsWith(' 0.00'))
    .sort();

const VOIDED = { state: 'VOIDED', voidedOn: '2026-03-15' };

it.each(['seen before', 'seen only then'])('an invoice counts until the day on which the ERP took it back, %s', async (when) => {
  const recordId = when === 'seen before' ? await take('observeInvoice', invoice()) : null;
  const id = await take('observeInvoice', invoice({ recordId, ...VOIDED }));
  expect(await booksOn('2026-01-09')).toEqual({});
  const stood = { RECEIVABLE: '119.00', BILLED: '-100.00', TAX: '-19.00' };
  expect([await booksOn('2026-01-10'), await booksOn('2026-03-14'), await booksOn('2026-03-15')]).toEqual([stood, stood, {}]);
  expect(await ageingOn('2026-03-01')).toMatchObject({ days1To30: '119.00', total: '119.00' });
  expect(await ageingOn('2026-03-15')).toBeUndefined();
  expect(await statement()).toEqual(['INVOICE 2026-01-10 119.00 119.00', 'VOID 2026-03-15 -119.00 0.00']);
  expect(await statement('2026-03-14')).toEqual(['INVOICE 2026-01-10 119.00 119.00']);
  const { invoice: shown } = await admin.ask(
    'query($id: ID!) { invoice(id: $id) { lifecycle status voidedOn open { amount } } }',
    {
      id: `inv_${id}`,
    },
  );
  expect(shown).toEqual({ lifecycle: 'VOIDED', status: 'VOIDED', voidedOn: '2026-03-15', open: { amount: '0.00' } });
  expect(await observeAll(world, 'observeInvoice', [invoice({ recordId: id, ...VOIDED })])).toMatchObject([{ isNew: false }]);
});

it.each([undefined, '2026-01-10', '2025-12-31'])(
  'one that was taken back on its own day or on no day (%s) is as if it had never been',
  async (voidedOn) => {
    const recordId = await take('observeInvoice', invoice());
    await take('observeInvoice', invoice({ recordId, state: 'VOIDED', voidedOn }));
    await take('observeInvoice', invoice({ state: 'VOIDED', voidedOn }));
    expect([await booksOn('2026-01-10'), await booksOn('2026-05-31')]).toEqual([{}, {}]);
    expect(await statement()).toEqual([]);
  },
);

it('one that counts again stands from its own day on, as it is there then, and can be taken back once more, on whatever day', async () => {
  const stood = { RECEIVABLE: '119.00', BILLED: '-100.00', TAX: '-19.00' };
  const recordId = await take('observeInvoice', invoice(VOIDED));
  await take('observeInvoice', invoice({ recordId }));
  expect([await booksOn('2026-01-10'), await booksOn('2026-03-20')]).toEqual([stood, stood]);
  expect(await statement()).toEqual(['INVOICE 2026-01-10 119.00 119.00']);
  await take('observeInvoice', invoice({ recordId, ...VOIDED }));
  // it was taken back on another day, as another document, never, not at all
  await take('observeInvoice', invoice({ recordId, ...VOIDED, voidedOn: '2026-02-01' }));
  expect([await booksOn('2026-01-31'), await booksOn('2026-02-01')]).toEqual([stood, {}]);
  await take('observeInvoice', invoice({ recordId, issuedOn: '2026-01-20', total: '219', net: '200' }));
  expect([
    await booksOn('2026-01-19'),
    (await booksOn('2026-01-25')).RECEIVABLE,
    (await booksOn('2026-04-01')).RECEIVABLE,
  ]).toEqual([{}, '219.00', '219.00']);
  await take('observeInvoice', invoice({ recordId, issuedOn: '2026-01-20', total: '219', net: '200', ...VOIDED }));
  await take('observeInvoice', invoice({ recordId, isDeleted: true }));
  expect([await booksOn('2026-01-25'), await booksOn('2026-04-01')]).toEqual([{}, {}]);
  await take('observeInvoice', invoice({ recordId }));
  expect([await booksOn('2026-01-10'), await booksOn('2026-04-01')]).toEqual([stood, stood]);
});

it('a payment counts until it was taken back; what it was set against is open, and free for another', async () => {
  const invoiceId = await take('observeInvoice', invoice());
  const applications = [{ kind: 'Invoice', recordId: invoiceId, amount: '119' }];
  const recordId = await take('observePayment', payment({ applications }));
  expect(await openOn('2026-02-01')).toEqual([]);
  await take('observePayment', payment({ recordId, applications, ...VOIDED }));
  expect(await openOn('2026-02-01')).toEqual(['I-1 119.00', 'P-1 -119.00']);
  expect(await openOn('2026-03-15')).toEqual(['I-1 119.00']);
  expect(await ageingOn('2026-02-01')).toMatchObject({ notDue: '119.00', unapplied: '-119.00', total: '0.00' });
  expect(await statement()).toEqual([
    'INVOICE 2026-01-10 119.00 119.00',
    'PAYMENT 2026-01-20 -119.00 0.00',
    'VOID 2026-03-15 119.00 119.00',
  ]);
  await take('observePayment', payment({ number: 'P-2', receivedOn: '2026-02-10', applications }));
  expect(await openOn('2026-02-11')).toEqual(['P-1 -119.00']);
});

it('a cash sale and a refund are taken back with what was paid, on that day', async () => {
  await take('observeInvoice', invoice({ paidBy: 'CARD', ...VOIDED }));
  const refund = noteInput(party, { refundedBy: 'CARD', issuedOn: '2026-02-01' });
  const recordId = await take('observeCreditNote', refund);
  await take('observeCreditNote', { ...refund, recordId, state: 'VOIDED', voidedOn: '2026-03-01' });
  expect(await booksOn('2026-01-31')).toEqual({ CASH_CLEARING: '119.00', BILLED: '-100.00', TAX: '-19.00' });
  expect(await booksOn('2026-02-01')).toEqual({});
  expect(await booksOn('2026-03-01')).toEqual({ CASH_CLEARING: '119.00', BILLED: '-100.00', TAX: '-19.00' });
  expect(await booksOn('2026-03-15')).toEqual({});
});

it('what it was set against counts from the day on which the ERP says so, and moves with it, but not before both were there', async () => {
  const invoiceId = await take('observeInvoice', invoice());
  const on = (appliedOn: string | undefined) => [
    { kind: 'Invoice', recordId: invoiceId, amount: '117', discount: '2', ...(appliedOn ? { appliedOn } : {}) },
  ];
  const input = (appliedOn: string | undefined) => payment({ amount: '117', applications: on(appliedOn) });
  const recordId = await take('observePayment', input('2026-02-20'));
  expect([await openOn('2026-02-19'), await openOn('2026-02-20')]).toEqual([['I-1 119.00', 'P-1 -117.00'], []]);
  expect([(await booksOn('2026-02-19')).DISCOUNT, (await booksOn('2026-02-20')).DISCOUNT]).toEqual([undefined, '2.00']);
  expect(await observeAll(world, 'observePayment', [{ ...input('2026-02-20'), recordId }])).toMatchObject([{ isNew: false }]);
  await take('observePayment', { ...input('2026-03-05'), recordId });
  expect([await openOn('2026-03-04'), await openOn('2026-03-05')]).toEqual([['I-1 119.00', 'P-1 -117.00'], []]);
  await take('observePayment', { ...input('2025-11-11'), recordId });
  expect([await openOn('2026-01-19'), await openOn('2026-01-20')]).toEqual([['I-1 119.00'], []]);
  await take('observePayment', { ...input('2026-04-01'), recordId });
  await take('observePayment', { ...input(undefined), recordId });
  expect(await openOn('2026-01-20')).toEqual([]);
});

it('a page of documents that were made and taken back is written at once, and one of a day that is none is refused', async () => {
  const page = Array.from({ length: 5 }, (_, i) => invoice({ number: `I-${i}`, ...VOIDED }));
  const outcomes = await observeAll(world, 'observeInvoice', [...page, invoice({ ...VOIDED, voidedOn: '3026-02-01' })]);
  expect(outcomes.map((o) => o.ok)).toEqual([true, true, true, true, true, false]);
  expect(outcomes.at(-1)).toMatchObject({ problems: [{ code: 'EFFECTIVE_DATE_INVALID', path: ['voidedOn'] }] });
  expect((await booksOn('2026-03-14')).RECEIVABLE).toBe('595.00');
});

it('leaves books that every invariant holds in', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
