// What the log forgets: whole old parts and nothing else, never what somebody still has to read; what is left verifies, and readers are told.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock, systemClock } from '../../src/kernel/clock.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { verifyChain } from '../../src/outbox/chain.ts';
import { listenWith, openSystemPool } from '../../src/outbox/connection.ts';
import { readFloor } from '../../src/outbox/event-read.ts';
import { cutOldPart, dropOldestPart, type RetentionOptions } from '../../src/outbox/retention.ts';
import { createSealer } from '../../src/outbox/sealer.ts';
import { createEventStream } from '../../src/outbox/tail.ts';
import { freshDatabase } from '../support/database.ts';
import { administer, makeRecords, makeTenant, writeEvent, writeMany } from './writers.ts';

const database = await freshDatabase();
const system = { connection: database.connection, role: 'cashgraph_system' };
const pool = openSystemPool({ ...system, max: 6 });
const sealer = createSealer({ pool, owner: 'tests', batch: 7 });
const stream = createEventStream({ pool, listen: listenWith(system), pollMs: { up: 50, down: 50 } });
afterAll(async () => {
  await stream.close();
  await sealer.stop();
  await pool.end();
});

const DAY_MS = 86_400_000;
const inDays = (days: number): RetentionOptions => ({
  pool,
  clock: fixedClock(new Date(systemClock.now().getTime() + days * DAY_MS).toISOString()),
  keptDays: 30,
});

let tenantId: string;
let otherId: string;
let records: string[];
let count = 0;
const head = () => stream.head();
const chainOf = (tenant: string) => verifyChain({ pool, tenantId: tenant });
const query = async <T extends object>(statement: string, values: unknown[] = []) =>
  (await pool.query<T>(statement, values)).rows;

async function write(each: number, of = tenantId): Promise<void> {
  for (let i = 0; i < each; i++)
    await writeEvent(database, { tenantId: of, recordId: records[i % 3] ?? '' }, { personal: { name: `Ada ${i}` } });
  await sealer.sealed();
}

/** Everything so far is a part of its own, which is ripe on day 40. */
async function part(): Promise<void> {
  await cutOldPart(inDays(5));
}

beforeEach(async () => {
  count += 1;
  tenantId = await makeTenant(database, `kept-${count}`);
  otherId = await makeTenant(database, `kept-other-${count}`);
  records = await makeRecords(database, 3);
  // whatever an earlier test has left
  await part();
  while ((await dropOldestPart(inDays(40))) === null);
});

describe('a part of the log', () => {
  it('is dropped when all of it is old enough; positions go on, and both chains verify from their anchors', async () => {
    await write(6);
    await write(4, otherId);
    expect(await dropOldestPart(inDays(40))).toBe('NEWER');
    await cutOldPart(inDays(1));
    expect(await dropOldestPart(inDays(40))).toBe('NEWER');
    await part();
    const cutAt = await head();
    await write(3);
    expect(await dropOldestPart(inDays(29))).toBe('NEWER');
    const anchored = await chainOf(tenantId);
    expect(await dropOldestPart(inDays(40))).toBeNull();
    expect(await dropOldestPart(inDays(40))).toBe('NEWER');
    expect(await query('select position from event where position <= $1', [cutAt])).toEqual([]);
    expect(await query('select pruned_to from event_head')).toEqual([{ pruned_to: String(cutAt) }]);
    expect(await chainOf(tenantId)).toMatchObject({ ok: true, events: 3, head: { position: cutAt + 3n } });
    expect(await chainOf(otherId)).toMatchObject({ ok: true, events: 0, head: { position: cutAt } });
    expect(
      await verifyChain({ pool, tenantId, anchor: (anchored as Extract<typeof anchored, { ok: true }>).head ?? never() }),
    ).toMatchObject({ ok: true });
    await write(2, otherId);
    expect(await chainOf(otherId)).toMatchObject({ ok: true, events: 2 });
    expect([await readFloor(pool, tenantId), await readFloor(pool, otherId)]).toEqual([cutAt - 4n, cutAt]);
  });

  it('takes personal fields and deliveries that are done with it, and no others', async () => {
    await write(3);
    await part();
    await write(2);
    await pool.query(`insert into delivery_cursor values ('hook-done', $1) on conflict do nothing`, [await head()]);
    await pool.query(
      `insert into delivery (tenant_id, consumer, record_id, position, next_at, state, done_at)
       select tenant_id, 'hook-done', record_id, position, now(), 'DONE', now() from event where tenant_id = $1`,
      [tenantId],
    );
    expect(await dropOldestPart(inDays(40))).toBeNull();
    expect(await query('select 1 as one from event_personal where tenant_id = $1', [tenantId])).toHaveLength(2);
    expect(await query('select 1 as one from delivery where tenant_id = $1', [tenantId])).toHaveLength(2);
    await pool.query(`delete from delivery where consumer = 'hook-done'`);
    await administer(
      database,
      `set session_replication_role = replica; delete from delivery_cursor where consumer = 'hook-done'`,
    );
  });

  it.each(['PENDING', 'DEAD'])('stays while a delivery of it is %s', async (state) => {
    await write(2);
    await part();
    await pool.query(
      `insert into delivery (tenant_id, consumer, record_id, position, next_at, state, last_error)
       select tenant_id, 'hook', record_id, position, now(), $2, 'x' from event where tenant_id = $1 limit 1`,
      [tenantId, state],
    );
    expect(await dropOldestPart(inDays(40))).toBe('NEEDED');
    expect(await chainOf(tenantId)).toMatchObject({ ok: true, events: 2 });
    await pool.query('delete from delivery where tenant_id = $1', [tenantId]);
    expect(await dropOldestPart(inDays(40))).toBeNull();
  });

  it('stays while a consumer has not passed it', async () => {
    await write(3);
    await part();
    await pool.query(`insert into delivery_cursor values ('late', $1)`, [(await head()) - 1n]);
    expect(await dropOldestPart(inDays(40))).toBe('NEEDED');
    await pool.query(`update delivery_cursor set position = position + 1 where consumer = 'late'`);
    expect(await dropOldestPart(inDays(40))).toBeNull();
    await administer(database, `delete from delivery_cursor where consumer = 'late'`);
  });

  it('stays while somebody reads the log for longer than one waits, and nobody is harmed', async () => {
    await write(2);
    const reader = await pool.connect();
    await reader.query('begin');
    await reader.query('select count(*) from event');
    await cutOldPart(inDays(5));
    await reader.query('rollback');
    reader.release();
    expect(await dropOldestPart(inDays(40))).toBe('NEWER');
    await write(1);
    expect(await chainOf(tenantId)).toMatchObject({ ok: true, events: 3 });
  });
});

describe('after some was forgotten', () => {
  it('a changed event, a changed anchor and a deleted one are found still', async () => {
    await write(4);
    await part();
    await write(4);
    await dropOldestPart(inDays(40));
    const floor = await readFloor(pool, tenantId);
    const tamper = (statement: string) => administer(database, `set session_replication_role = replica; ${statement}`);
    await tamper(`update event_anchor set hash = 'x' || hash where tenant_id = '${tenantId}'`);
    expect(await chainOf(tenantId)).toMatchObject({ ok: false, position: floor + 1n, fault: 'CHANGED' });
    await tamper(`update event_anchor set hash = substr(hash, 2) where tenant_id = '${tenantId}'`);
    expect(await verifyChain({ pool, tenantId, anchor: { position: floor, hash: 'other' } })).toMatchObject({
      fault: 'ANCHOR_CHANGED',
    });
    await tamper(`update event set payload = '{}' where position = ${floor + 2n}`);
    expect(await chainOf(tenantId)).toMatchObject({ ok: false, position: floor + 2n, fault: 'CHANGED' });
    await tamper(`delete from event where position = ${floor + 1n}`);
    expect(await chainOf(tenantId)).toMatchObject({ ok: false, position: floor + 1n, fault: 'MISSING' });
    await tamper(`delete from event where tenant_id = '${tenantId}'; delete from event_chain where tenant_id = '${tenantId}'`);
    await administer(database, `update event_head set pruned_to = position`);
  });

  it('who comes with an older cursor gets one gap and then all that is left; who missed nothing gets none', async () => {
    const before = await head();
    await write(3);
    const seen = await head();
    await write(2, otherId);
    await part();
    const floor = await head();
    await write(2);
    await write(1, otherId);
    await dropOldestPart(inDays(40));
    const take = async (of: string, after: bigint, most: number) => {
      const messages: unknown[] = [];
      for await (const { event, gap } of stream.subscribe({ tenantId: of, after, accepts: () => true })) {
        messages.push(event ? event.position : gap);
        if (messages.length === most) break;
      }
      return messages;
    };
    expect(await take(tenantId, before, 3)).toEqual([{ from: before, to: seen, reason: 'PRUNED' }, floor + 1n, floor + 2n]);
    // its last forgotten event is one that it has
    expect(await take(tenantId, seen, 2)).toEqual([floor + 1n, floor + 2n]);
    expect(await take(otherId, seen, 2)).toEqual([{ from: seen, to: floor, reason: 'PRUNED' }, floor + 3n]);
    expect(await take(otherId, floor, 1)).toEqual([floor + 3n]);
  });
});

it('a reader gets each event once or is told of the gap, while parts are cut and dropped under it and writers go on', async () => {
  const start = await head();
  sealer.start();
  const random = seededRandom('forgetting');
  const writing = writeMany(database, { tenantIds: [tenantId, otherId], records, random, writers: 4, each: 40 });
  let isWritten = false;
  void writing.then(() => {
    isWritten = true;
  });
  const forgetting = (async () => {
    while (!isWritten) {
      await part();
      await dropOldestPart(inDays(40));
    }
  })();
  const told: bigint[] = [];
  const gaps: { readonly from: bigint; readonly to: bigint }[] = [];
  let cursor = start;
  const follow = async (isEnough: () => boolean, signal?: AbortSignal) => {
    for await (const { event, gap } of stream.subscribe({ tenantId, after: cursor, accepts: () => true, signal })) {
      if (gap) gaps.push(gap);
      else told.push(event.position);
      cursor = event ? event.position : gap.to;
      if (isEnough()) break;
    }
  };
  while (!isWritten) {
    let most = random.int(20);
    await follow(() => most-- === 0, AbortSignal.timeout(100));
    // everything in between may be forgotten meanwhile
    await sleep(random.int(60));
  }
  await forgetting;
  await sealer.sealed();
  await write(1);
  const end = await head();
  await follow(() => cursor === end);
  const kept = await query<{ position: string }>('select position from event where tenant_id = $1', [tenantId]);
  const isMissing = (position: bigint) => gaps.some(({ from, to }) => from < position && position <= to);
  expect(told).toEqual([...new Set(told)].toSorted((a, b) => (a < b ? -1 : 1)));
  expect(told.filter(isMissing)).toEqual([]);
  expect(
    kept.map(({ position }) => BigInt(position)).filter((one) => one > start && !told.includes(one) && !isMissing(one)),
  ).toEqual([]);
  expect(await readFloor(pool, tenantId)).toBeGreaterThan(start);
  expect(told.length).toBeGreaterThan(20);
  for (const tenant of [tenantId, otherId]) expect(await chainOf(tenant)).toMatchObject({ ok: true });
  const dense =
    'select position from (select position, lag(position, 1, (select pruned_to from event_head)) over (order by position) as b from event) e where position <> b + 1';
  expect(await query(dense)).toEqual([]);
});

function never(): never {
  throw new Error('There is no head.');
}
