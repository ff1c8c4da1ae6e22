/** Which events are an endpoint's, as one statement: by type, legal entity and customer, and of what only its maker sees its maker's. */
import type { PoolClient } from '../../outbox/connection.ts';
import type { Catalogue } from '../../read/catalogue.ts';

/** What the statement has to know of records, as JSON by their kind. */
export interface Naming {
  readonly prefixes: string;
  /** Where the payload of an event names whoever alone may see the record. */
  readonly owners: string;
}

export const namingOf = ({ records }: Catalogue): Naming => ({
  prefixes: JSON.stringify(Object.fromEntries(records.map(({ name, definition }) => [name, definition.prefix]))),
  owners: JSON.stringify(Object.fromEntries(records.flatMap(({ name, resource: { own } }) => (own ? [[name, own]] : [])))),
});

export interface Batch {
  readonly client: PoolClient;
  readonly naming: Naming;
  /** What happened after this position, up to the next. */
  readonly after: bigint;
  readonly upTo: bigint;
  readonly at: Date;
  /** So many wait for an endpoint before it falls behind. */
  readonly pendingMaxCount: number;
}

/** Is the event `e` one for the endpoint `w`? A test of it is sent to it alone, by itself. */
const WANTED = `
  (w.event_types ? e.type or w.event_types ? (split_part(e.type, '.', 1) || '.*'))
  and $3::jsonb ? e.record_kind
  and (w.legal_entity_id is null or e.legal_entity_id = w.legal_entity_id)
  and (w.customer_id is null or e.customer_id = w.customer_id or exists (select from customer_account a
    where a.tenant_id = e.tenant_id and a.id = e.account_id and w.customer_id in (a.customer_id, a.origin_customer_id)))
  and ($4::jsonb ->> e.record_kind is null or e.payload ->> ($4::jsonb ->> e.record_kind) = w.created_by_id::text)
  and not (e.type = 'webhook_endpoint.tested' and e.record_id = w.id)`;

export interface Range {
  /** Their queues are locked. */
  readonly endpointIds: readonly string[];
  readonly purpose: 'EVENT' | 'REPLAY';
  readonly after: bigint;
  readonly upTo: bigint;
}

/** Of a record only the first that waits has its turn: looked for in the order of its index, else all of an endpoint's deliveries are read for it. */
export async function insertDeliveries(
  { client, naming, at }: Batch,
  { endpointIds, purpose, after, upTo }: Range,
): Promise<void> {
  if (endpointIds.length === 0) return;
  const text = `with wanted as (
       select e.tenant_id, w.id as endpoint_id, e.position, e.event_id, e.type, e.record_kind,
         ($3::jsonb ->> e.record_kind) || '_' || e.record_id as record_id, e.record_version
       from webhook_endpoint w
       join webhook_queue q on q.tenant_id = w.tenant_id and q.endpoint_id = w.id
       cross join lateral (select * from event e where e.tenant_id = w.tenant_id and e.position > $1 and e.position <= $2
         order by e.position limit ($2::bigint - $1::bigint)) e
       where w.id = any($5::uuid[]) and (e.position >= q.from_position or $6 = 'REPLAY' or q.behind_at is not null) and ${WANTED}
     ),
     laid as (
       insert into webhook_delivery (tenant_id, endpoint_id, purpose, position, event_id, event_type, record_kind, record_id, record_version, next_at, created_at)
       select n.tenant_id, n.endpoint_id, $6, n.position, n.event_id, n.type, n.record_kind, n.record_id, n.record_version,
         case when row_number() over (partition by n.tenant_id, n.endpoint_id, n.record_id order by n.position) = 1 and (
           select o.seq from webhook_delivery o where o.tenant_id = n.tenant_id and o.endpoint_id = n.endpoint_id and o.record_id = n.record_id
             and o.state = 'PENDING' and o.purpose <> 'TEST' order by o.seq limit 1) is null then $7::timestamptz end, $7
       from wanted n order by n.position
       returning tenant_id, endpoint_id
     )
     update webhook_queue q set laid_count = q.laid_count + l.count, pending_count = q.pending_count + l.count
     from (select tenant_id, endpoint_id, count(*) as count from laid group by 1, 2) l
     where q.tenant_id = l.tenant_id and q.endpoint_id = l.endpoint_id`;
  const values = [after, upTo, naming.prefixes, naming.owners, endpointIds, purpose, at];
  await client.query({ name: 'webhooks lay out', text, values });
}
