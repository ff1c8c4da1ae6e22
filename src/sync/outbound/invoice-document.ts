/** An invoice as an ERP gets it; of a draft that is wished there, with the days that it would have. */
import type { Canonical } from '../../canonical/canonical.ts';
import { addDays, endOfMonth } from '../../kernel/date.ts';
import { sql } from '../../read/sql.ts';
import { amountSql, daySql, type DocumentSource, listSql, numberSql, present, rateOf, todayOf } from './document-source.ts';
import { loadReferences } from './references.ts';

interface Line {
  readonly productId: string | null;
  readonly orderId: string | null;
  /** The ERP's own id of it. */
  readonly orderLine: string | null;
}

interface Row {
  readonly currency: string;
  readonly baseCurrency: string;
  readonly rate: string | null;
  readonly account: string;
  readonly accountId: string;
  readonly termsId: string | null;
  readonly orderId: string | null;
  readonly issuedOn: string | null;
  readonly dueOn: string | null;
  readonly terms: { readonly netDays: number; readonly isEndOfMonth: boolean } | null;
  readonly lines: readonly Line[];
  readonly taxes: Canonical<'Invoice'>['taxes'];
  readonly fields: Readonly<Record<string, string | null>>;
}

export async function invoiceDocument(source: DocumentSource): Promise<Canonical<'Invoice'> | null> {
  const { session, connection, request } = source;
  const [row] = await session.rows<Row>(sql`
    select i.currency, i.base_currency as "baseCurrency", ${numberSql('i.rate')} as rate, a.number as account, a.id as "accountId",
      i.payment_terms_id as "termsId", i.order_id as "orderId", ${daySql('i.issued_on')} as "issuedOn", ${daySql('i.due_on')} as "dueOn",
      (select json_build_object('isEndOfMonth', t.is_end_of_month, 'netDays',
         coalesce((select max(p.net_days) from payment_terms_instalment p where p.payment_terms_id = t.id), t.net_days))
       from payment_terms t where t.id = i.payment_terms_id) as terms,
      json_build_object('number', i.number, 'customerReference', i.customer_reference, 'net', ${amountSql('i.net_minor', 'i.currency')},
        'tax', ${amountSql('i.tax_minor', 'i.currency')}, 'total', ${amountSql('i.total_minor', 'i.currency')}) as fields,
      ${listSql(
        sql`'orderLine', ol.external_id, 'orderId', ol.order_id, 'productId', ol.product_id, 'sku', ol.sku, 'description', l.description, 'quantity', ${numberSql('l.quantity')}, 'unit', l.unit,
          'unitPrice', ${numberSql('l.unit_price')}, 'discountPercent', nullif(${numberSql('l.discount_percent')}, '0'),
          'net', ${amountSql('l.net_minor', 'l.currency')}, 'taxRate', ${numberSql('l.tax_rate')}, 'taxCategory', l.tax_category`,
        sql`invoice_line l left join order_line ol on ol.id = l.order_line_id where l.invoice_id = i.id`,
        sql`l.line_number`,
      )} as lines,
      ${listSql(
        sql`'taxCategory', x.tax_category, 'taxRate', ${numberSql('x.tax_rate')}, 'taxable', ${amountSql('x.taxable_minor', 'x.currency')},
          'tax', ${amountSql('x.tax_minor', 'x.currency')}`,
        sql`invoice_tax x where x.invoice_id = i.id`,
        sql`x.tax_category, x.tax_rate`,
      )} as taxes
    from invoice i join customer_account a on a.id = i.account_id where i.id = ${request.recordId}`);
  if (!row) return null;
  const { accountId, termsId, orderId, fields, currency, taxes } = row;
  const named = row.lines.flatMap((line) => [line.productId, line.orderId]);
  const references = await loadReferences(session, connection, [accountId, termsId, orderId, ...named]);
  const order = references.optional('Order', orderId, 'The order that it bills');
  return present({
    ...fields,
    ...daysOf(source, row),
    currency,
    rate: rateOf(row),
    taxes,
    lines: row.lines.map(({ productId, orderId: of, orderLine, ...line }) =>
      present({
        ...line,
        product: references.optional('Product', productId, 'A product of it') ?? null,
        ...(orderLine === null ? {} : { orderLine, order: references.optional('Order', of, 'The order that it bills') ?? null }),
      }),
    ),
    customer: references.required('Customer', accountId, `The customer ${row.account}`),
    terms: references.optional('Terms', termsId, 'Its payment terms') ?? null,
    orders: order === undefined ? null : [order],
    state: request.command === 'VOID' ? 'VOIDED' : 'ISSUED',
  }) as unknown as Canonical<'Invoice'>;
}

/** Those that it has; of a draft those that were wished for, else today and what its terms make of it. */
function daysOf(source: DocumentSource, { issuedOn, dueOn, terms }: Row): { issuedOn: string; dueOn: string } {
  const wished = (source.request.input ?? {}) as { readonly issuedOn?: string; readonly dueOn?: string };
  const from = issuedOn ?? wished.issuedOn ?? todayOf(source);
  const due = addDays(from, terms?.netDays ?? 0);
  return { issuedOn: from, dueOn: dueOn ?? wished.dueOn ?? (terms?.isEndOfMonth ? endOfMonth(due) : due) };
}
