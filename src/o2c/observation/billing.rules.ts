/**
 * Which lines of orders an ERP's invoice bills: by the line that it names, else by product, stock keeping unit and description, and never
 * more than is left to bill. It counts at the order's own prices, whatever the ERP charged; the rest of the invoice bills no order. Pure.
 */
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  decimal,
  decimalText,
  divideRounded,
  subtractDecimal,
} from '../../kernel/decimal.ts';
import { money } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { RowChange } from '../../write/command.ts';
import { taxOn } from '../catalogue/index.ts';
import { type OrderBook, type OrderLineRow, type OrderRow, partNetOf, wantedOf } from '../order/index.ts';
import { type LineFigures, scaled } from './figures.rules.ts';
import type { InvoiceLineRow, InvoiceRow } from './observation.facts.ts';
import type { ObservedLine } from './observed-input.commands.ts';
import type { Turn } from './turn.rules.ts';

/** What a line of an invoice bills: columns of the invoice line. */
export interface Link {
  readonly orderLineId: string | null;
  readonly orderedQuantity: string | null;
  readonly orderedNetMinor: bigint | null;
  readonly orderedGrossMinor: bigint | null;
}

const NO_LINK: Link = { orderLineId: null, orderedQuantity: null, orderedNetMinor: null, orderedGrossMinor: null };
const BILLABLE: ReadonlySet<string> = new Set(['CONFIRMED', 'COMPLETED', 'CLOSED_SHORT']);

/** A line of an order with what is billed of it, but for the invoice itself. */
interface Open {
  readonly book: OrderBook;
  line: OrderLineRow;
  left: Decimal;
}

const linkOf = ({ orderLineId, orderedQuantity, orderedNetMinor, orderedGrossMinor }: InvoiceLineRow): Link => ({
  orderLineId,
  orderedQuantity,
  orderedNetMinor,
  orderedGrossMinor,
});

/** The links that the lines have. */
export const linksOf = (lines: readonly InvoiceLineRow[]): readonly Link[] =>
  lines.toSorted((a, b) => a.lineNumber - b.lineNumber).map(linkOf);

export interface Billing {
  readonly invoice: Pick<InvoiceRow, 'accountId' | 'currency' | 'legalEntityId'>;
  readonly shown: readonly ObservedLine[];
  readonly figures: readonly LineFigures[];
  readonly orderIds: readonly string[];
  readonly before: readonly Link[];
}

/** For each line of the invoice what it bills. */
export function matchLines(turn: Turn, { invoice, shown, figures, orderIds, before }: Billing): readonly Link[] {
  const ids = new Set([...orderIds, ...shown.flatMap((line) => line.orderId ?? [])]);
  const open = [...ids].flatMap((id) => openLines(turn, id, { invoice, before }));
  if (open.length === 0) return figures.map(() => NO_LINK);
  return shown.map((line, i) => linkTo(open, line, figures[i]));
}

function openLines(turn: Turn, orderId: string, { invoice, before }: Pick<Billing, 'invoice' | 'before'>): Open[] {
  const book = turn.order(orderId);
  const order = book?.order;
  if (!book || !order || !BILLABLE.has(order.lifecycle)) return [];
  const { accountId, currency, legalEntityId } = order;
  if (accountId !== invoice.accountId || currency !== invoice.currency || legalEntityId !== invoice.legalEntityId) return [];
  return book.lines.map((row) => {
    const own = before.filter((link) => link.orderLineId === row.id);
    const billed = own.reduce(
      (rest, link) => subtractDecimal(rest, decimal(link.orderedQuantity ?? '0')),
      decimal(row.billedQuantity),
    );
    const net = own.reduce((rest, link) => rest - (link.orderedNetMinor ?? 0n), row.billedNetMinor);
    const line = { ...row, billedQuantity: decimalText(billed), billedNetMinor: net };
    // of a line that the ERP closed all that was ordered may have been billed before
    const most = row.isClosed ? decimal(row.quantity) : wantedOf(row);
    return { book, line, left: subtractDecimal(most, billed) };
  });
}

function linkTo(open: readonly Open[], shown: ObservedLine, figures: LineFigures | undefined): Link {
  const wanted = decimal(figures?.quantity ?? '0');
  const isOfOrder = ({ book }: Open) => shown.orderId === undefined || book.order.id === shown.orderId;
  const free = open.filter((o) => o.left.coefficient > 0n && isOfOrder(o));
  if (wanted.coefficient <= 0n || free.length === 0) return NO_LINK;
  const isNamed = (line: OrderLineRow) => line.id === shown.orderLine || line.externalId === shown.orderLine;
  const found =
    (shown.orderLine === undefined ? undefined : free.find((o) => isNamed(o.line))) ??
    (shown.productId ? free.find((o) => o.line.productId === shown.productId) : undefined) ??
    (shown.sku === undefined ? undefined : free.find((o) => o.line.sku === shown.sku)) ??
    free.find((o) => o.line.description === shown.description);
  if (!found) return NO_LINK;
  const quantity = compareDecimal(wanted, found.left) > 0 ? found.left : wanted;
  const netMinor = netOf(found, quantity);
  found.left = subtractDecimal(found.left, quantity);
  const billedQuantity = decimalText(addDecimal(decimal(found.line.billedQuantity), quantity));
  found.line = { ...found.line, billedQuantity, billedNetMinor: found.line.billedNetMinor + netMinor };
  return {
    orderLineId: found.line.id,
    orderedQuantity: scaled(decimalText(quantity), 6),
    orderedNetMinor: netMinor,
    orderedGrossMinor: grossOf(found.book.order, found.line, netMinor),
  };
}

/** The last part takes what is left of the line's net. */
function netOf({ book, line, left }: Open, quantity: Decimal): bigint {
  const net = book.order.origin === 'OBSERVED' ? shareOf(line, left, quantity) : partNetOf(line, quantity);
  return net < 0n ? 0n : net;
}

function shareOf(line: OrderLineRow, left: Decimal, quantity: Decimal): bigint {
  const rest = line.netMinor - line.billedNetMinor;
  if (compareDecimal(quantity, left) >= 0) return rest;
  const scale = Math.max(left.scale, quantity.scale);
  const at = ({ coefficient, scale: own }: Decimal) => coefficient * 10n ** BigInt(scale - own);
  return divideRounded(rest * at(quantity), at(left), 'HALF_UP');
}

/** With the tax of its line; of an order of the ERP's, whose taxes are by no rule of ours, as a share of its total. */
function grossOf(order: OrderRow, line: OrderLineRow, netMinor: bigint): bigint {
  if (order.origin !== 'OBSERVED') return netMinor + taxOn(money(netMinor, line.currency), line.taxRate).minor;
  return order.netMinor === 0n ? netMinor : divideRounded(netMinor * order.totalMinor, order.netMinor, 'HALF_UP');
}

const keyOf = (links: readonly Link[]): string =>
  links
    .filter((l) => l.orderLineId !== null)
    .map((l) => [l.orderLineId, l.orderedQuantity, l.orderedNetMinor, l.orderedGrossMinor].join(' '))
    .sort()
    .join();

/** Takes the bills of before back and notes those of after, each order once. */
export function rebill(turn: Turn, before: readonly Link[], after: readonly Link[]): void {
  if (keyOf(before) === keyOf(after)) return;
  const rows: RowChange[] = [];
  const events: EventDraft[] = [];
  for (const book of turn.booksOf([...before, ...after].flatMap((l) => l.orderLineId ?? []))) {
    const was = billOf(book, before);
    const is = billOf(book, after);
    if (was.lines.length > 0) book.unbill(was);
    if (is.lines.length > 0) book.billObserved(is);
    rows.push(...book.rows());
    events.push(...book.events(is.grossMinor >= was.grossMinor ? 'order.billed' : 'order.unbilled'));
  }
  turn.write(rows, events);
}

function billOf(book: OrderBook, links: readonly Link[]) {
  const ids = new Set(book.lines.map((line) => line.id));
  const own = links.filter((link) => link.orderLineId !== null && ids.has(link.orderLineId));
  return {
    lines: own.map((l) => ({
      id: l.orderLineId ?? '',
      quantity: decimal(l.orderedQuantity ?? '0'),
      netMinor: l.orderedNetMinor ?? 0n,
    })),
    grossMinor: own.reduce((sum, l) => sum + (l.orderedGrossMinor ?? 0n), 0n),
  };
}

/** The one order that an invoice bills; null: none, or several. */
export function soleOrder(turn: Turn, links: readonly Link[]): string | null {
  const ids = new Set(turn.booksOf(links.flatMap((l) => l.orderLineId ?? [])).map((book) => book.order.id));
  const [id] = ids;
  return ids.size === 1 ? (id ?? null) : null;
}
