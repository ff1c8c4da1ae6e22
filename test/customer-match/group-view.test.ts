// One customer over two ERPs: what it owes and has ordered by ERP, how fresh that is, and how old it is, in one currency.
import { beforeAll, expect, test } from 'vitest';
import { startWorld } from '../support/world.ts';
import { silentErp } from '../observation/silent-erp.ts';
import { rowsOf } from '../write/company.ts';
import { openTwoErps, type TwoErps } from './group.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z', connectors: [silentErp] });
let group: TwoErps;
const accounts: Record<string, string> = {};
let holding: string;
const customerOf = async (account: string): Promise<string> =>
  (await group.admin.ask('query($id: ID!) { customerAccount(id: $id) { customer { id } } }', { id: `acc_${account}` }))
    .customerAccount.customer.id;

async function issue(
  account: string,
  net: string,
  { currency, ...days }: { currency: string; issuedOn: string; dueOn: string },
): Promise<void> {
  const lines = [{ description: 'Lathe', quantity: '1', unitPrice: net, taxCategory: 'Z', taxRate: '0' }];
  const id = await group.make('draftInvoice', { accountId: `acc_${account}`, lines, currency }, 'inv_');
  await group.make('issueInvoice', { id, ...days }, 'inv_');
}

beforeAll(async () => {
  group = await openTwoErps(world);
  for (const [fromCurrency, toCurrency, rate] of [
    ['JPY', 'EUR', '0.00611'],
    ['JPY', 'USD', '0.0067'],
  ])
    await group.admin.do('setExchangeRate', { fromCurrency, toCurrency, rate, validOn: '2026-01-01' }, 'exchangeRate');
  accounts['DE'] = await group.show('DE', 'Müller Werkzeugbau GmbH', { number: 'K1' });
  accounts['US'] = await group.show('US', 'Mueller Tooling', { number: 'K2' });
  accounts['other'] = await group.show('US', 'Nobody Else Inc.', { number: 'K3' });
  await issue(accounts['DE'], '100.10', { currency: 'EUR', issuedOn: '2026-02-01', dueOn: '2026-03-01' });
  await issue(accounts['US'], '200.35', { currency: 'USD', issuedOn: '2026-06-01', dueOn: '2026-07-15' });
  await issue(accounts['US'], '12345', { currency: 'JPY', issuedOn: '2026-06-01', dueOn: '2026-06-10' });
  await issue(accounts['other'], '77', { currency: 'USD', issuedOn: '2026-06-01', dueOn: '2026-06-10' });
  const amount = { amount: '50.01', currency: 'USD' };
  await group.make('recordPayment', { accountId: `acc_${accounts['US']}`, amount, receivedOn: '2026-06-20' });
  holding = (await group.admin.do('createCustomer', { number: 'H', name: 'Holding' }, 'customer')).id;
  const [kept, other] = [await customerOf(accounts['DE']), await customerOf(accounts['US'])];
  await group.admin.do('matchCustomers', { customerId: kept, otherCustomerId: other, keepCustomerId: kept }, 'match');
  await group.admin.do('updateCustomer', { id: kept, parentId: holding }, 'customer');
  // of the German ERP all documents were read, of the American one payments never were
  await rowsOf(world, `update sync_stream set last_succeeded_at = '2026-06-30T08:00:00Z'`);
  await rowsOf(
    world,
    `update sync_stream s set last_succeeded_at = '2026-06-30T07:30:00Z' from connection c where c.id = s.connection_id and c.code = 'erp-de' and s.record_kind = 'Payment'`,
  );
  await rowsOf(
    world,
    `update sync_stream s set last_succeeded_at = null from connection c where c.id = s.connection_id and c.code = 'erp-us' and s.record_kind = 'Payment'`,
  );
});

test('exposure goes down to the ERPs, each as fresh as its slowest kind of documents, and adds up to what is held against the limit', async () => {
  const answer = await group.admin.ask(
    `query($id: ID!) { creditExposure(customerId: $id) { customerNumber legalEntityCode connection syncedAt documentCurrency exposure }
      creditExposureLines(customerId: $id) { connection syncedAt exposure } customer(id: $id) { credit { exposure { amount } } } }`,
    { id: holding },
  );
  expect(answer.creditExposure).toEqual([
    {
      customerNumber: 'K1',
      legalEntityCode: 'DE',
      connection: 'erp-de',
      syncedAt: '2026-06-30T07:30:00.000Z',
      documentCurrency: 'EUR',
      exposure: '100.10',
    },
    {
      customerNumber: 'K1',
      legalEntityCode: 'US',
      connection: 'erp-us',
      syncedAt: null,
      documentCurrency: 'JPY',
      exposure: '75.43',
    },
    {
      customerNumber: 'K1',
      legalEntityCode: 'US',
      connection: 'erp-us',
      syncedAt: null,
      documentCurrency: 'USD',
      exposure: '137.37',
    },
  ]);
  const cents = (rows: { exposure: string }[]) => rows.reduce((sum, { exposure }) => sum + Math.round(Number(exposure) * 100), 0);
  expect(cents(answer.creditExposureLines)).toBe(cents(answer.creditExposure));
  expect(cents([{ exposure: answer.customer.credit.exposure.amount }])).toBe(cents(answer.creditExposure));
});

const AGEING = 'customerNumber connection syncedAt currency notDue days1To30 over90 unapplied total itemCount';

test('ageing in the currency of the group is one row for a customer with everything below it, and foots to the items', async () => {
  const { ageing } = await group.admin.ask(`{ ageing(groupBy: ROOT, currency: GROUP) { ${AGEING} } }`);
  expect(ageing).toEqual([
    {
      customerNumber: 'H',
      connection: null,
      syncedAt: null,
      currency: 'EUR',
      itemCount: 4,
      notDue: '183.06',
      days1To30: '75.43',
      over90: '100.10',
      unapplied: '-45.69',
      total: '312.90',
    },
    {
      customerNumber: 'K3',
      connection: null,
      syncedAt: null,
      currency: 'EUR',
      itemCount: 1,
      notDue: '0.00',
      days1To30: '70.35',
      over90: '0.00',
      unapplied: '0.00',
      total: '70.35',
    },
  ]);
  const [items] = await rowsOf<{ total: string }>(
    world,
    'select money_text(sum(group_open_minor)::bigint, $1) as total from open_item',
    ['EUR'],
  );
  expect(items?.total).toBe('383.25');
});

test('each ERP has its row, which adds up to that of the group; and the group as of a past day is what was open then', async () => {
  const { now, then } = await group.admin.ask(
    `{ now: ageing(groupBy: CONNECTION, currency: GROUP) { ${AGEING} } then: ageing(groupBy: CONNECTION, currency: GROUP, asOf: "2026-05-31") { ${AGEING} } }`,
  );
  const shown = (rows: Record<string, unknown>[]) =>
    rows.map(({ connection, syncedAt, total }) => ({ connection, syncedAt, total }));
  expect(shown(now)).toEqual([
    { connection: 'erp-de', syncedAt: '2026-06-30T07:30:00.000Z', total: '100.10' },
    { connection: 'erp-us', syncedAt: null, total: '283.15' },
  ]);
  expect(shown(then)).toEqual([{ connection: 'erp-de', syncedAt: '2026-06-30T07:30:00.000Z', total: '100.10' }]);
});
