// Leases: one holder at a time, a token that rises, and a late holder that can't commit.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openSystemPool, transaction } from '../../src/outbox/connection.ts';
import { acquireLease, assertLease, type Lease } from '../../src/outbox/lease.ts';
import { freshDatabase } from '../support/database.ts';
import { makeGate } from '../support/gate.ts';

const database = await freshDatabase();
const pool = openSystemPool({ connection: database.connection, role: 'cashgraph_system', max: 25 });
afterAll(() => pool.end());

const take = async (name: string, owner: string, ttlMs = 10_000): Promise<Lease> => {
  const lease = await acquireLease(pool, { name, owner, ttlMs });
  if (!lease) throw new Error(`${owner} didn't get ${name}`);
  return lease;
};

test('of twenty who ask at once one gets the lease', async () => {
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) => acquireLease(pool, { name: 'asked', owner: `p${i}`, ttlMs: 10_000 })),
  );
  expect(all.filter(Boolean)).toHaveLength(1);
});

test('a lease that was given back or has run out goes to the next one, with a higher token', async () => {
  const first = await take('turns', 'a');
  expect(await acquireLease(pool, { name: 'turns', owner: 'b', ttlMs: 1 })).toBeNull();
  await first.release();
  const second = await take('turns', 'b', 1);
  await sleep(20);
  const third = await take('turns', 'c');
  expect([first.token, second.token, third.token]).toEqual([1n, 2n, 3n]);
});

test('a lease that is renewed stays with its holder', async () => {
  const lease = await take('renewed', 'a');
  await pool.query(`update lease set until = clock_timestamp() where name = 'renewed'`);
  await lease.renew();
  expect(await acquireLease(pool, { name: 'renewed', owner: 'b', ttlMs: 1 })).toBeNull();
});

test('a holder that lost its lease can neither renew it nor commit under it, and its release changes nothing', async () => {
  const late = await take('lost', 'a', 1);
  await sleep(20);
  const next = await take('lost', 'b');
  await expect(late.renew()).rejects.toMatchObject({ code: 'LEASE_LOST' });
  await expect(transaction(pool, (client) => late.check(client))).rejects.toMatchObject({ code: 'LEASE_LOST' });
  await late.release();
  await transaction(pool, (client) => assertLease(client, next));
  expect(await acquireLease(pool, { name: 'lost', owner: 'c', ttlMs: 1 })).toBeNull();
});

test('nobody takes the lease over between the check and the commit', async () => {
  const holder = await take('fenced', 'a', 1);
  const order: string[] = [];
  const checked = makeGate();
  const committing = transaction(pool, async (client) => {
    await holder.check(client);
    checked.open();
    await sleep(150);
    order.push('committed');
  });
  await checked.opened;
  const taking = take('fenced', 'b').then(() => order.push('taken over'));
  await Promise.all([committing, taking]);
  expect(order).toEqual(['committed', 'taken over']);
});
