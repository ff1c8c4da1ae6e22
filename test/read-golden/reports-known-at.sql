select "i"."segment", i.currency, money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue <= 0), 0)::bigint, i.currency) as "notDue", money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue between 1 and 30), 0)::bigint, i.currency) as "days1To30", money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue between 31 and 60), 0)::bigint, i.currency) as "days31To60", money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue between 61 and 90), 0)::bigint, i.currency) as "days61To90", money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue > 90), 0)::bigint, i.currency) as "over90", money_text(coalesce(sum(i.open) filter (where i.open < 0), 0)::bigint, i.currency) as unapplied, money_text(sum(i.open)::bigint, i.currency) as total, count(*)::int as "itemCount"
from ( select le.code as legal_entity_code, c.number as customer_number, c.name as customer_name, ca.number as account_number, coalesce(c.segment, '') as segment, t.currency as currency, ("t"."original_minor" - (coalesce((select sum(a."to_minor")
          from allocation a
          where a.tenant_id = "t"."tenant_id" and a."to_item_id" = "t"."id" and true and "a"."effective_on" <= $1::date and "a"."recorded_at" <= $2::timestamptz ), 0)::bigint - coalesce((select sum(a."from_minor")
          from allocation a
          where a.tenant_id = "t"."tenant_id" and a."from_item_id" = "t"."id" and true and "a"."effective_on" <= $3::date and "a"."recorded_at" <= $4::timestamptz ), 0)::bigint)) as open, $5::date - t.due_on as days_overdue
  from open_item t
  join customer_account ca on ca.tenant_id = t.tenant_id and ca.id = t.account_id and "ca"."tenant_id" = $6::uuid
  join customer c on c.tenant_id = ca.tenant_id and c.id = "ca"."customer_id" and "c"."tenant_id" = $7::uuid
  join legal_entity le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id and "le"."tenant_id" = $8::uuid
  where "t"."tenant_id" = $9::uuid and true and "t"."effective_on" <= $10::date and "t"."recorded_at" <= $11::timestamptz and "ca"."customer_id" = $12::uuid) i
where i.open <> 0
group by "i"."segment", i.currency
order by "i"."segment", i.currency
-- $1 "2026-02-28"
-- $2 "2026-02-28T12:00:00.000Z"
-- $3 "2026-02-28"
-- $4 "2026-02-28T12:00:00.000Z"
-- $5 "2026-02-28"
-- $6 "#1"
-- $7 "#1"
-- $8 "#1"
-- $9 "#1"
-- $10 "2026-02-28"
-- $11 "2026-02-28T12:00:00.000Z"
-- $12 "#2"

select "i"."segment", i.currency, money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue <= 0), 0)::bigint, i.currency) as "notDue", money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue between 1 and 30), 0)::bigint, i.currency) as "days1To30", money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue between 31 and 60), 0)::bigint, i.currency) as "days31To60", money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue between 61 and 90), 0)::bigint, i.currency) as "days61To90", money_text(coalesce(sum(i.open) filter (where i.open > 0 and i.days_overdue > 90), 0)::bigint, i.currency) as "over90", money_text(coalesce(sum(i.open) filter (where i.open < 0), 0)::bigint, i.currency) as unapplied, money_text(sum(i.open)::bigint, i.currency) as total, count(*)::int as "itemCount"
from ( select le.code as legal_entity_code, c.number as customer_number, c.name as customer_name, ca.number as account_number, coalesce(c.segment, '') as segment, t.currency as currency, ("t"."original_minor" - (coalesce((select sum(a."to_minor")
          from allocation a
          where a.tenant_id = "t"."tenant_id" and a."to_item_id" = "t"."id" and true and "a"."effective_on" <= $1::date ), 0)::bigint - coalesce((select sum(a."from_minor")
          from allocation a
          where a.tenant_id = "t"."tenant_id" and a."from_item_id" = "t"."id" and true and "a"."effective_on" <= $2::date ), 0)::bigint)) as open, $3::date - t.due_on as days_overdue
  from open_item t
  join customer_account ca on ca.tenant_id = t.tenant_id and ca.id = t.account_id and "ca"."tenant_id" = $4::uuid
  join customer c on c.tenant_id = ca.tenant_id and c.id = "ca"."customer_id" and "c"."tenant_id" = $5::uuid
  join legal_entity le on le.tenant_id = t.tenant_id and le.id = t.legal_entity_id and "le"."tenant_id" = $6::uuid
  where "t"."tenant_id" = $7::uuid and true and "t"."effective_on" <= $8::date and "ca"."customer_id" = $9::uuid) i
where i.open <> 0
group by "i"."segment", i.currency
order by "i"."segment", i.currency
-- $1 "2026-02-28"
-- $2 "2026-02-28"
-- $3 "2026-02-28"
-- $4 "#1"
-- $5 "#1"
-- $6 "#1"
-- $7 "#1"
-- $8 "2026-02-28"
-- $9 "#2"
