// Ways to corrupt what is known of ERPs, and what is asked of them, each with the invariants that it breaks.
const CONNECTION = `'00000000-0000-7000-8000-00000000c0de'`;
const connection = `insert into connection (tenant_id, id, code, name, connector, lifecycle, config, sealed_credentials, created_at)
  select tenant_id, ${CONNECTION}, 'erp', 'ERP', 'erp', 'ACTIVE', '{}', '', now() from tenant limit 1;
  insert into event_inbox (tenant_id, event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload)
  select c.tenant_id, gen_random_uuid(), 'connection.created', 1, 'ConnectedSystem', c.id, 1, a.id, 'x', now(), now(), '{}' from connection c cross join (select id from actor limit 1) a where c.id = ${CONNECTION}`;
const invoice = `(select id from invoice where lifecycle = 'ISSUED' order by id limit 1)`;
/** One that is asked for, with its event in the inbox; confirmed or not. */
const request = (lifecycle: string, externalId: string | null) => `${connection};
  insert into erp_request (tenant_id, id, connection_id, legal_entity_id, account_id, record_kind, record_id, command, lifecycle, external_id, asked_by_id, created_at)
  select i.tenant_id, gen_random_uuid(), ${CONNECTION}, i.legal_entity_id, i.account_id, 'Invoice', i.id, 'CREATE', '${lifecycle}',
    ${externalId === null ? 'null' : `'${externalId}'`}, (select id from actor limit 1), now() from invoice i where i.id = ${invoice};
  insert into event_inbox (tenant_id, event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload)
  select tenant_id, gen_random_uuid(), 'erp_request.made', 1, 'ErpRequest', id, 1, asked_by_id, 'x', now(), now(), '{}' from erp_request where connection_id = ${CONNECTION}`;
const record = (values: string) => `${connection};
  insert into erp_record (tenant_id, id, connection_id, stream, external_id, record_kind, record_id, state, waits_for, content_hash, synced_at)
  select c.tenant_id, gen_random_uuid(), c.id, v.stream, v.external_id, v.kind, v.record_id::uuid, v.state, v.waits_for::text[], 'x', now()
  from connection c cross join (values ${values}) v (stream, external_id, kind, record_id, state, waits_for) where c.id = ${CONNECTION}`;

export const syncCorruptions: readonly (readonly [what: string, statements: string, names: readonly string[]])[] = [
  [
    'a request that nobody delivers',
    `${request('SENT', null)}; delete from event_inbox where type = 'erp_request.made'`,
    ['28 requests-delivered', '35 change-logged'],
  ],
  ['a confirmed request whose record there is none of ours', request('CONFIRMED', 'E-1'), ['28 requests-done']],
  [
    'a record of an ERP that is a record that is not there',
    record(`('invoices', 'E-1', 'Invoice', gen_random_uuid()::text, 'SYNCED', null)`),
    ['28 records-linked'],
  ],
  [
    'a record of an ERP that is here and is nothing here',
    record(`('invoices', 'E-1', 'Invoice', null, 'SYNCED', null)`),
    ['28 records-linked'],
  ],
  [
    'a record of another company of an ERP in the books of a legal entity',
    `${record(`('invoices', 'E-1', 'Invoice', ${invoice}::text, 'SYNCED', null)`)};
      update erp_record set company = '1710', account_id = (select account_id from invoice where id = ${invoice}) where connection_id = ${CONNECTION};
      delete from connection_legal_entity where legal_entity_id = (select legal_entity_id from invoice where id = ${invoice});
      insert into connection_legal_entity (tenant_id, id, connection_id, legal_entity_id, external_id)
      select tenant_id, gen_random_uuid(), ${CONNECTION}, legal_entity_id, '1010' from invoice where id = ${invoice}`,
    ['28 records-placed'],
  ],
  [
    'a record of an ERP that waits for an order that is none of ours, though it can be taken without',
    record(`('orders', 'E-1', 'Order', null, 'IGNORED', null), ('payments', 'E-2', 'Payment', null, 'WAITING', '{Order/E-1}')`),
    ['28 waits-real'],
  ],
  [
    'a record of an ERP that waits for what is there',
    record(
      `('invoices', 'E-1', 'Invoice', ${invoice}::text, 'SYNCED', null), ('payments', 'E-2', 'Payment', null, 'WAITING', '{Invoice/E-1}')`,
    ),
    ['28 waits-real'],
  ],
  [
    'a record of an ERP that does not fit, and no issue says so',
    record(`('invoices', 'E-1', 'Invoice', null, 'REFUSED', null)`),
    ['28 waits-real'],
  ],
];
