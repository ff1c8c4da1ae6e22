// Live events: a subscriber gets each event that it accepts once and in order, from its cursor on, whatever breaks in between.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { listenWith, openSystemPool } from '../../src/outbox/connection.ts';
import type { LogMessage, SealedEvent } from '../../src/outbox/event.ts';
import { parseCursor } from '../../src/outbox/event-row.ts';
import { createSealer } from '../../src/outbox/sealer.ts';
import { createEventStream, type EventStream, type Subscribe } from '../../src/outbox/tail.ts';
import { freshDatabase } from '../support/database.ts';
import { positionsOf, take } from './streams.ts';
import { administer, insertEvent, makeRecords, makeTenant, withTenant, writeEvent, writeMany } from './writers.ts';

const database = await freshDatabase();
const system = { connection: database.connection, role: 'cashgraph_system' };
const pool = openSystemPool({ ...system, max: 5 });
const sealer = createSealer({ pool, owner: 'tests', batch: 100 });
const streams: EventStream[] = [];
let tenantId: string;
let otherTenantId: string;
let records: string[];

function open(pollMs = { up: 60_000, down: 60_000 }): EventStream {
  const stream = createEventStream({ pool, listen: listenWith(system), pollMs });
  streams.push(stream);
  return stream;
}

beforeAll(async () => {
  tenantId = await makeTenant(database);
  otherTenantId = await makeTenant(database, 'other');
  records = await makeRecords(database, 20);
  sealer.start();
});
afterAll(async () => {
  await Promise.all(streams.map((stream) => stream.close()));
  await sealer.stop();
  await pool.end();
});

const all = (after: bigint | null, more: Partial<Subscribe> = {}): Subscribe => ({
  tenantId,
  after,
  accepts: () => true,
  ...more,
});

const logAfter = async (after: bigint, of = tenantId) =>
  positionsOf(await open().readEvents({ tenantId: of, after, limit: 100_000 }));

async function writeBulk(count: number): Promise<void> {
  await withTenant(database.as('app'), tenantId, async (client) => {
    for (let i = 0; i < count; i++) await insertEvent(client, { tenantId, recordId: records[i % 20] as string, version: 1 });
  });
  await sealer.sealed();
}

test('a subscriber who starts in the middle, stops and resumes again and again sees each event once and in order', async () => {
  const stream = open();
  const random = seededRandom('tail');
  const writing = writeMany(database, { tenantIds: [tenantId, otherTenantId], records, random, writers: 16, each: 30 });
  await sleep(100);
  const start = await stream.head();
  let cursor = start;
  const seen: SealedEvent[] = [];
  const parts = seededRandom('parts');
  let isWritten = false;
  void writing.then(() => {
    isWritten = true;
  });
  while (!isWritten) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60 + parts.int(60));
    for await (const { event } of stream.subscribe(all(cursor, { signal: stop.signal }))) {
      if (!event) throw new Error('Nothing was dropped.');
      seen.push(event);
      cursor = event.position;
      if (parts.int(40) === 0) break;
    }
  }
  await writing;
  await sealer.sealed();
  const expected = await logAfter(start);
  seen.push(...(await take(stream.subscribe(all(cursor)), expected.length - seen.length)));
  expect(positionsOf(seen)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(100);
  expect(seen.every((event) => event.tenantId === tenantId)).toBe(true);
});

/** Writes until each of them has heard something: from then on all that is written is theirs. Gives what they hear. */
async function hearing(subscriptions: readonly AsyncIterable<LogMessage>[]): Promise<readonly SealedEvent[][]> {
  const heard = subscriptions.map((): SealedEvent[] => []);
  subscriptions.forEach((subscription, i) => void follow(subscription, heard[i] as SealedEvent[]));
  while (heard.some(({ length }) => length === 0)) {
    await writeEvent(database, { tenantId, recordId: records[0] as string });
    await sleep(20);
  }
  const head = await sealer.sealed();
  await expect.poll(() => heard.every((events) => events.at(-1)?.position === head)).toBe(true);
  for (const events of heard) events.length = 0;
  return heard;
}

async function follow(subscription: AsyncIterable<LogMessage>, heard: SealedEvent[]): Promise<void> {
  for await (const { event } of subscription) if (event) heard.push(event);
}

test('a subscriber without a cursor gets what is sealed from now on, without waiting for a poll', async () => {
  const [heard = []] = await hearing([open().subscribe(all(null))]);
  for (let i = 0; i < 3; i++) await writeEvent(database, { tenantId, recordId: records[i] as string }, { payload: { n: i } });
  // a poll would come in a minute
  await expect.poll(() => heard.map(({ payload }) => payload)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
});

test('a subscriber gets only its tenant, the types and kinds it asked for, and what it may see', async () => {
  const stream = open();
  const after = await stream.head();
  const mine = stream.subscribe(
    all(after, { types: ['invoice.issued'], recordKinds: ['invoice'], accepts: (event) => event.recordId !== records[1] }),
  );
  const none = stream.subscribe(all(after, { recordKinds: ['payment'] }));
  const refused = none.next();
  await writeEvent(database, { tenantId, recordId: records[0] as string }, { type: 'invoice.changed' });
  await writeEvent(database, { tenantId: otherTenantId, recordId: records[2] as string }, { type: 'invoice.issued' });
  await writeEvent(database, { tenantId, recordId: records[1] as string }, { type: 'invoice.issued' });
  await writeEvent(database, { tenantId, recordId: records[0] as string }, { type: 'invoice.issued' });
  expect(await take(mine, 1)).toMatchObject([{ tenantId, type: 'invoice.issued', recordId: records[0] }]);
  await none.return?.();
  expect(await refused).toEqual({ done: true, value: undefined });
});

test('a slow subscriber gets everything, while the process keeps no more than its last thousand events', async () => {
  const stream = open();
  const after = await stream.head();
  const slow = stream.subscribe(all(after));
  await writeBulk(50);
  const first = await take({ [Symbol.asyncIterator]: () => ({ next: () => slow.next() }) }, 10);
  await writeBulk(4_500);
  const rest: SealedEvent[] = [];
  while (rest.length < 4_540) rest.push((await slow.next()).value?.event as SealedEvent);
  await slow.return?.();
  expect([...positionsOf(first), ...positionsOf(rest)]).toEqual(await logAfter(after));
});

test('many subscribers of a tenant share one read of each event', async () => {
  let reads = 0;
  const counting = new Proxy(pool, {
    get: (target, name) => {
      if (name === 'query') reads += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const stream = createEventStream({ pool: counting, listen: listenWith(system), pollMs: { up: 60_000, down: 60_000 } });
  streams.push(stream);
  const heard = await hearing(Array.from({ length: 200 }, () => stream.subscribe(all(null))));
  reads = 0;
  for (let i = 0; i < 5; i++) await writeEvent(database, { tenantId, recordId: records[i] as string });
  await expect.poll(() => heard.every(({ length }) => length === 5)).toBe(true);
  expect(new Set(heard.map((events) => positionsOf(events).join())).size).toBe(1);
  expect(reads).toBeGreaterThan(0);
  expect(reads).toBeLessThanOrEqual(10); // for each wake-up the tenant's head and one page
});

test('a cursor beyond the newest position is refused', async () => {
  const stream = open();
  const head = await stream.head();
  await expect(stream.subscribe(all(head + 1n)).next()).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  await expect(stream.subscribe(all(-1n)).next()).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  expect(parseCursor(head.toString())).toBe(head);
  for (const text of ['', '-1', '1.5', '01', ' 1', '9'.repeat(30), '1e3', 'x'])
    expect(() => parseCursor(text)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
});

test('a stream goes on when its connections are lost, and misses nothing', async () => {
  const stream = open();
  const after = await stream.head();
  const got = take(stream.subscribe(all(after)), 30);
  for (let i = 0; i < 30; i++) {
    await writeEvent(database, { tenantId, recordId: records[i % 20] as string });
    if (i % 7 === 3) {
      await administer(
        database,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name in ('cashgraph system', 'cashgraph listen')`,
      );
    }
  }
  expect(positionsOf(await got)).toEqual(await logAfter(after));
});

test('whoever catches up goes on when the database goes away between a page and the question what of it was dropped', async () => {
  const after = await open().head();
  await writeBulk(5);
  let floors = 0;
  const losing = new Proxy(pool, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'query') return value.bind(target);
      return async (...args: unknown[]) => {
        if (String(args[0]).includes('event_anchor') && ++floors === 2) throw new Error('lost');
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
  const stream = createEventStream({ pool: losing, listen: listenWith(system) });
  streams.push(stream);
  expect(positionsOf(await take(stream.subscribe(all(after)), 5))).toEqual(await logAfter(after));
  expect(floors).toBeGreaterThan(2);
});

test('without a listening connection a poll finds what is new', async () => {
  const deaf = createEventStream({
    pool,
    listen: () => ({ isUp: () => false, close: async () => {} }),
    pollMs: { up: 60_000, down: 20 },
  });
  streams.push(deaf);
  const got = take(deaf.subscribe(all(await deaf.head())), 1);
  await writeEvent(database, { tenantId, recordId: records[0] as string });
  expect(await got).toHaveLength(1);
});

test('a subscription that is left, aborted or closed ends at once, also while it waits', async () => {
  const stream = open();
  const left = stream.subscribe(all(null));
  const leftNext = left.next();
  await sleep(30);
  await left.return?.();
  expect(await leftNext).toMatchObject({ done: true });
  const stop = new AbortController();
  const aborted = stream.subscribe(all(null, { signal: stop.signal })).next();
  const closed = stream.subscribe(all(null)).next();
  await sleep(30);
  stop.abort();
  expect(await aborted).toMatchObject({ done: true });
  await stream.close();
  expect(await closed).toMatchObject({ done: true });
  expect(await stream.subscribe(all(null)).next()).toMatchObject({ done: true });
});
