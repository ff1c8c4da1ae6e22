// Separation of duties holds by every path: whoever did one half of a forbidden pair on a record is refused the other half there, by a
// mutation, in a set, by an API key, as a job and as an administrator; another person is not.
import { describe, expect, it } from 'vitest';
import { startWorld } from '../support/world.ts';
import { broken, principalOf, rowsOf } from '../write/company.ts';
import { openCases, type PairCase } from './cases.ts';
import { byItself, type Doer, makeKey, makePerson, overHttp, setDoerOf } from './people.ts';

const world = await startWorld();
const cases = await openCases(world);
const admin = await world.as('admin');
// each case sets its own pair
for (const { id } of (await admin.ask('{ forbiddenPairs { nodes { id } } }')).forbiddenPairs.nodes) {
  await admin.do('removeForbiddenPair', { id }, 'forbiddenPair');
}
const ann = await makePerson(world, 'ann');
const bob = overHttp(world, await makePerson(world, 'bob'));
const zoe = await makePerson(world, 'zoe', [{ role: 'admin' }]);
const zoesKey = overHttp(world, await makeKey(world, zoe));
const zoesOther = overHttp(world, await makeKey(world, zoe));
const [annInHttp, zoeInHttp, annInSet, itself] = [
  overHttp(world, ann),
  overHttp(world, zoe),
  await setDoerOf(world, 'ann'),
  await byItself(world),
];
const helper = overHttp(world, await makePerson(world, 'helper'));

/** Who does the first half, who is then refused the second, and by what way. */
const PATHS: readonly (readonly [string, { readonly first: Doer; readonly second: Doer; readonly dryRun?: true }])[] = [
  ['one person by mutations', { first: annInHttp, second: annInHttp }],
  ['one person in sets', { first: annInSet, second: annInSet }],
  ['one person by a mutation, then in a set', { first: annInHttp, second: annInSet }],
  ['an API key, after who made it', { first: zoeInHttp, second: zoesKey }],
  ['who made an API key, after the key', { first: zoesKey, second: zoeInHttp }],
  ['two API keys of one person', { first: zoesKey, second: zoesOther }],
  ['Cashgraph itself, after a person', { first: annInHttp, second: itself }],
  ['Cashgraph itself, after itself', { first: itself, second: itself }],
  ['an administrator', { first: zoeInHttp, second: zoeInHttp }],
  [
    'one person who only tries it out',
    { first: annInHttp, second: (name, input) => annInHttp(name, { ...input, dryRun: true }) },
  ],
];

/** One row per event, and who did what: all that a refused command could have left. */
const traces = async () =>
  (
    await rowsOf<{ events: string; duties: string }>(
      world,
      `select ((select count(*) from event_inbox) + (select count(*) from event))::text as events, (select count(*) from duty)::text as duties`,
    )
  )[0];

async function reach({ before, first, between }: PairCase, doer: Doer): Promise<string> {
  const id = await first(doer, before ? await before(helper) : '');
  return between ? between(helper, id) : id;
}

describe.each(cases.map((one) => ({ ...one, name: one.pair.join(' and ') })))('$name', (pairCase) => {
  const { pair, second } = pairCase;
  const withPair = async (work: () => Promise<void>) => {
    const [firstPermission, secondPermission] = pair;
    const input = { firstPermission, secondPermission, extent: 'RECORD' };
    const { id } = await admin.do('setForbiddenPair', input, 'forbiddenPair');
    try {
      await work();
    } finally {
      await admin.do('removeForbiddenPair', { id }, 'forbiddenPair');
    }
  };

  it.each(PATHS)('is refused to %s, who leaves no trace; another person may do the rest', async (_, path) => {
    await withPair(async () => {
      const id = await reach(pairCase, path.first);
      await world.platform.sealer.sealed();
      const before = await traces();
      const { id: made, codes, messages } = await path.second(second.command, second.input(id));
      expect({ made, codes }).toEqual({ made: null, codes: ['DUTIES_CONFLICT'] });
      expect(messages[0]).toContain(pair[0]);
      expect(messages[0]).toContain(pair[1]);
      expect(await traces()).toEqual(before);
      expect((await bob(second.command, second.input(id))).codes).toEqual([]);
    });
  });

  it('concerns one record: on another the same person may do the other half', () =>
    withPair(async () => {
      await reach(pairCase, annInHttp);
      const others = await reach(pairCase, bob);
      expect((await annInHttp(second.command, second.input(others))).codes).toEqual([]);
    }));

  it('takes nothing from the rest of a set', () =>
    withPair(async () => {
      const ids = [await reach(pairCase, bob), await reach(pairCase, annInHttp), await reach(pairCase, bob)];
      const { platform } = world;
      const principal = await principalOf(world, 'ann');
      const inputs = ids.map((id) => second.input(id));
      const outcomes = await platform.write.runSet(platform.command(second.command), inputs, { principal, requestId: 'set' });
      expect(outcomes.map((o) => (o.ok ? 'done' : o.problems.map((p) => p.code).join()))).toEqual([
        'done',
        'DUTIES_CONFLICT',
        'done',
      ]);
    }));

  it('is no hindrance before it is set, nor after it is removed', async () => {
    const id = await reach(pairCase, annInHttp);
    await withPair(async () => {
      expect((await annInHttp(second.command, second.input(id))).codes, 'what was done before counts for nothing').toEqual([]);
    });
    const later = await reach(pairCase, annInHttp);
    expect((await annInHttp(second.command, second.input(later))).codes).toEqual([]);
  });
});

it('after all of this the books and the duties are as they must be', async () => {
  expect(await broken(world, world.tenantId)).toEqual([]);
});
