// Credit limits are asked for by one person and granted by another; who may see a customer's credit sees it change.
import { expect, test } from 'vitest';
import { collect, startWorld } from '../support/world.ts';
import { broken, rowsOf } from '../write/company.ts';
import { issue, openGroup, pay } from './group.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const group = await openGroup(world);
const { admin, customers } = group;
const [desk, credit, analyst] = [await world.as('order-desk'), await world.as('credit'), await world.as('analyst')];

const EUR = (amount: string) => ({ amount, currency: 'EUR' });
const USD = (amount: string) => ({ amount, currency: 'USD' });
const CREDIT = `id version limit { amount currency } limitInGroupCurrency { amount currency } limitVersion exposure { amount } openItems { amount }
  unbilled { amount } available { amount currency } creditStatus isBlocked`;
const creditOf = async (number: string, person = admin, fields = CREDIT) =>
  (await person.ask(`query($id: ID!) { customer(id: $id) { credit { ${fields} } } }`, { id: customers[number] }))['customer']
    .credit;
const asked = (number: string, wish: object, person = desk) =>
  person.do('requestCreditLimit', { customerId: customers[number], reason: 'It grows.', ...wish }, 'approval', 'id lifecycle');

test('a limit that one person asks for and another grants holds in the currency of the group, at the rate of the day', async () => {
  await issue(group, 'S1 DE', '100');
  expect(await creditOf('S1')).toMatchObject({ version: 1, limit: null, available: null, creditStatus: 'NO_LIMIT' });
  const { id: approvalId } = await asked('S1', { limit: USD('150') });
  await credit.do('approveCreditLimit', { approvalId, amount: USD('150'), reason: 'Fine.' }, 'creditAccount');
  expect(await creditOf('S1')).toMatchObject({
    version: 2,
    limit: USD('150.00'),
    limitInGroupCurrency: EUR('137.06'),
    limitVersion: 2,
    exposure: { amount: '100.00' },
    available: EUR('37.06'),
    creditStatus: 'WITHIN',
  });
  await issue(group, 'S1 US', '100');
  expect(await creditOf('S1')).toMatchObject({ version: 3, available: EUR('-54.31'), creditStatus: 'OVER' });
  expect(await creditOf('M1')).toMatchObject({ version: 1, exposure: { amount: '191.37' }, creditStatus: 'NO_LIMIT' });
});

test('nobody grants what they asked for, and nobody grants another amount than the one asked for', async () => {
  const { id: approvalId } = await asked('M1', { limit: EUR('1000') }, credit);
  const [self] = await credit.refused('approveCreditLimit', { approvalId, amount: EUR('1000') });
  expect(self).toMatchObject({ code: 'SELF_GRANT' });
  for (const amount of [EUR('999.99'), USD('1000'), undefined]) {
    const [other] = await admin.refused('approveCreditLimit', { approvalId, ...(amount ? { amount } : {}) });
    expect(other).toMatchObject({ code: 'AMOUNT_INVALID', path: ['input', 'amount'] });
    expect(other?.message).toContain('1000.00 EUR');
  }
  const [twice] = await desk.refused('requestCreditLimit', { customerId: customers['M1'], limit: EUR('2'), reason: 'Again' });
  expect(twice).toMatchObject({ code: 'ALREADY_EXISTS' });
  expect(await creditOf('M1')).toMatchObject({ limit: null, limitVersion: 1 });
  await admin.do('approveCreditLimit', { approvalId, amount: EUR('1000') }, 'creditAccount');
  const [done] = await admin.refused('approveCreditLimit', { approvalId, amount: EUR('1000') });
  expect(done).toMatchObject({ code: 'WRONG_STATE' });
  const answer = await desk.send(
    'mutation($input: ApproveCreditLimitInput!) { approveCreditLimit(input: $input) { userErrors { code } } }',
    { input: { approvalId, amount: EUR('1000') } },
  );
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
});

test('a wish names a limit or none at all, never both or neither, and never what holds already', async () => {
  const refusal = async (wish: object) =>
    (await desk.refused('requestCreditLimit', { customerId: customers['M2'], reason: 'Why not', ...wish }))[0];
  const choice = { code: 'INVALID_INPUT', path: ['input', 'limit'] };
  expect(await refusal({})).toMatchObject(choice);
  expect(await refusal({ limit: EUR('5'), isUnlimited: true })).toMatchObject(choice);
  expect(await refusal({ isUnlimited: true })).toMatchObject({ ...choice, message: 'This is the credit limit already.' });
  expect(await refusal({ limit: EUR('-5') })).toMatchObject({ code: 'AMOUNT_INVALID', path: ['input', 'limit'] });
  expect(await refusal({ limit: { amount: '5', currency: 'GBP' } })).toMatchObject({ code: 'RATE_MISSING' });
  await group.limit('M2', '0');
  expect(await creditOf('M2')).toMatchObject({ limit: EUR('0.00'), creditStatus: 'WITHIN' });
  await group.limit('M2', null);
  expect(await creditOf('M2')).toMatchObject({ limit: null, creditStatus: 'NO_LIMIT', limitVersion: 3 });
});

test('a wish lapses after a week, and another one takes its place', async () => {
  const { id: approvalId } = await asked('S2', { limit: EUR('70') });
  world.clock.advance(7 * 86_400_000);
  expect(await credit.refused('approveCreditLimit', { approvalId, amount: EUR('70') })).toMatchObject([
    { code: 'APPROVAL_EXPIRED' },
  ]);
  await group.limit('S2', '70');
});

test('credit is blocked and unblocked with a reason that the customer never reads', async () => {
  const customerId = customers['S2'];
  await credit.do('blockCredit', { customerId, reason: 'Cheques bounced' }, 'creditAccount');
  await credit.do('setRiskClass', { customerId, riskClass: 'C3' }, 'creditAccount');
  expect(await creditOf('S2', analyst, 'isBlocked blockReason riskClass')).toEqual({
    isBlocked: true,
    blockReason: 'Cheques bounced',
    riskClass: 'C3',
  });
  const input = {
    kind: 'PORTAL',
    name: 'S2',
    issuer: 'urn:cashgraph:local',
    subject: 'S2',
    roles: [],
    customerIds: [customerId],
  };
  await admin.do('createActor', input, 'actor');
  const portal = world.withToken(await world.tokenOf('S2'));
  expect(await creditOf('S2', portal, 'isBlocked')).toEqual({ isBlocked: true });
  const { errors } = await portal.send('query($id: ID!) { customer(id: $id) { credit { blockReason } } }', { id: customerId });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  const events = await rowsOf<{ payload: string }>(
    world,
    `select payload::text from event_inbox where record_kind = 'CreditAccount'`,
  );
  await world.platform.sealer.sealed();
  const sealed = await rowsOf<{ payload: string }>(world, `select payload::text from event where record_kind = 'CreditAccount'`);
  for (const { payload } of [...events, ...sealed]) expect(payload).not.toMatch(/Cheques|C3/);
  expect(await credit.refused('blockCredit', { customerId, reason: 'Again' })).toMatchObject([{ code: 'WRONG_STATE' }]);
  await credit.do('unblockCredit', { customerId, reason: 'Paid' }, 'creditAccount');
  expect(await credit.refused('unblockCredit', { customerId, reason: 'Again' })).toMatchObject([{ code: 'WRONG_STATE' }]);
});

test('a portal user gets the changes of its own credit and of no other', async () => {
  await group.limit('S2', '500');
  await group.limit('H', '5000');
  const portal = world.withToken(await world.tokenOf('S2'));
  const changes = collect<{ creditChanged: { event: Record<string, string>; record: { available: { amount: string } } } }>(
    portal.socket(),
    'subscription { creditChanged(after: "0") { event { type from to } record { available { amount } } } }',
    {},
    (messages) => messages.some(({ creditChanged }) => creditChanged.event['to'] === 'OVER'),
  );
  await issue(group, 'S1 DE', '7');
  await issue(group, 'S2 DE', '501');
  const seen = (await changes).map(({ creditChanged }) => creditChanged.event);
  expect(seen.map(({ type }) => type)).toEqual([
    'credit.limit_changed',
    'credit.blocked',
    'credit.risk_class_changed',
    'credit.unblocked',
    'credit.limit_changed',
    'credit.exposure_changed',
  ]);
  expect(seen.at(-1)).toEqual({ type: 'credit.exposure_changed', from: 'WITHIN', to: 'OVER' });
});

test('the report of exposure adds up to what is stored, in every currency and for everybody below', async () => {
  await issue(group, 'S1 DE', '90000', { currency: 'JPY' });
  await pay(group, 'H US', '3', 'USD');
  const query = `query($id: ID!) { creditExposure(customerId: $id) { customerNumber legalEntityCode documentCurrency currency openItems unbilled delivered exposure documentCount }
    creditExposureLines(customerId: $id, first: 2) { documentKind documentNumber lineNumber exposure customerNumber dueOn } }`;
  const { creditExposure, creditExposureLines } = await admin.ask(query, { id: customers['H'] });
  const cents = (rows: { exposure: string }[]) => rows.reduce((sum, r) => sum + Math.round(Number(r.exposure) * 100), 0);
  expect(cents(creditExposure)).toBe(Math.round(Number((await creditOf('H')).exposure.amount) * 100));
  expect(creditExposure).toContainEqual({
    customerNumber: 'S1',
    legalEntityCode: 'DE',
    documentCurrency: 'JPY',
    currency: 'EUR',
    openItems: '549.90',
    unbilled: '0.00',
    delivered: '0.00',
    exposure: '549.90',
    documentCount: 1,
  });
  expect(creditExposureLines.map((l: { exposure: string }) => l.exposure)).toEqual(['549.90', '501.00']);
  const portal = world.withToken(await world.tokenOf('S2'));
  const own = await portal.ask(query, { id: customers['S2'] });
  expect(own['creditExposure'].map((r: { customerNumber: string }) => r.customerNumber)).toEqual(['S2']);
  const others = await portal.ask(query, { id: customers['H'] });
  expect(others).toEqual({ creditExposure: [], creditExposureLines: [] });
});

test('customers are found by their credit', async () => {
  const found = async (where: string) =>
    (await admin.ask(`{ customers(where: { credit: { ${where} } }) { nodes { number } } }`))['customers'].nodes.map(
      (c: { number: string }) => c.number,
    );
  expect(await found('riskClass: { eq: "C3" }')).toEqual(['S2']);
  expect(await found('limit: { currency: "EUR", gte: "5000" }')).toEqual(['H']);
});

test('no invariant is broken by any of it', async () => {
  expect(await broken(world, world.tenantId)).toEqual([]);
});
