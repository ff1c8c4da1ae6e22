with recursive le as materialized ( select le.tenant_id, le.id, le.code, $1::date as day
  from legal_entity le
  join tenant n on n.tenant_id = le.tenant_id
  where "le"."tenant_id" = $2::uuid ) select "i"."legal_entity_code", i.shown_currency as currency, money_text(coalesce(sum(i.owed) filter (where i.days_overdue <= 0), 0)::bigint, i.shown_currency) as "notDue", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 1 and 30), 0)::bigint, i.shown_currency) as "days1To30", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 31 and 60), 0)::bigint, i.shown_currency) as "days31To60", money_text(coalesce(sum(i.owed) filter (where i.days_overdue between 61 and 90), 0)::bigint, i.shown_currency) as "days61To90", money_text(coalesce(sum(i.owed) filter (where i.days_overdue > 90), 0)::bigint, i.shown_currency) as "over90", money_text(sum(i.unapplied)::bigint, i.shown_currency) as unapplied, money_text(sum(i.owed + i.unapplied)::bigint, i.shown_currency) as total, sum(i.item_count)::int as "itemCount"
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
    where "t"."tenant_id" = $7::uuid and true and "t"."effective_on" <= $8::date offset 0) i
  where i.open <> 0) i
group by "i"."legal_entity_code", i.shown_currency having sum(i.item_count) > 0
order by "i"."legal_entity_code", i.shown_currency
-- $1 "2026-04-15"
-- $2 "#1"
-- $3 "2026-04-15"
-- $4 "2026-04-15"
-- $5 "#1"
-- $6 "#1"
-- $7 "#1"
-- $8 "2026-04-15"

with movement as ( select t.currency, t.effective_on, t.recorded_at, t.kind, t.document_number, null::text as other_number, t.original_minor as amount, t.id
  from open_item t
  where "t"."tenant_id" = $1::uuid and t.account_id = $2::uuid and true and "t"."effective_on" <= $3::date and ("t"."voided_minor" = 0 or not exists ( select
      from allocation v
      where v.tenant_id = "t"."tenant_id" and v.kind = 'VOID' and v.reverses_id is null and v.effective_on = "t"."effective_on" and "t"."id" in (v.to_item_id, v.from_item_id) and true and "v"."effective_on" <= $4::date))
  union all select o.currency, a.effective_on, a.recorded_at, a.kind, o.document_number, null, -a.to_minor, a.id
  from allocation a
  join open_item o on o.tenant_id = a.tenant_id and o.id = a.to_item_id and "o"."tenant_id" = $5::uuid
  where "a"."tenant_id" = $6::uuid and o.account_id = $2::uuid and true and "a"."effective_on" <= $7::date and ("o"."voided_minor" = 0 or not exists ( select
      from allocation v
      where v.tenant_id = "o"."tenant_id" and v.kind = 'VOID' and v.reverses_id is null and v.effective_on = "o"."effective_on" and "o"."id" in (v.to_item_id, v.from_item_id) and true and "v"."effective_on" <= $8::date)) and not exists ( select
    from allocation r
    where r.tenant_id = "a"."tenant_id" and r.connection_id is not null and r.reverses_id = coalesce("a"."reverses_id", "a"."id") and true and "r"."effective_on" <= $9::date and r.effective_on = (select o.effective_on
      from allocation o
      where o.tenant_id = r.tenant_id and o.id = r.reverses_id))
  union all select o.currency, a.effective_on, a.recorded_at, a.kind, o.document_number, null, a.from_minor, a.id
  from allocation a
  join open_item o on o.tenant_id = a.tenant_id and o.id = a.from_item_id and "o"."tenant_id" = $10::uuid
  where "a"."tenant_id" = $11::uuid and o.account_id = $2::uuid and true and "a"."effective_on" <= $12::date and ("o"."voided_minor" = 0 or not exists ( select
      from allocation v
      where v.tenant_id = "o"."tenant_id" and v.kind = 'VOID' and v.reverses_id is null and v.effective_on = "o"."effective_on" and "o"."id" in (v.to_item_id, v.from_item_id) and true and "v"."effective_on" <= $13::date)) and not exists ( select
    from allocation r
    where r.tenant_id = "a"."tenant_id" and r.connection_id is not null and r.reverses_id = coalesce("a"."reverses_id", "a"."id") and true and "r"."effective_on" <= $14::date and r.effective_on = (select o.effective_on
      from allocation o
      where o.tenant_id = r.tenant_id and o.id = r.reverses_id))
  ), running as ( select m.*, sum(amount) over (partition by currency
    order by effective_on, recorded_at, id, amount desc) as balance
  from movement m ) select currency, effective_on::text as "effectiveOn", kind, document_number as "documentNumber", money_text(amount, currency) as amount, money_text(balance::bigint, currency) as balance
from running
where effective_on >= $15::date
order by currency, effective_on, recorded_at, id, amount desc
-- $1 "#1"
-- $2 "#2"
-- $3 "2026-04-15"
-- $4 "2026-04-15"
-- $5 "#1"
-- $6 "#1"
-- $7 "2026-04-15"
-- $8 "2026-04-15"
-- $9 "2026-04-15"
-- $10 "#1"
-- $11 "#1"
-- $12 "2026-04-15"
-- $13 "2026-04-15"
-- $14 "2026-04-15"
-- $15 "2026-02-01"

select le.code as "legalEntityCode", s.code, s.currency, s.base_currency as "baseCurrency", money_text(sum(s.debit)::bigint, s.currency) as debit, money_text(sum(s.credit)::bigint, s.currency) as credit, money_text(sum(s.debit - s.credit)::bigint, s.currency) as balance, money_text(sum(s.base)::bigint, s.base_currency) as "baseBalance"
from ( select t.legal_entity_id, t."debit_code" as code, t.currency, t.base_currency, t.amount_minor as debit, 0 as credit, t.base_minor as base
  from transfer t
  where "t"."tenant_id" = $1::uuid and true and "t"."effective_on" <= $2::date and t.legal_entity_id = $3::uuid
  union all select t.legal_entity_id, t."credit_code" as code, t.currency, t.base_currency, 0 as debit, t.amount_minor as credit, -t.base_minor as base
  from transfer t
  where "t"."tenant_id" = $4::uuid and true and "t"."effective_on" <= $5::date and t.legal_entity_id = $6::uuid) s
join legal_entity le on le.id = s.legal_entity_id and "le"."tenant_id" = $7::uuid
group by le.code, s.code, s.currency, s.base_currency
order by le.code, s.code, s.currency
-- $1 "#1"
-- $2 "2026-04-15"
-- $3 "#3"
-- $4 "#1"
-- $5 "2026-04-15"
-- $6 "#3"
-- $7 "#1"
