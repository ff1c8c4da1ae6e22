/** Values in OData V2's JSON: days and instants as `/Date(…)/`, times as durations, decimals as texts; and back from what a client sends. */
import type { Property, Value } from '../model.ts';
import { dayOf, durationOf, instantOf, shown, stored, timeOf } from './literal.ts';

const DATE = /^\/Date\((-?\d+)([+-]\d+)?\)\/$/;
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$/;
const TIME = /^PT(?=\d)(\d{1,2}H)?(\d{1,2}M)?(\d{1,2}S)?$/;
const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const DECIMAL = /^-?(\d+)(?:\.(\d+))?$/;
const MILLISECONDS = 3;

/** What `fromWire` can say instead of a value: the JSON is of another kind, or its content is wrong. */
export const UNREADABLE = Symbol('unreadable');
export const INVALID = Symbol('invalid');

export function toWire(value: Value | undefined, property: Property): Value {
  if (value === null || value === undefined) return null;
  switch (property.type) {
    case 'Edm.DateTime':
      return `/Date(${Date.parse(`${String(value)}${String(value).length > 10 ? '' : 'T00:00:00'}Z`)})/`;
    case 'Edm.DateTimeOffset':
      return `/Date(${Date.parse(String(value))}+0000)/`;
    case 'Edm.Time':
      return durationOf(String(value));
    case 'Edm.String':
      return property.isAlpha === true ? shown(String(value), property) : value;
    default:
      return value;
  }
}

export function fromWire(json: unknown, property: Property): Value | typeof UNREADABLE | typeof INVALID {
  const { type, maxLength } = property;
  if (json === null) return type === 'Edm.String' ? '' : null;
  if (type === 'Edm.Boolean') return typeof json === 'boolean' ? json : UNREADABLE;
  if (type === 'Edm.Int32') return typeof json !== 'number' ? UNREADABLE : Number.isInteger(json) ? json : INVALID;
  if (typeof json !== 'string') return UNREADABLE;
  switch (type) {
    case 'Edm.String': {
      const text = stored(json, property);
      return maxLength !== undefined && text.length > maxLength ? INVALID : text;
    }
    case 'Edm.Decimal':
      return isDecimal(json, property) ? json : INVALID;
    case 'Edm.Guid':
      return GUID.test(json) ? json.toLowerCase() : INVALID;
    case 'Edm.Time':
      return TIME.test(json) ? timeOf(json) : INVALID;
    case 'Edm.DateTime':
      return LOCAL.test(json) ? dayOf(json) : (dated(json, (iso) => dayOf(iso.slice(0, -1))) ?? INVALID);
    default:
      return INSTANT.test(json) ? instantOf(json) : (dated(json, instantOf) ?? INVALID);
  }
}

function isDecimal(text: string, { precision, scale = 0 }: Property): boolean {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return false;
  const isShort = precision === undefined || whole.replace(/^0+/, '').length <= precision - scale;
  return isShort && fraction.replace(/0+$/, '').length <= scale;
}

/** The part behind the milliseconds says where the sender is; they are UTC already. */
function dated(text: string, read: (iso: string) => string): string | null {
  const [, ms] = DATE.exec(text) ?? [];
  const at = new Date(Number(ms));
  return ms === undefined || Number.isNaN(at.getTime()) ? null : read(at.toISOString());
}

/** As it stands in a property's own address and in XML. */
export function toText(value: Value | undefined, property: Property): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  switch (property.type) {
    case 'Edm.DateTime':
      return text.length > 10 ? text : `${text}T00:00:00`;
    case 'Edm.DateTimeOffset':
      return new Date(text).toISOString().replace(/\.(\d+)Z$/, (_, fraction: string) => {
        const short = fraction.slice(0, MILLISECONDS).replace(/0+$/, '');
        return short === '' ? 'Z' : `.${short}Z`;
      });
    default:
      return String(toWire(value, property));
  }
}
