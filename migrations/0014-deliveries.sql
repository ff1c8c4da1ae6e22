-- Deliveries of an ERP, lines of orders that it closes, and the days on which it took documents back or set them against each other.

alter table fulfilment
  add origin text not null default 'PLANNED' constraint fulfilment_origin_known check (origin in ('PLANNED', 'OBSERVED')),
  drop constraint fulfilment_number_unique;
create unique index fulfilment_number_unique on fulfilment (tenant_id, legal_entity_id, number) where origin = 'PLANNED';
create index fulfilment_by_number on fulfilment (tenant_id, number, id);
comment on column fulfilment.origin is 'PLANNED here, or OBSERVED: made by an ERP, which numbers as it likes';
-- what a delivery of an ERP is changed to is one row per line of the order again
grant delete on fulfilment_line to cashgraph_app;

-- An ERP delivers more than was ordered, also of an order that was placed here: held to the fulfilments by invariant 17.
alter table order_line
  add is_closed boolean not null default false,
  drop constraint order_line_planned_within,
  add constraint order_line_planned_within check (released_quantity >= 0 and planned_quantity >= released_quantity),
  add constraint order_line_closed_there check (not is_closed or price_rule = 'observed');
alter table sales_order
  drop constraint sales_order_sum,
  add constraint sales_order_sum check (total_minor = net_minor + tax_minor and (total_minor = billed_minor + unbilled_minor or origin = 'OBSERVED'));
comment on column order_line.is_closed is 'The ERP that made the order delivers and bills no more of it: the rest of it is cancelled';
comment on column order_line.external_id is 'The id that an ERP gives the line: of an order that it made, or of one placed here that it was told of';

-- The day of the ERP, where that is later than the document's own: until then it counted.
alter table invoice add voided_on date,
  add constraint invoice_voided_later check (voided_on is null or (lifecycle = 'VOIDED' and voided_on > issued_on));
alter table credit_note add voided_on date,
  add constraint credit_note_voided_later check (voided_on is null or (lifecycle = 'VOIDED' and voided_on > issued_on));
alter table payment add voided_on date,
  add constraint payment_voided_later check (voided_on is null or (lifecycle = 'VOIDED' and voided_on > received_on));
alter table payment_application add applied_on date;
comment on column payment_application.applied_on is 'The day on which the ERP set it against the document; null: the first on which both were there';

-- A document that counts again after it was taken back later than its own day: the reversal is reversed, and the document can be taken
-- back once more. By our own authority an entry is reversed once for ever.
alter table journal_entry drop constraint journal_entry_reversed_once;
create unique index journal_entry_reversed_once on journal_entry (tenant_id, reverses_id) where connection_id is null;
create index journal_entry_by_reversed on journal_entry (tenant_id, reverses_id) where reverses_id is not null;
create function refuse_second_reversal() returns trigger language plpgsql as $$
begin
  if exists (
    select from changed c
    join journal_entry o on o.tenant_id = c.tenant_id and o.reverses_id = c.reverses_id and o.id <> c.id
    where not exists (select from journal_entry r where r.tenant_id = o.tenant_id and r.reverses_id = o.id)
      and not exists (select from journal_entry r where r.tenant_id = c.tenant_id and r.reverses_id = c.id)
  ) then
    raise exception 'the entry was reversed already' using errcode = '23505', constraint = 'journal_entry_reversed_once';
  end if;
  return null;
end $$;
create trigger journal_entry_reversed_once after insert on journal_entry
  referencing new table as changed for each statement execute function refuse_second_reversal();
