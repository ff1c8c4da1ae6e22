/** Exact arithmetic over decimal texts: never through a binary float. */
import {
  compare,
  compareDecimal,
  decimal,
  decimalText,
  divideDecimal,
  isZero,
  multiplyDecimal,
  negated,
  plain,
  quotient as roundedQuotient,
  roundDecimal,
} from '../../src/connect/index.ts';

export const isAbove = (amount: string, other: string): boolean => compare(amount, other) > 0;
export const smaller = (a: string, b: string): string => (compare(a, b) < 0 ? a : b);
export const sizeOf = (amount: string): string => (compare(amount, '0') < 0 ? negated(amount) : amount);

/** Rounded half up, with no more decimals than it takes; `b` is not zero. */
export const quotient = (a: string, b: string, scale: number): string => plain(roundedQuotient(a, b, scale));

export const product = (a: string, b: string): string => decimalText(multiplyDecimal(decimal(a), decimal(b)));

const RATE_DECIMALS = [0, 1, 2, 3, 4] as const;
const decimalsIn = (amount: string): number => amount.split('.')[1]?.length ?? 0;

/**
 * The rate in percent that a tax on a net tells of, with as few decimals as it takes to come to that tax again: SAP's documents hold the
 * tax, and the rate only among the conditions behind it.
 * @example rateOf('12.34', '0.99') // '8'
 */
export function rateOf(net: string, tax: string): string {
  if (isZero(net) || isZero(tax)) return '0';
  const decimals = Math.max(decimalsIn(net), decimalsIn(tax));
  const told = RATE_DECIMALS.map((scale) => quotient(product(tax, '100'), net, scale));
  const fits = (rate: string) => {
    const exact = divideDecimal(multiplyDecimal(decimal(net), decimal(rate)), decimal('100'), {
      scale: decimals + 2,
      rounding: 'HALF_UP',
    });
    return compareDecimal(roundDecimal(exact, decimals, 'HALF_UP'), decimal(tax)) === 0;
  };
  return told.find(fits) ?? told.at(-1) ?? '0';
}
