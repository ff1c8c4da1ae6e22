/** Invariants 17, 22 and 23, the side of the orders: what each line is as exposure, what holds an order, and who let it go. */
import { sql } from '../read/sql.ts';
import { type Invariant, worth } from './invariant.ts';

const holdsCounted: Invariant = {
  number: 17,
  name: 'holds-counted',
  description: 'An order says how many of its holds are open, and one that is ended has none.',
  sql: sql`
    select 'sales_order' as record, o.id, o.number, o.lifecycle, o.open_hold_count::text as says, coalesce(h.open, 0)::text as "is"
    from sales_order o
    left join (select order_id, count(*) as open from hold where lifecycle = 'OPEN' group by 1) h on h.order_id = o.id
    where o.open_hold_count <> coalesce(h.open, 0) or (o.lifecycle in ('CLOSED_SHORT', 'CANCELLED') and o.open_hold_count > 0)`,
};

const lineExposureExact: Invariant = {
  number: 22,
  name: 'line-exposure-exact',
  description:
    'A line of a confirmed order is exposure as what is reserved from the stage of its credit check on and not billed, with tax, at the stored rate of the order; of that what was shipped and kept is delivered. Of an order of an ERP it is that share of what it comes to there.',
  sql: sql`
    with reserved as (
      select l.*, o.group_rate, o.number, o.origin, l.quantity - l.cancelled_quantity as wanted,
        l.shipped_quantity - l.returned_quantity as kept,
        case when o.lifecycle <> 'CONFIRMED' then 0
          when o.credit_stage = 'ORDER' or not l.is_shipped then l.quantity - l.cancelled_quantity
          when o.credit_stage = 'RELEASE' then l.released_quantity - l.returned_quantity
          else l.shipped_quantity - l.returned_quantity end as reserved, w.nets, w.whole
      from order_line l join sales_order o on o.id = l.order_id left join (${worth}) w on w.order_id = o.id
    ),
    gross as (
      select r.*, n.net + round(n.net * tax_rate / 100) as ours, n.kept_net + round(n.kept_net * tax_rate / 100) as ours_kept,
        case when is_share then round(whole * net_minor * greatest(least(reserved, wanted) - billed_quantity, 0) / (nets * quantity)) else 0 end as theirs,
        case when is_share then round(whole * net_minor * greatest(least(kept, wanted) - billed_quantity, 0) / (nets * quantity)) else 0 end as theirs_kept
      from (select *, wanted > 0 and quantity > 0 and net_minor > 0 and whole > 0 as is_share from reserved) r
      cross join lateral (
        select round(greatest(reserved - billed_quantity, 0) * unit_price * (100 - discount_percent) / 100 * (10::numeric ^ currency_exponent(currency))) as net,
          round(greatest(kept - billed_quantity, 0) * unit_price * (100 - discount_percent) / 100 * (10::numeric ^ currency_exponent(currency))) as kept_net
      ) n
    ),
    exposure as (
      select *, round(case origin when 'OBSERVED' then theirs else ours end * group_rate * scale) as exact,
        round(case origin when 'OBSERVED' then theirs_kept else ours_kept end * group_rate * scale) as kept_exact
      from (select *, 10::numeric ^ (currency_exponent(group_currency) - currency_exponent(currency)) as scale from gross) g
    )
    select 'order_line' as record, id, number, line_number, group_unbilled_minor::text as says, exact::text as "is"
    from exposure where group_unbilled_minor <> exact or group_delivered_minor <> least(exact, kept_exact)`,
};

const releaseGranted: Invariant = {
  number: 23,
  name: 'release-granted',
  description:
    'An order says that it may go beyond the credit limit only where that was granted, for that content and that amount.',
  sql: sql`
    select 'sales_order' as record, o.id, o.number, o.released_version, o.released_minor::text as released
    from sales_order o
    where (o.released_version is null) <> (o.released_minor is null) or o.released_version > o.content_version
      or (o.released_version is not null and not exists (
        select from approval a
        where a.record_id = o.id and a.kind = 'CREDIT_RELEASE' and a.lifecycle = 'APPROVED'
          and a.record_version = o.released_version and a.amount_minor = o.released_minor and a.currency = o.currency
      ))`,
};

export const orderInvariants: readonly Invariant[] = [holdsCounted, lineExposureExact, releaseGranted];
