/** An order as an ERP gets it: what is still wanted of each line; of one that was closed, what was billed. */
import type { Canonical } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import { amountSql, daySql, type DocumentSource, listSql, numberSql, present, rateOf } from './document-source.ts';
import { loadReferences } from './references.ts';

interface Line {
  readonly productId: string | null;
  readonly [field: string]: string | null;
}

interface Row {
  readonly lifecycle: string;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly rate: string | null;
  readonly account: string;
  readonly accountId: string;
  readonly termsId: string | null;
  readonly lines: readonly Line[];
  readonly fields: Readonly<Record<string, string | null>>;
  readonly shipTo: Readonly<Record<'name' | 'address' | 'country' | 'region', string | null>>;
}

type State = Canonical<'Order'>['state'];
const STATE: Readonly<Record<string, State>> = { CONFIRMED: 'CONFIRMED', COMPLETED: 'COMPLETED', CLOSED_SHORT: 'COMPLETED' };

const quantity = sql`case o.lifecycle when 'CLOSED_SHORT' then l.billed_quantity when 'CANCELLED' then l.quantity else l.quantity - l.cancelled_quantity end`;

export async function orderDocument({ session, connection, request }: DocumentSource): Promise<Canonical<'Order'> | null> {
  const [row] = await session.rows<Row>(sql`
    select o.lifecycle, o.currency, o.base_currency as "baseCurrency", ${numberSql('o.rate')} as rate, a.number as account, a.id as "accountId",
      o.payment_terms_id as "termsId",
      json_build_object('number', o.number, 'customerReference', o.customer_reference, 'orderedOn', ${daySql('o.ordered_on')},
        'requestedOn', ${daySql('o.requested_on')}, 'net', ${amountSql('o.net_minor', 'o.currency')},
        'tax', ${amountSql('o.tax_minor', 'o.currency')}, 'total', ${amountSql('o.total_minor', 'o.currency')}) as fields,
      json_build_object('name', o.ship_to_name, 'address', o.ship_to_address, 'country', o.ship_to_country, 'region', o.ship_to_region) as "shipTo",
      ${listSql(
        sql`'id', l.external_id, 'productId', l.product_id, 'sku', l.sku, 'description', l.description, 'quantity', trim_scale(${quantity})::text, 'unit', l.unit,
          'unitPrice', ${numberSql('l.unit_price')}, 'discountPercent', nullif(${numberSql('l.discount_percent')}, '0'),
          'net', ${amountSql('l.net_minor', 'l.currency')}, 'taxRate', ${numberSql('l.tax_rate')}, 'taxCategory', l.tax_category`,
        sql`order_line l where l.order_id = o.id and ${quantity} > 0`,
        sql`l.line_number`,
      )} as lines
    from sales_order o join customer_account a on a.id = o.account_id where o.id = ${request.recordId}`);
  if (!row) return null;
  const { shipTo, fields, lifecycle, currency, accountId, termsId } = row;
  const references = await loadReferences(session, connection, [accountId, termsId, ...row.lines.map((l) => l.productId)]);
  const lines = row.lines.map(({ productId, ...line }) =>
    present({ ...line, product: references.optional('Product', productId, 'A product of it') ?? null }),
  );
  const { address, ...to } = shipTo;
  const shipped = present({ ...to, lines: address === null ? null : address.split('\n').slice(0, 10) });
  return present({
    ...fields,
    currency,
    rate: rateOf(row),
    lines,
    customer: references.required('Customer', accountId, `The customer ${row.account}`),
    terms: references.optional('Terms', termsId, 'Its payment terms') ?? null,
    state: request.command === 'VOID' ? 'CANCELLED' : (STATE[lifecycle] ?? 'OPEN'),
    shipTo: Object.keys(shipped).length === 0 ? null : shipped,
  }) as unknown as Canonical<'Order'>;
}
