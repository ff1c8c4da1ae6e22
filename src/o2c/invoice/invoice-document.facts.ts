/** Reads what is printed of an invoice or a credit note: one statement, in the reader's own scope. */
import { DomainError } from '../../kernel/errors.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { GraphContext } from '../../write/context.ts';
import type { Download, DownloadKind } from '../../write/download.ts';
import { type DocumentFacts, printedDocument } from './invoice-document.rules.ts';

type Read = DocumentFacts & { readonly lifecycle: string };

/** The fields that both kinds have, over the document `d`, its legal entity `e`, account `a` and customer `c`. */
const common = sql`d.lifecycle, d.origin, d.number, to_char(d.issued_on, 'YYYY-MM-DD') as "issuedOn", d.currency,
  d.net_minor::text as net, d.tax_minor::text as tax, d.total_minor::text as total, o.number as "orderNumber"`;

const parties = sql`
  join legal_entity e on e.id = d.legal_entity_id join customer_account a on a.id = d.account_id join customer c on c.id = a.origin_customer_id
  left join sales_order o on o.id = i.order_id left join payment_terms t on t.id = i.payment_terms_id`;

/** As they were called when the invoice was issued; of one that was read in, as they are called now. */
const names = sql`
  json_build_object('name', coalesce(i.seller_name, e.name), 'code', e.code, 'country', e.country) as seller,
  json_build_object('name', coalesce(i.buyer_name, c.name), 'account', a.number,
    'taxId', case when i.seller_name is null then c.tax_id else i.buyer_tax_id end,
    'country', case when i.seller_name is null then c.country else i.buyer_country end) as buyer,
  i.customer_reference as "customerReference"`;

/** A list of objects of a table that belongs to a document, in order. */
const list = (object: Sql, from: Sql, order: Sql): Sql =>
  sql`(select coalesce(json_agg(json_build_object(${object}) order by ${order}), '[]'::json) from ${from})`;

const reasons = (tax: string): Sql =>
  sql`(select coalesce(json_agg(distinct r.tax_reason), '[]'::json) from invoice_line r
    where r.invoice_id = i.id and r.tax_category = ${sql.id(tax, 'tax_category')} and r.tax_rate = ${sql.id(tax, 'tax_rate')} and r.tax_reason is not null)`;

const invoiceSql = (id: string, scope: Sql): Sql => sql`
  select 'Invoice' as kind, ${common}, ${names}, null::text as "invoiceNumber", null::text as reason, t.name as terms, t.discount_percent::text as "discountPercent",
    (select to_char(min(p.recorded_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from open_item p where p.document_id = i.id) as "recordedAt",
    ${list(
      sql`'description', l.description, 'quantity', l.quantity::text, 'unit', l.unit, 'unitPrice', l.unit_price::text, 'discountPercent', l.discount_percent::text,
        'taxCategory', l.tax_category, 'taxRate', l.tax_rate::text, 'net', l.net_minor::text`,
      sql`invoice_line l where l.invoice_id = i.id`,
      sql`l.line_number`,
    )} as lines,
    ${list(
      sql`'description', null, 'taxCategory', x.tax_category, 'taxRate', x.tax_rate::text, 'reasons', ${reasons('x')}, 'taxable', x.taxable_minor::text, 'tax', x.tax_minor::text`,
      sql`invoice_tax x where x.invoice_id = i.id`,
      sql`x.tax_category, x.tax_rate`,
    )} as taxes,
    ${list(
      sql`'dueOn', to_char(p.due_on, 'YYYY-MM-DD'), 'amount', p.original_minor::text, 'discountUntil', to_char(p.discount_until, 'YYYY-MM-DD'), 'discount', p.discount_offered_minor::text`,
      sql`open_item p where p.document_id = i.id`,
      sql`p.instalment`,
    )} as parts
  from invoice d join invoice i on i.id = d.id ${parties}
  where d.id = ${id} and ${scope}`;

const creditNoteSql = (id: string, scope: Sql): Sql => sql`
  select 'CreditNote' as kind, ${common}, ${names}, i.number as "invoiceNumber", d.reason, null::text as terms, null::text as "discountPercent",
    to_char(d.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt",
    ${list(
      sql`'description', l.description, 'quantity', l.quantity::text, 'unit', null, 'unitPrice', null, 'discountPercent', null,
        'taxCategory', l.tax_category, 'taxRate', l.tax_rate::text, 'net', l.net_minor::text`,
      sql`credit_note_line l where l.credit_note_id = d.id`,
      sql`l.line_number`,
    )} as lines,
    ${list(
      sql`'description', x.description, 'taxCategory', x.tax_category, 'taxRate', x.tax_rate::text, 'reasons', ${reasons('x')}, 'taxable', x.taxable_minor::text, 'tax', x.tax_minor::text`,
      sql`credit_note_tax x where x.credit_note_id = d.id`,
      sql`x.tax_category, x.tax_rate, x.id`,
    )} as taxes,
    '[]'::json as parts
  from credit_note d left join invoice i on i.id = d.invoice_id ${parties}
  where d.id = ${id} and ${scope}`;

/** @throws WRONG_STATE for what is not in the books */
async function printable(context: GraphContext, source: Sql): Promise<Read | null> {
  const [facts] = await context.read.rows<Read>(context.principal, source);
  if (!facts) return null;
  if (facts.lifecycle !== 'ISSUED')
    throw new DomainError('WRONG_STATE', `It is ${facts.lifecycle.toLowerCase()}: only what is issued can be printed.`);
  return facts;
}

/** As it was printed where it was issued; where that can't be had, drawn as a copy of what is known of it. */
async function invoice(context: GraphContext, id: string): Promise<Download | null> {
  const facts = await printable(context, invoiceSql(id, context.scope('Invoice', 'd')));
  if (!facts) return null;
  const theirs = facts.origin === 'OBSERVED' ? await context.erpInvoicePdf(id) : null;
  return { name: facts.number, content: theirs ?? printedDocument(facts) };
}

async function creditNote(context: GraphContext, id: string): Promise<Download | null> {
  const facts = await printable(context, creditNoteSql(id, context.scope('CreditNote', 'd')));
  return facts && { name: facts.number, content: printedDocument(facts) };
}

export const invoiceDownloads: readonly DownloadKind[] = [
  { folder: 'invoices', prefix: 'inv', load: invoice },
  { folder: 'credit-notes', prefix: 'cn', load: creditNote },
];
