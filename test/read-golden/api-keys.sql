select json_build_object('name', "t1"."name", 'expiresAt', to_char(("t1"."expires_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'actor', case when "t2"."id" is not null then json_build_object('name', "t2"."name", 'kind', "t2"."kind", 'roles', (select coalesce(json_agg(json_build_object('role', "t3"."role")
          order by "t3"."role" asc, "t3"."id" asc), '[]'::json)
      from "actor_role" "t3"
      where "t3"."actor_id" = "t2"."id" and "t3"."tenant_id" = $1::uuid)) end)::text as answer, null as choice
from "api_key" "t1"
left join "actor" "t2" on "t2"."id" = "t1"."actor_id" and "t2"."tenant_id" = $2::uuid
where "t1"."tenant_id" = $3::uuid and "t1"."id" = $4::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "api_key" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('name', "t1"."name", 'revokedAt', to_char(("t1"."revoked_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."name", "t1"."revoked_at", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "api_key" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
