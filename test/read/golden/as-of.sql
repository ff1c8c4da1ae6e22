select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('documentNumber', "t1"."document_number", 'open', json_build_object('amount', money_text(case when "t1"."settled_on" <= $1::date then "t1"."open_minor" else "t1"."original_minor" end, "t1"."currency")), 'settledOn', case when "t1"."settled_on" <= $2::date then "t1"."settled_on" end) as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."document_number", "t1"."settled_on", "t1"."open_minor", "t1"."original_minor", "t1"."currency", case when "t1"."settled_on" <= $1::date then "t1"."open_minor" else "t1"."original_minor" end as "#1", "t1"."id" as "#2"
        from "open_item" "t1"
        where "t1"."tenant_id" = $3::uuid and "t1"."effective_on" <= $4::date and ("t1"."currency" = $5::text and case when "t1"."settled_on" <= $1::date then "t1"."open_minor" else "t1"."original_minor" end > $6::bigint)
        order by case when "t1"."settled_on" <= $1::date then "t1"."open_minor" else "t1"."original_minor" end asc, "t1"."id" asc
        limit 3) "t1") "t1" ) "t2")::text as answer
-- $1 "2026-02-08"
-- $2 "2026-02-08"
-- $3 "00000000-0000-7000-8001-000000000000"
-- $4 "2026-02-08"
-- $5 "EUR"
-- $6 "0"
