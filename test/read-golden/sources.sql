select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'source', (select json_build_object('connection', (select "c"."code"
            from connection c
            where c.tenant_id = "t3"."tenant_id" and c.id = "t3"."connection_id"), 'connectionName', (select "c"."name"
            from connection c
            where c.tenant_id = "t3"."tenant_id" and c.id = "t3"."connection_id"), 'externalNumber', "t3"."external_number", 'state', "t3"."state", 'syncedAt', to_char((case when "t3"."state" in ('SYNCED', 'GONE') then greatest("t3"."synced_at", ( select st.last_succeeded_at
                  from sync_stream st
                  where st.tenant_id = "t3"."tenant_id" and st.connection_id = "t3"."connection_id" and st.name = "t3"."stream")) end) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'isGone', ("t3"."state" = 'GONE'), 'authority', case when "t3"."record_kind" = 'Fulfilment' then case when "t3"."is_made_there" then 'CONNECTION' else 'PLATFORM' end else coalesce((select a.side
              from customer_account ca
              join authority a on a.tenant_id = ca.tenant_id and a.legal_entity_id = ca.legal_entity_id
              where ca.tenant_id = "t3"."tenant_id" and ca.id = "t3"."account_id" and a.record_kind = "t3"."record_kind"), 'PLATFORM') end, 'extensions', "t3"."extensions")
        from "erp_record" "t3"
        where "t3"."record_id" = "t1"."id" and "t3"."tenant_id" = $1::uuid
        order by "t3"."synced_at" desc, "t3"."id" desc
        limit 1), 'sources', (select coalesce(json_agg(json_build_object('connection', (select "c"."code"
                from connection c
                where c.tenant_id = "t4"."tenant_id" and c.id = "t4"."connection_id"))
            order by "t4"."synced_at" desc, "t4"."id" desc), '[]'::json)
        from "erp_record" "t4"
        where "t4"."record_id" = "t1"."id" and "t4"."tenant_id" = $2::uuid), 'pending', (select coalesce(json_agg(json_build_object('command', "t5"."command", 'lifecycle', "t5"."lifecycle", 'recordId', case "t5"."record_kind" when 'PaymentTerms' then 'pt_' when 'Product' then 'prd_' when 'CustomerAccount' then 'acc_' when 'Order' then 'ord_' when 'Fulfilment' then 'ful_' when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' when 'Payment' then 'pay_' end || "t5"."record_id")
            order by "t5"."created_at" asc, "t5"."id" asc), '[]'::json)
        from "erp_request" "t5"
        where "t5"."record_id" = "t1"."id" and "t5"."tenant_id" = $3::uuid and "t5"."lifecycle" = $4::text)) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."id", "t1"."number" as "#1", "t1"."id" as "#2"
        from "invoice" "t1"
        where "t1"."tenant_id" = $5::uuid and "t1"."lifecycle" = $6::text
        order by "t1"."number" asc, "t1"."id" asc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "SENT"
-- $5 "#1"
-- $6 "ISSUED"

select json_build_object('sku', "t1"."sku", 'source', (select json_build_object('externalId', "t2"."external_id")
    from "erp_record" "t2"
    where "t2"."record_id" = "t1"."id" and "t2"."tenant_id" = $1::uuid
    order by "t2"."synced_at" desc, "t2"."id" desc
    limit 1))::text as answer, null as choice
from "product" "t1"
where "t1"."tenant_id" = $2::uuid and true and "t1"."id" in ( select s.record_id
  from connection c
  join sync_stream st on st.tenant_id = c.tenant_id and st.connection_id = c.id
  join erp_record s on s.tenant_id = st.tenant_id and s.connection_id = st.connection_id and s.stream = st.name
  where c.tenant_id = "t1"."tenant_id" and c.code = $3::text and s.external_id = $4::text)
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "books"
-- $4 "none"
