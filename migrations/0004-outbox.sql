-- The log of what happened: an inbox that transactions write, and the sealed log that everyone reads by position.

create table event_inbox (
  id bigint generated always as identity constraint event_inbox_pk primary key,
  tenant_id uuid not null references tenant,
  event_id uuid not null,
  type text not null,
  type_version int not null,
  legal_entity_id uuid,
  account_id uuid,
  customer_id uuid,
  record_kind text not null,
  record_id uuid not null,
  record_version int not null,
  actor_id uuid not null,
  request_id text not null,
  cause_id uuid,
  source text,
  occurred_at timestamptz not null,
  effective_on date,
  recorded_at timestamptz not null,
  payload jsonb not null,
  personal jsonb,
  queued_at timestamptz not null default clock_timestamp()
);

create table event (
  tenant_id uuid not null,
  position bigint not null,
  event_id uuid not null,
  type text not null,
  type_version int not null,
  legal_entity_id uuid,
  account_id uuid,
  customer_id uuid,
  record_kind text not null,
  record_id uuid not null,
  record_version int not null,
  actor_id uuid not null,
  request_id text not null,
  cause_id uuid,
  source text,
  occurred_at timestamptz not null,
  effective_on date,
  recorded_at timestamptz not null,
  payload jsonb not null,
  personal_digest text,
  hash text not null,
  constraint event_pk primary key (tenant_id, position)
) partition by range (position);
create index event_by_position on event (position);
create index event_by_record on event (tenant_id, record_id, record_version);
create trigger event_not_emptied before truncate on event for each statement execute function refuse_change();
create trigger event_append_only before update or delete on event for each row execute function refuse_change();

create table event_personal (
  tenant_id uuid not null,
  event_id uuid not null,
  record_id uuid not null,
  salt text not null,
  fields jsonb not null,
  constraint event_personal_pk primary key (tenant_id, event_id)
);
create index event_personal_by_record on event_personal (tenant_id, record_id);
comment on table event_personal is 'Personal fields of an event. Deleting a row erases them; the chain holds only their salted digest and still verifies';

create table event_head (
  is_head boolean constraint event_head_pk primary key default true constraint event_head_one check (is_head),
  position bigint not null,
  partitioned_to bigint not null
);
insert into event_head (position, partitioned_to) values (0, 0);

create table event_chain (
  tenant_id uuid not null constraint event_chain_pk primary key references tenant,
  position bigint not null,
  hash text not null
);
comment on table event_chain is 'The newest hash of each tenant''s chain; anchor it elsewhere to prove later that nothing was rewritten';

-- Makes partitions of ten million positions until the given one has a place. Runs as the owner: the sealer may not create tables.
create function ensure_event_partition(wanted bigint) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  width constant bigint := 10000000;
  start bigint;
  part text;
begin
  select partitioned_to into start from event_head for update;
  while start <= wanted loop
    part := format('event_%s', lpad((start / width)::text, 5, '0'));
    -- made apart and then attached: `partition of` would lock out readers of the log, and wait for them
    execute format('create table %I (like event)', part);
    execute format('alter table event attach partition %I for values from (%s) to (%s)', part, start, start + width);
    execute format('alter table %I enable row level security', part);
    execute format('alter table %I force row level security', part);
    start := start + width;
  end loop;
  update event_head set partitioned_to = start where partitioned_to <> start;
end $$;
revoke all on function ensure_event_partition from public;
select ensure_event_partition(1);

create table lease (
  name text constraint lease_pk primary key,
  owner text not null,
  token bigint not null,
  until timestamptz not null
);
comment on table lease is 'Who may do a thing that one process at a time may do; a commit under an older token is refused';

create table delivery_cursor (
  consumer text constraint delivery_cursor_pk primary key,
  position bigint not null
);

create table delivery (
  tenant_id uuid not null references tenant,
  id bigint generated always as identity,
  consumer text not null,
  record_id uuid not null,
  position bigint not null,
  state text not null constraint delivery_state_known check (state in ('PENDING', 'DONE', 'DEAD')) default 'PENDING',
  attempt int not null default 0,
  next_at timestamptz not null,
  claim_token bigint,
  claimed_until timestamptz,
  last_error text,
  done_at timestamptz,
  constraint delivery_pk primary key (tenant_id, id),
  constraint delivery_once unique (tenant_id, consumer, position)
);
create index delivery_due on delivery (consumer, next_at) where state = 'PENDING';
create index delivery_done on delivery (done_at) where state = 'DONE';
create index delivery_of_record on delivery (tenant_id, consumer, record_id, position) where state = 'PENDING';
