select json_build_object('kind', "t1"."kind", 'lifecycle', "t1"."lifecycle", 'recordKind', "t1"."record_kind", 'amount', case when "t1"."amount_minor" is not null then json_build_object('amount', money_text("t1"."amount_minor", "t1"."currency"), 'currency', "t1"."currency") end, 'reason', "t1"."reason", 'requestedBy', case when "t2"."id" is not null then json_build_object('name', "t2"."name") end, 'decidedBy', case when "t3"."id" is not null then json_build_object('name', "t3"."name") end, 'decisionReason', "t1"."decision_reason", 'allowedActions', (select coalesce(json_agg(a.action
        order by a.rank), '[]'::json)
    from (values ('APPROVE', 'REQUESTED', 0, null::uuid[], "t1"."kind" = 'CREDIT_RELEASE'), ('APPROVE', 'REQUESTED', 0, null::uuid[], "t1"."kind" = 'CREDIT_LIMIT'), ('APPROVE', 'REQUESTED', 0, null::uuid[], "t1"."kind" = 'WRITE_OFF'), ('REJECT', 'REQUESTED', 1, null::uuid[], true), ('WITHDRAW', 'REQUESTED', 2, null::uuid[], true)) as a(action, state, rank, entities, fits)
    where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities)) and a.fits))::text as answer, null as choice
from "approval" "t1"
left join "actor" "t2" on "t2"."id" = "t1"."requested_by_id" and "t2"."tenant_id" = $1::uuid
left join "actor" "t3" on "t3"."id" = "t1"."decided_by_id" and "t3"."tenant_id" = $2::uuid
where "t1"."tenant_id" = $3::uuid and "t1"."id" = $4::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "approval" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('kind', "t1"."kind", 'lifecycle', "t1"."lifecycle") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."kind", "t1"."lifecycle", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "approval" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"

select json_build_object('firstPermission', "t1"."first_permission", 'secondPermission', "t1"."second_permission", 'extent', "t1"."extent")::text as answer, null as choice
from "forbidden_pair" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#1"
-- $2 "#3"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('firstPermission', "t1"."first_permission", 'secondPermission', "t1"."second_permission") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc, "#3" asc) as "#"
      from (select "t1"."first_permission", "t1"."second_permission", "t1"."first_permission" as "#1", "t1"."second_permission" as "#2", "t1"."id" as "#3"
        from "forbidden_pair" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."first_permission" asc, "t1"."second_permission" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
