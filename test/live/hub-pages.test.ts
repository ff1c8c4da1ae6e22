// Pages of the log are read once for all who come back from nearly the same place, and nobody is given less than there is.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { type LogPage, LogPages } from '../../src/outbox/tail-pages.ts';
import { eventOf } from './hub-log.ts';

const PAGE = 1_000;
/** The tenant's positions among those of all. */
const positions = Array.from({ length: 6_000 }, (_, i) => BigInt(i * 2 + 1));
const head = positions.at(-1) ?? 0n;

it('a thousand who catch up at once from different places read a page each time once, and get everything after their place', async () => {
  const pages = new LogPages();
  const reads: bigint[] = [];
  const read = async (from: bigint): Promise<LogPage> => {
    reads.push(from);
    await nextTurn();
    const events = positions.filter((position) => position > from).slice(0, PAGE);
    const upTo = events.length === PAGE ? (events.at(-1) ?? from) : head;
    return { events: events.map((position) => eventOf(position, {})), upTo, floor: 0n };
  };
  const random = seededRandom('pages');
  const everybody = Array.from({ length: 1_000 }, async () => {
    const start = BigInt(random.int(3_000));
    const got: bigint[] = [];
    for (let cursor = start; cursor < head; ) {
      const before = cursor;
      const page = await pages.after(cursor, 'all', read);
      got.push(...page.events.map(({ position }) => position).filter((position) => position > before));
      cursor = page.upTo;
    }
    return { start, got };
  });
  for (const { start, got } of await Promise.all(everybody)) {
    const first = positions.findIndex((position) => position > start);
    expect([got[0], got.length, got.at(-1)]).toEqual([positions[first], positions.length - first, head]);
  }
  expect(reads.length).toBeLessThan(40);
});
