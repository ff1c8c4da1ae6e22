/** Invariant 28: what is asked of an ERP is on its way, shown as stuck, or done once; what came of an ERP is here, or says why not. */
import { sql } from '../read/sql.ts';
import type { Invariant } from './invariant.ts';

const requestsDelivered: Invariant = {
  number: 28,
  name: 'requests-delivered',
  description:
    'Every request that waits for its ERP is on its way: its event is not sealed or not dispatched yet, its delivery is pending, or it is a dead letter and an issue says so.',
  scope: 'SYSTEM',
  sql: sql`
    select 'erp_request' as record, r.id::text, d.state
    from erp_request r
    left join event e on e.tenant_id = r.tenant_id and e.record_id = r.id and e.record_version = r.version and e.type = 'erp_request.made'
    left join delivery d on d.tenant_id = r.tenant_id and d.consumer = 'erp' and d.position = e.position
    where r.lifecycle = 'SENT'
      and not exists (select from event_inbox i where i.tenant_id = r.tenant_id and i.record_id = r.id and i.record_version = r.version)
      and case
        when e.position is null then true
        when d.state is null then e.position <= coalesce((select position from delivery_cursor where consumer = 'erp'), 0)
        when d.state = 'DEAD' then d.last_error not like 'The process ended%'
          and not exists (select from sync_issue i where i.tenant_id = r.tenant_id and i.erp_request_id = r.id and i.lifecycle <> 'RESOLVED')
        else d.state <> 'PENDING'
      end`,
};

const requestsDone: Invariant = {
  number: 28,
  name: 'requests-done',
  description:
    'Every confirmed request names the record of its ERP that ours is, or what sets our credit note against invoices there; one that took nothing back names none.',
  sql: sql`
    select 'erp_request' as record, r.id, r.external_id
    from erp_request r
    where r.lifecycle = 'CONFIRMED' and not (r.command = 'VOID' and r.external_id is null) and not exists (
      select from erp_record e where e.connection_id = r.connection_id and e.external_id = r.external_id
        and (e.record_id = r.record_id or (r.record_kind = 'CreditNote' and r.command = 'UPDATE'))
    )`,
};

const recordsLinked: Invariant = {
  number: 28,
  name: 'records-linked',
  description: 'A record of an ERP that is here is one that exists, of the kind that it says.',
  sql: sql`
    select 'erp_record' as record, e.id, e.external_id
    from erp_record e
    left join (
      select 'PaymentTerms' as kind, id from payment_terms union all select 'Product', id from product
      union all select 'CustomerAccount', id from customer_account union all select 'Order', id from sales_order
      union all select 'Fulfilment', id from fulfilment
      union all select 'Invoice', id from invoice union all select 'CreditNote', id from credit_note union all select 'Payment', id from payment
    ) r on r.id = e.record_id and r.kind = e.record_kind
    where (e.record_id is not null and r.id is null) or (e.record_id is null and e.state = 'SYNCED')`,
};

const recordsPlaced: Invariant = {
  number: 28,
  name: 'records-placed',
  description: 'A record of an ERP that is here is in the books of the legal entity that its company is, and in no other.',
  sql: sql`
    select 'erp_record' as record, e.id, e.external_id, e.company
    from erp_record e
    join customer_account a on a.tenant_id = e.tenant_id and a.id = e.account_id
    join connection_legal_entity s on s.tenant_id = e.tenant_id and s.connection_id = e.connection_id and s.legal_entity_id = a.legal_entity_id
    where e.state = 'SYNCED' and e.company is not null and e.company is distinct from s.external_id`,
};

const waitsReal: Invariant = {
  number: 28,
  name: 'waits-real',
  description: 'A record of an ERP that waits for others waits for one that is not here; one that did not fit has an issue.',
  sql: sql`
    select 'erp_record' as record, e.id, e.external_id, e.state
    from erp_record e
    where e.state = 'WAITING' and cardinality(e.waits_for) > 0 and not exists (
      select from unnest(e.waits_for) as w(key) where not exists (
        select from erp_record o
        where o.connection_id = e.connection_id and o.external_id = substr(w.key, strpos(w.key, '/') + 1)
          -- without its customer, or its order, nothing can be taken
          and (o.record_id is not null or (o.state = 'IGNORED' and o.record_kind <> 'CustomerAccount' and e.record_kind <> 'Fulfilment'))
          and o.record_kind = case split_part(w.key, '/', 1) when 'Terms' then 'PaymentTerms' when 'Customer' then 'CustomerAccount' else split_part(w.key, '/', 1) end
      )
    )
    union all
    select 'erp_record', e.id, e.external_id, e.state
    from erp_record e
    where e.state = 'REFUSED' and not exists (
      select from sync_issue i join sync_stream s on s.id = i.stream_id and s.name = e.stream
      where i.connection_id = e.connection_id and i.external_id = e.external_id and i.lifecycle <> 'RESOLVED'
    )`,
};

export const syncInvariants: readonly Invariant[] = [requestsDelivered, requestsDone, recordsLinked, recordsPlaced, waitsReal];
