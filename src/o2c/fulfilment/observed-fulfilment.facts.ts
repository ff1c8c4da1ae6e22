/** What following deliveries of an ERP needs: the orders that they deliver, locked first, those that are known, and the legal entities. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { loadOrders, type OrderBook, orderBookOf } from '../order/index.ts';
import type { FulfilmentShown } from './fulfilment-shown.commands.ts';
import { Fulfilment, FulfilmentLine } from './fulfilment.entity.ts';
import { loadEntitiesOf } from './fulfilment.facts.ts';

export async function loadShown(tx: Tx, inputs: readonly FulfilmentShown[]) {
  const wanted = sql.uuids(inputs.map((i) => i.recordId));
  const named = await tx.load(Fulfilment, sql`t.id = any(${wanted})`);
  const loaded = await loadOrders(tx, [...named.map((f) => f.orderId), ...inputs.map((i) => i.orderId)]);
  const fulfilments = await tx.load(Fulfilment, sql`t.id = any(${wanted})`, { lock: true });
  const lines = await tx.load(FulfilmentLine, sql`t.fulfilment_id = any(${wanted})`);
  const orders = new Map<string, OrderBook>([...loaded.orders.keys()].map((id) => [id, orderBookOf(loaded, id)]));
  return {
    ...(await loadEntitiesOf(tx, loaded)),
    fulfilments: new Map(fulfilments.map((f) => [f.id, f])),
    lines,
    /** As they are now: what a decision has changed is what the next one sees. */
    orders,
  };
}
export type ShownFacts = Awaited<ReturnType<typeof loadShown>>;
