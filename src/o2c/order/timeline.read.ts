/** The events of an order and of everything that came of it, as SQL: each record in the scope of whoever asks, in order of position. */
import type { Permission } from '../../access/policy.ts';
import { type Sql, sql } from '../../read/sql.ts';

export interface TimelineRequest {
  readonly orderId: string;
  readonly after: bigint;
  readonly first: number;
  readonly isPortal: boolean;
  readonly may: (permission: Permission) => boolean;
  /** The principal's scope over an alias. */
  readonly scope: (record: string, alias: string) => Sql;
}

interface Source {
  /** Without it the table isn't looked at: the role of portal users may not even name some. */
  readonly permission: Permission;
  readonly ids: (scope: TimelineRequest['scope']) => Sql;
}

const ofDocuments = (scope: TimelineRequest['scope']) => sql`
  select i.id from open_item i join document d on d.id = i.document_id where ${scope('OpenItem', 'i')}`;

/** What came of the order `o`; `document` are its invoices and credit notes. */
const SOURCES: readonly Source[] = [
  { permission: 'orders:read', ids: () => sql`select o.id from o` },
  {
    permission: 'orders:read',
    ids: (scope) => sql`select h.id from hold h join o on h.order_id = o.id where ${scope('Hold', 'h')}`,
  },
  {
    permission: 'approvals:read',
    ids: (scope) => sql`
      select a.id from approval a where a.record_id in (select o.id from o union all select d.id from document d) and ${scope('Approval', 'a')}`,
  },
  {
    permission: 'fulfilments:read',
    ids: (scope) => sql`select f.id from fulfilment f join o on f.order_id = o.id where ${scope('Fulfilment', 'f')}`,
  },
  { permission: 'invoices:read', ids: () => sql`select d.id from document d` },
  {
    permission: 'items:read',
    ids: (scope) => sql`
      select a.id from allocation a where a.to_item_id in (${ofDocuments(scope)}) and ${scope('Allocation', 'a')}
      union select a.id from allocation a where a.from_item_id in (${ofDocuments(scope)}) and ${scope('Allocation', 'a')}`,
  },
  {
    permission: 'payments:read',
    ids: (scope) => sql`
      select p.id from payment p join open_item f on f.document_id = p.id join allocation a on a.from_item_id = f.id
      where a.to_item_id in (${ofDocuments(scope)}) and ${scope('Payment', 'p')} and ${scope('OpenItem', 'f')} and ${scope('Allocation', 'a')}`,
  },
];

const instant = (column: Sql): Sql => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** What the log has forgotten is one row, `log.forgotten`, in the place of what can't be told. */
export function timelineSql({ orderId, after, first, isPortal, may, scope }: TimelineRequest): Sql {
  const sources = SOURCES.filter(({ permission }) => may(permission)).map(({ ids }) => ids(scope));
  return sql`
    with o as materialized (select t.id, t.created_at from sales_order t where t.id = ${sql.typed(orderId, 'uuid')} and ${scope('Order', 't')}),
    document as materialized (
      select i.id from invoice i join o on i.order_id = o.id where ${scope('Invoice', 'i')}
      union all select c.id from credit_note c join o on c.order_id = o.id where ${scope('CreditNote', 'c')}
    ),
    record as materialized (${sql.join(sources, ' union ')}),
    forgotten as materialized (select a.position, a.recorded_at from event_anchor a, o where o.created_at <= a.recorded_at)
    select f.position::text as cursor, 'log.forgotten' as type, 'Order' as "recordKind", o.id as "recordId", ${instant(sql`f.recorded_at`)} as "occurredAt",
      null as "effectiveOn", '{}'::jsonb as payload, null as "actorName", f.position
    from forgotten f, o where f.position > ${sql.typed(after.toString(), 'bigint')}
    union all
    (select e.position::text as cursor, e.type, e.record_kind as "recordKind", e.record_id as "recordId",
      ${instant(sql`e.occurred_at`)} as "occurredAt", e.effective_on::text as "effectiveOn",
      e.payload, (select a.name from actor a where a.tenant_id = e.tenant_id and a.id = e.actor_id and ${scope('Actor', 'a')}) as "actorName", e.position
    from record r join event e on e.record_id = r.id
    where e.position > ${sql.typed(after.toString(), 'bigint')}
      ${isPortal ? sql`and not (e.record_kind = 'Invoice' and e.payload ->> 'to' in ('DRAFT', 'CANCELLED'))` : sql.empty}
    order by e.position limit ${sql.number(first)})
    order by position limit ${sql.number(first)}`;
}
