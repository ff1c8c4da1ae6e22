select json_build_object('name', "t1"."name", 'parent', case when "t2"."id" is not null then json_build_object('number', "t2"."number", 'name', "t2"."name") end, 'accounts', (select json_build_object('nodes', coalesce(json_agg("t4"."o1"
          order by "t4"."#" asc) , '[]'::json))
    from (select "t3"."#", json_build_object('number', "t3"."number", 'currency', "t3"."currency") as "o1"
      from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
        from (select "t3"."number", "t3"."currency", "t3"."number" as "#1", "t3"."id" as "#2"
          from "customer_account" "t3"
          where "t3"."customer_id" = "t1"."id" and "t3"."tenant_id" = $1::uuid
          order by "t3"."number" asc, "t3"."id" asc
          limit 50) "t3") "t3" ) "t4"))::text as answer, null as choice
from "customer" "t1"
left join "customer" "t2" on "t2"."id" = "t1"."parent_id" and "t2"."tenant_id" = $2::uuid
where "t1"."tenant_id" = $3::uuid and "t1"."number" = $4::text
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "C-3"

select (select json_build_object('totalCount', (select count(*)
      from "customer" "t1"
      where "t1"."tenant_id" = $1::uuid and ("t1"."search_name" >= $2::text and "t1"."search_name" < $3::text)), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'name', "t1"."name", 'country', "t1"."country", 'children', (select json_build_object('totalCount', (select count(*)
            from "customer" "t3"
            where "t3"."parent_id" = "t1"."id" and "t3"."tenant_id" = $4::uuid), 'nodes', coalesce(json_agg("t4"."o1"
              order by "t4"."#" asc) , '[]'::json))
        from (select "t3"."#", json_build_object('number', "t3"."number") as "o1"
          from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
            from (select "t3"."number", "t3"."number" as "#1", "t3"."id" as "#2"
              from "customer" "t3"
              where "t3"."parent_id" = "t1"."id" and "t3"."tenant_id" = $4::uuid
              order by "t3"."number" asc, "t3"."id" asc
              limit 50) "t3") "t3" ) "t4"), 'aliases', (select coalesce(json_agg(json_build_object('name', "t5"."name", 'source', "t5"."source")
            order by "t5"."name" asc, "t5"."id" asc), '[]'::json)
        from "customer_alias" "t5"
        where "t5"."customer_id" = "t1"."id" and "t5"."tenant_id" = $5::uuid)) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."name", "t1"."country", "t1"."id", "t1"."number" as "#1", "t1"."id" as "#2"
        from "customer" "t1"
        where "t1"."tenant_id" = $1::uuid and ("t1"."search_name" >= $2::text and "t1"."search_name" < $3::text)
        order by "t1"."number" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "angstrom"
-- $3 "angstrom􏿿"
-- $4 "#1"
-- $5 "#1"
