/** The lines of an ERP's order: each keeps our id and what was fulfilled and billed of it, whatever the ERP makes of it. Pure. */
import { editOf } from '../../kernel/edit.ts';
import { decimal } from '../../kernel/decimal.ts';
import type { CommandContext } from '../../write/command.ts';
import type { OrderLineRow, OrderRow } from './line-amounts.rules.ts';
import { LINE_NOTHING_DONE } from './new-line.rules.ts';
import { decimalAt, effectiveTaxRate, minorOf, percentOf } from './observed-values.rules.ts';
import type { OrderFacts } from './observed-order.facts.ts';
import type { LineShown, OrderShown } from './order-shown.commands.ts';
import type { OrderBook } from './order-book.rules.ts';

const EACH = 'C62';
const UNIT = /^[A-Z0-9]{2,3}$/;

interface Showing {
  readonly shown: OrderShown;
  readonly line: LineShown;
  readonly index: number;
  /** The line as it is here; null: it is new. */
  readonly known: OrderLineRow | null;
}

/** What the ERP has delivered is goods, whatever its product says. */
const isDelivered = (known: OrderLineRow | null, productId: string | null): boolean =>
  known !== null && (decimal(known.plannedQuantity).coefficient > 0n || (known.isShipped && known.productId === productId));

/** What the ERP says of a line. @throws refusals that name the field */
function saidOf({ products }: OrderFacts, { shown, line, index, known }: Showing) {
  const { currency } = shown;
  const at = (field: string) => ['lines', String(index), field];
  const product = products.get(line.productId ?? '');
  const taxRate = percentOf(line.taxRate ?? effectiveTaxRate(shown), at('taxRate'));
  const isTaxed = decimal(taxRate).coefficient !== 0n;
  const unit = line.unit ?? product?.unit ?? EACH;
  return {
    externalId: line.id ?? null,
    productId: product?.id ?? null,
    sku: product?.sku ?? line.sku,
    description: line.description ?? product?.name ?? '',
    isShipped: product?.kind === 'GOODS' || isDelivered(known, product?.id ?? null),
    isClosed: line.isClosed ?? false,
    unit: UNIT.test(unit) ? unit : EACH,
    quantity: decimalAt(line.quantity, 6, at('quantity')),
    // of a closed line it follows from what is shipped and billed of it
    ...(line.isClosed ? {} : { cancelledQuantity: '0.000000' }),
    unitPrice: decimalAt(line.unitPrice, 6, at('unitPrice')),
    discountPercent: percentOf(line.discountPercent ?? '0', at('discountPercent')),
    priceRule: 'observed',
    currency,
    netMinor: minorOf(line.net, currency, at('net')),
    taxCategory: line.taxCategory ?? (isTaxed ? 'S' : 'Z'),
    taxRate,
    taxReason: null,
  };
}

interface NewLine extends Omit<Showing, 'known'> {
  readonly order: OrderRow;
  readonly lineNumber: number;
}

export const newLineShown = (
  context: CommandContext,
  facts: OrderFacts,
  { order, lineNumber, ...showing }: NewLine,
): OrderLineRow => ({
  ...LINE_NOTHING_DONE,
  id: context.newId(),
  tenantId: order.tenantId,
  orderId: order.id,
  legalEntityId: order.legalEntityId,
  accountId: order.accountId,
  lineNumber,
  ...saidOf(facts, { ...showing, known: null }),
  groupCurrency: order.groupCurrency,
});

const isGone = ({ cancelledQuantity, quantity, netMinor, isClosed }: OrderLineRow): boolean =>
  cancelledQuantity === quantity && netMinor === 0n && !isClosed;

/** By the ids that the ERP gives its lines; of lines without, by their place. Is anything of them new? */
export function followLines(
  context: CommandContext,
  facts: OrderFacts,
  { book, shown }: { readonly book: OrderBook; readonly shown: OrderShown },
): boolean {
  const { lines } = book;
  const byId = new Map(lines.flatMap((l) => (l.externalId === null ? [] : [[l.externalId, l] as const])));
  const byPlace = lines.filter((l) => l.externalId === null);
  let place = 0;
  let last = Math.max(0, ...lines.map((l) => l.lineNumber));
  let isNew = false;
  const seen = new Set<string>();
  for (const [index, line] of shown.lines.entries()) {
    const known = line.id === undefined ? byPlace[place++] : byId.get(line.id);
    if (!known || seen.has(known.id)) {
      last += 1;
      book.addLine(newLineShown(context, facts, { order: book.order, shown, line, index, lineNumber: last }));
      isNew = true;
      continue;
    }
    seen.add(known.id);
    const edit = editOf(known, saidOf(facts, { shown, line, index, known }));
    if (edit) book.changeLine(known.id, edit);
    isNew ||= edit !== null;
  }
  for (const gone of lines.filter((l) => !seen.has(l.id) && !isGone(l))) {
    book.changeLine(gone.id, { cancelledQuantity: gone.quantity, netMinor: 0n, isClosed: false });
    isNew = true;
  }
  return isNew;
}
