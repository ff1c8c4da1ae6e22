// A process that sends is killed while a receiver has not answered yet: another one goes on within the time of its lease, nothing is
// lost, and each record's events come in order.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openStage } from '../processes/stage.ts';
import { broken } from '../support/invariants.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveriesOf, newCustomer, rename } from './hooks.ts';
import { startReceiver } from './receiver.ts';

const database = await freshDatabase();
const stage = await openStage(database.connection, { LEASE_TTL_MS: '1500', WEBHOOK_TIMEOUT_MS: '30000' });
const receiver = await startReceiver();

it('the work of a killed process is taken over, with nothing lost and each record in order', { timeout: 90_000 }, async () => {
  const serving = await stage.serve();
  const admin = await stage.person(serving, 'admin');
  const victim = await stage.worker();
  const made = await admin.do('createWebhookEndpoint', { url: receiver.url, eventTypes: ['customer.*'] }, 'webhookEndpoint');
  receiver.behave(() => 'HANG');
  const ids = await Promise.all([1, 2, 3].map(() => newCustomer(admin)));
  for (const id of ids) await rename(admin, id);
  await expect.poll(() => receiver.came.length).toBe(3);
  const heir = await stage.worker();
  await sleep(500);
  expect(receiver.taken).toEqual([]);
  receiver.behave(() => 204);
  await victim.stop('SIGKILL');
  const versionsOf = (id: string) =>
    receiver.taken.filter(({ message }) => message.data.recordId === id).map(({ message }) => message.data.recordVersion);
  await expect.poll(() => ids.map(versionsOf)).toEqual(ids.map(() => [1, 2]));
  await expect
    .poll(async () => (await deliveriesOf(admin, made.id)).map(({ state }) => state))
    .toEqual(Array(6).fill('DELIVERED'));
  // the attempts that nobody ended leave a gap
  const firsts = (await deliveriesOf(admin, made.id)).filter(({ attemptCount }) => attemptCount === 2);
  expect(firsts.map(({ attempts }) => attempts.map(({ number }: { number: number }) => number))).toEqual([[2], [2], [2]]);
  // one that is told to end gives back what is not answered, as if it had not been tried
  receiver.behave(() => 'HANG');
  const before = receiver.came.length;
  await rename(admin, ids[0] ?? '');
  await expect.poll(() => receiver.came.length).toBe(before + 1);
  await heir.stop('SIGTERM');
  const given = 'select attempt_count, claimed_until, first_attempt_at from webhook_delivery where state = $1';
  expect(await stage.rows(given, ['PENDING'])).toEqual([{ attempt_count: 0, claimed_until: null, first_attempt_at: null }]);
  expect(await broken(database, stage.tenantId)).toEqual([]);
});
