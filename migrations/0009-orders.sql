-- Credit, orders and fulfilment.

create table credit_account (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  currency text constraint credit_account_currency_known check (is_currency(currency)),
  limit_minor bigint constraint credit_account_limit_positive check (limit_minor >= 0),
  limit_rate numeric(28, 12),
  limit_group_minor bigint,
  limit_version int not null default 1,
  risk_class text,
  is_blocked boolean not null default false,
  block_reason text,
  group_currency text not null constraint credit_account_group_currency_known check (is_currency(group_currency)),
  open_item_minor bigint not null default 0,
  unbilled_minor bigint not null default 0,
  delivered_minor bigint not null default 0,
  exposure_minor bigint not null generated always as (open_item_minor + unbilled_minor) stored,
  version int not null default 1,
  created_at timestamptz not null,
  constraint credit_account_pk primary key (tenant_id, id),
  constraint credit_account_customer foreign key (tenant_id, customer_id) references customer,
  constraint credit_account_customer_unique unique (tenant_id, customer_id),
  constraint credit_account_limit_whole check ((limit_minor is null) = (currency is null) and (limit_minor is null) = (limit_rate is null) and (limit_minor is null) = (limit_group_minor is null)),
  constraint credit_account_unbilled_positive check (unbilled_minor >= 0 and delivered_minor between 0 and unbilled_minor),
  constraint credit_account_blocked check (is_blocked = (block_reason is not null))
) with (fillfactor = 50); -- its sums change all the time and no index has them: a change that stays in its page touches none
create index credit_account_by_created on credit_account (tenant_id, created_at, id);
comment on table credit_account is 'The credit of a customer and everything below it, over all legal entities: limit, and exposure in the group''s currency at the stored rate of each document';
alter table customer no force row level security;
alter table tenant no force row level security;
insert into credit_account (tenant_id, id, customer_id, group_currency, created_at)
select c.tenant_id, gen_random_uuid(), c.id, t.group_currency, c.created_at from customer c join tenant t on t.tenant_id = c.tenant_id;
alter table tenant force row level security;
alter table customer force row level security;
call guard_table('credit_account', 'select, insert, update',
  'customer_id = any (string_to_array(nullif(current_setting(''app.customer_ids'', true), ''''), '','')::uuid[])');
-- Why it is blocked, and what the group thinks of the customer, is nothing for the customer.
revoke select on credit_account from cashgraph_portal;
grant select (tenant_id, id, customer_id, currency, limit_minor, limit_rate, limit_group_minor, limit_version, is_blocked, group_currency,
  open_item_minor, unbilled_minor, delivered_minor, exposure_minor, version, created_at) on credit_account to cashgraph_portal;

-- The lock of a tenant's hierarchy of customers: shared to keep it as it is, exclusive to change it.
create function hierarchy_key() returns bigint language sql stable as $$
  select hashtextextended('hierarchy ' || current_setting('app.tenant_id'), 0)
$$;
-- Two statements, so that the second one sees what was committed while the first one waited; in one call, since every payment makes it.
create function lock_credit_chains(accounts uuid[], customers uuid[])
returns table (id uuid, customer_id uuid, parent_id uuid, accounts_of uuid[]) language plpgsql as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock_shared(hierarchy_key());
  return query
    with recursive named as (
      select a.customer_id as id from customer_account a where a.id = any (accounts)
      union select unnest(customers)
    ), up as (
      select c.id as start, c.id, c.parent_id, 0 as distance from named n join customer c on c.id = n.id
      union all
      select up.start, c.id, c.parent_id, up.distance + 1 from up join customer c on c.id = up.parent_id
    ), level as (
      select distinct up.id, up.parent_id, max(up.distance) over (partition by up.start) - up.distance as depth from up
    )
    select ca.id, ca.customer_id, l.parent_id,
      array(select a.id from customer_account a where a.customer_id = ca.customer_id and a.id = any (accounts))
    from level l join credit_account ca on ca.customer_id = l.id order by l.depth, ca.id for update of ca;
end $$;
comment on function lock_credit_chains is 'Locks the credit accounts of the customers of accounts, of other customers and of everything above them: from the root down, then by id, which is one order for everybody';
revoke all on function lock_credit_chains from public;
grant execute on function lock_credit_chains to cashgraph_app;

create table sales_order (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  lifecycle text not null constraint sales_order_lifecycle_known check (lifecycle in ('DRAFT', 'SUBMITTED', 'CONFIRMED', 'COMPLETED', 'CLOSED_SHORT', 'CANCELLED')),
  fulfilment_status text not null constraint sales_order_fulfilment_known check (fulfilment_status in ('NONE', 'PARTIAL', 'FULL')) default 'NONE',
  billing_status text not null constraint sales_order_billing_known check (billing_status in ('NONE', 'PARTIAL', 'FULL')) default 'NONE',
  return_status text not null constraint sales_order_return_known check (return_status in ('NONE', 'PARTIAL', 'FULL')) default 'NONE',
  open_hold_count int not null default 0 constraint sales_order_holds_positive check (open_hold_count >= 0),
  number text not null,
  customer_reference text,
  reference_key text collate "C",
  ordered_on date not null,
  requested_on date,
  ship_to_name text,
  ship_to_address text,
  ship_to_country text constraint sales_order_ship_to_form check (ship_to_country ~ '^[A-Z]{2}$'),
  ship_to_region text,
  payment_terms_id uuid,
  billing_rule text not null constraint sales_order_billing_rule_known check (billing_rule in ('ON_ORDER', 'ON_SHIPMENT')),
  credit_stage text not null constraint sales_order_credit_stage_known check (credit_stage in ('ORDER', 'RELEASE', 'DELIVERY')),
  currency text not null constraint sales_order_currency_known check (is_currency(currency)),
  base_currency text not null constraint sales_order_base_currency_known check (is_currency(base_currency)),
  group_currency text not null constraint sales_order_group_currency_known check (is_currency(group_currency)),
  rate numeric(28, 12) not null,
  group_rate numeric(28, 12) not null,
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null constraint sales_order_total_positive check (total_minor >= 0),
  billed_minor bigint not null default 0,
  credited_minor bigint not null default 0,
  unbilled_minor bigint not null,
  released_version int,
  released_minor bigint,
  placed_by_id uuid not null,
  last_editor_id uuid not null,
  content_version int not null default 1,
  confirmed_at timestamptz,
  closed_at timestamptz,
  close_reason text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint sales_order_pk primary key (tenant_id, id),
  constraint sales_order_account foreign key (tenant_id, account_id, legal_entity_id) references customer_account (tenant_id, id, legal_entity_id),
  constraint sales_order_terms foreign key (tenant_id, payment_terms_id) references payment_terms,
  constraint sales_order_placer foreign key (tenant_id, placed_by_id) references actor (tenant_id, id),
  constraint sales_order_editor foreign key (tenant_id, last_editor_id) references actor (tenant_id, id),
  constraint sales_order_number_unique unique (tenant_id, legal_entity_id, number),
  constraint sales_order_sum check (total_minor = net_minor + tax_minor and total_minor = billed_minor + unbilled_minor),
  constraint sales_order_within unique (tenant_id, id, account_id)
);
create index sales_order_by_account on sales_order (tenant_id, account_id, ordered_on, id);
create index sales_order_by_ordered on sales_order (tenant_id, ordered_on, id);
create index sales_order_by_lifecycle on sales_order (tenant_id, lifecycle, ordered_on, id);
create index sales_order_by_created on sales_order (tenant_id, created_at, id);
create index sales_order_by_number on sales_order (tenant_id, number, id);
create index sales_order_by_reference on sales_order (tenant_id, account_id, reference_key) where reference_key is not null;
comment on column sales_order.content_version is 'Counts the changes of what was ordered; a release of a credit hold is for one of them';
comment on column sales_order.released_minor is 'Up to which total the credit release of content version released_version goes; null: none';
call guard_table('sales_order', 'select, insert, update',
  'account_id = any (string_to_array(nullif(current_setting(''app.account_ids'', true), ''''), '','')::uuid[])');

create table order_line (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  line_number int not null,
  product_id uuid,
  sku text,
  description text not null,
  is_shipped boolean not null,
  unit text not null,
  quantity numeric(28, 6) not null constraint order_line_quantity_positive check (quantity > 0),
  cancelled_quantity numeric(28, 6) not null default 0,
  planned_quantity numeric(28, 6) not null default 0,
  released_quantity numeric(28, 6) not null default 0,
  shipped_quantity numeric(28, 6) not null default 0,
  returned_quantity numeric(28, 6) not null default 0,
  billed_quantity numeric(28, 6) not null default 0,
  credited_quantity numeric(28, 6) not null default 0,
  unit_price numeric(28, 6) not null constraint order_line_price_positive check (unit_price >= 0),
  discount_percent numeric(7, 4) not null default 0 constraint order_line_discount_range check (discount_percent between 0 and 100),
  price_rule text not null,
  currency text not null constraint order_line_currency_known check (is_currency(currency)),
  net_minor bigint not null,
  billed_net_minor bigint not null default 0,
  tax_category text not null,
  tax_rate numeric(7, 4) not null constraint order_line_rate_range check (tax_rate between 0 and 100),
  tax_reason text,
  group_currency text not null constraint order_line_group_currency_known check (is_currency(group_currency)),
  group_unbilled_minor bigint not null default 0,
  group_delivered_minor bigint not null default 0,
  version int not null default 1,
  constraint order_line_pk primary key (tenant_id, id),
  constraint order_line_order foreign key (tenant_id, order_id, account_id) references sales_order (tenant_id, id, account_id),
  constraint order_line_product foreign key (tenant_id, product_id) references product,
  constraint order_line_unique unique (tenant_id, order_id, line_number),
  constraint order_line_cancelled_within check (cancelled_quantity between 0 and quantity),
  constraint order_line_planned_within check (released_quantity >= 0 and planned_quantity between released_quantity and quantity - cancelled_quantity),
  constraint order_line_shipped_within check (shipped_quantity between 0 and released_quantity),
  constraint order_line_returned_within check (returned_quantity between 0 and shipped_quantity),
  constraint order_line_billed_within check (billed_quantity between 0 and quantity - cancelled_quantity),
  constraint order_line_credited_within check (credited_quantity between 0 and billed_quantity),
  constraint order_line_billed_net_within check (billed_net_minor between 0 and net_minor)
);
create index order_line_by_product on order_line (tenant_id, product_id) where product_id is not null;
create index order_line_by_account on order_line (tenant_id, account_id) where group_unbilled_minor > 0;
comment on column order_line.planned_quantity is 'In fulfilments that are not cancelled; of which released_quantity is released, of which shipped_quantity is shipped';
call guard_table('order_line', 'select, insert, update, delete',
  'account_id = any (string_to_array(nullif(current_setting(''app.account_ids'', true), ''''), '','')::uuid[])');

create table hold (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  kind text not null constraint hold_kind_known check (kind in ('CREDIT', 'VALIDATION', 'DUPLICATE', 'FRAUD', 'MANUAL')),
  stage text not null constraint hold_stage_known check (stage in ('ORDER', 'RELEASE', 'DELIVERY')),
  lifecycle text not null constraint hold_lifecycle_known check (lifecycle in ('OPEN', 'RELEASED', 'LIFTED')),
  reason text not null,
  detail text,
  currency text constraint hold_currency_known check (is_currency(currency)),
  amount_minor bigint,
  content_version int not null,
  fulfilment_id uuid,
  placed_by_id uuid not null,
  released_by_id uuid,
  released_at timestamptz,
  release_reason text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint hold_pk primary key (tenant_id, id),
  constraint hold_order foreign key (tenant_id, order_id, account_id) references sales_order (tenant_id, id, account_id),
  constraint hold_released check ((lifecycle = 'OPEN') = (released_by_id is null))
);
create index hold_by_order on hold (tenant_id, order_id);
create index hold_by_created on hold (tenant_id, created_at, id);
create index hold_open on hold (tenant_id, kind, created_at, id) where lifecycle = 'OPEN';
comment on column hold.detail is 'The reason with the figures of customers above, which portal users never see';
comment on column hold.lifecycle is 'RELEASED by a person; LIFTED because its cause is gone';
call guard_table('hold', 'select, insert, update',
  'account_id = any (string_to_array(nullif(current_setting(''app.account_ids'', true), ''''), '','')::uuid[]) and kind <> ''FRAUD''');
revoke select on hold from cashgraph_portal;
grant select (tenant_id, id, order_id, legal_entity_id, account_id, kind, stage, lifecycle, reason, currency, amount_minor, content_version,
  fulfilment_id, placed_by_id, released_by_id, released_at, version, created_at) on hold to cashgraph_portal;

create table validation_rule (
  tenant_id uuid not null references tenant,
  id uuid not null,
  code text not null,
  description text not null,
  legal_entity_id uuid,
  stage text not null constraint validation_rule_stage_known check (stage in ('ORDER', 'RELEASE', 'DELIVERY')),
  field text not null,
  operator text not null constraint validation_rule_operator_known check (operator in ('IS_PRESENT', 'EQ', 'NE', 'LT', 'LTE', 'GT', 'GTE', 'IN', 'NOT_IN', 'STARTS_WITH')),
  operands jsonb not null default '[]',
  is_active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null,
  constraint validation_rule_pk primary key (tenant_id, id),
  constraint validation_rule_legal_entity foreign key (tenant_id, legal_entity_id) references legal_entity,
  constraint validation_rule_code_unique unique (tenant_id, code)
);
comment on table validation_rule is 'What an order must fulfil, as data: an order for which a rule does not hold gets a hold with its description';
call guard_table('validation_rule', 'select, insert, update');

create table fulfilment (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  lifecycle text not null constraint fulfilment_lifecycle_known check (lifecycle in ('PLANNED', 'RELEASED', 'SHIPPED', 'DELIVERED', 'CANCELLED')),
  return_status text not null constraint fulfilment_return_known check (return_status in ('NONE', 'PARTIAL', 'FULL')) default 'NONE',
  number text not null,
  provider_id uuid,
  provider_status text not null constraint fulfilment_provider_status_known check (provider_status in ('NONE', 'PENDING', 'ACCEPTED', 'REFUSED')) default 'NONE',
  provider_reference text,
  provider_text text,
  carrier text,
  tracking_number text,
  planned_on date,
  released_at timestamptz,
  shipped_on date,
  delivered_on date,
  received_by text,
  return_reason text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint fulfilment_pk primary key (tenant_id, id),
  constraint fulfilment_order foreign key (tenant_id, order_id, account_id) references sales_order (tenant_id, id, account_id),
  constraint fulfilment_number_unique unique (tenant_id, legal_entity_id, number),
  constraint fulfilment_shipped check ((lifecycle in ('SHIPPED', 'DELIVERED')) = (shipped_on is not null)),
  constraint fulfilment_delivered check ((lifecycle = 'DELIVERED') = (delivered_on is not null)),
  constraint fulfilment_within unique (tenant_id, id, account_id)
);
create index fulfilment_by_order on fulfilment (tenant_id, order_id);
create index fulfilment_by_provider on fulfilment (tenant_id, provider_id, number) where provider_id is not null;
create index fulfilment_by_provider_reference on fulfilment (tenant_id, provider_id, provider_reference) where provider_reference is not null;
create index fulfilment_by_account on fulfilment (tenant_id, account_id, created_at, id);
create index fulfilment_by_created on fulfilment (tenant_id, created_at, id);
create index fulfilment_by_lifecycle on fulfilment (tenant_id, lifecycle, created_at, id);
alter table hold add constraint hold_fulfilment foreign key (tenant_id, fulfilment_id) references fulfilment;
call guard_table('fulfilment', 'select, insert, update',
  'account_id = any (string_to_array(nullif(current_setting(''app.account_ids'', true), ''''), '','')::uuid[])');

create table fulfilment_line (
  tenant_id uuid not null,
  id uuid not null,
  fulfilment_id uuid not null,
  order_line_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  quantity numeric(28, 6) not null constraint fulfilment_line_quantity_positive check (quantity > 0),
  returned_quantity numeric(28, 6) not null default 0,
  version int not null default 1,
  constraint fulfilment_line_pk primary key (tenant_id, id),
  constraint fulfilment_line_fulfilment foreign key (tenant_id, fulfilment_id, account_id) references fulfilment (tenant_id, id, account_id),
  constraint fulfilment_line_order_line foreign key (tenant_id, order_line_id) references order_line,
  constraint fulfilment_line_unique unique (tenant_id, fulfilment_id, order_line_id),
  constraint fulfilment_line_returned_within check (returned_quantity between 0 and quantity)
);
create index fulfilment_line_by_order_line on fulfilment_line (tenant_id, order_line_id);
call guard_table('fulfilment_line', 'select, insert, update',
  'account_id = any (string_to_array(nullif(current_setting(''app.account_ids'', true), ''''), '','')::uuid[])');

create table tracking_event (
  tenant_id uuid not null,
  id uuid not null,
  fulfilment_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  source text not null,
  external_id text not null,
  kind text not null constraint tracking_event_kind_known check (kind in ('ACCEPTED', 'REFUSED', 'PICKED', 'SHIPPED', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'EXCEPTION', 'RETURNED')),
  occurred_at timestamptz not null,
  description text,
  location text,
  reference text,
  carrier text,
  tracking_number text,
  received_by text,
  created_at timestamptz not null,
  constraint tracking_event_pk primary key (tenant_id, id),
  constraint tracking_event_fulfilment foreign key (tenant_id, fulfilment_id, account_id) references fulfilment (tenant_id, id, account_id),
  constraint tracking_event_unique unique (tenant_id, source, external_id)
);
create index tracking_event_by_fulfilment on tracking_event (tenant_id, fulfilment_id, occurred_at);
create trigger tracking_event_append_only before update or delete on tracking_event for each row execute function refuse_change();
call guard_table('tracking_event', 'select, insert',
  'account_id = any (string_to_array(nullif(current_setting(''app.account_ids'', true), ''''), '','')::uuid[])');

create table logistics_provider (
  tenant_id uuid not null references tenant,
  id uuid not null,
  code text not null,
  name text not null,
  base_url text not null,
  sealed_secret text not null,
  secret_hint text not null,
  previous_sealed_secret text,
  previous_secret_until timestamptz,
  is_active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null,
  constraint logistics_provider_pk primary key (tenant_id, id),
  constraint logistics_provider_code_unique unique (tenant_id, code),
  constraint logistics_provider_previous_whole check ((previous_sealed_secret is null) = (previous_secret_until is null))
);
alter table fulfilment add constraint fulfilment_provider foreign key (tenant_id, provider_id) references logistics_provider;
comment on column logistics_provider.sealed_secret is 'AES-256-GCM; its additional data are tenant, record and field, so that it opens in this row only';
comment on column logistics_provider.previous_sealed_secret is 'The secret before the last change: it holds beside the new one until previous_secret_until';
call guard_table('logistics_provider', 'select, insert, update');
revoke select on logistics_provider from cashgraph_read;
grant select (tenant_id, id, code, name, base_url, secret_hint, previous_secret_until, is_active, version, created_at) on logistics_provider to cashgraph_read;
create policy of_system on logistics_provider for select to cashgraph_system using (true);
create policy of_system on fulfilment for select to cashgraph_system using (true);
create policy of_system on fulfilment_line for select to cashgraph_system using (true);
create policy of_system on order_line for select to cashgraph_system using (true);
create policy of_system on sales_order for select to cashgraph_system using (true);
create policy of_system on product for select to cashgraph_system using (true);
grant select on logistics_provider, fulfilment, fulfilment_line, order_line, sales_order to cashgraph_system;
grant select (tenant_id, id, hs_code, origin_country, weight_kg) on product to cashgraph_system;
