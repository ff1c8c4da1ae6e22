/** Which line of our order a line of an ERP's delivery delivers, and how much of it; what can't be told is refused by name, never guessed. Pure. */
import { addDecimal, type Decimal, decimal, roundDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { OrderBook, OrderLineRow } from '../order/index.ts';
import type { FulfilmentShown } from './fulfilment-shown.commands.ts';

const PREFIX = 'orl_';
const PLACE = /^0*([1-9]\d{0,8})$/;
/** ERPs number lines by one or by ten. */
const STEPS = [1, 10] as const;

/** By the id that the line has there, by ours, else by its place where only one line can be meant. */
function lineOf(lines: readonly OrderLineRow[], name: string): OrderLineRow | undefined {
  const isNamed = ({ id, externalId }: OrderLineRow) => externalId === name || id === name || `${PREFIX}${id}` === name;
  const found = lines.find(isNamed);
  if (found) return found;
  const place = Number(PLACE.exec(name)?.[1] ?? 0);
  // the place of a line whose id there is known is no name of it
  const meant = lines.filter((l) => l.externalId === null && STEPS.some((step) => l.lineNumber * step === place));
  return meant.length === 1 ? meant[0] : undefined;
}

/** Line of our order → how much of it; what is nothing is left out. @throws NOT_FOUND, INVALID_INPUT that name the line */
export function deliveredOf(order: OrderBook, { lines, state, isDeleted }: FulfilmentShown): ReadonlyMap<string, Decimal> {
  const isOver = isDeleted || state === 'CANCELLED';
  const delivered = new Map<string, Decimal>();
  for (const [index, { orderLine, quantity: text }] of lines.entries()) {
    const quantity = roundDecimal(decimal(text), 6, 'HALF_UP');
    if (quantity.coefficient < 0n) {
      const sentence = `lines.${index}.quantity must not be below zero: goods that came back are no part of a delivery.`;
      throw new DomainError('INVALID_INPUT', sentence, { path: ['lines', String(index), 'quantity'] });
    }
    const line = lineOf(order.lines, orderLine);
    if (quantity.coefficient === 0n || (!line && isOver)) continue;
    if (!line) {
      const sentence = `Order ${order.order.number} has no line that is ${orderLine} in the ERP, or several that could be.`;
      throw new DomainError('NOT_FOUND', sentence, { path: ['lines', String(index), 'orderLine'] });
    }
    delivered.set(line.id, addDecimal(delivered.get(line.id) ?? decimal('0'), quantity));
  }
  return delivered;
}
