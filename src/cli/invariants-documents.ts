/** Invariants 10, 15, 16, 18 and 19: the arithmetic of documents, their numbers, and that an issued one never changes and is undone exactly. */
import { sql } from '../read/sql.ts';
import type { Invariant } from './invariant.ts';

const lineArithmetic: Invariant = {
  number: 10,
  name: 'line-arithmetic',
  description:
    'Of an invoice made here each line net is quantity times price, rounded, if it bills no order (those are under `ordered-lines`); tax is computed per category and rate on the rounded sum; totals are sums.',
  sql: sql`
    with own as (select id, number, currency, net_minor, tax_minor, total_minor from invoice where origin = 'ISSUED')
    select 'invoice_line' as record, l.id, i.number, l.net_minor::text as amount
    from invoice_line l join own i on i.id = l.invoice_id
    where l.order_line_id is null and l.net_minor <> round(l.quantity * l.unit_price * (100 - l.discount_percent) / 100 * (10::numeric ^ currency_exponent(i.currency)))
    union all
    select 'invoice_tax', coalesce(t.id, l.invoice_id), i.number, t.tax_minor::text
    from (
      select invoice_id, tax_category, tax_rate, sum(net_minor) as net from invoice_line
      where invoice_id in (select id from own) group by 1, 2, 3
    ) l
    full join (select * from invoice_tax where invoice_id in (select id from own)) t using (invoice_id, tax_category, tax_rate)
    join own i on i.id = invoice_id
    where l.net is distinct from t.taxable_minor or t.tax_minor <> round(t.taxable_minor * t.tax_rate / 100)
    union all
    select 'invoice', i.id, i.number, i.total_minor::text
    from own i
    left join (select invoice_id, sum(net_minor) as net from invoice_line group by 1) l on l.invoice_id = i.id
    left join (select invoice_id, sum(taxable_minor) as taxable, sum(tax_minor) as tax from invoice_tax group by 1) t on t.invoice_id = i.id
    where (i.net_minor, i.net_minor, i.tax_minor, i.total_minor) is distinct from (l.net, t.taxable, t.tax, l.net + t.tax)`,
};

const creditArithmetic: Invariant = {
  number: 10,
  name: 'credit-arithmetic',
  description:
    'The amounts of a credit note made here are the sums of what it credits, and all those on an invoice credit no more of a tax rate than it has.',
  sql: sql`
    select 'credit_note' as record, c.id, c.number, c.total_minor::text as amount
    from credit_note c
    left join (select credit_note_id, sum(taxable_minor) as net, sum(tax_minor) as tax from credit_note_tax group by 1) t on t.credit_note_id = c.id
    where c.origin = 'ISSUED' and (c.net_minor, c.tax_minor, c.total_minor) is distinct from (t.net, t.tax, t.net + t.tax)
    union all
    select 'invoice', i.id, i.number, k.net::text
    from (
      select c.invoice_id, t.tax_category, t.tax_rate, sum(t.taxable_minor) as net, sum(t.tax_minor) as tax
      from credit_note c join credit_note_tax t on t.credit_note_id = c.id
      where c.invoice_id is not null and c.lifecycle = 'ISSUED' and c.origin = 'ISSUED' group by 1, 2, 3
    ) k
    join invoice i on i.id = k.invoice_id
    left join invoice_tax t using (invoice_id, tax_category, tax_rate)
    where (k.net > coalesce(t.taxable_minor, 0) or k.tax > coalesce(t.tax_minor, 0))
      and not (i.origin = 'IMPORTED' and t.id is null and k.net <= i.net_minor and k.tax <= i.tax_minor)`,
};

const observedFigures: Invariant = {
  number: 10,
  name: 'observed-figures',
  description:
    'A document of an ERP has the total and the tax that are there: its taxes by category and rate are its tax, and the net takes what they differ by.',
  sql: sql`
    select d.record, d.id, d.number, d.tax_minor::text as tax, t.tax::text as taxes
    from (
      select 'invoice' as record, id, number, net_minor, tax_minor, total_minor from invoice where origin = 'OBSERVED'
      union all
      select 'credit_note', id, number, net_minor, tax_minor, total_minor from credit_note where origin = 'OBSERVED'
    ) d
    left join (
      select document_id, sum(tax_minor) as tax from (
        select invoice_id as document_id, tax_minor from invoice_tax union all select credit_note_id, tax_minor from credit_note_tax
      ) row group by 1
    ) t on t.document_id = d.id
    where d.tax_minor <> coalesce(t.tax, 0) or d.total_minor <> d.net_minor + d.tax_minor`,
};

const numbersDense: Invariant = {
  number: 15,
  name: 'numbers-dense',
  description: 'Invoice and credit-note numbers have no gap and no double, in each series from 1 to the one before the next.',
  sql: sql`
    with numbered as (
      select 'INVOICE' as kind, 'invoice' as record, id, legal_entity_id, series_number, number from invoice where series_number is not null
      union all
      select 'CREDIT_NOTE', 'credit_note', id, legal_entity_id, series_number, number from credit_note where series_number is not null
    )
    select 'number_series' as record, s.id, s.prefix as number, s.next_number - 1 as expected, count(n.id) as found
    from number_series s left join numbered n on n.legal_entity_id = s.legal_entity_id and n.kind = s.kind
    where s.kind in ('INVOICE', 'CREDIT_NOTE')
    group by s.id, s.prefix, s.next_number
    having count(n.id) <> s.next_number - 1 or count(distinct n.series_number) <> s.next_number - 1
      or coalesce(max(n.series_number), 0) <> s.next_number - 1 or coalesce(min(n.series_number), 1) <> 1
    union all
    select n.record, n.id, n.number, n.series_number, null
    from numbered n left join number_series s on s.legal_entity_id = n.legal_entity_id and s.kind = n.kind
    where n.number is distinct from s.prefix || lpad(n.series_number::text, greatest(6, length(n.series_number::text)), '0')`,
};

const datesRise: Invariant = {
  number: 16,
  name: 'dates-rise',
  description: 'Issue dates do not fall as numbers rise, and none is newer than the newest that the series has drawn.',
  sql: sql`
    with numbered as (
      select 'INVOICE' as kind, 'invoice' as record, id, legal_entity_id, series_number, number, issued_on from invoice where series_number is not null
      union all
      select 'CREDIT_NOTE', 'credit_note', id, legal_entity_id, series_number, number, issued_on from credit_note where series_number is not null
    ),
    before as (
      select *, max(issued_on) over (partition by kind, legal_entity_id order by series_number rows between unbounded preceding and 1 preceding) as newest_before from numbered
    )
    select b.record, b.id, b.number, b.issued_on::text as issued_on, b.newest_before::text as newest_before
    from before b join number_series s on s.legal_entity_id = b.legal_entity_id and s.kind = b.kind
    where s.last_on is not null and (b.issued_on < b.newest_before or b.issued_on > s.last_on)`,
};

/** The hash is that of the canonical JSON of the legal fields: sorted keys, no spaces, whole amounts as texts of digits. */
const snapshotHolds: Invariant = {
  number: 18,
  name: 'snapshot-holds',
  description: 'The legal fields of an invoice issued here are those of the hash that was made as it was issued.',
  sql: sql`
    with lines as materialized (
      select invoice_id, string_agg(format('[%s,%s,"%s",%s,"%s","%s","%s",%s,"%s",%s]', line_number, to_json(description), quantity,
        coalesce(to_json(unit)::text, 'null'), unit_price, discount_percent, net_minor, to_json(tax_category), tax_rate,
        coalesce(to_json(tax_reason)::text, 'null')), ',' order by line_number) as text
      from invoice_line group by invoice_id
    )
    select 'invoice' as record, i.id, i.number
    from invoice i left join lines l on l.invoice_id = i.id
    where i.origin = 'ISSUED' and i.lifecycle = 'ISSUED' and i.snapshot_hash is distinct from encode(sha256(convert_to('{' || concat_ws(',',
      format('"accountId":"%s"', i.account_id), '"buyerCountry":' || coalesce(to_json(i.buyer_country)::text, 'null'),
      '"buyerName":' || coalesce(to_json(i.buyer_name)::text, 'null'), '"buyerTaxId":' || coalesce(to_json(i.buyer_tax_id)::text, 'null'),
      format('"currency":"%s"', i.currency), '"customerReference":' || coalesce(to_json(i.customer_reference)::text, 'null'),
      format('"discountOfferedMinor":"%s"', i.discount_offered_minor), '"discountUntil":' || coalesce('"' || to_char(i.discount_until, 'YYYY-MM-DD') || '"', 'null'),
      format('"dueOn":"%s","id":"%s","issuedOn":"%s"', to_char(i.due_on, 'YYYY-MM-DD'), i.id, to_char(i.issued_on, 'YYYY-MM-DD')),
      format('"legalEntityId":"%s","lines":[%s],"netMinor":"%s"', i.legal_entity_id, l.text, i.net_minor),
      '"number":' || to_json(i.number), '"orderId":' || coalesce('"' || i.order_id || '"', 'null'),
      '"sellerName":' || coalesce(to_json(i.seller_name)::text, 'null'), format('"taxMinor":"%s","totalMinor":"%s"', i.tax_minor, i.total_minor)) || '}',
      'UTF8')), 'hex')`,
};

const undoneNets: Invariant = {
  number: 19,
  name: 'undone-nets',
  description:
    'An invoice that was credited in whole by notes made here and those notes leave nothing, in net and in the tax of each rate.',
  sql: sql`
    with undone as materialized (
      select i.id from invoice i join credit_note c on c.invoice_id = i.id and c.lifecycle = 'ISSUED' and c.origin = 'ISSUED'
      where i.lifecycle = 'ISSUED' group by i.id, i.total_minor having sum(c.total_minor) = i.total_minor
    ),
    document as (
      select id as invoice_id, id as record_id from undone
      union all
      select c.invoice_id, c.id from credit_note c join undone u on u.id = c.invoice_id where c.origin = 'ISSUED'
    ),
    side as (
      select entry_id, debit_code as code, debit_detail as detail, amount_minor as minor from transfer
      union all
      select entry_id, credit_code, credit_detail, -amount_minor from transfer
    )
    select 'invoice' as record, d.invoice_id as id, s.code, s.detail, sum(s.minor)::text as left_over
    from document d join journal_entry e on e.record_id = d.record_id join side s on s.entry_id = e.id
    where s.code <> 'RECEIVABLE' group by d.invoice_id, s.code, s.detail having sum(s.minor) <> 0`,
};

export const documentInvariants: readonly Invariant[] = [
  lineArithmetic,
  creditArithmetic,
  observedFigures,
  numbersDense,
  datesRise,
  snapshotHolds,
  undoneNets,
];
