-- Outgoing webhooks: where events are sent to, each event that is to be sent there, and each attempt at it.

create table webhook_endpoint (
  tenant_id uuid not null references tenant,
  id uuid not null,
  url text not null,
  description text,
  event_types jsonb not null constraint webhook_endpoint_types_list check (jsonb_typeof(event_types) = 'array' and event_types <> '[]'),
  legal_entity_id uuid,
  customer_id uuid,
  created_by_id uuid not null,
  lifecycle text not null constraint webhook_endpoint_lifecycle_known check (lifecycle in ('ACTIVE', 'PAUSED', 'DISABLED', 'DELETED')),
  active_since timestamptz not null,
  disabled_reason text constraint webhook_endpoint_reason_known check (disabled_reason in ('FAILING', 'GONE')),
  disabled_text text,
  sealed_secret text,
  secret_hint text not null,
  previous_sealed_secret text,
  previous_secret_until timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  constraint webhook_endpoint_pk primary key (tenant_id, id),
  constraint webhook_endpoint_entity foreign key (tenant_id, legal_entity_id) references legal_entity (tenant_id, id),
  constraint webhook_endpoint_customer foreign key (tenant_id, customer_id) references customer (tenant_id, id),
  constraint webhook_endpoint_creator foreign key (tenant_id, created_by_id) references actor (tenant_id, id),
  constraint webhook_endpoint_signs check ((sealed_secret is null) = (lifecycle = 'DELETED')),
  constraint webhook_endpoint_previous_whole check ((previous_sealed_secret is null) = (previous_secret_until is null)),
  constraint webhook_endpoint_reason_told check ((lifecycle = 'DISABLED') = (disabled_reason is not null) and (disabled_reason is null) = (disabled_text is null))
);
create index webhook_endpoint_by_created on webhook_endpoint (tenant_id, created_at, id);
call guard_table('webhook_endpoint', 'select, insert, update');
revoke select on webhook_endpoint from cashgraph_read;
grant select (tenant_id, id, url, description, event_types, legal_entity_id, customer_id, created_by_id, lifecycle, active_since, disabled_reason,
  disabled_text, secret_hint, previous_secret_until, version, created_at) on webhook_endpoint to cashgraph_read;
create policy of_system on webhook_endpoint for select to cashgraph_system using (true);
grant select on webhook_endpoint to cashgraph_system;
comment on column webhook_endpoint.sealed_secret is 'AES-256-GCM, bound to tenant, endpoint and field; opened only to sign';
comment on column webhook_endpoint.active_since is 'When it was made or resumed: failures before that do not count against it';

-- How far an endpoint is: written by the engine alone, and without a version. Whoever adds to its deliveries or ends one locks it first.
create table webhook_queue (
  tenant_id uuid not null,
  endpoint_id uuid not null,
  from_position bigint not null,
  behind_at bigint,
  replay_at bigint,
  replay_until bigint,
  lost_from bigint,
  lost_to bigint,
  laid_count bigint not null default 0,
  pending_count bigint not null default 0 constraint webhook_queue_pending_sane check (pending_count >= 0),
  pruned_count bigint not null default 0,
  pruned_position bigint not null default 0,
  failing_since timestamptz,
  failure text,
  failure_count int not null default 0,
  blocked_until timestamptz,
  delivered_at timestamptz,
  constraint webhook_queue_pk primary key (tenant_id, endpoint_id),
  constraint webhook_queue_endpoint foreign key (tenant_id, endpoint_id) references webhook_endpoint (tenant_id, id),
  constraint webhook_queue_replay_whole check ((replay_at is null) = (replay_until is null)),
  constraint webhook_queue_lost_whole check ((lost_from is null) = (lost_to is null))
);
create index webhook_queue_behind on webhook_queue (pending_count) where behind_at is not null or replay_at is not null;
call guard_table('webhook_queue', 'select');
create policy of_system on webhook_queue for all to cashgraph_system using (true) with check (true);
grant select, insert, update on webhook_queue to cashgraph_system;
comment on column webhook_queue.from_position is 'Its own making in the log: it gets what comes after it, unless it was made to begin earlier';
comment on column webhook_queue.behind_at is 'Of what comes after this, nothing was laid out yet, since enough waits; null: it goes along with the log';
comment on column webhook_queue.replay_at is 'A repetition goes on after this, up to replay_until';
comment on column webhook_queue.lost_from is 'Events after this, up to lost_to, were no longer in the log when it came to them';

create sequence webhook_delivery_seq;
grant usage on sequence webhook_delivery_seq to cashgraph_system;

-- One event for one endpoint. Of a record's deliveries to an endpoint only the first that waits has a time.
create table webhook_delivery (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  endpoint_id uuid not null,
  seq bigint not null default nextval('webhook_delivery_seq'),
  purpose text not null constraint webhook_delivery_purpose_known check (purpose in ('EVENT', 'REPLAY', 'TEST')),
  position bigint not null,
  event_id uuid not null,
  event_type text not null,
  record_kind text not null,
  record_id text not null,
  record_version int not null,
  state text not null default 'PENDING' constraint webhook_delivery_state_known check (state in ('PENDING', 'DELIVERED', 'DEAD')),
  next_at timestamptz,
  attempt_count int not null default 0,
  earlier_attempt_count int not null default 0,
  first_attempt_at timestamptz,
  ended_at timestamptz,
  failure text,
  claim_token bigint not null default 0,
  claimed_until timestamptz,
  created_at timestamptz not null,
  constraint webhook_delivery_pk primary key (tenant_id, id),
  constraint webhook_delivery_queue foreign key (tenant_id, endpoint_id) references webhook_queue (tenant_id, endpoint_id),
  constraint webhook_delivery_ended check ((state = 'PENDING') = (ended_at is null) and (state = 'PENDING' or next_at is null)),
  constraint webhook_delivery_dead_why check (state <> 'DEAD' or failure is not null)
);
create unique index webhook_delivery_once on webhook_delivery (tenant_id, endpoint_id, position) where purpose = 'EVENT';
create index webhook_delivery_due on webhook_delivery (tenant_id, endpoint_id, next_at, seq) where state = 'PENDING' and next_at is not null;
create index webhook_delivery_lane on webhook_delivery (tenant_id, endpoint_id, record_id, seq) where state = 'PENDING' and purpose <> 'TEST';
create index webhook_delivery_test on webhook_delivery (tenant_id, endpoint_id) where state = 'PENDING' and purpose = 'TEST';
create index webhook_delivery_dead on webhook_delivery (tenant_id, endpoint_id, seq) where state = 'DEAD';
create index webhook_delivery_by_endpoint on webhook_delivery (tenant_id, endpoint_id, created_at, id);
create index webhook_delivery_by_created on webhook_delivery (tenant_id, created_at, id);
create index webhook_delivery_by_record on webhook_delivery (tenant_id, record_id, created_at);
create index webhook_delivery_by_end on webhook_delivery (ended_at) where state = 'DELIVERED';
call guard_table('webhook_delivery', 'select');
create policy of_system on webhook_delivery for all to cashgraph_system using (true) with check (true);
grant select, insert, update, delete on webhook_delivery to cashgraph_system;
comment on column webhook_delivery.seq is 'The order of what waits; drawn anew when a dead letter is sent again';
comment on column webhook_delivery.earlier_attempt_count is 'Attempts before it was sent again, or its endpoint resumed: the pauses begin anew';

create table webhook_attempt (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  delivery_id uuid not null,
  number int not null,
  started_at timestamptz not null,
  duration_ms int not null,
  status int,
  headers jsonb,
  body text,
  failure text,
  constraint webhook_attempt_pk primary key (tenant_id, id),
  constraint webhook_attempt_delivery foreign key (tenant_id, delivery_id) references webhook_delivery (tenant_id, id) on delete cascade,
  constraint webhook_attempt_once unique (tenant_id, delivery_id, number)
);
call guard_table('webhook_attempt', 'select');
create policy of_system on webhook_attempt for all to cashgraph_system using (true) with check (true);
grant select, insert, delete on webhook_attempt to cashgraph_system;
