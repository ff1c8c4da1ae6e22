// Deliveries: every event that a consumer wants reaches it, in order for each record, also through failures.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import { NotYet } from '../../src/outbox/delivery.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { exponentialBackoff } from '../../src/outbox/backoff.ts';
import type { SealedEvent } from '../../src/outbox/event.ts';
import { expectOrder, useConsumers } from './consumers.ts';

const { makeConsumer, make, makeRecords, writeEvents, rowsOf } = await useConsumers();

test('each record is delivered in order and completely, though every third attempt fails and two processes work', async () => {
  const recordIds = await makeRecords(8);
  const random = seededRandom('deliveries');
  const delivered: SealedEvent[] = [];
  const consumer = await makeConsumer(
    async (event) => {
      await sleep(random.int(5));
      if (random.int(3) === 0) throw new DomainError('UNAVAILABLE', 'The receiver is down.');
      delivered.push(event);
    },
    { maxAttempts: 30, backoffMs: () => random.int(20) },
  );
  const workers = [make(consumer), make(consumer)];
  for (const worker of workers) worker.start();
  await writeEvents(recordIds, 12);
  await expect.poll(async () => (await rowsOf(consumer)).filter(({ state }) => state === 'DONE').length).toBe(96);
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(delivered).toHaveLength(96);
  expectOrder(delivered, recordIds, 12);
});

test('while the first event of a record waits for its next try, the later ones wait and other records go on', async () => {
  const clock = fixedClock('2026-02-01T08:00:00Z');
  const [broken = '', fine = ''] = await makeRecords(2);
  const delivered: string[] = [];
  let isDown = true;
  const consumer = await makeConsumer(
    async (event) => {
      if (isDown && event.recordId === broken) throw new Error('secret text');
      delivered.push(`${event.recordId === broken ? 'broken' : 'fine'} ${event.recordVersion}`);
    },
    { backoffMs: (attempt) => attempt * 60_000 },
  );
  const deliveries = make(consumer, { clock });
  await writeEvents([broken, fine], 3);
  await deliveries.drain();
  expect(delivered).toEqual(['fine 1', 'fine 2', 'fine 3']);
  isDown = false;
  clock.advance(59_000);
  await deliveries.drain();
  expect(delivered).toHaveLength(3);
  expect((await rowsOf(consumer)).find(({ state }) => state === 'PENDING')).toMatchObject({
    attempt: 1,
    error: 'INTERNAL: Error',
  });
  clock.advance(1_000);
  await deliveries.drain();
  expect(delivered.slice(3)).toEqual(['broken 1', 'broken 2', 'broken 3']);
});

test('a receiver that says when to come again is not asked before, nor sooner than the pause is', async () => {
  const clock = fixedClock('2026-02-01T08:00:00Z');
  const [recordId = ''] = await makeRecords(1);
  const attempts: number[] = [];
  const waits = [60_000, 10];
  const consumer = await makeConsumer(
    async (_event, { attempt }) => {
      attempts.push(attempt);
      const retryAfterMs = waits[attempt - 1];
      if (retryAfterMs !== undefined) throw new DomainError('UNAVAILABLE', 'Later.', { details: { retryAfterMs } });
    },
    { backoffMs: () => 1_000 },
  );
  const deliveries = make(consumer, { clock });
  await writeEvents([recordId], 1);
  for (const [ms, made] of [
    [0, 1],
    [59_999, 1],
    [1, 2],
    [999, 2],
    [1, 3],
  ] as const) {
    clock.advance(ms);
    await deliveries.drain();
    expect(attempts).toHaveLength(made);
  }
});

test('what is put off is asked again after its pause, however often, and no attempt is counted', async () => {
  const clock = fixedClock('2026-02-01T08:00:00Z');
  const [recordId = ''] = await makeRecords(1);
  const attempts: number[] = [];
  const consumer = await makeConsumer(
    async (_event, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length < 10) throw new NotYet('Its customer is not there yet.', 60_000);
    },
    { maxAttempts: 2, backoffMs: () => 1 },
  );
  const deliveries = make(consumer, { clock });
  await writeEvents([recordId], 1);
  await deliveries.drain();
  clock.advance(59_999);
  await deliveries.drain();
  expect(attempts).toEqual([1]);
  expect(await rowsOf(consumer)).toMatchObject([{ state: 'PENDING', attempt: 0, error: 'Its customer is not there yet.' }]);
  for (let i = 0; i < 12; i++) {
    clock.advance(60_000);
    await deliveries.drain();
  }
  expect(attempts).toEqual(Array.from({ length: 10 }, () => 1));
  expect(await rowsOf(consumer)).toMatchObject([{ state: 'DONE', attempt: 1, error: null }]);
});

test('a consumer may say which record an event is about: that record’s order holds over the records of the events', async () => {
  const recordIds = await makeRecords(4);
  const [aboutOdd = '', aboutEven = ''] = await makeRecords(2);
  const delivered: string[] = [];
  let isDown = true;
  const consumer = await makeConsumer(
    async (event) => {
      const place = recordIds.indexOf(event.recordId);
      if (isDown && place === 0) throw new DomainError('UNAVAILABLE', 'Down.');
      delivered.push(String(place));
    },
    {
      subjectOf: ({ recordId }) => (recordIds.indexOf(recordId) % 2 === 0 ? aboutEven : aboutOdd),
      backoffMs: () => 0,
      maxAttempts: 50,
    },
  );
  for (const recordId of recordIds) await writeEvents([recordId], 1);
  const deliveries = make(consumer);
  deliveries.start();
  await expect.poll(() => delivered.length).toBe(2);
  expect(delivered).toEqual(['1', '3']);
  isDown = false;
  await expect.poll(() => delivered.length).toBe(4);
  expect(delivered.slice(2)).toEqual(['0', '2']);
  await deliveries.stop();
});

test('what fails at every attempt becomes a dead letter with its reason, and the record goes on', async () => {
  const clock = fixedClock('2026-02-01T08:00:00Z');
  const [recordId = ''] = await makeRecords(1);
  const delivered: number[] = [];
  const attempts: number[] = [];
  const consumer = await makeConsumer(
    async (event, { attempt }) => {
      if (event.recordVersion === 1) {
        attempts.push(attempt);
        throw new DomainError('INVALID_INPUT', 'The receiver refuses it.');
      }
      delivered.push(event.recordVersion);
    },
    { maxAttempts: 3, backoffMs: () => 1_000 },
  );
  const deliveries = make(consumer, { clock });
  await writeEvents([recordId], 2);
  for (let i = 0; i < 5; i++) {
    await deliveries.drain();
    clock.advance(1_000);
  }
  expect(attempts).toEqual([1, 2, 3]);
  expect(delivered).toEqual([2]);
  expect(await rowsOf(consumer)).toMatchObject([
    { state: 'DEAD', attempt: 3, error: 'INVALID_INPUT: The receiver refuses it.' },
    { state: 'DONE' },
  ]);
});

test('what is under way when the process goes down is finished, and nothing counts as a failure', async () => {
  const recordIds = await makeRecords(3);
  let finished = 0;
  const consumer = await makeConsumer(async () => {
    await sleep(200);
    finished += 1;
  });
  await writeEvents(recordIds, 1);
  const deliveries = make(consumer);
  deliveries.start();
  await expect.poll(async () => (await rowsOf(consumer)).some(({ attempt }) => attempt === 1)).toBe(true);
  await deliveries.stop();
  expect(finished).toBe(3);
  expect((await rowsOf(consumer)).every(({ state, attempt }) => state === 'DONE' && attempt === 1)).toBe(true);
});

test('pauses double up to their limit, and vary by chance', () => {
  const random = seededRandom('pause');
  const backoffMs = exponentialBackoff({ firstMs: 1_000, maxMs: 60_000, random });
  for (let attempt = 1; attempt < 12; attempt++) {
    const middle = Math.min(1_000 * 2 ** (attempt - 1), 60_000);
    const pauses = Array.from({ length: 50 }, () => backoffMs(attempt));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(middle * 0.8);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(middle * 1.2);
    expect(new Set(pauses).size).toBeGreaterThan(30);
  }
});
