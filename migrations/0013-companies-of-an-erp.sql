-- An ERP may have several companies: each is a legal entity of its own here.

alter table connection_legal_entity
  add external_id text,
  add constraint connection_legal_entity_external_once unique (tenant_id, connection_id, external_id);
comment on column connection_legal_entity.external_id is 'What the ERP calls the company: a company code, a subsidiary; null where it has no other';

-- Which company a record is of, and who a customer is there beyond one company.
alter table erp_record
  add company text,
  add party text;
create index erp_record_by_party on erp_record (tenant_id, connection_id, party) where party is not null;
comment on column erp_record.company is 'The company there that it says it is of; null: it names none, or nothing could be made of it';
comment on column erp_record.party is 'Who a customer is there: accounts with one party are of one customer';
grant select (is_made_there) on erp_record to cashgraph_portal;
drop index erp_record_link_unique;
create unique index erp_record_link_unique on erp_record (tenant_id, connection_id, record_id)
  where record_id is not null and state <> 'GONE'
    and record_kind in ('CustomerAccount', 'Order', 'Fulfilment', 'Invoice', 'CreditNote', 'Payment');
comment on index erp_record_link_unique is 'A record of ours is one record of an ERP: terms and products alone may stand there twice';
comment on column order_line.external_id is 'The id that an ERP gives the line, of its own orders and of those that it was told of';

alter table sync_drift add legal_entity_id uuid;
comment on column sync_drift.legal_entity_id is 'The legal entity whose figure it is; null: of all that the connection serves';

alter table sync_issue add code text;
comment on column sync_issue.code is 'Of what was refused here: the error code, such as RATE_MISSING';
