/**
 * What an ERP calls the lines of orders that it was told of: learnt from what it made of them, in the transaction in which that is kept,
 * so that deliveries and invoices can name a line there. The order itself stays as it is here.
 */
import { sql } from '../../read/sql.ts';
import { type Session, unnest } from '../../write/transaction.ts';

export interface LineThere {
  readonly id: string;
  /** Ours. */
  readonly productId: string | null;
  readonly sku: string | null;
  readonly description: string;
}

export interface LineHere extends LineThere {
  readonly externalId: string | null;
}

/**
 * Which line of ours each of theirs is: as it was known before, else by product, stock keeping unit and description, in the order in which
 * they stand; what is left over on both sides in equal number goes in that order as well. By the ids of ours.
 */
export function matchedLines(ours: readonly LineHere[], theirs: readonly LineThere[]): ReadonlyMap<string, string> {
  const ids = new Set(theirs.map(({ id }) => id));
  const matched = new Map<string, string>();
  const free = new Set(ours.filter(({ externalId }) => externalId === null || !ids.has(externalId)));
  const known = new Set(ours.map(({ externalId }) => externalId));
  let left = theirs.filter(({ id }) => !known.has(id));
  const take = (line: LineHere, { id }: LineThere): void => {
    free.delete(line);
    matched.set(line.id, id);
  };
  for (const field of ['productId', 'sku', 'description'] as const) {
    left = left.filter((one) => {
      const line = one[field] === null ? undefined : [...free].find((own) => own[field] === one[field]);
      if (line) take(line, one);
      return !line;
    });
  }
  if (left.length === free.size) [...free].forEach((line, i) => left[i] && take(line, left[i]));
  return matched;
}

interface Row extends LineHere {
  readonly orderId: string;
}

const COLUMNS = [
  { column: 'id', property: 'id', type: 'uuid' },
  { column: 'external_id', property: 'externalId', type: 'text' },
];

/** `orders`: by our id, the lines there. */
export async function nameLines(
  session: Session,
  tenantId: string,
  orders: ReadonlyMap<string, readonly LineThere[]>,
): Promise<void> {
  if (orders.size === 0) return;
  const rows = await session.rows<Row>(sql`
    select id, order_id as "orderId", product_id as "productId", sku, description, external_id as "externalId" from order_line
    where tenant_id = ${tenantId} and order_id = any(${sql.uuids(orders.keys())}) order by order_id, line_number`);
  const named = [...orders].flatMap(([orderId, theirs]) => {
    const ours = rows.filter((row) => row.orderId === orderId);
    return [...matchedLines(ours, theirs)].map(([id, externalId]) => ({ id, externalId }));
  });
  if (named.length === 0) return;
  await session.change(sql`
    update order_line l set external_id = v.external_id from ${unnest(COLUMNS, named)} where l.tenant_id = ${tenantId} and l.id = v.id`);
}
