select (select json_build_object('edges', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) filter (where "t2"."#" <= 2), '[]'::json), 'pageInfo', json_build_object('hasNextPage', count(*) > 2, 'hasPreviousPage', (exists (select
          from "invoice" "t1"
          where "t1"."tenant_id" = $1::uuid and "t1"."due_on" = $2::date and "t1"."total_minor" = $3::bigint and "t1"."id" = $4::uuid) or exists (select
          from "invoice" "t1"
          where "t1"."tenant_id" = $1::uuid and "t1"."due_on" < $5::date) or exists (select
          from "invoice" "t1"
          where "t1"."tenant_id" = $1::uuid and "t1"."due_on" = $6::date and ("t1"."total_minor", "t1"."id") > ($7::bigint, $8::uuid)))))
  from (select "t1"."#", json_build_object('cursor', translate(encode(convert_to(json_build_array('ioouaH', "t1"."#1", "t1"."#2"::text, "t1"."#3")::text, 'UTF8'), 'base64'), E'+/=\n', '-_'), 'node', json_build_object('dueOn', "t1"."due_on", 'total', json_build_object('amount', money_text("t1"."total_minor", "t1"."currency")))) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" desc, "#3" desc) as "#"
      from (select *
        from ((select "t1"."due_on", "t1"."total_minor", "t1"."currency", "t1"."due_on" as "#1", "t1"."total_minor" as "#2", "t1"."id" as "#3"
            from "invoice" "t1"
            where "t1"."tenant_id" = $1::uuid and "t1"."due_on" > $9::date
            order by "t1"."due_on" asc, "t1"."total_minor" desc, "t1"."id" desc
            limit 3)
          union all (select "t1"."due_on", "t1"."total_minor", "t1"."currency", "t1"."due_on" as "#1", "t1"."total_minor" as "#2", "t1"."id" as "#3"
            from "invoice" "t1"
            where "t1"."tenant_id" = $1::uuid and "t1"."due_on" is null
            order by "t1"."due_on" asc, "t1"."total_minor" desc, "t1"."id" desc
            limit 3)
          union all (select "t1"."due_on", "t1"."total_minor", "t1"."currency", "t1"."due_on" as "#1", "t1"."total_minor" as "#2", "t1"."id" as "#3"
            from "invoice" "t1"
            where "t1"."tenant_id" = $1::uuid and "t1"."due_on" = $10::date and ("t1"."total_minor", "t1"."id") < ($11::bigint, $12::uuid)
            order by "t1"."due_on" asc, "t1"."total_minor" desc, "t1"."id" desc
            limit 3)) "t1"
        order by "#1" asc, "#2" desc, "#3" desc
        limit 3) "t1") "t1" ) "t2")::text as answer
-- $1 "00000000-0000-7000-8001-000000000000"
-- $2 "2026-02-03"
-- $3 "1333"
-- $4 "00000000-0000-7004-8001-000000000024"
-- $5 "2026-02-03"
-- $6 "2026-02-03"
-- $7 "1333"
-- $8 "00000000-0000-7004-8001-000000000024"
-- $9 "2026-02-03"
-- $10 "2026-02-03"
-- $11 "1333"
-- $12 "00000000-0000-7004-8001-000000000024"
