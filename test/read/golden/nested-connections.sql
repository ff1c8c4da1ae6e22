select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'accounts', (select json_build_object('nodes', coalesce(json_agg("t4"."o1"
              order by "t4"."#" asc) , '[]'::json))
        from (select "t3"."#", json_build_object('invoices', (select json_build_object('totalCount', (select count(*)
                  from "invoice" "t5"
                  where "t5"."account_id" = "t3"."id" and "t5"."tenant_id" = $1::uuid and "t5"."status" = $2::text), 'nodes', coalesce(json_agg("t6"."o1"
                    order by "t6"."#" asc) , '[]'::json))
              from (select "t5"."#", json_build_object('number', "t5"."number") as "o1"
                from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
                  from (select "t5"."number", "t5"."issued_on" as "#1", "t5"."id" as "#2"
                    from "invoice" "t5"
                    where "t5"."account_id" = "t3"."id" and "t5"."tenant_id" = $1::uuid and "t5"."status" = $2::text
                    order by "t5"."issued_on" desc, "t5"."id" desc
                    limit 2) "t5") "t5" ) "t6")) as "o1"
          from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
            from (select "t3"."id", "t3"."number" as "#1", "t3"."id" as "#2"
              from "customer_account" "t3"
              where "t3"."customer_id" = "t1"."id" and "t3"."tenant_id" = $3::uuid
              order by "t3"."number" asc, "t3"."id" asc
              limit 1) "t3") "t3" ) "t4")) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."id", "t1"."number" as "#1", "t1"."id" as "#2"
        from "customer" "t1"
        where "t1"."tenant_id" = $4::uuid
        order by "t1"."number" asc, "t1"."id" asc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "00000000-0000-7000-8001-000000000000"
-- $2 "PAID"
-- $3 "00000000-0000-7000-8001-000000000000"
-- $4 "00000000-0000-7000-8001-000000000000"
