/**
 * Exact decimal numbers for quantities, unit prices, percentages and exchange rates.
 * A value never passes through a binary float: text goes in, text comes out.
 */
import { DomainError } from './errors.ts';

/** The value is `coefficient / 10 ** scale`; `scale` is a whole number ≥ 0. Made by `decimal()`, read by `decimalText()`. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

/** HALF_UP: a half goes away from zero. HALF_EVEN: a half goes to the even neighbour. DOWN: towards zero. */
export type Rounding = 'HALF_UP' | 'HALF_EVEN' | 'DOWN';

/** How a quotient is cut: the number of decimals, and what happens to the rest. */
export interface Precision {
  readonly scale: number;
  readonly rounding: Rounding;
}

/** Digits in all, before and after the point. */
export const MAX_DECIMAL_DIGITS = 30;

const DECIMAL_TEXT = /^-?(\d+)(?:\.(\d+))?$/;

/**
 * Reads a decimal and keeps its scale.
 * @throws DomainError INVALID_INPUT for an exponent, a plus sign, a comma, spaces or more than 30 digits
 * @example decimal('-12.50') // { coefficient: -1250n, scale: 2 }
 */
export function decimal(text: string): Decimal {
  // measured before the regexp, so that a megabyte of digits costs nothing
  const match = text.length <= MAX_DECIMAL_DIGITS + 2 ? DECIMAL_TEXT.exec(text) : null;
  const [, whole = '', fraction = ''] = match ?? [];
  if (match === null || whole.length + fraction.length > MAX_DECIMAL_DIGITS) {
    throw new DomainError(
      'INVALID_INPUT',
      `${JSON.stringify(text.slice(0, 40))} is not a decimal: write digits with an optional "-" before and "." between, such as "-12.50", ${MAX_DECIMAL_DIGITS} digits at most.`,
    );
  }
  const coefficient = BigInt(whole + fraction);
  return { coefficient: text.startsWith('-') ? -coefficient : coefficient, scale: fraction.length };
}

/**
 * Makes a decimal from its two parts.
 * @throws RangeError when the scale is not a whole number from 0 to 1000
 * @example decimalOf(1250n, 2) // 12.50
 */
export function decimalOf(coefficient: bigint, scale: number): Decimal {
  assertScale(scale);
  return { coefficient, scale };
}

/**
 * Writes a decimal with all of its decimals and without an exponent; zero has no sign.
 * @example decimalText(decimal('-0012.50')) // '-12.50'
 */
export function decimalText(value: Decimal): string {
  const { coefficient, scale } = value;
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const sign = coefficient < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Exact sum; the scale is the larger one. @example addDecimal(decimal('1.5'), decimal('0.25')) // 1.75 */
export function addDecimal(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { coefficient: scaledTo(a, scale) + scaledTo(b, scale), scale };
}

/** Exact difference `a − b`. @example subtractDecimal(decimal('1'), decimal('0.25')) // 0.75 */
export function subtractDecimal(a: Decimal, b: Decimal): Decimal {
  return addDecimal(a, negateDecimal(b));
}

/** The value with its sign turned. @example negateDecimal(decimal('1.5')) // -1.5 */
export function negateDecimal(value: Decimal): Decimal {
  return { coefficient: -value.coefficient, scale: value.scale };
}

/** Exact product; the scales add up. @example multiplyDecimal(decimal('1.5'), decimal('0.2')) // 0.30 */
export function multiplyDecimal(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, scale: a.scale + b.scale };
}

/**
 * `a / b`, rounded once.
 * @throws DomainError INVALID_INPUT when `b` is zero
 * @example divideDecimal(decimal('1'), decimal('3'), { scale: 4, rounding: 'HALF_UP' }) // 0.3333
 */
export function divideDecimal(a: Decimal, b: Decimal, { scale, rounding }: Precision): Decimal {
  assertScale(scale);
  if (b.coefficient === 0n) throw new DomainError('INVALID_INPUT', 'The divisor is zero: divide by another number.');
  const numerator = a.coefficient * powerOfTen(b.scale + scale);
  return { coefficient: divideRounded(numerator, b.coefficient * powerOfTen(a.scale), rounding), scale };
}

/** −1, 0 or 1, whatever the scales are. @example compareDecimal(decimal('1.0'), decimal('1')) // 0 */
export function compareDecimal(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const scale = Math.max(a.scale, b.scale);
  const difference = scaledTo(a, scale) - scaledTo(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * The value with exactly `scale` decimals: rounded when it had more, filled with zeros when it had fewer.
 * @example roundDecimal(decimal('2.345'), 2, 'HALF_EVEN') // 2.34
 */
export function roundDecimal(value: Decimal, scale: number, rounding: Rounding): Decimal {
  assertScale(scale);
  if (scale >= value.scale) return { coefficient: scaledTo(value, scale), scale };
  return { coefficient: divideRounded(value.coefficient, powerOfTen(value.scale - scale), rounding), scale };
}

/**
 * Whole-number division with rounding, the only place where a digit is ever dropped.
 * @example divideRounded(-5n, 2n, 'HALF_UP') // -3n
 */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = n / d;
  const twice = (n % d) * 2n;
  const up =
    rounding === 'HALF_UP' ? twice >= d : rounding === 'HALF_EVEN' && (twice > d || (twice === d && quotient % 2n === 1n));
  const rounded = up ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

const POWERS: readonly bigint[] = Array.from({ length: 32 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10 to the power of a whole number ≥ 0. @example powerOfTen(2) // 100n */
export function powerOfTen(exponent: number): bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent);
}

function scaledTo(value: Decimal, scale: number): bigint {
  return value.coefficient * powerOfTen(scale - value.scale);
}

function assertScale(scale: number): void {
  if (!Number.isInteger(scale) || scale < 0 || scale > 1000) {
    throw new RangeError(`A scale is a whole number from 0 to 1000, not ${scale}.`);
  }
}
