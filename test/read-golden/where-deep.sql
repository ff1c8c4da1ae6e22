select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('documentNumber', "t1"."document_number") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."document_number", "t1"."due_on" as "#1", "t1"."id" as "#2"
        from "open_item" "t1"
        where "t1"."tenant_id" = $1::uuid and (exists (select
            from "legal_entity" "t1r"
            where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1"."legal_entity_id" and "t1r"."tenant_id" = $2::uuid and "t1r"."code" = any($3::text[])) and exists (select
            from "customer_account" "t1r"
            where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1"."account_id" and "t1r"."tenant_id" = $4::uuid and starts_with("t1r"."number", $5::text)) and exists (select
            from "customer_account" "t1m"
            where "t1m"."tenant_id" = "t1"."tenant_id" and "t1m"."id" = "t1"."account_id" and "t1m"."tenant_id" = $6::uuid and exists (select
              from "customer" "t1r"
              where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1m"."customer_id" and "t1r"."tenant_id" = $7::uuid and ("t1r"."segment" = $8::text or "t1r"."country" is null))) and (not "t1"."kind" = any($9::text[])))
        order by "t1"."due_on" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "#1"
-- $3 ["DE01","CH01"]
-- $4 "#1"
-- $5 "C-"
-- $6 "#1"
-- $7 "#1"
-- $8 "Industry"
-- $9 ["CREDIT_NOTE","PAYMENT"]
