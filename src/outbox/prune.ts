/**
 * The hourly task that forgets what has served its time: stored answers to requests, deliveries that are done, leases of things that
 * ended. The log itself, and dead letters, are never touched. It works in the system role and over all tenants, in small transactions.
 */
import type { Clock } from '../kernel/clock.ts';
import type { Pool } from './connection.ts';
import type { JobTask } from './jobs.ts';

export interface PruneOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly deliveriesKeptDays: number;
}

/** Clients may repeat a request under its key for so long. */
const ANSWERS_KEPT_DAYS = 7;
const DAY_MS = 86_400_000;
const CHUNK = 5_000;

export const PRUNE_CRON = { task: 'prune', match: '17 * * * *' } as const;

export const pruneTask =
  ({ pool, clock, deliveriesKeptDays }: PruneOptions): JobTask =>
  async (_, { signal }) => {
    const before = (days: number): Date => new Date(clock.now().getTime() - days * DAY_MS);
    const remove = async (statement: string, until: Date): Promise<void> => {
      while (!signal?.aborted && (await pool.query(statement, [until])).rowCount === CHUNK);
    };
    await remove(
      `delete from idempotency where ctid = any (array(select ctid from idempotency where created_at < $1 limit ${CHUNK}))`,
      before(ANSWERS_KEPT_DAYS),
    );
    await remove(
      `delete from delivery where ctid = any (array(select ctid from delivery where state = 'DONE' and done_at < $1 limit ${CHUNK}))`,
      before(deliveriesKeptDays),
    );
    await pool.query(`delete from lease where name like 'upload:%' and until < clock_timestamp() - interval '1 day'`);
  };
