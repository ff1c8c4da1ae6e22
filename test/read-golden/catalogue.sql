select json_build_object('name', "t1"."name", 'kind', "t1"."kind", 'unit', "t1"."unit", 'hsCode', "t1"."hs_code", 'originCountry', "t1"."origin_country", 'isActive', "t1"."is_active", 'prices', (select json_build_object('nodes', coalesce(json_agg("t3"."o1"
          order by "t3"."#" asc) , '[]'::json))
    from (select "t2"."#", json_build_object('minQuantity', trim_scale("t2"."min_quantity")::text, 'unitPrice', trim_scale("t2"."unit_price")::text, 'validFrom', "t2"."valid_from") as "o1"
      from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
        from (select "t2"."min_quantity", "t2"."unit_price", "t2"."valid_from", "t2"."valid_from" as "#1", "t2"."id" as "#2"
          from "price_list_item" "t2"
          where "t2"."product_id" = "t1"."id" and "t2"."tenant_id" = $1::uuid
          order by "t2"."valid_from" desc, "t2"."id" desc
          limit 50) "t2") "t2" ) "t3"))::text as answer, null as choice
from "product" "t1"
where "t1"."tenant_id" = $2::uuid and "t1"."sku" = $3::text
limit 10
-- $1 "#2"
-- $2 "#2"
-- $3 "DRILL"

select (select json_build_object('totalCount', (select count(*)
      from "product" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('sku', "t1"."sku", 'taxClass', "t1"."tax_class") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."sku", "t1"."tax_class", "t1"."sku" as "#1", "t1"."id" as "#2"
        from "product" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."sku" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#2"

select json_build_object('code', "t1"."code", 'currency', "t1"."currency", 'isDefault', "t1"."is_default", 'items', (select json_build_object('nodes', coalesce(json_agg("t3"."o1"
          order by "t3"."#" asc) , '[]'::json))
    from (select "t2"."#", json_build_object('unitPrice', trim_scale("t2"."unit_price")::text, 'product', case when "t4"."id" is not null then json_build_object('sku', "t4"."sku") end) as "o1"
      from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
        from (select "t2"."unit_price", "t2"."product_id", "t2"."valid_from" as "#1", "t2"."id" as "#2"
          from "price_list_item" "t2"
          where "t2"."price_list_id" = "t1"."id" and "t2"."tenant_id" = $1::uuid
          order by "t2"."valid_from" asc, "t2"."id" asc
          limit 2) "t2") "t2"
      left join "product" "t4" on "t4"."id" = "t2"."product_id" and "t4"."tenant_id" = $2::uuid) "t3"))::text as answer, null as choice
from "price_list" "t1"
where "t1"."tenant_id" = $3::uuid and "t1"."id" = $4::uuid
limit 10
-- $1 "#2"
-- $2 "#2"
-- $3 "#2"
-- $4 "#3"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('code', "t1"."code") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."code", "t1"."code" as "#1", "t1"."id" as "#2"
        from "price_list" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."code" asc, "t1"."id" asc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#2"

select json_build_object('minQuantity', trim_scale("t1"."min_quantity")::text, 'unitPrice', trim_scale("t1"."unit_price")::text, 'currency', "t1"."currency", 'customer', case when "t2"."id" is not null then json_build_object('number', "t2"."number") end, 'product', case when "t3"."id" is not null then json_build_object('sku', "t3"."sku") end)::text as answer, null as choice
from "customer_price" "t1"
left join "customer" "t2" on "t2"."id" = "t1"."customer_id" and "t2"."tenant_id" = $1::uuid
left join "product" "t3" on "t3"."id" = "t1"."product_id" and "t3"."tenant_id" = $2::uuid
where "t1"."tenant_id" = $3::uuid and "t1"."id" = $4::uuid
limit 10
-- $1 "#2"
-- $2 "#2"
-- $3 "#2"
-- $4 "#4"

select (select json_build_object('totalCount', (select count(*)
      from "customer_price" "t1"
      where "t1"."tenant_id" = $1::uuid)))::text as answer
-- $1 "#2"

select json_build_object('sellerCountry', "t1"."seller_country", 'buyerCountry', "t1"."buyer_country", 'taxCategory', "t1"."tax_category", 'rate', trim_scale("t1"."rate")::text, 'validFrom', "t1"."valid_from")::text as answer, null as choice
from "tax_rule" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#2"
-- $2 "#1"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('id', 'txr_' || "t1"."id") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" desc, "#3" desc) as "#"
      from (select "t1"."id", "t1"."seller_country" as "#1", "t1"."valid_from" as "#2", "t1"."id" as "#3"
        from "tax_rule" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."seller_country" asc, "t1"."valid_from" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#2"
