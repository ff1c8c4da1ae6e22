// What may become one, what is refused with what has to be done first, and what undoing gives back: nothing that holds credit back is ever lost.
import { beforeAll, describe, expect, it, test } from 'vitest';
import { isDomainError } from '../../src/kernel/errors.ts';
import { startWorld } from '../support/world.ts';
import { exposures, issue, openGroup, pay, rightExposures, wide, wrongExposure, type Group } from '../credit/group.ts';
import { atOnce, broken, principalOf, range } from '../write/company.ts';
import { MATCH } from './group.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
let group: Group;
beforeAll(async () => {
  group = await openGroup(world);
});

let made = 0;
/** A customer with an account at each legal entity. */
async function customer(number: string, more: Record<string, unknown> = {}): Promise<string> {
  const id = await group.make('createCustomer', { number, name: `Customer ${number}`, ...more }, 'cus_');
  (group.customers as Record<string, string>)[number] = id;
  for (const code of ['DE', 'US']) {
    const opening = { customerId: id, legalEntityId: group.entities[code], number, currency: 'EUR' };
    (group.accounts as Record<string, string>)[`${number} ${code}`] = await group.make('openAccount', opening, 'acc_');
  }
  return id;
}
async function pair(): Promise<readonly [string, string, string, string]> {
  made += 1;
  const [a, b] = [`A${made}`, `B${made}`];
  return [await customer(a), await customer(b), a, b];
}
const matching = (customerId: string, otherCustomerId: string, keepCustomerId?: string) => ({
  customerId,
  otherCustomerId,
  ...(keepCustomerId ? { keepCustomerId } : {}),
});
const match = (a: string, b: string, keep?: string) => group.admin.do('matchCustomers', matching(a, b, keep), 'match', MATCH);
const refusal = async (a: string, b: string, keep?: string) =>
  (await group.admin.refused('matchCustomers', matching(a, b, keep)))[0];
const undo = (id: string) => group.admin.do('undoCustomerMatch', { id }, 'match', MATCH);
const show = async (id: string) =>
  (
    await group.admin.ask(
      'query($id: ID!) { customer(id: $id) { parent { number } mergedInto { number } accounts { totalCount } children { nodes { number } } } }',
      { id },
    )
  ).customer;

describe('who is kept', () => {
  it('is the one that is asked for, else the one that holds credit back, else the older', async () => {
    const [a, b] = await pair();
    expect(await match(b, a)).toMatchObject({ lifecycle: 'CONFIRMED', keptCustomerId: a });
    const [c, d] = await pair();
    expect(await match(c, d, d)).toMatchObject({ keptCustomerId: d });
    const [e, f, , number] = await pair();
    await group.limit(number, '100');
    expect(await match(e, f)).toMatchObject({ keptCustomerId: f });
  });

  it('is never the one without the block or the limit that the other one has', async () => {
    const [a, b, , limited] = await pair();
    await group.limit(limited, '100');
    expect(await refusal(a, b, a)).toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringMatching(
        /has a credit limit of 100.00 EUR, and A\d+ .* has none: give .* a limit for both first, or keep B\d+/,
      ),
    });
    const [c, d] = await pair();
    await group.admin.do('blockCredit', { customerId: d, reason: 'Fraud' }, 'creditAccount');
    expect((await refusal(c, d, c))?.message).toMatch(
      /is blocked, and that of A\d+ .* is not: block the credit of A\d+ .* first, or keep B\d+/,
    );
    expect(await match(c, d)).toMatchObject({ keptCustomerId: d });
  });

  it('is the one that others were matched with', async () => {
    const [a, b] = await pair();
    const [c, d] = await pair();
    await match(a, b);
    expect(await match(c, a)).toMatchObject({ keptCustomerId: a });
    expect((await refusal(a, d, d))?.message).toContain('Others were found to be the same as A');
    expect((await refusal(b, d))?.message).toMatch(/^Customer B\d+ .* was found to be the same as A\d+ /);
    expect((await refusal(a, a))?.code).toBe('INVALID_INPUT');
    expect((await refusal(a, b))?.code).toBe('ALREADY_EXISTS');
  });
});

test('a customer that another one stands for takes no accounts, nobody below it, no limit and no block', async () => {
  const [a, b, , number] = await pair();
  const { id: approvalId } = await (await world.as('order-desk')).do(
    'requestCreditLimit',
    { customerId: b, reason: 'It grows.', limit: { amount: '5', currency: 'EUR' } },
    'approval',
  );
  await match(a, b);
  const opening = { customerId: b, legalEntityId: group.entities['FR'], number: `${number} new`, currency: 'EUR' };
  expect(await group.admin.refused('openAccount', opening)).toMatchObject([
    { code: 'WRONG_STATE', path: ['input', 'customerId'] },
  ]);
  expect(await group.admin.refused('createCustomer', { number: `${number} child`, name: 'Child', parentId: b })).toMatchObject([
    { code: 'WRONG_STATE', path: ['input', 'parentId'] },
  ]);
  expect(await group.admin.refused('updateCustomer', { id: group.customers['S2'], parentId: b })).toMatchObject([
    { code: 'WRONG_STATE' },
  ]);
  expect(await group.admin.refused('blockCredit', { customerId: b, reason: 'x' })).toMatchObject([{ code: 'WRONG_STATE' }]);
  const wish = { customerId: b, reason: 'x', limit: { amount: '5', currency: 'EUR' } };
  expect(await group.admin.refused('requestCreditLimit', wish)).toMatchObject([{ code: 'WRONG_STATE' }]);
  const granting = { approvalId, amount: { amount: '5', currency: 'EUR' } };
  expect(await (await world.as('credit')).refused('approveCreditLimit', granting)).toMatchObject([{ code: 'WRONG_STATE' }]);
});

describe('the hierarchy', () => {
  it('is refused where one belongs to the other, or both to different ones', async () => {
    expect((await refusal(group.customers['H'] ?? '', group.customers['S1'] ?? ''))?.message).toContain('belongs to the other');
    expect((await refusal(group.customers['S1'] ?? '', group.customers['S2'] ?? ''))?.message).toContain(
      'belong to different customers',
    );
  });

  it('comes along with what is below, and what is above where the kept one has nothing above; undone it is as it was', async () => {
    const [a, b, , number] = await pair();
    const child = await customer(`${number}C`, { parentId: b });
    const mover = await customer(`${number}D`, { parentId: b });
    await group.admin.do('updateCustomer', { id: b, parentId: group.customers['M2'] }, 'customer');
    await issue(group, `${number}C DE`, '30');
    await issue(group, `${number} DE`, '7');
    const before = await rightExposures(world.database);
    const { id, movedAccountCount, movedCustomerCount } = await match(a, b);
    expect([movedAccountCount, movedCustomerCount]).toEqual([2, 3]);
    expect(await show(a)).toMatchObject({
      parent: { number: 'M2' },
      accounts: { totalCount: 4 },
      children: { nodes: [{ number: `${number}C` }, { number: `${number}D` }] },
    });
    const between = await rightExposures(world.database);
    expect([between[number], between['M2']]).toEqual([0, before['M2']]);
    // what somebody changes while they are one stays so
    await group.admin.do('updateCustomer', { id: mover, parentId: group.customers['H'] }, 'customer');
    await undo(id);
    expect(await show(a)).toMatchObject({ parent: null, accounts: { totalCount: 2 }, children: { nodes: [] } });
    expect(await show(b)).toMatchObject({
      parent: { number: 'M2' },
      mergedInto: null,
      children: { nodes: [{ number: `${number}C` }] },
    });
    expect((await show(mover)).parent).toEqual({ number: 'H' });
    expect((await show(child)).parent).toEqual({ number });
    expect(await rightExposures(world.database)).toEqual(before);
  });

  it('is never closed to a circle by undoing', async () => {
    const [a, b, , number] = await pair();
    const child = await customer(`${number}C`, { parentId: b });
    const { id } = await match(a, b);
    await group.admin.do('updateCustomer', { id: b, parentId: child }, 'customer');
    await undo(id);
    expect((await show(child)).parent.number).toBe(`A${made}`);
    expect((await show(b)).parent).toEqual({ number: `${number}C` });
    expect(await wrongExposure(world.database)).toEqual([]);
  });
});

test('a payment of one may settle an invoice of the other while they are one, and still does when that is undone', async () => {
  const [a, b, first, second] = await pair();
  const invoiceId = await issue(group, `${second} DE`, '20');
  const paymentId = await pay(group, `${first} DE`, '20');
  const applying = { paymentId, allocations: [{ invoiceId, amount: '20' }] };
  expect((await group.admin.refused('applyCash', applying))[0]?.code).toBe('ACCOUNT_MISMATCH');
  const { id } = await match(a, b);
  await group.admin.do('applyCash', applying, 'payment');
  await undo(id);
  expect(await broken(world, world.tenantId)).toEqual([]);
});

test('whoever decides on what has changed since is told so, and nobody decides twice', async () => {
  const [a, b] = await pair();
  const { id, version } = await match(a, b);
  expect((await group.admin.refused('undoCustomerMatch', { id, expectedVersion: version - 1 }))[0]?.code).toBe(
    'VERSION_CONFLICT',
  );
  expect((await group.admin.refused('rejectCustomerMatch', { id }))[0]?.code).toBe('WRONG_STATE');
  expect((await group.admin.refused('confirmCustomerMatch', { id }))[0]?.code).toBe('WRONG_STATE');
  await undo(id);
  expect((await group.admin.refused('undoCustomerMatch', { id }))[0]?.code).toBe('WRONG_STATE');
  expect(await group.admin.do('confirmCustomerMatch', { id }, 'match', 'lifecycle version')).toMatchObject({
    lifecycle: 'CONFIRMED',
  });
});

test('accounts and customers that are added while two become one, and cease to be, end with whoever stands for theirs', async () => {
  const platform = await wide(world, 8);
  const [a, b, , number] = await pair();
  const principal = await principalOf(world, 'admin');
  const run = async (i: number, command: string, input: object) => {
    try {
      return await platform.write.run(platform.command(command), input, { principal, requestId: `race ${number} ${i}` });
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'CONFLICT_RETRY') throw error;
      return { ok: false as const, problems: [] };
    }
  };
  const outcomes = await atOnce(8, range(48), async (i) => {
    if (i % 4 === 0) {
      const confirmed = await run(i, 'matchCustomers', matching(a, b, a));
      return confirmed.ok ? run(i, 'undoCustomerMatch', { id: `cm_${confirmed.recordId}` }) : confirmed;
    }
    if (i % 4 === 1) return run(i, 'createCustomer', { number: `${number} ${i}`, name: `Child ${i}`, parentId: b });
    if (i % 4 === 2) {
      const opening = { customerId: b, legalEntityId: group.entities['FR'], number: `${number} ${i}`, currency: 'EUR' };
      return run(i, 'openAccount', opening);
    }
    const amount = { amount: '3.33', currency: 'EUR' };
    return run(i, 'recordPayment', { accountId: group.accounts[`${number} DE`], amount });
  });
  expect(outcomes.filter((outcome) => outcome?.ok).length).toBeGreaterThan(12);
  await run(99, 'matchCustomers', matching(a, b, a));
  expect(await show(b)).toMatchObject({
    mergedInto: { number: `A${made}` },
    accounts: { totalCount: 0 },
    children: { nodes: [] },
  });
  expect((await exposures(world.database))[number]).toBe(0);
  expect(await wrongExposure(world.database)).toEqual([]);
  expect(await broken(world, world.tenantId)).toEqual([]);
});
