with recursive le as materialized ( select le.tenant_id, le.id, le.code, $1::date as day
  from legal_entity le
  join tenant n on n.tenant_id = le.tenant_id
  where "le"."tenant_id" = $2::uuid ) select "i"."segment", i.shown_currency as currency, money_text(coalesce(sum(i.owed) filter (where i.days_overdue <= 0), 0)::bigint, i.shown_currency) as "notDue", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 1 and 30), 0)::bigint, i.shown_currency) as "days1To30", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 31 and 60), 0)::bigint, i.shown_currency) as "days31To60", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 61 and 90), 0)::bigint, i.shown_currency) as "days61To90", money_text(coalesce(sum(i.owed) filter (where i.days_overdue > 90), 0)::bigint, i.shown_currency) as "over90", money_text(sum(i.unapplied)::bigint, i.shown_currency) as unapplied, money_text(sum(i.owed + i.unapplied)::bigint, i.shown_currency) as total, sum(i.item_count)::int as "itemCount"
from ( select i.*, i.currency as shown_currency, greatest(i.open, 0) as owed, least(i.open, 0) as unapplied, 1 as item_count
  from ( select le.code as legal_entity_code, c.number as customer_number, c.name as customer_name, ca.number as account_number, coalesce(c.segment, '') as segment, t.currency, t.group_currency, t.group_rate, le.day - t.due_on as days_overdue, ("t"."original_minor" - (coalesce((select sum(a."to_minor")
            from allocation a
            where a.tenant_id = "t"."tenant_id" and a."to_item_id" = "t"."id" and true and "a"."effective_on" <= $3::date and "a"."recorded_at" <= $4::timestamptz ), 0)::bigint - coalesce((select sum(a."from_minor")
            from allocation a
            where a.tenant_id = "t"."tenant_id" and a."from_item_id" = "t"."id" and true and "a"."effective_on" <= $5::date and "a"."recorded_at" <= $6::timestamptz ), 0)::bigint)) as open
    from open_item t
    join customer_account ca on ca.tenant_id = t.tenant_id and ca.id = t.account_id and "ca"."tenant_id" = $7::uuid
    join customer c on c.tenant_id = ca.tenant_id and c.id = "ca"."customer_id" and "c"."tenant_id" = $8::uuid
    join le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id
    where "t"."tenant_id" = $9::uuid and true and "t"."effective_on" <= $10::date and "t"."recorded_at" <= $11::timestamptz and "ca"."customer_id" = $12::uuid offset 0) i
  where i.open <> 0) i
group by "i"."segment", i.shown_currency having sum(i.item_count) > 0
order by "i"."segment", i.shown_currency
-- $1 "2026-02-28"
-- $2 "#1"
-- $3 "2026-02-28"
-- $4 "2026-02-28T12:00:00.000Z"
-- $5 "2026-02-28"
-- $6 "2026-02-28T12:00:00.000Z"
-- $7 "#1"
-- $8 "#1"
-- $9 "#1"
-- $10 "2026-02-28"
-- $11 "2026-02-28T12:00:00.000Z"
-- $12 "#2"

with recursive le as materialized ( select le.tenant_id, le.id, le.code, $1::date as day
  from legal_entity le
  join tenant n on n.tenant_id = le.tenant_id
  where "le"."tenant_id" = $2::uuid ) select "i"."segment", i.shown_currency as currency, money_text(coalesce(sum(i.owed) filter (where i.days_overdue <= 0), 0)::bigint, i.shown_currency) as "notDue", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 1 and 30), 0)::bigint, i.shown_currency) as "days1To30", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 31 and 60), 0)::bigint, i.shown_currency) as "days31To60", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 61 and 90), 0)::bigint, i.shown_currency) as "days61To90", money_text(coalesce(sum(i.owed) filter (where i.days_overdue > 90), 0)::bigint, i.shown_currency) as "over90", money_text(sum(i.unapplied)::bigint, i.shown_currency) as unapplied, money_text(sum(i.owed + i.unapplied)::bigint, i.shown_currency) as total, sum(i.item_count)::int as "itemCount"
from ( select i.*, i.currency as shown_currency, greatest(i.open, 0) as owed, least(i.open, 0) as unapplied, 1 as item_count
  from ( select le.code as legal_entity_code, c.number as customer_number, c.name as customer_name, ca.number as account_number, coalesce(c.segment, '') as segment, t.currency, t.group_currency, t.group_rate, le.day - t.due_on as days_overdue, ("t"."original_minor" - (coalesce((select sum(a."to_minor")
            from allocation a
            where a.tenant_id = "t"."tenant_id" and a."to_item_id" = "t"."id" and true and "a"."effective_on" <= $3::date ), 0)::bigint - coalesce((select sum(a."from_minor")
            from allocation a
            where a.tenant_id = "t"."tenant_id" and a."from_item_id" = "t"."id" and true and "a"."effective_on" <= $4::date ), 0)::bigint)) as open
    from open_item t
    join customer_account ca on ca.tenant_id = t.tenant_id and ca.id = t.account_id and "ca"."tenant_id" = $5::uuid
    join customer c on c.tenant_id = ca.tenant_id and c.id = "ca"."customer_id" and "c"."tenant_id" = $6::uuid
    join le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id
    where "t"."tenant_id" = $7::uuid and true and "t"."effective_on" <= $8::date and "ca"."customer_id" = $9::uuid offset 0) i
  where i.open <> 0) i
group by "i"."segment", i.shown_currency having sum(i.item_count) > 0
order by "i"."segment", i.shown_currency
-- $1 "2026-02-28"
-- $2 "#1"
-- $3 "2026-02-28"
-- $4 "2026-02-28"
-- $5 "#1"
-- $6 "#1"
-- $7 "#1"
-- $8 "2026-02-28"
-- $9 "#2"
