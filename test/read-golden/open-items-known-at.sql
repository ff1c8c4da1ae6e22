select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('documentNumber', "t1"."document_number", 'open', json_build_object('amount', money_text(("t1"."original_minor" - (coalesce((select sum(a."to_minor")
                  from allocation a
                  where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $1::date and "a"."recorded_at" <= $2::timestamptz ), 0)::bigint - coalesce((select sum(a."from_minor")
                  from allocation a
                  where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $3::date and "a"."recorded_at" <= $4::timestamptz ), 0)::bigint)), "t1"."currency")), 'settledOn', case when ("t1"."original_minor" - (coalesce((select sum(a."to_minor")
              from allocation a
              where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $5::date and "a"."recorded_at" <= $6::timestamptz ), 0)::bigint - coalesce((select sum(a."from_minor")
              from allocation a
              where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $7::date and "a"."recorded_at" <= $8::timestamptz ), 0)::bigint)) = 0 then greatest((select max(a.effective_on)
          from allocation a
          where a.tenant_id = "t1"."tenant_id" and a."to_item_id" = "t1"."id" and true and "a"."effective_on" <= $9::date and "a"."recorded_at" <= $10::timestamptz), (select max(a.effective_on)
          from allocation a
          where a.tenant_id = "t1"."tenant_id" and a."from_item_id" = "t1"."id" and true and "a"."effective_on" <= $11::date and "a"."recorded_at" <= $12::timestamptz)) end) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."document_number", "t1"."original_minor", "t1"."tenant_id", "t1"."id", "t1"."currency", "t1"."due_on" as "#1", "t1"."id" as "#2"
        from "open_item" "t1"
        where "t1"."tenant_id" = $13::uuid and true and "t1"."effective_on" <= $14::date and "t1"."recorded_at" <= $15::timestamptz
        order by "t1"."due_on" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "2026-02-28"
-- $2 "2026-02-01T00:00:00.000Z"
-- $3 "2026-02-28"
-- $4 "2026-02-01T00:00:00.000Z"
-- $5 "2026-02-28"
-- $6 "2026-02-01T00:00:00.000Z"
-- $7 "2026-02-28"
-- $8 "2026-02-01T00:00:00.000Z"
-- $9 "2026-02-28"
-- $10 "2026-02-01T00:00:00.000Z"
-- $11 "2026-02-28"
-- $12 "2026-02-01T00:00:00.000Z"
-- $13 "#1"
-- $14 "2026-02-28"
-- $15 "2026-02-01T00:00:00.000Z"
