-- Invoices and credit notes of orders, instalments, and the discount for paying early.

alter table invoice
  add order_id uuid,
  add seller_name text,
  add buyer_name text,
  add buyer_tax_id text,
  add buyer_country text,
  add discount_until date,
  add discount_offered_minor bigint not null default 0 constraint invoice_discount_offered_within check (discount_offered_minor between 0 and total_minor),
  add constraint invoice_order foreign key (tenant_id, order_id, account_id) references sales_order (tenant_id, id, account_id);
comment on column invoice.buyer_name is 'As it was called when it was issued, like the other fields of the parties: an issued invoice never changes';
create index invoice_by_order on invoice (tenant_id, order_id) where order_id is not null;

alter table invoice_line
  add order_line_id uuid,
  add fulfilment_id uuid,
  add discount_percent numeric(7, 4) not null default 0 constraint invoice_line_discount_range check (discount_percent between 0 and 100),
  add tax_reason text,
  add unit text,
  add credited_quantity numeric(28, 6) not null default 0,
  add credited_net_minor bigint not null default 0,
  add constraint invoice_line_order_line foreign key (tenant_id, order_line_id) references order_line,
  add constraint invoice_line_fulfilment foreign key (tenant_id, fulfilment_id) references fulfilment,
  add constraint invoice_line_credited_within check (order_line_id is null or (credited_quantity between 0 and quantity and credited_net_minor between 0 and net_minor));
create index invoice_line_by_order_line on invoice_line (tenant_id, order_line_id) where order_line_id is not null;

alter table credit_note add order_id uuid,
  add constraint credit_note_order foreign key (tenant_id, order_id, account_id) references sales_order (tenant_id, id, account_id);
create index credit_note_by_order on credit_note (tenant_id, order_id) where order_id is not null;

create table credit_note_line (
  tenant_id uuid not null,
  id uuid not null,
  credit_note_id uuid not null,
  invoice_line_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  line_number int not null,
  description text not null,
  quantity numeric(28, 6) not null constraint credit_note_line_quantity_positive check (quantity > 0),
  currency text not null constraint credit_note_line_currency_known check (is_currency(currency)),
  net_minor bigint not null,
  tax_category text not null,
  tax_rate numeric(7, 4) not null,
  constraint credit_note_line_pk primary key (tenant_id, id),
  constraint credit_note_line_credit_note foreign key (tenant_id, credit_note_id) references credit_note,
  constraint credit_note_line_invoice_line foreign key (tenant_id, invoice_line_id) references invoice_line,
  constraint credit_note_line_unique unique (tenant_id, credit_note_id, line_number)
);
create index credit_note_line_by_invoice_line on credit_note_line (tenant_id, invoice_line_id);
call guard_table('credit_note_line', 'select, insert',
  'account_id = any (string_to_array(nullif(current_setting(''app.account_ids'', true), ''''), '','')::uuid[])');

-- The exposure that an item is: what is open of it in the group's currency, at the stored rate of its document.
alter table open_item
  add group_currency text constraint open_item_group_currency_known check (is_currency(group_currency)),
  add group_rate numeric(28, 12),
  add group_open_minor bigint,
  add discount_until date,
  add discount_offered_minor bigint not null default 0;
alter table open_item no force row level security;
alter table tenant no force row level security;
alter table invoice no force row level security;
alter table credit_note no force row level security;
alter table payment no force row level security;
update open_item i set group_currency = t.group_currency, group_rate = d.group_rate,
  group_open_minor = round(i.open_minor * d.group_rate * power(10::numeric, currency_exponent(t.group_currency) - currency_exponent(i.currency)))::bigint
from tenant t, (
  select tenant_id, id, group_rate from invoice union all select tenant_id, id, group_rate from credit_note union all select tenant_id, id, group_rate from payment
) d
where t.tenant_id = i.tenant_id and d.tenant_id = i.tenant_id and d.id = i.document_id;
alter table payment force row level security;
alter table credit_note force row level security;
alter table invoice force row level security;
alter table open_item alter group_currency set not null, alter group_rate set not null, alter group_open_minor set not null;

-- What the customers' credit accounts start with: everything open, of each customer and of those below it.
alter table customer no force row level security;
alter table customer_account no force row level security;
alter table credit_account no force row level security;
with recursive own as (
  select a.tenant_id, a.customer_id, sum(i.group_open_minor) as minor
  from open_item i join customer_account a on a.tenant_id = i.tenant_id and a.id = i.account_id group by 1, 2
), up as (
  select tenant_id, customer_id, minor from own
  union all
  select u.tenant_id, c.parent_id, u.minor from up u join customer c on c.tenant_id = u.tenant_id and c.id = u.customer_id where c.parent_id is not null
)
update credit_account ca set open_item_minor = s.minor
from (select tenant_id, customer_id, sum(minor)::bigint as minor from up group by 1, 2) s
where s.tenant_id = ca.tenant_id and s.customer_id = ca.customer_id;
alter table credit_account force row level security;
alter table customer_account force row level security;
alter table customer force row level security;
alter table tenant force row level security;
alter table open_item force row level security;

alter table allocation add with_id uuid,
  add constraint allocation_with foreign key (tenant_id, with_id) references allocation,
  add constraint allocation_with_of_discount check (with_id is null or kind = 'DISCOUNT');
create index allocation_by_with on allocation (tenant_id, with_id) where with_id is not null;
comment on column allocation.with_id is 'The payment''s allocation that a discount was granted with: taken back together';
