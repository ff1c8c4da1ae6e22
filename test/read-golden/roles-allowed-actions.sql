select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'lifecycle', "t1"."lifecycle", 'allowedActions', '[]'::json) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."lifecycle", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "invoice" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."created_at" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'lifecycle', "t1"."lifecycle", 'allowedActions', (select coalesce(json_agg(a.action
            order by a.rank), '[]'::json)
        from (values ('RECEIVE', 'PENDING', 0, null::uuid[]), ('FAIL', 'PENDING', 1, null::uuid[]), ('CANCEL', 'PENDING', 2, null::uuid[]), ('APPLY', 'RECEIVED', 3, null::uuid[]), ('RETURN', 'RECEIVED', 4, null::uuid[])) as a(action, state, rank, entities)
        where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities)))) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."lifecycle", "t1"."legal_entity_id", "t1"."number" as "#1", "t1"."id" as "#2"
        from "payment" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."number" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
