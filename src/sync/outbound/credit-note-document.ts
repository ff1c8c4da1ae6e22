/** A credit note as an ERP gets it: by the lines of the invoice that it takes back, else by amounts for each rate of tax. */
import type { Canonical } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import { amountSql, daySql, type DocumentSource, listSql, numberSql, present, rateOf } from './document-source.ts';
import { loadReferences } from './references.ts';

type Lines = readonly { readonly productId: string | null }[];

interface Row {
  readonly currency: string;
  readonly baseCurrency: string;
  readonly rate: string | null;
  readonly account: string;
  readonly accountId: string;
  readonly invoiceId: string | null;
  readonly lines: Lines;
  readonly amounts: Lines;
  readonly taxes: Canonical<'CreditNote'>['taxes'];
  readonly fields: Readonly<Record<string, string | null>>;
}

export async function creditNoteDocument(source: DocumentSource): Promise<Canonical<'CreditNote'> | null> {
  const { session, connection, request } = source;
  const [row] = await session.rows<Row>(sql`
    select n.currency, n.base_currency as "baseCurrency", ${numberSql('n.rate')} as rate, a.number as account, a.id as "accountId", n.invoice_id as "invoiceId",
      json_build_object('number', n.number, 'issuedOn', ${daySql('n.issued_on')}, 'memo', n.reason, 'net', ${amountSql('n.net_minor', 'n.currency')},
        'tax', ${amountSql('n.tax_minor', 'n.currency')}, 'total', ${amountSql('n.total_minor', 'n.currency')}) as fields,
      ${listSql(
        sql`'productId', ol.product_id, 'sku', ol.sku, 'description', l.description, 'quantity', ${numberSql('l.quantity')}, 'unit', il.unit,
          'unitPrice', ${numberSql('il.unit_price')}, 'discountPercent', nullif(${numberSql('il.discount_percent')}, '0'),
          'net', ${amountSql('l.net_minor', 'l.currency')}, 'taxRate', ${numberSql('l.tax_rate')}, 'taxCategory', l.tax_category`,
        sql`credit_note_line l join invoice_line il on il.id = l.invoice_line_id left join order_line ol on ol.id = il.order_line_id where l.credit_note_id = n.id`,
        sql`l.line_number`,
      )} as lines,
      ${listSql(
        sql`'productId', null, 'description', coalesce(x.description, n.reason), 'quantity', '1', 'unitPrice', ${amountSql('x.taxable_minor', 'x.currency')},
          'net', ${amountSql('x.taxable_minor', 'x.currency')}, 'taxRate', ${numberSql('x.tax_rate')}, 'taxCategory', x.tax_category`,
        sql`credit_note_tax x where x.credit_note_id = n.id`,
        sql`x.id`,
      )} as amounts,
      ${listSql(
        sql`'taxCategory', x.tax_category, 'taxRate', trim_scale(x.tax_rate)::text, 'taxable', money_text(x.taxable::bigint, x.currency), 'tax', money_text(x.tax::bigint, x.currency)`,
        sql`(select tax_category, tax_rate, currency, sum(taxable_minor) as taxable, sum(tax_minor) as tax
          from credit_note_tax where credit_note_id = n.id group by 1, 2, 3) x`,
        sql`x.tax_category, x.tax_rate`,
      )} as taxes
    from credit_note n join customer_account a on a.id = n.account_id where n.id = ${request.recordId}`);
  if (!row) return null;
  const { accountId, invoiceId, fields, currency, taxes } = row;
  const lines = row.lines.length > 0 ? row.lines : row.amounts;
  const references = await loadReferences(session, connection, [accountId, invoiceId, ...lines.map((l) => l.productId)]);
  return present({
    ...fields,
    currency,
    rate: rateOf(row),
    taxes,
    lines: lines.map(({ productId, ...line }) =>
      present({ ...line, product: references.optional('Product', productId, 'A product of it') ?? null }),
    ),
    customer: references.required('Customer', accountId, `The customer ${row.account}`),
    invoice: references.optional('Invoice', invoiceId, 'The invoice that it credits') ?? null,
    state: request.command === 'VOID' ? 'VOIDED' : 'ISSUED',
  }) as unknown as Canonical<'CreditNote'>;
}
