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
  drop constraint payment_number_unique,
  add invoice_id uuid,
  add constraint payment_invoice foreign key (tenant_id, invoice_id) references invoice;
create unique index payment_number_unique on payment (tenant_id, legal_entity_id, number) where origin <> 'OBSERVED';
create index payment_by_number on payment (tenant_id, number, id);
create unique index payment_of_invoice on payment (tenant_id, invoice_id) where invoice_id is not null;
comment on column payment.invoice_id is 'Of a cash sale: the invoice that it paid as it was made';

-- What an ERP changed is taken back on its own day and stands anew: an item is closed by a VOID, and its document has another.
alter table open_item
  add voided_minor bigint not null default 0,
  add revision int not null default 1,
  drop constraint open_item_document_unique,
  add constraint open_item_document_unique unique (tenant_id, document_id, revision, instalment),
  drop constraint open_item_sum,
  add constraint open_item_sum check (open_minor = original_minor - cash_minor - credit_minor - discount_minor - write_off_minor - returned_minor - voided_minor),
  add constraint open_item_voided_whole check (voided_minor in (0, original_minor));
comment on column open_item.voided_minor is 'All of it, once the ERP took its document back or changed what it comes to';
comment on column open_item.revision is 'Counts how often what its document comes to was changed in the ERP, from 1';

alter table allocation add connection_id uuid, add via_id uuid,
  drop constraint allocation_kind_known,
  add constraint allocation_kind_known check (kind in ('CASH', 'CREDIT', 'DISCOUNT', 'WRITE_OFF', 'RETURN', 'REFUND', 'VOID')),
  drop constraint allocation_sides_of_kind,
  add constraint allocation_sides_of_kind check (
    case kind when 'CASH' then to_item_id is not null and from_item_id is not null
              when 'CREDIT' then to_item_id is not null and from_item_id is not null
              when 'DISCOUNT' then to_item_id is not null and from_item_id is null
              when 'WRITE_OFF' then (to_item_id is null) <> (from_item_id is null)
              when 'VOID' then (to_item_id is null) <> (from_item_id is null)
              else to_item_id is null and from_item_id is not null end),
  add constraint allocation_via foreign key (tenant_id, via_id) references payment deferrable initially deferred;
create index allocation_by_via on allocation (tenant_id, via_id) where via_id is not null;
comment on column allocation.connection_id is 'The connection by which it was observed; null: by our own authority';
comment on column allocation.via_id is 'The payment document of an ERP that made it, also where it sets a credit note against an invoice';

-- What the ERP sets a payment against, kept so that what does not fit yet is made up for once there is room.
create table payment_application (
  tenant_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  legal_entity_id uuid not null,
  place int not null,
  document_kind text not null constraint payment_application_kind_known check (document_kind in ('Invoice', 'CreditNote')),
  document_id uuid not null,
  amount_minor bigint not null,
  discount_minor bigint not null,
  missing_minor bigint not null constraint payment_application_missing_positive check (missing_minor >= 0),
  constraint payment_application_pk primary key (tenant_id, id),
  constraint payment_application_payment foreign key (tenant_id, payment_id) references payment,
  constraint payment_application_once unique (tenant_id, payment_id, document_id)
);
create index payment_application_missing on payment_application (tenant_id, document_id) where missing_minor > 0;
call guard_table('payment_application', 'select, insert, update, delete');
comment on table payment_application is 'What an ERP sets a payment against: a document that it names twice is one row';
comment on column payment_application.missing_minor is 'How much of it our books could not follow, since the document or the payment has not that much open';

alter table invoice
  drop constraint invoice_origin_known,
  add constraint invoice_origin_known check (origin in ('ISSUED', 'IMPORTED', 'OBSERVED'));
-- A discount that the ERP's order has as a line is a negative line of its bill.
alter table invoice_line
  add ordered_quantity numeric(28, 6),
  add ordered_net_minor bigint,
  add ordered_gross_minor bigint,
  drop constraint invoice_line_credited_within,
  add constraint invoice_line_credited_within check (order_line_id is null or (
    credited_quantity between least(0, quantity) and greatest(0, quantity)
    and credited_net_minor between least(0, net_minor) and greatest(0, net_minor)));
comment on column invoice_line.ordered_quantity is 'Of an observed line: how much of the line of the order it bills; null: its own quantity';
comment on column invoice_line.ordered_net_minor is 'Of an observed line: what that is at the price of the order; null: its own net';
comment on column invoice_line.ordered_gross_minor is 'Of an observed line: the same with tax';

alter table credit_note
  add origin text not null default 'ISSUED' constraint credit_note_origin_known check (origin in ('ISSUED', 'OBSERVED')),
  drop constraint credit_note_number_unique;
create unique index credit_note_number_unique on credit_note (tenant_id, legal_entity_id, number) where origin = 'ISSUED';
create index credit_note_by_number on credit_note (tenant_id, number, id);
alter table credit_note_line
  alter invoice_line_id drop not null,
  drop constraint credit_note_line_quantity_positive,
  add constraint credit_note_line_quantity_positive check (quantity > 0 or invoice_line_id is null);
comment on column credit_note_line.invoice_line_id is 'The line of the invoice that it takes back; null where the ERP names none';
grant delete on credit_note_line, credit_note_tax to cashgraph_app;

alter table sales_order
  add origin text not null default 'PLACED' constraint sales_order_origin_known check (origin in ('PLACED', 'OBSERVED')),
  drop constraint sales_order_total_positive,
  add constraint sales_order_total_positive check (total_minor >= 0 or origin = 'OBSERVED'),
  drop constraint sales_order_number_unique;
create unique index sales_order_number_unique on sales_order (tenant_id, legal_entity_id, number) where origin = 'PLACED';

-- A line of an ERP's order is as it is there: a discount is a negative one, and more may be shipped or billed than is ordered by now.
alter table order_line
  add external_id text,
  drop constraint order_line_quantity_positive,
  add constraint order_line_quantity_positive check (quantity > 0 or price_rule = 'observed'),
  drop constraint order_line_price_positive,
  add constraint order_line_price_positive check (unit_price >= 0 or price_rule = 'observed'),
  drop constraint order_line_cancelled_within,
  add constraint order_line_cancelled_within check (cancelled_quantity between 0 and quantity or (price_rule = 'observed' and cancelled_quantity in (0, quantity))),
  drop constraint order_line_planned_within,
  add constraint order_line_planned_within check (released_quantity >= 0 and planned_quantity >= released_quantity and (planned_quantity <= quantity - cancelled_quantity or price_rule = 'observed')),
  drop constraint order_line_billed_within,
  add constraint order_line_billed_within check (billed_quantity between 0 and quantity - cancelled_quantity or price_rule = 'observed'),
  drop constraint order_line_credited_within,
  add constraint order_line_credited_within check (credited_quantity between 0 and billed_quantity or price_rule = 'observed'),
  drop constraint order_line_billed_net_within,
  add constraint order_line_billed_net_within check (billed_net_minor between 0 and net_minor or price_rule = 'observed');
comment on column order_line.external_id is 'The id that the ERP gives the line of an order that it made';
