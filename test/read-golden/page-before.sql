select (select json_build_object('edges', coalesce(json_agg("t2"."o1"
        order by "t2"."#" desc) filter (where "t2"."#" <= 2), '[]'::json), 'pageInfo', json_build_object('hasNextPage', false, 'hasPreviousPage', count(*) > 2))
  from (select "t1"."#", json_build_object('cursor', translate(encode(convert_to(json_build_array('j1_2jO', "t1"."#1", "t1"."#2")::text, 'UTF8'), 'base64'), E'+/=\n', '-_'), 'node', json_build_object('number', "t1"."number", 'status', "t1"."status")) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."number", "t1"."status", "t1"."number" as "#1", "t1"."id" as "#2"
        from "invoice" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."number" desc, "t1"."id" desc
        limit 3) "t1") "t1" ) "t2")::text as answer
-- $1 "#3"
