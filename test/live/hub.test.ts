// The hub: many subscribers are served by one execution of each event, and each gets everything that is for it, once and in order.
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../src/access/principal.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { SealedEvent } from '../../src/outbox/event.ts';
import { isWanted } from '../../src/outbox/event-filter.ts';
import { createPlatformCatalogue } from '../../src/platform-graph.ts';
import { Topics, topicsOf } from '../../src/transport/live/topics.ts';
import { acceptsEvent } from '../../src/write/event-access.ts';
import { type Asked, eventOf, eventually, person, Stage, type Subscriber } from './hub-log.ts';

const PEOPLE: readonly Principal[] = [
  person('jane'),
  person('joe'),
  person('one', { customerIds: ['c1'], accountIds: ['a1'] }),
  person('two', { customerIds: ['c2'], accountIds: ['a2', 'a3'] }),
];
const ACCOUNTS = ['a1', 'a2', 'a3', 'a4'];
const TYPES = ['invoice.issued', 'invoice.paid', 'order.placed'];
const FILTERS: readonly Asked[] = [{}, { types: ['invoice.paid'] }, { accountId: 'a1' }, { recordId: 'r2' }];

type Random = ReturnType<typeof seededRandom>;
const oneOf = <T>(random: Random, from: readonly T[]): T => from[random.int(from.length)] as T;

const eventBy = (random: Random): Partial<SealedEvent> => ({
  type: oneOf(random, TYPES),
  accountId: oneOf(random, [...ACCOUNTS, null]),
  recordId: `r${random.int(3)}`,
});

/** One step of what may happen at any time. */
async function step(stage: Stage, people: Subscriber[], random: Random): Promise<void> {
  const { log } = stage;
  const open = people.filter(({ isEnded, stop }) => !isEnded && stop !== left);
  const dice = random.int(100);
  if (dice < 30) log.publish(Array.from({ length: 1 + random.int(4) }, () => eventBy(random)));
  else if (dice < 35) log.publish(Array.from({ length: 60 }, () => eventBy(random)));
  else if (dice < 55) {
    const after = random.int(3) === 0 ? null : BigInt(random.int(Number(log.head) + 1));
    const joining = stage.subscribe(oneOf(random, PEOPLE), { after, ...oneOf(random, FILTERS) });
    void joining.then((subscriber) => people.push(subscriber));
  } else if (dice < 65 && open.length > 0) {
    const leaver = oneOf(random, open);
    leaver.stop();
    leaver.stop = left;
  } else if (dice < 75 && open.length > 0) {
    const one = oneOf(random, open);
    one.isSlow = !one.isSlow;
    if (!one.isSlow) one.waitingBytes = 0;
  } else if (dice < 77) stage.faults = 2;
  else if (dice < 79) log.floor = newer(log.floor, BigInt(random.int(Number(log.head) + 1)));
  for (let turns = random.int(6); turns > 0; turns--) await nextTurn();
}

const left = (): void => {};
const newer = (a: bigint, b: bigint): bigint => (a > b ? a : b);

it('each subscriber gets every event that is for it once and in order, however joins, leaves, resumes, stalls and faults fall', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
      const random = seededRandom(`hub ${seed}`);
      const stage = new Stage({ socketBufferMaxBytes: 4_000 });
      const people: Subscriber[] = [];
      for (let count = 0; count < 80; count++) await step(stage, people, random);
      for (const one of people) Object.assign(one, { isSlow: false, waitingBytes: 0 });
      const { events, head } = stage.log;
      const staying = people.filter(({ stop }) => stop !== left);
      await eventually(() => staying.every((one) => one.cursors.length >= one.due(events, head).length));
      await nextTurn();
      for (const one of staying) expect(one.cursors).toEqual(one.due(events, head));
      for (const one of people) {
        expect(one.cursors).toEqual(one.due(events, one.cursors.at(-1) ?? 0n));
        expect(one.isEnded || one.isCut || one.errors !== null).toBe(false);
        one.stop();
      }
      expect(stage.log.watches).toBe(0);
    }),
    { numRuns: Number(process.env['HUB_RUNS'] ?? 20), seed: 7 },
  );
}, 120_000);

describe('a group', () => {
  it('executes each event once, also when three thousand come back at once from different places', async () => {
    const stage = new Stage();
    stage.log.publish(Array.from({ length: 300 }, () => ({})));
    const joining = Array.from({ length: 3_000 }, (_, i) => stage.subscribe(person('jane'), { after: BigInt(100 + (i % 150)) }));
    stage.log.publish(Array.from({ length: 10 }, () => ({})));
    const people = await Promise.all(joining);
    const { events, head } = stage.log;
    await eventually(() => people.every((one) => one.cursors.length === one.due(events, head).length));
    for (const one of people) expect(one.cursors).toEqual(one.due(events, head));
    expect([...stage.executed.values()].every((count) => count === 1)).toBe(true);
    expect(stage.executed.size).toBe(210);
    stage.log.close();
  });

  it('keeps its answers a while for whoever comes back', async () => {
    const stage = new Stage();
    const [staying, leaving] = [await stage.subscribe(person('jane')), await stage.subscribe(person('jane'))];
    stage.log.publish([{}, {}, {}]);
    await eventually(() => leaving.cursors.length === 3);
    leaving.stop();
    const back = await stage.subscribe(person('jane'), { after: 1n });
    await eventually(() => back.cursors.length === 2);
    expect([...stage.executed.values()]).toEqual([1, 1, 1]);
    for (const one of [staying, back]) one.stop();
  });

  it('is of those alone who may see the same and ask the same, whatever their cursors and the order of their variables', async () => {
    const stage = new Stage();
    stage.log.publish([{}, {}]);
    const reader = { ...person('joe'), grants: new Map([['invoices:read', 'ALL']] as const) };
    const same = [person('jane'), { ...person('jane'), expiresAt: new Date(0) }];
    const others = [reader, { ...reader, grants: new Map([['invoices:read', ['le']]] as const) }, PEOPLE[2], PEOPLE[3]];
    for (const one of [...same, ...others]) await stage.subscribe(one as Principal, { recordId: 'r1', accountId: 'a1' });
    await stage.subscribe(same[0] as Principal, { accountId: 'a1', recordId: 'r1', after: 1n });
    stage.log.publish([{ accountId: 'a1' }]);
    await eventually(() => (stage.executed.get('3') ?? 0) === 4);
    await nextTurn();
    // jane's three are one, and PEOPLE[3] may not see it
    expect(stage.executed.get('3')).toBe(4);
    stage.log.close();
  });

  it('is of one login where what is shown can be its own', async () => {
    const stage = new Stage();
    for (const name of ['jane', 'joe']) await stage.subscribe(person(name));
    stage.log.publish([{}]);
    await eventually(() => (stage.executed.get('1') ?? 0) > 1);
    expect(stage.executed.get('1')).toBe(2);
    stage.log.close();
  });
});

describe('an execution', () => {
  it('that fails by a mistake of ours is told masked, with its place, and the stream goes on', async () => {
    const stage = new Stage();
    const one = await stage.subscribe(person('jane'));
    stage.log.publish([{ type: 'broken' }, {}]);
    await eventually(() => one.shown.length === 2);
    expect(one.shown[0]).toContain('"code":"INTERNAL"');
    expect(one.shown[0]).not.toContain('secret');
    expect(one.cursors).toEqual([2n]);
    one.stop();
  });

  it('that finds the database away is tried again, and nothing is skipped', async () => {
    const stage = new Stage();
    const one = await stage.subscribe(person('jane'));
    stage.faults = 4;
    stage.log.publish([{}, {}, {}]);
    await eventually(() => one.cursors.length === 3);
    expect(one.cursors).toEqual([1n, 2n, 3n]);
    one.stop();
  });
});

describe('a subscriber', () => {
  it('who takes nothing while too much waits is cut, and the others get everything meanwhile', async () => {
    const stage = new Stage({ socketBufferMaxBytes: 4_000, streamWaitingMaxCount: 50 });
    const [stalled, well] = [await stage.subscribe(person('jane')), await stage.subscribe(person('jane'))];
    stalled.isSlow = true;
    stage.log.publish(Array.from({ length: 400 }, () => ({})));
    await eventually(() => well.cursors.length === 400);
    await eventually(() => stalled.isCut);
    expect(stalled.waitingBytes).toBeLessThan(4_000);
    expect(well.isCut).toBe(false);
    well.stop();
  });

  it('who takes slowly is waited for and gets everything', async () => {
    const stage = new Stage({ socketBufferMaxBytes: 4_000, streamWaitingMaxCount: 10 });
    const slow = await stage.subscribe(person('jane'));
    slow.isSlow = true;
    const taking = setInterval(() => {
      slow.waitingBytes = Math.max(0, slow.waitingBytes - 4_000);
    }, 2);
    stage.log.publish(Array.from({ length: 300 }, () => ({})));
    await eventually(() => slow.cursors.length === 300);
    clearInterval(taking);
    expect(slow.isCut).toBe(false);
    slow.stop();
  });

  it('is refused with a cursor of another log, and without the permission', async () => {
    const stage = new Stage();
    const refused = [
      await stage.subscribe(person('jane'), { after: 1n }),
      await stage.subscribe(person('jane'), { accountId: 'forbidden' }),
    ];
    const codes = refused
      .map(({ errors }) => errors?.[0]?.originalError)
      .map((error) => (error as { code?: string } | undefined)?.code);
    expect(codes).toEqual(['CURSOR_INVALID', 'FORBIDDEN']);
    expect(stage.log.watches).toBe(0);
  });

  it('is told that its stream is complete when the log is closed', async () => {
    const stage = new Stage();
    const people = [await stage.subscribe(person('jane')), await stage.subscribe(person('joe'))];
    stage.log.close();
    expect(people.map(({ isEnded, errors }) => [isEnded, errors])).toEqual([
      [true, null],
      [true, null],
    ]);
  });
});

it('no event that somebody may see is missed by the index, whatever is asked', () => {
  const records = new Map(createPlatformCatalogue().records.map((record) => [record.name, record]));
  const kinds = [...records.keys()];
  const grants = new Map([...records.values()].map(({ resource }) => [resource.permission, 'ALL'] as const));
  const ids = fc.constantFrom('a1', 'a2', 'c1', 'c2');
  const filter = fc.record(
    { recordId: ids, accountId: ids, customerId: ids, types: fc.subarray(TYPES), recordKinds: fc.subarray(kinds) },
    { requiredKeys: [] },
  );
  const event = fc.record({
    recordId: ids,
    recordKind: fc.constantFrom(...kinds),
    type: fc.constantFrom(...TYPES),
    accountId: fc.option(ids, { freq: 1 }),
    customerId: fc.option(ids, { freq: 1 }),
    holderId: fc.option(ids, { freq: 1 }),
    payload: fc.constantFrom({}, { to: 'OPEN' }, { startedById: 'actor-jane' }),
  });
  let seen = 0;
  fc.assert(
    fc.property(fc.oneof(fc.constant({}), filter), event, fc.boolean(), (asked, some, isPortal) => {
      const jane = { ...person('jane', isPortal ? { customerIds: ['c1'], accountIds: ['a1'] } : null), grants };
      const made = eventOf(1n, some);
      const topics = new Topics<string>();
      topics.add('group', topicsOf(asked, jane.portal));
      const found: string[] = [];
      topics.find(made, (group) => found.push(group));
      if (!isWanted(made, asked) || !acceptsEvent(jane, records)(made)) return;
      // what is a login's own belongs to no customer
      if (records.get(made.recordKind)?.resource.own && (made.accountId !== null || made.customerId !== null)) return;
      seen += 1;
      expect(found).toContain('group');
    }),
    { numRuns: 6_000, seed: 7 },
  );
  expect(seen).toBeGreaterThan(100);
});
