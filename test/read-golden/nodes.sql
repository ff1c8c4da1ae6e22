(select "t1"."id" as id, json_build_object('$type', 'Invoice', '__typename', 'Invoice', 'id', 'inv_' || "t1"."id", 'number', "t1"."number", 'open', json_build_object('amount', money_text("t1"."open_minor", "t1"."currency"), 'currency', "t1"."currency"), 'customer', case when "t3"."id" is not null then json_build_object('number', "t3"."number") end)::text as answer
  from "invoice" "t1"
  left join "customer_account" "t2" on "t2"."id" = "t1"."account_id" and "t2"."tenant_id" = $1::uuid
  left join "customer" "t3" on "t3"."id" = "t2"."customer_id" and "t3"."tenant_id" = $2::uuid
  where "t1"."tenant_id" = $3::uuid and "t1"."id" = any($4::uuid[]))
-- $1 "#2"
-- $2 "#2"
-- $3 "#2"
-- $4 ["#1"]

(select "t1"."id" as id, json_build_object('$type', 'Payment', '__typename', 'Payment', 'unapplied', json_build_object('amount', money_text("t1"."open_minor", "t1"."currency")))::text as answer
  from "payment" "t1"
  where "t1"."tenant_id" = $1::uuid and "t1"."id" = any($2::uuid[]))
union all (select "t2"."id" as id, json_build_object('$type', 'Invoice', '__typename', 'Invoice', 'number', "t2"."number", 'open', json_build_object('amount', money_text("t2"."open_minor", "t2"."currency"), 'currency', "t2"."currency"), 'customer', case when "t4"."id" is not null then json_build_object('number', "t4"."number") end)::text as answer
  from "invoice" "t2"
  left join "customer_account" "t3" on "t3"."id" = "t2"."account_id" and "t3"."tenant_id" = $3::uuid
  left join "customer" "t4" on "t4"."id" = "t3"."customer_id" and "t4"."tenant_id" = $4::uuid
  where "t2"."tenant_id" = $5::uuid and "t2"."id" = any($6::uuid[]))
union all (select "t5"."id" as id, json_build_object('$type', 'Customer', '__typename', 'Customer', 'name', "t5"."name")::text as answer
  from "customer" "t5"
  where "t5"."tenant_id" = $7::uuid and "t5"."id" = any($8::uuid[]))
-- $1 "#2"
-- $2 ["#3"]
-- $3 "#2"
-- $4 "#2"
-- $5 "#2"
-- $6 ["#4","#5"]
-- $7 "#2"
-- $8 ["#6"]
