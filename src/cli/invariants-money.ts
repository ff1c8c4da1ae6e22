/** Invariants 4, 5, 8, 10–12: what items, documents and their arithmetic must agree on. */
import { sql } from '../read/sql.ts';
import { booked, type Invariant, taken } from './invariant.ts';

const itemOpen: Invariant = {
  number: 4,
  name: 'item-open',
  description: 'What is open of an item is its original less its allocations, between zero and the original, in both currencies.',
  sql: sql`
    select 'open_item' as record, i.id, i.document_number, i.original_minor::text as original, i.open_minor::text as open, t.minor::text as taken
    from open_item i left join (select item_id, sum(minor) as minor, sum(base) as base from (${taken}) t group by 1) t on t.item_id = i.id
    where i.open_minor <> i.original_minor - coalesce(t.minor, 0) or i.base_open_minor <> i.base_original_minor - coalesce(t.base, 0)
      or i.open_minor not between least(0, i.original_minor) and greatest(0, i.original_minor)
      or i.base_open_minor not between least(0, i.base_original_minor) and greatest(0, i.base_original_minor)
      or (i.open_minor = 0 and i.base_open_minor <> 0)`,
};

const itemOpenAnyDay: Invariant = {
  number: 4,
  name: 'item-open-any-day',
  description: 'At the end of no day was more of an item allocated than it had, or less than nothing.',
  sql: sql`
    select distinct on (i.id) 'open_item' as record, i.id, i.document_number, d.effective_on::text as effective_on, (i.original_minor - d.taken)::text as open
    from (
      select item_id, effective_on, sum(sum(minor)) over (partition by item_id order by effective_on) as taken from (${taken}) t group by 1, 2
    ) d join open_item i on i.id = d.item_id
    where i.original_minor - d.taken not between least(0, i.original_minor) and greatest(0, i.original_minor) or d.effective_on < i.effective_on
    order by i.id, d.effective_on`,
};

const documentTotal: Invariant = {
  number: 5,
  name: 'document-total',
  description:
    "A document's total is the sum of the originals of the items that stand for it, in both currencies; each is the document's, in number, account and currency. None stands for one that was voided.",
  sql: sql`
    select coalesce(d.record, 'open_item') as record, coalesce(d.id, i.document_id) as id, d.minor::text as total, i.minor::text as items
    from (${booked}) d
    full join (
      select document_id, sum(original_minor) as minor, sum(base_original_minor) as base, min(document_kind) as document_kind, min(kind) as item_kind,
        (array_agg(distinct (legal_entity_id, account_id, document_number, currency, base_currency)::text))[1:2] as owners
      from open_item where document_kind in ('Invoice', 'CreditNote', 'Payment') and voided_minor = 0 group by document_id
    ) i on i.document_id = d.id
    where coalesce(d.minor * d.sign, 0) <> coalesce(i.minor, 0) or coalesce(d.base * d.sign, 0) <> coalesce(i.base, 0)
      or (i.document_id is not null and (d.id is null or i.document_kind <> d.document_kind or i.item_kind <> d.item_kind
        or i.owners is distinct from array[(d.legal_entity_id, d.account_id, d.number, d.currency, d.base_currency)::text]))`,
};

const settledByKind: Invariant = {
  number: 8,
  name: 'settled-by-kind',
  description:
    'What an item says was paid, credited, discounted, written off, returned and voided are the sums of its allocations by kind.',
  sql: sql`
    select 'open_item' as record, i.id, i.document_number
    from open_item i
    left join (
      select item_id, coalesce(sum(minor) filter (where kind = 'CASH'), 0) as cash, coalesce(sum(minor) filter (where kind = 'CREDIT'), 0) as credit,
        coalesce(sum(minor) filter (where kind = 'DISCOUNT'), 0) as discount, coalesce(sum(minor) filter (where kind = 'WRITE_OFF'), 0) as write_off,
        coalesce(sum(minor) filter (where kind in ('RETURN', 'REFUND')), 0) as returned, coalesce(sum(minor) filter (where kind = 'VOID'), 0) as voided
      from (${taken}) t group by item_id
    ) t on t.item_id = i.id
    where (i.cash_minor, i.credit_minor, i.discount_minor, i.write_off_minor, i.returned_minor, i.voided_minor)
      is distinct from (coalesce(t.cash, 0), coalesce(t.credit, 0), coalesce(t.discount, 0), coalesce(t.write_off, 0), coalesce(t.returned, 0), coalesce(t.voided, 0))`,
};

const settledOn: Invariant = {
  number: 8,
  name: 'settled-on',
  description: 'An item is settled on the last day on which an allocation of it counts; one of nothing, on its own day.',
  sql: sql`
    select 'open_item' as record, i.id, i.document_number, i.settled_on::text as settled_on, t.last_on::text as last_on
    from open_item i left join (select item_id, max(effective_on) as last_on from (${taken}) t group by 1) t on t.item_id = i.id
    where i.settled_on is distinct from case when i.open_minor = 0 then coalesce(t.last_on, i.effective_on) end`,
};

const documentSettlement: Invariant = {
  number: 8,
  name: 'document-settlement',
  description:
    'What a document says was settled and is open are the sums of the items that stand for it, and its status is one that fits them.',
  sql: sql`
    with items as (
      select document_id, sum(cash_minor) as cash, sum(credit_minor) as credit, sum(discount_minor) as discount, sum(write_off_minor) as write_off,
        sum(open_minor) as open, case when sum(abs(open_minor)) = 0 then max(settled_on) end as settled_on
      from open_item where voided_minor = 0 group by document_id
    )
    select 'invoice' as record, d.id, d.number, d.status
    from invoice d left join items i on i.document_id = d.id
    where (d.paid_minor, d.credited_minor, d.discounted_minor, d.written_off_minor, d.open_minor, d.settled_on) is distinct from
        (coalesce(i.cash, 0), coalesce(i.credit, 0), coalesce(i.discount, 0), coalesce(i.write_off, 0), coalesce(i.open, 0), i.settled_on)
      or case when d.lifecycle <> 'ISSUED' then d.status <> d.lifecycle
              when d.open_minor = 0 then d.status not in ('PAID', 'CREDITED', 'WRITTEN_OFF')
              else d.status <> case when d.paid_minor > 0 then 'PARTIALLY_PAID' else 'OPEN' end end
    union all
    select 'credit_note', d.id, d.number, d.status
    from credit_note d left join items i on i.document_id = d.id
    where d.open_minor <> -coalesce(i.open, 0)
      or d.status <> case when d.lifecycle <> 'ISSUED' then d.lifecycle when d.open_minor = 0 then 'APPLIED'
                          when d.open_minor = d.total_minor then 'OPEN' else 'PARTIALLY_APPLIED' end
    union all
    select 'payment', d.id, d.number, d.status
    from payment d left join items i on i.document_id = d.id
    where d.open_minor <> -coalesce(i.open, 0)
      or d.status <> case when d.lifecycle <> 'RECEIVED' then d.lifecycle when d.open_minor = 0 then 'APPLIED'
                          when d.open_minor = d.amount_minor then 'UNAPPLIED' else 'PARTIALLY_APPLIED' end`,
};

const withinReceived: Invariant = {
  number: 11,
  name: 'within-received',
  description:
    'Of a payment no more was applied and given back than was received, and nothing of one that was voided; a returned one went back whole, any other not at all.',
  sql: sql`
    with used as materialized (
      select i.document_id, -sum(t.minor) filter (where t.kind <> 'VOID') as used, coalesce(-sum(t.minor) filter (where t.kind = 'RETURN'), 0) as returned
      from (${taken}) t join open_item i on i.id = t.item_id where i.kind = 'PAYMENT' group by 1
    )
    select 'payment' as record, p.id, p.number, p.amount_minor::text as amount, t.used::text as used, t.returned::text as returned
    from payment p left join used t on t.document_id = p.id
    where coalesce(t.used, 0) not between 0 and case p.lifecycle when 'VOIDED' then 0 else p.amount_minor end
      or coalesce(t.returned, 0) <> case p.lifecycle when 'RETURNED' then p.amount_minor else 0 end`,
};

const baseAmount: Invariant = {
  number: 12,
  name: 'base-amount',
  description:
    'The amount in functional currency is the amount times the stored rate, rounded once; the rate is 1 where the currencies are one.',
  sql: sql`
    select d.record, d.id, d.number, d.minor::text as amount, d.rate::text as rate, d.base::text as base
    from (${booked}) d join legal_entity e on e.id = d.legal_entity_id
    where d.base_currency <> e.functional_currency or (d.currency = d.base_currency and d.rate is distinct from 1)
      or d.base is distinct from round(d.minor * d.rate * (10::numeric ^ (currency_exponent(d.base_currency) - currency_exponent(d.currency))))`,
};

export const moneyInvariants: readonly Invariant[] = [
  itemOpen,
  itemOpenAnyDay,
  documentTotal,
  settledByKind,
  settledOn,
  documentSettlement,
  withinReceived,
  baseAmount,
];
