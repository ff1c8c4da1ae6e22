/** Invariants 5, 10 and 17, the side of the bills: what orders say of invoices and credit notes is what these are, to the minor unit. */
import { sql } from '../read/sql.ts';
import { type Invariant, worth } from './invariant.ts';

const instalments: Invariant = {
  number: 5,
  name: 'instalments',
  description: 'An invoice is due when its last part is, and offers the discount that its parts offer together.',
  sql: sql`
    select 'invoice' as record, i.id, i.number, i.due_on::text as due_on, t.due_on::text as last_due_on
    from invoice i
    join (
      select document_id, max(due_on) as due_on, max(discount_until) as discount_until, sum(discount_offered_minor) as discount
      from open_item where document_kind = 'Invoice' and voided_minor = 0 group by 1
    ) t on t.document_id = i.id
    where (i.due_on, i.discount_until, i.discount_offered_minor) is distinct from (t.due_on, t.discount_until, t.discount)
    union all
    select 'open_item', id, document_number, due_on::text, null from open_item
    where discount_offered_minor not between 0 and greatest(original_minor, 0) or (discount_until is null and discount_offered_minor <> 0)`,
};

/** Invoices of one order are issued under its lock, so their numbers are in the order of the bills. */
const orderedLines: Invariant = {
  number: 10,
  name: 'ordered-lines',
  description:
    'The invoice lines of a line of an order add up, bill after bill, to the quantity billed so far times price less discount, rounded once, where no ERP billed it.',
  sql: sql`
    select 'invoice_line' as record, b.id, b.number, b.net::text as billed, b.exact::text as exact
    from (
      select l.id, i.number, sum(l.net_minor) over bills as net,
        sum(l.quantity) over bills * l.unit_price * (100 - l.discount_percent) / 100 * (10::numeric ^ currency_exponent(l.currency)) as exact
      from invoice_line l join invoice i on i.id = l.invoice_id
      where l.order_line_id is not null
        and not exists (select from invoice_line t join invoice n on n.id = t.invoice_id where t.order_line_id = l.order_line_id and n.origin = 'OBSERVED')
      window bills as (partition by l.order_line_id order by i.series_number)
    ) b
    where b.net <> round(b.exact)`,
};

const creditedLines: Invariant = {
  number: 10,
  name: 'credited-lines',
  description:
    'What an invoice line says is credited is what the lines of credit notes took of it; those of notes made here are the nets of their note by category and rate.',
  sql: sql`
    select 'invoice_line' as record, l.id, l.credited_quantity::text as says, n.quantity::text as "is"
    from invoice_line l
    left join (select invoice_line_id, sum(quantity) as quantity, sum(net_minor) as net from credit_note_line group by 1) n on n.invoice_line_id = l.id
    where (l.credited_quantity, l.credited_net_minor) is distinct from (coalesce(n.quantity, 0), coalesce(n.net, 0))
    union all
    select 'credit_note', credit_note_id, t.taxable::text, l.net::text
    from (
      select credit_note_id, tax_category, tax_rate, sum(net_minor) as net from credit_note_line
      where invoice_line_id is not null group by 1, 2, 3
    ) l
    full join (
      select credit_note_id, tax_category, tax_rate, sum(taxable_minor) as taxable from credit_note_tax
      where credit_note_id in (select credit_note_id from credit_note_line where invoice_line_id is not null) group by 1, 2, 3
    ) t using (credit_note_id, tax_category, tax_rate)
    where coalesce(l.net, 0) <> coalesce(t.taxable, 0)
    union all
    select 'credit_note_line', k.id, k.invoice_line_id::text, n.invoice_id::text
    from credit_note_line k join credit_note n on n.id = k.credit_note_id join invoice_line l on l.id = k.invoice_line_id
    where l.invoice_id is distinct from n.invoice_id`,
};

const billedQuantities: Invariant = {
  number: 17,
  name: 'billed-quantities',
  description:
    'What a line of an order says is billed and credited is what its invoices and credit notes have; no more is billed than is ordered, nor than was shipped where that is billed, but for what an ERP orders, bills and delivers.',
  sql: sql`
    with billed as (
      select l.order_line_id as id, sum(coalesce(l.ordered_quantity, l.quantity)) as quantity, sum(coalesce(l.ordered_net_minor, l.net_minor)) as net,
        sum(l.credited_quantity) as credited, bool_or(i.origin = 'OBSERVED') as is_theirs,
        bool_and(i.origin = 'OBSERVED' or (i.order_id = o.order_id and i.lifecycle = 'ISSUED' and i.currency = o.currency)) as is_own
      from invoice_line l join invoice i on i.id = l.invoice_id join order_line o on o.id = l.order_line_id
      where i.lifecycle <> 'VOIDED' group by 1
    )
    select 'order_line' as record, l.id, l.billed_quantity::text as says, b.quantity::text as "is"
    from order_line l join sales_order o on o.id = l.order_id left join billed b on b.id = l.id
    where (l.billed_quantity, l.billed_net_minor, l.credited_quantity) is distinct from (coalesce(b.quantity, 0), coalesce(b.net, 0), coalesce(b.credited, 0))
      or not coalesce(b.is_own, true) or (o.origin = 'PLACED' and l.billed_quantity > l.quantity - l.cancelled_quantity)
      or (o.billing_rule = 'ON_SHIPMENT' and l.is_shipped and l.billed_quantity > l.shipped_quantity and not coalesce(b.is_theirs, false)
        and not exists (select from fulfilment f where f.order_id = o.id and f.origin = 'OBSERVED'))`,
};

const orderAmounts: Invariant = {
  number: 17,
  name: 'order-amounts',
  description:
    'What an order says is billed and credited are the sums of its invoices and credit notes; its total is what is billed and what is not yet, with tax by category and rate. Nets and total of an order of an ERP are the ERP’s; what is closed there is not billed any more.',
  sql: sql`
    with line as (
      select l.order_id, l.tax_category, l.tax_rate, l.net_minor, l.billed_net_minor,
        o.lifecycle in ('COMPLETED', 'CLOSED_SHORT', 'CANCELLED') as is_closed,
        round((l.quantity - l.cancelled_quantity) * l.unit_price * (100 - l.discount_percent) / 100 * (10::numeric ^ currency_exponent(l.currency))) as exact
      from order_line l join sales_order o on o.id = l.order_id
    ),
    rate as (
      select order_id, sum(net_minor) as net, sum(net_minor - billed_net_minor) as rest,
        round(sum(net_minor - billed_net_minor) * tax_rate / 100) as tax,
        bool_and(net_minor = case when is_closed then billed_net_minor else exact end) as is_exact
      from line group by order_id, tax_category, tax_rate
    ),
    computed as (
      select order_id, sum(net) as net, sum(rest) + sum(tax) as unbilled, bool_and(is_exact) as is_exact from rate group by 1
    )
    select 'order' as record, o.id, o.number, o.total_minor::text as total, i.billed::text as invoices, c.credited::text as notes
    from sales_order o join computed r on r.order_id = o.id
    left join (
      select order_id, sum(billed) as billed
      from (
        select order_id, total_minor as billed from invoice where lifecycle = 'ISSUED' and origin <> 'OBSERVED'
        union all
        select k.order_id, l.ordered_gross_minor from invoice_line l join invoice n on n.id = l.invoice_id join order_line k on k.id = l.order_line_id
        where n.lifecycle = 'ISSUED' and n.origin = 'OBSERVED'
      ) bill group by 1
    ) i on i.order_id = o.id
    left join (select order_id, sum(total_minor) as credited from credit_note where lifecycle = 'ISSUED' group by 1) c on c.order_id = o.id
    left join (
      select w.order_id, w.whole - sum(round(w.whole * l.net_minor * l.cancelled_quantity / (w.nets * l.quantity)))
        filter (where w.whole > 0 and l.net_minor > 0 and l.quantity > 0) as rest
      from (${worth}) w join order_line l on l.order_id = w.order_id and l.is_closed group by w.order_id, w.whole
    ) k on k.order_id = o.id
    where (o.origin = 'PLACED' and (not r.is_exact or (o.net_minor, o.unbilled_minor) is distinct from (r.net, r.unbilled)))
      or (o.billed_minor, o.credited_minor) is distinct from (coalesce(i.billed, 0), coalesce(c.credited, 0))
      or coalesce(k.rest, o.total_minor) <> o.billed_minor + o.unbilled_minor or o.tax_minor <> o.total_minor - o.net_minor`,
};

const orderOfNote: Invariant = {
  number: 17,
  name: 'order-of-note',
  description: 'A credit note made here is of the order of its invoice.',
  sql: sql`
    select 'credit_note' as record, n.id, n.number
    from credit_note n left join invoice i on i.id = n.invoice_id where n.origin = 'ISSUED' and n.order_id is distinct from i.order_id`,
};

export const billingInvariants: readonly Invariant[] = [
  instalments,
  orderedLines,
  creditedLines,
  billedQuantities,
  orderAmounts,
  orderOfNote,
];
