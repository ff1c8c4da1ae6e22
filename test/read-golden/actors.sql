select json_build_object('id', 'act_' || "t1"."id", 'name', "t1"."name", 'kind', "t1"."kind", 'roles', (select coalesce(json_agg(json_build_object('role', "t2"."role", 'legalEntityId', 'le_' || "t2"."legal_entity_id")
        order by "t2"."role" asc, "t2"."id" asc), '[]'::json)
    from "actor_role" "t2"
    where "t2"."actor_id" = "t1"."id" and "t2"."tenant_id" = $1::uuid), 'revokedAt', to_char(("t1"."revoked_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text as answer, null as choice
from "actor" "t1"
where "t1"."tenant_id" = $2::uuid and "t1"."id" = $3::uuid
limit 10
-- $1 "#2"
-- $2 "#2"
-- $3 "#1"

select (select json_build_object('totalCount', (select count(*)
      from "actor" "t1"
      where "t1"."tenant_id" = $1::uuid and "t1"."kind" <> $2::text), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('name', "t1"."name", 'kind', "t1"."kind", 'roles', (select coalesce(json_agg(json_build_object('role', "t3"."role")
            order by "t3"."role" asc, "t3"."id" asc), '[]'::json)
        from "actor_role" "t3"
        where "t3"."actor_id" = "t1"."id" and "t3"."tenant_id" = $3::uuid)) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."name", "t1"."kind", "t1"."id", "t1"."name" as "#1", "t1"."id" as "#2"
        from "actor" "t1"
        where "t1"."tenant_id" = $1::uuid and "t1"."kind" <> $2::text
        order by "t1"."name" asc, "t1"."id" asc
        limit 3) "t1") "t1" ) "t2")::text as answer
-- $1 "#2"
-- $2 "SYSTEM"
-- $3 "#2"
