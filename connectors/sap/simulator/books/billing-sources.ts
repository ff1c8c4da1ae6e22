/** What can be billed: issued deliveries, and services as they were ordered. It finds them and keeps book of how far they are billed. */
import type { Row } from '../model.ts';
import { quantityOf, quantityText } from './amounts.ts';
import { type Context, textOf } from './context.ts';
import { headerRow, itemsOf, setBilled } from './goods-issue.ts';
import { orderItemOf } from './deliveries.ts';
import { billedOf, isRejected, isService, orderedOf, refreshOrder } from './order-status.ts';
import { refuse, shown } from './refusals.ts';

/** One item of an invoice to be. */
export interface Source {
  readonly order: Row;
  readonly orderItem: Row;
  /** Thousandths. */
  readonly quantity: bigint;
  /** The delivery's number and item, for what was delivered. */
  readonly delivery: Row | null;
}

/** @throws SapRefusal when the goods have not left, or it is billed already */
export function sourcesOfDelivery(context: Context, number: string): Source[] {
  const header = headerRow(context, number);
  if (header.OverallGoodsMovementStatus !== 'C')
    throw refuse('VF/016', `Document ${shown(number)} is not relevant for billing: goods issue not posted`);
  if (header.OverallDelivReltdBillgStatus === 'C')
    throw refuse('VF/044', `Document ${shown(number)} was already billed completely`);
  return itemsOf(context, number)
    .filter((item) => item.DeliveryRelatedBillingStatus !== 'C')
    .map((delivery) => {
      const orderItem = orderItemOf(context, delivery);
      const order = context.store.get('A_SalesOrder', { SalesOrder: delivery.ReferenceSDDocument });
      if (orderItem === undefined || order === undefined)
        throw refuse('VF/017', `The order of delivery ${shown(number)} is gone`);
      checkBlock(order);
      return { order, orderItem, quantity: quantityOf(textOf(delivery, 'ActualDeliveryQuantity')), delivery };
    });
}

/** @throws SapRefusal when there is nothing to bill by the order itself */
export function sourcesOfOrder({ store }: Context, SalesOrder: string): Source[] {
  const order = store.get('A_SalesOrder', { SalesOrder });
  if (order === undefined) throw refuse('V1/302', `Sales document ${shown(SalesOrder)} does not exist`, 'SalesOrder');
  checkBlock(order);
  const sources = [...store.table('A_SalesOrderItem').related({ SalesOrder })]
    .filter((item) => isService(item) && !isRejected(item) && orderedOf(item) > billedOf(item))
    .map((orderItem) => ({ order, orderItem, quantity: orderedOf(orderItem) - billedOf(orderItem), delivery: null }));
  if (sources.length === 0) throw refuse('VF/016', `Document ${shown(SalesOrder)} is not relevant for order-related billing`);
  return sources;
}

function checkBlock(order: Row): void {
  const block = textOf(order, 'HeaderBillingBlockReason');
  if (block !== '')
    throw refuse('VF/034', `Sales document ${shown(textOf(order, 'SalesOrder'))} is blocked for billing: ${block}`);
}

/** These quantities are billed now, or, when an invoice is cancelled, no more. */
export function markBilled(context: Context, sources: readonly Source[], isBilled: boolean): void {
  const { store } = context;
  const deliveries = new Map<string, Set<string>>();
  for (const { orderItem, quantity, delivery } of sources) {
    const item = store.get('A_SalesOrderItem', orderItem);
    if (item !== undefined)
      store.change('A_SalesOrderItem', item, { billed: quantityText(billedOf(item) + (isBilled ? quantity : -quantity)) });
    if (delivery === null) continue;
    const number = textOf(delivery, 'DeliveryDocument');
    deliveries.set(number, (deliveries.get(number) ?? new Set()).add(textOf(delivery, 'DeliveryDocumentItem')));
  }
  for (const [number, items] of deliveries)
    setBilled(context, number, (item) =>
      items.has(textOf(item, 'DeliveryDocumentItem')) ? isBilled : item.DeliveryRelatedBillingStatus === 'C',
    );
  for (const order of new Set(sources.map(({ order: one }) => textOf(one, 'SalesOrder')))) refreshOrder(context, order, false);
}
