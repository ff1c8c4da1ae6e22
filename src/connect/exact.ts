/** Exact arithmetic over decimal texts, as documents hold amounts, and the way of one into JSON: never through a sum of binary floats. */
import {
  addDecimal,
  compareDecimal,
  decimal,
  decimalText,
  divideDecimal,
  multiplyDecimal,
  roundDecimal,
  subtractDecimal,
} from '../kernel/decimal.ts';
import { ExternalError } from './external-error.ts';

export const plus = (a: string, b: string): string => decimalText(addDecimal(decimal(a), decimal(b)));
export const minus = (a: string, b: string): string => decimalText(subtractDecimal(decimal(a), decimal(b)));
export const sumOf = (amounts: readonly string[]): string => amounts.reduce(plus, '0');
export const negated = (amount: string): string => minus('0', amount);
export const compare = (a: string, b: string): -1 | 0 | 1 => compareDecimal(decimal(a), decimal(b));
export const isZero = (amount: string): boolean => compare(amount, '0') === 0;

/** Rounded half up. */
export const product = (a: string, b: string, decimals: number): string =>
  decimalText(roundDecimal(multiplyDecimal(decimal(a), decimal(b)), decimals, 'HALF_UP'));

/** Rounded half up; `b` is not zero. */
export const quotient = (a: string, b: string, decimals: number): string =>
  decimalText(divideDecimal(decimal(a), decimal(b), { scale: decimals, rounding: 'HALF_UP' }));

/** Without zeros at the end of the decimals. @example plain('8.00') // '8' */
export const plain = (amount: string): string => (amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount);

/** As a rate is told: in percent, four decimals at most. */
export const percentOf = (part: string, whole: string): string =>
  plain(decimalText(divideDecimal(multiplyDecimal(decimal(part), decimal('100')), decimal(whole), PERCENT)));

const PERCENT = { scale: 4, rounding: 'HALF_UP' } as const;

/** The decimals of a currency by ISO 4217. */
export const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/**
 * The number that JSON writes with the same digits.
 * @throws ExternalError REJECTED for one that JSON could not
 */
export function numberOf(amount: string, field: string): number {
  const number = Number(amount);
  const written = String(number);
  if (/e/i.test(written) || compare(written, amount) !== 0) {
    const words = `${field} ${amount} has more digits than the ERP can be told.`;
    throw new ExternalError(words, { kind: 'REJECTED', words });
  }
  return number;
}
