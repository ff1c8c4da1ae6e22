/**
 * Amounts of money: whole minor units and a currency. Every sum in the books is made here.
 * It never mixes currencies, never rounds silently and never goes through a binary float.
 */
import { type CurrencyCode, currency as currencyOf, exponentOf } from './currency.ts';
import { type Decimal, decimal, decimalText, divideRounded, powerOfTen, type Rounding } from './decimal.ts';
import { DomainError } from './errors.ts';

/** `minor` counts the currency's smallest unit: 12.50 EUR is 1250n, 12 JPY is 12n, 1.250 KWD is 1250n. */
export interface Money {
  readonly minor: bigint;
  readonly currency: CurrencyCode;
}

/** The largest amount, either sign: it fits SQL's bigint with room for the sign of a difference. */
export const MAX_MINOR = 9_000_000_000_000_000_000n;

/**
 * Makes an amount from minor units.
 * @throws DomainError AMOUNT_INVALID beyond ±9 × 10¹⁸ minor units; INVALID_INPUT for an unknown currency
 * @example money(1250n, 'EUR') // 12.50 EUR
 */
export function money(minor: bigint, currency: string): Money {
  const code = currencyOf(currency);
  if (minor > MAX_MINOR || minor < -MAX_MINOR) {
    throw new DomainError(
      'AMOUNT_INVALID',
      `An amount in ${code} is at most ${MAX_MINOR} minor units, either sign: this one has ${minor.toString().replace('-', '').length} digits.`,
    );
  }
  return { minor, currency: code };
}

/** Nothing, in a currency. @example zero('EUR') // 0.00 EUR */
export function zero(currency: string): Money {
  return money(0n, currency);
}

/**
 * Reads a decimal string as an amount of the currency.
 * @throws DomainError INVALID_INPUT when it is no decimal; AMOUNT_INVALID with more decimals than the currency has, or out of range
 * @example parseMoney('12.5', 'EUR') // 12.50 EUR
 */
export function parseMoney(text: string, currency: string): Money {
  return moneyFrom(decimal(text), currency);
}

/**
 * An exact decimal as an amount; nothing is rounded.
 * @throws DomainError AMOUNT_INVALID with more decimals than the currency has, or out of range
 * @example moneyFrom(decimal('12.5'), 'EUR') // 12.50 EUR
 */
export function moneyFrom(value: Decimal, currency: string): Money {
  const code = currencyOf(currency);
  const exponent = exponentOf(code);
  if (value.scale > exponent) {
    throw new DomainError(
      'AMOUNT_INVALID',
      `${decimalText(value)} has ${value.scale} decimals, and ${code} has ${exponent}: send at most ${exponent}.`,
    );
  }
  return money(value.coefficient * powerOfTen(exponent - value.scale), code);
}

/** The amount as a decimal string with all decimals of its currency, without the code. @example moneyText(money(5n, 'EUR')) // '0.05' */
export function moneyText(m: Money): string {
  return decimalText(moneyDecimal(m));
}

/** The amount as an exact decimal, for ratios and unit prices. @example moneyDecimal(money(5n, 'EUR')) // 0.05 */
export function moneyDecimal(m: Money): Decimal {
  return { coefficient: m.minor, scale: exponentOf(m.currency) };
}

/** `a + b`. @throws DomainError CURRENCY_MISMATCH, AMOUNT_INVALID @example add(money(1n, 'EUR'), money(2n, 'EUR')) // 0.03 EUR */
export function add(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return money(a.minor + b.minor, a.currency);
}

/** `a − b`. @throws DomainError CURRENCY_MISMATCH, AMOUNT_INVALID @example subtract(money(3n, 'EUR'), money(2n, 'EUR')) // 0.01 EUR */
export function subtract(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return money(a.minor - b.minor, a.currency);
}

/** The amount with its sign turned. @example negate(money(1n, 'EUR')) // -0.01 EUR */
export function negate(m: Money): Money {
  return { minor: -m.minor, currency: m.currency };
}

/** −1, 0 or 1. @throws DomainError CURRENCY_MISMATCH @example compareMoney(money(1n, 'EUR'), money(2n, 'EUR')) // -1 */
export function compareMoney(a: Money, b: Money): -1 | 0 | 1 {
  assertSameCurrency(a, b);
  return a.minor < b.minor ? -1 : a.minor > b.minor ? 1 : 0;
}

/** @example isZero(money(0n, 'EUR')) // true */
export function isZero(m: Money): boolean {
  return m.minor === 0n;
}

/** @example isNegative(money(-1n, 'EUR')) // true */
export function isNegative(m: Money): boolean {
  return m.minor < 0n;
}

/** The smaller of two. @throws DomainError CURRENCY_MISMATCH @example smaller(money(1n, 'EUR'), money(2n, 'EUR')) // 0.01 EUR */
export function smaller(a: Money, b: Money): Money {
  return compareMoney(a, b) <= 0 ? a : b;
}

/** The sum of a list, which may be empty. @throws DomainError CURRENCY_MISMATCH, AMOUNT_INVALID @example sum([], 'EUR') // 0.00 EUR */
export function sum(list: Iterable<Money>, currency: string): Money {
  const start = zero(currency);
  let total = 0n;
  for (const m of list) {
    assertSameCurrency(start, m);
    total += m.minor;
  }
  return money(total, start.currency);
}

/**
 * Splits an amount by weights so that the parts sum exactly to the whole. What division leaves over goes one minor unit
 * each to the largest remainders, the earlier part first among equals. If all weights are zero the first part takes all.
 * @throws DomainError INVALID_INPUT without weights or with a negative one
 * @example allocate(money(100n, 'EUR'), [1n, 1n, 1n]) // 0.34, 0.33, 0.33 EUR
 */
export function allocate(m: Money, weights: readonly bigint[]): Money[] {
  if (weights.length === 0 || weights.some((weight) => weight < 0n)) {
    throw new DomainError('INVALID_INPUT', 'To split an amount, give at least one weight and none below zero.');
  }
  const total = weights.reduce((a, b) => a + b, 0n);
  if (total === 0n) return weights.map((_, index) => ({ minor: index === 0 ? m.minor : 0n, currency: m.currency }));
  const whole = m.minor < 0n ? -m.minor : m.minor;
  const parts = weights.map((weight) => (whole * weight) / total);
  let left = whole - parts.reduce((a, b) => a + b, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (whole * weight) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map((part) => ({ minor: m.minor < 0n ? -part : part, currency: m.currency }));
}

/**
 * The amount times a factor, rounded once to the currency.
 * @throws DomainError AMOUNT_INVALID when the product is out of range
 * @example times(money(1000n, 'EUR'), decimal('0.19'), 'HALF_UP') // 1.90 EUR
 */
export function times(m: Money, factor: Decimal, rounding: Rounding = 'HALF_UP'): Money {
  return money(divideRounded(m.minor * factor.coefficient, powerOfTen(factor.scale), rounding), m.currency);
}

/**
 * The amount in another currency, rounded once. `rate` is units of the target per one unit of the source (not per minor unit).
 * @throws DomainError INVALID_INPUT when the rate is not above zero; AMOUNT_INVALID when the result is out of range
 * @example convert(money(1000n, 'EUR'), decimal('161.5'), currency('JPY')) // 1615 JPY
 */
export function convert(m: Money, rate: Decimal, toCurrency: string, rounding: Rounding = 'HALF_UP'): Money {
  if (rate.coefficient <= 0n) {
    throw new DomainError('INVALID_INPUT', `An exchange rate is above zero, and ${decimalText(rate)} is not.`);
  }
  const numerator = m.minor * rate.coefficient * powerOfTen(exponentOf(currencyOf(toCurrency)));
  return money(divideRounded(numerator, powerOfTen(rate.scale + exponentOf(m.currency)), rounding), toCurrency);
}

function assertSameCurrency(a: Money, b: Money): void {
  if (a.currency === b.currency) return;
  throw new DomainError('CURRENCY_MISMATCH', `${a.currency} and ${b.currency} can't be mixed: convert one of them first.`, {
    details: { currencies: [a.currency, b.currency] },
  });
}
