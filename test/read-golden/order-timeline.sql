with o as materialized (select t.id, t.created_at
  from sales_order t
  where t.id = $1::uuid and "t"."tenant_id" = $2::uuid), document as materialized ( select i.id
  from invoice i
  join o on i.order_id = o.id
  where "i"."tenant_id" = $3::uuid
  union all select c.id
  from credit_note c
  join o on c.order_id = o.id
  where "c"."tenant_id" = $4::uuid ), record as materialized (select o.id
  from o union select h.id
  from hold h
  join o on h.order_id = o.id
  where "h"."tenant_id" = $5::uuid union select a.id
  from approval a
  where a.record_id in (select o.id
    from o
    union all select d.id
    from document d) and "a"."tenant_id" = $6::uuid union select f.id
  from fulfilment f
  join o on f.order_id = o.id
  where "f"."tenant_id" = $7::uuid union select d.id
  from document d union select a.id
  from allocation a
  where a.to_item_id in ( select i.id
    from open_item i
    join document d on d.id = i.document_id
    where "i"."tenant_id" = $8::uuid) and "a"."tenant_id" = $9::uuid union select a.id
  from allocation a
  where a.from_item_id in ( select i.id
    from open_item i
    join document d on d.id = i.document_id
    where "i"."tenant_id" = $10::uuid) and "a"."tenant_id" = $11::uuid union select p.id
  from payment p
  join open_item f on f.document_id = p.id
  join allocation a on a.from_item_id = f.id
  where a.to_item_id in ( select i.id
    from open_item i
    join document d on d.id = i.document_id
    where "i"."tenant_id" = $12::uuid) and "p"."tenant_id" = $13::uuid and "f"."tenant_id" = $14::uuid and "a"."tenant_id" = $15::uuid), forgotten as materialized (select a.position, a.recorded_at
  from event_anchor a, o
  where o.created_at <= a.recorded_at) select f.position::text as cursor, 'log.forgotten' as type, 'Order' as "recordKind", o.id as "recordId", to_char(f.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "occurredAt", null as "effectiveOn", '{}'::jsonb as payload, null as "actorName", f.position
from forgotten f, o
where f.position > $16::bigint
union all (select e.position::text as cursor, e.type, e.record_kind as "recordKind", e.record_id as "recordId", to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "occurredAt", e.effective_on::text as "effectiveOn", e.payload, (select a.name
    from actor a
    where a.tenant_id = e.tenant_id and a.id = e.actor_id and "a"."tenant_id" = $17::uuid) as "actorName", e.position
  from record r
  join event e on e.record_id = r.id
  where e.position > $18::bigint
  order by e.position
  limit 50)
order by position
limit 50
-- $1 "#1"
-- $2 "#2"
-- $3 "#2"
-- $4 "#2"
-- $5 "#2"
-- $6 "#2"
-- $7 "#2"
-- $8 "#2"
-- $9 "#2"
-- $10 "#2"
-- $11 "#2"
-- $12 "#2"
-- $13 "#2"
-- $14 "#2"
-- $15 "#2"
-- $16 "0"
-- $17 "#2"
-- $18 "0"
