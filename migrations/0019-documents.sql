-- Documents of clients that the operator trusts, and who still uses what is deprecated in the schema.

-- Of no tenant: what a client may ask is said by whoever runs the server, and grants nothing.
create table trusted_document (
  client text not null,
  client_version text not null,
  document_id text not null constraint trusted_document_id_form check (document_id ~ '^[A-Za-z0-9_.:-]{1,200}$'),
  only_tenant_id uuid references tenant,
  name text not null,
  text text not null,
  sha256 text not null constraint trusted_document_sha256_form check (sha256 ~ '^[0-9a-f]{64}$'),
  added_at timestamptz not null default clock_timestamp(),
  constraint trusted_document_once unique nulls not distinct (client, client_version, document_id, only_tenant_id)
);
create index trusted_document_by_id on trusted_document (document_id);
create index trusted_document_by_text on trusted_document (sha256);
grant select, insert, delete on trusted_document to cashgraph_system;
comment on table trusted_document is 'Documents by the ids that builds of clients know them by; several versions of a client stand side by side';
comment on column trusted_document.only_tenant_id is 'The one tenant whose logins may name it; null: those of all';
comment on column trusted_document.name is 'Of its operations, for people';

-- Counted in processes and added here from time to time. No foreign keys: a count that can't be written would be in the way of all others.
create table deprecated_use (
  tenant_id uuid not null,
  actor_id uuid not null,
  client text not null,
  client_version text not null,
  coordinate text not null,
  first_used_at timestamptz not null,
  last_used_at timestamptz not null,
  use_count bigint not null constraint deprecated_use_counted check (use_count > 0),
  constraint deprecated_use_pk primary key (tenant_id, actor_id, client, client_version, coordinate)
);
create index deprecated_use_by_last on deprecated_use (tenant_id, last_used_at);
call guard_table('deprecated_use', 'select');
create policy of_system on deprecated_use for all to cashgraph_system using (true) with check (true);
grant select, insert, update on deprecated_use to cashgraph_system;
comment on table deprecated_use is 'How often a login, by the client that it says it is, has used a field, argument, input field or enum value that is deprecated';
comment on column deprecated_use.coordinate is 'Its place in the schema, such as Invoice.total or Query.invoices(first:)';
comment on column deprecated_use.client is 'By the header apollographql-client-name; empty: it says nothing, or too many different things';
