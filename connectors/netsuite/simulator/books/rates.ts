/** What a unit of a currency is worth in the currency of a company's books, on a day. */
import { decimal, decimalText, divideDecimal, multiplyDecimal } from '../../../../src/connect/index.ts';
import { trimmed } from './amounts.ts';
import type { Books, Currency } from './books.ts';
import type { Transaction } from './model.ts';

/** One text for each rate, however many documents have it. */
const known = new Map<string, string>();

export function rateOn(
  books: Books,
  { subsidiary, currency, day }: Pick<Transaction, 'subsidiary' | 'currency' | 'day'>,
): string {
  const base = books.baseOf(subsidiary);
  return base.id === currency ? '1' : rateBetween(books.currency(currency), base, day.slice(0, 7));
}

/** Rates move a little from month to month. */
export function rateBetween(from: Currency, to: Currency, month: string): string {
  const key = `${from.symbol}/${to.symbol}/${from.rate}/${to.rate}/${month}`;
  if (from.id === to.id) return '1';
  let rate = known.get(key);
  if (rate === undefined) {
    const drift = key.split('').reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 401, 7) - 200;
    const moved = multiplyDecimal(
      decimal(from.rate),
      decimal(`${drift < 0 ? '0.9' : '1.0'}${String(drift < 0 ? 1_000 + drift : drift).padStart(3, '0')}`),
    );
    rate = trimmed(decimalText(divideDecimal(moved, decimal(to.rate), { scale: 8, rounding: 'HALF_UP' })));
    known.set(key, rate);
  }
  return rate;
}
