// Setting and giving up forbidden pairs: by administrators, in words that exist, with their events.
import { expect, it } from 'vitest';
import { startWorld } from '../support/world.ts';
import { broken, rowsOf } from '../write/company.ts';

const world = await startWorld();
const admin = await world.as('admin');
const SHOWN = '{ nodes { firstPermission secondPermission extent isActive version } }';

it('a new tenant has its first pairs: who places an order does not release its credit, who asks for a limit does not grant it', async () => {
  const { forbiddenPairs } = await (await world.as('analyst')).ask(`{ forbiddenPairs ${SHOWN} }`);
  expect(forbiddenPairs.nodes).toEqual([
    { firstPermission: 'credit:request', secondPermission: 'credit:approve', extent: 'RECORD', isActive: true, version: 1 },
    { firstPermission: 'orders:place', secondPermission: 'credit:release', extent: 'RECORD', isActive: true, version: 1 },
  ]);
});

it.each([
  ['invoices:isue', 'invoices:draft', 'firstPermission', 'invoices:issue'],
  ['invoices:draft', 'bills:issue', 'secondPermission', 'invoices:issue'],
  ['invoices:draft', 'nothing', 'secondPermission', 'cash:apply'],
  ['invoices:draft', 'invoices:draft', 'secondPermission', 'two different permissions'],
])('the pair of %s and %s is refused with what is near', async (firstPermission, secondPermission, field, near) => {
  const [error] = await admin.refused('setForbiddenPair', { firstPermission, secondPermission, extent: 'RECORD' });
  expect(error).toMatchObject({ code: 'INVALID_INPUT', path: ['input', field] });
  expect(error?.message).toContain(near);
  expect(error?.message).not.toContain('bills:issue');
});

it('a pair is one pair in either order: set anew it changes, removed it stays in the list, each with its event', async () => {
  const set = (firstPermission: string, secondPermission: string, extent = 'RECORD') =>
    admin.do('setForbiddenPair', { firstPermission, secondPermission, extent }, 'forbiddenPair', 'id version isActive');
  const made = await set('payments:record', 'cash:apply');
  expect(made).toMatchObject({ version: 1, isActive: true });
  expect(await set('payments:record', 'cash:apply'), 'the same again').toEqual(made);
  expect(await set('cash:apply', 'payments:record')).toEqual({ ...made, version: 2 });
  const removed = await admin.do('removeForbiddenPair', { id: made.id }, 'forbiddenPair', 'id version isActive');
  expect(removed).toEqual({ id: made.id, version: 3, isActive: false });
  expect(await admin.do('removeForbiddenPair', { id: made.id }, 'forbiddenPair', 'version')).toEqual({ version: 3 });
  expect(await set('cash:apply', 'payments:record')).toEqual({ ...made, version: 4 });
  await admin.do('removeForbiddenPair', { id: made.id }, 'forbiddenPair');
  await world.platform.sealer.sealed();
  const events = await rowsOf<{ type: string }>(
    world,
    `select type from event where record_kind = 'ForbiddenPair' order by position`,
  );
  expect(events.map((e) => e.type.replace('forbidden_pair.', ''))).toEqual(['set', 'set', 'removed', 'set', 'removed']);
});

it('a pair that came with the tenant can be given up and set again', async () => {
  const { forbiddenPairs } = await admin.ask(
    '{ forbiddenPairs(where: { firstPermission: { eq: "credit:request" } }) { nodes { id } } }',
  );
  const { id } = forbiddenPairs.nodes[0];
  await admin.do('removeForbiddenPair', { id }, 'forbiddenPair');
  const pair = { firstPermission: 'credit:request', secondPermission: 'credit:approve', extent: 'RECORD' };
  expect(await admin.do('setForbiddenPair', pair, 'forbiddenPair', 'id version')).toEqual({ id, version: 3 });
});

it('two at once who set one pair make one', async () => {
  const pair = { firstPermission: 'orders:place', secondPermission: 'orders:confirm', extent: 'RECORD' };
  const ids = await Promise.all([1, 2, 3, 4].map(() => admin.do('setForbiddenPair', pair, 'forbiddenPair')));
  expect(new Set(ids.map((p) => p.id)).size).toBe(1);
});

it('only administrators of the whole tenant set pairs; a portal user does not even see them', async () => {
  const pair = { firstPermission: 'orders:place', secondPermission: 'orders:confirm', extent: 'RECORD' };
  const mutation = 'mutation($input: SetForbiddenPairInput!) { setForbiddenPair(input: $input) { userErrors { code } } }';
  for (const role of ['credit', 'analyst', 'integration']) {
    const answer = await (await world.as(role)).send(mutation, { input: pair });
    expect(answer.errors?.[0]?.extensions?.['code'], role).toBe('FORBIDDEN');
  }
});

it('after all of this the log and the records agree', async () => {
  expect(await broken(world, world.tenantId)).toEqual([]);
});
