/**
 * Whatever happens later or at a fixed hour and needs no order: jobs of graphile-worker, run by any process. A job is enqueued by the
 * SQL function `enqueue` in the transaction that wants it. Workers run in the system role (`open_job_queue` gives it the queue's
 * tables), never as the owner of the tables. Hours of cron are those of the machine's clock in UTC.
 *
 * graphile-worker holds a dead worker's job for four hours. So each process keeps a row in `job_worker` alive, and every process
 * takes away the locks of those whose row has run out: another one goes on within half a minute. The late one can't do harm if the
 * task's own transaction ends with `check`.
 *
 * A runner of graphile-worker ends for good when it loses the database while it ends a job. Then another one is begun here, so that a
 * restart of the database is no restart of the process.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type LogFunctionFactory, parseCronItems, type Runner, run, type TaskList } from 'graphile-worker';
import { monotonicMs } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { keepAsking, type Pool, type Queryable } from './connection.ts';
import { giveBack, holdsJob, signOfLife } from './job-locks.ts';

export interface JobContext {
  /** From 1. */
  readonly attempt: number;
  /** Aborted when the process goes down: whatever then throws is begun again by another one at once. */
  readonly signal: AbortSignal;
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
  /** Waits for the jobs under way, at most five seconds, and gives back what is left. */
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
const STOP_MS = 5_000;
const RESTART_MS = 250;
/** Ended in batches, since what fails there is told to the runner; singly it would be an unhandled rejection, which ends the process. */
const IN_BATCHES = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

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

export const createJobs = (options: JobsOptions): Jobs => new RunningJobs(options);

interface Running {
  /** As which the queue knows it. */
  readonly id: string;
  readonly runner: Runner;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

class RunningJobs implements Jobs {
  readonly #options: Required<JobsOptions>;
  readonly #failedIds = new Set<string>();
  /** The jobs under way, and those that ended a moment ago, with when: their end may not be written yet. */
  readonly #known = new Map<string, number | null>();
  #running!: Running;
  #supervising: Promise<Running> | null = null;
  #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #stopAsking = (): void => {};

  constructor(options: JobsOptions) {
    this.#options = { cron: [], aliveMs: ALIVE_MS, pollMs: POLL_MS, onError: () => {}, ...options };
    options.pool.on('error', this.#options.onError);
  }

  async start(): Promise<void> {
    if (this.#supervising) return;
    const { pool, aliveMs, onError } = this.#options;
    this.#stopping = new AbortController();
    await pool.query('select open_job_queue()');
    this.#running = await this.#begin();
    this.#supervising = this.#supervise(this.#running, this.#stopping.signal);
    this.#timer = setInterval(() => void this.#tell(this.#running.id).catch(onError), aliveMs / 5);
  }

  async stop(): Promise<void> {
    if (!this.#supervising) return;
    const { pool, onError } = this.#options;
    clearInterval(this.#timer);
    this.#stopAsking();
    this.#stopping.abort();
    const { id, runner } = await this.#supervising;
    this.#supervising = null;
    const done = new AbortController();
    const late = sleep(STOP_MS, undefined, { signal: done.signal }).catch(() => {});
    await Promise.race([runner.stop().catch(onError), late]);
    done.abort();
    await giveBack(pool, id, [...this.#failedIds]).catch(onError);
    this.#failedIds.clear();
  }

  /** Begins anew whenever the runner ends by itself. Gives the one there is when all is to end. */
  async #supervise(first: Running, signal: AbortSignal): Promise<Running> {
    const stopped = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
    let running = first;
    for (;;) {
      await Promise.race([running.ended, stopped]);
      if (signal.aborted) return running;
      await sleep(RESTART_MS, undefined, { signal }).catch(() => {});
      try {
        await giveBack(this.#options.pool, running.id, []);
        running = await this.#begin();
        this.#running = running;
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }

  async #begin(): Promise<Running> {
    const { pool, aliveMs, concurrency, pollMs, cron, tasks, onError } = this.#options;
    const events = new EventEmitter();
    let id = '';
    events.on('pool:create', ({ workerPool }: { workerPool: { id: string } }) => {
      id = workerPool.id;
    });
    events.on('pool:listen:success', ({ client }: { client: Queryable }) => {
      this.#stopAsking();
      this.#stopAsking = keepAsking(client, aliveMs / 3);
    });
    const failed = new Promise<void>((done) => events.once('pool:fatalError', () => done()));
    const runner = await run({
      pgPool: pool,
      events,
      concurrency,
      pollInterval: pollMs,
      noHandleSignals: true,
      preset: IN_BATCHES,
      logger: new Logger(errorsTo(onError)),
      taskList: this.#taskList(tasks, () => id),
      parsedCronItems: parseCronItems(cron.map(({ task, match }) => ({ task, match, identifier: task }))),
    });
    // one that could not write a job's end goes down, and at times waits for ever for what it has lost
    const givenUp = failed.then(() => sleep(STOP_MS, undefined, { ref: false }));
    const ended = Promise.race([runner.promise.catch(onError), givenUp]);
    await this.#tell(id).catch(onError);
    return { id, runner, ended };
  }

  #tell(workerId: string): Promise<void> {
    const { pool, aliveMs } = this.#options;
    for (const [id, endedAtMs] of this.#known)
      if (endedAtMs !== null && monotonicMs() - endedAtMs > aliveMs) this.#known.delete(id);
    return signOfLife(pool, { workerId, aliveMs, jobIds: [...this.#known.keys()] });
  }

  #taskList(tasks: Readonly<Record<string, JobTask>>, workerId: () => string): TaskList {
    const { signal } = this.#stopping;
    return Object.fromEntries(
      Object.entries(tasks).map(([name, task]) => [
        name,
        async (payload, { job }) => {
          const check = async (client: Queryable): Promise<void> => {
            if (await holdsJob(client, { workerId: workerId(), jobId: job.id, attempt: job.attempts })) return;
            throw new DomainError('LEASE_LOST', `Another process has taken over job ${job.id}.`, { details: { job: job.id } });
          };
          this.#known.set(job.id, null);
          try {
            await task(payload, { attempt: job.attempts, signal, check });
          } catch (error) {
            if (signal.aborted) this.#failedIds.add(job.id);
            throw error;
          } finally {
            this.#known.set(job.id, monotonicMs());
          }
        },
      ]),
    );
  }
}

/** Its own log would write to the standard output; only what went wrong is passed on. */
const errorsTo =
  (onError: (error: unknown) => void): LogFunctionFactory =>
  () =>
  (level, message, meta) => {
    if (level === 'error') onError(meta?.error ?? new Error(message));
  };
