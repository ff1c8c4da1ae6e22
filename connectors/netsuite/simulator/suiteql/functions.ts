/** The functions of SuiteQL on single values. What NetSuite does not know is refused. */
import { decimalText, divideDecimal, roundDecimal, subtractDecimal, multiplyDecimal } from '../../../../src/connect/index.ts';
import type { DateFormat } from '../contract.ts';
import { momentText, parseMoment } from './masks.ts';
import { badQuery } from './tokens.ts';
import { compare, decimalIn, Moment, numberValue, toMoment, toNumber, toText, type Value } from './values.ts';

export interface Surroundings {
  readonly format: DateFormat;
  /** Of NetSuite's own servers, which are in California. */
  readonly serverWall: number;
  /** Of the account. */
  readonly accountWall: number;
}

type Fn = (args: readonly Value[], surroundings: Surroundings) => Value;

const DAY_SEC = 86_400;
const text =
  (make: (text: string, rest: readonly Value[]) => string | number | null): Fn =>
  ([first = null, ...rest], { format }) => {
    const value = toText(first, format);
    const made = value === null ? null : make(value, rest);
    return made === '' ? null : made;
  };
const whole = (value: Value | undefined, unless: number): number => {
  const number = value === undefined ? null : toNumber(value);
  return number === null ? unless : Number(typeof number === 'number' ? number : decimalText(roundDecimal(number, 0, 'DOWN')));
};
const padded = (isLeft: boolean): Fn =>
  text((value, [length, fill]) => {
    const wanted = whole(length, 0);
    const pad = typeof fill === 'string' ? fill : ' ';
    if (value.length >= wanted) return value.slice(0, wanted);
    return isLeft ? value.padStart(wanted, pad) : value.padEnd(wanted, pad);
  });
const rounded =
  (rounding: 'HALF_UP' | 'DOWN'): Fn =>
  ([value = null, digits]) => {
    if (value instanceof Moment) return new Moment(Math.floor(value.wall / DAY_SEC) * DAY_SEC);
    const number = toNumber(value);
    return number === null ? null : numberValue(roundDecimal(decimalIn(number), whole(digits, 0), rounding));
  };
/** Down or up to a whole number. */
const toWhole =
  (step: 1 | -1): Fn =>
  ([value = null]) => {
    const number = toNumber(value);
    if (number === null || typeof number === 'number') return number;
    const cut = roundDecimal(number, 0, 'DOWN');
    const isNegative = number.coefficient < 0n;
    const isMoved = step === 1 ? !isNegative : isNegative;
    return numberValue({ ...cut, coefficient: isMoved ? cut.coefficient + BigInt(step) : cut.coefficient });
  };
const extreme =
  (sign: 1 | -1): Fn =>
  (args, { format }) => {
    if (args.includes(null)) return null;
    return args.reduce((best, value) => (compare(value, best, format) * sign > 0 ? value : best), args[0] ?? null);
  };
const trimmedBy = (pattern: (signs: string) => RegExp): Fn =>
  text((value, [signs]) => value.replace(pattern((typeof signs === 'string' ? signs : ' ').replace(/[\\\]^-]/g, '\\$&')), ''));
const monthsAfter = (wall: number, count: number, isLast: boolean): number => {
  const date = new Date(wall * 1_000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + count];
  const lastDate = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const own = isLast ? lastDate : Math.min(date.getUTCDate(), lastDate);
  return Date.UTC(year, month, own) / 1_000 + (((wall % DAY_SEC) + DAY_SEC) % DAY_SEC);
};

const FUNCTIONS: Readonly<Record<string, Fn>> = {
  NVL: ([a = null, b = null]) => a ?? b,
  NVL2: ([a = null, b = null, c = null]) => (a === null ? c : b),
  COALESCE: (args) => args.find((value) => value !== null) ?? null,
  NULLIF: ([a = null, b = null], { format }) => (a !== null && b !== null && compare(a, b, format) === 0 ? null : a),
  DECODE: ([value = null, ...rest], { format }) => {
    for (let at = 0; at + 1 < rest.length; at += 2) {
      const wanted = rest[at] ?? null;
      const isSame = wanted === null || value === null ? wanted === value : compare(value, wanted, format) === 0;
      if (isSame) return rest[at + 1] ?? null;
    }
    return rest.length % 2 === 1 ? (rest.at(-1) ?? null) : null;
  },
  UPPER: text((value) => value.toUpperCase()),
  LOWER: text((value) => value.toLowerCase()),
  INITCAP: text((value) =>
    value.toLowerCase().replace(/(^|[^\p{L}\p{N}])(\p{L})/gu, (_, before: string, sign: string) => before + sign.toUpperCase()),
  ),
  LENGTH: text((value) => value.length),
  TRIM: trimmedBy((signs) => new RegExp(`^[${signs}]+|[${signs}]+$`, 'g')),
  LTRIM: trimmedBy((signs) => new RegExp(`^[${signs}]+`)),
  RTRIM: trimmedBy((signs) => new RegExp(`[${signs}]+$`)),
  LPAD: padded(true),
  RPAD: padded(false),
  SUBSTR: text((value, [from, length]) => {
    const at = whole(from, 1);
    const start = at > 0 ? at - 1 : at === 0 ? 0 : value.length + at;
    return start < 0 ? null : value.slice(start, length === undefined ? undefined : start + Math.max(0, whole(length, 0)));
  }),
  INSTR: text((value, [part]) => (typeof part === 'string' ? value.indexOf(part) + 1 : null)),
  REPLACE: text((value, [from, to]) =>
    typeof from === 'string' ? value.replaceAll(from, typeof to === 'string' ? to : '') : value,
  ),
  CONCAT: (args, { format }) => args.map((value) => toText(value, format) ?? '').join('') || null,
  TO_CHAR: ([value = null, mask], { format }) => {
    if (value instanceof Moment) return typeof mask === 'string' ? momentText(value.wall, mask) : toText(value, format);
    return typeof mask === 'string' && value !== null ? numberText(value, mask) : toText(value, format);
  },
  TO_DATE: ([value = null, mask], { format }) => {
    if (value === null || value instanceof Moment) return value;
    return typeof mask === 'string' ? parseMoment(toText(value, format) ?? '', mask) : toMoment(value, format);
  },
  TO_NUMBER: ([value = null]) => toNumber(value),
  ROUND: rounded('HALF_UP'),
  TRUNC: ([value = null, mask], surroundings) => {
    if (!(value instanceof Moment) || typeof mask !== 'string') return rounded('DOWN')([value, mask ?? 0], surroundings);
    const unit = mask.toUpperCase();
    const day = new Date(value.wall * 1_000);
    if (unit === 'MM' || unit === 'MONTH') return new Moment(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1) / 1_000);
    if (unit.startsWith('Y')) return new Moment(Date.UTC(day.getUTCFullYear(), 0, 1) / 1_000);
    return new Moment(Math.floor(value.wall / DAY_SEC) * DAY_SEC);
  },
  FLOOR: toWhole(-1),
  CEIL: toWhole(1),
  ABS: ([value = null]) => {
    const number = toNumber(value);
    if (number === null) return null;
    if (typeof number === 'number') return Math.abs(number);
    return number.coefficient < 0n ? { ...number, coefficient: -number.coefficient } : number;
  },
  SIGN: ([value = null], { format }) => (value === null ? null : Math.sign(compare(value, 0, format))),
  MOD: ([a = null, b = null]) => {
    const [x, y] = [toNumber(a), toNumber(b)];
    if (x === null || y === null) return null;
    const [m, n] = [decimalIn(x), decimalIn(y)];
    if (n.coefficient === 0n) return x;
    return numberValue(subtractDecimal(m, multiplyDecimal(n, divideDecimal(m, n, { scale: 0, rounding: 'DOWN' }))));
  },
  GREATEST: extreme(1),
  LEAST: extreme(-1),
  SYSDATE: (_, { serverWall }) => new Moment(serverWall),
  SYSTIMESTAMP: (_, { serverWall }) => new Moment(serverWall),
  CURRENT_DATE: (_, { accountWall }) => new Moment(accountWall),
  CURRENT_TIMESTAMP: (_, { accountWall }) => new Moment(accountWall),
  ADD_MONTHS: ([value = null, count = null], { format }) => {
    const moment = toMoment(value, format);
    return moment === null ? null : new Moment(monthsAfter(moment.wall, whole(count, 0), false));
  },
  LAST_DAY: ([value = null], { format }) => {
    const moment = toMoment(value, format);
    return moment === null ? null : new Moment(monthsAfter(moment.wall, 0, true));
  },
};
const ALIASES: Readonly<Record<string, string>> = { TO_TIMESTAMP: 'TO_DATE', CEILING: 'CEIL' };

/** @throws Problem for one that NetSuite, or this simulator, doesn't know */
export function functionNamed(name: string): Fn {
  const found = FUNCTIONS[ALIASES[name] ?? name];
  if (found === undefined) throw badQuery(`Unknown or unsupported function ${name}.`);
  return found;
}

/** Such as `FM999990.00`. */
function numberText(value: Value, mask: string): string | null {
  const number = toNumber(value);
  if (number === null) return null;
  const [wholes = '', decimals = ''] = mask.toUpperCase().replace('FM', '').replace('D', '.').split('.');
  const cut = decimalText(roundDecimal(decimalIn(number), decimals.length, 'HALF_UP'));
  const [digits = '', fraction] = cut.replace('-', '').split('.');
  const least = (wholes.match(/0[09G,]*$/)?.[0] ?? '').replaceAll(/[^09]/g, '').length;
  const filled = digits.replace(/^0+(?=\d)/, '').padStart(least, '0');
  const grouped = /[G,]/.test(wholes) ? filled.replace(/\B(?=(\d{3})+$)/g, ',') : filled;
  return `${decimalIn(number).coefficient < 0n ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}
