// One customer that two ERPs know under different names: proposed with what speaks for it, confirmed by a person, held against one limit, undone.
import { beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { findSchedule } from '../../src/o2c/customer-match/find.commands.ts';
import { scheduledTask } from '../../src/write/schedule.ts';
import { bare, startWorld } from '../support/world.ts';
import { silentErp } from '../observation/silent-erp.ts';
import { broken } from '../write/company.ts';
import { wrongExposure } from '../credit/group.ts';
import { MATCH, openTwoErps, shownAt, type TwoErps } from './group.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
let group: TwoErps;
let german: string;
let american: string;
beforeAll(async () => {
  group = await openTwoErps(world);
  german = await group.show('DE', 'Müller Werkzeugbau GmbH', {
    number: '17100001',
    taxId: 'DE 811 569 869',
    country: 'DE',
    email: 'Rechnung@mueller-werkzeugbau.de',
    address: { lines: ['Hauptstraße 12'], postalCode: '70173', city: 'Stuttgart', country: 'DE' },
    bankAccounts: ['DE89 3704 0044 0532 0130 00'],
  });
  american = await group.show('US', 'Mueller Tooling', {
    number: '107',
    country: 'DE',
    email: 'ap@mueller-werkzeugbau.de',
    address: { lines: ['Hauptstr. 12'], postalCode: '70173', city: 'Stuttgart', country: 'DE' },
    bankAccounts: ['DE89370400440532013000'],
  });
  // two that look like them and are not
  await group.show('DE', 'Müller Bäckerei GmbH', { number: '17100002', taxId: 'DE811569870', country: 'DE' });
  await group.show('US', 'Tooling Partners Inc.', { number: '108', country: 'US' });
});

const customerOf = async (account: string) =>
  (
    await group.admin.ask(
      'query($id: ID!) { customerAccount(id: $id) { customer { id name aliases { name source } mergedInto { id } } } }',
      {
        id: `acc_${account}`,
      },
    )
  ).customerAccount.customer;

test('is proposed with its evidence, in words that a person can read, and nobody else is', async () => {
  const { id } = await customerOf(american);
  const { matches } = await group.admin.do('findCustomerMatches', { customerId: id }, 'customer', `matches { ${MATCH} }`);
  expect(matches).toHaveLength(1);
  const [match] = matches;
  expect(match).toMatchObject({ lifecycle: 'PROPOSED', version: 1, keptCustomerId: null, allowedActions: ['CONFIRM', 'REJECT'] });
  expect(Number(match.score)).toBeGreaterThan(0.99);
  const names = new Set([match.customer.name, match.otherCustomer.name]);
  expect(names).toEqual(new Set(['Mueller Tooling', 'Müller Werkzeugbau GmbH']));
  expect(match.evidence.map((e: { kind: string; level: string }) => `${e.kind} ${e.level}`)).toEqual([
    'BANK_ACCOUNT EQUAL',
    'ADDRESS EQUAL',
    'EMAIL DOMAIN',
    'NAME SOME',
    'COUNTRY EQUAL',
  ]);
  expect(match.evidence[0]).toMatchObject({
    value: '•••• 3000',
    otherValue: '•••• 3000',
    sentence: 'They have the same bank account.',
  });
  const seen = await group.admin.ask('{ customerMatches(where: { lifecycle: { eq: PROPOSED } }) { nodes { id } totalCount } }');
  expect(seen.customerMatches).toEqual({ nodes: [{ id: match.id }], totalCount: 1 });
});

test('each ERP alone lets an order through; the two as one do not; undone, the next one passes', async () => {
  const [kept, other] = [await customerOf(german), await customerOf(american)];
  await group.limit(kept.id, '1000');
  expect(await group.order(`acc_${german}`, '700')).toMatchObject({ lifecycle: 'CONFIRMED', holds: [] });
  expect(await group.order(`acc_${american}`, '200')).toMatchObject({ lifecycle: 'CONFIRMED', holds: [] });

  const [{ id }] = (await group.admin.ask('{ customerMatches { nodes { id } } }')).customerMatches.nodes;
  const confirming = { id, expectedVersion: 1, reason: 'Their purchasing says so.' };
  const confirmed = await group.admin.do('confirmCustomerMatch', confirming, 'match', MATCH);
  expect(confirmed).toMatchObject({
    lifecycle: 'CONFIRMED',
    version: 2,
    keptCustomerId: kept.id,
    movedAccountCount: 1,
    reason: 'Their purchasing says so.',
    allowedActions: ['UNDO'],
  });
  expect(await customerOf(american)).toMatchObject({ id: kept.id, aliases: [{ name: 'Mueller Tooling', source: 'match' }] });
  const merged = await group.admin.ask(
    'query($id: ID!) { customer(id: $id) { mergedInto { id } accounts { totalCount } credit { exposure { amount } } } }',
    {
      id: other.id,
    },
  );
  expect(merged.customer).toEqual({
    mergedInto: { id: kept.id },
    accounts: { totalCount: 0 },
    credit: { exposure: { amount: '0.00' } },
  });
  const whole = await group.admin.ask(
    'query($id: ID!) { customer(id: $id) { credit { exposure { amount } creditStatus } merged { id } } }',
    {
      id: kept.id,
    },
  );
  expect(whole.customer).toEqual({
    credit: { exposure: { amount: '900.00' }, creditStatus: 'WITHIN' },
    merged: [{ id: other.id }],
  });

  expect(await group.order(`acc_${american}`, '200')).toMatchObject({
    lifecycle: 'SUBMITTED',
    holds: [{ kind: 'CREDIT', reason: 'The credit of the companies that customer 107 belongs to does not allow it.' }],
  });

  const undone = await group.admin.do('undoCustomerMatch', { id, expectedVersion: 2 }, 'match', MATCH);
  expect(undone).toMatchObject({ lifecycle: 'UNDONE', allowedActions: ['CONFIRM'] });
  expect(await customerOf(american)).toMatchObject({ id: other.id, name: 'Mueller Tooling', aliases: [], mergedInto: null });
  expect(await customerOf(german)).toMatchObject({ id: kept.id, aliases: [] });
  expect(await group.order(`acc_${american}`, '200')).toMatchObject({ lifecycle: 'CONFIRMED', holds: [] });
  expect(await wrongExposure(world.database)).toEqual([]);
  expect(await broken(world, world.tenantId)).toEqual([]);
});

test('what was undone is not proposed again, unless something new speaks for it', async () => {
  const { id } = await customerOf(american);
  const states = 'matches { lifecycle }';
  expect(await group.admin.do('findCustomerMatches', { customerId: id }, 'customer', states)).toEqual({
    matches: [{ lifecycle: 'UNDONE' }],
  });
  const shown = shownAt(group.entities.US, 'Mueller Tooling', {
    recordId: american,
    number: '107',
    country: 'DE',
    taxId: 'DE811569869',
  });
  await group.erps.US.taken('observeCustomer', shown);
  expect(await group.admin.do('findCustomerMatches', { customerId: id }, 'customer', states)).toEqual({
    matches: [{ lifecycle: 'PROPOSED' }],
  });
});

test('what an ERP says is followed on its own customer, whoever that was matched with, and is there when the match is undone', async () => {
  const [{ id }] = (await group.admin.ask('{ customerMatches { nodes { id } } }')).customerMatches.nodes;
  const kept = await customerOf(german);
  await group.admin.do('confirmCustomerMatch', { id }, 'match');
  const shown = shownAt(group.entities.US, 'Mueller Tooling USA', {
    recordId: american,
    number: '107',
    email: 'new@mueller.example',
  });
  await group.erps.US.taken('observeCustomer', shown);
  const held = await customerOf(american);
  expect(held).toMatchObject({ id: kept.id, name: 'Müller Werkzeugbau GmbH' });
  expect(held.aliases.map((a: { name: string }) => a.name)).toEqual(['Mueller Tooling', 'Mueller Tooling USA']);
  // another company of that ERP gets to know it: the account goes to whoever stands for it
  const [second] = await group.erps.US.observe('observeCustomer', [
    shownAt(group.entities.US, 'Mueller Tooling USA', { number: '107-2', partyAccountId: american }),
  ]);
  const secondId = second?.ok ? second.recordId : '';
  expect(await customerOf(secondId)).toMatchObject({ id: kept.id });

  await group.admin.do('undoCustomerMatch', { id }, 'match');
  const restored = await customerOf(american);
  expect(restored).toMatchObject({ name: 'Mueller Tooling USA', aliases: [{ name: 'Mueller Tooling', source: 'erp-us' }] });
  expect((await customerOf(secondId)).id).toBe(restored.id);
  expect(bare(restored.id)).not.toBe(bare(kept.id));
  expect(await broken(world, world.tenantId)).toEqual([]);
});

test('an account that its ERP blocks gets nothing more on credit here, whatever its customer may owe; its limit there is shown, and holds nothing', async () => {
  const shown = shownAt(group.entities.US, 'Blocked Corp.', { number: '200', currency: 'USD', creditLimit: '10.505' });
  const account = await group.erps.US.taken('observeCustomer', shown);
  const lookAt = async () =>
    (
      await group.admin.ask(
        'query($id: ID!) { customerAccount(id: $id) { version erpCreditLimit { amount currency } isBlockedInErp } }',
        {
          id: `acc_${account}`,
        },
      )
    ).customerAccount;
  expect(await lookAt()).toEqual({ version: 1, erpCreditLimit: { amount: '10.51', currency: 'USD' }, isBlockedInErp: false });
  expect(await group.order(`acc_${account}`, '900')).toMatchObject({ lifecycle: 'CONFIRMED' });

  const blocked = { ...shown, recordId: account, isCreditBlocked: true, creditLimit: undefined };
  await group.erps.US.taken('observeCustomer', blocked);
  expect(await lookAt()).toEqual({ version: 2, erpCreditLimit: null, isBlockedInErp: true });
  expect(await group.erps.US.observe('observeCustomer', [blocked])).toMatchObject([{ ok: true, isNew: false }]);
  const held = await group.order(`acc_${account}`, '1');
  expect(held).toMatchObject({
    lifecycle: 'SUBMITTED',
    holds: [{ kind: 'CREDIT', reason: 'The credit of customer 200 is blocked.' }],
  });

  await group.erps.US.taken('observeCustomer', { ...blocked, isCreditBlocked: false });
  expect(await group.admin.do('confirmOrder', { id: held.id }, 'order', 'lifecycle')).toEqual({ lifecycle: 'CONFIRMED' });
});

test('what is new is compared by itself soon after, once everything of a sync is there', async () => {
  const shown = { number: '301', taxId: 'ATU12345678', country: 'AT' };
  await group.show('DE', 'Ganz Neue Firma GmbH', shown);
  await group.show('US', 'Completely New Company', { ...shown, number: '302' });
  const rowsDue = async (now: Date) => world.platform.systemRows<{ id: string }>(findSchedule.due(now, 500));
  expect(await rowsDue(world.clock.now())).toEqual([]);
  const later = new Date(world.clock.now().getTime() + 60_000);
  const task = scheduledTask(findSchedule, {
    write: world.platform.write,
    clock: fixedClock(later.toISOString()),
    rows: (source) => world.platform.systemRows(source),
    systemPrincipal: (tenantId) => world.platform.systemPrincipal(tenantId),
  });
  expect((await rowsDue(later)).length).toBeGreaterThan(1);
  await task(null, { signal: new AbortController().signal } as never);
  expect(await rowsDue(later)).toEqual([]);
  const found = await group.admin.ask(
    '{ customerMatches(where: { lifecycle: { eq: PROPOSED } }) { nodes { customer { name } evidence { kind level } } } }',
  );
  expect(found.customerMatches.nodes).toContainEqual({
    customer: { name: 'Ganz Neue Firma GmbH' },
    evidence: expect.arrayContaining([{ kind: 'TAX_ID', level: 'EQUAL' }]),
  });
});
