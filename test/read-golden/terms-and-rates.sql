select json_build_object('name', "t1"."name", 'netDays', "t1"."net_days", 'isEndOfMonth', "t1"."is_end_of_month", 'discountDays', "t1"."discount_days", 'discountPercent', trim_scale("t1"."discount_percent")::text)::text as answer, null as choice
from "payment_terms" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."code" = $2::text
limit 10
-- $1 "#1"
-- $2 "NET30"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('code', "t1"."code", 'netDays', "t1"."net_days") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."code", "t1"."net_days", "t1"."code" as "#1", "t1"."id" as "#2"
        from "payment_terms" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."code" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"

select json_build_object('fromCurrency', "t1"."from_currency", 'toCurrency', "t1"."to_currency", 'rate', trim_scale("t1"."rate")::text, 'validOn', "t1"."valid_on")::text as answer, null as choice
from "exchange_rate" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#1"
-- $2 "#2"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('toCurrency', "t1"."to_currency", 'rate', trim_scale("t1"."rate")::text, 'validOn', "t1"."valid_on") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."to_currency", "t1"."rate", "t1"."valid_on", "t1"."valid_on" as "#1", "t1"."id" as "#2"
        from "exchange_rate" "t1"
        where "t1"."tenant_id" = $1::uuid and "t1"."from_currency" = $2::text
        order by "t1"."valid_on" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 "EUR"
