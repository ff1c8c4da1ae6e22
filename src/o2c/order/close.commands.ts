/** Ending an order before its end: giving it up as a whole, or closing it without the rest. */
import { compareDecimal, decimal, decimalText, subtractDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { idOf, int, object, optional, text } from '../../kernel/input.ts';
import { type Change, command, type CommandContext, type Tx } from '../../write/command.ts';
import { written } from './draft.commands.ts';
import { committedOf, isMore, type OrderLineRow, type OrderRow, plain } from './line-amounts.rules.ts';
import type { OrderBook } from './order-book.rules.ts';
import { loadOrders, orderBookOf } from './order.facts.ts';
import { orderStep } from './order-step.rules.ts';

const closed = {
  id: idOf('ord').describe('The order.'),
  expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
  reason: text().describe('Why; the customer may read it.'),
};

const closeFacts = (tx: Tx, inputs: readonly { readonly id: string }[]) =>
  loadOrders(
    tx,
    inputs.map((i) => i.id),
  );

export const cancelOrder = command({
  name: 'cancelOrder',
  description: 'Gives an order up as a whole, if nothing of it is in a fulfilment or billed. Its holds are lifted.',
  permission: 'orders:change',
  record: 'Order',
  input: object('CancelOrderInput', closed),
  lockKey: (input) => input.id,
  facts: closeFacts,
  decide(facts, { id, expectedVersion, reason }, context): Change {
    const book = orderBookOf(facts, id, expectedVersion);
    const to = orderStep(context, book.order, 'CANCEL');
    const committed = book.lines.find((l) => committedOf(l).coefficient > 0n);
    if (committed) {
      throw new DomainError(
        'IN_USE',
        `${plain(committedOf(committed))} of line ${committed.lineNumber} is in fulfilments or billed. Cancel those fulfilments, or close the order short.`,
        { path: ['id'] },
      );
    }
    for (const line of book.lines) book.changeLine(line.id, { cancelledQuantity: line.quantity });
    return end(context, book, { lifecycle: to, type: 'order.cancelled', reason });
  },
});

export const closeOrderShort = command({
  name: 'closeOrderShort',
  description:
    'Closes a confirmed order without the rest, which is cancelled. Nothing may be on its way, what the customer kept must be billed, and what they did not get must be credited.',
  permission: 'orders:change',
  record: 'Order',
  input: object('CloseOrderShortInput', closed),
  lockKey: (input) => input.id,
  facts: closeFacts,
  decide(facts, { id, expectedVersion, reason }, context): Change {
    const book = orderBookOf(facts, id, expectedVersion);
    const to = orderStep(context, book.order, 'CLOSE_SHORT');
    for (const line of book.lines) requireSettled(line);
    for (const line of book.lines) {
      const rest = subtractDecimal(decimal(line.quantity), committedOf(line));
      book.changeLine(line.id, { cancelledQuantity: decimalText(rest) });
    }
    return end(context, book, { lifecycle: to, type: 'order.closed_short', reason });
  },
});

/** @throws IN_USE */
function requireSettled(line: OrderLineRow): void {
  const inUse = (message: string) => new DomainError('IN_USE', `Line ${line.lineNumber}: ${message}`, { path: ['id'] });
  if (!line.isShipped) return;
  const [planned, shipped] = [decimal(line.plannedQuantity), decimal(line.shippedQuantity)];
  if (isMore(planned, shipped))
    throw inUse(`${plain(subtractDecimal(planned, shipped))} is in fulfilments and not shipped. Ship them or cancel them.`);
  const kept = subtractDecimal(shipped, decimal(line.returnedQuantity));
  const billed = subtractDecimal(decimal(line.billedQuantity), decimal(line.creditedQuantity));
  const sign = compareDecimal(kept, billed);
  if (sign > 0) throw inUse(`${plain(subtractDecimal(kept, billed))} is shipped and not billed. Bill it first.`);
  if (sign < 0)
    throw inUse(`${plain(subtractDecimal(billed, kept))} is billed and the customer doesn't have it. Credit it first.`);
}

interface Ending {
  readonly lifecycle: OrderRow['lifecycle'];
  readonly type: string;
  readonly reason: string;
}

function end(context: CommandContext, book: OrderBook, { lifecycle, type, reason }: Ending): Change {
  book.change({ lifecycle, closedAt: context.now, closeReason: reason });
  for (const hold of book.holds) book.endHold(context, hold.id, { lifecycle: 'LIFTED', reason: 'The order is closed.' });
  return written(book, type, { reason });
}
