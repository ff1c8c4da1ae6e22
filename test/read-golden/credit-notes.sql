select json_build_object('number', "t1"."number", 'status', "t1"."status", 'reason', "t1"."reason", 'total', json_build_object('amount', money_text("t1"."total_minor", "t1"."currency")), 'open', json_build_object('amount', money_text("t1"."open_minor", "t1"."currency")), 'invoice', case when "t2"."id" is not null then json_build_object('number', "t2"."number") end, 'taxes', (select coalesce(json_agg(json_build_object('taxCategory', "t3"."tax_category", 'taxRate', trim_scale("t3"."tax_rate")::text, 'taxable', json_build_object('amount', money_text("t3"."taxable_minor", "t3"."currency")), 'tax', json_build_object('amount', money_text("t3"."tax_minor", "t3"."currency")))
        order by "t3"."tax_category" asc, "t3"."tax_rate" asc, "t3"."id" asc), '[]'::json)
    from "credit_note_tax" "t3"
    where "t3"."credit_note_id" = "t1"."id" and "t3"."tenant_id" = $1::uuid), 'items', (select coalesce(json_agg(json_build_object('open', json_build_object('amount', money_text("t4"."open_minor", "t4"."currency")))
        order by "t4"."instalment" asc, "t4"."id" asc), '[]'::json)
    from "open_item" "t4"
    where "t4"."document_id" = "t1"."id" and "t4"."tenant_id" = $2::uuid), 'allowedActions', (select coalesce(json_agg(a.action
        order by a.rank), '[]'::json)
    from (values ('APPLY', 'ISSUED', 0, null::uuid[])) as a(action, state, rank, entities)
    where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities))))::text as answer, null as choice
from "credit_note" "t1"
left join "invoice" "t2" on "t2"."id" = "t1"."invoice_id" and "t2"."tenant_id" = $3::uuid
where "t1"."tenant_id" = $4::uuid and "t1"."id" = $5::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "credit_note" "t1"
      where "t1"."tenant_id" = $1::uuid and ("t1"."currency" = $2::text and "t1"."open_minor" > $3::bigint)), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'open', json_build_object('amount', money_text("t1"."open_minor", "t1"."currency"))) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."number", "t1"."open_minor", "t1"."currency", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "credit_note" "t1"
        where "t1"."tenant_id" = $1::uuid and ("t1"."currency" = $2::text and "t1"."open_minor" > $3::bigint)
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "EUR"
-- $3 "0"
