-- Customers of a group, and their account with each of its legal entities.

create table payment_terms (
  tenant_id uuid not null references tenant,
  id uuid not null,
  code text not null,
  name text not null,
  net_days int not null constraint payment_terms_net_days_range check (net_days between 0 and 3650),
  is_end_of_month boolean not null default false,
  discount_days int constraint payment_terms_discount_days_range check (discount_days between 0 and 3650),
  discount_percent numeric(7, 4) constraint payment_terms_discount_percent_range check (discount_percent > 0 and discount_percent < 100),
  version int not null default 1,
  created_at timestamptz not null,
  constraint payment_terms_pk primary key (tenant_id, id),
  constraint payment_terms_code_unique unique (tenant_id, code),
  constraint payment_terms_discount_whole check ((discount_days is null) = (discount_percent is null)),
  constraint payment_terms_discount_first check (discount_days is null or discount_days <= net_days)
);

create table customer (
  tenant_id uuid not null references tenant,
  id uuid not null,
  number text not null,
  name text not null,
  search_name text not null collate "C",
  parent_id uuid,
  country text constraint customer_country_form check (country ~ '^[A-Z]{2}$'),
  segment text,
  tax_id text,
  email text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint customer_pk primary key (tenant_id, id),
  constraint customer_number_unique unique (tenant_id, number),
  constraint customer_parent foreign key (tenant_id, parent_id) references customer,
  constraint customer_not_own_parent check (parent_id <> id)
);
create index customer_by_name on customer (tenant_id, search_name, id);
create index customer_by_parent on customer (tenant_id, parent_id) where parent_id is not null;
create index customer_by_created on customer (tenant_id, created_at, id);

create table customer_alias (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  name text not null,
  search_name text not null collate "C",
  source text not null,
  version int not null default 1,
  created_at timestamptz not null,
  constraint customer_alias_pk primary key (tenant_id, id),
  constraint customer_alias_customer foreign key (tenant_id, customer_id) references customer,
  constraint customer_alias_unique unique (tenant_id, customer_id, search_name)
);
create index customer_alias_by_name on customer_alias (tenant_id, search_name);

create table customer_account (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  customer_id uuid not null,
  number text not null,
  currency text not null constraint customer_account_currency_known check (is_currency(currency)),
  payment_terms_id uuid,
  version int not null default 1,
  created_at timestamptz not null,
  constraint customer_account_pk primary key (tenant_id, id),
  constraint customer_account_legal_entity foreign key (tenant_id, legal_entity_id) references legal_entity,
  constraint customer_account_customer foreign key (tenant_id, customer_id) references customer,
  constraint customer_account_terms foreign key (tenant_id, payment_terms_id) references payment_terms,
  constraint customer_account_number_unique unique (tenant_id, legal_entity_id, number),
  constraint customer_account_within unique (tenant_id, id, legal_entity_id)
);
create index customer_account_by_customer on customer_account (tenant_id, customer_id);
comment on table customer_account is 'A customer''s account with one legal entity: what every document names for ever';

create table actor_customer (
  tenant_id uuid not null,
  id uuid not null,
  actor_id uuid not null,
  customer_id uuid not null,
  version int not null default 1,
  created_at timestamptz not null,
  constraint actor_customer_pk primary key (tenant_id, id),
  constraint actor_customer_actor foreign key (tenant_id, actor_id) references actor,
  constraint actor_customer_customer foreign key (tenant_id, customer_id) references customer,
  constraint actor_customer_unique unique (tenant_id, actor_id, customer_id)
);

create table external_ref (
  tenant_id uuid not null references tenant,
  id uuid not null,
  connection text not null,
  record_kind text not null,
  external_id text not null,
  record_id uuid not null,
  created_at timestamptz not null,
  constraint external_ref_pk primary key (tenant_id, id),
  constraint external_ref_unique unique (tenant_id, connection, record_kind, external_id)
);
create index external_ref_by_record on external_ref (tenant_id, record_id);
comment on table external_ref is 'What another system calls a record of ours; connection is import:<kind> for files';
