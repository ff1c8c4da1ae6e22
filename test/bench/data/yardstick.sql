-- What the yardsticks of the write bench write into: an order with its lines, the customer's balance and an outbox, and no more than that.
-- `:schema` is replaced, so that each yardstick has tables of its own, and `:customers` and `:products` by how many there are.
create schema :schema;
create table :schema.product (id bigint primary key, sku text not null unique);
create table :schema.customer (
  id bigint primary key,
  tenant_id int not null,
  number text not null unique,
  name text not null,
  currency char(3) not null,
  is_active boolean not null,
  credit_limit_minor bigint not null,
  balance_minor bigint not null default 0,
  version int not null default 1
);
create sequence :schema.order_number cache 20;
create table :schema.sales_order (
  id bigint generated always as identity (cache 20) primary key,
  tenant_id int not null,
  customer_id bigint not null references :schema.customer,
  number text not null,
  status text not null,
  currency char(3) not null,
  total_minor bigint not null,
  ordered_at timestamptz not null default now(),
  unique (tenant_id, number)
);
create index on :schema.sales_order (customer_id, ordered_at desc, id desc);
create table :schema.order_line (
  id bigint generated always as identity (cache 20) primary key,
  order_id bigint not null references :schema.sales_order,
  line_number int not null,
  product_id bigint not null references :schema.product,
  quantity numeric(18, 6) not null,
  price_minor bigint not null,
  amount_minor bigint not null,
  unique (order_id, line_number)
);
create table :schema.outbox (
  id bigint generated always as identity (cache 20) primary key,
  tenant_id int not null,
  topic text not null,
  payload jsonb not null,
  created_at timestamptz not null default now()
);
insert into :schema.product select n, 'SKU-' || n from generate_series(1, :products) n;
insert into :schema.customer (id, tenant_id, number, name, currency, is_active, credit_limit_minor)
  select n, 1, 'C-' || n, 'Customer ' || n, 'EUR', true, 1000000000000 from generate_series(1, :customers) n;
