/**
 * What of an order can be billed and what credited. Both look at what the customer owes for a line in the end, so that what is
 * billed less what is credited never stays above it; nets go by accumulation, so that the parts of a line add up to it. Pure.
 */
import { type Decimal, decimal, decimalText, subtractDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { type OrderLineRow, type OrderRow, partNetOf, wantedOf } from '../order/index.ts';
import { type PricedLine, rateText } from './invoice.rules.ts';

/** A quantity of a line of an order. */
export interface LinePart {
  readonly line: OrderLineRow;
  readonly quantity: Decimal;
}

export interface AskedPart {
  readonly orderLineId: string;
  readonly quantity: Decimal;
}

const ZERO = decimal('0');
const atLeastZero = (value: Decimal): Decimal => (value.coefficient < 0n ? ZERO : value);
const isShipmentBilled = (order: Pick<OrderRow, 'billingRule'>, line: OrderLineRow) =>
  order.billingRule === 'ON_SHIPMENT' && line.isShipped;

/** Billed and not credited again. */
const heldOf = (line: OrderLineRow): Decimal => subtractDecimal(decimal(line.billedQuantity), decimal(line.creditedQuantity));

/** Shipped and kept. */
const keptOf = (line: OrderLineRow): Decimal => subtractDecimal(decimal(line.shippedQuantity), decimal(line.returnedQuantity));

/** How much of a line can be billed now: goods by what was shipped and kept where the order is billed so, else whatever is ordered. */
export function billableOf(order: Pick<OrderRow, 'billingRule'>, line: OrderLineRow): Decimal {
  if (!isShipmentBilled(order, line)) return atLeastZero(subtractDecimal(wantedOf(line), decimal(line.billedQuantity)));
  return atLeastZero(subtractDecimal(keptOf(line), heldOf(line)));
}

/** How much of a line can be credited: goods that came back, and those that were billed with the order and never left. */
export function creditableOf(order: Pick<OrderRow, 'billingRule'>, line: OrderLineRow): Decimal {
  const going = subtractDecimal(decimal(line.plannedQuantity), decimal(line.returnedQuantity));
  const owed = isShipmentBilled(order, line) ? keptOf(line) : line.isShipped ? going : wantedOf(line);
  return atLeastZero(subtractDecimal(heldOf(line), owed));
}

/** How much of that came back, so far as the order goes on: what is billed and ordered still leaves. */
export function returnedOf(order: Pick<OrderRow, 'billingRule' | 'lifecycle'>, line: OrderLineRow): Decimal {
  if (order.lifecycle !== 'CONFIRMED' || isShipmentBilled(order, line)) return creditableOf(order, line);
  return atLeastZero(subtractDecimal(heldOf(line), subtractDecimal(wantedOf(line), decimal(line.returnedQuantity))));
}

interface Choice {
  readonly order: OrderRow;
  readonly lines: readonly OrderLineRow[];
  readonly most: (line: OrderLineRow) => Decimal;
  /** What may be done with at most that much, as in `can be billed now`. */
  readonly what: string;
}

/** The parts that were asked for, or all there is; in the order of the lines. @throws NOT_FOUND, INVALID_INPUT, QUANTITY_EXCEEDED */
export function partsOf({ order, lines, most, what }: Choice, asked: readonly AskedPart[] | undefined): readonly LinePart[] {
  const all = lines.map((line) => ({ line, quantity: most(line) })).filter((p) => p.quantity.coefficient > 0n);
  if (!asked) return all;
  const wanted = asked.map(({ orderLineId, quantity }, i) => {
    const path = (field: string) => ({ path: ['lines', String(i), field] });
    const line = lines.find((l) => l.id === orderLineId);
    if (!line) throw new DomainError('NOT_FOUND', `Order ${order.number} has no such line.`, path('orderLineId'));
    if (asked.findIndex((a) => a.orderLineId === orderLineId) < i)
      throw new DomainError('INVALID_INPUT', `lines.${i} names line ${line.lineNumber} a second time.`, path('orderLineId'));
    const left = most(line);
    if (subtractDecimal(left, quantity).coefficient < 0n)
      throw new DomainError(
        'QUANTITY_EXCEEDED',
        `Line ${line.lineNumber}: ${plain(left)} ${what}, and ${plain(quantity)} is more.`,
        path('quantity'),
      );
    return { line, quantity };
  });
  return wanted.sort((a, b) => a.line.lineNumber - b.line.lineNumber);
}

/** Without needless zeros. */
const plain = (quantity: Decimal): string => rateText(quantity);

/** A line of an invoice for a part of a line of an order. */
export const billLine = ({ line, quantity }: LinePart, fulfilmentId: string | null): PricedLine => ({
  description: line.description,
  quantity,
  unitPrice: decimal(line.unitPrice),
  taxCategory: line.taxCategory,
  taxRate: decimal(line.taxRate),
  netMinor: partNetOf(line, quantity),
  ordered: {
    orderLineId: line.id,
    fulfilmentId,
    unit: line.unit,
    discountPercent: line.discountPercent,
    taxReason: line.taxReason,
  },
});

/** The lines as they will stand in the database, for the hash of the invoice. */
export const snapshotLines = (lines: readonly PricedLine[]) =>
  lines.map((line, i) => ({
    lineNumber: i + 1,
    description: line.description,
    quantity: decimalText(line.quantity),
    unit: line.ordered?.unit ?? null,
    unitPrice: decimalText(line.unitPrice),
    discountPercent: line.ordered?.discountPercent ?? '0',
    netMinor: line.netMinor,
    taxCategory: line.taxCategory,
    taxRate: decimalText(line.taxRate),
    taxReason: line.ordered?.taxReason ?? null,
  }));
