/** What commands that change orders load: the orders, locked, with their lines and open holds. */
import { DomainError } from '../../kernel/errors.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import type { OrderLineRow, OrderRow } from './line-amounts.rules.ts';
import type { HoldRow } from './hold.rules.ts';
import { OrderBook } from './order-book.rules.ts';
import { Hold, Order, OrderLine } from './order.entity.ts';

export interface LoadedOrders {
  readonly orders: ReadonlyMap<string, OrderRow>;
  /** By order. */
  readonly lines: ReadonlyMap<string, readonly OrderLineRow[]>;
  /** The open ones, by order. */
  readonly holds: ReadonlyMap<string, readonly HoldRow[]>;
}

/** The orders that the principal may see, locked first of all records; their lines and holds are guarded by that lock. */
export const loadOrders = (tx: Tx, ids: Iterable<string | null | undefined>): Promise<LoadedOrders> =>
  loadOrdersOf(tx, sql.uuids(ids));

/** The same by an array of ids in SQL, of what never changes. */
export async function loadOrdersOf(tx: Tx, wanted: Sql): Promise<LoadedOrders> {
  const [orders, lines, holds] = await Promise.all([
    tx.load(Order, sql`t.id = any(${wanted})`, { lock: true }),
    tx.load(OrderLine, sql`t.order_id = any(${wanted})`),
    tx.load(Hold, sql`t.order_id = any(${wanted}) and t.lifecycle = 'OPEN'`),
  ]);
  return {
    orders: new Map(orders.map((o) => [o.id, o])),
    lines: byOrder(lines),
    holds: byOrder(holds),
  };
}

function byOrder<R extends { readonly orderId: string }>(rows: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(row.orderId);
    if (group) group.push(row);
    else groups.set(row.orderId, [row]);
  }
  return groups;
}

/** @throws NOT_FOUND, VERSION_CONFLICT */
export function orderBookOf(facts: LoadedOrders, id: string, expectedVersion?: number): OrderBook {
  const order = facts.orders.get(id);
  if (!order) throw new DomainError('NOT_FOUND', 'There is no such order.', { path: ['id'] });
  requireVersion(order.version, expectedVersion);
  return new OrderBook({ order, lines: facts.lines.get(id) ?? [], holds: facts.holds.get(id) ?? [] });
}
