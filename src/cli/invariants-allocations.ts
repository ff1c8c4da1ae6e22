/** Invariants 6 to 9 and 12 (discounts and realised differences): what closes items fits both of them, is posted exactly, and is taken back exactly. */
import { sql } from '../read/sql.ts';
import { type Invariant, isForgetful, keptSince, receivable, taken } from './invariant.ts';

const sidesOfItems: Invariant = {
  number: 6,
  name: 'sides-of-items',
  description:
    'Only an item owed by us is used and given back, and only one owed to us is closed; what the bank takes back is a payment, and what is paid out a credit note.',
  sql: sql`
    select 'allocation' as record, a.id, a.kind
    from allocation a left join open_item t on t.id = a.to_item_id left join open_item f on f.id = a.from_item_id
    where t.original_minor <= 0 or f.original_minor >= 0
      or case a.kind when 'CASH' then f.kind <> 'PAYMENT' when 'CREDIT' then f.kind <> 'CREDIT_NOTE' when 'RETURN' then f.kind <> 'PAYMENT'
              when 'REFUND' then f.kind <> 'CREDIT_NOTE' else false end
      or (a.reverses_id is null and coalesce(a.to_minor, a.from_minor) <= 0)`,
};

const allocationPosted: Invariant = {
  number: 7,
  name: 'allocation-posted',
  description:
    "What an allocation's entry does to each item's RECEIVABLE is what the allocation says that it takes, in both currencies.",
  sql: sql`
    select 'journal_entry' as record, entry_id as id, item_id, books.minor::text as books, said.minor::text as said
    from (
      select entry_id, item_id, sum(minor) as minor, sum(base) as base from (${receivable}) r
      where entry_id in (select entry_id from allocation) group by 1, 2
    ) books
    full join (select entry_id, item_id, -sum(minor) as minor, -sum(base) as base from (${taken}) t group by 1, 2) said using (entry_id, item_id)
    where coalesce(books.minor, 0) <> coalesce(said.minor, 0) or coalesce(books.base, 0) <> coalesce(said.base, 0)`,
};

const reversalAgrees: Invariant = {
  number: 7,
  name: 'reversal-agrees',
  description: 'A reversal takes back exactly what it names, once, not before it counted, and its entry reverses that entry.',
  sql: sql`
    select 'allocation' as record, r.id, r.reverses_id
    from allocation r left join allocation a on a.id = r.reverses_id
    left join journal_entry re on re.id = r.entry_id
    where r.reverses_id is not null and (a.id is null or a.reverses_id is not null or r.effective_on < a.effective_on
      or re.reverses_id is distinct from a.entry_id
      or (r.kind, r.to_item_id, r.from_item_id, -r.to_minor, -r.to_base_minor, -r.from_minor, -r.from_base_minor)
        is distinct from (a.kind, a.to_item_id, a.from_item_id, a.to_minor, a.to_base_minor, a.from_minor, a.from_base_minor))
    union all
    select 'allocation', min(r.id::text)::uuid, r.reverses_id from allocation r where r.reverses_id is not null group by r.reverses_id having count(*) > 1`,
};

const entryReversed: Invariant = {
  number: 7,
  name: 'entry-reversed',
  description: 'An entry that reverses another has its transfers with the sides swapped, and counts no earlier.',
  sql: sql`
    with side as (
      select entry_id, debit_code as code, debit_detail as detail, debit_account_id as account_id, debit_item_id as item_id, currency, amount_minor as minor, base_minor as base from transfer
      union all
      select entry_id, credit_code, credit_detail, credit_account_id, credit_item_id, currency, -amount_minor, -base_minor from transfer
    )
    select 'journal_entry' as record, reversal_id as id, min(code) as code, sum(minor)::text as difference
    from (
      select r.id as reversal_id, s.code, s.detail, s.account_id, s.item_id, s.currency, s.minor, s.base
      from journal_entry r join side s on s.entry_id in (r.id, r.reverses_id) where r.reverses_id is not null
    ) both_entries
    group by reversal_id, code, detail, account_id, item_id, currency having sum(minor) <> 0 or sum(base) <> 0
    union all
    select 'journal_entry', r.id, null, null from journal_entry r join journal_entry o on o.id = r.reverses_id
    where r.effective_on < o.effective_on or r.legal_entity_id <> o.legal_entity_id`,
};

/** Of what an ERP showed: what it took back and reinstated can be taken back again. By our own authority the database keeps it. */
const reversedOnce: Invariant = {
  number: 7,
  name: 'reversed-once',
  description: 'Of the entries that reverse another, one at most counts.',
  sql: sql`
    select 'journal_entry' as record, r.reverses_id as id, count(*)::text as reversals
    from journal_entry r
    where r.reverses_id is not null and not exists (select from journal_entry o where o.tenant_id = r.tenant_id and o.reverses_id = r.id)
    group by r.reverses_id having count(*) > 1`,
};

const discountGranted: Invariant = {
  number: 8,
  name: 'discount-granted',
  description:
    'A discount counts no longer than what it was granted with, on the same invoice, and those by the terms come to what was offered at most.',
  sql: sql`
    with live as (
      select a.* from allocation a
      where a.reverses_id is null and not exists (select from allocation r where r.tenant_id = a.tenant_id and r.reverses_id = a.id)
    )
    select 'allocation' as record, d.id, d.with_id, null as granted
    from live d
    left join live w on w.tenant_id = d.tenant_id and w.id = d.with_id and w.kind in ('CASH', 'CREDIT')
    left join open_item i on i.tenant_id = d.tenant_id and i.id = d.to_item_id
    left join open_item p on p.tenant_id = w.tenant_id and p.id = w.to_item_id
    where d.kind = 'DISCOUNT' and d.with_id is not null and (w.id is null or p.document_id is distinct from i.document_id)
    union all
    select 'open_item', i.id, null, sum(d.to_minor)::text
    from live d join open_item i on i.tenant_id = d.tenant_id and i.id = d.to_item_id
    where d.kind = 'DISCOUNT' and d.rule = 'early-payment'
    group by i.id, i.discount_offered_minor having sum(d.to_minor) > i.discount_offered_minor`,
};

/**
 * A customer may move in the hierarchy later, and an account to another customer and back, so every parent and every customer that it ever had
 * counts. Where the log has forgotten its beginning, who paid for whom is asked only of what nothing was moved after.
 */
const accountsFit: Invariant = {
  number: 9,
  name: 'accounts-fit',
  description:
    'An allocation of ours stays on one account, on one customer, or a customer above it pays; both sides of any are in the books of one legal entity.',
  sql: sql`
    with recursive parent as (
      select id as customer_id, parent_id from customer where parent_id is not null
      union
      select record_id, (payload ->> 'parentId')::uuid from event
      where type in ('customer.created', 'customer.updated') and payload ->> 'parentId' is not null
    ),
    above as (
      select customer_id, parent_id from parent
      union
      select a.customer_id, p.parent_id from above a join parent p on p.customer_id = a.parent_id
    ),
    holder as (
      select id as account_id, customer_id from customer_account
      union
      select record_id, (payload ->> side)::uuid from (
        select record_id, payload from event where type = 'account.moved'
        union all select record_id, payload from event_inbox where type = 'account.moved'
      ) moved, unnest(array['from', 'to']) as side
    )
    select 'allocation' as record, a.id, a.account_id, a.from_account_id
    from allocation a
    left join open_item t on t.id = a.to_item_id
    left join open_item f on f.id = a.from_item_id
    join customer_account own on own.id = a.account_id
    left join customer_account payer on payer.id = a.from_account_id
    where (t.id is not null and (t.account_id, t.legal_entity_id) is distinct from (a.account_id, a.legal_entity_id))
      or (f.id is not null and (f.account_id, f.legal_entity_id) is distinct from (a.from_account_id, a.legal_entity_id))
      or (payer.id is not null and payer.customer_id <> own.customer_id and a.connection_id is null
        and not (${isForgetful} and (a.recorded_at <= ${keptSince} or exists (
          select from event e where e.recorded_at > a.recorded_at
            and (e.type = 'account.moved' or (e.type = 'customer.updated' and e.payload ->> 'fields' ~ 'parentId')))))
        and not exists (
          select from holder h join holder p on p.account_id = payer.id
          where h.account_id = own.id and (h.customer_id = p.customer_id
            or exists (select from above b where b.customer_id = h.customer_id and b.parent_id = p.customer_id))))`,
};

const currenciesFit: Invariant = {
  number: 9,
  name: 'currencies-fit',
  description:
    "An allocation's amounts are in the currencies of its items and of its legal entity, and equal where those are one.",
  sql: sql`
    select 'allocation' as record, a.id, a.to_currency, a.from_currency
    from allocation a
    left join open_item t on t.id = a.to_item_id
    left join open_item f on f.id = a.from_item_id
    join legal_entity e on e.id = a.legal_entity_id
    where a.base_currency <> e.functional_currency or (t.id is not null and t.currency is distinct from a.to_currency)
      or (f.id is not null and f.currency is distinct from a.from_currency)
      or (a.to_currency = a.from_currency and a.to_minor <> a.from_minor)
      or (a.to_currency = a.base_currency and a.to_minor <> a.to_base_minor)
      or (a.from_currency = a.base_currency and a.from_minor <> a.from_base_minor)`,
};

const differenceRealised: Invariant = {
  number: 12,
  name: 'difference-realised',
  description:
    'What the two sides of an allocation differ by in functional currency is booked to FX in its entry, and nothing else is.',
  sql: sql`
    select 'journal_entry' as record, entry_id as id, books.base::text as booked, said.base::text as realised
    from (
      select entry_id, sum(case when debit_code = 'FX' then base_minor else -base_minor end) as base
      from transfer where debit_code = 'FX' or credit_code = 'FX' group by 1
    ) books
    full join (
      select entry_id, sum(to_base_minor - from_base_minor) as base from allocation where to_item_id is not null and from_item_id is not null group by 1
    ) said using (entry_id)
    where coalesce(books.base, 0) <> coalesce(said.base, 0)`,
};

/** What doesn't fit in our books is counted, so that nothing that the ERP says is lost. A payment that somebody here has changed since is ours. */
const appliedAsShown: Invariant = {
  number: 7,
  name: 'applied-as-shown',
  description:
    'What an ERP sets a payment against is what its allocations do, less what is counted as missing; nothing else is allocated by it.',
  sql: sql`
    with live as (
      select a.* from allocation a
      where a.reverses_id is null and a.via_id is not null and a.kind in ('CASH', 'CREDIT', 'DISCOUNT')
        and not exists (select from allocation r where r.tenant_id = a.tenant_id and r.reverses_id = a.id)
    ),
    used as (
      select via_id, document_id, sum(minor) as minor from (
        select a.via_id, i.document_id, a.to_minor as minor from live a join open_item i on i.id = a.to_item_id
        union all
        select a.via_id, i.document_id, a.from_minor from live a join open_item i on i.id = a.from_item_id where i.kind = 'CREDIT_NOTE'
      ) side group by 1, 2
    )
    select 'payment' as record, coalesce(s.payment_id, u.via_id) as id, coalesce(s.document_id, u.document_id) as document_id,
      s.amount_minor::text as shown, s.missing_minor::text as missing, u.minor::text as allocated
    from payment_application s full join used u on u.via_id = s.payment_id and u.document_id = s.document_id
    join payment p on p.id = coalesce(s.payment_id, u.via_id)
    where (p.lifecycle not in ('RECEIVED', 'RETURNED') or p.legal_entity_id is distinct from s.legal_entity_id
        or coalesce(u.minor, 0) is distinct from s.amount_minor + s.discount_minor - s.missing_minor)
      and not exists (
        select from allocation o join allocation r on r.reverses_id = o.id where o.via_id = p.id and r.connection_id is null
      )`,
};

export const allocationInvariants: readonly Invariant[] = [
  sidesOfItems,
  allocationPosted,
  reversalAgrees,
  entryReversed,
  reversedOnce,
  discountGranted,
  accountsFit,
  currenciesFit,
  differenceRealised,
  appliedAsShown,
];
