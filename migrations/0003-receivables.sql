-- The books: entries and transfers, open items and allocations, and the documents that make them.

create table journal_entry (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  event_type text not null,
  record_kind text not null,
  record_id uuid not null,
  effective_on date not null,
  recorded_at timestamptz not null,
  reverses_id uuid,
  actor_id uuid not null,
  constraint journal_entry_pk primary key (tenant_id, id),
  constraint journal_entry_legal_entity foreign key (tenant_id, legal_entity_id) references legal_entity,
  constraint journal_entry_reverses foreign key (tenant_id, reverses_id) references journal_entry,
  constraint journal_entry_reversed_once unique (tenant_id, reverses_id)
);
create index journal_entry_by_record on journal_entry (tenant_id, record_id);
create index journal_entry_by_day on journal_entry (tenant_id, legal_entity_id, effective_on);

create table transfer (
  tenant_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  legal_entity_id uuid not null,
  debit_code text not null,
  debit_detail text,
  debit_account_id uuid not null,
  debit_item_id uuid,
  credit_code text not null,
  credit_detail text,
  credit_account_id uuid not null,
  credit_item_id uuid,
  currency text not null constraint transfer_currency_known check (is_currency(currency)),
  amount_minor bigint not null constraint transfer_amount_positive check (amount_minor >= 0),
  base_currency text not null constraint transfer_base_currency_known check (is_currency(base_currency)),
  base_minor bigint not null constraint transfer_base_positive check (base_minor >= 0),
  effective_on date not null,
  recorded_at timestamptz not null,
  constraint transfer_pk primary key (tenant_id, id),
  constraint transfer_entry foreign key (tenant_id, entry_id) references journal_entry,
  constraint transfer_not_empty check (amount_minor > 0 or base_minor > 0),
  constraint transfer_debit_known check (debit_code in ('RECEIVABLE', 'BILLED', 'TAX', 'CASH_CLEARING', 'DISCOUNT', 'BAD_DEBT', 'ALLOWANCE', 'CURRENCY_CLEARING', 'FX', 'OPENING', 'RECOVERY', 'IMPAIRMENT')),
  constraint transfer_credit_known check (credit_code in ('RECEIVABLE', 'BILLED', 'TAX', 'CASH_CLEARING', 'DISCOUNT', 'BAD_DEBT', 'ALLOWANCE', 'CURRENCY_CLEARING', 'FX', 'OPENING', 'RECOVERY', 'IMPAIRMENT')),
  constraint transfer_debit_item_of_receivable check ((debit_code = 'RECEIVABLE') = (debit_item_id is not null)),
  constraint transfer_credit_item_of_receivable check ((credit_code = 'RECEIVABLE') = (credit_item_id is not null))
);
create index transfer_by_entry on transfer (tenant_id, entry_id);
create index transfer_by_debit_item on transfer (tenant_id, debit_item_id) where debit_item_id is not null;
create index transfer_by_credit_item on transfer (tenant_id, credit_item_id) where credit_item_id is not null;
create index transfer_by_day on transfer (tenant_id, legal_entity_id, effective_on);

create function refuse_closed_period() returns trigger language plpgsql as $$
begin
  if exists (
    select from legal_entity le join changed c on c.tenant_id = le.tenant_id and c.legal_entity_id = le.id
    where c.effective_on <= le.closed_through
  ) then
    raise exception 'the books are closed on that day' using errcode = 'CG002', constraint = 'journal_entry_period_open';
  end if;
  return null;
end $$;
create trigger journal_entry_period_open after insert on journal_entry
  referencing new table as changed for each statement execute function refuse_closed_period();
create trigger journal_entry_append_only before update or delete on journal_entry for each row execute function refuse_change();
create trigger journal_entry_not_emptied before truncate on journal_entry for each statement execute function refuse_change();
create trigger transfer_not_emptied before truncate on transfer for each statement execute function refuse_change();
create trigger transfer_append_only before update or delete on transfer for each row execute function refuse_change();

create table open_item (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  kind text not null constraint open_item_kind_known check (kind in ('INVOICE', 'CREDIT_NOTE', 'PAYMENT', 'DEBIT', 'OPENING')),
  document_kind text not null,
  document_id uuid not null,
  document_number text not null,
  instalment int not null default 1,
  due_on date not null,
  effective_on date not null,
  recorded_at timestamptz not null,
  currency text not null constraint open_item_currency_known check (is_currency(currency)),
  original_minor bigint not null,
  open_minor bigint not null,
  cash_minor bigint not null default 0,
  credit_minor bigint not null default 0,
  discount_minor bigint not null default 0,
  write_off_minor bigint not null default 0,
  returned_minor bigint not null default 0,
  base_currency text not null constraint open_item_base_currency_known check (is_currency(base_currency)),
  base_original_minor bigint not null,
  base_open_minor bigint not null,
  settled_on date,
  version int not null default 1,
  constraint open_item_pk primary key (tenant_id, id),
  constraint open_item_account foreign key (tenant_id, account_id, legal_entity_id) references customer_account (tenant_id, id, legal_entity_id),
  constraint open_item_document_unique unique (tenant_id, document_id, instalment),
  constraint open_item_sum check (open_minor = original_minor - cash_minor - credit_minor - discount_minor - write_off_minor - returned_minor),
  constraint open_item_within check (open_minor between least(0, original_minor) and greatest(0, original_minor)),
  constraint open_item_base_within check (open_minor <> 0 or base_open_minor = 0),
  constraint open_item_settled check ((settled_on is not null) = (open_minor = 0))
);
create index open_item_by_account on open_item (tenant_id, account_id, due_on, id);
create index open_item_open on open_item (tenant_id, legal_entity_id, due_on, id) where settled_on is null;
create index open_item_by_due on open_item (tenant_id, due_on, id);
create index open_item_by_document on open_item (tenant_id, document_id);
comment on table open_item is 'The unit of receivables: positive is owed to us, negative is owed by us; open = original less what its allocations took';

create table allocation (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  kind text not null constraint allocation_kind_known check (kind in ('CASH', 'CREDIT', 'DISCOUNT', 'WRITE_OFF', 'RETURN')),
  to_item_id uuid,
  to_minor bigint,
  to_currency text constraint allocation_to_currency_known check (is_currency(to_currency)),
  to_base_minor bigint,
  from_item_id uuid,
  from_account_id uuid,
  from_minor bigint,
  from_currency text constraint allocation_from_currency_known check (is_currency(from_currency)),
  from_base_minor bigint,
  base_currency text not null constraint allocation_base_currency_known check (is_currency(base_currency)),
  effective_on date not null,
  recorded_at timestamptz not null,
  rule text not null,
  evidence text,
  actor_id uuid not null,
  entry_id uuid not null,
  reverses_id uuid,
  constraint allocation_pk primary key (tenant_id, id),
  constraint allocation_account foreign key (tenant_id, account_id, legal_entity_id) references customer_account (tenant_id, id, legal_entity_id),
  constraint allocation_from_account foreign key (tenant_id, from_account_id, legal_entity_id) references customer_account (tenant_id, id, legal_entity_id),
  constraint allocation_to foreign key (tenant_id, to_item_id) references open_item,
  constraint allocation_from foreign key (tenant_id, from_item_id) references open_item,
  constraint allocation_entry foreign key (tenant_id, entry_id) references journal_entry,
  constraint allocation_reverses foreign key (tenant_id, reverses_id) references allocation,
  constraint allocation_reversed_once unique (tenant_id, reverses_id),
  constraint allocation_has_side check (to_item_id is not null or from_item_id is not null),
  constraint allocation_to_whole check ((to_item_id is null) = (to_minor is null) and (to_item_id is null) = (to_currency is null) and (to_item_id is null) = (to_base_minor is null)),
  constraint allocation_from_whole check ((from_item_id is null) = (from_account_id is null) and (from_item_id is null) = (from_minor is null) and (from_item_id is null) = (from_currency is null) and (from_item_id is null) = (from_base_minor is null)),
  constraint allocation_sides_of_kind check (
    case kind when 'CASH' then to_item_id is not null and from_item_id is not null
              when 'CREDIT' then to_item_id is not null and from_item_id is not null
              when 'DISCOUNT' then to_item_id is not null and from_item_id is null
              when 'WRITE_OFF' then (to_item_id is null) <> (from_item_id is null)
              else to_item_id is null and from_item_id is not null end),
  constraint allocation_same_amount check (to_currency is distinct from from_currency or to_minor = from_minor)
);
create index allocation_by_to on allocation (tenant_id, to_item_id) where to_item_id is not null;
create index allocation_by_from on allocation (tenant_id, from_item_id) where from_item_id is not null;
create index allocation_by_account on allocation (tenant_id, account_id, recorded_at, id);
create trigger allocation_not_emptied before truncate on allocation for each statement execute function refuse_change();
create trigger allocation_append_only before update or delete on allocation for each row execute function refuse_change();
comment on table allocation is 'What closed (part of) an item: to_minor lowers a positive item, from_minor uses a negative one; a reversal has the amounts negated';

create table invoice (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  origin text not null constraint invoice_origin_known check (origin in ('ISSUED', 'IMPORTED')),
  lifecycle text not null constraint invoice_lifecycle_known check (lifecycle in ('DRAFT', 'ISSUED', 'CANCELLED', 'VOIDED')),
  status text not null constraint invoice_status_known check (status in ('DRAFT', 'OPEN', 'PARTIALLY_PAID', 'PAID', 'CREDITED', 'WRITTEN_OFF', 'CANCELLED', 'VOIDED')),
  number text,
  series_number bigint,
  customer_reference text,
  currency text not null constraint invoice_currency_known check (is_currency(currency)),
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null constraint invoice_total_positive check (total_minor >= 0),
  paid_minor bigint not null default 0,
  credited_minor bigint not null default 0,
  discounted_minor bigint not null default 0,
  written_off_minor bigint not null default 0,
  open_minor bigint not null default 0,
  base_currency text not null constraint invoice_base_currency_known check (is_currency(base_currency)),
  base_total_minor bigint,
  rate numeric(28, 12),
  group_rate numeric(28, 12),
  payment_terms_id uuid,
  issued_on date,
  due_on date,
  settled_on date,
  snapshot_hash text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint invoice_pk primary key (tenant_id, id),
  constraint invoice_account foreign key (tenant_id, account_id, legal_entity_id) references customer_account (tenant_id, id, legal_entity_id),
  constraint invoice_terms foreign key (tenant_id, payment_terms_id) references payment_terms,
  constraint invoice_series_unique unique (tenant_id, legal_entity_id, series_number),
  constraint invoice_sum check (total_minor = net_minor + tax_minor),
  constraint invoice_numbered check ((lifecycle in ('ISSUED', 'VOIDED')) = (number is not null)),
  constraint invoice_dated check (lifecycle not in ('ISSUED', 'VOIDED') or (issued_on is not null and due_on is not null and base_total_minor is not null)),
  constraint invoice_settlement check (lifecycle <> 'ISSUED' or open_minor = total_minor - paid_minor - credited_minor - discounted_minor - written_off_minor),
  constraint invoice_series_of_ours check ((series_number is not null) = (origin = 'ISSUED' and lifecycle = 'ISSUED'))
);
create unique index invoice_number_ours on invoice (tenant_id, legal_entity_id, number) where origin = 'ISSUED';
create index invoice_by_number on invoice (tenant_id, number, id);
create index invoice_by_account on invoice (tenant_id, account_id, issued_on, id);
create index invoice_by_issued on invoice (tenant_id, issued_on, id);
create index invoice_by_due on invoice (tenant_id, due_on, id);
create index invoice_by_status on invoice (tenant_id, status, due_on, id);
create index invoice_by_created on invoice (tenant_id, created_at, id);

create table invoice_line (
  tenant_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  line_number int not null,
  description text not null,
  quantity numeric(28, 6) not null,
  unit_price numeric(28, 6) not null,
  currency text not null constraint invoice_line_currency_known check (is_currency(currency)),
  net_minor bigint not null,
  tax_category text not null,
  tax_rate numeric(7, 4) not null constraint invoice_line_rate_range check (tax_rate between 0 and 100),
  constraint invoice_line_pk primary key (tenant_id, id),
  constraint invoice_line_invoice foreign key (tenant_id, invoice_id) references invoice,
  constraint invoice_line_unique unique (tenant_id, invoice_id, line_number)
);

create table invoice_tax (
  tenant_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  tax_category text not null,
  tax_rate numeric(7, 4) not null,
  currency text not null constraint invoice_tax_currency_known check (is_currency(currency)),
  taxable_minor bigint not null,
  tax_minor bigint not null,
  constraint invoice_tax_pk primary key (tenant_id, id),
  constraint invoice_tax_invoice foreign key (tenant_id, invoice_id) references invoice,
  constraint invoice_tax_unique unique (tenant_id, invoice_id, tax_category, tax_rate)
);

create table credit_note (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  invoice_id uuid,
  lifecycle text not null constraint credit_note_lifecycle_known check (lifecycle in ('ISSUED', 'VOIDED')),
  status text not null constraint credit_note_status_known check (status in ('OPEN', 'PARTIALLY_APPLIED', 'APPLIED', 'VOIDED')),
  number text not null,
  series_number bigint,
  reason text not null,
  currency text not null constraint credit_note_currency_known check (is_currency(currency)),
  net_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null constraint credit_note_total_positive check (total_minor >= 0),
  open_minor bigint not null default 0,
  base_currency text not null constraint credit_note_base_currency_known check (is_currency(base_currency)),
  base_total_minor bigint not null,
  rate numeric(28, 12),
  group_rate numeric(28, 12),
  issued_on date not null,
  version int not null default 1,
  created_at timestamptz not null,
  constraint credit_note_pk primary key (tenant_id, id),
  constraint credit_note_account foreign key (tenant_id, account_id, legal_entity_id) references customer_account (tenant_id, id, legal_entity_id),
  constraint credit_note_invoice foreign key (tenant_id, invoice_id) references invoice,
  constraint credit_note_series_unique unique (tenant_id, legal_entity_id, series_number),
  constraint credit_note_number_unique unique (tenant_id, legal_entity_id, number),
  constraint credit_note_sum check (total_minor = net_minor + tax_minor)
);
create index credit_note_by_invoice on credit_note (tenant_id, invoice_id) where invoice_id is not null;
create index credit_note_by_account on credit_note (tenant_id, account_id, issued_on, id);
create index credit_note_by_created on credit_note (tenant_id, created_at, id);

create table credit_note_tax (
  tenant_id uuid not null,
  id uuid not null,
  credit_note_id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  description text,
  tax_category text not null,
  tax_rate numeric(7, 4) not null,
  currency text not null constraint credit_note_tax_currency_known check (is_currency(currency)),
  taxable_minor bigint not null,
  tax_minor bigint not null,
  constraint credit_note_tax_pk primary key (tenant_id, id),
  constraint credit_note_tax_credit_note foreign key (tenant_id, credit_note_id) references credit_note,
  constraint credit_note_tax_unique unique (tenant_id, credit_note_id, tax_category, tax_rate)
);

create table payment (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid not null,
  account_id uuid not null,
  origin text not null constraint payment_origin_known check (origin in ('RECORDED', 'IMPORTED')),
  lifecycle text not null constraint payment_lifecycle_known check (lifecycle in ('PENDING', 'RECEIVED', 'FAILED', 'CANCELLED', 'RETURNED')),
  status text not null constraint payment_status_known check (status in ('PENDING', 'UNAPPLIED', 'PARTIALLY_APPLIED', 'APPLIED', 'FAILED', 'CANCELLED', 'RETURNED')),
  number text not null,
  method text not null constraint payment_method_known check (method in ('BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER')),
  reference text,
  bank_account text,
  currency text not null constraint payment_currency_known check (is_currency(currency)),
  amount_minor bigint not null constraint payment_amount_positive check (amount_minor > 0),
  open_minor bigint not null default 0,
  base_currency text not null constraint payment_base_currency_known check (is_currency(base_currency)),
  base_amount_minor bigint,
  rate numeric(28, 12),
  group_rate numeric(28, 12),
  received_on date,
  returned_on date,
  return_reason text,
  version int not null default 1,
  created_at timestamptz not null,
  constraint payment_pk primary key (tenant_id, id),
  constraint payment_account foreign key (tenant_id, account_id, legal_entity_id) references customer_account (tenant_id, id, legal_entity_id),
  constraint payment_number_unique unique (tenant_id, legal_entity_id, number),
  constraint payment_received check ((lifecycle in ('RECEIVED', 'RETURNED')) = (received_on is not null)),
  constraint payment_returned check ((lifecycle = 'RETURNED') = (returned_on is not null)),
  constraint payment_open_within check (open_minor between 0 and amount_minor)
);
create index payment_by_account on payment (tenant_id, account_id, received_on, id);
create index payment_by_status on payment (tenant_id, status, received_on, id);
create index payment_by_created on payment (tenant_id, created_at, id);
create index payment_by_reference on payment (tenant_id, reference) where reference is not null;
