select (select json_build_object('totalCount', (select count(*)
      from "connection" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('code', "t1"."code", 'lifecycle', "t1"."lifecycle") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."code", "t1"."lifecycle", "t1"."code" as "#1", "t1"."id" as "#2"
        from "connection" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."code" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"

select json_build_object('code', "t1"."code", 'name', "t1"."name", 'connector', "t1"."connector", 'lifecycle', "t1"."lifecycle", 'config', "t1"."config", 'health', coalesce((select "s"."health"
      from connection_state s
      where s.tenant_id = "t1"."tenant_id" and s.connection_id = "t1"."id"), 'UNKNOWN'), 'company', coalesce((select "s"."company"
      from connection_state s
      where s.tenant_id = "t1"."tenant_id" and s.connection_id = "t1"."id"), null), 'warnings', coalesce((select "s"."warnings"
      from connection_state s
      where s.tenant_id = "t1"."tenant_id" and s.connection_id = "t1"."id"), '[]'::jsonb), 'failure', coalesce((select "s"."failure"
      from connection_state s
      where s.tenant_id = "t1"."tenant_id" and s.connection_id = "t1"."id"), null), 'breakerUntil', to_char((coalesce((select "s"."breaker_until"
          from connection_state s
          where s.tenant_id = "t1"."tenant_id" and s.connection_id = "t1"."id"), null)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'legalEntities', (select coalesce(json_agg(json_build_object('legalEntity', case when "t3"."id" is not null then json_build_object('code', "t3"."code") end, 'authorities', (select coalesce(json_agg(json_build_object('recordKind', "t4"."record_kind", 'side', "t4"."side")
                order by "t4"."record_kind" asc, "t4"."id" asc), '[]'::json)
            from "authority" "t4"
            where "t4"."legal_entity_id" = "t2"."legal_entity_id" and "t4"."tenant_id" = $1::uuid))
        order by "t2"."id" asc), '[]'::json)
    from "connection_legal_entity" "t2"
    left join "legal_entity" "t3" on "t3"."id" = "t2"."legal_entity_id" and "t3"."tenant_id" = $2::uuid
    where "t2"."connection_id" = "t1"."id" and "t2"."tenant_id" = $3::uuid), 'streams', (select coalesce(json_agg(json_build_object('name', "t5"."name", 'recordKind', "t5"."record_kind", 'lastSucceededAt', to_char(("t5"."last_succeeded_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'recordCount', (select count(*)::int
            from erp_record r
            where r.tenant_id = "t5"."tenant_id" and r.connection_id = "t5"."connection_id" and r.stream = "t5"."name"), 'waitingCount', (select count(*)::int
            from erp_record r
            where r.tenant_id = "t5"."tenant_id" and r.connection_id = "t5"."connection_id" and r.stream = "t5"."name" and r.state = 'WAITING'), 'refusedCount', (select count(*)::int
            from erp_record r
            where r.tenant_id = "t5"."tenant_id" and r.connection_id = "t5"."connection_id" and r.stream = "t5"."name" and r.state = 'REFUSED'), 'openIssueCount', (select count(*)::int
            from sync_issue i
            where i.tenant_id = "t5"."tenant_id" and i.connection_id = "t5"."connection_id" and i.stream_id = "t5"."id" and i.lifecycle = 'OPEN'), 'runs', (select json_build_object('nodes', coalesce(json_agg("t7"."o1"
                  order by "t7"."#" asc) , '[]'::json))
            from (select "t6"."#", json_build_object('mode', "t6"."mode", 'state', "t6"."state") as "o1"
              from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
                from (select "t6"."mode", "t6"."state", "t6"."started_at" as "#1", "t6"."id" as "#2"
                  from "sync_run" "t6"
                  where "t6"."stream_id" = "t5"."id" and "t6"."tenant_id" = $4::uuid
                  order by "t6"."started_at" desc, "t6"."id" desc
                  limit 1) "t6") "t6" ) "t7"))
        order by "t5"."created_at" asc, "t5"."id" asc), '[]'::json)
    from "sync_stream" "t5"
    where "t5"."connection_id" = "t1"."id" and "t5"."tenant_id" = $5::uuid), 'runs', (select json_build_object('totalCount', (select count(*)
        from "sync_run" "t8"
        where "t8"."connection_id" = "t1"."id" and "t8"."tenant_id" = $6::uuid and "t8"."state" = $7::text))), 'drift', (select json_build_object('nodes', coalesce(json_agg("t11"."o1"
          order by "t11"."#" asc) , '[]'::json))
    from (select "t10"."#", json_build_object('kind', "t10"."kind", 'ours', "t10"."ours", 'theirs', "t10"."theirs", 'cause', "t10"."cause") as "o1"
      from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
        from (select "t10"."kind", "t10"."ours", "t10"."theirs", "t10"."cause", "t10"."created_at" as "#1", "t10"."id" as "#2"
          from "sync_drift" "t10"
          where "t10"."connection_id" = "t1"."id" and "t10"."tenant_id" = $8::uuid
          order by "t10"."created_at" desc, "t10"."id" desc
          limit 50) "t10") "t10" ) "t11"), 'issues', (select json_build_object('totalCount', (select count(*)
        from "sync_issue" "t12"
        where "t12"."connection_id" = "t1"."id" and "t12"."tenant_id" = $9::uuid))), 'requests', (select json_build_object('totalCount', (select count(*)
        from "erp_request" "t14"
        where "t14"."connection_id" = "t1"."id" and "t14"."tenant_id" = $10::uuid))))::text as answer, null as choice
from "connection" "t1"
where "t1"."tenant_id" = $11::uuid and "t1"."code" = $12::text
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
-- $6 "#1"
-- $7 "RUNNING"
-- $8 "#1"
-- $9 "#1"
-- $10 "#1"
-- $11 "#1"
-- $12 "books"

select json_build_object('reason', "t1"."reason", 'message', "t1"."message", 'connection', case when "t2"."id" is not null then json_build_object('code', "t2"."code") end, 'stream', case when "t3"."id" is not null then json_build_object('name', "t3"."name") end)::text as answer, null as choice
from "sync_issue" "t1"
left join "connection" "t2" on "t2"."id" = "t1"."connection_id" and "t2"."tenant_id" = $1::uuid
left join "sync_stream" "t3" on "t3"."id" = "t1"."stream_id" and "t3"."tenant_id" = $2::uuid
where "t1"."tenant_id" = $3::uuid and "t1"."id" = $4::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#2"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('recordId', case "t1"."record_kind" when 'PaymentTerms' then 'pt_' when 'Product' then 'prd_' when 'CustomerAccount' then 'acc_' when 'Order' then 'ord_' when 'Fulfilment' then 'ful_' when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' when 'Payment' then 'pay_' end || "t1"."record_id", 'externalId', "t1"."external_id", 'message', "t1"."message") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."record_kind", "t1"."record_id", "t1"."external_id", "t1"."message", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "sync_issue" "t1"
        where "t1"."tenant_id" = $1::uuid and "t1"."lifecycle" = $2::text
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "OPEN"

select json_build_object('command', "t1"."command", 'recordKind', "t1"."record_kind", 'connection', case when "t2"."id" is not null then json_build_object('code', "t2"."code") end, 'customer', case when "t4"."id" is not null then json_build_object('number', "t4"."number") end)::text as answer, null as choice
from "erp_request" "t1"
left join "connection" "t2" on "t2"."id" = "t1"."connection_id" and "t2"."tenant_id" = $1::uuid
left join "customer_account" "t3" on "t3"."id" = "t1"."account_id" and "t3"."tenant_id" = $2::uuid
left join "customer" "t4" on "t4"."id" = "t3"."customer_id" and "t4"."tenant_id" = $3::uuid
where "t1"."tenant_id" = $4::uuid and "t1"."id" = $5::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#3"

select (select json_build_object('totalCount', (select count(*)
      from "erp_request" "t1"
      where "t1"."tenant_id" = $1::uuid and "t1"."lifecycle" = $2::text)))::text as answer
-- $1 "#1"
-- $2 "SENT"

select json_build_object('side', "t1"."side")::text as answer, "t2"."code" as choice
from "authority" "t1"
left join "legal_entity" "t2" on "t2"."id" = "t1"."legal_entity_id" and "t2"."tenant_id" = $1::uuid
where "t1"."tenant_id" = $2::uuid and (exists (select
    from "legal_entity" "t1r"
    where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1"."legal_entity_id" and "t1r"."tenant_id" = $3::uuid and "t1r"."code" = $4::text) and "t1"."record_kind" = $5::text)
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "CH01"
-- $5 "Order"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('recordKind', "t1"."record_kind", 'side', "t1"."side", 'legalEntity', case when "t3"."id" is not null then json_build_object('code', "t3"."code") end) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."record_kind", "t1"."side", "t1"."legal_entity_id", "t1"."record_kind" as "#1", "t1"."id" as "#2"
        from "authority" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."record_kind" asc, "t1"."id" asc
        limit 50) "t1") "t1"
    left join "legal_entity" "t3" on "t3"."id" = "t1"."legal_entity_id" and "t3"."tenant_id" = $2::uuid) "t2")::text as answer
-- $1 "#1"
-- $2 "#1"
