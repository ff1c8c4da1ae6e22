select json_build_object('number', "t1"."number", 'paymentTerms', case when "t2"."id" is not null then json_build_object('code', "t2"."code", 'discountPercent', trim_scale("t2"."discount_percent")::text) end, 'openItems', (select json_build_object('totalCount', (select count(*)
        from "open_item" "t3"
        where "t3"."account_id" = "t1"."id" and "t3"."tenant_id" = $1::uuid and ("t3"."currency" = $2::text and "t3"."open_minor" <> $3::bigint)), 'nodes', coalesce(json_agg("t4"."o1"
          order by "t4"."#" asc) , '[]'::json))
    from (select "t3"."#", json_build_object('documentNumber', "t3"."document_number", 'open', json_build_object('amount', money_text("t3"."open_minor", "t3"."currency"))) as "o1"
      from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
        from (select "t3"."document_number", "t3"."open_minor", "t3"."currency", "t3"."due_on" as "#1", "t3"."id" as "#2"
          from "open_item" "t3"
          where "t3"."account_id" = "t1"."id" and "t3"."tenant_id" = $1::uuid and ("t3"."currency" = $2::text and "t3"."open_minor" <> $3::bigint)
          order by "t3"."due_on" asc, "t3"."id" asc
          limit 2) "t3") "t3" ) "t4"))::text as answer, "t5"."code" as choice
from "customer_account" "t1"
left join "payment_terms" "t2" on "t2"."id" = "t1"."payment_terms_id" and "t2"."tenant_id" = $4::uuid
left join "legal_entity" "t5" on "t5"."id" = "t1"."legal_entity_id" and "t5"."tenant_id" = $5::uuid
where "t1"."tenant_id" = $6::uuid and (exists (select
    from "legal_entity" "t1r"
    where "t1r"."tenant_id" = "t1"."tenant_id" and "t1r"."id" = "t1"."legal_entity_id" and "t1r"."tenant_id" = $7::uuid and "t1r"."code" = $8::text) and "t1"."number" = $9::text)
limit 10
-- $1 "#2"
-- $2 "EUR"
-- $3 "0"
-- $4 "#2"
-- $5 "#2"
-- $6 "#2"
-- $7 "#2"
-- $8 "DE01"
-- $9 "C-3"

select (select json_build_object('pageInfo', json_build_object('hasNextPage', count(*) > 2, 'hasPreviousPage', false, 'endCursor', (array_agg("t2"."c"
          order by "t2"."#" desc) filter (where "t2"."#" <= 2))[1]), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) filter (where "t2"."#" <= 2), '[]'::json))
  from (select "t1"."#", translate(encode(convert_to(json_build_array('02JaQZ', "t1"."#1", "t1"."#2")::text, 'UTF8'), 'base64'), E'+/=\n', '-_') as c, json_build_object('number', "t1"."number", 'legalEntity', case when "t3"."id" is not null then json_build_object('code', "t3"."code") end, 'customer', case when "t4"."id" is not null then json_build_object('number', "t4"."number") end, 'invoices', (select json_build_object('totalCount', (select count(*)
            from "invoice" "t5"
            where "t5"."account_id" = "t1"."id" and "t5"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t6"."o1"
              order by "t6"."#" asc) , '[]'::json))
        from (select "t5"."#", json_build_object('number', "t5"."number", 'total', json_build_object('amount', money_text("t5"."total_minor", "t5"."currency"))) as "o1"
          from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
            from (select "t5"."number", "t5"."total_minor", "t5"."currency", "t5"."total_minor" as "#1", "t5"."id" as "#2"
              from "invoice" "t5"
              where "t5"."account_id" = "t1"."id" and "t5"."tenant_id" = $1::uuid
              order by "t5"."total_minor" desc, "t5"."id" desc
              limit 1) "t5") "t5" ) "t6"), 'payments', (select json_build_object('nodes', coalesce(json_agg("t8"."o1"
              order by "t8"."#" asc) , '[]'::json))
        from (select "t7"."#", json_build_object('number', "t7"."number", 'status', "t7"."status") as "o1"
          from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
            from (select "t7"."number", "t7"."status", "t7"."number" as "#1", "t7"."id" as "#2"
              from "payment" "t7"
              where "t7"."account_id" = "t1"."id" and "t7"."tenant_id" = $2::uuid
              order by "t7"."number" asc, "t7"."id" asc
              limit 2) "t7") "t7" ) "t8"), 'creditNotes', (select json_build_object('nodes', coalesce(json_agg("t10"."o1"
              order by "t10"."#" asc) , '[]'::json))
        from (select "t9"."#", json_build_object('number', "t9"."number") as "o1"
          from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
            from (select "t9"."number", "t9"."issued_on" as "#1", "t9"."id" as "#2"
              from "credit_note" "t9"
              where "t9"."account_id" = "t1"."id" and "t9"."tenant_id" = $3::uuid
              order by "t9"."issued_on" desc, "t9"."id" desc
              limit 50) "t9") "t9" ) "t10")) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."number", "t1"."id", "t1"."legal_entity_id", "t1"."customer_id", "t1"."number" as "#1", "t1"."id" as "#2"
        from "customer_account" "t1"
        where "t1"."tenant_id" = $4::uuid
        order by "t1"."number" asc, "t1"."id" asc
        limit 3) "t1") "t1"
    left join "legal_entity" "t3" on "t3"."id" = "t1"."legal_entity_id" and "t3"."tenant_id" = $5::uuid
    left join "customer" "t4" on "t4"."id" = "t1"."customer_id" and "t4"."tenant_id" = $6::uuid) "t2")::text as answer
-- $1 "#2"
-- $2 "#2"
-- $3 "#2"
-- $4 "#2"
-- $5 "#2"
-- $6 "#2"
