// Ageing, statement and trial balance as people ask for them: they foot to each other, on every day, however they are grouped, and
// nobody sees more than their own.
import { beforeAll, expect, it } from 'vitest';
import { addDays } from '../../src/kernel/date.ts';
import { type Books, openBooks, type Person, startWorld } from '../support/world.ts';

const TODAY = '2026-05-20';
const world = await startWorld({ now: '2026-01-05T09:00:00.000Z' });
let german: Books;
let french: Books;
let childId: string;
let childAccountId: string;
let analyst: Person;

const BUCKETS = ['notDue', 'days1To30', 'days31To60', 'days61To90', 'over90', 'unapplied'] as const;
const ROW = `legalEntityCode customerNumber accountNumber segment currency ${BUCKETS.join(' ')} total itemCount`;
type Row = Readonly<Record<string, string>>;

/** Cents. */
const cents = (amount: string | undefined) => Math.round(Number(amount) * 100);
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const inEuro = (rows: readonly Row[], name: string) => sum(rows.filter((r) => r.currency === 'EUR').map((r) => cents(r[name])));

async function ageing(more: Record<string, unknown> = {}, who: Person = analyst): Promise<readonly Row[]> {
  const query = `query($asOf: Date, $groupBy: AgeingGroup!, $legalEntityId: ID, $customerId: ID) {
    ageing(asOf: $asOf, groupBy: $groupBy, legalEntityId: $legalEntityId, customerId: $customerId) { ${ROW} } }`;
  return (await who.ask(query, { groupBy: 'ACCOUNT', ...more })).ageing;
}

async function statement(accountId: string, asOf: string, { from = '2025-01-01', who = analyst }: { from?: string; who?: Person } = {}): Promise<readonly Row[]> {
  const query = 'query($accountId: ID!, $from: Date!, $asOf: Date!) { statement(accountId: $accountId, from: $from, asOf: $asOf) { currency effectiveOn kind documentNumber amount balance } }';
  return (await who.ask(query, { accountId, from, asOf })).statement;
}

/** An invoice of so many euros, issued today and due on a day. */
async function invoice(accountId: string, euros: string, dueOn: string, currency = 'EUR'): Promise<string> {
  const billing = await world.as('billing');
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: euros, taxCategory: 'Z', taxRate: '0' }];
  const { id } = await billing.do('draftInvoice', { accountId, currency, lines }, 'invoice');
  await billing.do('issueInvoice', { id, dueOn }, 'invoice');
  return id;
}

beforeAll(async () => {
  german = await openBooks(world);
  french = await openBooks(world, { code: 'FR01', number: 'C-2' });
  const admin = await world.as('admin');
  analyst = await world.as('analyst');
  await admin.do('setExchangeRate', { fromCurrency: 'JPY', toCurrency: 'EUR', validOn: '2025-12-01', rate: '0.0061' }, 'exchangeRate');
  ({ id: childId } = await admin.do('createCustomer', { number: 'C-3', name: 'Child', parentId: german.customerId, segment: 'Retail' }, 'customer'));
  ({ id: childAccountId } = await admin.do('openAccount', { customerId: childId, legalEntityId: german.legalEntityId, number: 'C-3', currency: 'EUR' }, 'account'));
  for (const [i, days] of [-200, -3, 0, 1, 30, 31, 60, 61, 90, 91].entries()) await invoice(german.accountId, `${2 ** i}`, addDays(TODAY, -days));
  await invoice(german.accountId, '5000', '2026-02-01', 'JPY');
  const frenchInvoice = await invoice(french.accountId, '700', '2026-03-01');
  const ofChild = await invoice(childAccountId, '300', '2026-02-15');
  const cash = await world.as('cash');
  world.clock.set('2026-02-10T09:00:00Z');
  const pay = (accountId: string, amount: string) => cash.do('recordPayment', { accountId, amount: { amount, currency: 'EUR' } }, 'payment');
  const { id: paymentId } = await pay(german.accountId, '250.00');
  await cash.do('applyCash', { paymentId, allocations: [{ invoiceId: ofChild, amount: '200.00', discount: '5.00' }] }, 'payment');
  world.clock.set('2026-03-10T09:00:00Z');
  const { id: bounced } = await pay(french.accountId, '700.00');
  await cash.do('applyCash', { paymentId: bounced, allocations: [{ invoiceId: frenchInvoice, amount: '700.00' }] }, 'payment');
  world.clock.set('2026-04-10T09:00:00Z');
  await cash.do('returnPayment', { id: bounced, reason: 'AM04' }, 'payment');
  await (await world.as('billing')).do('issueCreditNote', { invoiceId: frenchInvoice, reason: 'Damaged', lines: [{ taxCategory: 'Z', taxRate: '0', net: '50.00' }] }, 'creditNote');
  world.clock.set(`${TODAY}T09:00:00Z`);
});

it('puts an item that is not due, or due today, in notDue, and each later day in its bucket', async () => {
  const [row] = (await ageing({ asOf: TODAY, customerId: german.customerId })).filter((r) => r.currency === 'EUR');
  // 2^0 is due in 200 days, 2^1 in 3, 2^2 today, 2^3 since yesterday and so on
  expect(row).toMatchObject({ notDue: '7.00', days1To30: '24.00', days31To60: '96.00', days61To90: '384.00', over90: '512.00', unapplied: '-50.00', total: '973.00' });
});

it('moves the same items through the buckets as the day moves, and never changes what is open', async () => {
  const at = async (asOf: string) => (await ageing({ asOf, customerId: german.customerId })).find((r) => r.currency === 'EUR');
  expect(await at('2026-01-05')).toMatchObject({ notDue: '1023.00', total: '1023.00', itemCount: 10 });
  expect(await at('2027-05-20')).toMatchObject({ notDue: '0.00', over90: '1023.00', unapplied: '-50.00', total: '973.00' });
  expect(await ageing({ asOf: '2026-01-04' })).toEqual([]);
});

it('says without a day what it says for today by the business clock', async () => {
  for (const groupBy of ['ACCOUNT', 'CUSTOMER', 'LEGAL_ENTITY', 'SEGMENT']) expect(await ageing({ groupBy })).toEqual(await ageing({ groupBy, asOf: TODAY }));
});

it('adds up to the same buckets however it is grouped, and whether it is asked in parts or at once', async () => {
  for (const asOf of ['2026-01-05', '2026-02-10', '2026-03-10', '2026-04-09', '2026-04-10', TODAY]) {
    const accounts = await ageing({ asOf });
    for (const name of [...BUCKETS, 'total']) {
      const whole = inEuro(accounts, name);
      for (const groupBy of ['CUSTOMER', 'LEGAL_ENTITY', 'SEGMENT']) expect(inEuro(await ageing({ asOf, groupBy }), name), `${groupBy} ${name} ${asOf}`).toBe(whole);
      const byEntity = await Promise.all([german, french].map(({ legalEntityId }) => ageing({ asOf, legalEntityId })));
      expect(inEuro(byEntity.flat(), name), `${name} ${asOf}`).toBe(whole);
      const byCustomer = await Promise.all([german.customerId, french.customerId, childId].map((customerId) => ageing({ asOf, customerId })));
      expect(inEuro(byCustomer.flat(), name), `${name} ${asOf}`).toBe(whole);
    }
    for (const row of accounts) expect(sum(BUCKETS.map((b) => cents(row[b])))).toBe(cents(row.total));
  }
});

it('names in each row what it is grouped by, and nothing else', async () => {
  const [segment] = (await ageing({ groupBy: 'SEGMENT', asOf: TODAY })).filter((r) => r.segment === 'Retail');
  expect(segment).toMatchObject({ segment: 'Retail', customerNumber: null, legalEntityCode: null, accountNumber: null, total: '95.00' });
  expect((await ageing({ asOf: TODAY, customerId: childId }))[0]).toMatchObject({ legalEntityCode: 'DE01', customerNumber: 'C-3', accountNumber: 'C-3', segment: null });
});

it("ends each account's statement with what is open, in each currency, on any day", async () => {
  for (const asOf of ['2026-01-05', '2026-02-10', '2026-03-10', '2026-04-10', TODAY]) {
    for (const [accountId, number] of [[german.accountId, 'C-1'], [french.accountId, 'C-2'], [childAccountId, 'C-3']] as const) {
      const rows = await statement(accountId, asOf);
      const open = (await ageing({ asOf })).filter((r) => r.accountNumber === number);
      const last = new Map(rows.map((r) => [r.currency, cents(r.balance)]));
      expect([...last].filter(([, balance]) => balance !== 0).sort(), `${number} ${asOf}`).toEqual(open.map((r) => [r.currency, cents(r.total)]).sort());
      const running = new Map<string, number>();
      for (const { currency = '', amount, balance } of rows) {
        running.set(currency, (running.get(currency) ?? 0) + cents(amount));
        expect(cents(balance), `${number} ${asOf}`).toBe(running.get(currency));
      }
    }
  }
});

it('shows a part of a statement with the balances of the whole', async () => {
  const whole = await statement(french.accountId, TODAY);
  expect(await statement(french.accountId, TODAY, { from: '2026-04-10' })).toEqual(whole.filter((r) => (r.effectiveOn ?? '') >= '2026-04-10'));
  expect(whole.map((r) => [r.effectiveOn, r.kind, r.amount, r.balance])).toEqual([
    ['2026-01-05', 'INVOICE', '700.00', '700.00'],
    ['2026-03-10', 'PAYMENT', '-700.00', '0.00'],
    ['2026-03-10', 'CASH', '700.00', '700.00'],
    ['2026-03-10', 'CASH', '-700.00', '0.00'],
    ['2026-04-10', 'CASH', '700.00', '700.00'],
    ['2026-04-10', 'CASH', '-700.00', '0.00'],
    ['2026-04-10', 'RETURN', '700.00', '700.00'],
    ['2026-04-10', 'CREDIT_NOTE', '-50.00', '650.00'],
    ['2026-04-10', 'CREDIT', '50.00', '700.00'],
    ['2026-04-10', 'CREDIT', '-50.00', '650.00'],
  ]);
});

it("shows a payment for a child's invoice on both statements, each with its own side", async () => {
  const sides = async (id: string) => (await statement(id, TODAY)).filter((r) => r.kind === 'CASH' || r.kind === 'DISCOUNT').map((r) => [r.kind, r.amount]);
  expect(await sides(german.accountId)).toEqual([['CASH', '200.00']]);
  expect(await sides(childAccountId)).toEqual([['CASH', '-200.00'], ['DISCOUNT', '-5.00']]);
});

it('balances debits and credits of each legal entity on every day, and its RECEIVABLE is the ageing', async () => {
  for (const asOf of ['2026-01-05', '2026-02-10', '2026-03-10', '2026-04-10', TODAY]) {
    for (const { legalEntityId } of [german, french]) {
      const query = 'query($asOf: Date, $legalEntityId: ID) { trialBalance(asOf: $asOf, legalEntityId: $legalEntityId) { legalEntityCode code currency debit credit balance baseBalance } }';
      const rows: readonly Row[] = (await analyst.ask(query, { asOf, legalEntityId })).trialBalance;
      expect(sum(rows.map((r) => cents(r.baseBalance))), asOf).toBe(0);
      for (const currency of ['EUR', 'JPY']) expect(sum(rows.filter((r) => r.currency === currency).map((r) => cents(r.balance))), asOf).toBe(0);
      for (const row of rows) expect(cents(row.balance)).toBe(cents(row.debit) - cents(row.credit));
      expect(new Set(rows.map((r) => r.legalEntityCode)).size).toBeLessThanOrEqual(1);
      expect(inEuro(rows.filter((r) => r.code === 'RECEIVABLE'), 'balance'), asOf).toBe(inEuro(await ageing({ asOf, legalEntityId }), 'total'));
    }
  }
});

it("shows a portal user its own customers' ageing and statements, and no others'", async () => {
  const admin = await world.as('admin');
  await admin.do('createActor', { kind: 'PORTAL', name: 'Child', issuer: 'urn:cashgraph:local', subject: 'child', roles: [], customerIds: [childId] }, 'actor');
  const child = world.withToken(await world.tokenOf('child'));
  expect((await ageing({ asOf: TODAY }, child)).map((r) => [r.customerNumber, r.total])).toEqual([['C-3', '95.00']]);
  expect(await ageing({ asOf: TODAY, customerId: german.customerId }, child)).toEqual([]);
  expect(await statement(german.accountId, TODAY, { who: child })).toEqual([]);
  expect(await statement(childAccountId, TODAY, { who: child })).toEqual(await statement(childAccountId, TODAY));
  expect((await child.send('{ trialBalance { code } }')).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
});

it("shows another tenant nothing of it, and takes its ids for ones that don't exist", async () => {
  await world.addTenant('rival');
  const rival = await world.as('analyst', 'rival');
  expect(await ageing({ asOf: TODAY }, rival)).toEqual([]);
  expect(await ageing({ legalEntityId: german.legalEntityId }, rival)).toEqual([]);
  expect(await statement(german.accountId, TODAY, { who: rival })).toEqual([]);
});

it('refuses ids of another kind, no id, and a moment that running writes could still change', async () => {
  const code = async (query: string) => (await analyst.send(query)).errors?.[0]?.extensions?.code;
  expect(await code(`{ statement(accountId: "${german.customerId}", from: "2026-01-01", asOf: "2026-01-01") { kind } }`)).toBe('INVALID_ID');
  expect(await code('{ statement(accountId: "", from: "2026-01-01", asOf: "2026-01-01") { kind } }')).toBe('INVALID_ID');
  expect(await code(`{ ageing(legalEntityId: "${german.accountId}") { total } }`)).toBe('INVALID_ID');
  expect(await code('{ ageing(legalEntityId: "") { total } }')).toBe('INVALID_ID');
  expect(await code(`{ ageing(knownAt: "${TODAY}T08:59:31Z") { total } }`)).toBe('KNOWN_AT_TOO_RECENT');
  expect(await code(`{ trialBalance(knownAt: "${TODAY}T08:59:30Z") { code } }`)).toBeUndefined();
});

it('follows the clock of a sandbox that is moved forward', async () => {
  const admin = await world.as('admin');
  const before = await ageing({ asOf: '2026-09-01' });
  const { advanceClock } = await admin.ask('mutation($to: DateTime!) { advanceClock(input: { to: $to }) { userErrors { code } } }', { to: '2026-09-01T09:00:00Z' });
  expect(advanceClock.userErrors).toEqual([]);
  expect(await ageing()).toEqual(before);
});
