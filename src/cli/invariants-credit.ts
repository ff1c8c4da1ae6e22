/** Invariants 21 and 22: exposure is what items and orders add up to in every chain of customers, and no order went beyond a limit by itself. */
import { type Sql, sql } from '../read/sql.ts';
import { type Invariant, keptSince } from './invariant.ts';

/** Credit accounts and orders in the log, sealed or waiting, with what they say. */
const told: Sql = sql`
  select type, record_kind, record_id, record_version, request_id, recorded_at, payload, source from event
  union all
  select type, record_kind, record_id, record_version, request_id, recorded_at, payload, source from event_inbox`;

const limitHeld: Invariant = {
  number: 21,
  name: 'limit-held',
  description:
    'No order took exposure above a credit limit without the release of a second person: where more is ordered and the limit is passed, an order of that very step says that it was let go, or a customer or an account was moved. What an ERP shows is not asked.',
  sql: sql`
    with seen as (
      select type, record_id, record_version, request_id, recorded_at, payload, source,
        (payload ->> 'unbilled')::numeric - lag((payload ->> 'unbilled')::numeric) over of_record as ordered,
        (payload ->> 'exposure')::numeric - lag((payload ->> 'exposure')::numeric) over of_record as grown
      from (${told}) t where record_kind = 'CreditAccount' window of_record as (partition by record_id order by record_version)
    )
    select 'credit_account' as record, s.record_id as id, s.record_version, s.payload ->> 'limit' as "limit", s.payload ->> 'exposure' as exposure
    from seen s
    where s.recorded_at > ${keptSince} and s.type = 'credit.exposure_changed' and s.source is null and s.payload ->> 'to' = 'OVER' and s.ordered > 0 and s.grown > 0 and not exists (
      select from (${told}) o
      where o.request_id = s.request_id and o.recorded_at = s.recorded_at
        and ((o.record_kind = 'Order' and o.payload ->> 'beyondLimit' = 'true')
          or (o.type = 'customer.updated' and o.payload ->> 'fields' ~ 'parentId') or o.type = 'account.moved')
    )`,
};

const exposureStored: Invariant = {
  number: 22,
  name: 'exposure-stored',
  description:
    'What is stored as exposure of each customer is the sum of the open items and order lines of it and of everything below it.',
  sql: sql`
    with recursive up as (
      select id as customer_id, id as above_id from customer
      union all
      select up.customer_id, c.parent_id from up join customer c on c.id = up.above_id where c.parent_id is not null
    ), part as (
      select account_id, group_open_minor as open_item, 0 as unbilled, 0 as delivered from open_item
      union all select account_id, 0, group_unbilled_minor, group_delivered_minor from order_line
    ), own as (
      select a.customer_id, sum(p.open_item) as open_item, sum(p.unbilled) as unbilled, sum(p.delivered) as delivered
      from part p join customer_account a on a.id = p.account_id group by 1
    ), total as (
      select up.above_id as customer_id, sum(o.open_item) as open_item, sum(o.unbilled) as unbilled, sum(o.delivered) as delivered
      from own o join up on up.customer_id = o.customer_id group by 1
    )
    select 'credit_account' as record, coalesce(ca.id, c.id) as id, c.number, ca.exposure_minor::text as stored,
      (coalesce(t.open_item, 0) + coalesce(t.unbilled, 0))::text as recomputed
    from customer c left join credit_account ca on ca.customer_id = c.id left join total t on t.customer_id = c.id
    where (ca.open_item_minor, ca.unbilled_minor, ca.delivered_minor)
      is distinct from (coalesce(t.open_item, 0), coalesce(t.unbilled, 0), coalesce(t.delivered, 0))`,
};

const itemExposure: Invariant = {
  number: 22,
  name: 'item-exposure',
  description:
    "An open item is exposure as what is open of it at its document's stored rate, rounded once to the group's currency.",
  sql: sql`
    select 'open_item' as record, i.id, i.document_number, i.group_open_minor::text as exposure, i.open_minor::text as open, i.group_rate::text as rate
    from open_item i join tenant n on n.tenant_id = i.tenant_id
    left join (
      select id, group_rate from invoice union all select id, group_rate from credit_note union all select id, group_rate from payment
    ) d on d.id = i.document_id
    where i.group_currency <> n.group_currency or (i.voided_minor = 0 and i.group_rate is distinct from d.group_rate)
      or i.group_open_minor <> round(i.open_minor * i.group_rate * (10::numeric ^ (currency_exponent(i.group_currency) - currency_exponent(i.currency))))`,
};

const lineExposure: Invariant = {
  number: 22,
  name: 'line-exposure',
  description:
    "A line of an order is exposure only while the order is confirmed, and in the group's currency; what was delivered is a part of it.",
  sql: sql`
    select 'order_line' as record, l.id, o.number, o.lifecycle, l.group_unbilled_minor::text as exposure, l.group_delivered_minor::text as delivered
    from order_line l join sales_order o on o.id = l.order_id
    where l.group_currency <> o.group_currency or l.group_delivered_minor not between 0 and l.group_unbilled_minor
      or (o.lifecycle <> 'CONFIRMED' and l.group_unbilled_minor <> 0)`,
};

/** Whose limit a matched customer is held against is the kept one's, so that nothing may be left with the other. */
const matchedAsOne: Invariant = {
  number: 22,
  name: 'matched-as-one',
  description:
    'A customer that was found to be the same as another one has no accounts and nobody below it, and the pair is confirmed; an account is with the customer that it was opened for, or with the one that stands for that.',
  sql: sql`
    select 'customer' as record, c.id, c.number, c.merged_into_id::text as merged_into
    from customer c join customer k on k.id = c.merged_into_id
    where k.merged_into_id is not null
      or exists (select from customer_account a where a.customer_id = c.id)
      or exists (select from customer b where b.parent_id = c.id)
      or not exists (select from customer_match m where m.lifecycle = 'CONFIRMED' and m.kept_customer_id = k.id and c.id in (m.customer_id, m.other_customer_id))
    union all
    select 'customer_match', m.id, m.lifecycle, m.kept_customer_id::text
    from customer_match m where m.lifecycle = 'CONFIRMED' and not exists (
      select from customer c where c.id in (m.customer_id, m.other_customer_id) and c.merged_into_id = m.kept_customer_id)
    union all
    select 'customer_account', a.id, a.number, a.customer_id::text
    from customer_account a join customer o on o.id = a.origin_customer_id
    where a.customer_id <> coalesce(o.merged_into_id, o.id)`,
};

export const creditInvariants: readonly Invariant[] = [limitHeld, exposureStored, itemExposure, lineExposure, matchedAsOne];
