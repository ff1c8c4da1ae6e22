/** The codecs that ERPs need again and again. Amounts stay exact texts in both directions; nothing is rounded, cut or guessed. */
import { isPlainDate } from '../kernel/date.ts';
import type { Codec } from './codec.ts';
import { MappingError } from './connector.ts';
import { decimalOf, shown } from './json-text.ts';

const refused = (field: string, value: unknown, right: string) =>
  new MappingError(field, `${field} must be ${right}, and is ${shown(value)}.`);

function textIn(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  throw refused(field, value, 'a text');
}

/** A text that the ERP holds up to this length; a longer one is refused, since what is cut is lost. */
export function text(maxChars = 4_000): Codec<string> {
  return {
    decode: textIn,
    encode(value, field) {
      if (value.length <= maxChars) return value;
      throw new MappingError(field, `${field} holds ${maxChars} characters at most, and "${value.slice(0, 40)}…" has more.`);
    },
  };
}

/** The name of another record: a text, or a whole number where the ERP counts so. */
export const id: Codec<string> = {
  decode(value, field) {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    return textIn(value, field);
  },
  encode: (value) => value,
};

/** An amount, quantity or rate that the ERP writes as a text, as SAP and NetSuite's queries do; a number is read as well. */
export const amount: Codec<string> = { decode: decimalOf, encode: (value, field) => decimalOf(value, field) };

/** The same for an ERP that wants JSON numbers, as QuickBooks does. More digits than a number can hold are refused. */
export const amountNumber: Codec<string> = {
  decode: decimalOf,
  encode(value, field) {
    const number = Number(decimalOf(value, field));
    const digits = value.replace(/^-?0*\.?0*/, '').replace('.', '');
    if (digits.length <= 15) return number;
    throw new MappingError(field, `${field} is sent as a number, which holds 15 digits, and ${value} has more.`);
  },
};

/** A whole number, such as a count of days. */
export const whole: Codec<number> = {
  decode(value, field) {
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    throw refused(field, value, 'a whole number');
  },
  encode: (value) => value,
};

/** A calendar day `YYYY-MM-DD`, which no zone ever moves. */
export const day: Codec<string> = {
  decode(value, field) {
    if (typeof value === 'string' && isPlainDate(value)) return value;
    throw refused(field, value, 'a day such as 2026-01-31');
  },
  encode: (value) => value,
};

const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A time with its offset, ISO 8601, as it stands. `offset` is that of times which come without any; without it they are refused.
 * @example instant('Z') // NetSuite's queries: '2026-01-31T09:00:00' is '2026-01-31T09:00:00Z'
 */
export function instant(offset?: string): Codec<string> {
  return {
    decode(value, field) {
      const [, date = '', , , zone] = typeof value === 'string' ? (INSTANT.exec(value) ?? []) : [];
      if (typeof value !== 'string' || !isPlainDate(date) || (zone === undefined && offset === undefined))
        throw refused(field, value, 'a time such as 2026-01-31T09:00:00-08:00');
      const colon = zone !== undefined && /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
      return zone === undefined ? `${value}${offset}` : `${value.slice(0, value.length - zone.length)}${colon}`;
    },
    encode: (value) => value,
  };
}

export const currency: Codec<string> = {
  decode(value, field) {
    if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value;
    throw refused(field, value, 'an ISO 4217 code such as EUR');
  },
  encode: (value) => value,
};

/** Yes or no as JSON says it. */
export const bool: Codec<boolean> = {
  decode(value, field) {
    if (typeof value === 'boolean') return value;
    throw refused(field, value, 'true or false');
  },
  encode: (value) => value,
};

/**
 * Yes or no in letters. Where no is an empty text, a missing field is no as well; true and false are read too.
 * @example flag('T', 'F') // NetSuite's queries
 * @example flag('X', '') // SAP
 */
export function flag(yes: string, no: string): Codec<boolean> {
  const codec: Codec<boolean> = {
    decode(value, field) {
      if (typeof value === 'boolean') return value;
      if (value === yes || value === no) return value === yes;
      throw refused(field, value, `"${yes}" or "${no}"`);
    },
    encode: (value) => (value ? yes : no),
  };
  return no === '' ? { ...codec, empty: false } : codec;
}

/** The opposite: theirs says "inactive", ours "is active". */
export function not(codec: Codec<boolean>): Codec<boolean> {
  return {
    decode: (value, field) => !codec.decode(value, field),
    encode: (value, field) => codec.encode(!value, field),
    ...(codec.empty === undefined ? {} : { empty: !codec.empty }),
  };
}

/**
 * A list of codes. Several of theirs may mean one of ours: the first of them is written. A code that is not in the list is refused.
 * @example codes([['A', 'OPEN'], ['B', 'OPEN'], ['H', 'COMPLETED']])
 */
export function codes<const Ours extends string>(list: readonly (readonly [theirs: string, ours: Ours])[]): Codec<Ours> {
  const toOurs = new Map<unknown, Ours>(list);
  const toTheirs = new Map<string, string>(list.toReversed().map(([theirs, ours]) => [ours, theirs]));
  return {
    decode(value, field) {
      const ours = toOurs.get(value);
      if (ours !== undefined) return ours;
      throw refused(field, value, `one of ${[...toOurs.keys()].join(', ')}`);
    },
    encode(value, field) {
      const theirs = toTheirs.get(value);
      if (theirs !== undefined) return theirs;
      throw refused(field, value, `one of ${[...toTheirs.keys()].join(', ')}`);
    },
  };
}

/**
 * A number that the ERP fills with zeros to a width, as SAP's conversion ALPHA does: ours is without them, whatever form comes.
 * @example padded(10).encode('42', 'Customer') // '0000000042'
 */
export function padded(widthChars: number): Codec<string> {
  return {
    decode: (value, field) => textIn(value, field).replace(/^0+(?=\d+$)/, ''),
    encode: (value) => (/^\d+$/.test(value) ? value.padStart(widthChars, '0') : value),
  };
}

const SAP_DATE = /^\/Date\((-?\d{1,15})([+-]\d{4})?\)\/$/;

function sapMs(value: unknown, field: string): number {
  const ms = typeof value === 'string' ? SAP_DATE.exec(value)?.[1] : undefined;
  if (ms === undefined || Number.isNaN(new Date(Number(ms)).getTime()))
    throw refused(field, value, 'a time such as /Date(1471392000000)/');
  return Number(ms);
}

/** Edm.DateTime of OData V2 that is a calendar day: midnight in UTC, never moved to another zone. */
export const sapDay: Codec<string> = {
  decode(value, field) {
    const date = new Date(sapMs(value, field)).toISOString().slice(0, 10);
    return day.decode(date, field);
  },
  encode: (value) => `/Date(${Date.parse(`${value}T00:00:00Z`)})/`,
};

/** Edm.DateTimeOffset of OData V2: the milliseconds are UTC already, whatever offset is told. */
export const sapInstant: Codec<string> = {
  decode: (value, field) => new Date(sapMs(value, field)).toISOString(),
  encode: (value) => `/Date(${Date.parse(value)}+0000)/`,
};
