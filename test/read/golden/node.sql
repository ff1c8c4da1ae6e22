(select "t1"."id" as id, json_build_object('$type', 'Customer', '__typename', 'Customer', 'id', 'cus_' || "t1"."id", 'name', "t1"."name", 'email', "t1"."email")::text as answer
  from "customer" "t1"
  where "t1"."tenant_id" = $1::uuid and "t1"."id" = any($2::uuid[]))
-- $1 "00000000-0000-7000-8001-000000000000"
-- $2 ["00000000-0000-7002-8001-000000000003"]
