// Ageing as people ask for it: every edge of a bucket, any day, any grouping, and today by the business clock.
import { beforeAll, describe, expect, it } from 'vitest';
import { foldAgeing } from '../../src/o2c/open-item/ageing.read.ts';
import { startWorld } from '../support/world.ts';
import { ageing, BUCKETS, cents, inEuro, type ReportsCompany, reportsCompany, sum, TODAY } from './reports-company.ts';

const world = await startWorld({ now: '2026-01-05T09:00:00.000Z' });
let company: ReportsCompany;

beforeAll(async () => {
  company = await reportsCompany(world);
});

it('puts an item that is not due, or due today, in notDue, and each later day in its bucket', async () => {
  const rows = await ageing(company.analyst, { asOf: TODAY, customerId: company.german.customerId });
  const row = rows.find((r) => r.currency === 'EUR');
  // 2^0 is due in 200 days, 2^1 in 3, 2^2 today, 2^3 since yesterday and so on
  expect(row).toMatchObject({
    notDue: '7.00',
    days1To30: '24.00',
    days31To60: '96.00',
    days61To90: '384.00',
    over90: '512.00',
    unapplied: '-50.00',
    total: '973.00',
  });
});

it('moves the same items through the buckets as the day moves, and never changes what is open', async () => {
  const at = async (asOf: string) =>
    (await ageing(company.analyst, { asOf, customerId: company.german.customerId })).find((r) => r.currency === 'EUR');
  expect(await at('2026-01-05')).toMatchObject({ notDue: '1023.00', total: '1023.00', itemCount: 10 });
  expect(await at('2027-05-20')).toMatchObject({ notDue: '0.00', over90: '1023.00', unapplied: '-50.00', total: '973.00' });
  expect(await ageing(company.analyst, { asOf: '2026-01-04' })).toEqual([]);
});

it('says without a day what it says for today by the business clock', async () => {
  for (const groupBy of ['ACCOUNT', 'CUSTOMER', 'LEGAL_ENTITY', 'SEGMENT'])
    expect(await ageing(company.analyst, { groupBy })).toEqual(await ageing(company.analyst, { groupBy, asOf: TODAY }));
});

it('adds up to the same buckets however it is grouped, and whether it is asked in parts or at once', async () => {
  for (const asOf of ['2026-01-05', '2026-02-10', '2026-03-10', '2026-04-09', '2026-04-10', TODAY]) {
    const accounts = await ageing(company.analyst, { asOf });
    for (const name of [...BUCKETS, 'total']) {
      const whole = inEuro(accounts, name);
      for (const groupBy of ['CUSTOMER', 'LEGAL_ENTITY', 'SEGMENT'])
        expect(inEuro(await ageing(company.analyst, { asOf, groupBy }), name), `${groupBy} ${name} ${asOf}`).toBe(whole);
      const byEntity = await Promise.all(
        [company.german, company.french].map(({ legalEntityId }) => ageing(company.analyst, { asOf, legalEntityId })),
      );
      expect(inEuro(byEntity.flat(), name), `${name} ${asOf}`).toBe(whole);
      const byCustomer = await Promise.all(
        [company.german.customerId, company.french.customerId, company.childId].map((customerId) =>
          ageing(company.analyst, { asOf, customerId }),
        ),
      );
      expect(inEuro(byCustomer.flat(), name), `${name} ${asOf}`).toBe(whole);
    }
    for (const row of accounts) expect(sum(BUCKETS.map((b) => cents(row[b])))).toBe(cents(row.total));
  }
});

it('names in each row what it is grouped by, and nothing else', async () => {
  const segment = (await ageing(company.analyst, { groupBy: 'SEGMENT', asOf: TODAY })).find((r) => r.segment === 'Retail');
  expect(segment).toMatchObject({
    segment: 'Retail',
    customerNumber: null,
    legalEntityCode: null,
    accountNumber: null,
    total: '95.00',
  });
  expect((await ageing(company.analyst, { asOf: TODAY, customerId: company.childId }))[0]).toMatchObject({
    legalEntityCode: 'DE01',
    customerNumber: 'C-3',
    accountNumber: 'C-3',
    segment: null,
  });
});

describe('the sums that are kept by due day', () => {
  const GROUPED = ['SEGMENT', 'LEGAL_ENTITY', 'CONNECTION'];
  const bothWays = async () => {
    for (const groupBy of GROUPED)
      for (const currency of ['DOCUMENT', 'GROUP'])
        expect(await ageing(company.analyst, { groupBy, currency }), `${groupBy} ${currency}`).toEqual(
          await ageing(company.analyst, { groupBy, currency, asOf: TODAY }),
        );
  };
  const fold = () => world.platform.systemRows(foldAgeing(world.clock.now()));

  it('say what the items say: before they are folded, after, and after more has happened', async () => {
    await bothWays();
    await fold();
    await bothWays();
    const admin = await world.as('admin');
    const { german } = company;
    const { id } = await admin.do(
      'recordPayment',
      { accountId: german.accountId, amount: { amount: '3.21', currency: 'EUR' } },
      'payment',
    );
    expect(id).toBeTruthy();
    await bothWays();
    await fold();
    await bothWays();
  });

  it('follow a customer into another segment', async () => {
    const admin = await world.as('admin');
    const { german } = company;
    const { version } = await admin
      .ask('query ($id: ID!) { customer(id: $id) { version } }', { id: german.customerId })
      .then((d) => d.customer);
    await admin.do('updateCustomer', { id: german.customerId, expectedVersion: version, segment: 'MOVED' }, 'customer');
    expect((await ageing(company.analyst, { groupBy: 'SEGMENT' })).map((row) => row.segment)).toContain('MOVED');
    await bothWays();
    await fold();
    await bothWays();
  });
});

it('follows the clock of a sandbox that is moved forward', async () => {
  const admin = await world.as('admin');
  const before = await ageing(company.analyst, { asOf: '2026-09-01' });
  const { advanceClock } = await admin.ask(
    'mutation($to: DateTime!) { advanceClock(input: { to: $to }) { userErrors { code } } }',
    { to: '2026-09-01T09:00:00Z' },
  );
  expect(advanceClock.userErrors).toEqual([]);
  expect(await ageing(company.analyst)).toEqual(before);
});
