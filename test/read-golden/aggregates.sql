select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "actor" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "payment_terms" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "allocation" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "api_key" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "approval" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "authority" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "connection" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "credit_account" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "credit_note" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "customer_account" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "customer_match" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "customer_price" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "customer" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "erp_request" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "exchange_rate" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "export" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"
-- $2 "#2"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "forbidden_pair" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "fulfilment" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "hold" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "import_refusal" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"
-- $2 "#2"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "import" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"
-- $2 "#2"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "invoice" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "journal_entry" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "legal_entity" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "logistics_provider" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "open_item" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "sales_order" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "payment" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "price_list_item" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "price_list" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "product" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "reporting_login" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "sync_drift" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "sync_issue" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "sync_run" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "tax_rule" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "upload" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"
-- $2 "#2"

select (with "t5" as (select json_build_object('count', max("t3"."a1") filter (where "t3"."whole")) as "o1"
    from (select true as "whole", count(*) as "a1"
      from (select
        from "validation_rule" "t1"
        where "t1"."tenant_id" = $1::uuid) "t2" ) "t3" having true), "t6" as (select "t5".*, row_number() over () as "#"
    from "t5"
    limit 1001) select json_build_object('groupCount', (select count(*)
      from "t5"), 'groups', (select coalesce(json_agg("t6"."o1"
          order by "t6"."#") filter (where "t6"."#" <= 1000), '[]'::json)
      from "t6")))::text as answer
-- $1 "#1"
