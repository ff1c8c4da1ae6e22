select (select json_build_object('totalCount', (select count(*)
      from "invoice" "t1"
      where ("t1"."tenant_id" = $1::uuid and "t1"."account_id" = any($2::uuid[])) and ("t1"."currency" = $3::text and "t1"."total_minor" >= $4::bigint and exists (select
          from "customer_account" "t1m"
          where "t1m"."tenant_id" = "t1"."tenant_id" and "t1m"."id" = "t1"."account_id" and ("t1m"."tenant_id" = $5::uuid and "t1m"."id" = any($6::uuid[])) and exists (select
            from "customer" "t1r"
            where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1m"."customer_id" and ("t1r"."tenant_id" = $7::uuid and "t1r"."id" = any($8::uuid[])) and ("t1r"."search_name" >= $9::text and "t1r"."search_name" < $10::text))))), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'customer', case when "t4"."id" is not null then json_build_object('name', "t4"."name") end) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."number", "t1"."account_id", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "invoice" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."account_id" = any($2::uuid[])) and ("t1"."currency" = $3::text and "t1"."total_minor" >= $4::bigint and exists (select
            from "customer_account" "t1m"
            where "t1m"."tenant_id" = "t1"."tenant_id" and "t1m"."id" = "t1"."account_id" and ("t1m"."tenant_id" = $5::uuid and "t1m"."id" = any($6::uuid[])) and exists (select
              from "customer" "t1r"
              where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1m"."customer_id" and ("t1r"."tenant_id" = $7::uuid and "t1r"."id" = any($8::uuid[])) and ("t1r"."search_name" >= $9::text and "t1r"."search_name" < $10::text))))
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1"
    left join "customer_account" "t3" on "t3"."id" = "t1"."account_id" and ("t3"."tenant_id" = $11::uuid and "t3"."id" = any($12::uuid[]))
    left join "customer" "t4" on "t4"."id" = "t3"."customer_id" and ("t4"."tenant_id" = $13::uuid and "t4"."id" = any($14::uuid[]))) "t2")::text as answer
-- $1 "00000000-0000-7000-8001-000000000000"
-- $2 ["00000000-0000-7003-8001-000000000006","00000000-0000-7003-8001-000000000007"]
-- $3 "EUR"
-- $4 "1100"
-- $5 "00000000-0000-7000-8001-000000000000"
-- $6 ["00000000-0000-7003-8001-000000000006","00000000-0000-7003-8001-000000000007"]
-- $7 "00000000-0000-7000-8001-000000000000"
-- $8 ["00000000-0000-7002-8001-000000000003"]
-- $9 "zo"
-- $10 "zo􏿿"
-- $11 "00000000-0000-7000-8001-000000000000"
-- $12 ["00000000-0000-7003-8001-000000000006","00000000-0000-7003-8001-000000000007"]
-- $13 "00000000-0000-7000-8001-000000000000"
-- $14 ["00000000-0000-7002-8001-000000000003"]
