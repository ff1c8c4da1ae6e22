/** What billing orders needs: the orders, locked, what issuing needs, and which shipments a line was in. */
import { sql } from '../../read/sql.ts';
import type { CommandContext, Tx } from '../../write/command.ts';
import { loadOrders } from '../order/index.ts';
import { loadIssuing } from './issue.facts.ts';

export interface BillWanted {
  readonly orderId: string;
  readonly issuedOn: string | undefined;
}

export async function billFacts(tx: Tx, inputs: readonly BillWanted[], context: CommandContext) {
  const loaded = await loadOrders(
    tx,
    inputs.map((i) => i.orderId),
  );
  const dayOf = new Map(inputs.map((i) => [i.orderId, i.issuedOn]));
  const wanted = [...loaded.orders.values()].map((order) => ({ ...order, issuedOn: dayOf.get(order.id) }));
  return { loaded, shipments: await loadShipments(tx, loaded.orders.keys()), ...(await loadIssuing(tx, wanted, context)) };
}

/** Line of an order → the fulfilment that it left in; absent where it left in several, or not yet. */
async function loadShipments(tx: Tx, orderIds: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.rows<{ line: string; fulfilment: string }>(
    sql`select l.order_line_id as line, min(f.id::text) as fulfilment
        from fulfilment f join fulfilment_line l on l.tenant_id = f.tenant_id and l.fulfilment_id = f.id
        where f.order_id = any(${sql.uuids(orderIds)}) and f.lifecycle in ('SHIPPED', 'DELIVERED')
        group by l.order_line_id having count(distinct f.id) = 1`,
  );
  return new Map(rows.map((r) => [r.line, r.fulfilment]));
}
