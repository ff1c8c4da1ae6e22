/** Invariants 26 and 32 of outgoing webhooks: what an endpoint is to get is laid out for it, waits in order, or ended, and is counted. */
import { sql } from '../read/sql.ts';
import type { Invariant } from './invariant.ts';

const complete: Invariant = {
  number: 26,
  name: 'webhooks-complete',
  description:
    'Every event that an endpoint is for, from its making on and up to where the log was laid out for it, is a delivery of it; but for those that retention took, and for what it was for before it was changed.',
  scope: 'SYSTEM',
  sql: sql`
    select 'event' as record, e.position::text as id, e.type, w.id::text as endpoint
    from webhook_endpoint w
    join webhook_queue q on q.tenant_id = w.tenant_id and q.endpoint_id = w.id
    join delivery_cursor c on c.consumer = 'webhooks'
    join event e on e.tenant_id = w.tenant_id and e.position >= q.from_position and e.position <= coalesce(q.behind_at, c.position)
      and e.position > greatest(q.pruned_position, q.lost_to,
        (select max(u.position) from event u where u.tenant_id = w.tenant_id and u.record_id = w.id and u.type = 'webhook_endpoint.updated'))
    where w.lifecycle <> 'DELETED' and w.customer_id is null and (w.legal_entity_id is null or w.legal_entity_id = e.legal_entity_id)
      and (w.event_types ? e.type or w.event_types ? (split_part(e.type, '.', 1) || '.*'))
      and coalesce(e.payload ->> 'startedById', w.created_by_id::text) = w.created_by_id::text
      and not (e.record_id = w.id and e.type = 'webhook_endpoint.tested')
      and not exists (select from event_inbox i where i.record_id = w.id)
      and not exists (select from webhook_delivery d where d.tenant_id = w.tenant_id and d.endpoint_id = w.id and d.position = e.position and d.purpose = 'EVENT')`,
};

const accounted: Invariant = {
  number: 26,
  name: 'webhooks-accounted',
  description:
    'Every delivery of a webhook is of an event that was passed; of those of a record that wait, the first and no other has a time and may be under way; one that was taken has an attempt that says so, and none goes on after its endpoint was deleted.',
  scope: 'SYSTEM',
  sql: sql`
    select 'webhook_delivery' as record, d.id::text, d.state, d.position::text
    from webhook_delivery d
    join webhook_endpoint w on w.tenant_id = d.tenant_id and w.id = d.endpoint_id
    join delivery_cursor c on c.consumer = 'webhooks'
    left join event e on e.tenant_id = d.tenant_id and e.position = d.position
    left join event_anchor a on a.tenant_id = d.tenant_id
    left join lateral (select o.id from webhook_delivery o where d.state = 'PENDING' and o.tenant_id = d.tenant_id and o.endpoint_id = d.endpoint_id
      and o.record_id = d.record_id and o.state = 'PENDING' and o.purpose <> 'TEST' order by o.seq limit 1) first on true
    where d.position > c.position or (e.position is null and d.position > coalesce(a.position, 0))
      or case d.state
        when 'PENDING' then (d.next_at is not null) <> (d.purpose = 'TEST' or d.id = first.id) or (d.claimed_until > clock_timestamp() and d.next_at is null)
          or (w.lifecycle = 'DELETED' and not exists (select from event_inbox i where i.record_id = w.id)
            and c.position >= (select max(u.position) from event u where u.tenant_id = w.tenant_id and u.record_id = w.id))
        when 'DELIVERED' then not exists (select from webhook_attempt t where t.tenant_id = d.tenant_id and t.delivery_id = d.id
          and t.failure is null and t.status between 200 and 299)
        else false end`,
};

const counted: Invariant = {
  number: 32,
  name: 'webhooks-counted',
  description: 'What was laid out for an endpoint is what waits, was taken, was given up, or was forgotten after its time.',
  scope: 'SYSTEM',
  sql: sql`
    select 'webhook_queue' as record, q.endpoint_id::text as id, q.laid_count, q.pruned_count, d.count, q.pending_count, d.pending
    from webhook_queue q
    cross join lateral (select count(*) as count, count(*) filter (where state = 'PENDING') as pending
      from webhook_delivery d where d.tenant_id = q.tenant_id and d.endpoint_id = q.endpoint_id) d
    where q.laid_count <> d.count + q.pruned_count or q.pending_count <> d.pending`,
};

export const webhookInvariants: readonly Invariant[] = [complete, accounted, counted];
