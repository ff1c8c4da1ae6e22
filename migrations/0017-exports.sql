-- Exports: lists that are read to their end in the background, into a file.

create table export (
  tenant_id uuid not null references tenant,
  id uuid not null,
  started_by_id uuid not null,
  query text not null,
  variables jsonb not null,
  operation_name text,
  list text not null,
  format text not null constraint export_format_known check (format in ('JSONL', 'CSV', 'PARQUET')),
  lifecycle text not null constraint export_lifecycle_known check (lifecycle in ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED', 'EXPIRED')),
  queued_at timestamptz not null,
  begun_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz,
  run_count int not null default 0,
  position bigint,
  row_total int,
  row_count int not null default 0,
  line_count int not null default 0,
  byte_count bigint not null default 0,
  progressed_at timestamptz,
  file_name text,
  sha256 text constraint export_sha256_form check (sha256 ~ '^[0-9a-f]{64}$'),
  error_code text,
  error_message text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint export_pk primary key (tenant_id, id),
  constraint export_starter foreign key (tenant_id, started_by_id) references actor (tenant_id, id),
  constraint export_file_whole check ((lifecycle = 'DONE') <= (file_name is not null and sha256 is not null and expires_at is not null and position is not null)),
  constraint export_error_told check ((lifecycle = 'FAILED') = (error_code is not null) and (error_code is null) = (error_message is null))
);
create index export_by_created on export (tenant_id, started_by_id, created_at, id);
create index export_by_queued on export (tenant_id, queued_at, id) where lifecycle in ('QUEUED', 'RUNNING');
-- who downloads a file names no tenant
create index export_by_id on export (id);
create index export_by_expiry on export (expires_at) where lifecycle = 'DONE';
call guard_table('export', 'select, insert, update', 'started_by_id = nullif(current_setting(''app.actor_id'', true), '''')::uuid');
create policy of_system on export for all to cashgraph_system using (true) with check (true);
grant select, update (position, row_total, row_count, line_count, byte_count, progressed_at) on export to cashgraph_system;
comment on column export.run_count is 'Counts the processes that have worked on it: what an earlier one still writes does not count any more';
comment on column export.position is 'The place in the log that its snapshot is of: whoever follows the log from there misses nothing';
comment on column export.progressed_at is 'The figures above are written while it runs, about once a second, without a version';
