select json_build_object('id', 'wh_' || "t1"."id", 'url', "t1"."url")::text as answer, null as choice
from "webhook_endpoint" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#1"
-- $2 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "webhook_endpoint" "t1"
      where "t1"."tenant_id" = $1::uuid and "t1"."lifecycle" = $2::text), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('id', 'wh_' || "t1"."id", 'url', "t1"."url", 'eventTypes', "t1"."event_types", 'lifecycle', "t1"."lifecycle", 'secretHint', "t1"."secret_hint", 'failureCount', (select q.failure_count
        from webhook_queue q
        where q.tenant_id = "t1"."tenant_id" and q.endpoint_id = "t1"."id"), 'pendingCount', (select q.pending_count::int
        from webhook_queue q
        where q.tenant_id = "t1"."tenant_id" and q.endpoint_id = "t1"."id"), 'createdBy', case when "t3"."id" is not null then json_build_object('name', "t3"."name") end, 'deliveries', (select json_build_object('nodes', coalesce(json_agg("t5"."o1"
              order by "t5"."#" asc) , '[]'::json))
        from (select "t4"."#", json_build_object('id', 'whd_' || "t4"."id", 'eventType', "t4"."event_type", 'cursor', "t4"."position"::text, 'attempts', (select coalesce(json_agg(json_build_object('number', "t6"."number", 'status', "t6"."status", 'durationMs', "t6"."duration_ms")
                  order by "t6"."number" asc, "t6"."id" asc), '[]'::json)
              from "webhook_attempt" "t6"
              where "t6"."delivery_id" = "t4"."id" and "t6"."tenant_id" = $3::uuid)) as "o1"
          from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
            from (select "t4"."id", "t4"."event_type", "t4"."position", "t4"."created_at" as "#1", "t4"."id" as "#2"
              from "webhook_delivery" "t4"
              where "t4"."endpoint_id" = "t1"."id" and "t4"."tenant_id" = $4::uuid and "t4"."state" = $5::text
              order by "t4"."created_at" desc, "t4"."id" desc
              limit 2) "t4") "t4" ) "t5")) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."id", "t1"."url", "t1"."event_types", "t1"."lifecycle", "t1"."secret_hint", "t1"."tenant_id", "t1"."created_by_id", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "webhook_endpoint" "t1"
        where "t1"."tenant_id" = $1::uuid and "t1"."lifecycle" = $2::text
        order by "t1"."created_at" asc, "t1"."id" asc
        limit 2) "t1") "t1"
    left join "actor" "t3" on "t3"."id" = "t1"."created_by_id" and "t3"."tenant_id" = $6::uuid) "t2")::text as answer
-- $1 "#1"
-- $2 "ACTIVE"
-- $3 "#1"
-- $4 "#1"
-- $5 "DEAD"
-- $6 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o0"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "webhook_endpoint" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groups', (select coalesce(json_agg("t6"."o0"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select json_build_object('id', 'whd_' || "t1"."id", 'state', "t1"."state")::text as answer, null as choice
from "webhook_delivery" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#1"
-- $2 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "webhook_delivery" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('id', 'whd_' || "t1"."id", 'endpoint', case when "t3"."id" is not null then json_build_object('url', "t3"."url") end, 'recordKind', "t1"."record_kind", 'recordId', "t1"."record_id", 'failure', "t1"."failure", 'nextAt', to_char(("t1"."next_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."id", "t1"."record_kind", "t1"."record_id", "t1"."failure", "t1"."next_at", "t1"."endpoint_id", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "webhook_delivery" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 2) "t1") "t1"
    left join "webhook_endpoint" "t3" on "t3"."id" = "t1"."endpoint_id" and "t3"."tenant_id" = $2::uuid) "t2")::text as answer
-- $1 "#1"
-- $2 "#1"

select (with "t5" as (select "t3"."r1" as "k0", json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o0"
    from (select "t2"."r1", true as "whole", count(*) as "a1"
      from (select "t1"."state" as "r1"
        from "webhook_delivery" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2"
      group by "t2"."r1") "t3"
    group by "t3"."r1" having true), "t6" as (select "t5".*, row_number() over (order by "t5"."k0" asc) as "#"
    from "t5"
    order by "t5"."k0" asc
    limit 1001) select json_build_object('groups', (select coalesce(json_agg("t6"."o0"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"
