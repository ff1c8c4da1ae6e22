-- What the log may forget: whole partitions of it, when an installation says how long it keeps events. The last hash of each tenant in what
-- is dropped stays behind as an anchor, from which the rest of the chain is verified.

create table event_anchor (
  tenant_id uuid not null constraint event_anchor_pk primary key references tenant,
  position bigint not null,
  hash text not null,
  recorded_at timestamptz not null,
  dropped_at timestamptz not null
);
comment on table event_anchor is 'The newest event of each tenant that the log has forgotten: what is left of the chain begins after it';
comment on column event_anchor.recorded_at is 'No event that was recorded later is forgotten';
call guard_table('event_anchor', 'select');
create policy of_system on event_anchor for all to cashgraph_system using (true) with check (true);
grant select, insert, update on event_anchor to cashgraph_system;
grant delete on event_personal to cashgraph_system;

-- A place in the log goes with what portal users and BI tools read, too.
do $$
declare
  own constant text := 'tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)';
begin
  execute format('create policy of_portal on event_chain for select to cashgraph_portal using (%s)', own);
  execute format('create policy of_portal on event_anchor for select to cashgraph_portal using (%s)', own);
  execute (select format('create policy of_reporting on event_chain for select to cashgraph_reporting using (%s)',
    pg_get_expr(p.polqual, p.polrelid)) from pg_policy p where p.polrelid = 'event'::regclass and p.polname = 'of_reporting');
end $$;
grant select (tenant_id, position) on event_chain to cashgraph_portal;
grant select (tenant_id, position, recorded_at) on event_anchor to cashgraph_portal;
grant select (tenant_id, position) on event_chain to cashgraph_reporting;
revoke select (tenant_id, position) on event from cashgraph_reporting;
drop policy of_reporting on event;

create or replace view reporting.log_position with (security_invoker = true) as
  select coalesce(max(c.position), 0) as position from event_chain c;

alter table event_head add column pruned_to bigint not null default 0;
comment on column event_head.pruned_to is 'The newest position that the log has forgotten';

create view event_partition with (security_invoker = true) as
  select c.relname as name, (b.found)[1]::bigint as from_position, (b.found)[2]::bigint as to_position
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  cross join lateral (select regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \(''?(\d+)''?\) TO \(''?(\d+)''?\)$')) b(found)
  where i.inhparent = 'event'::regclass;
comment on view event_partition is 'The parts of the log: each holds positions from the one and below the other';
grant select on event_partition to cashgraph_system;

-- Ends the newest part at the head of the log, so that it can be dropped by itself when its time is over. Waits for no reader longer than
-- the lock's timeout: it is tried again later.
create function cut_event_partition() returns void language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '2s' as $$
declare
  next bigint;
  part record;
  made text;
begin
  select position + 1 into next from event_head for update;
  select * into part from event_partition where from_position < next and next < to_position;
  if part is null then return; end if;
  made := format('event_from_%s', lpad(next::text, 18, '0'));
  execute format('create table %I (like event)', made);
  execute format('alter table event detach partition %I', part.name);
  execute format('alter table event attach partition %I for values from (%s) to (%s)', part.name, part.from_position, next);
  execute format('alter table event attach partition %I for values from (%s) to (%s)', made, next, part.to_position);
  execute format('alter table %I enable row level security', made);
  execute format('alter table %I force row level security', made);
end $$;
revoke all on function cut_event_partition from public;
grant execute on function cut_event_partition to cashgraph_system;

-- Drops the oldest part, if it ends before this position and nothing is written to it any more. Whoever calls it has kept the anchors, and
-- looks afterwards, with the log locked, whether somebody still needs one of its events: then the transaction is given up.
create function drop_event_partition(until bigint) returns void language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '2s' as $$
declare
  head record;
  part record;
begin
  select * into head from event_head for update;
  select * into part from event_partition order by from_position limit 1;
  if part.to_position <> until or until > head.position + 1 then
    raise exception 'The log''s oldest part ends at %, not at %', part.to_position, until;
  end if;
  execute format('drop table %I', part.name);
  update event_head set pruned_to = until - 1;
end $$;
revoke all on function drop_event_partition from public;
grant execute on function drop_event_partition to cashgraph_system;
