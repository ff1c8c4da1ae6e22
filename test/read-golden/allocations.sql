select json_build_object('kind', "t1"."kind", 'toAmount', case when "t1"."to_minor" is not null then json_build_object('amount', money_text("t1"."to_minor", "t1"."to_currency"), 'currency', "t1"."to_currency") end, 'fromAmount', case when "t1"."from_minor" is not null then json_build_object('amount', money_text("t1"."from_minor", "t1"."from_currency")) end, 'to', case when "t2"."id" is not null then json_build_object('documentNumber', "t2"."document_number") end, 'from', case when "t3"."id" is not null then json_build_object('documentNumber', "t3"."document_number") end, 'actor', case when "t4"."id" is not null then json_build_object('name', "t4"."name") end, 'entry', case when "t5"."id" is not null then json_build_object('transfers', (select coalesce(json_agg(json_build_object('debitCode', "t6"."debit_code", 'creditCode', "t6"."credit_code", 'amount', json_build_object('amount', money_text("t6"."amount_minor", "t6"."currency")))
          order by "t6"."id" asc), '[]'::json)
      from "transfer" "t6"
      where "t6"."entry_id" = "t5"."id" and "t6"."tenant_id" = $1::uuid)) end)::text as answer, null as choice
from "allocation" "t1"
left join "open_item" "t2" on "t2"."id" = "t1"."to_item_id" and "t2"."tenant_id" = $2::uuid
left join "open_item" "t3" on "t3"."id" = "t1"."from_item_id" and "t3"."tenant_id" = $3::uuid
left join "actor" "t4" on "t4"."id" = "t1"."actor_id" and "t4"."tenant_id" = $4::uuid
left join "journal_entry" "t5" on "t5"."id" = "t1"."entry_id" and "t5"."tenant_id" = $5::uuid
where "t1"."tenant_id" = $6::uuid and "t1"."id" = $7::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
-- $6 "#1"
-- $7 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "allocation" "t1"
      where "t1"."tenant_id" = $1::uuid and "t1"."kind" = any($2::text[])), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('kind', "t1"."kind", 'effectiveOn', "t1"."effective_on", 'toAmount', case when "t1"."to_minor" is not null then json_build_object('amount', money_text("t1"."to_minor", "t1"."to_currency")) end, 'from', case when "t3"."id" is not null then json_build_object('documentNumber', "t3"."document_number") end, 'to', case when "t4"."id" is not null then json_build_object('documentNumber', "t4"."document_number") end, 'reverses', case when "t5"."id" is not null then json_build_object('kind', "t5"."kind", 'effectiveOn', "t5"."effective_on") end) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."kind", "t1"."effective_on", "t1"."to_minor", "t1"."to_currency", "t1"."from_item_id", "t1"."to_item_id", "t1"."reverses_id", "t1"."recorded_at" as "#1", "t1"."id" as "#2"
        from "allocation" "t1"
        where "t1"."tenant_id" = $1::uuid and "t1"."kind" = any($2::text[])
        order by "t1"."recorded_at" asc, "t1"."id" asc
        limit 5) "t1") "t1"
    left join "open_item" "t3" on "t3"."id" = "t1"."from_item_id" and "t3"."tenant_id" = $3::uuid
    left join "open_item" "t4" on "t4"."id" = "t1"."to_item_id" and "t4"."tenant_id" = $4::uuid
    left join "allocation" "t5" on "t5"."id" = "t1"."reverses_id" and "t5"."tenant_id" = $5::uuid) "t2")::text as answer
-- $1 "#1"
-- $2 ["CASH","CREDIT"]
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
