select json_build_object('id', 'inv_' || "t1"."id", 'status', "t1"."status", 'customerReference', "t1"."customer_reference", 'net', json_build_object('amount', money_text("t1"."net_minor", "t1"."currency"), 'currency', "t1"."currency"), 'tax', json_build_object('amount', money_text("t1"."tax_minor", "t1"."currency")), 'total', json_build_object('amount', money_text("t1"."total_minor", "t1"."currency")), 'paid', json_build_object('amount', money_text("t1"."paid_minor", "t1"."currency")), 'open', json_build_object('amount', money_text("t1"."open_minor", "t1"."currency")), 'issuedOn', "t1"."issued_on", 'dueOn', "t1"."due_on", 'settledOn', "t1"."settled_on", 'allowedActions', (select coalesce(json_agg(a.action
        order by a.rank), '[]'::json)
    from (values ('EDIT', 'DRAFT', 0, null::uuid[]), ('ISSUE', 'DRAFT', 1, null::uuid[]), ('CANCEL', 'DRAFT', 2, null::uuid[]), ('CREDIT', 'ISSUED', 3, null::uuid[]), ('WRITE_OFF', 'ISSUED', 4, null::uuid[])) as a(action, state, rank, entities)
    where a.state = "t1"."lifecycle" and (a.entities is null or "t1"."legal_entity_id" = any(a.entities))), 'lines', (select coalesce(json_agg(json_build_object('lineNumber', "t2"."line_number", 'description', "t2"."description", 'quantity', trim_scale("t2"."quantity")::text, 'unitPrice', trim_scale("t2"."unit_price")::text, 'net', json_build_object('amount', money_text("t2"."net_minor", "t2"."currency")), 'taxCategory', "t2"."tax_category", 'taxRate', trim_scale("t2"."tax_rate")::text)
        order by "t2"."line_number" asc, "t2"."id" asc), '[]'::json)
    from "invoice_line" "t2"
    where "t2"."invoice_id" = "t1"."id" and "t2"."tenant_id" = $1::uuid), 'taxes', (select coalesce(json_agg(json_build_object('taxCategory', "t3"."tax_category", 'taxRate', trim_scale("t3"."tax_rate")::text, 'taxable', json_build_object('amount', money_text("t3"."taxable_minor", "t3"."currency")), 'tax', json_build_object('amount', money_text("t3"."tax_minor", "t3"."currency")))
        order by "t3"."tax_category" asc, "t3"."tax_rate" asc, "t3"."id" asc), '[]'::json)
    from "invoice_tax" "t3"
    where "t3"."invoice_id" = "t1"."id" and "t3"."tenant_id" = $2::uuid), 'items', (select coalesce(json_agg(json_build_object('instalment', "t4"."instalment", 'open', json_build_object('amount', money_text("t4"."open_minor", "t4"."currency")))
        order by "t4"."instalment" asc, "t4"."id" asc), '[]'::json)
    from "open_item" "t4"
    where "t4"."document_id" = "t1"."id" and "t4"."tenant_id" = $3::uuid), 'creditNotes', (select json_build_object('totalCount', (select count(*)
        from "credit_note" "t5"
        where "t5"."invoice_id" = "t1"."id" and "t5"."tenant_id" = $4::uuid), 'nodes', coalesce(json_agg("t6"."o1"
          order by "t6"."#" asc) , '[]'::json))
    from (select "t5"."#", json_build_object('number', "t5"."number", 'total', json_build_object('amount', money_text("t5"."total_minor", "t5"."currency"))) as "o1"
      from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
        from (select "t5"."number", "t5"."total_minor", "t5"."currency", "t5"."issued_on" as "#1", "t5"."id" as "#2"
          from "credit_note" "t5"
          where "t5"."invoice_id" = "t1"."id" and "t5"."tenant_id" = $4::uuid
          order by "t5"."issued_on" asc, "t5"."id" asc
          limit 50) "t5") "t5" ) "t6"))::text as answer, "t7"."code" as choice
from "invoice" "t1"
left join "legal_entity" "t7" on "t7"."id" = "t1"."legal_entity_id" and "t7"."tenant_id" = $5::uuid
where "t1"."tenant_id" = $6::uuid and (exists (select
    from "legal_entity" "t1r"
    where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1"."legal_entity_id" and "t1r"."tenant_id" = $7::uuid and "t1r"."code" = $8::text) and "t1"."number" = $9::text)
limit 10
-- $1 "#2"
-- $2 "#2"
-- $3 "#2"
-- $4 "#2"
-- $5 "#2"
-- $6 "#2"
-- $7 "#2"
-- $8 "DE01"
-- $9 "INV-DE01-000001"

select (select json_build_object('totalCount', (select count(*)
      from "invoice" "t1"
      where "t1"."tenant_id" = $1::uuid and (exists (select
          from "customer_account" "t1m"
          where "t1m"."tenant_id" = "t1"."tenant_id" and "t1m"."id" = "t1"."account_id" and "t1m"."tenant_id" = $2::uuid and exists (select
            from "customer" "t1r"
            where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1m"."customer_id" and "t1r"."tenant_id" = $3::uuid and "t1r"."number" = $4::text)) or exists (select
          from "customer_account" "t1m"
          where "t1m"."tenant_id" = "t1"."tenant_id" and "t1m"."id" = "t1"."account_id" and "t1m"."tenant_id" = $5::uuid and exists (select
            from "customer" "t1r"
            where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1m"."customer_id" and "t1r"."tenant_id" = $6::uuid and "t1r"."parent_id" = $7::uuid)))), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'status', "t1"."status", 'total', json_build_object('amount', money_text("t1"."total_minor", "t1"."currency")), 'customer', case when "t4"."id" is not null then json_build_object('number', "t4"."number") end) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."status", "t1"."total_minor", "t1"."currency", "t1"."account_id", "t1"."number" as "#1", "t1"."id" as "#2"
        from "invoice" "t1"
        where "t1"."tenant_id" = $1::uuid and (exists (select
            from "customer_account" "t1m"
            where "t1m"."tenant_id" = "t1"."tenant_id" and "t1m"."id" = "t1"."account_id" and "t1m"."tenant_id" = $2::uuid and exists (select
              from "customer" "t1r"
              where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1m"."customer_id" and "t1r"."tenant_id" = $3::uuid and "t1r"."number" = $4::text)) or exists (select
            from "customer_account" "t1m"
            where "t1m"."tenant_id" = "t1"."tenant_id" and "t1m"."id" = "t1"."account_id" and "t1m"."tenant_id" = $5::uuid and exists (select
              from "customer" "t1r"
              where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1m"."customer_id" and "t1r"."tenant_id" = $6::uuid and "t1r"."parent_id" = $7::uuid)))
        order by "t1"."number" asc, "t1"."id" asc
        limit 50) "t1") "t1"
    left join "customer_account" "t3" on "t3"."id" = "t1"."account_id" and "t3"."tenant_id" = $8::uuid
    left join "customer" "t4" on "t4"."id" = "t3"."customer_id" and "t4"."tenant_id" = $9::uuid) "t2")::text as answer
-- $1 "#2"
-- $2 "#2"
-- $3 "#2"
-- $4 "C-1"
-- $5 "#2"
-- $6 "#2"
-- $7 "#3"
-- $8 "#2"
-- $9 "#2"
