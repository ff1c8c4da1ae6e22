// The sealer: everything that is committed gets one dense position, in the order of each record's versions, whatever happens.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom, systemRandom } from '../../src/kernel/random.ts';
import { verifyChain } from '../../src/outbox/chain.ts';
import { openSystemPool, type Pool, transaction } from '../../src/outbox/connection.ts';
import { readLog } from '../../src/outbox/event-read.ts';
import { acquireLease } from '../../src/outbox/lease.ts';
import { sealBatch } from '../../src/outbox/seal-batch.ts';
import { createSealer, type Sealer } from '../../src/outbox/sealer.ts';
import { freshDatabase } from '../support/database.ts';
import { makeGate } from '../support/gate.ts';
import { breakingPool } from './breaking-pool.ts';
import { administer, makeRecords, makeTenant, writeEvent, writeMany } from './writers.ts';

const database = await freshDatabase();
const pool = openSystemPool({ connection: database.connection, role: 'cashgraph_system', max: 5 });
const otherPool = openSystemPool({ connection: database.connection, role: 'cashgraph_system', max: 5 });
const sealers: Sealer[] = [];
let tenantId: string;
let otherTenantId: string;
let records: string[];

beforeAll(async () => {
  tenantId = await makeTenant(database);
  otherTenantId = await makeTenant(database, 'other');
  records = await makeRecords(database, 20);
});
afterAll(async () => {
  await Promise.all(sealers.map((sealer) => sealer.stop()));
  await pool.end();
  await otherPool.end();
});

function sealerOn(on: Pool, owner: string, onError?: (error: unknown) => void): Sealer {
  const sealer = createSealer({ pool: on, owner, batch: 50, ...(onError ? { onError } : {}) });
  sealers.push(sealer);
  return sealer;
}

async function expectWholeLog(committed: number, after = 0n): Promise<void> {
  const events = await readLog(pool, { after, limit: 100_000 });
  expect(events.map(({ position }) => position)).toEqual(Array.from({ length: committed }, (_, i) => after + BigInt(i + 1)));
  const versions = new Map<string, number>();
  for (const { recordId, recordVersion } of events) {
    const before = versions.get(recordId) ?? recordVersion - 1;
    expect(recordVersion).toBe(before + 1);
    versions.set(recordId, recordVersion);
  }
  const { rows } = await database
    .as('app')
    .query<{ id: string; version: number }>('select id, version from test_record where id = any ($1)', [[...versions.keys()]]);
  expect(new Map(rows.map(({ id, version }) => [id, version]))).toEqual(versions);
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(committed);
}

test('each record keeps its order, and nothing is lost or doubled, with 16 writers, rollbacks and long transactions', async () => {
  const sealer = sealerOn(pool, 'one');
  sealer.start();
  const committed = await writeMany(database, {
    tenantIds: [tenantId, otherTenantId],
    records,
    random: seededRandom('writers'),
    writers: 16,
    each: 40,
  });
  expect(await sealer.sealed()).toBe(BigInt(committed));
  await sealer.stop();
  expect(committed).toBeGreaterThan(500);
  await expectWholeLog(committed);
});

test('of two sealers one works, and the other goes on when it stops', async () => {
  const first = sealerOn(pool, 'first');
  const second = sealerOn(otherPool, 'second');
  const holder = async () =>
    (await pool.query<{ owner: string }>(`select owner from lease where name = 'sealer' and until > clock_timestamp()`)).rows[0]
      ?.owner;
  const before = await first.sealed();
  first.start();
  await expect.poll(holder).toBe('first');
  second.start();
  const random = seededRandom('two');
  const work = writeMany(database, {
    tenantIds: [tenantId],
    records: await makeRecords(database, 5),
    random,
    writers: 8,
    each: 30,
  });
  await sleep(200);
  expect(await holder()).toBe('first');
  await first.stop();
  await expect.poll(holder).toBe('second');
  const committed = await work;
  expect(await second.sealed()).toBe(before + BigInt(committed));
  await second.stop();
  await expectWholeLog(committed, before);
});

test('a sealer that was stopped past its lease commits nothing', async () => {
  const sealer = sealerOn(pool, 'tests');
  const before = await sealer.sealed();
  await writeEvent(database, { tenantId, recordId: records[0] as string });
  const late = await acquireLease(pool, { name: 'sealer', owner: 'late', ttlMs: 1 });
  await sleep(20);
  const next = await acquireLease(otherPool, { name: 'sealer', owner: 'next', ttlMs: 10_000 });
  if (!late || !next) throw new Error('both should have got it, one after the other');
  await expect(sealBatch({ pool, lease: late, limit: 10, random: systemRandom })).rejects.toMatchObject({ code: 'LEASE_LOST' });
  expect(await readLog(pool, { after: before, limit: 10 })).toEqual([]);
  expect((await sealBatch({ pool: otherPool, lease: next, limit: 10, random: systemRandom })).position).toBe(before + 1n);
  await next.release();
});

test('a sealer that stops in the middle of a batch keeps nobody waiting for longer than its session may idle', async () => {
  const before = await sealerOn(pool, 'tests').sealed();
  await writeEvent(database, { tenantId, recordId: records[1] as string });
  const standstill = makeGate();
  const end = makeGate();
  const frozen = transaction(pool, async (client) => {
    const lease = await acquireLease(pool, { name: 'sealer', owner: 'frozen', ttlMs: 1 });
    await client.query('select 1 from event_head for update');
    await lease?.check(client);
    standstill.open();
    await end.opened;
  }).catch((error: Error) => error.message);
  await standstill.opened;
  const next = sealerOn(otherPool, 'next');
  next.start();
  expect(await next.sealed()).toBe(before + 1n);
  end.open();
  expect(await frozen).toMatch(/terminat|not queryable|closed/i);
  await next.stop();
});

test('a crash before or after any statement of a batch neither loses nor doubles an event', async () => {
  const before = await sealerOn(pool, 'tests').sealed();
  const random = seededRandom('crash');
  const committed = await writeMany(database, {
    tenantIds: [tenantId],
    records: await makeRecords(database, 4),
    random,
    writers: 4,
    each: 20,
  });
  const lease = await acquireLease(pool, { name: 'sealer', owner: 'crashing', ttlMs: 60_000 });
  if (!lease) throw new Error('the lease should be free');
  const breaking = breakingPool(pool);
  for (let i = 0; i < 60; i++) await sealBatch({ pool: breaking.pool, lease, limit: 5, random: systemRandom }).catch(() => {});
  expect(breaking.crashes()).toBe(12); // before and after each of six statements
  await lease.release();
  await expectWholeLog(committed, before);
  for (const id of [tenantId, otherTenantId]) expect(await verifyChain({ pool, tenantId: id })).toMatchObject({ ok: true });
});

test('batches at the same time under one lease wait for one another', async () => {
  const before = await sealerOn(pool, 'tests').sealed();
  for (let i = 0; i < 12; i++) await writeEvent(database, { tenantId, recordId: records[3] as string });
  const lease = await acquireLease(pool, { name: 'sealer', owner: 'twice', ttlMs: 10_000 });
  if (!lease) throw new Error('the lease should be free');
  const batches = await Promise.all(Array.from({ length: 4 }, () => sealBatch({ pool, lease, limit: 4, random: systemRandom })));
  await lease.release();
  expect(batches.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual([0, 4, 4, 4]);
  await expectWholeLog(12, before);
});

const endSessions = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name in ('cashgraph system', 'cashgraph listen')`;

test('the sealer goes on after the server has ended its sessions again and again', async () => {
  const errors: unknown[] = [];
  const sealer = sealerOn(otherPool, 'killed', (error) => errors.push(error));
  const before = await sealer.sealed();
  sealer.start();
  const work = writeMany(database, {
    tenantIds: [tenantId, otherTenantId],
    records: await makeRecords(database, 6),
    random: seededRandom('kill'),
    writers: 8,
    each: 60,
  });
  const killing = (async () => {
    // until it was in the middle of something at least once
    for (let i = 0; i < 12 || (errors.length === 0 && i < 200); i++) {
      await sleep(50);
      await administer(database, endSessions);
    }
  })();
  const [committed] = await Promise.all([work, killing]);
  expect(await sealer.sealed()).toBe(before + BigInt(committed));
  await sealer.stop();
  expect(errors.length).toBeGreaterThan(0);
  await expectWholeLog(committed, before);
});

test('positions go on without a gap over the end of a partition', async () => {
  const sealer = sealerOn(pool, 'tests');
  await sealer.sealed();
  await administer(database, 'update event_head set position = 9999998');
  for (let i = 0; i < 4; i++) await writeEvent(database, { tenantId, recordId: records[2] as string });
  expect(await sealer.sealed()).toBe(10_000_002n);
  const events = await readLog(pool, { after: 9_999_998n, limit: 10 });
  expect(events.map(({ position }) => position)).toEqual([9_999_999n, 10_000_000n, 10_000_001n, 10_000_002n]);
  const { rows } = await pool.query<{ partition: string }>(
    'select tableoid::regclass::text as partition from event where position >= 9999999 order by position',
  );
  expect(rows.map(({ partition }) => partition)).toEqual(['event_00000', 'event_00001', 'event_00001', 'event_00001']);
});
