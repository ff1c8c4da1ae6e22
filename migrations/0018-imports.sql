-- Imports: files that people send, what of them is read into the books, and every line that could not be.

create table upload (
  tenant_id uuid not null references tenant,
  id uuid not null,
  started_by_id uuid not null,
  kind text not null constraint upload_kind_known check (kind in ('CUSTOMERS', 'OPEN_INVOICES', 'SETTLED_INVOICES', 'PAYMENTS')),
  format text not null constraint upload_format_known check (format in ('CSV', 'JSONL')),
  file_name text not null,
  size_bytes bigint not null constraint upload_size_positive check (size_bytes > 0),
  lifecycle text not null constraint upload_lifecycle_known check (lifecycle in ('WAITING', 'RECEIVED', 'DELETED')),
  received_at timestamptz,
  sha256 text constraint upload_sha256_form check (sha256 ~ '^[0-9a-f]{64}$'),
  columns jsonb,
  line_count int,
  version int not null default 1,
  created_at timestamptz not null,
  constraint upload_pk primary key (tenant_id, id),
  constraint upload_starter foreign key (tenant_id, started_by_id) references actor (tenant_id, id),
  constraint upload_whole check ((lifecycle = 'RECEIVED') <= (sha256 is not null and columns is not null and line_count is not null and received_at is not null))
);
create index upload_by_starter on upload (tenant_id, started_by_id, created_at, id);
create index upload_by_age on upload (created_at) where lifecycle <> 'DELETED';
call guard_table('upload', 'select, insert, update');
create policy of_system on upload for select to cashgraph_system using (true);
grant select on upload to cashgraph_system;

create table import (
  tenant_id uuid not null references tenant,
  id uuid not null,
  started_by_id uuid not null,
  upload_id uuid not null,
  legal_entity_id uuid not null,
  kind text not null constraint import_kind_known check (kind in ('CUSTOMERS', 'OPEN_INVOICES', 'SETTLED_INVOICES', 'PAYMENTS')),
  is_dry_run boolean not null,
  mapping jsonb not null,
  issued_days int,
  lifecycle text not null constraint import_lifecycle_known check (lifecycle in ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
  begun_at timestamptz,
  ended_at timestamptz,
  run_count int not null default 0,
  line_total int not null,
  line_count int not null default 0,
  row_count int not null default 0,
  new_count int not null default 0,
  unchanged_count int not null default 0,
  refused_count int not null default 0,
  customers_changed_count int not null default 0,
  done_lines jsonb not null default '[]',
  error_code text,
  error_message text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint import_pk primary key (tenant_id, id),
  constraint import_starter foreign key (tenant_id, started_by_id) references actor (tenant_id, id),
  constraint import_upload foreign key (tenant_id, upload_id) references upload (tenant_id, id),
  constraint import_entity foreign key (tenant_id, legal_entity_id) references legal_entity (tenant_id, id),
  constraint import_error_told check ((lifecycle = 'FAILED') = (error_code is not null) and (error_code is null) = (error_message is null))
);
create index import_by_starter on import (tenant_id, started_by_id, created_at, id);
create index import_by_upload on import (tenant_id, upload_id);
call guard_table('import', 'select, insert, update');
create policy of_system on import for select to cashgraph_system using (true);
grant select on import to cashgraph_system;
comment on column import.run_count is 'Counts the processes that have worked on it: what an earlier one still writes does not count any more';
comment on column import.line_count is 'Up to which line it is done; the figures with it are written page by page, without a version';
comment on column import.done_lines is 'Lines beyond that which are in the books already: kept in the transactions of their effects, so that none is done twice';

create table import_refusal (
  tenant_id uuid not null references tenant,
  id uuid not null,
  import_id uuid not null,
  started_by_id uuid not null,
  line int not null,
  place int not null,
  field text,
  code text not null,
  message text not null,
  text text not null,
  created_at timestamptz not null,
  constraint import_refusal_pk primary key (tenant_id, id),
  constraint import_refusal_import foreign key (tenant_id, import_id) references import (tenant_id, id),
  constraint import_refusal_once unique (tenant_id, import_id, line, place)
);
call guard_table('import_refusal', 'select, insert');
create policy of_system on import_refusal for select to cashgraph_system using (true);
grant select on import_refusal to cashgraph_system;
comment on column import_refusal.place is 'Which of the reasons of its line, from 0';
