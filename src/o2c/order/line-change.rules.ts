/** Changing a line that was handed in, and what may grow. Pure. */
import { personOf } from '../../access/principal.ts';
import { addDecimal, compareDecimal, type Decimal, decimal, decimalText } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { money, moneyText } from '../../kernel/money.ts';
import type { CommandContext, Demand } from '../../write/command.ts';
import { type CreditBook, creditDemand, publicReason } from '../credit/index.ts';
import { committedOf, lineNetOf, type OrderLineRow, plain, wantedOf } from './line-amounts.rules.ts';
import type { OrderBook } from './order-book.rules.ts';
import { named, requireMayPrice } from './placing.rules.ts';

/** Does an input name a line that it has named before? */
export const isSecond = (lines: readonly { readonly orderLineId: string }[], i: number): boolean =>
  lines.findIndex((other) => other.orderLineId === lines[i]?.orderLineId) < i;

/** What was approved, was approved before this. */
export function noteEdit(context: CommandContext, book: OrderBook): void {
  book.change({ contentVersion: book.order.contentVersion + 1, lastEditorId: personOf(context.principal) });
}

interface Place {
  readonly path: readonly string[];
  /** The input names the line a second time. */
  readonly isSecond: boolean;
}

/** @throws NOT_FOUND, INVALID_INPUT */
export function lineAt(book: OrderBook, id: string, { path, isSecond: isTwice }: Place): OrderLineRow {
  const line = book.lines.find((l) => l.id === id);
  const at = { path: [...path, 'orderLineId'] };
  if (!line) throw new DomainError('NOT_FOUND', 'The order has no such line.', at);
  if (isTwice) throw new DomainError('INVALID_INPUT', `${path.join('.')} names line ${line.lineNumber} a second time.`, at);
  return line;
}

interface LineChange {
  readonly orderLineId: string;
  readonly quantity?: Decimal | undefined;
  readonly unitPrice?: Decimal | undefined;
  readonly discountPercent?: Decimal | undefined;
}

/** @throws FORBIDDEN, IN_USE, AMOUNT_INVALID */
export function changeLine(
  context: CommandContext,
  book: OrderBook,
  { change, ...place }: Place & { readonly change: LineChange },
): void {
  const line = lineAt(book, change.orderLineId, place);
  const { quantity, unitPrice, discountPercent } = change;
  const priced = unitPrice ? 'unitPrice' : discountPercent ? 'discountPercent' : null;
  if (priced) {
    requireMayPrice(context, book.order.legalEntityId, [...place.path, priced]);
    if (decimal(line.billedQuantity).coefficient > 0n)
      throw new DomainError(
        'IN_USE',
        `A part of line ${line.lineNumber} is billed at its price: cancel the rest and add a line.`,
        {
          path: [...place.path, priced],
        },
      );
  }
  const least = addDecimal(decimal(line.cancelledQuantity), committedOf(line));
  if (quantity && compareDecimal(quantity, least) < 0) {
    throw new DomainError(
      'IN_USE',
      `${plain(least)} of line ${line.lineNumber} is cancelled, in fulfilments or billed, so its quantity can't be ${plain(quantity)}.`,
      { path: [...place.path, 'quantity'] },
    );
  }
  book.changeLine(line.id, {
    ...(quantity ? { quantity: decimalText(quantity) } : {}),
    ...(unitPrice ? { unitPrice: decimalText(unitPrice), priceRule: 'manual' } : {}),
    ...(discountPercent ? { discountPercent: decimalText(discountPercent) } : {}),
  });
  const after = book.line(line.id);
  named([...place.path, quantity ? 'quantity' : 'unitPrice'], () => lineNetOf(after, wantedOf(after)));
}

/** A confirmed order stays confirmed, so what it grows by has to fit now. @throws CREDIT_LIMIT_EXCEEDED */
export function requireCredit(book: OrderBook, credit: CreditBook, path: string): readonly Demand[] {
  const { lifecycle, accountId, groupCurrency } = book.order;
  const added = book.exposure() - book.exposureBefore();
  if (lifecycle !== 'CONFIRMED' || added <= 0n) return [];
  const answer = credit.check(accountId, added);
  if (!answer.fits) {
    const grown = `${moneyText(money(added, groupCurrency))} ${groupCurrency}`;
    throw new DomainError('CREDIT_LIMIT_EXCEEDED', `The order would grow by ${grown}. ${publicReason(answer.reasons)}`, {
      path: [path],
    });
  }
  credit.reserve(accountId, added);
  return [creditDemand(accountId, credit)];
}
