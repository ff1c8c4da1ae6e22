/**
 * Whatever happens later or at a fixed hour and needs no order: jobs of graphile-worker, run by any process. A job is enqueued by the
 * SQL function `enqueue` in the transaction that wants it. Workers run in the system role (`open_job_queue` gives it the queue's
 * tables), never as the owner of the tables. Hours of cron are those of the machine's clock in UTC.
 *
 * graphile-worker holds a dead worker's job for four hours. So each process keeps a row in `job_worker` alive, and every process
 * takes away the locks of those whose row has run out: another one goes on within half a minute. The late one can't do harm if the
 * task's own transaction ends with `check`.
 */
import { EventEmitter } from 'node:events';
import { Logger, type LogFunctionFactory, parseCronItems, type Runner, run, type TaskList } from 'graphile-worker';
import { DomainError } from '../kernel/errors.ts';
import type { Pool, Queryable } from './connection.ts';

export interface JobContext {
  /** From 1. */
  readonly attempt: number;
  /** Aborted when the process goes down. */
  readonly signal: AbortSignal | undefined;
  /** Last in the task's own transaction. @throws LEASE_LOST when another process has the job now */
  check(client: Queryable): Promise<void>;
}

/** It may run twice, so it must be safe to repeat. Its payload may come from any role that can enqueue: parse it. */
export type JobTask = (payload: unknown, context: JobContext) => Promise<void>;

export interface CronEntry {
  readonly task: string;
  /** Five fields, in UTC. */
  readonly match: string;
}

export interface JobsOptions {
  /** In the system role, with a few more connections than `concurrency`. */
  readonly pool: Pool;
  readonly tasks: Readonly<Record<string, JobTask>>;
  readonly concurrency: number;
  readonly cron?: readonly CronEntry[];
  /** How long a process counts as alive after its last sign. */
  readonly aliveMs?: number;
  readonly pollMs?: number;
  readonly onError?: (error: unknown) => void;
}

export interface Jobs {
  start(): Promise<void>;
  /** Waits for the jobs under way. */
  stop(): Promise<void>;
}

export interface Enqueue {
  readonly task: string;
  readonly payload: unknown;
  /** Another job with this key that hasn't begun is replaced. */
  readonly key?: string;
  readonly runAt?: Date;
  /** Jobs of one queue run one after another. */
  readonly queue?: string;
}

const ALIVE_MS = 15_000;
const POLL_MS = 2_000;

/** In the caller's transaction: the job exists if, and only if, it commits. Returns the job's id. */
export async function enqueue(client: Queryable, { task, payload, key, runAt, queue }: Enqueue): Promise<string> {
  const { rows } = await client.query<{ id: string }>('select enqueue($1, $2::jsonb, $3, $4, $5) as id', [
    task,
    JSON.stringify(payload ?? null),
    key ?? null,
    runAt ?? null,
    queue ?? null,
  ]);
  return rows[0]?.id ?? '';
}

export function createJobs({ pool, aliveMs = ALIVE_MS, pollMs = POLL_MS, onError = () => {}, ...options }: JobsOptions): Jobs {
  let runner: Runner | null = null;
  let timer: NodeJS.Timeout | undefined;
  let workerId = '';
  pool.on('error', onError);

  const beat = async (): Promise<void> => {
    await pool.query(SIGN_OF_LIFE, [workerId, aliveMs]);
    await pool.query(TAKE_OVER, [aliveMs]);
  };

  const start = async (): Promise<void> => {
    if (runner) return;
    await pool.query('select open_job_queue()');
    const events = new EventEmitter();
    events.on('pool:create', ({ workerPool }: { workerPool: { id: string } }) => {
      workerId = workerPool.id;
    });
    runner = await run({
      pgPool: pool,
      events,
      concurrency: options.concurrency,
      pollInterval: pollMs,
      noHandleSignals: true,
      logger: new Logger(errorsTo(onError)),
      taskList: taskList(options.tasks, () => workerId),
      parsedCronItems: parseCronItems((options.cron ?? []).map(({ task, match }) => ({ task, match, identifier: task }))),
    });
    runner.promise.catch(onError);
    await beat();
    timer = setInterval(() => void beat().catch(onError), aliveMs / 5);
  };

  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await runner?.stop();
    runner = null;
    await pool.query('delete from job_worker where id = $1', [workerId]).catch(onError);
  };
  return { start, stop };
}

const SIGN_OF_LIFE = `insert into job_worker (id, until) values ($1, clock_timestamp() + $2 * interval '1 millisecond')
  on conflict (id) do update set until = excluded.until`;

/** Locks younger than a sign of life's span may belong to a process that has just begun. */
const TAKE_OVER = `
  with locked as (
    select locked_by, locked_at from graphile_worker._private_jobs where locked_at is not null
    union all select locked_by, locked_at from graphile_worker._private_job_queues where locked_at is not null),
  dead as (select distinct locked_by from locked l where locked_at < clock_timestamp() - $1 * interval '1 millisecond'
    and not exists (select from job_worker w where w.id = l.locked_by and w.until > clock_timestamp())),
  forgotten as (delete from job_worker where until < clock_timestamp() - interval '1 day')
  select graphile_worker.force_unlock_workers(array(select locked_by from dead))`;

function taskList(tasks: Readonly<Record<string, JobTask>>, workerId: () => string): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload, { job, abortSignal }) => {
        const check = async (client: Queryable): Promise<void> => {
          const { rowCount } = await client.query(
            'select 1 from graphile_worker._private_jobs where id = $1 and locked_by = $2 and attempts = $3 for share',
            [job.id, workerId(), job.attempts],
          );
          if (!rowCount)
            throw new DomainError('LEASE_LOST', `Another process has taken over job ${job.id}.`, { details: { job: job.id } });
        };
        await task(payload, { attempt: job.attempts, signal: abortSignal, check });
      },
    ]),
  );
}

/** Its own log would write to the standard output; only what went wrong is passed on. */
const errorsTo =
  (onError: (error: unknown) => void): LogFunctionFactory =>
  () =>
  (level, message, meta) => {
    if (level === 'error') onError(meta?.error ?? new Error(message));
  };
