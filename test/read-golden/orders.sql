select json_build_object('number', "t1"."number", 'lifecycle', "t1"."lifecycle", 'fulfilmentStatus', "t1"."fulfilment_status", 'billingStatus', "t1"."billing_status", 'returnStatus', "t1"."return_status", 'paymentStatus', (select case when count(*) = 0 or sum(i.open_minor) = sum(i.total_minor) and sum(i.total_minor) > 0 then 'NONE' when sum(i.open_minor) = 0 then 'FULL' else 'PARTIAL' end
    from invoice i
    where i.tenant_id = "t1"."tenant_id" and i.order_id = "t1"."id" and i.lifecycle = 'ISSUED'), 'onHold', ("t1"."open_hold_count" > 0), 'net', json_build_object('amount', money_text("t1"."net_minor", "t1"."currency"), 'currency', "t1"."currency"), 'tax', json_build_object('amount', money_text("t1"."tax_minor", "t1"."currency")), 'total', json_build_object('amount', money_text("t1"."total_minor", "t1"."currency")), 'billed', json_build_object('amount', money_text("t1"."billed_minor", "t1"."currency")), 'credited', json_build_object('amount', money_text("t1"."credited_minor", "t1"."currency")), 'unbilled', json_build_object('amount', money_text("t1"."unbilled_minor", "t1"."currency")), 'lines', (select coalesce(json_agg(json_build_object('lineNumber', "t2"."line_number", 'sku', "t2"."sku", 'quantity', trim_scale("t2"."quantity")::text, 'shippedQuantity', trim_scale("t2"."shipped_quantity")::text, 'returnedQuantity', trim_scale("t2"."returned_quantity")::text, 'billedQuantity', trim_scale("t2"."billed_quantity")::text, 'unitPrice', trim_scale("t2"."unit_price")::text, 'priceRule', "t2"."price_rule", 'net', json_build_object('amount', money_text("t2"."net_minor", "t2"."currency")), 'product', case when "t3"."id" is not null then json_build_object('name', "t3"."name") end)
        order by "t2"."line_number" asc, "t2"."id" asc), '[]'::json)
    from "order_line" "t2"
    left join "product" "t3" on "t3"."id" = "t2"."product_id" and "t3"."tenant_id" = $1::uuid
    where "t2"."order_id" = "t1"."id" and "t2"."tenant_id" = $2::uuid), 'holds', (select coalesce(json_agg(json_build_object('kind', "t4"."kind", 'stage', "t4"."stage", 'lifecycle', "t4"."lifecycle", 'reason', "t4"."reason", 'amount', case when "t4"."amount_minor" is not null then json_build_object('amount', money_text("t4"."amount_minor", "t4"."currency")) end, 'releasedBy', case when "t5"."id" is not null then json_build_object('name', "t5"."name") end)
        order by "t4"."created_at" asc, "t4"."id" asc), '[]'::json)
    from "hold" "t4"
    left join "actor" "t5" on "t5"."id" = "t4"."released_by_id" and "t5"."tenant_id" = $3::uuid
    where "t4"."order_id" = "t1"."id" and "t4"."tenant_id" = $4::uuid), 'fulfilments', (select coalesce(json_agg(json_build_object('number', "t6"."number", 'lifecycle', "t6"."lifecycle")
        order by "t6"."created_at" asc, "t6"."id" asc), '[]'::json)
    from "fulfilment" "t6"
    where "t6"."order_id" = "t1"."id" and "t6"."tenant_id" = $5::uuid), 'invoices', (select json_build_object('nodes', coalesce(json_agg("t8"."o1"
          order by "t8"."#" asc) , '[]'::json))
    from (select "t7"."#", json_build_object('number', "t7"."number", 'total', json_build_object('amount', money_text("t7"."total_minor", "t7"."currency"))) as "o1"
      from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
        from (select "t7"."number", "t7"."total_minor", "t7"."currency", "t7"."created_at" as "#1", "t7"."id" as "#2"
          from "invoice" "t7"
          where "t7"."order_id" = "t1"."id" and "t7"."tenant_id" = $6::uuid
          order by "t7"."created_at" asc, "t7"."id" asc
          limit 50) "t7") "t7" ) "t8"), 'creditNotes', (select json_build_object('nodes', coalesce(json_agg("t10"."o1"
          order by "t10"."#" asc) , '[]'::json))
    from (select "t9"."#", json_build_object('number', "t9"."number", 'total', json_build_object('amount', money_text("t9"."total_minor", "t9"."currency"))) as "o1"
      from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
        from (select "t9"."number", "t9"."total_minor", "t9"."currency", "t9"."created_at" as "#1", "t9"."id" as "#2"
          from "credit_note" "t9"
          where "t9"."order_id" = "t1"."id" and "t9"."tenant_id" = $7::uuid
          order by "t9"."created_at" asc, "t9"."id" asc
          limit 50) "t9") "t9" ) "t10"), 'customer', case when "t12"."id" is not null then json_build_object('number', "t12"."number") end, 'allowedActions', (select coalesce(json_agg(a.action
        order by a.rank), '[]'::json)
    from (values ('EDIT', 'DRAFT', 0, null::uuid[], "t1"."origin" = 'PLACED'), ('SUBMIT', 'DRAFT', 1, null::uuid[], "t1"."origin" = 'PLACED'), ('CONFIRM', 'SUBMITTED', 2, null::uuid[], "t1"."origin" = 'PLACED'), ('CHANGE', 'SUBMITTED', 3, null::uuid[], "t1"."origin" = 'PLACED'), ('CHANGE', 'CONFIRMED', 4, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL_LINE', 'SUBMITTED', 5, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL_LINE', 'CONFIRMED', 6, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL', 'DRAFT', 7, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL', 'SUBMITTED', 8, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL', 'CONFIRMED', 9, null::uuid[], "t1"."origin" = 'PLACED'), ('HOLD', 'SUBMITTED', 10, null::uuid[], true), ('HOLD', 'CONFIRMED', 11, null::uuid[], true), ('FULFIL', 'CONFIRMED', 12, null::uuid[], true), ('CLOSE_SHORT', 'CONFIRMED', 14, null::uuid[], "t1"."origin" = 'PLACED')) as a(action, state, rank, entities, fits)
    where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities)) and a.fits))::text as answer, null as choice
from "sales_order" "t1"
left join "customer_account" "t11" on "t11"."id" = "t1"."account_id" and "t11"."tenant_id" = $8::uuid
left join "customer" "t12" on "t12"."id" = "t11"."customer_id" and "t12"."tenant_id" = $9::uuid
where "t1"."tenant_id" = $10::uuid and "t1"."id" = $11::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 "#1"
-- $6 "#1"
-- $7 "#1"
-- $8 "#1"
-- $9 "#1"
-- $10 "#1"
-- $11 "#2"

select (select json_build_object('totalCount', (select count(*)
      from "sales_order" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'lifecycle', "t1"."lifecycle", 'openHoldCount', "t1"."open_hold_count", 'allowedActions', (select coalesce(json_agg(a.action
            order by a.rank), '[]'::json)
        from (values ('EDIT', 'DRAFT', 0, null::uuid[], "t1"."origin" = 'PLACED'), ('SUBMIT', 'DRAFT', 1, null::uuid[], "t1"."origin" = 'PLACED'), ('CONFIRM', 'SUBMITTED', 2, null::uuid[], "t1"."origin" = 'PLACED'), ('CHANGE', 'SUBMITTED', 3, null::uuid[], "t1"."origin" = 'PLACED'), ('CHANGE', 'CONFIRMED', 4, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL_LINE', 'SUBMITTED', 5, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL_LINE', 'CONFIRMED', 6, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL', 'DRAFT', 7, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL', 'SUBMITTED', 8, null::uuid[], "t1"."origin" = 'PLACED'), ('CANCEL', 'CONFIRMED', 9, null::uuid[], "t1"."origin" = 'PLACED'), ('HOLD', 'SUBMITTED', 10, null::uuid[], true), ('HOLD', 'CONFIRMED', 11, null::uuid[], true), ('FULFIL', 'CONFIRMED', 12, null::uuid[], true), ('CLOSE_SHORT', 'CONFIRMED', 14, null::uuid[], "t1"."origin" = 'PLACED')) as a(action, state, rank, entities, fits)
        where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities)) and a.fits)) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."lifecycle", "t1"."open_hold_count", "t1"."origin", "t1"."legal_entity_id", "t1"."number" as "#1", "t1"."id" as "#2"
        from "sales_order" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."number" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"

select json_build_object('kind', "t1"."kind", 'order', case when "t2"."id" is not null then json_build_object('number', "t2"."number") end)::text as answer, null as choice
from "hold" "t1"
left join "sales_order" "t2" on "t2"."id" = "t1"."order_id" and "t2"."tenant_id" = $1::uuid
where "t1"."tenant_id" = $2::uuid and "t1"."id" = $3::uuid
limit 10
-- $1 "#1"
-- $2 "#1"
-- $3 "#3"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('kind', "t1"."kind", 'stage', "t1"."stage", 'reason', "t1"."reason", 'allowedActions', (select coalesce(json_agg(a.action
            order by a.rank), '[]'::json)
        from (values ('RELEASE', 'OPEN', 0, null::uuid[])) as a(action, state, rank, entities)
        where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities)))) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."kind", "t1"."stage", "t1"."reason", "t1"."lifecycle", "t1"."legal_entity_id", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "hold" "t1"
        where "t1"."tenant_id" = $1::uuid and "t1"."lifecycle" = $2::text
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "OPEN"

select json_build_object('description', "t1"."description", 'stage', "t1"."stage", 'field', "t1"."field", 'operator', "t1"."operator", 'operands', "t1"."operands")::text as answer, null as choice
from "validation_rule" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."code" = $2::text
limit 10
-- $1 "#1"
-- $2 "PO"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('code', "t1"."code", 'isActive', "t1"."is_active") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."code", "t1"."is_active", "t1"."code" as "#1", "t1"."id" as "#2"
        from "validation_rule" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."code" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
