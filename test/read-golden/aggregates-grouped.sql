select (with "t4" as materialized ( select "t9"."group_currency" as currency, currency_exponent("t9"."group_currency") as exponent
    from tenant "t9"
    where "t9"."tenant_id" = $1::uuid), "t7" as (select "t3"."r1" as "k0", "t3"."r2" as "k1", "t3"."r3" as "k2", json_build_object('key', json_build_object('status', "t3"."r1", 'customerNumber', "t3"."r2", 'issuedOn', "t3"."r3"), 'count', max("t3"."a1") filter (where "t3"."whole"), 'total', json_build_object('byCurrency', coalesce(json_agg(json_build_object('currency', "t3"."r4", 'count', "t3"."a2", 'sum', round(("t3"."a3") * power(10::numeric, -(currency_exponent("t3"."r4"))), currency_exponent("t3"."r4"))::text, 'avg', round((round("t3"."a3" / nullif("t3"."a2", 0))) * power(10::numeric, -(currency_exponent("t3"."r4"))), currency_exponent("t3"."r4"))::text, 'min', round(("t3"."a4") * power(10::numeric, -(currency_exponent("t3"."r4"))), currency_exponent("t3"."r4"))::text, 'max', round(("t3"."a5") * power(10::numeric, -(currency_exponent("t3"."r4"))), currency_exponent("t3"."r4"))::text)
            order by "t3"."r4") filter (where "t3"."a6" and "t3"."a2" > 0), '[]'::json), 'inGroupCurrency', json_build_object('currency', (select currency
            from "t4"), 'sum', (round((coalesce(max("t3"."a7") filter (where "t3"."whole"), 0)) * power(10::numeric, -((select exponent
                    from "t4"))), (select exponent
                from "t4")))::text, 'unconverted', coalesce(json_agg(json_build_object('currency', "t3"."r4", 'sum', round(("t3"."a9") * power(10::numeric, -(currency_exponent("t3"."r4"))), currency_exponent("t3"."r4"))::text)
              order by "t3"."r4") filter (where "t3"."a6" and "t3"."a8" > 0), '[]'::json))), 'dueOn', json_build_object('min', max("t3"."a10") filter (where "t3"."whole"), 'max', max("t3"."a11") filter (where "t3"."whole"))) as "o2"
    from (select "t2"."r1", "t2"."r2", "t2"."r3", "t2"."r4", grouping("t2"."r4") = 1 as "whole", count(*) as "a1", "count"("t2"."r5") as "a2", "sum"("t2"."r5") as "a3", "min"("t2"."r5") as "a4", "max"("t2"."r5") as "a5", grouping("t2"."r4") = 0 as "a6", "sum"("t2"."r6") as "a7", "count"("t2"."r5") filter (where "t2"."r6" is null) as "a8", "sum"("t2"."r5") filter (where "t2"."r6" is null) as "a9", "min"("t2"."r7") as "a10", "max"("t2"."r7") as "a11"
      from (select "t1"."status" as "r1", "t6"."number" as "r2", date_trunc('month', "t1"."issued_on"::timestamp)::date as "r3", "t1"."currency" as "r4", "t1"."total_minor" as "r5", case when "t1"."total_minor" = 0 or "t1"."currency" = (select currency
          from "t4") then "t1"."total_minor"::numeric else round("t1"."total_minor" * "t1"."group_rate" * power(10::numeric, (select exponent
              from "t4") - currency_exponent("t1"."currency"))) end as "r6", "t1"."due_on" as "r7"
        from "invoice" "t1"
        left join "customer_account" "t5" on "t5"."id" = "t1"."account_id" and "t5"."tenant_id" = $2::uuid
        left join "customer" "t6" on "t6"."id" = "t5"."customer_id" and "t6"."tenant_id" = $3::uuid
        where "t1"."tenant_id" = $4::uuid) "t2"
      group by grouping sets (("t2"."r1", "t2"."r2", "t2"."r3"), ("t2"."r1", "t2"."r2", "t2"."r3", "t2"."r4"))) "t3"
    group by "t3"."r1", "t3"."r2", "t3"."r3" having (((max("t3"."a1") filter (where "t3"."whole")) >= $5::bigint))), "t8" as (select "t7".*, row_number() over (order by "t7"."k0" asc, "t7"."k1" asc, "t7"."k2" asc) as "#"
    from "t7"
    order by "t7"."k0" asc, "t7"."k1" asc, "t7"."k2" asc
    limit 21) select json_build_object('groupCount', (select count(*)
      from "t7"), 'nextCursor', (select translate(encode(convert_to(json_build_array('814mwu', "t8"."k0", "t8"."k1", "t8"."k2")::text, 'UTF8'), 'base64'), E'+/=\n', '-_')
      from "t8"
      where "t8"."#" = 20 and (select count(*)
        from "t8") > 20), 'groups', (select coalesce(json_agg("t8"."o2"
          order by "t8"."#") filter (where "t8"."#" <= 20), '[]'::json)
      from "t8")))::text as answer
-- $1 "#1"
-- $2 "#1"
-- $3 "#1"
-- $4 "#1"
-- $5 1
