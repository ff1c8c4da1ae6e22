/** Goods that left as an ERP gets them: of an order that it knows, by the lines as they are called there. */
import type { Canonical } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import { daySql, type DocumentSource, listSql, NoDocument, numberSql, present } from './document-source.ts';
import { loadReferences, NotThereYet } from './references.ts';

interface Line {
  readonly lineNumber: number;
  readonly quantity: string;
  /** Of the order's line there. */
  readonly externalId: string | null;
}

interface Row {
  readonly lifecycle: string;
  readonly orderId: string;
  readonly order: string;
  /** The ERP is being told of the order: what its lines are called may come with that. */
  readonly isOrderUnderWay: boolean;
  readonly lines: readonly Line[];
  readonly fields: Readonly<Record<string, string | null>>;
}

export async function deliveryDocument({ session, connection, request }: DocumentSource): Promise<Canonical<'Delivery'> | null> {
  const [row] = await session.rows<Row>(sql`
    select f.lifecycle, f.order_id as "orderId", o.number as order,
      exists (select from erp_request q where q.record_id = o.id and q.connection_id = ${connection.id} and q.lifecycle = 'SENT') as "isOrderUnderWay",
      json_build_object('number', f.number, 'plannedOn', ${daySql('f.planned_on')}, 'shippedOn', ${daySql('f.shipped_on')},
        'deliveredOn', ${daySql('f.delivered_on')}, 'carrier', f.carrier, 'trackingNumber', f.tracking_number, 'receivedBy', f.received_by) as fields,
      ${listSql(
        sql`'lineNumber', ol.line_number, 'externalId', ol.external_id, 'quantity', ${numberSql('l.quantity')}`,
        sql`fulfilment_line l join order_line ol on ol.tenant_id = l.tenant_id and ol.id = l.order_line_id where l.fulfilment_id = f.id`,
        sql`ol.line_number`,
      )} as lines
    from fulfilment f join sales_order o on o.tenant_id = f.tenant_id and o.id = f.order_id where f.id = ${request.recordId}`);
  if (!row) return null;
  const references = await loadReferences(session, connection, [row.orderId]);
  const order = references.required('Order', row.orderId, `The order ${row.order}`);
  return present({
    ...row.fields,
    order,
    state: row.lifecycle === 'DELIVERED' ? 'DELIVERED' : 'SHIPPED',
    lines: row.lines.map(({ quantity, ...line }) => ({ quantity, orderLine: namedThere(line, row, connection.name) })),
  }) as unknown as Canonical<'Delivery'>;
}

/** @throws NotThereYet, NoDocument */
function namedThere({ externalId, lineNumber }: Omit<Line, 'quantity'>, { order, isOrderUnderWay }: Row, name: string): string {
  if (externalId !== null) return externalId;
  if (isOrderUnderWay) throw new NotThereYet(`${name} has not taken line ${lineNumber} of the order ${order} yet.`);
  throw new NoDocument(
    `${name} shows no line for line ${lineNumber} of the order ${order}: replay its orders, or deliver this line there by hand.`,
  );
}
