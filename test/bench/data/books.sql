-- The books of the read bench, made set by set from seeded draws: the same rows in each database that has the same tenants.
-- Twenty tenants of very different size; a few customers own most orders; every order is billed, most bills are paid, in one or two
-- payments, and one customer in five pays several bills at once. All amounts agree as the invariants demand: items, allocations,
-- entries and what documents say of themselves. Sizes and the last day come in as settings: bench.customers, bench.orders, bench.today.
set local timezone = 'UTC';
set local max_parallel_workers_per_gather = 0;
set local work_mem = '256MB';
select setseed(0.42);

-- Days since the first one, 1140 days before the last.
create function pg_temp.day(n int) returns timestamptz language sql stable as $$ select (current_setting('bench.today')::date - 1140 + n)::timestamptz $$;

-- In order of time, as version 7 ids are: kind and number can be read off it.
create function pg_temp.id(at timestamptz, kind int, n bigint) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid
$$;

create temp table bt on commit drop as
  select tenant_id, group_currency as currency, row_number() over (order by slug)::int as n,
    pg_temp.id(pg_temp.day(0), 1, row_number() over (order by slug)) as le
  from tenant where slug like 'bench-%';

insert into legal_entity (tenant_id, id, code, name, country, functional_currency, time_zone, billing_rule, created_at)
  select tenant_id, le, 'LE-' || n, 'Company ' || n, 'DE', currency, 'Europe/Berlin', 'ON_ORDER', pg_temp.day(0) from bt;

insert into payment_terms (tenant_id, id, code, name, net_days, created_at)
  select bt.tenant_id, pg_temp.id(pg_temp.day(0), 2, bt.n * 100 + d), 'N' || d, 'Net ' || d, d, pg_temp.day(0) from bt, unnest(array[14, 30, 45, 60]) d;

create temp table bc on commit drop as
  select i, 1 + floor(20 * power(random(), 2))::int as tn,
    (array['ENTERPRISE', 'MIDMARKET', 'MIDMARKET', 'SMB', 'SMB', 'SMB', 'PUBLIC'])[1 + floor(random() * 7)::int] as segment,
    (array[14, 30, 30, 45, 60])[1 + floor(random() * 5)::int] as days,
    pg_temp.day(1) + i * interval '1 minute' as at
  from generate_series(1, current_setting('bench.customers')::int) i;
create temp table ba on commit drop as
  select bc.i, bc.tn, bc.segment, bc.days, bc.at, bt.tenant_id, bt.currency, bt.le, pg_temp.id(bc.at, 3, bc.i) as customer, pg_temp.id(bc.at, 4, bc.i) as account,
    pg_temp.id(pg_temp.day(0), 2, bc.tn * 100 + bc.days) as terms
  from bc join bt on bt.n = bc.tn order by bc.i;
create index on ba (i);

insert into customer (tenant_id, id, number, name, search_name, country, segment, email, created_at)
  select tenant_id, customer, 'C-' || lpad(i::text, 6, '0'), name, lower(name), (array['DE', 'GB', 'FR', 'US', 'NL'])[1 + i % 5], segment, 'ap' || i || '@example.com', at
  from (select *, 'Customer ' || i || ' ' || (array['GmbH', 'Ltd', 'SAS', 'Inc', 'BV'])[1 + i % 5] as name from ba) c order by i;
insert into customer_account (tenant_id, id, legal_entity_id, customer_id, origin_customer_id, number, currency, payment_terms_id, created_at)
  select tenant_id, account, le, customer, customer, 'A-' || lpad(i::text, 6, '0'), currency, terms, at from ba order by i;

insert into product (tenant_id, id, sku, name, search_name, kind, unit, tax_class, created_at)
  select bt.tenant_id, pg_temp.id(pg_temp.day(0), 5, k), 'SKU-' || lpad(k::text, 6, '0'), 'Product ' || k || ' "size ' || k % 9 || '"', 'product ' || k || ' size ' || k % 9,
    'SERVICE', 'C62', 'STANDARD', pg_temp.day(0)
  from generate_series(0, 1999) k join bt on bt.n = 1 + k % 20 order by k;

-- Orders over three years, then their lines; a bill two days after each order.
create temp table bo on commit drop as
  select i, 1 + floor(current_setting('bench.customers')::int * power(random(), 3))::int as c, random() as r, random() as r2, random() as r3, 2 + floor(random() * random() * 8)::int as lines,
    pg_temp.day(31) + i * (interval '1100 days' / current_setting('bench.orders')::int) as at
  from generate_series(1, current_setting('bench.orders')::int) i;
create temp table bl on commit drop as
  select row_number() over (order by bo.i, l) as n, bo.i, l, floor(100 * power(random(), 2))::int as product, 1 + floor(random() * 40)::int as quantity,
    (100 + floor(power(random(), 2) * 200000))::bigint as price
  from bo, generate_series(1, bo.lines) l;
create temp table bd on commit drop as
  select *, case when r < 0.70 then 0 when r < 0.80 then greatest(1, least(total - 2, floor(total * r2)::bigint)) else total end as open
  from (
    select bo.i, bo.r, bo.r2, bo.r3, bo.at, bo.at + interval '2 days' as billed_at, s.net, round(s.net * 0.19)::bigint as tax, s.net + round(s.net * 0.19)::bigint as total,
      ba.i as c, ba.tn, ba.days, ba.tenant_id, ba.le, ba.account, ba.currency, ba.terms,
      pg_temp.id(bo.at, 6, bo.i) as ord, pg_temp.id(bo.at + interval '2 days', 7, bo.i) as inv, pg_temp.id(bo.at + interval '2 days', 8, bo.i) as item
    from bo join ba on ba.i = bo.c join (select i, sum(quantity * price)::bigint as net from bl group by i) s on s.i = bo.i
  ) d order by i;
create index on bd (i);
analyze bd, bl;

insert into sales_order (tenant_id, id, legal_entity_id, account_id, lifecycle, billing_status, number, customer_reference, ordered_on, payment_terms_id, billing_rule, credit_stage,
    currency, base_currency, group_currency, rate, group_rate, net_minor, tax_minor, total_minor, billed_minor, unbilled_minor, placed_by_id, last_editor_id, confirmed_at, closed_at, created_at)
  select tenant_id, ord, le, account, 'COMPLETED', 'FULL', 'SO-' || lpad(i::text, 8, '0'), case when r3 < 0.6 then 'PO-' || i * 37 % 100000 end, at::date, terms, 'ON_ORDER', 'ORDER',
    currency, currency, currency, 1, 1, net, tax, total, total, 0, tenant_id, tenant_id, at, billed_at, at
  from bd order by i;
insert into order_line (tenant_id, id, order_id, legal_entity_id, account_id, line_number, product_id, sku, description, is_shipped, unit, quantity, billed_quantity, unit_price,
    price_rule, currency, net_minor, billed_net_minor, tax_category, tax_rate, group_currency)
  select d.tenant_id, pg_temp.id(d.at, 9, l.n), d.ord, d.le, d.account, l.l, pg_temp.id(pg_temp.day(0), 5, l.product * 20 + d.tn - 1), 'SKU-' || lpad((l.product * 20 + d.tn - 1)::text, 6, '0'),
    'Product ' || l.product * 20 + d.tn - 1, false, 'C62', l.quantity, l.quantity, l.price * 0.01, 'manual', d.currency, l.quantity * l.price, l.quantity * l.price, 'S', 19, d.currency
  from bl l join bd d on d.i = l.i order by l.n;

-- What was paid of a bill, in one or two parts; parts of one customer are paid together.
create temp table bp on commit drop as
  select *, dense_rank() over (order by c, (rn - 1) / (case c % 5 when 0 then 3 when 1 then 2 else 1 end)) as g
  from (
    select d.i, d.c, d.tn, d.tenant_id, d.le, d.account, d.currency, d.item, d.billed_at,
      case when k = 1 then d.total - d.open when p = 1 then (d.total - d.open) / 2 else d.total - d.open - (d.total - d.open) / 2 end as minor,
      row_number() over (partition by d.c order by d.i, p) as rn, p
    from bd d, lateral (select case when d.r3 < 0.35 then 2 else 1 end as k) k, lateral generate_series(1, k.k) p
    where d.total > d.open
  ) part;
create temp table bg on commit drop as
  select *, received_on + time '09:00' + n % 30000 * interval '1 second' as at, pg_temp.id(received_on + interval '9 hours', 10, n) as pay, pg_temp.id(received_on + interval '9 hours', 11, n) as item
  from (
    select *, row_number() over (order by received_on, g) as n
    from (
      select g, min(c) as c, min(tn) as tn, (array_agg(tenant_id))[1] as tenant_id, (array_agg(le))[1] as le, (array_agg(account))[1] as account, min(currency) as currency,
        least(max(billed_at)::date + 20 + (g % 30)::int, pg_temp.day(1139)::date) as received_on, sum(minor)::bigint as minor
      from bp group by g
    ) one
  ) numbered;
create index on bg (g);
create temp table bs on commit drop as
  select b.i, max(g.received_on) as settled_on from bp b join bg g on g.g = b.g group by b.i;
analyze bp, bg, bs;

insert into invoice (tenant_id, id, legal_entity_id, account_id, origin, lifecycle, status, number, customer_reference, currency, net_minor, tax_minor, total_minor, paid_minor, open_minor,
    base_currency, base_total_minor, rate, group_rate, payment_terms_id, issued_on, due_on, settled_on, created_at, order_id)
  select d.tenant_id, d.inv, d.le, d.account, 'IMPORTED', 'ISSUED', case when d.open = 0 then 'PAID' when d.open = d.total then 'OPEN' else 'PARTIALLY_PAID' end,
    'INV-' || lpad(d.i::text, 8, '0'), case when d.r3 < 0.6 then 'PO-' || d.i * 37 % 100000 end, d.currency, d.net, d.tax, d.total, d.total - d.open, d.open,
    d.currency, d.total, 1, 1, d.terms, d.billed_at::date, d.billed_at::date + d.days, case when d.open = 0 then s.settled_on end, d.billed_at, d.ord
  from bd d left join bs s on s.i = d.i order by d.i;
insert into invoice_line (tenant_id, id, invoice_id, legal_entity_id, account_id, line_number, description, quantity, unit_price, currency, net_minor, tax_category, tax_rate, order_line_id, unit)
  select d.tenant_id, pg_temp.id(d.billed_at, 12, l.n), d.inv, d.le, d.account, l.l, 'Product ' || l.product * 20 + d.tn - 1, l.quantity, l.price * 0.01, d.currency, l.quantity * l.price, 'S', 19,
    pg_temp.id(d.at, 9, l.n), 'C62'
  from bl l join bd d on d.i = l.i order by l.n;
insert into invoice_tax (tenant_id, id, invoice_id, legal_entity_id, account_id, tax_category, tax_rate, currency, taxable_minor, tax_minor)
  select tenant_id, pg_temp.id(billed_at, 13, i), inv, le, account, 'S', 19, currency, net, tax from bd order by i;

insert into open_item (tenant_id, id, legal_entity_id, account_id, kind, document_kind, document_id, document_number, due_on, effective_on, recorded_at, currency, original_minor, open_minor,
    cash_minor, base_currency, base_original_minor, base_open_minor, settled_on, group_currency, group_rate, group_open_minor)
  select d.tenant_id, d.item, d.le, d.account, 'INVOICE', 'Invoice', d.inv, 'INV-' || lpad(d.i::text, 8, '0'), d.billed_at::date + d.days, d.billed_at::date, d.billed_at, d.currency, d.total, d.open,
    d.total - d.open, d.currency, d.total, d.open, case when d.open = 0 then s.settled_on end, d.currency, 1, d.open
  from bd d left join bs s on s.i = d.i order by d.i;
insert into payment (tenant_id, id, legal_entity_id, account_id, origin, lifecycle, status, number, method, reference, currency, amount_minor, base_currency, base_amount_minor, rate, group_rate,
    received_on, created_at)
  select tenant_id, pay, le, account, 'IMPORTED', 'RECEIVED', 'APPLIED', 'PAY-' || lpad(n::text, 8, '0'), (array['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE'])[1 + n % 4], 'REM ' || n,
    currency, minor, currency, minor, 1, 1, received_on, at
  from bg order by n;
insert into open_item (tenant_id, id, legal_entity_id, account_id, kind, document_kind, document_id, document_number, due_on, effective_on, recorded_at, currency, original_minor, open_minor,
    cash_minor, base_currency, base_original_minor, base_open_minor, settled_on, group_currency, group_rate, group_open_minor)
  select tenant_id, item, le, account, 'PAYMENT', 'Payment', pay, 'PAY-' || lpad(n::text, 8, '0'), received_on, received_on, at, currency, -minor, 0, -minor, currency, -minor, 0, received_on, currency, 1, 0
  from bg order by n;

-- One entry for each bill, payment and allocation, with what it moved.
create temp table bx on commit drop as
  select b.*, g.received_on, g.at, g.item as payer, g.account as payer_account, row_number() over (order by g.n, b.i, b.p) as n from bp b join bg g on g.g = b.g;
insert into journal_entry (tenant_id, id, legal_entity_id, event_type, record_kind, record_id, effective_on, recorded_at, actor_id)
  select tenant_id, pg_temp.id(billed_at, 14, i), le, 'invoice.imported', 'Invoice', inv, billed_at::date, billed_at, tenant_id from bd order by i;
insert into journal_entry (tenant_id, id, legal_entity_id, event_type, record_kind, record_id, effective_on, recorded_at, actor_id)
  select tenant_id, pg_temp.id(at, 15, n), le, 'payment.imported', 'Payment', pay, received_on, at, tenant_id from bg order by n;
insert into journal_entry (tenant_id, id, legal_entity_id, event_type, record_kind, record_id, effective_on, recorded_at, actor_id)
  select tenant_id, pg_temp.id(at, 16, n), le, 'allocation.made', 'Allocation', pg_temp.id(at, 17, n), received_on, at, tenant_id from bx order by n;
insert into allocation (tenant_id, id, legal_entity_id, account_id, kind, to_item_id, to_minor, to_currency, to_base_minor, from_item_id, from_account_id, from_minor, from_currency, from_base_minor,
    base_currency, effective_on, recorded_at, rule, actor_id, entry_id)
  select tenant_id, pg_temp.id(at, 17, n), le, account, 'CASH', item, minor, currency, minor, payer, payer_account, minor, currency, minor, currency, received_on, at, 'import', tenant_id, pg_temp.id(at, 16, n)
  from bx order by n;
insert into transfer (tenant_id, id, entry_id, legal_entity_id, debit_code, debit_detail, debit_account_id, debit_item_id, credit_code, credit_detail, credit_account_id, credit_item_id, currency,
    amount_minor, base_currency, base_minor, effective_on, recorded_at)
  select tenant_id, pg_temp.id(billed_at, 18, i * 2 + part), pg_temp.id(billed_at, 14, i), le, 'RECEIVABLE', null, account, item, case part when 0 then 'BILLED' else 'TAX' end,
    case part when 1 then 'S 19' end, account, null, currency, case part when 0 then net else tax end, currency, case part when 0 then net else tax end, billed_at::date, billed_at
  from bd, generate_series(0, 1) part where part = 0 or tax > 0 order by i;
insert into transfer (tenant_id, id, entry_id, legal_entity_id, debit_code, debit_account_id, credit_code, credit_account_id, credit_item_id, currency, amount_minor, base_currency, base_minor,
    effective_on, recorded_at)
  select tenant_id, pg_temp.id(at, 19, n), pg_temp.id(at, 15, n), le, 'CASH_CLEARING', account, 'RECEIVABLE', account, item, currency, minor, currency, minor, received_on, at from bg order by n;
insert into transfer (tenant_id, id, entry_id, legal_entity_id, debit_code, debit_account_id, debit_item_id, credit_code, credit_account_id, credit_item_id, currency, amount_minor, base_currency,
    base_minor, effective_on, recorded_at)
  select tenant_id, pg_temp.id(at, 20, n), pg_temp.id(at, 16, n), le, 'RECEIVABLE', payer_account, payer, 'RECEIVABLE', account, item, currency, minor, currency, minor, received_on, at from bx order by n;

insert into credit_account (tenant_id, id, customer_id, currency, limit_minor, limit_rate, limit_group_minor, group_currency, open_item_minor, created_at)
  select a.tenant_id, pg_temp.id(a.at, 21, a.i), a.customer, a.currency, 1000000000000, 1, 1000000000000, a.currency, coalesce(s.open, 0), a.at
  from ba a left join (select c, sum(open)::bigint as open from bd group by c) s on s.c = a.i order by a.i;

-- The sums that are kept of all this, as one would who fills the tables without a platform.
select rebuild_ageing_days();
select fold_ageing_days(current_setting('bench.today')::date);
