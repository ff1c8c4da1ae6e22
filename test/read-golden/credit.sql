select json_build_object('limit', case when "t1"."limit_minor" is not null then json_build_object('amount', money_text("t1"."limit_minor", "t1"."currency"), 'currency', "t1"."currency") end, 'exposure', json_build_object('amount', money_text("t1"."exposure_minor", "t1"."group_currency"), 'currency', "t1"."group_currency"), 'openItems', json_build_object('amount', money_text("t1"."open_item_minor", "t1"."group_currency")), 'unbilled', json_build_object('amount', money_text("t1"."unbilled_minor", "t1"."group_currency")), 'delivered', json_build_object('amount', money_text("t1"."delivered_minor", "t1"."group_currency")), 'available', (select json_build_object('amount', money_text(v.minor, v.currency))
    from (select ("t1"."limit_group_minor" - "t1"."exposure_minor") as minor, ("t1"."group_currency") as currency) v
    where v.minor is not null), 'creditStatus', case when "t1"."limit_group_minor" is null then 'NO_LIMIT' when "t1"."exposure_minor" <= "t1"."limit_group_minor" then 'WITHIN' else 'OVER' end, 'isBlocked', "t1"."is_blocked", 'customer', case when "t2"."id" is not null then json_build_object('number', "t2"."number") end)::text as answer, null as choice
from "credit_account" "t1"
left join "customer" "t2" on "t2"."id" = "t1"."customer_id" and "t2"."tenant_id" = $1::uuid
where "t1"."tenant_id" = $2::uuid and "t1"."id" = $3::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "credit_account" "t1"
      where "t1"."tenant_id" = $1::uuid)))::text as answer
-- $1 "#1"

with recursive tree as ( select c.tenant_id, c.id, c.number, c.name
  from customer c
  where c.id = $1::uuid and "c"."tenant_id" = $2::uuid
  union all select c.tenant_id, c.id, c.number, c.name
  from tree t
  join customer c on c.tenant_id = t.tenant_id and c.parent_id = t.id and "c"."tenant_id" = $3::uuid ), account as ( select t.tenant_id, a.id, t.number as customer_number, t.name as customer_name, le.code as legal_entity_code, served.connection, to_char(served.synced_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as synced_at
  from tree t
  join customer_account a on a.tenant_id = t.tenant_id and "a"."customer_id" = t.id and "a"."tenant_id" = $4::uuid
  join legal_entity le on le.tenant_id = a.tenant_id and le.id = a.legal_entity_id and "le"."tenant_id" = $5::uuid
  left join lateral ( select c.code as connection, ( select case when bool_and(s.last_succeeded_at is not null) then min(s.last_succeeded_at) end
      from sync_stream s
      where s.tenant_id = c.tenant_id and s.connection_id = c.id and s.is_enabled and s.record_kind in ('Order', 'Invoice', 'CreditNote', 'Payment')
      ) as synced_at
    from connection_legal_entity e
    join connection c on c.tenant_id = e.tenant_id and c.id = e.connection_id
    where e.tenant_id = "le"."tenant_id" and e.legal_entity_id = "le"."id" ) served on true ), part as ( select a.customer_number, a.customer_name, a.legal_entity_code, a.connection, a.synced_at, i.currency as document_currency, i.group_currency as currency, i.document_id, i.id, case i.document_kind when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' else 'pay_' end as prefix, i.document_kind, i.document_number, i.instalment as line_number, i.due_on, i.group_open_minor as open_item, 0::bigint as unbilled, 0::bigint as delivered
  from account a
  join open_item i on i.tenant_id = a.tenant_id and i.account_id = a.id and i.settled_on is null and "i"."tenant_id" = $6::uuid
  union all select a.customer_number, a.customer_name, a.legal_entity_code, a.connection, a.synced_at, l.currency, l.group_currency, l.order_id, l.id, 'ord_', 'Order', o.number, l.line_number, null, 0, l.group_unbilled_minor, l.group_delivered_minor
  from account a
  join order_line l on l.tenant_id = a.tenant_id and l.account_id = a.id and l.group_unbilled_minor > 0 and "l"."tenant_id" = $7::uuid
  join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id and "o"."tenant_id" = $8::uuid ) select customer_number, customer_name, legal_entity_code, connection, synced_at, document_currency, currency, money_text(sum(open_item)::bigint, currency) as open_items, money_text(sum(unbilled)::bigint, currency) as unbilled, money_text(sum(delivered)::bigint, currency) as delivered, money_text(sum(open_item + unbilled)::bigint, currency) as exposure, count(distinct document_id)::int as document_count
from part
group by customer_number, customer_name, legal_entity_code, connection, synced_at, document_currency, currency
order by customer_number, legal_entity_code, document_currency, currency
-- $1 "#3"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
-- $6 "#1"
-- $7 "#1"
-- $8 "#1"

with recursive tree as ( select c.tenant_id, c.id, c.number, c.name
  from customer c
  where c.id = $1::uuid and "c"."tenant_id" = $2::uuid
  union all select c.tenant_id, c.id, c.number, c.name
  from tree t
  join customer c on c.tenant_id = t.tenant_id and c.parent_id = t.id and "c"."tenant_id" = $3::uuid ), account as ( select t.tenant_id, a.id, t.number as customer_number, t.name as customer_name, le.code as legal_entity_code, served.connection, to_char(served.synced_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as synced_at
  from tree t
  join customer_account a on a.tenant_id = t.tenant_id and "a"."customer_id" = t.id and "a"."tenant_id" = $4::uuid
  join legal_entity le on le.tenant_id = a.tenant_id and le.id = a.legal_entity_id and "le"."tenant_id" = $5::uuid
  left join lateral ( select c.code as connection, ( select case when bool_and(s.last_succeeded_at is not null) then min(s.last_succeeded_at) end
      from sync_stream s
      where s.tenant_id = c.tenant_id and s.connection_id = c.id and s.is_enabled and s.record_kind in ('Order', 'Invoice', 'CreditNote', 'Payment')
      ) as synced_at
    from connection_legal_entity e
    join connection c on c.tenant_id = e.tenant_id and c.id = e.connection_id
    where e.tenant_id = "le"."tenant_id" and e.legal_entity_id = "le"."id" ) served on true ), part as ( select a.customer_number, a.customer_name, a.legal_entity_code, a.connection, a.synced_at, i.currency as document_currency, i.group_currency as currency, i.document_id, i.id, case i.document_kind when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' else 'pay_' end as prefix, i.document_kind, i.document_number, i.instalment as line_number, i.due_on, i.group_open_minor as open_item, 0::bigint as unbilled, 0::bigint as delivered
  from account a
  join open_item i on i.tenant_id = a.tenant_id and i.account_id = a.id and i.settled_on is null and "i"."tenant_id" = $6::uuid
  union all select a.customer_number, a.customer_name, a.legal_entity_code, a.connection, a.synced_at, l.currency, l.group_currency, l.order_id, l.id, 'ord_', 'Order', o.number, l.line_number, null, 0, l.group_unbilled_minor, l.group_delivered_minor
  from account a
  join order_line l on l.tenant_id = a.tenant_id and l.account_id = a.id and l.group_unbilled_minor > 0 and "l"."tenant_id" = $7::uuid
  join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id and "o"."tenant_id" = $8::uuid ) select customer_number, customer_name, legal_entity_code, connection, synced_at, document_kind, prefix || document_id::text as document_id, document_number, line_number, due_on::text as due_on, document_currency, currency, money_text(open_item + unbilled, currency) as exposure, money_text(delivered, currency) as delivered
from part
order by abs(open_item + unbilled) desc, id
limit $9
-- $1 "#3"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
-- $6 "#1"
-- $7 "#1"
-- $8 "#1"
-- $9 3
