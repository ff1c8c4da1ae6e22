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

export function timelineSql({ orderId, after, first, isPortal, may, scope }: TimelineRequest): Sql {
  const sources = SOURCES.filter(({ permission }) => may(permission)).map(({ ids }) => ids(scope));
  return sql`
    with o as materialized (select t.id from sales_order t where t.id = ${sql.typed(orderId, 'uuid')} and ${scope('Order', 't')}),
    document as materialized (
      select i.id from invoice i join o on i.order_id = o.id where ${scope('Invoice', 'i')}
      union all select c.id from credit_note c join o on c.order_id = o.id where ${scope('CreditNote', 'c')}
    ),
    record as materialized (${sql.join(sources, ' union ')})
    select e.position::text as cursor, e.type, e.record_kind as "recordKind", e.record_id as "recordId",
      to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "occurredAt", e.effective_on::text as "effectiveOn",
      e.payload, (select a.name from actor a where a.tenant_id = e.tenant_id and a.id = e.actor_id and ${scope('Actor', 'a')}) as "actorName"
    from record r join event e on e.record_id = r.id
    where e.position > ${sql.typed(after.toString(), 'bigint')}
      ${isPortal ? sql`and not (e.record_kind = 'Invoice' and e.payload ->> 'to' in ('DRAFT', 'CANCELLED'))` : sql.empty}
    order by e.position limit ${sql.number(first)}`;
}
