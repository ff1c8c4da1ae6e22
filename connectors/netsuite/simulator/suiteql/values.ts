/** Values of a query: exact numbers, texts, moments of the account's clock. An empty text is nothing, as in Oracle. */
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  decimal,
  decimalText,
  divideDecimal,
  multiplyDecimal,
  subtractDecimal,
} from '../../../../src/connect/index.ts';
import { decimalOrNull, trimmed } from '../books/amounts.ts';
import type { DateFormat } from '../contract.ts';
import { dayOfWall, formatted, unformatted, wallOfDay } from '../zone.ts';
import { badQuery } from './tokens.ts';

export type Arithmetic = '+' | '-' | '*' | '/' | '||';

/** A moment on the account's wall clock, in seconds. */
export class Moment {
  readonly wall: number;

  constructor(wall: number) {
    this.wall = wall;
  }
}

/** A whole number is a `number`, any other a decimal. */
export type Value = string | number | Decimal | Moment | null;
/** Unknown where a value is missing. */
export type Truth = boolean | null;

export const momentOfDay = (day: string): Moment => new Moment(wallOfDay(day));
const DAY_SEC = 86_400;
const DIVISION = { scale: 12, rounding: 'HALF_UP' } as const;

const isNumber = (value: Value): value is number | Decimal =>
  typeof value === 'number' || (typeof value === 'object' && value !== null && 'coefficient' in value);

/** The least form of a number. */
export function numberValue(value: Decimal): number | Decimal {
  const { coefficient, scale } = value;
  if (scale === 0) return coefficient <= MAX && coefficient >= -MAX ? Number(coefficient) : value;
  const text = trimmed(decimalText(value));
  if (!text.includes('.')) return numberValue(decimal(text));
  return text.length < decimalText(value).length ? decimal(text) : value;
}
const MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** Minor units as a number. */
export function amountValue(minor: number, decimals: number): number | Decimal {
  if (decimals === 0) return minor;
  const unit = 10 ** decimals;
  return minor % unit === 0 ? minor / unit : numberValue({ coefficient: BigInt(minor), scale: decimals });
}

export const decimalIn = (value: number | Decimal): Decimal =>
  typeof value === 'number' ? { coefficient: BigInt(value), scale: 0 } : value;

/** @throws Problem for a text that is none, as Oracle does */
export function toNumber(value: Value): number | Decimal | null {
  if (value === null || isNumber(value)) return value;
  const text = typeof value === 'string' ? decimalOrNull(value) : null;
  if (text === null) throw badQuery('invalid number');
  return numberValue(decimal(text));
}

export function toText(value: Value, format: DateFormat): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value instanceof Moment) return formatted(dayOfWall(value.wall), format);
  return trimmed(decimalText(value));
}

export function toMoment(value: Value, format: DateFormat): Moment | null {
  if (value === null || value instanceof Moment) return value;
  const day = typeof value === 'string' ? unformatted(value, format) : null;
  if (day === null) throw badQuery('a date is expected: write TO_DATE(…)');
  return momentOfDay(day);
}

/** Negative, zero or positive; both are there. Unlike kinds are brought to that of the number or moment among them. */
export function compare(a: Value, b: Value, format: DateFormat): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof Moment || b instanceof Moment) return (toMoment(a, format)?.wall ?? 0) - (toMoment(b, format)?.wall ?? 0);
  const [x, y] = [toNumber(a), toNumber(b)];
  if (x === null || y === null) return 0;
  return typeof x === 'number' && typeof y === 'number' ? x - y : compareDecimal(decimalIn(x), decimalIn(y));
}

export function calculate(op: Arithmetic, a: Value, b: Value, format: DateFormat): Value {
  if (op === '||') {
    const text = `${toText(a, format) ?? ''}${toText(b, format) ?? ''}`;
    return text === '' ? null : text;
  }
  if (a === null || b === null) return null;
  if (a instanceof Moment || b instanceof Moment) return calculateMoment(op, a, b);
  const [x, y] = [decimalIn(toNumber(a) ?? 0), decimalIn(toNumber(b) ?? 0)];
  switch (op) {
    case '+':
      return numberValue(addDecimal(x, y));
    case '-':
      return numberValue(subtractDecimal(x, y));
    case '*':
      return numberValue(multiplyDecimal(x, y));
    default:
      if (y.coefficient === 0n) throw badQuery('divisor is equal to zero');
      return numberValue(divideDecimal(x, y, DIVISION));
  }
}

/** Days are added to moments; the difference of two is in days. */
function calculateMoment(op: Arithmetic, a: Value, b: Value): Value {
  if (a instanceof Moment && b instanceof Moment && op === '-')
    return numberValue(divideDecimal(decimal(String(a.wall - b.wall)), decimal(String(DAY_SEC)), DIVISION));
  const moment = a instanceof Moment ? a : b;
  const days = toNumber(a instanceof Moment ? b : a);
  if (!(moment instanceof Moment) || days === null || (op !== '+' && op !== '-')) throw badQuery('inconsistent datatypes');
  const seconds = Number(decimalText(multiplyDecimal(decimalIn(days), decimal(String(DAY_SEC)))));
  return new Moment(moment.wall + Math.round(op === '+' ? seconds : -seconds));
}
