-- The job queue is graphile-worker's; the migration runner installs its schema after these files, so everything here names it only
-- when it runs. Workers run in the system role with rights on that schema's tables, not as the owner, who may change tables.

create table job_worker (
  id text constraint job_worker_pk primary key,
  until timestamptz not null
);
comment on table job_worker is 'Processes that run jobs, and until when each is taken to be alive; the jobs of a dead one are taken over';
grant select, insert, update, delete on job_worker to cashgraph_system;

-- Puts a job into the queue, in the caller's transaction. A job with the same key that hasn't begun is replaced.
create function enqueue(task text, payload jsonb, key text default null, run_at timestamptz default null, queue text default null)
returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  job bigint;
begin
  if task !~ '^[a-z][a-z0-9-]{0,63}$' then
    raise exception 'a task has a name such as send-statement' using errcode = '22023';
  end if;
  execute 'select id from graphile_worker.add_job(identifier := $1, payload := $2::json, job_key := $3, run_at := $4, queue_name := $5)'
    into job using enqueue.task, enqueue.payload, enqueue.key, enqueue.run_at, enqueue.queue;
  return job;
end $$;
revoke all on function enqueue from public;
grant execute on function enqueue to cashgraph_app, cashgraph_system;

-- Lets the system role work on the queue; each worker calls it at its start, since an update of graphile-worker can bring new tables.
create function open_job_queue() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  t text;
begin
  perform pg_advisory_xact_lock(7215003);
  if has_schema_privilege('cashgraph_system', 'graphile_worker', 'usage') is not true then
    grant usage on schema graphile_worker to cashgraph_system;
    grant select on graphile_worker.migrations to cashgraph_system;
  end if;
  for t in
    select c.relname from pg_class c
    where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind = 'r' and starts_with(c.relname, '_private_')
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'of_system')
  loop
    execute format('grant select, insert, update, delete on graphile_worker.%I to cashgraph_system', t);
    execute format('create policy of_system on graphile_worker.%I for all to cashgraph_system using (true) with check (true)', t);
  end loop;
end $$;
revoke all on function open_job_queue from public;
grant execute on function open_job_queue to cashgraph_system;
