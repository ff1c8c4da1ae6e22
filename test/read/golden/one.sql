select json_build_object('__typename', 'Invoice', 'id', 'inv_' || "t1"."id", 'due', "t1"."due_on", 'total', json_build_object('amount', money_text("t1"."total_minor", "t1"."currency"), 'currency', "t1"."currency"), 'paid', (select json_build_object('amount', money_text(v.minor, v.currency))
    from (select ("t1"."total_minor" - "t1"."open_minor") as minor, ("t1"."currency") as currency) v
    where v.minor is not null), 'customer', case when "t3"."id" is not null then json_build_object('name', "t3"."name") end, 'account', case when "t2"."id" is not null then json_build_object('number', "t2"."number") end, 'lines', (select coalesce(json_agg(json_build_object('description', "t4"."description", 'net', json_build_object('amount', money_text("t4"."net_minor", "t4"."currency")))
        order by "t4"."line_number" asc, "t4"."id" asc), '[]'::json)
    from "invoice_line" "t4"
    where "t4"."invoice_id" = "t1"."id" and "t4"."tenant_id" = $1::uuid))::text as answer, "t5"."code" as choice
from "invoice" "t1"
left join "customer_account" "t2" on "t2"."id" = "t1"."account_id" and "t2"."tenant_id" = $2::uuid
left join "customer" "t3" on "t3"."id" = "t2"."customer_id" and "t3"."tenant_id" = $3::uuid
left join "legal_entity" "t5" on "t5"."id" = "t1"."legal_entity_id" and "t5"."tenant_id" = $4::uuid
where "t1"."tenant_id" = $5::uuid and (exists (select
    from "legal_entity" "t1r"
    where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1"."legal_entity_id" and "t1r"."tenant_id" = $6::uuid and "t1r"."code" = $7::text) and "t1"."number" = $8::text)
limit 10
-- $1 "00000000-0000-7000-8001-000000000000"
-- $2 "00000000-0000-7000-8001-000000000000"
-- $3 "00000000-0000-7000-8001-000000000000"
-- $4 "00000000-0000-7000-8001-000000000000"
-- $5 "00000000-0000-7000-8001-000000000000"
-- $6 "00000000-0000-7000-8001-000000000000"
-- $7 "LE2"
-- $8 "INV-3"
