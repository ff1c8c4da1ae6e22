/** The company of the report tests: due dates at every edge of a bucket, a parent that pays for its child, a bounced payment, two currencies. */
import { addDays } from '../../src/kernel/date.ts';
import { type Books, openBooks, type Person, type World } from '../support/world.ts';

export const TODAY = '2026-05-20';
export const BUCKETS = ['notDue', 'days1To30', 'days31To60', 'days61To90', 'over90', 'unapplied'] as const;
const ROW = `legalEntityCode customerNumber accountNumber segment currency ${BUCKETS.join(' ')} total itemCount`;
export type Row = Readonly<Record<string, string>>;

export const cents = (amount: string | undefined) => Math.round(Number(amount) * 100);
export const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
export const inEuro = (rows: readonly Row[], name: string) =>
  sum(rows.filter((r) => r.currency === 'EUR').map((r) => cents(r[name])));

export async function ageing(who: Person, more: Record<string, unknown> = {}): Promise<readonly Row[]> {
  const query = `query($asOf: Date, $groupBy: AgeingGroup!, $legalEntityId: ID, $customerId: ID) {
    ageing(asOf: $asOf, groupBy: $groupBy, legalEntityId: $legalEntityId, customerId: $customerId) { ${ROW} } }`;
  return (await who.ask(query, { groupBy: 'ACCOUNT', ...more })).ageing;
}

export interface ReportsCompany {
  readonly german: Books;
  readonly french: Books;
  readonly childId: string;
  readonly childAccountId: string;
  readonly analyst: Person;
}

/** An invoice of so many euros, issued today and due on a day. */
async function invoice(world: World, accountId: string, euros: string, dueOn: string, currency = 'EUR'): Promise<string> {
  const billing = await world.as('billing');
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: euros, taxCategory: 'Z', taxRate: '0' }];
  const { id } = await billing.do('draftInvoice', { accountId, currency, lines }, 'invoice');
  await billing.do('issueInvoice', { id, dueOn }, 'invoice');
  return id;
}

/** All of it is in the books by `TODAY`, where the clock stands then. */
export async function reportsCompany(world: World): Promise<ReportsCompany> {
  const german = await openBooks(world);
  const french = await openBooks(world, { code: 'FR01', number: 'C-2' });
  const admin = await world.as('admin');
  const analyst = await world.as('analyst');
  await admin.do(
    'setExchangeRate',
    { fromCurrency: 'JPY', toCurrency: 'EUR', validOn: '2025-12-01', rate: '0.0061' },
    'exchangeRate',
  );
  const { id: childId } = await admin.do(
    'createCustomer',
    { number: 'C-3', name: 'Child', parentId: german.customerId, segment: 'Retail' },
    'customer',
  );
  const { id: childAccountId } = await admin.do(
    'openAccount',
    { customerId: childId, legalEntityId: german.legalEntityId, number: 'C-3', currency: 'EUR' },
    'account',
  );
  for (const [i, days] of [-200, -3, 0, 1, 30, 31, 60, 61, 90, 91].entries())
    await invoice(world, german.accountId, `${2 ** i}`, addDays(TODAY, -days));
  await invoice(world, german.accountId, '5000', '2026-02-01', 'JPY');
  const frenchInvoice = await invoice(world, french.accountId, '700', '2026-03-01');
  const ofChild = await invoice(world, childAccountId, '300', '2026-02-15');
  const cash = await world.as('cash');
  world.clock.set('2026-02-10T09:00:00Z');
  const pay = (accountId: string, amount: string) =>
    cash.do('recordPayment', { accountId, amount: { amount, currency: 'EUR' } }, 'payment');
  const { id: paymentId } = await pay(german.accountId, '250.00');
  // no terms offer it, so it is for somebody who may write off
  await admin.do(
    'applyCash',
    { paymentId, allocations: [{ invoiceId: ofChild, amount: '200.00', discount: '5.00' }] },
    'payment',
  );
  world.clock.set('2026-03-10T09:00:00Z');
  const { id: bounced } = await pay(french.accountId, '700.00');
  await cash.do('applyCash', { paymentId: bounced, allocations: [{ invoiceId: frenchInvoice, amount: '700.00' }] }, 'payment');
  world.clock.set('2026-04-10T09:00:00Z');
  await cash.do('returnPayment', { id: bounced, reason: 'AM04' }, 'payment');
  await (await world.as('billing')).do(
    'issueCreditNote',
    { invoiceId: frenchInvoice, reason: 'Damaged', lines: [{ taxCategory: 'Z', taxRate: '0', net: '50.00' }] },
    'creditNote',
  );
  world.clock.set(`${TODAY}T09:00:00Z`);
  return { german, french, childId, childAccountId, analyst };
}
