select (select json_build_object('edges', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) filter (where "t2"."#" <= 2), '[]'::json), 'pageInfo', json_build_object('hasNextPage', count(*) > 2, 'hasPreviousPage', (exists (select
          from "invoice" "t1"
          where "t1"."tenant_id" = $1::uuid and "t1"."total_minor" = $2::bigint and "t1"."id" = $3::uuid) or exists (select
          from "invoice" "t1"
          where "t1"."tenant_id" = $1::uuid and ("t1"."total_minor", "t1"."id") > ($4::bigint, $5::uuid))), 'startCursor', (array_agg("t2"."c"
          order by "t2"."#" asc) filter (where "t2"."#" <= 2))[1], 'endCursor', (array_agg("t2"."c"
          order by "t2"."#" desc) filter (where "t2"."#" <= 2))[1]), 'totalCount', (select count(*)
      from "invoice" "t1"
      where "t1"."tenant_id" = $1::uuid))
  from (select "t1"."#", translate(encode(convert_to(json_build_array('U6DDtF', "t1"."#1"::text, "t1"."#2")::text, 'UTF8'), 'base64'), E'+/=\n', '-_') as c, json_build_object('cursor', translate(encode(convert_to(json_build_array('U6DDtF', "t1"."#1"::text, "t1"."#2")::text, 'UTF8'), 'base64'), E'+/=\n', '-_'), 'node', json_build_object('number', "t1"."number", 'total', json_build_object('amount', money_text("t1"."total_minor", "t1"."currency")))) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."number", "t1"."total_minor", "t1"."currency", "t1"."total_minor" as "#1", "t1"."id" as "#2"
        from "invoice" "t1"
        where "t1"."tenant_id" = $1::uuid and ("t1"."total_minor", "t1"."id") < ($6::bigint, $7::uuid)
        order by "t1"."total_minor" desc, "t1"."id" desc
        limit 3) "t1") "t1" ) "t2")::text as answer
-- $1 "#3"
-- $2 "119000"
-- $3 "#4"
-- $4 "119000"
-- $5 "#4"
-- $6 "119000"
-- $7 "#4"
