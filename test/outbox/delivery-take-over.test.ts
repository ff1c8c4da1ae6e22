// Deliveries through crashes: what a dead process left is taken over, what a late one does is refused, and each event is dispatched once.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import type { DomainError } from '../../src/kernel/errors.ts';
import { transaction } from '../../src/outbox/connection.ts';
import { claimDeliveries, completeDelivery } from '../../src/outbox/delivery-claim.ts';
import { dispatch } from '../../src/outbox/dispatcher.ts';
import type { Consumer } from '../../src/outbox/delivery.ts';
import type { SealedEvent } from '../../src/outbox/event.ts';
import { breakingPool } from './breaking-pool.ts';
import { useConsumers } from './consumers.ts';

const { database, pool, makeConsumer, make, makeRecords, writeEvents, rowsOf } = await useConsumers();

test('the claim of a dead process is taken over, and its late completion is refused', async () => {
  const recordIds = await makeRecords(1);
  const delivered: SealedEvent[] = [];
  const consumer = await makeConsumer(async (event) => void delivered.push(event));
  await writeEvents(recordIds, 2);
  await dispatch({ pool, clock: systemClock, consumer, limit: 100 });
  const claim = { consumer: consumer.name, now: systemClock.now(), limit: 10, ttlMs: 60_000, maxAttempts: 5 };
  const [dead, ...others] = await claimDeliveries(pool, claim);
  if (!dead) throw new Error('it should be claimed');
  expect(others).toEqual([]);
  expect(await claimDeliveries(pool, claim)).toEqual([]);
  await pool.query('update delivery set claimed_until = clock_timestamp() where consumer = $1', [consumer.name]);
  const [next] = await claimDeliveries(pool, claim);
  if (!next) throw new Error('it should be taken over');
  await expect(completeDelivery(pool, dead, systemClock.now())).rejects.toMatchObject({ code: 'LEASE_LOST' });
  await completeDelivery(pool, next, systemClock.now());
  await make(consumer).drain();
  expect(delivered.map(({ recordVersion }) => recordVersion)).toEqual([2]);
  expect(await rowsOf(consumer)).toMatchObject([
    { state: 'DONE', attempt: 2 },
    { state: 'DONE', attempt: 1 },
  ]);
});

test('what a late process wrote to the database is not committed', async () => {
  const recordIds = await makeRecords(1);
  const results: string[] = [];
  const consumer = await makeConsumer(async (event, { attempt, check }) => {
    if (attempt === 1) {
      await pool.query(`update delivery set claim_token = claim_token + 1 where consumer = $1`, [consumer.name]); // another one took it
    }
    await transaction(pool, async (client) => {
      await client.query(`update test_log set effects = effects + 1`);
      await check(client);
    }).then(
      () => results.push('committed'),
      (error: DomainError) => {
        results.push(error.code);
        throw error;
      },
    );
    expect(event.recordId).toBe(recordIds[0]);
  });
  await database.as('owner').query('create table test_log as select 0 as effects; grant all on test_log to cashgraph_system');
  await writeEvents(recordIds, 1);
  await make(consumer, { claimTtlMs: 100 }).drain();
  await sleep(120);
  await make(consumer).drain();
  expect(results).toEqual(['LEASE_LOST', 'committed']);
  expect((await pool.query<{ effects: number }>('select effects from test_log')).rows[0]?.effects).toBe(1);
});

test('a delivery that takes long keeps its claim by a sign of life', async () => {
  const recordIds = await makeRecords(1);
  let deliveries = 0;
  const claimedUntil = async () => {
    const text = 'select claimed_until as until from delivery where record_id = $1';
    return (await pool.query<{ until: Date }>(text, recordIds)).rows[0]?.until.getTime() ?? 0;
  };
  const consumer: Consumer = await makeConsumer(async () => {
    deliveries += 1;
    await expect.poll(claimedUntil).toBeGreaterThan(await claimedUntil());
    await make(consumer).drain();
  });
  await writeEvents(recordIds, 1);
  await make(consumer, { claimTtlMs: 3_000 }).drain();
  expect(deliveries).toBe(1);
});

test('an event that kills its process at each attempt becomes a dead letter', async () => {
  const recordIds = await makeRecords(1);
  const consumer = await makeConsumer(async () => {});
  await writeEvents(recordIds, 1);
  await dispatch({ pool, clock: systemClock, consumer, limit: 100 });
  for (let i = 0; i < 3; i++) {
    await claimDeliveries(pool, { consumer: consumer.name, now: systemClock.now(), limit: 1, ttlMs: 1, maxAttempts: 2 });
    await sleep(10);
  }
  expect(await rowsOf(consumer)).toMatchObject([
    { state: 'DEAD', attempt: 2, error: 'The process ended during the last attempt.' },
  ]);
});

test('a dispatcher that crashes between or within batches dispatches each event once', async () => {
  const recordIds = await makeRecords(4);
  const consumer = await makeConsumer(async () => {}, { accepts: (event) => recordIds.indexOf(event.recordId) < 3 });
  await writeEvents(recordIds, 10);
  const breaking = breakingPool(pool);
  // the server may still hold the lock of a session that has just been left: then a batch does nothing, and the next one tries again
  for (let i = 0; i < 500 && breaking.crashes() < 12; i++) {
    await dispatch({ pool: breaking.pool, clock: systemClock, consumer, limit: 5 }).catch(() => {});
    await sleep(5);
  }
  while ((await dispatch({ pool, clock: systemClock, consumer, limit: 5 })) > 0);
  expect(breaking.crashes()).toBe(12); // before and after each of six statements
  const rows = await rowsOf(consumer);
  expect(rows).toHaveLength(30);
  expect(new Set(rows.map(({ position }) => position)).size).toBe(30);
});

test('two dispatchers of a consumer at once write each delivery once', async () => {
  const recordIds = await makeRecords(5);
  const consumer = await makeConsumer(async () => {});
  await writeEvents(recordIds, 10);
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      await sleep(Math.random() * 50);
      await dispatch({ pool, clock: systemClock, consumer, limit: 3 });
    }),
  );
  while ((await dispatch({ pool, clock: systemClock, consumer, limit: 3 })) > 0);
  expect(await rowsOf(consumer)).toHaveLength(50);
});
