/** What an ERP's order is as exposure: a share of its total there, since neither its prices nor its taxes are by our rules. Pure. */
import { compareDecimal, type Decimal, decimal, divideRounded, powerOfTen, subtractDecimal } from '../../kernel/decimal.ts';
import { convert, money } from '../../kernel/money.ts';
import { type OrderLineRow, type OrderRow, reservedOf, wantedOf } from './line-amounts.rules.ts';

type Exposure = Pick<OrderLineRow, 'groupUnbilledMinor' | 'groupDeliveredMinor'>;

const NONE: Exposure = { groupUnbilledMinor: 0n, groupDeliveredMinor: 0n };
const atLeastZero = (minor: bigint) => (minor < 0n ? 0n : minor);
const scaled = ({ coefficient, scale }: Decimal, to: number) => coefficient * powerOfTen(to - scale);

/** Discounts as lines of their own lower what the others are. */
export const positiveNets = (lines: readonly OrderLineRow[]): bigint =>
  lines.reduce((sum, l) => sum + atLeastZero(l.netMinor), 0n);

/**
 * Of the total with tax, to each line by its net and to its quantities by their number. What is billed or beyond
 * what is ordered is nothing.
 */
export function observedExposure(order: OrderRow, nets: bigint, line: OrderLineRow): Exposure {
  const wanted = wantedOf(line);
  if (order.lifecycle !== 'CONFIRMED' || wanted.coefficient <= 0n || line.netMinor <= 0n || order.totalMinor <= 0n) return NONE;
  const value = (quantity: Decimal): bigint => {
    const most = compareDecimal(quantity, wanted) > 0 ? wanted : quantity;
    const open = subtractDecimal(most, decimal(line.billedQuantity));
    const scale = Math.max(open.scale, wanted.scale);
    const numerator = order.totalMinor * line.netMinor * atLeastZero(scaled(open, scale));
    const gross = divideRounded(numerator, nets * scaled(wanted, scale), 'HALF_UP');
    return convert(money(gross, order.currency), decimal(order.groupRate), order.groupCurrency).minor;
  };
  const groupUnbilledMinor = value(reservedOf(line, order.creditStage));
  const delivered = value(subtractDecimal(decimal(line.shippedQuantity), decimal(line.returnedQuantity)));
  return { groupUnbilledMinor, groupDeliveredMinor: delivered < groupUnbilledMinor ? delivered : groupUnbilledMinor };
}
