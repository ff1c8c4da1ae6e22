select (select json_build_object('totalCount', (select count(*)
      from "customer_match" "t1"
      where "t1"."tenant_id" = $1::uuid and "t1"."lifecycle" = any($2::text[])), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('score', trim_scale("t1"."score")::text, 'customer', case when "t3"."id" is not null then json_build_object('number', "t3"."number") end, 'otherCustomer', case when "t4"."id" is not null then json_build_object('number', "t4"."number") end, 'keptCustomer', case when "t5"."id" is not null then json_build_object('number', "t5"."number", 'merged', (select coalesce(json_agg(json_build_object('number', "t6"."number")
              order by "t6"."number" asc, "t6"."id" asc), '[]'::json)
          from "customer" "t6"
          where "t6"."merged_into_id" = "t5"."id" and "t6"."tenant_id" = $3::uuid)) end, 'evidence', (select coalesce(json_agg(json_build_object('kind', "t7"."kind", 'level', "t7"."level", 'weight', trim_scale("t7"."weight")::text, 'sentence', "t7"."sentence")
            order by "t7"."place" asc, "t7"."id" asc), '[]'::json)
        from "customer_match_evidence" "t7"
        where "t7"."match_id" = "t1"."id" and "t7"."tenant_id" = $4::uuid), 'allowedActions', (select coalesce(json_agg(a.action
            order by a.rank), '[]'::json)
        from (values ('CONFIRM', 'PROPOSED', 0, null::uuid[]), ('CONFIRM', 'REJECTED', 1, null::uuid[]), ('CONFIRM', 'UNDONE', 2, null::uuid[]), ('CONFIRM', 'WITHDRAWN', 3, null::uuid[]), ('REJECT', 'PROPOSED', 4, null::uuid[]), ('UNDO', 'CONFIRMED', 5, null::uuid[])) as a(action, state, rank, entities)
        where a.state = "t1"."lifecycle" and (a.entities is null ))) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."score", "t1"."id", "t1"."lifecycle", "t1"."customer_id", "t1"."other_customer_id", "t1"."kept_customer_id", "t1"."score" as "#1", "t1"."id" as "#2"
        from "customer_match" "t1"
        where "t1"."tenant_id" = $1::uuid and "t1"."lifecycle" = any($2::text[])
        order by "t1"."score" desc, "t1"."id" desc
        limit 50) "t1") "t1"
    left join "customer" "t3" on "t3"."id" = "t1"."customer_id" and "t3"."tenant_id" = $5::uuid
    left join "customer" "t4" on "t4"."id" = "t1"."other_customer_id" and "t4"."tenant_id" = $6::uuid
    left join "customer" "t5" on "t5"."id" = "t1"."kept_customer_id" and "t5"."tenant_id" = $7::uuid) "t2")::text as answer
-- $1 "#1"
-- $2 ["PROPOSED","CONFIRMED"]
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
-- $6 "#1"
-- $7 "#1"

select json_build_object('lifecycle', "t1"."lifecycle")::text as answer, null as choice
from "customer_match" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#1"
-- $2 "#2"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('mergedInto', case when "t3"."id" is not null then json_build_object('number', "t3"."number") end, 'matches', (select coalesce(json_agg(json_build_object('lifecycle', "t4"."lifecycle")
            order by "t4"."score" desc, "t4"."id" desc), '[]'::json)
        from "customer_match" "t4"
        where ("t4"."customer_id" = "t1"."id" or "t4"."other_customer_id" = "t1"."id") and "t4"."tenant_id" = $1::uuid)) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."id", "t1"."merged_into_id", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "customer" "t1"
        where "t1"."tenant_id" = $2::uuid
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 2) "t1") "t1"
    left join "customer" "t3" on "t3"."id" = "t1"."merged_into_id" and "t3"."tenant_id" = $3::uuid) "t2")::text as answer
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
