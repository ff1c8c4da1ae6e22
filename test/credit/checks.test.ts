// What the credit check stops, what it says of it, and to whom.
import { expect, test } from 'vitest';
import { type Person, type Shown, startWorld } from '../support/world.ts';
import { issue, openGroup, pay } from './group.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const group = await openGroup(world);
const { admin, accounts, customers, entities, make } = group;
const [desk, credit] = [await world.as('order-desk'), await world.as('credit')];
const HOLDS = 'lifecycle holds { kind stage lifecycle reason amount { amount currency } }';

const place = (account: string, unitPrice = '100', person: Person = desk): Promise<Shown> =>
  person.do(
    'placeOrder',
    {
      accountId: accounts[account],
      currency: 'EUR',
      lines: [{ description: 'Pump', quantity: '1', unitPrice, taxCategory: 'Z', taxRate: '0' }],
    },
    'order',
    `id ${HOLDS}`,
  );
const holdOf = async (id: string, person: Person, fields: string): Promise<Shown> =>
  (await person.ask(`query($id: ID!) { order(id: $id) { holds { ${fields} } } }`, { id })).order.holds[0];

test('a hold says to the customer only what is its own, and to staff whose limit does not hold, with the figures', async () => {
  await issue(group, 'M2 DE', '777.77');
  await group.limit('H', '800');
  const { id, lifecycle, holds } = await place('S1 DE');
  expect(lifecycle).toBe('SUBMITTED');
  expect(holds).toEqual([
    {
      kind: 'CREDIT',
      stage: 'ORDER',
      lifecycle: 'OPEN',
      reason: 'The credit of the companies that customer S1 belongs to does not allow it.',
      amount: { amount: '100.00', currency: 'EUR' },
    },
  ]);
  expect((await holdOf(id, desk, 'detail')).detail).toBe(
    'Customer H has a credit limit of 800.00 EUR with 777.77 EUR used; 100.00 EUR more is 77.77 EUR too much.',
  );
  const input = {
    kind: 'PORTAL',
    name: 'S1',
    issuer: 'urn:cashgraph:local',
    subject: 'S1',
    roles: [],
    customerIds: [customers['S1']],
  };
  await admin.do('createActor', input, 'actor');
  const portal = await world.as('S1');
  expect((await holdOf(id, portal, 'reason')).reason).toContain('S1');
  const { errors } = await portal.send('query($id: ID!) { order(id: $id) { holds { detail } } }', { id });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect((await portal.ask('query($id: ID!) { customer(id: $id) { name } }', { id: customers['H'] })).customer).toBeNull();
  await group.limit('H', null);
  expect(await desk.do('confirmOrder', { id }, 'order', HOLDS)).toMatchObject({
    lifecycle: 'CONFIRMED',
    holds: [{ lifecycle: 'LIFTED' }],
  });
});

test('a block of anybody above stops orders of everybody below, until it is taken back', async () => {
  await credit.do('blockCredit', { customerId: customers['M1'], reason: 'Insolvency' }, 'creditAccount');
  const { id, holds } = await place('S1 US');
  expect(holds).toMatchObject([
    { kind: 'CREDIT', reason: 'The credit of the companies that customer S1 belongs to does not allow it.' },
  ]);
  expect((await holdOf(id, desk, 'detail')).detail).toBe('The credit of customer M1 is blocked: Insolvency');
  expect(await place('S2 US')).toMatchObject({ lifecycle: 'CONFIRMED' });
  await credit.do('unblockCredit', { customerId: customers['M1'], reason: 'Rescued' }, 'creditAccount');
  expect(await desk.do('confirmOrder', { id }, 'order', HOLDS)).toMatchObject({ lifecycle: 'CONFIRMED' });
});

test('what is overdue by more days and more money than a legal entity lets pass stops its orders, and not those of others', async () => {
  const invoiceId = await issue(group, 'S2 US', '200', { currency: 'EUR' }); // due at once
  const block = { days: 30, amount: { amount: '150', currency: 'EUR' } };
  await admin.do('updateLegalEntity', { id: entities['DE'], overdueBlock: block }, 'legalEntity');
  world.clock.set(new Date('2026-07-30T21:59:59.000Z')); // the thirtieth day, one second before midnight in Berlin
  expect(await place('S2 DE')).toMatchObject({ lifecycle: 'CONFIRMED' });
  world.clock.set(new Date('2026-07-30T22:00:00.000Z'));
  const held = await place('S2 DE');
  expect(held.holds).toMatchObject([{ reason: 'Customer S2 owes 200.00 EUR that has been overdue for too long.' }]);
  const { detail } = await holdOf(held.id, desk, 'detail');
  expect(detail).toBe('Customer S2 owes 200.00 EUR that is more than 30 days overdue; 150.00 EUR is allowed.');
  expect((await place('H DE')).holds).toMatchObject([{ reason: expect.stringContaining('Customer H owes 977.77 EUR') }]); // what its daughters owe
  expect(await place('S1 DE')).toMatchObject({ lifecycle: 'CONFIRMED' });
  expect(await place('S2 US')).toMatchObject({ lifecycle: 'CONFIRMED' });
  await pay(group, 'S2 US', '500'); // not set against the invoice, so it is overdue still
  expect((await place('S2 DE')).lifecycle).toBe('SUBMITTED');
  await make('writeOff', { invoiceId, amount: '50', reason: 'Half of it' });
  expect(await desk.do('confirmOrder', { id: held.id }, 'order', HOLDS)).toMatchObject({ lifecycle: 'CONFIRMED' });
});
