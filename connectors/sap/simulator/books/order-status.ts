/** What is said of an order follows from its items: how far they are delivered, billed and rejected. It never decides what may be done. */
import type { Row } from '../model.ts';
import { amountText, minorOf, quantityOf, quantityText } from './amounts.ts';
import { type Context, textOf } from './context.ts';
import type { Values } from './table.ts';

export const SERVICE_CATEGORY = 'TAD';
export type Letter = '' | 'A' | 'B' | 'C';

export const deliveredOf = (item: Row): bigint => quantityOf(textOf(item, 'delivered') || '0');
export const billedOf = (item: Row): bigint => quantityOf(textOf(item, 'billed') || '0');
export const orderedOf = (item: Row): bigint => quantityOf(textOf(item, 'RequestedQuantity'));
export const isRejected = (item: Row): boolean => textOf(item, 'SalesDocumentRjcnReason') !== '';
export const isService = (item: Row): boolean => textOf(item, 'SalesOrderItemCategory') === SERVICE_CATEGORY;

const letterOf = (done: bigint, of: bigint): Letter => (done <= 0n ? 'A' : done < of ? 'B' : 'C');

/** Of several letters: complete when each is, not begun when none is; what is not relevant doesn't count. */
export function together(letters: readonly Letter[]): Letter {
  const relevant = letters.filter((letter) => letter !== '');
  if (relevant.length === 0) return '';
  const [first = ''] = relevant;
  return first !== 'B' && relevant.every((letter) => letter === first) ? first : 'B';
}

function statusesOf(item: Row): { readonly delivery: Letter; readonly billing: Letter; readonly process: Letter } {
  const done = isRejected(item);
  const letter = (quantity: bigint): Letter => (done ? 'C' : letterOf(quantity, orderedOf(item)));
  const delivery = isService(item) ? '' : letter(deliveredOf(item));
  const billing = isService(item) ? letter(billedOf(item)) : '';
  return { delivery, billing, process: done ? 'C' : together([delivery, billing]) };
}

/** Writes down what follows from the items. @param isStamped whether it is a change of the order itself */
export function refreshOrder(context: Context, number: string, isStamped: boolean): void {
  const { store } = context;
  const order = store.get('A_SalesOrder', { SalesOrder: number });
  if (order === undefined) return;
  const items = [...store.table('A_SalesOrderItem').related({ SalesOrder: number })].map((item) =>
    refreshItem(context, item, textOf(order, 'payer')),
  );
  const letters = (name: string): Letter => together(items.map((item) => textOf(item, name) as Letter));
  const rejected = items.filter(isRejected).length;
  const currency = textOf(order, 'TransactionCurrency');
  const net = items.reduce((sum, item) => sum + minorOf(textOf(item, 'NetAmount'), currency), 0n);
  const delivery = letters('DeliveryStatus');
  const values: Values = {
    TotalNetAmount: amountText(net, currency),
    OverallDeliveryStatus: delivery,
    OverallTotalDeliveryStatus: delivery,
    OverallOrdReltdBillgStatus: letters('OrderRelatedBillingStatus'),
    OverallSDProcessStatus: letters('SDProcessStatus'),
    OverallSDDocumentRejectionSts: rejected === 0 ? 'A' : rejected < items.length ? 'B' : 'C',
  };
  const { day, stamp } = store.moment;
  const isTouched = isStamped || context.doStatusesStampOrders;
  store.change('A_SalesOrder', order, { ...values, ...(isTouched ? { LastChangeDate: day, LastChangeDateTime: stamp } : {}) });
}

function refreshItem({ store }: Context, item: Row, payer: string): Row {
  const { delivery, billing, process } = statusesOf(item);
  const open = isService(item) || isRejected(item) ? 0n : orderedOf(item) - deliveredOf(item);
  for (const line of store.table('A_SalesOrderScheduleLine').related({ SalesOrder: item.SalesOrder ?? '' }))
    if (line.SalesOrderItem === item.SalesOrderItem)
      store.change('A_SalesOrderScheduleLine', line, {
        DeliveredQtyInOrderQtyUnit: quantityText(deliveredOf(item)),
        OpenConfdDelivQtyInOrdQtyUnit: quantityText(open),
      });
  return store.change('A_SalesOrderItem', item, {
    DeliveryStatus: delivery,
    OrderRelatedBillingStatus: billing,
    SDProcessStatus: process,
    payer,
  });
}
