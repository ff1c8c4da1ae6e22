/** Values as they stand in a URL: `'text'`, `datetime'…'`, `100.5M`; read for the type that they are compared with, and written into keys. */
import type { Property, Value } from '../model.ts';

type Kind = 'text' | 'number' | 'datetime' | 'datetimeoffset' | 'time' | 'guid' | 'boolean' | 'null';

export interface Literal {
  readonly kind: Kind;
  /** Without quotes, prefix and suffix. */
  readonly text: string;
}

const KIND: Readonly<Record<Property['type'], Kind>> = {
  'Edm.String': 'text',
  'Edm.Boolean': 'boolean',
  'Edm.Decimal': 'number',
  'Edm.Int32': 'number',
  'Edm.DateTime': 'datetime',
  'Edm.DateTimeOffset': 'datetimeoffset',
  'Edm.Time': 'time',
  'Edm.Guid': 'guid',
};
const FORM: Readonly<Partial<Record<Kind, RegExp>>> = {
  datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?$/,
  datetimeoffset: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$/i,
  time: /^PT(?=\d)(\d{1,2}H)?(\d{1,2}M)?(\d{1,2}S)?$/,
  guid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
};
const LITERAL =
  /(?:([A-Za-z]+)?'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[mMdDfFlL]?(?!\w)|(true|false|null)(?![\w/]))/y;

/** The literal that begins there. Null when none does; a prefix that nobody knows, or a form that isn't its own, is none. */
export function literalAt(source: string, position: number): { literal: Literal; end: number } | null {
  LITERAL.lastIndex = position;
  const match = LITERAL.exec(source);
  if (match === null) return null;
  const literal = read(match);
  return literal === null ? null : { literal, end: LITERAL.lastIndex };
}

function read([, prefix, quoted, number, word]: RegExpExecArray): Literal | null {
  if (number !== undefined) return { kind: 'number', text: number };
  if (word !== undefined) return { kind: word === 'null' ? 'null' : 'boolean', text: word };
  const text = (quoted ?? '').replaceAll("''", "'");
  if (prefix === undefined) return { kind: 'text', text };
  const form = FORM[prefix as Kind];
  return form?.test(text) === true ? { kind: prefix as Kind, text } : null;
}

/** In the form of rows; undefined where the literal is of another type than the property. */
export function valueOf({ kind, text }: Literal, property: Property): Value | undefined {
  if (kind === 'null') return null;
  if (kind !== KIND[property.type]) return undefined;
  switch (property.type) {
    case 'Edm.Boolean':
      return text === 'true';
    case 'Edm.Int32':
      return /^-?\d+$/.test(text) ? Number(text) : undefined;
    case 'Edm.Decimal':
      return /e/i.test(text) ? undefined : text;
    case 'Edm.DateTime':
      return dayOf(text);
    case 'Edm.DateTimeOffset':
      return instantOf(text);
    case 'Edm.Time':
      return timeOf(text);
    case 'Edm.Guid':
      return text.toLowerCase();
    default:
      return stored(text, property);
  }
}

/** As it stands in the table: digits only are filled up with zeros where the property is converted. */
export const stored = (text: string, { isAlpha = false, maxLength }: Property): string =>
  isAlpha && /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '').padStart(maxLength ?? 0, '0') : text;

export const shown = (text: string, { isAlpha = false }: Property): string =>
  isAlpha && /^0\d*$/.test(text) ? text.replace(/^0+(?=\d)/, '') : text;

/** For keys in addresses. */
export function uriOf(value: Value, property: Property): string {
  const text = value === null ? '' : String(value);
  switch (property.type) {
    case 'Edm.String':
      return `'${encodeURIComponent(shown(text, property).replaceAll("'", "''"))}'`;
    case 'Edm.DateTime':
      return `datetime'${encodeURIComponent(text.length > 10 ? text : `${text}T00:00:00`)}'`;
    case 'Edm.DateTimeOffset':
      return `datetimeoffset'${encodeURIComponent(text)}'`;
    case 'Edm.Time':
      return `time'${durationOf(text)}'`;
    case 'Edm.Guid':
      return `guid'${text}'`;
    case 'Edm.Decimal':
      return `${text}M`;
    default:
      return text;
  }
}

/** A day without a time of day stands as the day alone. */
export const dayOf = (text: string): string => text.replace(/T00:00(:00(\.0+)?)?$/, '');

/** In UTC with seven decimals, which a Date has not. */
export function instantOf(text: string): string {
  const fraction = (/\.(\d+)/.exec(text)?.[1] ?? '').padEnd(7, '0').slice(0, 7);
  const wholeSec = new Date(text.replace(/\.\d+/, '')).toISOString().slice(0, 19);
  return `${wholeSec}.${fraction}Z`;
}

/** `PT9H5M` is `09:05:00`. */
export function timeOf(duration: string): string {
  const part = (letter: string): string => (new RegExp(`(\\d+)${letter}`).exec(duration)?.[1] ?? '').padStart(2, '0');
  return `${part('H')}:${part('M')}:${part('S')}`;
}

export const durationOf = (time: string): string => {
  const [hours = '00', minutes = '00', seconds = '00'] = time.split(':');
  return `PT${hours}H${minutes}M${seconds}S`;
};
