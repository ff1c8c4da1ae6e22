// Receivers that fail, drop, hang, answer half and ask to be left alone: everything arrives, in order for each record, and what can't is
// shown and sent again. Time goes by a clock that is moved.
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { startWorld } from '../support/world.ts';
import { deliveriesOf, endpointOf, hookTo, newCustomer, rename } from './hooks.ts';
import { type Behaviour, type Came, type Receiver, startReceiver } from './receiver.ts';

const world = await startWorld({ now: '2026-01-10T09:00:00.000Z' });
const admin = await world.as('admin');
const HOUR_MS = 3_600_000;

const versions = (came: readonly Came[], id: string) =>
  came.filter(({ message }) => message.data.recordId === id).map(({ message }) => message.data.recordVersion);
/** As a receiver sees them that forgets what it has already. */
const inOrder = (came: readonly Came[], id: string) => [...new Set(versions(came, id))];

describe('everything arrives, in order for each record', async () => {
  // of its own: it gives up at once on who hangs, and at times on who is only slow, which is one more fault here
  const hasty = await startWorld({ now: '2026-01-10T09:00:00.000Z', settings: { WEBHOOK_TIMEOUT_MS: 150 } });
  const person = await hasty.as('admin');
  const FAULTS: readonly fc.Arbitrary<Behaviour>[] = [
    fc.constantFrom<Behaviour>(500, 503, 404, 302, 'DROP'),
    fc.constantFrom<Behaviour>('HALF', 'HANG'),
    fc.integer({ min: 0, max: 40 }).map((s): Behaviour => ({ status: 429, headers: { 'retry-after': String(s) } })),
    fc.constant<Behaviour>({
      status: 503,
      headers: { 'retry-after': 'Sat, 10 Jan 2026 09:00:30 GMT', date: 'Sat, 10 Jan 2026 09:00:00 GMT' },
    }),
  ];
  /** What becomes of the first attempts at a message; later ones are taken. */
  const script = fc.array(fc.array(fc.oneof(...FAULTS), { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 6 });
  const runs = Number(process.env['WEBHOOK_FAULT_RUNS'] ?? 2);

  /** Time passes as fast as it may while something is waited for. */
  async function passing(until: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await until())) {
      hasty.clock.advance(10_000);
      await sleep(15);
    }
  }

  it('through any faults, to two receivers at once', { timeout: 60_000 + runs * 10_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(script, script, async (...scripts) => {
        const receivers: Receiver[] = [];
        const endpoints: string[] = [];
        for (const faults of scripts) {
          const receiver = await startReceiver();
          const tries = new Map<string, number>();
          receiver.behave(({ message: { cursor } }) => {
            const nth = tries.get(cursor) ?? 0;
            tries.set(cursor, nth + 1);
            return faults[[...tries.keys()].indexOf(cursor) % faults.length]?.[nth] ?? 204;
          });
          receivers.push(receiver);
          endpoints.push((await hookTo(hasty, receiver.url)).id);
        }
        const ids = await Promise.all([newCustomer(person), newCustomer(person)]);
        for (const id of [...ids, ...ids]) await rename(person, id);
        const isDone = async (id: string) => (await endpointOf(person, id, 'pendingCount')).pendingCount === 0;
        for (const { taken } of receivers) await passing(() => ids.every((id) => inOrder(taken, id).length === 3));
        // what was taken too late is sent once more
        for (const id of endpoints) await passing(() => isDone(id));
        for (const { taken } of receivers) for (const id of ids) expect(inOrder(taken, id)).toEqual([1, 2, 3]);
        for (const id of endpoints) await person.do('deleteWebhookEndpoint', { id }, 'webhookEndpoint');
        for (const receiver of receivers) await receiver.close();
      }),
      { seed: 7, numRuns: runs },
    );
    await hasty.platform.sealer.sealed();
    expect(await broken(hasty.database, hasty.tenantId)).toEqual([]);
  });
});

describe('a receiver that asks to be left alone', () => {
  it('is, with all that waits for it, until the time that it said', async () => {
    const receiver = await startReceiver();
    const { id: endpoint } = await hookTo(world, receiver.url);
    receiver.behave((_, nth) => (nth === 0 ? { status: 429, headers: { 'retry-after': '600' } } : 204));
    const id = await newCustomer(admin);
    await expect.poll(() => receiver.came.length).toBe(1);
    await expect.poll(async () => (await endpointOf(admin, endpoint, 'blockedUntil')).blockedUntil).not.toBe(null);
    const other = await newCustomer(admin);
    await expect.poll(() => deliveriesOf(admin, endpoint)).toHaveLength(2);
    world.clock.advance(590_000);
    await sleep(400);
    expect(receiver.came.length).toBe(1);
    world.clock.advance(10_001);
    await expect
      .poll(() => receiver.taken.map(({ message }) => message.data.recordId).toSorted())
      .toEqual([id, other].toSorted());
    await admin.do('deleteWebhookEndpoint', { id: endpoint }, 'webhookEndpoint');
  });

  it('is disabled by 410 Gone, and gets what it missed when it is resumed', async () => {
    const receiver = await startReceiver();
    const { id: endpoint } = await hookTo(world, receiver.url);
    receiver.behave(() => 410);
    const id = await newCustomer(admin);
    const state = () => endpointOf(admin, endpoint, 'lifecycle disabledReason disabledText');
    await expect.poll(state).toEqual({ lifecycle: 'DISABLED', disabledReason: 'GONE', disabledText: 'It answered 410 Gone.' });
    await rename(admin, id);
    receiver.behave(() => 200);
    await sleep(300);
    expect(receiver.came.length).toBe(1);
    await admin.do('resumeWebhookEndpoint', { id: endpoint }, 'webhookEndpoint');
    await expect.poll(() => versions(receiver.taken, id)).toEqual([1, 2]);
    await admin.do('deleteWebhookEndpoint', { id: endpoint }, 'webhookEndpoint');
  });
});

describe('a receiver that takes nothing', () => {
  it('is tried for 72 hours, then disabled; what was given up is shown, and is sent again in order', async () => {
    const receiver = await startReceiver();
    const { id: endpoint } = await hookTo(world, receiver.url);
    receiver.behave((_, nth) => (nth % 2 === 0 ? { status: 500, body: 'broken here' } : 'DROP'));
    const startMs = world.clock.now().getTime();
    const id = await newCustomer(admin);
    await expect.poll(() => receiver.came.length).toBe(1);
    await rename(admin, id);
    const first = async () => (await deliveriesOf(admin, endpoint))[0];
    const made: number[] = [];
    for (;;) {
      const attempt = made.length + 1;
      await expect.poll(async () => (await first()).attempts.length).toBe(attempt);
      made.push(world.clock.now().getTime() - startMs);
      const { state, nextAt } = await first();
      if (state === 'DEAD') break;
      world.clock.set(nextAt);
    }
    expect(made.length).toBeGreaterThanOrEqual(12);
    expect(made.at(-1)).toBeGreaterThanOrEqual(72 * HOUR_MS);
    const state = () => endpointOf(admin, endpoint, 'lifecycle disabledReason');
    await expect.poll(state).toEqual({ lifecycle: 'DISABLED', disabledReason: 'FAILING' });
    const { failure, attempts } = await first();
    expect(failure).toMatch(/^It answered 500\.$|^POST http.* has no answer: the connection was cut\.$/);
    expect(attempts[0]).toMatchObject({ status: 500, body: 'broken here', failure: 'It answered 500.' });
    // the next of the record had its turn, and waits for the endpoint
    expect((await deliveriesOf(admin, endpoint))[1]).toMatchObject({ state: 'PENDING' });
    expect(
      await admin.refused('resendWebhookDeliveries', { id: endpoint, deliveryId: (await deliveriesOf(admin, endpoint))[1].id }),
    ).toMatchObject([{ code: 'WRONG_STATE', path: ['input', 'deliveryId'] }]);
    receiver.behave(() => 204);
    await admin.do('resumeWebhookEndpoint', { id: endpoint }, 'webhookEndpoint');
    await expect.poll(() => versions(receiver.taken, id)).toEqual([2]);
    await admin.do('resendWebhookDeliveries', { id: endpoint }, 'webhookEndpoint');
    await expect.poll(() => versions(receiver.taken, id)).toEqual([2, 1]);
    const states = async () => (await deliveriesOf(admin, endpoint)).map((delivery) => delivery.state);
    await expect.poll(states).toEqual(['DELIVERED', 'DELIVERED']);
    await world.platform.sealer.sealed();
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });
});
