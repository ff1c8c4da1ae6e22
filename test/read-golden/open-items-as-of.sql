select (select json_build_object('totalCount', (select count(*)
      from "open_item" "t1"
      where "t1"."tenant_id" = $1::uuid and true and "t1"."effective_on" <= $2::date and ("t1"."currency" = $3::text and ("t1"."original_minor" - (coalesce((select sum(a."to_minor")
                from allocation a
                where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $4::date ), 0)::bigint - coalesce((select sum(a."from_minor")
                from allocation a
                where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $5::date ), 0)::bigint)) = $6::bigint)), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('documentNumber', "t1"."document_number", 'open', json_build_object('amount', money_text(("t1"."original_minor" - (coalesce((select sum(a."to_minor")
                  from allocation a
                  where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $4::date ), 0)::bigint - coalesce((select sum(a."from_minor")
                  from allocation a
                  where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $5::date ), 0)::bigint)), "t1"."currency")), 'paidByCash', json_build_object('amount', money_text((coalesce((select sum(a."to_minor")
                from allocation a
                where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $7::date and a.kind in ('CASH')), 0)::bigint - coalesce((select sum(a."from_minor")
                from allocation a
                where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $8::date and a.kind in ('CASH')), 0)::bigint), "t1"."currency")), 'settledOn', case when ("t1"."original_minor" - (coalesce((select sum(a."to_minor")
              from allocation a
              where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $9::date ), 0)::bigint - coalesce((select sum(a."from_minor")
              from allocation a
              where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $10::date ), 0)::bigint)) = 0 then greatest((select max(a.effective_on)
          from allocation a
          where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $11::date), (select max(a.effective_on)
          from allocation a
          where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $12::date)) end, 'baseOpen', json_build_object('amount', money_text(("t1"."base_original_minor" - (coalesce((select sum(a."to_base_minor")
                  from allocation a
                  where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $13::date ), 0)::bigint - coalesce((select sum(a."from_base_minor")
                  from allocation a
                  where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $14::date ), 0)::bigint)), "t1"."base_currency"))) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."document_number", "t1"."original_minor", "t1"."tenant_id", "t1"."id", "t1"."currency", "t1"."base_original_minor", "t1"."base_currency", ("t1"."original_minor" - (coalesce((select sum(a."to_minor")
                from allocation a
                where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $4::date ), 0)::bigint - coalesce((select sum(a."from_minor")
                from allocation a
                where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $5::date ), 0)::bigint)) as "#1", "t1"."id" as "#2"
        from "open_item" "t1"
        where "t1"."tenant_id" = $1::uuid and true and "t1"."effective_on" <= $2::date and ("t1"."currency" = $3::text and ("t1"."original_minor" - (coalesce((select sum(a."to_minor")
                  from allocation a
                  where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $4::date ), 0)::bigint - coalesce((select sum(a."from_minor")
                  from allocation a
                  where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $5::date ), 0)::bigint)) = $6::bigint)
        order by ("t1"."original_minor" - (coalesce((select sum(a."to_minor")
                from allocation a
                where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $4::date ), 0)::bigint - coalesce((select sum(a."from_minor")
                from allocation a
                where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $5::date ), 0)::bigint)) asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "2026-02-28"
-- $3 "EUR"
-- $4 "2026-02-28"
-- $5 "2026-02-28"
-- $6 "0"
-- $7 "2026-02-28"
-- $8 "2026-02-28"
-- $9 "2026-02-28"
-- $10 "2026-02-28"
-- $11 "2026-02-28"
-- $12 "2026-02-28"
-- $13 "2026-02-28"
-- $14 "2026-02-28"
