/** What became of an order: how much of each line was shipped and billed, and the status that follows from it. */
import { userError } from '../problem.ts';
import type { Books } from './books.ts';
import { copied } from './lines.ts';
import type { Line, Transaction } from './model.ts';

/** Services are not shipped. */
const SHIPPED: ReadonlySet<string> = new Set(['inventoryItem', 'nonInventorySaleItem']);
export const isShipped = (books: Books, line: Line): boolean => SHIPPED.has(books.item(line.item ?? 0)?.type ?? '');

const SENT_STATUS = 'C';

/** Counts what a fulfilment or a bill has of its order's lines, or takes it back. */
export function countInOrder(books: Books, document: Transaction, sign: 1 | -1): void {
  const order = orderOf(books, document);
  if (order === undefined) return;
  const isShipment = document.code === 'ItemShip';
  if (isShipment && document.status !== SENT_STATUS) return;
  const atSec = books.nowSec();
  order.lines = order.lines.map((line) => {
    const own = document.lines.filter(({ orderLine }) => orderLine === line.id);
    if (own.length === 0) return line;
    const counted = copied(line);
    const quantity = own.reduce((sum, one) => sum + one.quantity, 0) * sign;
    if (isShipment) counted.fulfilled += quantity;
    else counted.billed += quantity;
    counted.modifiedSec = atSec;
    return counted;
  });
  setOrderStatus(books, order);
  books.lineChanged(order);
}

/** @throws Problem when more is shipped than was ordered */
export function checkInOrder(books: Books, document: Transaction): void {
  const order = orderOf(books, document);
  if (order === undefined || document.code !== 'ItemShip') return;
  for (const line of document.lines) {
    const ordered = order.lines.find(({ id }) => id === line.orderLine);
    if (ordered === undefined) throw userError(`The order has no line ${line.orderLine}.`, 'item.items.orderLine');
    if (line.quantity > ordered.quantity - ordered.fulfilled)
      throw userError('You can not fulfill more than what remains of the line.', 'item.items.quantity');
  }
}

export function orderOf(books: Books, { createdFrom, code }: Transaction): Transaction | undefined {
  if (createdFrom === null || (code !== 'ItemShip' && code !== 'CustInvc' && code !== 'CashSale')) return undefined;
  return books.transaction('SalesOrd', createdFrom);
}

export function setOrderStatus(books: Books, order: Transaction): void {
  order.status = statusOf(books, order);
  const isDone = 'CGH'.includes(order.status);
  books.setLive(order, !isDone);
  order.closeDay = isDone ? (order.closeDay ?? books.today) : null;
}

function statusOf(books: Books, order: Transaction): string {
  if (order.isPendingApproval) return 'A';
  const live = order.lines.filter((line) => !line.isClosed);
  const isTouched = order.lines.some((line) => line.fulfilled > 0 || line.billed > 0);
  if (live.length === 0 && order.lines.length > 0) return isTouched ? 'H' : 'C';
  const toShip = live.filter((line) => isShipped(books, line));
  const isAllBilled = live.every((line) => line.billed >= line.quantity);
  if (toShip.every((line) => line.fulfilled >= line.quantity)) return isAllBilled ? 'G' : 'F';
  if (toShip.every((line) => line.fulfilled === 0)) return 'B';
  return toShip.some((line) => line.fulfilled > line.billed) ? 'E' : 'D';
}
