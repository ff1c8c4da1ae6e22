// Statement and trial balance as people ask for them: they foot to the ageing on every day, and nobody sees more than their own.
import { beforeAll, expect, it } from 'vitest';
import { type Person, startWorld } from '../support/world.ts';
import { ageing, cents, inEuro, type ReportsCompany, reportsCompany, type Row, sum, TODAY } from './reports-company.ts';

const world = await startWorld({ now: '2026-01-05T09:00:00.000Z' });
let company: ReportsCompany;

beforeAll(async () => {
  company = await reportsCompany(world);
});

async function statement(
  accountId: string,
  asOf: string,
  { from = '2025-01-01', who = company.analyst }: { from?: string; who?: Person } = {},
): Promise<readonly Row[]> {
  const query =
    'query($accountId: ID!, $from: Date!, $asOf: Date!) { statement(accountId: $accountId, from: $from, asOf: $asOf) { currency effectiveOn kind documentNumber amount balance } }';
  return (await who.ask(query, { accountId, from, asOf })).statement;
}

it("ends each account's statement with what is open, in each currency, on any day", async () => {
  for (const asOf of ['2026-01-05', '2026-02-10', '2026-03-10', '2026-04-10', TODAY]) {
    for (const [accountId, number] of [
      [company.german.accountId, 'C-1'],
      [company.french.accountId, 'C-2'],
      [company.childAccountId, 'C-3'],
    ] as const) {
      const rows = await statement(accountId, asOf);
      const open = (await ageing(company.analyst, { asOf })).filter((r) => r.accountNumber === number);
      const last = new Map(rows.map((r) => [r.currency, cents(r.balance)]));
      const wanted = new Map(open.map((r) => [r.currency, cents(r.total)]));
      expect(new Map([...last].filter(([, balance]) => balance !== 0)), `${number} ${asOf}`).toEqual(wanted);
      const running = new Map<string, number>();
      for (const { currency = '', amount, balance } of rows) {
        running.set(currency, (running.get(currency) ?? 0) + cents(amount));
        expect(cents(balance), `${number} ${asOf}`).toBe(running.get(currency));
      }
    }
  }
});

it('shows a part of a statement with the balances of the whole', async () => {
  const whole = await statement(company.french.accountId, TODAY);
  expect(await statement(company.french.accountId, TODAY, { from: '2026-04-10' })).toEqual(
    whole.filter((r) => (r.effectiveOn ?? '') >= '2026-04-10'),
  );
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
  const sides = async (id: string) =>
    (await statement(id, TODAY)).filter((r) => r.kind === 'CASH' || r.kind === 'DISCOUNT').map((r) => [r.kind, r.amount]);
  expect(await sides(company.german.accountId)).toEqual([['CASH', '200.00']]);
  expect(await sides(company.childAccountId)).toEqual([
    ['CASH', '-200.00'],
    ['DISCOUNT', '-5.00'],
  ]);
});

it('balances debits and credits of each legal entity on every day, and its RECEIVABLE is the ageing', async () => {
  for (const asOf of ['2026-01-05', '2026-02-10', '2026-03-10', '2026-04-10', TODAY]) {
    for (const { legalEntityId } of [company.german, company.french]) {
      const query =
        'query($asOf: Date, $legalEntityId: ID) { trialBalance(asOf: $asOf, legalEntityId: $legalEntityId) { legalEntityCode code currency debit credit balance baseBalance } }';
      const rows: readonly Row[] = (await company.analyst.ask(query, { asOf, legalEntityId })).trialBalance;
      expect(sum(rows.map((r) => cents(r.baseBalance))), asOf).toBe(0);
      for (const currency of ['EUR', 'JPY'])
        expect(sum(rows.filter((r) => r.currency === currency).map((r) => cents(r.balance))), asOf).toBe(0);
      for (const row of rows) expect(cents(row.balance)).toBe(cents(row.debit) - cents(row.credit));
      expect(new Set(rows.map((r) => r.legalEntityCode)).size).toBeLessThanOrEqual(1);
      expect(
        inEuro(
          rows.filter((r) => r.code === 'RECEIVABLE'),
          'balance',
        ),
        asOf,
      ).toBe(inEuro(await ageing(company.analyst, { asOf, legalEntityId }), 'total'));
    }
  }
});

it("shows a portal user its own customers' ageing and statements, and no others'", async () => {
  const admin = await world.as('admin');
  await admin.do(
    'createActor',
    { kind: 'PORTAL', name: 'Child', issuer: 'urn:cashgraph:local', subject: 'child', roles: [], customerIds: [company.childId] },
    'actor',
  );
  const child = world.withToken(await world.tokenOf('child'));
  expect((await ageing(child, { asOf: TODAY })).map((r) => [r.customerNumber, r.total])).toEqual([['C-3', '95.00']]);
  expect(await ageing(child, { asOf: TODAY, customerId: company.german.customerId })).toEqual([]);
  expect(await statement(company.german.accountId, TODAY, { who: child })).toEqual([]);
  expect(await statement(company.childAccountId, TODAY, { who: child })).toEqual(await statement(company.childAccountId, TODAY));
  expect((await child.send('{ trialBalance { code } }')).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
});

it("shows another tenant nothing of it, and takes its ids for ones that don't exist", async () => {
  await world.addTenant('rival');
  const rival = await world.as('analyst', 'rival');
  expect(await ageing(rival, { asOf: TODAY })).toEqual([]);
  expect(await ageing(rival, { legalEntityId: company.german.legalEntityId })).toEqual([]);
  expect(await statement(company.german.accountId, TODAY, { who: rival })).toEqual([]);
});

it('refuses ids of another kind, no id, and a moment that running writes could still change', async () => {
  const code = async (query: string) => (await company.analyst.send(query)).errors?.[0]?.extensions?.code;
  expect(
    await code(`{ statement(accountId: "${company.german.customerId}", from: "2026-01-01", asOf: "2026-01-01") { kind } }`),
  ).toBe('INVALID_ID');
  expect(await code('{ statement(accountId: "", from: "2026-01-01", asOf: "2026-01-01") { kind } }')).toBe('INVALID_ID');
  expect(await code(`{ ageing(legalEntityId: "${company.german.accountId}") { total } }`)).toBe('INVALID_ID');
  expect(await code('{ ageing(legalEntityId: "") { total } }')).toBe('INVALID_ID');
  expect(await code(`{ ageing(knownAt: "${TODAY}T08:59:31Z") { total } }`)).toBe('KNOWN_AT_TOO_RECENT');
  expect(await code(`{ trialBalance(knownAt: "${TODAY}T08:59:30Z") { code } }`)).toBeUndefined();
});
