select (select json_build_object('totalCount', (select count(*)
      from "invoice" "t1"
      where ("t1"."tenant_id" = $1::uuid and "t1"."account_id" = any($2::uuid[]) and "t1"."lifecycle" <> all($3::text[]))), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'customer', case when "t4"."id" is not null then json_build_object('number', "t4"."number") end, 'allowedActions', '[]'::json) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."number", "t1"."account_id", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "invoice" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."account_id" = any($2::uuid[]) and "t1"."lifecycle" <> all($3::text[]))
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1"
    left join "customer_account" "t3" on "t3"."id" = "t1"."account_id" and ("t3"."tenant_id" = $4::uuid and "t3"."id" = any($5::uuid[]))
    left join "customer" "t4" on "t4"."id" = "t3"."origin_customer_id" and ("t4"."tenant_id" = $6::uuid and "t4"."id" = any($7::uuid[]))) "t2")::text as answer
-- $1 "#1"
-- $2 ["#2"]
-- $3 ["DRAFT","CANCELLED"]
-- $4 "#1"
-- $5 ["#2"]
-- $6 "#1"
-- $7 ["#3"]

select json_build_object('number', "t1"."number")::text as answer, null as choice
from "invoice" "t1"
where ("t1"."tenant_id" = $1::uuid and "t1"."account_id" = any($2::uuid[]) and "t1"."lifecycle" <> all($3::text[])) and "t1"."id" = $4::uuid
limit 10
-- $1 "#1"
-- $2 ["#2"]
-- $3 ["DRAFT","CANCELLED"]
-- $4 "#4"

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number", 'parent', case when "t3"."id" is not null then json_build_object('number', "t3"."number") end) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."number", "t1"."parent_id", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "customer" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."id" = any($2::uuid[]))
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1"
    left join "customer" "t3" on "t3"."id" = "t1"."parent_id" and ("t3"."tenant_id" = $3::uuid and "t3"."id" = any($4::uuid[]))) "t2")::text as answer
-- $1 "#1"
-- $2 ["#3"]
-- $3 "#1"
-- $4 ["#3"]

select (select json_build_object('totalCount', (select count(*)
      from "payment" "t1"
      where ("t1"."tenant_id" = $1::uuid and "t1"."account_id" = any($2::uuid[]))), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('number', "t1"."number") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."number", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "payment" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."account_id" = any($2::uuid[]))
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 50) "t1") "t1" ) "t2")::text as answer
-- $1 "#1"
-- $2 ["#2"]

select (select json_build_object('nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('kind', "t1"."kind", 'fromAmount', case when "t1"."from_minor" is not null then json_build_object('amount', money_text("t1"."from_minor", "t1"."from_currency")) end, 'from', case when "t3"."id" is not null then json_build_object('documentNumber', "t3"."document_number") end) as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."kind", "t1"."from_minor", "t1"."from_currency", "t1"."from_item_id", "t1"."recorded_at" as "#1", "t1"."id" as "#2"
        from "allocation" "t1"
        where ("t1"."tenant_id" = $1::uuid and ("t1"."account_id" = any($2::uuid[]) or "t1"."from_account_id" = any($3::uuid[])))
        order by "t1"."recorded_at" desc, "t1"."id" desc
        limit 50) "t1") "t1"
    left join "open_item" "t3" on "t3"."id" = "t1"."from_item_id" and ("t3"."tenant_id" = $4::uuid and "t3"."account_id" = any($5::uuid[]))) "t2")::text as answer
-- $1 "#1"
-- $2 ["#2"]
-- $3 ["#2"]
-- $4 "#1"
-- $5 ["#2"]

with recursive le as materialized ( select le.tenant_id, le.id, le.code, $1::date as day
  from legal_entity le
  join tenant n on n.tenant_id = le.tenant_id
  where "le"."tenant_id" = $2::uuid ) select "i"."customer_number", "i"."customer_name", i.shown_currency as currency, money_text(coalesce(sum(i.owed) filter (where i.days_overdue <= 0), 0)::bigint, i.shown_currency) as "notDue", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 1 and 30), 0)::bigint, i.shown_currency) as "days1To30", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 31 and 60), 0)::bigint, i.shown_currency) as "days31To60", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 61 and 90), 0)::bigint, i.shown_currency) as "days61To90", money_text(coalesce(sum(i.owed) filter (where i.days_overdue > 90), 0)::bigint, i.shown_currency) as "over90", money_text(sum(i.unapplied)::bigint, i.shown_currency) as unapplied, money_text(sum(i.owed + i.unapplied)::bigint, i.shown_currency) as total, sum(i.item_count)::int as "itemCount"
from ( select i.*, i.currency as shown_currency, greatest(i.open, 0) as owed, least(i.open, 0) as unapplied, 1 as item_count
  from ( select le.code as legal_entity_code, c.number as customer_number, c.name as customer_name, ca.number as account_number, coalesce(c.segment, '') as segment, t.currency, t.group_currency, t.group_rate, le.day - t.due_on as days_overdue, ("t"."original_minor" - (coalesce((select sum(a."to_minor")
            from allocation a
            where a.tenant_id = "t"."tenant_id" and a."to_item_id" = "t"."id" and true and "a"."effective_on" <= $3::date ), 0)::bigint - coalesce((select sum(a."from_minor")
            from allocation a
            where a.tenant_id = "t"."tenant_id" and a."from_item_id" = "t"."id" and true and "a"."effective_on" <= $4::date ), 0)::bigint)) as open
    from open_item t
    join customer_account ca on ca.tenant_id = t.tenant_id and ca.id = t.account_id and ("ca"."tenant_id" = $5::uuid and "ca"."id" = any($6::uuid[]))
    join customer c on c.tenant_id = ca.tenant_id and c.id = "ca"."origin_customer_id" and ("c"."tenant_id" = $7::uuid and "c"."id" = any($8::uuid[]))
    join le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id
    where ("t"."tenant_id" = $9::uuid and "t"."account_id" = any($10::uuid[])) and true and "t"."effective_on" <= $11::date offset 0) i
  where i.open <> 0) i
group by "i"."customer_number", "i"."customer_name", i.shown_currency having sum(i.item_count) > 0
order by "i"."customer_number", "i"."customer_name", i.shown_currency
-- $1 "2026-04-15"
-- $2 "#1"
-- $3 "2026-04-15"
-- $4 "2026-04-15"
-- $5 "#1"
-- $6 ["#2"]
-- $7 "#1"
-- $8 ["#3"]
-- $9 "#1"
-- $10 ["#2"]
-- $11 "2026-04-15"
