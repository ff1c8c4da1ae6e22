select json_build_object('eventType', "t1"."event_type", 'effectiveOn', "t1"."effective_on", 'legalEntity', case when "t2"."id" is not null then json_build_object('code', "t2"."code") end, 'actor', case when "t3"."id" is not null then json_build_object('name', "t3"."name") end, 'reverses', case when "t4"."id" is not null then json_build_object('eventType', "t4"."event_type", 'effectiveOn', "t4"."effective_on") end, 'transfers', (select coalesce(json_agg(json_build_object('debitCode', "t5"."debit_code", 'creditCode', "t5"."credit_code", 'amount', json_build_object('amount', money_text("t5"."amount_minor", "t5"."currency"), 'currency', "t5"."currency"), 'baseAmount', json_build_object('amount', money_text("t5"."base_minor", "t5"."base_currency"), 'currency', "t5"."base_currency"))
        order by "t5"."id" asc), '[]'::json)
    from "transfer" "t5"
    where "t5"."entry_id" = "t1"."id" and "t5"."tenant_id" = $1::uuid))::text as answer, null as choice
from "journal_entry" "t1"
left join "legal_entity" "t2" on "t2"."id" = "t1"."legal_entity_id" and "t2"."tenant_id" = $2::uuid
left join "actor" "t3" on "t3"."id" = "t1"."actor_id" and "t3"."tenant_id" = $3::uuid
left join "journal_entry" "t4" on "t4"."id" = "t1"."reverses_id" and "t4"."tenant_id" = $4::uuid
where "t1"."tenant_id" = $5::uuid and "t1"."id" = $6::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
-- $6 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "journal_entry" "t1"
      where "t1"."tenant_id" = $1::uuid and "t1"."effective_on" >= $2::date), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('eventType', "t1"."event_type", 'transfers', (select coalesce(json_agg(json_build_object('debitCode', "t3"."debit_code", 'creditCode', "t3"."credit_code", 'amount', json_build_object('amount', money_text("t3"."amount_minor", "t3"."currency")), 'baseAmount', json_build_object('amount', money_text("t3"."base_minor", "t3"."base_currency")))
            order by "t3"."id" asc), '[]'::json)
        from "transfer" "t3"
        where "t3"."entry_id" = "t1"."id" and "t3"."tenant_id" = $3::uuid)) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."event_type", "t1"."id", "t1"."effective_on" as "#1", "t1"."id" as "#2"
        from "journal_entry" "t1"
        where "t1"."tenant_id" = $1::uuid and "t1"."effective_on" >= $2::date
        order by "t1"."effective_on" asc, "t1"."id" asc
        limit 4) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "2026-03-01"
-- $3 "#1"
