select json_build_object('accounts', (select json_build_object('nodes', coalesce(json_agg("t3"."o1"
          order by "t3"."#" asc) , '[]'::json))
    from (select "t2"."#", json_build_object('open', (select json_build_object('totalCount', (select count(*)
              from "open_item" "t4"
              where "t4"."account_id" = "t2"."id" and "t4"."tenant_id" = $1::uuid and ("t4"."currency" = $2::text and "t4"."open_minor" <> $3::bigint)), 'nodes', coalesce(json_agg("t5"."o1"
                order by "t5"."#" asc) , '[]'::json))
          from (select "t4"."#", json_build_object('documentNumber', "t4"."document_number") as "o1"
            from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
              from (select "t4"."document_number", "t4"."due_on" as "#1", "t4"."id" as "#2"
                from "open_item" "t4"
                where "t4"."account_id" = "t2"."id" and "t4"."tenant_id" = $1::uuid and ("t4"."currency" = $2::text and "t4"."open_minor" <> $3::bigint)
                order by "t4"."due_on" asc, "t4"."id" asc
                limit 50) "t4") "t4" ) "t5"), 'settled', (select json_build_object('totalCount', (select count(*)
              from "open_item" "t6"
              where "t6"."account_id" = "t2"."id" and "t6"."tenant_id" = $4::uuid and ("t6"."currency" = $5::text and "t6"."open_minor" = $6::bigint))))) as "o1"
      from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
        from (select "t2"."id", "t2"."number" as "#1", "t2"."id" as "#2"
          from "customer_account" "t2"
          where "t2"."customer_id" = "t1"."id" and "t2"."tenant_id" = $7::uuid
          order by "t2"."number" asc, "t2"."id" asc
          limit 50) "t2") "t2" ) "t3"))::text as answer, null as choice
from "customer" "t1"
where "t1"."tenant_id" = $8::uuid and "t1"."number" = $9::text
limit 10
-- $1 "#1"
-- $2 "EUR"
-- $3 "0"
-- $4 "#1"
-- $5 "EUR"
-- $6 "0"
-- $7 "#1"
-- $8 "#1"
-- $9 "C-1"
