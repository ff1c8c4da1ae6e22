-- Connections to ERPs: who serves which legal entity, who has authority over what, how far each stream was read, what came, what did
-- not fit, and what was asked of the ERP.

create table connection (
  tenant_id uuid not null references tenant,
  id uuid not null,
  code text not null constraint connection_code_form check (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  name text not null,
  connector text not null,
  lifecycle text not null constraint connection_lifecycle_known check (lifecycle in ('ACTIVE', 'PAUSED')),
  config jsonb not null,
  sealed_credentials text not null,
  credentials_version int not null default 1,
  sync_every_s int not null default 60 constraint connection_sync_every_range check (sync_every_s between 10 and 86400),
  version int not null default 1,
  created_at timestamptz not null,
  constraint connection_pk primary key (tenant_id, id),
  constraint connection_code_unique unique (tenant_id, code)
);
call guard_table('connection', 'select, insert, update');
create policy of_system on connection for select to cashgraph_system using (true);
grant select on connection to cashgraph_system;
revoke select on connection from cashgraph_read;
grant select (tenant_id, id, code, name, connector, lifecycle, config, credentials_version, sync_every_s, version, created_at) on connection to cashgraph_read;
comment on column connection.sealed_credentials is 'AES-256-GCM, bound to tenant, connection and field; opened only to sign requests';
comment on column connection.credentials_version is 'Raised with each change of the credentials: tokens of earlier ones are not used again';

create table connection_legal_entity (
  tenant_id uuid not null references tenant,
  id uuid not null,
  connection_id uuid not null,
  legal_entity_id uuid not null,
  constraint connection_legal_entity_pk primary key (tenant_id, id),
  constraint connection_legal_entity_connection foreign key (tenant_id, connection_id) references connection,
  constraint connection_legal_entity_entity foreign key (tenant_id, legal_entity_id) references legal_entity,
  constraint connection_legal_entity_once unique (tenant_id, legal_entity_id)
);
create index connection_legal_entity_by_connection on connection_legal_entity (tenant_id, connection_id);
call guard_table('connection_legal_entity', 'select, insert, delete');
comment on table connection_legal_entity is 'Which legal entities a connection serves: each is served by one at most';

create table authority (
  tenant_id uuid not null references tenant,
  id uuid not null,
  legal_entity_id uuid not null,
  record_kind text not null constraint authority_kind_known check (record_kind in ('CustomerAccount', 'Order', 'Invoice', 'CreditNote', 'Payment')),
  side text not null constraint authority_side_known check (side in ('PLATFORM', 'CONNECTION')),
  version int not null default 1,
  created_at timestamptz not null,
  constraint authority_pk primary key (tenant_id, id),
  constraint authority_entity foreign key (tenant_id, legal_entity_id) references legal_entity,
  constraint authority_once unique (tenant_id, legal_entity_id, record_kind)
);
call guard_table('authority', 'select, insert, update');
comment on table authority is 'Who may change records of a kind in a legal entity: where no row says otherwise, the platform';

-- What the engine keeps of a connection while it works: written by it alone, and without a version.
create table connection_state (
  tenant_id uuid not null,
  connection_id uuid not null,
  health text not null default 'UNKNOWN' constraint connection_state_health_known check (health in ('UNKNOWN', 'HEALTHY', 'FAILING', 'SIGNED_OUT')),
  company text,
  warnings jsonb not null default '[]',
  failure text,
  failing_since timestamptz,
  failure_count int not null default 0,
  breaker_until timestamptz,
  checked_at timestamptz,
  reconciled_at timestamptz,
  constraint connection_state_pk primary key (tenant_id, connection_id),
  constraint connection_state_connection foreign key (tenant_id, connection_id) references connection
);
call guard_table('connection_state', 'select, insert, update');
create policy of_system on connection_state for all to cashgraph_system using (true) with check (true);
grant select, insert, update on connection_state to cashgraph_system;

-- Tokens: seen by the system role alone.
create table connection_token (
  tenant_id uuid not null,
  connection_id uuid not null,
  credentials_version int not null,
  sealed_tokens text not null,
  expires_at timestamptz,
  refreshed_at timestamptz not null,
  generation int not null default 1,
  constraint connection_token_pk primary key (tenant_id, connection_id),
  constraint connection_token_connection foreign key (tenant_id, connection_id) references connection
);
call guard_table('connection_token', 'select');
revoke all on connection_token from cashgraph_app, cashgraph_read;
create policy of_system on connection_token for all to cashgraph_system using (true) with check (true);
grant select, insert, update, delete on connection_token to cashgraph_system;

-- One row per limit of an ERP, shared by all processes; no tenant, since connections with an equal key share it.
create table rate_budget (
  key text not null constraint rate_budget_pk primary key,
  tokens double precision not null,
  refilled_at timestamptz not null,
  blocked_until timestamptz,
  under_way timestamptz[] not null default '{}'
);
grant select, insert, update, delete on rate_budget to cashgraph_system;
comment on table rate_budget is 'How many requests may still go to an ERP: a token bucket by the database''s clock';
comment on column rate_budget.under_way is 'One place for each request under way, until which it counts as such: a dead process frees its places by time';

create table sync_stream (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  name text not null,
  record_kind text not null,
  is_enabled boolean not null default true,
  cursor jsonb,
  full_cursor jsonb,
  full_started_at timestamptz,
  asked_mode text constraint sync_stream_asked_known check (asked_mode in ('FULL', 'INCREMENTAL', 'REPLAY')),
  next_run_at timestamptz not null,
  last_started_at timestamptz,
  last_succeeded_at timestamptz,
  last_full_at timestamptz,
  last_changed_at timestamptz,
  failure text,
  failing_since timestamptz,
  failure_count int not null default 0,
  rows_per_second numeric(14, 2),
  version int not null default 1,
  created_at timestamptz not null,
  constraint sync_stream_pk primary key (tenant_id, id),
  constraint sync_stream_connection foreign key (tenant_id, connection_id) references connection,
  constraint sync_stream_name_unique unique (tenant_id, connection_id, name)
);
call guard_table('sync_stream', 'select, insert, update');
create policy of_system on sync_stream for all to cashgraph_system using (true) with check (true);
grant select, update on sync_stream to cashgraph_system;
comment on column sync_stream.cursor is 'Where the next incremental read goes on: kept in the transaction of the last page';
comment on column sync_stream.full_cursor is 'Of a full read that is under way, or was interrupted';

create table sync_run (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  stream_id uuid not null,
  mode text not null constraint sync_run_mode_known check (mode in ('FULL', 'INCREMENTAL', 'REPLAY')),
  state text not null constraint sync_run_state_known check (state in ('RUNNING', 'DONE', 'FAILED', 'STOPPED')),
  started_at timestamptz not null,
  ended_at timestamptz,
  page_count int not null default 0,
  read_count int not null default 0,
  changed_count int not null default 0,
  unchanged_count int not null default 0,
  deleted_count int not null default 0,
  waiting_count int not null default 0,
  refused_count int not null default 0,
  ignored_count int not null default 0,
  total_count int,
  failure text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint sync_run_pk primary key (tenant_id, id),
  constraint sync_run_stream foreign key (tenant_id, stream_id) references sync_stream
);
create index sync_run_by_stream on sync_run (tenant_id, stream_id, started_at);
create index sync_run_by_connection on sync_run (tenant_id, connection_id, started_at);
create index sync_run_by_started on sync_run (tenant_id, started_at, id);
call guard_table('sync_run', 'select, insert, update, delete');
create policy of_system on sync_run for select to cashgraph_system using (true);
grant select on sync_run to cashgraph_system;

-- What an ERP gave: its latest version, raw, and our record that it belongs to.
create table erp_record (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  stream text not null,
  external_id text not null,
  record_kind text not null,
  record_id uuid,
  account_id uuid,
  is_made_there boolean not null default true,
  external_number text,
  external_version text,
  external_at timestamptz,
  state text not null constraint erp_record_state_known check (state in ('SYNCED', 'WAITING', 'REFUSED', 'IGNORED', 'GONE')),
  waits_for text[],
  content_hash text not null,
  raw text,
  extensions jsonb,
  synced_at timestamptz not null,
  constraint erp_record_pk primary key (tenant_id, id),
  constraint erp_record_connection foreign key (tenant_id, connection_id) references connection,
  constraint erp_record_unique unique (tenant_id, connection_id, stream, external_id)
);
create index erp_record_by_record on erp_record (tenant_id, record_id) where record_id is not null;
create unique index erp_record_link_unique on erp_record (tenant_id, connection_id, record_id)
  where record_id is not null and state <> 'GONE' and record_kind in ('CustomerAccount', 'Order', 'Invoice', 'CreditNote', 'Payment');
create index erp_record_not_synced on erp_record (tenant_id, connection_id, stream, state) where state in ('WAITING', 'REFUSED');
create index erp_record_waiting on erp_record using gin (waits_for) where state = 'WAITING';
alter table erp_record set (toast_tuple_target = 512);
call guard_table('erp_record', 'select, insert, update', $$account_id = any (string_to_array(nullif(current_setting('app.account_ids', true), ''), ',')::uuid[])$$);
revoke select on erp_record from cashgraph_portal;
grant select (tenant_id, id, connection_id, stream, external_id, record_kind, record_id, account_id, external_number, external_at, state, synced_at) on erp_record to cashgraph_portal;
create policy of_portal on connection for select to cashgraph_portal using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select (tenant_id, id, code, name) on connection to cashgraph_portal;
create policy of_portal on sync_stream for select to cashgraph_portal using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select (tenant_id, id, connection_id, name, last_succeeded_at) on sync_stream to cashgraph_portal;
create policy of_portal on authority for select to cashgraph_portal using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select on authority to cashgraph_portal;
comment on table erp_record is 'The latest version of each record of an ERP, raw, and our record that it belongs to';
comment on column erp_record.account_id is 'The account that our record is on, for the portal; null: none';
comment on column erp_record.waits_for is 'Records that have to come first, as canonical kind and id there with a slash between';
comment on column erp_record.content_hash is 'Of the raw record; gone: it was deleted there, and raw is what was known of it last';
comment on index erp_record_link_unique is 'A record of ours is one record of an ERP: terms and products alone may stand there twice';

create table sync_issue (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  stream_id uuid,
  erp_request_id uuid,
  reason text not null constraint sync_issue_reason_known check (reason in ('MAPPING', 'REFUSED', 'MISSING_REFERENCE', 'CONFLICT', 'ERP_REFUSED', 'ERP_UNREACHABLE')),
  record_kind text not null,
  record_id uuid,
  external_id text,
  field text,
  message text not null,
  erp_text text,
  lifecycle text not null constraint sync_issue_lifecycle_known check (lifecycle in ('OPEN', 'RESOLVED', 'DISMISSED')),
  seen_count int not null default 1,
  last_seen_at timestamptz not null,
  resolved_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  constraint sync_issue_pk primary key (tenant_id, id),
  constraint sync_issue_connection foreign key (tenant_id, connection_id) references connection
);
create unique index sync_issue_open_record on sync_issue (tenant_id, connection_id, stream_id, external_id) where lifecycle = 'OPEN' and external_id is not null and erp_request_id is null;
create unique index sync_issue_open_request on sync_issue (tenant_id, erp_request_id) where lifecycle = 'OPEN' and erp_request_id is not null;
create index sync_issue_by_created on sync_issue (tenant_id, created_at, id);
create index sync_issue_by_connection on sync_issue (tenant_id, connection_id, lifecycle, created_at);
call guard_table('sync_issue', 'select, insert, update');
create policy of_system on sync_issue for select to cashgraph_system using (true);
grant select on sync_issue to cashgraph_system;

-- A wish towards an ERP. The record itself changes when the ERP shows it changed.
create table erp_request (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  record_kind text not null,
  record_id uuid not null,
  command text not null constraint erp_request_command_known check (command in ('CREATE', 'UPDATE', 'VOID')),
  input jsonb,
  lifecycle text not null constraint erp_request_lifecycle_known check (lifecycle in ('SENT', 'CONFIRMED', 'REFUSED')),
  attempt_count int not null default 0,
  erp_text text,
  external_id text,
  asked_by_id uuid not null,
  answered_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  constraint erp_request_pk primary key (tenant_id, id),
  constraint erp_request_connection foreign key (tenant_id, connection_id) references connection,
  constraint erp_request_account foreign key (tenant_id, account_id, legal_entity_id) references customer_account (tenant_id, id, legal_entity_id)
);
create index erp_request_by_record on erp_request (tenant_id, record_id, created_at);
create index erp_request_by_created on erp_request (tenant_id, created_at, id);
create index erp_request_by_connection on erp_request (tenant_id, connection_id, lifecycle, created_at);
call guard_table('erp_request', 'select, insert, update', $$account_id = any (string_to_array(nullif(current_setting('app.account_ids', true), ''), ',')::uuid[])$$);
revoke select on erp_request from cashgraph_portal;
grant select (tenant_id, id, connection_id, legal_entity_id, account_id, record_kind, record_id, command, lifecycle, attempt_count, erp_text, external_id, asked_by_id, answered_at, version, created_at) on erp_request to cashgraph_portal;
create policy of_system on erp_request for select to cashgraph_system using (true);
grant select on erp_request to cashgraph_system;

create table sync_drift (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  kind text not null constraint sync_drift_kind_known check (kind in ('COUNT', 'SUM', 'BALANCE', 'DOCUMENT')),
  stream text,
  period_from date,
  period_to date,
  account_id uuid,
  record_id uuid,
  external_id text,
  currency text,
  ours text not null,
  theirs text not null,
  cause text not null,
  lifecycle text not null constraint sync_drift_lifecycle_known check (lifecycle in ('OPEN', 'RESOLVED')),
  last_seen_at timestamptz not null,
  resolved_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  constraint sync_drift_pk primary key (tenant_id, id),
  constraint sync_drift_connection foreign key (tenant_id, connection_id) references connection
);
create index sync_drift_by_connection on sync_drift (tenant_id, connection_id, lifecycle, created_at);
create index sync_drift_by_created on sync_drift (tenant_id, created_at, id);
call guard_table('sync_drift', 'select, insert, update');

-- What webhooks said, kept before they are answered; worked off by reading, and then deleted.
create table webhook_hint (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  stream text not null,
  external_id text,
  is_deleted boolean not null default false,
  received_at timestamptz not null,
  constraint webhook_hint_pk primary key (tenant_id, id),
  constraint webhook_hint_connection foreign key (tenant_id, connection_id) references connection
);
create unique index webhook_hint_once on webhook_hint (tenant_id, connection_id, stream, coalesce(external_id, ''));
call guard_table('webhook_hint', 'select, insert, update, delete');
create policy of_system on webhook_hint for all to cashgraph_system using (true) with check (true);
grant select, insert, update, delete on webhook_hint to cashgraph_system;

-- The role app writes what the sync engine reads, and must know in that transaction that its stream is still its own.
create function holds_lease(lease_name text, lease_token bigint) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from lease where name = lease_name and token = lease_token for share;
  return found;
end $$;
comment on function holds_lease is 'True while nobody has taken the lease over since that token; it stays so until the transaction ends';
revoke all on function holds_lease from public;
grant execute on function holds_lease to cashgraph_app;
