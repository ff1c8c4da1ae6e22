/**
 * What an ERP's order is as exposure: a share of its total there, since neither its prices nor its taxes are by our rules; and what of it is
 * never delivered nor billed any more, where the ERP closed lines. Pure.
 */
import {
  compareDecimal,
  type Decimal,
  decimal,
  decimalText,
  divideRounded,
  powerOfTen,
  subtractDecimal,
} from '../../kernel/decimal.ts';
import { convert, money } from '../../kernel/money.ts';
import { type OrderLineRow, type OrderRow, reservedOf, wantedOf } from './line-amounts.rules.ts';

type Exposure = Pick<OrderLineRow, 'groupUnbilledMinor' | 'groupDeliveredMinor'>;

const NONE: Exposure = { groupUnbilledMinor: 0n, groupDeliveredMinor: 0n };
const atLeastZero = (minor: bigint) => (minor < 0n ? 0n : minor);
const scaled = ({ coefficient, scale }: Decimal, to: number) => coefficient * powerOfTen(to - scale);

/** All that an order comes to with tax, and the nets by which it is shared out. */
export interface Worth {
  readonly wholeMinor: bigint;
  /** Discounts as lines of their own lower what the others are. */
  readonly netsMinor: bigint;
}

type Totals = Pick<OrderRow, 'netMinor' | 'totalMinor'>;

/** Some ERPs leave lines that they close out of their totals, others don't: with any of them it is the nets of all lines, taxed as the whole is. */
export function worthOf({ netMinor, totalMinor }: Totals, lines: readonly OrderLineRow[]): Worth {
  const netsMinor = lines.reduce((sum, l) => sum + atLeastZero(l.netMinor), 0n);
  if (!lines.some((l) => l.isClosed)) return { wholeMinor: totalMinor, netsMinor };
  const all = lines.reduce((sum, l) => sum + l.netMinor, 0n);
  return { wholeMinor: netMinor === 0n ? all : divideRounded(totalMinor * all, netMinor, 'HALF_UP'), netsMinor };
}

/** The share of a quantity of a line in the worth of its order, with tax. */
function shareOf({ wholeMinor, netsMinor }: Worth, line: OrderLineRow, quantity: Decimal): bigint {
  const ordered = decimal(line.quantity);
  if (ordered.coefficient <= 0n || line.netMinor <= 0n || wholeMinor <= 0n) return 0n;
  const scale = Math.max(quantity.scale, ordered.scale);
  const numerator = wholeMinor * line.netMinor * atLeastZero(scaled(quantity, scale));
  return divideRounded(numerator, netsMinor * scaled(ordered, scale), 'HALF_UP');
}

/** What is cancelled of a line that the ERP closed: all that is neither shipped nor billed. */
export function closedOf({ quantity, shippedQuantity, billedQuantity }: OrderLineRow): string {
  const [shipped, billed] = [decimal(shippedQuantity), decimal(billedQuantity)];
  const rest = subtractDecimal(decimal(quantity), compareDecimal(shipped, billed) > 0 ? shipped : billed);
  if (decimal(quantity).coefficient <= 0n) return quantity;
  return decimalText(rest.coefficient < 0n ? { ...rest, coefficient: 0n } : rest);
}

/** What of an order's worth the closed lines take away. */
export const closedMinorOf = (worth: Worth, lines: readonly OrderLineRow[]): bigint =>
  lines.filter((l) => l.isClosed).reduce((sum, l) => sum + shareOf(worth, l, decimal(l.cancelledQuantity)), 0n);

/**
 * Of the total with tax, to each line by its net and to its quantities by their number. What is billed or beyond
 * what is ordered is nothing.
 */
export function observedExposure(order: OrderRow, worth: Worth, line: OrderLineRow): Exposure {
  const wanted = wantedOf(line);
  if (order.lifecycle !== 'CONFIRMED' || wanted.coefficient <= 0n) return NONE;
  const value = (quantity: Decimal): bigint => {
    const most = compareDecimal(quantity, wanted) > 0 ? wanted : quantity;
    const gross = shareOf(worth, line, subtractDecimal(most, decimal(line.billedQuantity)));
    return convert(money(gross, order.currency), decimal(order.groupRate), order.groupCurrency).minor;
  };
  const groupUnbilledMinor = value(reservedOf(line, order.creditStage));
  const delivered = value(subtractDecimal(decimal(line.shippedQuantity), decimal(line.returnedQuantity)));
  return { groupUnbilledMinor, groupDeliveredMinor: delivered < groupUnbilledMinor ? delivered : groupUnbilledMinor };
}
