-- What is sold, at which price, with which tax, and how it is paid.

-- What every table of ours has, said once for the tables that come after 0005: forced row-level security, the policies of the
-- roles, and their rights. `portal` is the condition under which a portal user sees a row, beside its tenant; null: never.
create procedure guard_table(name text, rights text, portal text default null) language plpgsql as $$
declare
  own constant text := 'tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid';
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy of_tenant on %I for all to cashgraph_app, cashgraph_read using (%s) with check (%s)', name, own, own);
  execute format('grant select on %I to cashgraph_read', name);
  execute format('grant %s on %I to cashgraph_app', rights, name);
  if portal is not null then
    execute format('create policy of_portal on %I for select to cashgraph_portal using (%s and (%s))', name, own, portal);
    execute format('grant select on %I to cashgraph_portal', name);
  end if;
end $$;
comment on procedure guard_table is 'Row-level security, policies and rights of a new table; run by migrations only';
revoke all on procedure guard_table from public;

create table product (
  tenant_id uuid not null references tenant,
  id uuid not null,
  sku text not null,
  name text not null,
  search_name text not null collate "C",
  kind text not null constraint product_kind_known check (kind in ('GOODS', 'SERVICE')) default 'GOODS',
  unit text not null constraint product_unit_form check (unit ~ '^[A-Z0-9]{2,3}$'),
  tax_class text not null,
  hs_code text constraint product_hs_code_form check (hs_code ~ '^[0-9]{6,10}$'),
  origin_country text constraint product_origin_form check (origin_country ~ '^[A-Z]{2}$'),
  weight_kg numeric(14, 6) constraint product_weight_positive check (weight_kg > 0),
  is_active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null,
  constraint product_pk primary key (tenant_id, id),
  constraint product_sku_unique unique (tenant_id, sku)
);
create index product_by_name on product (tenant_id, search_name, id);
create index product_by_created on product (tenant_id, created_at, id);
comment on column product.unit is 'UN/ECE Recommendation 20 code, for example C62 (one), KGM, HUR';
call guard_table('product', 'select, insert, update', 'true');

create table price_list (
  tenant_id uuid not null references tenant,
  id uuid not null,
  code text not null,
  name text not null,
  currency text not null constraint price_list_currency_known check (is_currency(currency)),
  is_default boolean not null default false,
  version int not null default 1,
  created_at timestamptz not null,
  constraint price_list_pk primary key (tenant_id, id),
  constraint price_list_code_unique unique (tenant_id, code)
);
create unique index price_list_one_default on price_list (tenant_id, currency) where is_default;
call guard_table('price_list', 'select, insert, update');

create table price_list_item (
  tenant_id uuid not null,
  id uuid not null,
  price_list_id uuid not null,
  product_id uuid not null,
  min_quantity numeric(28, 6) not null default 0 constraint price_list_item_quantity check (min_quantity >= 0),
  unit_price numeric(28, 6) not null constraint price_list_item_price check (unit_price >= 0),
  valid_from date not null,
  valid_to date,
  version int not null default 1,
  created_at timestamptz not null,
  constraint price_list_item_pk primary key (tenant_id, id),
  constraint price_list_item_list foreign key (tenant_id, price_list_id) references price_list,
  constraint price_list_item_product foreign key (tenant_id, product_id) references product,
  constraint price_list_item_unique unique (tenant_id, price_list_id, product_id, min_quantity, valid_from),
  constraint price_list_item_days check (valid_to >= valid_from)
);
create index price_list_item_by_product on price_list_item (tenant_id, product_id);
call guard_table('price_list_item', 'select, insert, update');

create table customer_price (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  product_id uuid not null,
  currency text not null constraint customer_price_currency_known check (is_currency(currency)),
  min_quantity numeric(28, 6) not null default 0 constraint customer_price_quantity check (min_quantity >= 0),
  unit_price numeric(28, 6) not null constraint customer_price_price check (unit_price >= 0),
  valid_from date not null,
  valid_to date,
  version int not null default 1,
  created_at timestamptz not null,
  constraint customer_price_pk primary key (tenant_id, id),
  constraint customer_price_customer foreign key (tenant_id, customer_id) references customer,
  constraint customer_price_product foreign key (tenant_id, product_id) references product,
  constraint customer_price_unique unique (tenant_id, customer_id, product_id, currency, min_quantity, valid_from),
  constraint customer_price_days check (valid_to >= valid_from)
);
create index customer_price_by_product on customer_price (tenant_id, product_id);
comment on table customer_price is 'What was agreed with one customer: comes before every list';
call guard_table('customer_price', 'select, insert, update',
  'customer_id = any (string_to_array(nullif(current_setting(''app.customer_ids'', true), ''''), '','')::uuid[])');

create table tax_rule (
  tenant_id uuid not null references tenant,
  id uuid not null,
  seller_country text not null constraint tax_rule_seller_form check (seller_country ~ '^[A-Z]{2}$'),
  buyer_country text constraint tax_rule_buyer_form check (buyer_country ~ '^[A-Z]{2}$'),
  buyer_region text,
  is_buyer_registered boolean,
  tax_class text,
  tax_category text not null constraint tax_rule_category_known check (tax_category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M')),
  rate numeric(7, 4) not null constraint tax_rule_rate_range check (rate between 0 and 100),
  reason_code text,
  valid_from date not null,
  valid_to date,
  version int not null default 1,
  created_at timestamptz not null,
  constraint tax_rule_pk primary key (tenant_id, id),
  constraint tax_rule_unique unique nulls not distinct (tenant_id, seller_country, buyer_country, buyer_region, is_buyer_registered, tax_class, valid_from),
  constraint tax_rule_zero check (tax_category in ('S', 'L', 'M') or rate = 0),
  constraint tax_rule_region_of_country check (buyer_region is null or buyer_country is not null),
  constraint tax_rule_days check (valid_to >= valid_from)
);
comment on table tax_rule is 'One row of the tax table. A null column fits everything; the row with the most columns that fit decides, then the newest';
call guard_table('tax_rule', 'select, insert, update');

create table payment_terms_instalment (
  tenant_id uuid not null,
  id uuid not null,
  payment_terms_id uuid not null,
  instalment int not null constraint payment_terms_instalment_number check (instalment between 1 and 60),
  percent numeric(7, 4) not null constraint payment_terms_instalment_percent check (percent > 0 and percent < 100),
  net_days int not null constraint payment_terms_instalment_days check (net_days between 0 and 3650),
  constraint payment_terms_instalment_pk primary key (tenant_id, id),
  constraint payment_terms_instalment_terms foreign key (tenant_id, payment_terms_id) references payment_terms,
  constraint payment_terms_instalment_unique unique (tenant_id, payment_terms_id, instalment)
);
comment on table payment_terms_instalment is 'The parts of terms with instalments; they add up to 100 percent. Terms without rows have one part';
call guard_table('payment_terms_instalment', 'select, insert', 'true');

-- How a customer's account buys and is billed, and the policies of a legal entity.
alter table customer_account
  add price_list_id uuid,
  add billing_rule text constraint customer_account_billing_rule_known check (billing_rule in ('ON_ORDER', 'ON_SHIPMENT')),
  add tax_exemption text,
  add tax_region text,
  add constraint customer_account_price_list foreign key (tenant_id, price_list_id) references price_list;
comment on column customer_account.tax_exemption is 'The VATEX code of the reason for which its deliveries are exempt; null: they are not';

alter table legal_entity
  add billing_rule text not null default 'ON_SHIPMENT' constraint legal_entity_billing_rule_known check (billing_rule in ('ON_ORDER', 'ON_SHIPMENT')),
  add credit_stage text not null default 'ORDER' constraint legal_entity_credit_stage_known check (credit_stage in ('ORDER', 'RELEASE', 'DELIVERY')),
  add overdue_block_days int constraint legal_entity_overdue_block_days_range check (overdue_block_days between 0 and 3650),
  add overdue_block_minor bigint constraint legal_entity_overdue_block_positive check (overdue_block_minor >= 0),
  add overdue_block_currency text constraint legal_entity_overdue_block_currency_known check (is_currency(overdue_block_currency)),
  add write_off_limit_minor bigint constraint legal_entity_write_off_limit_positive check (write_off_limit_minor >= 0),
  add discount_reduces_tax boolean not null default false,
  add constraint legal_entity_overdue_block_whole check (num_nulls(overdue_block_days, overdue_block_minor, overdue_block_currency) in (0, 3));
comment on column legal_entity.overdue_block_currency is 'The currency of the group';
comment on column legal_entity.write_off_limit_minor is 'In functional currency: more than that needs a second person; null: nothing does';

-- What the group lets pass is nothing for its customers.
revoke select on legal_entity from cashgraph_portal;
grant select (tenant_id, id, code, name, country, functional_currency, time_zone, closed_through, version, created_at, billing_rule, credit_stage, discount_reduces_tax) on legal_entity to cashgraph_portal;

alter table number_series drop constraint number_series_kind_known;
alter table number_series add constraint number_series_kind_known check (kind in ('INVOICE', 'CREDIT_NOTE', 'PAYMENT', 'ORDER', 'FULFILMENT'));
alter table number_series no force row level security;
alter table legal_entity no force row level security;
insert into number_series (tenant_id, id, legal_entity_id, kind, prefix)
select e.tenant_id, gen_random_uuid(), e.id, s.kind, s.prefix || '-' || e.code || '-'
from legal_entity e cross join (values ('ORDER', 'ORD'), ('FULFILMENT', 'FUL')) as s(kind, prefix);
alter table legal_entity force row level security;
alter table number_series force row level security;
