select json_build_object('number', "t1"."number", 'lifecycle', "t1"."lifecycle", 'returnStatus', "t1"."return_status", 'carrier', "t1"."carrier", 'trackingNumber', "t1"."tracking_number", 'shippedOn', "t1"."shipped_on", 'deliveredOn', "t1"."delivered_on", 'receivedBy', "t1"."received_by", 'providerStatus', "t1"."provider_status", 'order', case when "t2"."id" is not null then json_build_object('number', "t2"."number") end, 'lines', (select coalesce(json_agg(json_build_object('quantity', trim_scale("t3"."quantity")::text, 'returnedQuantity', trim_scale("t3"."returned_quantity")::text, 'orderLine', case when "t4"."id" is not null then json_build_object('sku', "t4"."sku") end)
        order by "t3"."id" asc), '[]'::json)
    from "fulfilment_line" "t3"
    left join "order_line" "t4" on "t4"."id" = "t3"."order_line_id" and "t4"."tenant_id" = $1::uuid
    where "t3"."fulfilment_id" = "t1"."id" and "t3"."tenant_id" = $2::uuid), 'tracking', (select coalesce(json_agg(json_build_object('kind', "t5"."kind", 'source', "t5"."source")
        order by "t5"."occurred_at" asc, "t5"."id" asc), '[]'::json)
    from "tracking_event" "t5"
    where "t5"."fulfilment_id" = "t1"."id" and "t5"."tenant_id" = $3::uuid), 'allowedActions', (select coalesce(json_agg(a.action
        order by a.rank), '[]'::json)
    from (values ('RELEASE', 'PLANNED', 0, null::uuid[], "t1"."origin" = 'PLANNED'), ('SHIP', 'RELEASED', 1, null::uuid[], "t1"."origin" = 'PLANNED'), ('DELIVER', 'SHIPPED', 2, null::uuid[], "t1"."origin" = 'PLANNED'), ('CANCEL', 'PLANNED', 3, null::uuid[], "t1"."origin" = 'PLANNED'), ('CANCEL', 'RELEASED', 4, null::uuid[], "t1"."origin" = 'PLANNED'), ('RETURN', 'SHIPPED', 5, null::uuid[], true), ('RETURN', 'DELIVERED', 6, null::uuid[], true), ('TRACK', 'RELEASED', 7, null::uuid[], true), ('TRACK', 'SHIPPED', 8, null::uuid[], true), ('TRACK', 'DELIVERED', 9, null::uuid[], true), ('TRACK', 'CANCELLED', 10, null::uuid[], true)) as a(action, state, rank, entities, fits)
    where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities)) and a.fits))::text as answer, null as choice
from "fulfilment" "t1"
left join "sales_order" "t2" on "t2"."id" = "t1"."order_id" and "t2"."tenant_id" = $4::uuid
where "t1"."tenant_id" = $5::uuid and "t1"."id" = $6::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
-- $6 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "fulfilment" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."number", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "fulfilment" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"

select json_build_object('name', "t1"."name", 'baseUrl', "t1"."base_url", 'isActive', "t1"."is_active")::text as answer, null as choice
from "logistics_provider" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."code" = $2::text
limit 10
-- $1 "#1"
-- $2 "fastship"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('code', "t1"."code") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."code", "t1"."code" as "#1", "t1"."id" as "#2"
        from "logistics_provider" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."code" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
