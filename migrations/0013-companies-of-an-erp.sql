-- An ERP may have several companies: each is a legal entity of its own here.

alter table connection_legal_entity
  add external_id text,
  add constraint connection_legal_entity_external_once unique (tenant_id, connection_id, external_id);
comment on column connection_legal_entity.external_id is 'What the ERP calls the company: a company code, a subsidiary; null where it has no other';
