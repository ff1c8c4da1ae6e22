select json_build_object('number', "t1"."number", 'status', "t1"."status", 'amount', json_build_object('amount', money_text("t1"."amount_minor", "t1"."currency"), 'currency', "t1"."currency"), 'unapplied', json_build_object('amount', money_text("t1"."open_minor", "t1"."currency")), 'reference', "t1"."reference", 'bankAccount', "t1"."bank_account", 'items', (select coalesce(json_agg(json_build_object('usedBy', (select coalesce(json_agg(json_build_object('kind', "t3"."kind", 'fromAmount', case when "t3"."from_minor" is not null then json_build_object('amount', money_text("t3"."from_minor", "t3"."from_currency")) end, 'to', case when "t4"."id" is not null then json_build_object('documentNumber', "t4"."document_number") end)
                order by "t3"."recorded_at" asc, "t3"."id" asc), '[]'::json)
            from "allocation" "t3"
            left join "open_item" "t4" on "t4"."id" = "t3"."to_item_id" and "t4"."tenant_id" = $1::uuid
            where "t3"."from_item_id" = "t2"."id" and "t3"."tenant_id" = $2::uuid))
        order by "t2"."instalment" asc, "t2"."id" asc), '[]'::json)
    from "open_item" "t2"
    where "t2"."document_id" = "t1"."id" and "t2"."tenant_id" = $3::uuid), 'allowedActions', (select coalesce(json_agg(a.action
        order by a.rank), '[]'::json)
    from (values ('RECEIVE', 'PENDING', 0, null::uuid[]), ('FAIL', 'PENDING', 1, null::uuid[]), ('CANCEL', 'PENDING', 2, null::uuid[]), ('APPLY', 'RECEIVED', 3, null::uuid[]), ('RETURN', 'RECEIVED', 4, null::uuid[])) as a(action, state, rank, entities)
    where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities))))::text as answer, null as choice
from "payment" "t1"
where "t1"."tenant_id" = $4::uuid and "t1"."id" = $5::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "payment" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'status', "t1"."status", 'receivedOn', "t1"."received_on", 'returnedOn', "t1"."returned_on", 'returnReason', "t1"."return_reason", 'baseAmount', case when "t1"."base_amount_minor" is not null then json_build_object('amount', money_text("t1"."base_amount_minor", "t1"."base_currency"), 'currency', "t1"."base_currency") end, 'allowedActions', (select coalesce(json_agg(a.action
            order by a.rank), '[]'::json)
        from (values ('RECEIVE', 'PENDING', 0, null::uuid[]), ('FAIL', 'PENDING', 1, null::uuid[]), ('CANCEL', 'PENDING', 2, null::uuid[]), ('APPLY', 'RECEIVED', 3, null::uuid[]), ('RETURN', 'RECEIVED', 4, null::uuid[])) as a(action, state, rank, entities)
        where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities)))) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."status", "t1"."received_on", "t1"."returned_on", "t1"."return_reason", "t1"."base_amount_minor", "t1"."base_currency", "t1"."lifecycle", "t1"."legal_entity_id", "t1"."number" as "#1", "t1"."id" as "#2"
        from "payment" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."number" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
