// The same person doing both halves of a pair on one record at once: one of them is done and the other refused, whoever is first,
// also where the commands lock nothing in common. Commands of this test write nothing, so that nothing else could keep them apart.
import { expect, it } from 'vitest';
import type { Permission } from '../../src/access/policy.ts';
import { idOf, object } from '../../src/kernel/input.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { uuidv7 } from '../../src/kernel/ids.ts';
import { command } from '../../src/write/command.ts';
import { startWorld } from '../support/world.ts';
import { principalOf, range, rowsOf } from '../write/company.ts';

const world = await startWorld();
const admin = await world.as('admin');
const pair = { firstPermission: 'invoices:draft', secondPermission: 'invoices:issue', extent: 'RECORD' };
await admin.do('setForbiddenPair', pair, 'forbiddenPair');
const [billing, other] = [await principalOf(world, 'billing'), await principalOf(world, 'admin')];

const half = (permission: Permission) =>
  command({
    name: `half ${permission}`,
    description: 'Does nothing, on a record that need not be there.',
    permission,
    record: 'Invoice',
    input: object('HalfInput', { id: idOf('inv').describe('The record.') }),
    facts: async () => null,
    decide: (_, { id }) => ({ recordId: id, rows: [], events: [] }),
  });
const [draft, issue] = [half('invoices:draft'), half('invoices:issue')];
const random = seededRandom('race');
const newRecord = () => publicId('inv', uuidv7({ now: Date.parse('2026-01-01'), random: (count) => random.bytes(count) }));

const request = { principal: billing, requestId: 'race' };

it('is done by halves: exactly one of the two, on each of 60 records', async () => {
  const outcomes = await Promise.all(
    range(60).map(async (n) => {
      const input = { id: newRecord() };
      const order = n % 2 === 0 ? [draft, issue] : [issue, draft];
      return Promise.all(order.map((one) => world.platform.write.run(one, input, request)));
    }),
  );
  for (const pairOfOutcomes of outcomes) {
    const refused = pairOfOutcomes.flatMap((o) => (o.ok ? [] : o.problems.map((p) => p.code)));
    expect(refused).toEqual(['DUTIES_CONFLICT']);
  }
  const [{ count }] = (await rowsOf<{ count: string }>(world, 'select count(*)::text as count from duty')) as [{ count: string }];
  expect(count).toBe('60');
});

it('is done twice where both do the same half at once, and where two people do one half each', async () => {
  const input = { id: newRecord() };
  const same = await Promise.all(range(10).map(() => world.platform.write.run(draft, input, request)));
  const theirs = await world.platform.write.run(issue, input, { ...request, principal: other });
  expect([...same, theirs].map((o) => o.ok)).toEqual(range(11).map(() => true));
});

it('is held in sets that overlap in opposite orders as well, without one waiting for the other for ever', async () => {
  const ids = range(40).map(() => ({ id: newRecord() }));
  const sets = await Promise.all([
    world.platform.write.runSet(draft, ids, request),
    world.platform.write.runSet(issue, [...ids].reverse(), request),
  ]);
  const [drafted, issued] = [sets[0], [...sets[1]].reverse()];
  ids.forEach((_, i) => expect([drafted[i]?.ok, issued[i]?.ok].filter(Boolean)).toHaveLength(1));
});
