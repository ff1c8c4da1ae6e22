// Jobs: enqueued by the transaction that wants them, run by a role that owns nothing, and taken over from a dead process.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { openSystemPool, transaction } from '../../src/outbox/connection.ts';
import { createJobs, enqueue, type JobContext, type Jobs, type JobTask } from '../../src/outbox/jobs.ts';
import { PRUNE_CRON, pruneTask } from '../../src/outbox/prune.ts';
import { freshDatabase } from '../support/database.ts';
import { makeGate } from '../support/gate.ts';
import { administer, makeTenant, withTenant } from './writers.ts';

const database = await freshDatabase();
const pool = openSystemPool({ connection: database.connection, role: 'cashgraph_system', max: 10 });
const started: Jobs[] = [];
const errors: unknown[] = [];
let tenantId: string;

beforeAll(async () => {
  tenantId = await makeTenant(database);
});
afterAll(async () => {
  await Promise.all(started.map((jobs) => jobs.stop()));
  await pool.end();
});

async function work(tasks: Record<string, JobTask>, aliveMs = 15_000): Promise<Jobs> {
  const jobs = createJobs({
    pool,
    tasks,
    concurrency: 2,
    aliveMs,
    pollMs: 100,
    cron: [PRUNE_CRON],
    onError: (error) => errors.push(error),
  });
  started.push(jobs);
  await jobs.start();
  return jobs;
}
const count = async (): Promise<number> =>
  (await administerRows('select count(*)::int as count from graphile_worker._private_jobs'))[0]?.count ?? 0;
const administerRows = async (statement: string) => (await database.as('owner').query<{ count: number }>(statement)).rows;

test('a job runs if its transaction commits, and not if it rolls back', async () => {
  const ran: unknown[] = [];
  const jobs = await work({ 'send-statement': async (payload) => void ran.push(payload), prune: async () => {} });
  const app = database.as('app');
  await withTenant(app, tenantId, (client) => enqueue(client, { task: 'send-statement', payload: { tenantId, n: 1 } }));
  await withTenant(app, tenantId, async (client) => {
    await enqueue(client, { task: 'send-statement', payload: { tenantId, n: 2 } });
    throw new Error('undone');
  }).catch(() => {});
  await expect.poll(() => ran).toEqual([{ tenantId, n: 1 }]);
  await expect.poll(count).toBe(0);
  await jobs.stop();
  expect(ran).toHaveLength(1);
});

test('a job with a key replaces the one that waits', async () => {
  const runAt = new Date('2099-01-01T00:00:00Z');
  const client = database.as('app');
  const first = await enqueue(client, { task: 'send-statement', payload: { n: 1 }, key: 'monthly', runAt });
  expect(await enqueue(client, { task: 'send-statement', payload: { n: 2 }, key: 'monthly', runAt, queue: 'mail' })).toBe(first);
  expect(await count()).toBe(1);
  await administer(database, 'delete from graphile_worker._private_jobs');
});

test('the roles of requests can enqueue and do nothing else with the queue', async () => {
  await expect(database.as('app').query('select * from graphile_worker._private_jobs')).rejects.toThrow('permission denied');
  await expect(database.as('app').query(`select graphile_worker.add_job('prune')`)).rejects.toThrow('permission denied');
  await expect(database.as('read').query(`select enqueue('prune', '{}')`)).rejects.toThrow('permission denied');
  await expect(database.as('portal').query(`select enqueue('prune', '{}')`)).rejects.toThrow('permission denied');
  await expect(database.as('app').query('select open_job_queue()')).rejects.toThrow('permission denied');
  await expect(enqueue(database.as('app'), { task: 'Robert"); drop table', payload: {} })).rejects.toThrow('a task has a name');
});

test('workers run in a role that may not change tables', async () => {
  let role = '';
  const jobs = await work({
    'who-am-i': async () => {
      role = (await pool.query<{ role: string }>('select current_user as role')).rows[0]?.role ?? '';
    },
  });
  await enqueue(pool, { task: 'who-am-i', payload: null });
  await expect.poll(() => role).toBe('cashgraph_system');
  await jobs.stop();
  await expect(pool.query('drop table graphile_worker._private_jobs')).rejects.toThrow('must be owner');
  await expect(pool.query('alter table event disable row level security')).rejects.toThrow('must be owner');
});

test('the job of a dead process is taken over within its span of life, and its late commit is refused', async () => {
  const contexts: JobContext[] = [];
  let late: JobContext | undefined;
  const end = makeGate();
  const dead = await work(
    {
      'take-over': (_, context) => {
        late ??= context;
        return end.opened;
      },
    },
    400,
  );
  await enqueue(pool, { task: 'take-over', payload: {} });
  await expect.poll(() => late?.attempt).toBe(1);
  await transaction(pool, async (client) => late?.check(client)); // it has the job until now
  const { rows } = await database.as('owner').query<{ id: string }>('select locked_by as id from graphile_worker._private_jobs');
  // its signs of life stop, as by SIGSTOP
  await administer(
    database,
    `
    create function stay_dead() returns trigger language plpgsql as 'begin return null; end';
    create trigger stay_dead before update on job_worker for each row when (old.id = '${rows[0]?.id}') execute function stay_dead()`,
  );
  await work({ 'take-over': async (_, context) => void contexts.push(context) }, 400);
  // the queue itself would give it to nobody for hours
  await expect.poll(() => contexts.length).toBe(1);
  expect(contexts[0]?.attempt).toBeGreaterThan(1);
  await expect(transaction(pool, async (client) => late?.check(client))).rejects.toMatchObject({ code: 'LEASE_LOST' });
  end.open();
  await dead.stop();
});

test('an attempt that was begun anew, even by the same process, refuses the commit of the one before', async () => {
  let result: Promise<unknown> | undefined;
  const jobs = await work({
    again: async (_, { check }) => {
      await administer(database, 'update graphile_worker._private_jobs set attempts = attempts + 1');
      result ??= transaction(pool, check).catch((error: unknown) => error);
      await result;
    },
  });
  await enqueue(pool, { task: 'again', payload: {} });
  await expect.poll(() => result).toBeDefined();
  expect(await result).toMatchObject({ code: 'LEASE_LOST' });
  await jobs.stop();
});

test('the task prune forgets old answers and done deliveries, and nothing else', async () => {
  const clock = fixedClock('2026-03-01T00:00:00Z');
  await administer(
    database,
    `
    insert into idempotency (tenant_id, actor_id, operation, key, input_hash, created_at)
      select '${tenantId}', gen_random_uuid(), 'issueInvoice', n::text, 'x', timestamptz '2026-03-01 00:00Z' - n * interval '1 day' from generate_series(1, 10) n;
    insert into delivery (tenant_id, consumer, record_id, position, state, next_at, done_at)
      select '${tenantId}', 'c', gen_random_uuid(), n, case when n % 2 = 0 then 'DONE' else 'DEAD' end, now(),
        timestamptz '2026-03-01 00:00Z' - n * interval '1 day' from generate_series(1, 40) n`,
  );
  await pruneTask({ pool, clock, deliveriesKeptDays: 30 })(
    {},
    { attempt: 1, signal: new AbortController().signal, check: async () => {} },
  );
  const answers = await pool.query<{ key: string }>('select key from idempotency order by key::int');
  expect(answers.rows.map(({ key }) => key)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  const deliveries = await pool.query<{ state: string; count: number }>(
    'select state, count(*)::int from delivery group by 1 order by 1',
  );
  expect(deliveries.rows).toEqual([
    { state: 'DEAD', count: 20 },
    { state: 'DONE', count: 15 },
  ]);
});
