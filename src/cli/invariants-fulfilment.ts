/** Invariant 17, the side of the goods: what lines of orders say of fulfilments is what the fulfilments are, and statuses follow from it. */
import { sql } from '../read/sql.ts';
import type { Invariant } from './invariant.ts';

const fulfilledQuantities: Invariant = {
  number: 17,
  name: 'fulfilled-quantities',
  description:
    'Planned, released, shipped and returned quantities of a line are the sums of the fulfilments of its own order that are at least there.',
  sql: sql`
    with fulfilled as (
      select l.order_line_id as id, f.order_id,
        coalesce(sum(l.quantity) filter (where f.lifecycle <> 'CANCELLED'), 0) as planned,
        coalesce(sum(l.quantity) filter (where f.lifecycle in ('RELEASED', 'SHIPPED', 'DELIVERED')), 0) as released,
        coalesce(sum(l.quantity) filter (where f.lifecycle in ('SHIPPED', 'DELIVERED')), 0) as shipped,
        sum(l.returned_quantity) as returned
      from fulfilment_line l join fulfilment f on f.id = l.fulfilment_id group by 1, 2
    )
    select 'order_line' as record, coalesce(l.id, f.id) as id, l.planned_quantity::text as planned, l.released_quantity::text as released,
      l.shipped_quantity::text as shipped, l.returned_quantity::text as returned
    from order_line l full join fulfilled f on f.id = l.id and f.order_id = l.order_id
    where (l.planned_quantity, l.released_quantity, l.shipped_quantity, l.returned_quantity)
      is distinct from (coalesce(f.planned, 0), coalesce(f.released, 0), coalesce(f.shipped, 0), coalesce(f.returned, 0))
      or (f.planned > 0 and not l.is_shipped)`,
};

const returnedOfShipped: Invariant = {
  number: 17,
  name: 'returned-of-shipped',
  description: 'Only what left came back, and the return status of a fulfilment says how much of it.',
  sql: sql`
    select 'fulfilment' as record, f.id, f.number, f.lifecycle, f.return_status
    from fulfilment f join fulfilment_line l on l.fulfilment_id = f.id
    group by f.id, f.number, f.lifecycle, f.return_status
    having f.return_status <> case when max(l.returned_quantity) = 0 then 'NONE'
        when bool_and(l.returned_quantity = l.quantity) then 'FULL' else 'PARTIAL' end
      or (max(l.returned_quantity) > 0 and f.lifecycle not in ('SHIPPED', 'DELIVERED'))`,
};

const orderStatuses: Invariant = {
  number: 17,
  name: 'order-statuses',
  description: 'The fulfilment, billing and return status of an order are those of the quantities of its lines.',
  sql: sql`
    with part as (
      select order_id, is_shipped, quantity - cancelled_quantity as wanted, shipped_quantity as shipped, billed_quantity as billed,
        returned_quantity as returned
      from order_line
    ),
    far as (
      select order_id,
        coalesce(bool_and(shipped = 0) filter (where is_shipped), true) as none_shipped,
        coalesce(bool_and(shipped >= wanted) filter (where is_shipped), true) as all_shipped,
        coalesce(bool_and(returned = 0) filter (where is_shipped), true) as none_returned,
        coalesce(bool_and(returned >= shipped) filter (where is_shipped), true) as all_returned,
        bool_and(billed = 0) as none_billed, bool_and(billed >= wanted) as all_billed
      from part group by 1
    ),
    derived as (
      select order_id,
        case when none_shipped then 'NONE' when all_shipped then 'FULL' else 'PARTIAL' end as fulfilment_status,
        case when none_billed then 'NONE' when all_billed then 'FULL' else 'PARTIAL' end as billing_status,
        case when none_returned then 'NONE' when all_returned then 'FULL' else 'PARTIAL' end as return_status
      from far
    )
    select 'sales_order' as record, o.id, o.number, o.fulfilment_status, o.billing_status, o.return_status
    from sales_order o join derived d on d.order_id = o.id
    where (o.fulfilment_status, o.billing_status, o.return_status) is distinct from (d.fulfilment_status, d.billing_status, d.return_status)`,
};

/** What an ERP made of an order that was placed here may be more than was ordered; what people make of it is never. */
const plannedWithin: Invariant = {
  number: 17,
  name: 'planned-within',
  description:
    'No more of a line of an order that was placed here is in fulfilments than is ordered, but for what an ERP delivers of it.',
  sql: sql`
    select 'order_line' as record, l.id, o.number, l.planned_quantity::text as planned, (l.quantity - l.cancelled_quantity)::text as ordered
    from order_line l join sales_order o on o.id = l.order_id
    where o.origin = 'PLACED' and l.planned_quantity > l.quantity - l.cancelled_quantity and not exists (
      select from fulfilment_line d join fulfilment f on f.id = d.fulfilment_id
      where d.order_line_id = l.id and f.origin = 'OBSERVED' and f.lifecycle <> 'CANCELLED')`,
};

const closedLines: Invariant = {
  number: 17,
  name: 'closed-lines',
  description: 'Of a line that the ERP closed all is cancelled that is neither shipped nor billed.',
  sql: sql`
    select 'order_line' as record, id, cancelled_quantity::text as cancelled, shipped_quantity::text as shipped, billed_quantity::text as billed
    from order_line
    where is_closed and cancelled_quantity <> case when quantity <= 0 then quantity
      else greatest(quantity - greatest(shipped_quantity, billed_quantity), 0) end`,
};

export const fulfilmentInvariants: readonly Invariant[] = [
  fulfilledQuantities,
  returnedOfShipped,
  orderStatuses,
  plannedWithin,
  closedLines,
];
