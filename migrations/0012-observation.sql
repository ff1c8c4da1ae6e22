-- What is observed in an ERP that has authority: it is followed as it is, also into periods that are closed here, and each row says
-- by which connection it came.

alter table journal_entry add connection_id uuid;
comment on column journal_entry.connection_id is 'The connection by which it was observed in an ERP; null: by our own authority';
create or replace function refuse_closed_period() returns trigger language plpgsql as $$
begin
  if exists (
    select from legal_entity le join changed c on c.tenant_id = le.tenant_id and c.legal_entity_id = le.id
    where c.effective_on <= le.closed_through and c.connection_id is null
  ) then
    raise exception 'the books are closed on that day' using errcode = 'CG002', constraint = 'journal_entry_period_open';
  end if;
  return null;
end $$;

-- Payments: an ERP takes them back, numbers them as it likes, and sets credit notes against invoices by payments of nothing.
alter table payment
  drop constraint payment_origin_known,
  add constraint payment_origin_known check (origin in ('RECORDED', 'IMPORTED', 'OBSERVED')),
  drop constraint payment_lifecycle_known,
  add constraint payment_lifecycle_known check (lifecycle in ('PENDING', 'RECEIVED', 'FAILED', 'CANCELLED', 'RETURNED', 'VOIDED')),
  drop constraint payment_status_known,
  add constraint payment_status_known check (status in ('PENDING', 'UNAPPLIED', 'PARTIALLY_APPLIED', 'APPLIED', 'FAILED', 'CANCELLED', 'RETURNED', 'VOIDED')),
  drop constraint payment_received,
  add constraint payment_received check ((lifecycle in ('RECEIVED', 'RETURNED', 'VOIDED')) = (received_on is not null)),
  drop constraint payment_amount_positive,
  add constraint payment_amount_positive check (amount_minor > 0 or (amount_minor = 0 and origin = 'OBSERVED')),
  drop constraint payment_number_unique;
create unique index payment_number_unique on payment (tenant_id, legal_entity_id, number) where origin <> 'OBSERVED';
create index payment_by_number on payment (tenant_id, number, id);

alter table allocation add connection_id uuid, add via_id uuid,
  drop constraint allocation_kind_known,
  add constraint allocation_kind_known check (kind in ('CASH', 'CREDIT', 'DISCOUNT', 'WRITE_OFF', 'RETURN', 'REFUND')),
  drop constraint allocation_sides_of_kind,
  add constraint allocation_sides_of_kind check (
    case kind when 'CASH' then to_item_id is not null and from_item_id is not null
              when 'CREDIT' then to_item_id is not null and from_item_id is not null
              when 'DISCOUNT' then to_item_id is not null and from_item_id is null
              when 'WRITE_OFF' then (to_item_id is null) <> (from_item_id is null)
              else to_item_id is null and from_item_id is not null end),
  add constraint allocation_via foreign key (tenant_id, via_id) references payment;
create index allocation_by_via on allocation (tenant_id, via_id) where via_id is not null;
comment on column allocation.via_id is 'The payment document of an ERP that made it, also where it sets a credit note against an invoice';

alter table invoice
  drop constraint invoice_origin_known,
  add constraint invoice_origin_known check (origin in ('ISSUED', 'IMPORTED', 'OBSERVED'));

alter table credit_note
  add origin text not null default 'ISSUED' constraint credit_note_origin_known check (origin in ('ISSUED', 'OBSERVED')),
  drop constraint credit_note_number_unique;
create unique index credit_note_number_unique on credit_note (tenant_id, legal_entity_id, number) where origin = 'ISSUED';
create index credit_note_by_number on credit_note (tenant_id, number, id);

alter table sales_order
  add origin text not null default 'PLACED' constraint sales_order_origin_known check (origin in ('PLACED', 'OBSERVED')),
  drop constraint sales_order_number_unique;
create unique index sales_order_number_unique on sales_order (tenant_id, legal_entity_id, number) where origin = 'PLACED';
