/**
 * Who has which job, in SQL: a process's sign of life, the taking away of a dead one's locks, and the giving back of what a process
 * that goes down could not finish. It never touches a job that somebody alive works on.
 */
import type { Queryable } from './connection.ts';

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

/** The answer that brought them was lost with its connection: locked by a process that lives and doesn't know of them. */
const UNLOCK_UNKNOWN = `
  with unknown as (
    update graphile_worker._private_jobs set locked_at = null, locked_by = null
    where locked_by = $1 and id <> all ($2::bigint[]) and locked_at < clock_timestamp() - $3 * interval '1 millisecond'
    returning job_queue_id)
  update graphile_worker._private_job_queues q set locked_at = null, locked_by = null
  from unknown where q.id = unknown.job_queue_id and q.locked_by = $1`;

/** Others look at once instead of at their next turn. Attempts stay counted: an attempt's number is its fence. */
const GIVE_BACK = `
  with gone as (delete from job_worker where id = $1),
  free as (update graphile_worker._private_jobs set run_at = now() where id = any ($2::bigint[]) and locked_at is null returning id)
  select pg_notify('jobs:insert', json_build_object('r', 'given back', 'count', greatest(count(*), 1))::text) from free`;

export interface SignOfLife {
  readonly workerId: string;
  readonly aliveMs: number;
  /** The jobs that the process works on, or has ended a moment ago. */
  readonly jobIds: readonly string[];
}

/** Says that the process lives for so long and what it works on, and takes over from those that have not said so. */
export async function signOfLife(client: Queryable, { workerId, aliveMs, jobIds }: SignOfLife): Promise<void> {
  await client.query(SIGN_OF_LIFE, [workerId, aliveMs]);
  await client.query(UNLOCK_UNKNOWN, [workerId, jobIds, aliveMs]);
  await client.query(TAKE_OVER, [aliveMs]);
}

/** Everything that it holds is free at once, and jobs that failed since it goes down are due at once. */
export async function giveBack(client: Queryable, workerId: string, failedIds: readonly string[]): Promise<void> {
  await client.query('select graphile_worker.force_unlock_workers(array[$1])', [workerId]);
  await client.query(GIVE_BACK, [workerId, failedIds]);
}

/** @returns whether the process still has the job, in this attempt; the row stays as it is until the transaction ends */
export async function holdsJob(
  client: Queryable,
  { workerId, jobId, attempt }: { readonly workerId: string; readonly jobId: string; readonly attempt: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    'select 1 from graphile_worker._private_jobs where id = $1 and locked_by = $2 and attempts = $3 for share',
    [jobId, workerId, attempt],
  );
  return (rowCount ?? 0) > 0;
}
