select json_build_object('documentNumber', "t1"."document_number", 'documentId', (case "t1"."document_kind" when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' else 'pay_' end || "t1"."document_id"::text), 'kind', "t1"."kind", 'original', json_build_object('amount', money_text("t1"."original_minor", "t1"."currency"), 'currency', "t1"."currency"), 'open', json_build_object('amount', money_text("t1"."open_minor", "t1"."currency")), 'paidByCash', json_build_object('amount', money_text("t1"."cash_minor", "t1"."currency")), 'discounted', json_build_object('amount', money_text("t1"."discount_minor", "t1"."currency")), 'closedBy', (select coalesce(json_agg(json_build_object('kind', "t2"."kind", 'toAmount', case when "t2"."to_minor" is not null then json_build_object('amount', money_text("t2"."to_minor", "t2"."to_currency")) end, 'from', case when "t3"."id" is not null then json_build_object('documentNumber', "t3"."document_number", 'kind', "t3"."kind") end, 'effectiveOn', "t2"."effective_on", 'rule', "t2"."rule")
        order by "t2"."recorded_at" asc, "t2"."id" asc), '[]'::json)
    from "allocation" "t2"
    left join "open_item" "t3" on "t3"."id" = "t2"."from_item_id" and "t3"."tenant_id" = $1::uuid
    where "t2"."to_item_id" = "t1"."id" and "t2"."tenant_id" = $2::uuid))::text as answer, null as choice
from "open_item" "t1"
where "t1"."tenant_id" = $3::uuid and "t1"."id" = $4::uuid
limit 10
-- $1 "#2"
-- $2 "#2"
-- $3 "#2"
-- $4 "#3"

select (select json_build_object('totalCount', (select count(*)
      from "open_item" "t1"
      where "t1"."tenant_id" = $1::uuid and ("t1"."currency" = $2::text and "t1"."open_minor" <> $3::bigint)), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('documentNumber', "t1"."document_number", 'kind', "t1"."kind", 'dueOn', "t1"."due_on", 'open', json_build_object('amount', money_text("t1"."open_minor", "t1"."currency"), 'currency', "t1"."currency"), 'baseOpen', json_build_object('amount', money_text("t1"."base_open_minor", "t1"."base_currency"), 'currency', "t1"."base_currency"), 'account', case when "t3"."id" is not null then json_build_object('number', "t3"."number") end, 'customer', case when "t4"."id" is not null then json_build_object('number', "t4"."number") end) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" desc, "#3" desc) as "#"
      from (select "t1"."document_number", "t1"."kind", "t1"."due_on", "t1"."open_minor", "t1"."currency", "t1"."base_open_minor", "t1"."base_currency", "t1"."account_id", "t1"."due_on" as "#1", "t1"."open_minor" as "#2", "t1"."id" as "#3"
        from "open_item" "t1"
        where "t1"."tenant_id" = $1::uuid and ("t1"."currency" = $2::text and "t1"."open_minor" <> $3::bigint)
        order by "t1"."due_on" asc, "t1"."open_minor" desc, "t1"."id" desc
        limit 50) "t1") "t1"
    left join "customer_account" "t3" on "t3"."id" = "t1"."account_id" and "t3"."tenant_id" = $4::uuid
    left join "customer" "t4" on "t4"."id" = "t3"."customer_id" and "t4"."tenant_id" = $5::uuid) "t2")::text as answer
-- $1 "#2"
-- $2 "EUR"
-- $3 "0"
-- $4 "#2"
-- $5 "#2"
