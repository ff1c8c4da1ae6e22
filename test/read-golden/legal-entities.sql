select json_build_object('code', "t1"."code", 'name', "t1"."name", 'functionalCurrency', "t1"."functional_currency", 'timeZone', "t1"."time_zone", 'closedThrough', "t1"."closed_through", 'version', "t1"."version")::text as answer, null as choice
from "legal_entity" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."code" = $2::text
limit 10
-- $1 "#1"
-- $2 "CH01"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('code', "t1"."code", 'country', "t1"."country") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."code", "t1"."country", "t1"."code" as "#1", "t1"."id" as "#2"
        from "legal_entity" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."code" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
