select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('source', (select json_build_object('connection', (select "c"."code"
            from connection c
            where c.tenant_id = "t3"."tenant_id" and c.id = "t3"."connection_id"), 'syncedAt', to_char((case when "t3"."state" in ('SYNCED', 'GONE') then greatest("t3"."synced_at", ( select st.last_succeeded_at
                  from sync_stream st
                  where st.tenant_id = "t3"."tenant_id" and st.connection_id = "t3"."connection_id" and st.name = "t3"."stream")) end) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'authority', case when "t3"."record_kind" = 'Fulfilment' then case when "t3"."is_made_there" then 'CONNECTION' else 'PLATFORM' end else coalesce((select a.side
              from customer_account ca
              join authority a on a.tenant_id = ca.tenant_id and a.legal_entity_id = ca.legal_entity_id
              where ca.tenant_id = "t3"."tenant_id" and ca.id = "t3"."account_id" and a.record_kind = "t3"."record_kind"), 'PLATFORM') end)
        from "erp_record" "t3"
        where "t3"."record_id" = "t1"."id" and ("t3"."tenant_id" = $1::uuid and "t3"."account_id" = any($2::uuid[]))
        order by "t3"."synced_at" desc, "t3"."id" desc
        limit 1), 'pending', (select coalesce(json_agg(json_build_object('command', "t4"."command")
            order by "t4"."created_at" asc, "t4"."id" asc), '[]'::json)
        from "erp_request" "t4"
        where "t4"."record_id" = "t1"."id" and ("t4"."tenant_id" = $3::uuid and "t4"."account_id" = any($4::uuid[])) and "t4"."lifecycle" = $5::text)) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."id", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "invoice" "t1"
        where ("t1"."tenant_id" = $6::uuid and "t1"."account_id" = any($7::uuid[]) and "t1"."lifecycle" <> all($8::text[]))
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 1) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 ["#2"]
-- $3 "#1"
-- $4 ["#2"]
-- $5 "SENT"
-- $6 "#1"
-- $7 ["#2"]
-- $8 ["DRAFT","CANCELLED"]

select json_build_object('number', "t1"."number")::text as answer, null as choice
from "invoice" "t1"
where ("t1"."tenant_id" = $1::uuid and "t1"."account_id" = any($2::uuid[]) and "t1"."lifecycle" <> all($3::text[])) and true and "t1"."id" in ( select s.record_id
  from connection c
  join sync_stream st on st.tenant_id = c.tenant_id and st.connection_id = c.id
  join erp_record s on s.tenant_id = st.tenant_id and s.connection_id = st.connection_id and s.stream = st.name
  where c.tenant_id = "t1"."tenant_id" and c.code = $4::text and s.external_id = $5::text)
limit 10
-- $1 "#1"
-- $2 ["#2"]
-- $3 ["DRAFT","CANCELLED"]
-- $4 "books"
-- $5 "none"
