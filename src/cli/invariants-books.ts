/** Invariants 1–3, 13 and 14: the books balance, the control account is its open items on every day, and nothing posted ever changes. */
import { sql } from '../read/sql.ts';
import { type Invariant, isForgetful, receivable, taken } from './invariant.ts';

const entryBalanced: Invariant = {
  number: 1,
  name: 'entry-balanced',
  description:
    'Debits equal credits in each journal entry, in the document currency and in the functional one; currency clearing comes to nothing.',
  sql: sql`
    select 'journal_entry' as record, entry_id as id, currency,
      coalesce(sum(amount_minor) filter (where debit_code is not null), 0)::text as debits,
      coalesce(sum(amount_minor) filter (where credit_code is not null), 0)::text as credits
    from transfer group by entry_id, currency
    having coalesce(sum(amount_minor) filter (where debit_code is not null), 0) <> coalesce(sum(amount_minor) filter (where credit_code is not null), 0)
      or coalesce(sum(base_minor) filter (where debit_code is not null), 0) <> coalesce(sum(base_minor) filter (where credit_code is not null), 0)
    union all
    select 'journal_entry', entry_id, base_currency,
      coalesce(sum(base_minor) filter (where debit_code = 'CURRENCY_CLEARING'), 0)::text,
      coalesce(sum(base_minor) filter (where credit_code = 'CURRENCY_CLEARING'), 0)::text
    from transfer where debit_code = 'CURRENCY_CLEARING' or credit_code = 'CURRENCY_CLEARING'
    group by entry_id, base_currency
    having coalesce(sum(base_minor) filter (where debit_code = 'CURRENCY_CLEARING'), 0)
      <> coalesce(sum(base_minor) filter (where credit_code = 'CURRENCY_CLEARING'), 0)`,
};

const transferOfEntry: Invariant = {
  number: 1,
  name: 'transfer-of-entry',
  description:
    'A transfer has the legal entity, the day and the time of its entry, and the same amount twice where both currencies are one.',
  sql: sql`
    select 'transfer' as record, t.id, t.entry_id
    from transfer t left join journal_entry e on e.id = t.entry_id
    where e.id is null or (t.legal_entity_id, t.effective_on, t.recorded_at) is distinct from (e.legal_entity_id, e.effective_on, e.recorded_at)
      or (t.currency = t.base_currency and t.amount_minor <> t.base_minor and t.amount_minor <> 0)
      or (t.amount_minor = 0 and 'FX' not in (t.debit_code, t.credit_code) and t.currency = t.base_currency)`,
};

const trialBalance: Invariant = {
  number: 2,
  name: 'trial-balance',
  description: 'Over all codes of a legal entity the balances come to zero, and all of them are in its functional currency.',
  sql: sql`
    select 'legal_entity' as record, t.legal_entity_id as id, t.base_currency, sum(t.base)::text as balance
    from (
      select legal_entity_id, base_currency, base_minor as base from transfer where debit_code is not null
      union all
      select legal_entity_id, base_currency, -base_minor from transfer where credit_code is not null
    ) t left join legal_entity e on e.id = t.legal_entity_id
    group by t.legal_entity_id, t.base_currency, e.functional_currency
    having sum(t.base) <> 0 or t.base_currency is distinct from e.functional_currency`,
};

const controlAccount: Invariant = {
  number: 3,
  name: 'control-account',
  description: 'RECEIVABLE is the sum of the open items, by legal entity, account and currency, in both currencies.',
  sql: sql`
    select 'customer_account' as record, account_id as id, legal_entity_id, currency, books.minor::text as books, items.minor::text as items,
      books.base::text as books_base, items.base::text as items_base
    from (select legal_entity_id, account_id, currency, sum(minor) as minor, sum(base) as base from (${receivable}) r group by 1, 2, 3) books
    full join (select legal_entity_id, account_id, currency, sum(open_minor) as minor, sum(base_open_minor) as base from open_item group by 1, 2, 3) items
      using (legal_entity_id, account_id, currency)
    where coalesce(books.minor, 0) <> coalesce(items.minor, 0) or coalesce(books.base, 0) <> coalesce(items.base, 0)`,
};

/**
 * Sums up to any day are equal exactly if what each day adds is equal, and the same holds for the time at which it was known:
 * so one comparison by day and time stands for ageing as of every day, as it was known at every moment. Buckets only divide
 * the items by their due dates, and every item has one.
 */
const ageingFoots: Invariant = {
  number: 13,
  name: 'ageing-foots',
  description:
    'Ageing as of any day, as known at any time, foots to the control account of that day, by legal entity, account and currency.',
  sql: sql`
    select 'customer_account' as record, account_id as id, legal_entity_id, currency, effective_on::text as effective_on, recorded_at::text as recorded_at,
      coalesce(books.minor, 0)::text as books, coalesce(items.minor, 0)::text as items
    from (
      select legal_entity_id, account_id, currency, effective_on, recorded_at, sum(minor) as minor, sum(base) as base
      from (${receivable}) r group by 1, 2, 3, 4, 5
    ) books
    full join (
      select legal_entity_id, account_id, currency, effective_on, recorded_at, sum(minor) as minor, sum(base) as base
      from (
        select legal_entity_id, account_id, currency, effective_on, recorded_at, original_minor as minor, base_original_minor as base from open_item
        union all
        select i.legal_entity_id, i.account_id, i.currency, t.effective_on, t.recorded_at, -t.minor, -t.base
        from (${taken}) t join open_item i on i.id = t.item_id
      ) changes group by 1, 2, 3, 4, 5
    ) items using (legal_entity_id, account_id, currency, effective_on, recorded_at)
    where coalesce(books.minor, 0) <> coalesce(items.minor, 0) or coalesce(books.base, 0) <> coalesce(items.base, 0)`,
};

const ageingSummed: Invariant = {
  number: 13,
  name: 'ageing-summed',
  description: 'The sums that are kept by due day, for ageing, are those of the items that are open.',
  sql: sql`
    with first as (
      -- what fell due long ago is one row; whatever was due before the first day that has a row of its own is part of it
      select coalesce(min(due_on), 'infinity') as day from ageing_day where due_on > '0001-01-01'
    )
    select 'ageing_day' as record, legal_entity_id as id, segment, currency, day::text as due_on, sum(owed)::text as owed, sum(unapplied)::text as unapplied
    from (
      select legal_entity_id, segment, currency, group_currency, day_before.day, owed, owed_group, unapplied, unapplied_group, items
      from (
        select legal_entity_id, segment, currency, group_currency, due_on, owed_minor as owed, owed_group_minor as owed_group, unapplied_minor as unapplied,
          unapplied_group_minor as unapplied_group, item_count as items
        from (select * from ageing_day union all select * from ageing_day_change) d
        union all
        select i.legal_entity_id, coalesce(c.segment, ''), i.currency, i.group_currency, i.due_on, -greatest(i.open_minor, 0), -greatest(i.group_open_minor, 0),
          -least(i.open_minor, 0), -least(i.group_open_minor, 0), -1
        from open_item i join customer_account a on a.id = i.account_id join customer c on c.id = a.customer_id
        where i.open_minor <> 0
      ) s cross join lateral (select case when s.due_on < first.day then '0001-01-01'::date else s.due_on end as day from first) day_before
    ) s group by legal_entity_id, segment, currency, group_currency, day
    having sum(owed) <> 0 or sum(owed_group) <> 0 or sum(unapplied) <> 0 or sum(unapplied_group) <> 0 or sum(items) <> 0`,
};

const closedPeriod: Invariant = {
  number: 14,
  name: 'closed-period',
  description:
    'Nothing was posted by our own authority into a period after its books had been closed, and the books are closed as far as the log says.',
  sql: sql`
    with closing as (
      select record_id as legal_entity_id, recorded_at, (payload ->> 'closedThrough')::date as through from event where type = 'legal_entity.books_closed'
      union all
      select record_id, recorded_at, (payload ->> 'closedThrough')::date from event_inbox where type = 'legal_entity.books_closed'
    )
    select 'journal_entry' as record, e.id, e.effective_on::text as effective_on, c.through::text as closed_through
    from journal_entry e join closing c on c.legal_entity_id = e.legal_entity_id and e.recorded_at > c.recorded_at and e.effective_on <= c.through and e.connection_id is null
    union all
    select 'legal_entity', l.id, null, l.closed_through::text
    from legal_entity l left join (select legal_entity_id, max(through) as through from closing group by 1) c on c.legal_entity_id = l.id
    where l.closed_through is distinct from c.through and not (c.through is null and ${isForgetful})`,
};

const appendOnly: Invariant = {
  number: 14,
  name: 'append-only',
  description: 'The triggers that keep entries, transfers, allocations and the log from being changed are there and on.',
  sql: sql`
    select 'trigger' as record, w.name as id
    from (values ('journal_entry', 'journal_entry_append_only'), ('journal_entry', 'journal_entry_period_open'), ('transfer', 'transfer_append_only'),
      ('allocation', 'allocation_append_only'), ('event', 'event_append_only')) as w(relation, name)
    where not exists (
      select from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where t.tgname = w.name and c.relname = w.relation and c.relnamespace = 'public'::regnamespace and t.tgenabled in ('O', 'A')
    )`,
};

export const bookInvariants: readonly Invariant[] = [
  entryBalanced,
  transferOfEntry,
  trialBalance,
  controlAccount,
  ageingFoots,
  ageingSummed,
  closedPeriod,
  appendOnly,
];
