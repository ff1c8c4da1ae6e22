/** The arithmetic of order lines: nets, tax, what a line is as exposure, and how far an order is. Pure; money is whole minor units. */
import { currency as toCurrency, exponentOf } from '../../kernel/currency.ts';
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  decimal,
  decimalText,
  multiplyDecimal,
  roundDecimal,
  subtractDecimal,
} from '../../kernel/decimal.ts';
import { convert, money, moneyFrom } from '../../kernel/money.ts';
import type { RowOf } from '../../write/command.ts';
import { taxOn } from '../catalogue/index.ts';
import type { Order, OrderLine } from './order.entity.ts';

export type OrderRow = RowOf<typeof Order>;
export type OrderLineRow = RowOf<typeof OrderLine>;

const ZERO = decimal('0');
const HUNDRED = decimal('100');
const HUNDREDTH = decimal('0.01');

export const isMore = (a: Decimal, b: Decimal): boolean => compareDecimal(a, b) > 0;
const atLeastZero = (value: Decimal): Decimal => (value.coefficient < 0n ? ZERO : value);

/** @example addQuantity('1.500000', decimal('2')) // '3.500000' */
export const addQuantity = (quantity: string, more: Decimal): string => decimalText(addDecimal(decimal(quantity), more));

/** What is ordered of a line: less what was cancelled. */
export const wantedOf = (line: Pick<OrderLineRow, 'quantity' | 'cancelledQuantity'>): Decimal =>
  subtractDecimal(decimal(line.quantity), decimal(line.cancelledQuantity));

/** What of a line is in fulfilments or billed, so that it can't be taken off any more. */
export const committedOf = (line: Pick<OrderLineRow, 'plannedQuantity' | 'billedQuantity'>): Decimal => {
  const [planned, billed] = [decimal(line.plannedQuantity), decimal(line.billedQuantity)];
  return isMore(planned, billed) ? planned : billed;
};

/** Without the zeros that a column fills up with: for people. @example plain(decimal('1.500000')) // '1.5' */
export function plain(value: Decimal): string {
  let { coefficient, scale } = value;
  while (scale > 0 && coefficient % 10n === 0n) [coefficient, scale] = [coefficient / 10n, scale - 1];
  return decimalText({ coefficient, scale });
}

/** Quantity times price less discount, rounded once to the currency. @throws AMOUNT_INVALID beyond the range of the books */
export function lineNetOf(line: Pick<OrderLineRow, 'unitPrice' | 'discountPercent' | 'currency'>, quantity: Decimal): bigint {
  const rest = multiplyDecimal(subtractDecimal(HUNDRED, decimal(line.discountPercent)), HUNDREDTH);
  const exact = multiplyDecimal(multiplyDecimal(quantity, decimal(line.unitPrice)), rest);
  return moneyFrom(roundDecimal(exact, exponentOf(toCurrency(line.currency)), 'HALF_UP'), line.currency).minor;
}

/** The tax on what is not billed yet: by category and rate on the sum of the nets. */
function unbilledTaxOf(lines: readonly OrderLineRow[]): bigint {
  const groups = new Map<string, { netMinor: bigint; currency: string; taxRate: string }>();
  for (const { taxCategory, taxRate, currency, netMinor, billedNetMinor } of lines) {
    const key = `${taxCategory} ${decimalText(roundDecimal(decimal(taxRate), 4, 'HALF_UP'))}`; // 19 and 19.0000 are one rate
    const before = groups.get(key)?.netMinor ?? 0n;
    groups.set(key, { netMinor: before + netMinor - billedNetMinor, currency, taxRate });
  }
  return [...groups.values()].reduce((sum, g) => sum + taxOn(money(g.netMinor, g.currency), g.taxRate).minor, 0n);
}

type Lifecycle = OrderRow['lifecycle'];

const CLOSED: ReadonlySet<Lifecycle> = new Set(['COMPLETED', 'CLOSED_SHORT', 'CANCELLED']);

/** The net of a line. What a closed order leaves unbilled is never billed, so it doesn't count. */
export const netOfLine = (line: OrderLineRow, lifecycle: Lifecycle): bigint =>
  CLOSED.has(lifecycle) ? line.billedNetMinor : lineNetOf(line, wantedOf(line));

/** The amounts of an order by its lines and by what its invoices charge. */
export function amountsOf(
  billedMinor: bigint,
  lines: readonly OrderLineRow[],
): Pick<OrderRow, 'netMinor' | 'taxMinor' | 'totalMinor' | 'unbilledMinor'> {
  const netMinor = lines.reduce((sum, l) => sum + l.netMinor, 0n);
  const unbilledMinor = lines.reduce((sum, l) => sum + l.netMinor - l.billedNetMinor, 0n) + unbilledTaxOf(lines);
  const totalMinor = billedMinor + unbilledMinor;
  return { netMinor, taxMinor: totalMinor - netMinor, totalMinor, unbilledMinor };
}

/** How much of a line counts as exposure from the stage on at which credit is checked; a service counts from confirmation. */
export function reservedOf(line: OrderLineRow, stage: OrderRow['creditStage']): Decimal {
  if (stage === 'ORDER' || !line.isShipped) return wantedOf(line);
  const from = stage === 'RELEASE' ? line.releasedQuantity : line.shippedQuantity;
  return subtractDecimal(decimal(from), decimal(line.returnedQuantity));
}

/** What a line is as exposure, with tax, in the group's currency at the stored rate; nothing unless the order is confirmed. */
export function exposureOfLine(
  order: Pick<OrderRow, 'lifecycle' | 'creditStage' | 'groupRate' | 'groupCurrency'>,
  line: OrderLineRow,
): Pick<OrderLineRow, 'groupUnbilledMinor' | 'groupDeliveredMinor'> {
  if (order.lifecycle !== 'CONFIRMED') return { groupUnbilledMinor: 0n, groupDeliveredMinor: 0n };
  // goods that leave after a credited return are billed once more; by the order nothing is ordered once more
  const again = order.creditStage === 'ORDER' || !line.isShipped ? ZERO : decimal(line.creditedQuantity);
  const billed = subtractDecimal(decimal(line.billedQuantity), again);
  const value = (quantity: Decimal): bigint => {
    const netMinor = lineNetOf(line, atLeastZero(subtractDecimal(quantity, billed)));
    const gross = money(netMinor + taxOn(money(netMinor, line.currency), line.taxRate).minor, line.currency);
    return convert(gross, decimal(order.groupRate), order.groupCurrency).minor;
  };
  const groupUnbilledMinor = value(reservedOf(line, order.creditStage));
  const delivered = value(subtractDecimal(decimal(line.shippedQuantity), decimal(line.returnedQuantity)));
  return { groupUnbilledMinor, groupDeliveredMinor: delivered < groupUnbilledMinor ? delivered : groupUnbilledMinor };
}

type Progress = OrderRow['fulfilmentStatus'];

function progressOf(parts: readonly { readonly done: string; readonly of: Decimal }[]): Progress {
  if (parts.every((p) => decimal(p.done).coefficient <= 0n)) return 'NONE';
  return parts.every((p) => !isMore(p.of, decimal(p.done))) ? 'FULL' : 'PARTIAL';
}

/** How far an order is, by the quantities of its lines. */
export function statusesOf(
  lines: readonly OrderLineRow[],
): Pick<OrderRow, 'fulfilmentStatus' | 'billingStatus' | 'returnStatus'> {
  const goods = lines.filter((l) => l.isShipped);
  return {
    fulfilmentStatus: progressOf(goods.map((l) => ({ done: l.shippedQuantity, of: wantedOf(l) }))),
    billingStatus: progressOf(lines.map((l) => ({ done: l.billedQuantity, of: wantedOf(l) }))),
    returnStatus: progressOf(goods.map((l) => ({ done: l.returnedQuantity, of: decimal(l.shippedQuantity) }))),
  };
}

/** Is everything that is ordered shipped and billed, and was anything? */
export function isDone(lines: readonly OrderLineRow[]): boolean {
  const wanted = lines.filter((l) => wantedOf(l).coefficient > 0n);
  const reaches = (line: OrderLineRow, quantity: string) => !isMore(wantedOf(line), decimal(quantity));
  return (
    wanted.length > 0 && wanted.every((l) => reaches(l, l.billedQuantity) && (!l.isShipped || reaches(l, l.shippedQuantity)))
  );
}

/** The net of a part bill: what is billed with it, less what was billed before, so that the parts add up to the line exactly. */
export const partNetOf = (line: OrderLineRow, quantity: Decimal): bigint =>
  lineNetOf(line, addDecimal(decimal(line.billedQuantity), quantity)) - line.billedNetMinor;
