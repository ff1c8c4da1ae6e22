/** Reading fields of SAP's rows: an initial text counts as absent, what has another form is refused by its name, and nothing crashes. */
import { decimalOf, type Json, type JsonObject, MappingError, sapDay, sapInstant } from '../../src/connect/index.ts';

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (field: string, form: string) => new MappingError(field, `${field} must be ${form}.`);

/** Absent where it is null or initial. */
export function textAt(row: JsonObject, field: string): string | undefined {
  const value = row[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw wrong(field, 'a text');
  return value;
}

export function neededText(row: JsonObject, field: string): string {
  const text = textAt(row, field);
  if (text === undefined) throw new MappingError(field, `${field} is missing.`);
  return text;
}

/** A key of another record in its one form: digits without zeros in front, anything else as it stands. @example plainKey('0000000042') // '42' */
export const plainKey = (key: string): string => key.replace(/^0+(?=\d+$)/, '');

export function keyAt(row: JsonObject, field: string): string | undefined {
  const text = textAt(row, field);
  const key = text === undefined ? undefined : plainKey(text);
  // a number of nothing but zeros is SAP's way to say none
  return key === '0' ? undefined : key;
}

export function neededKey(row: JsonObject, field: string): string {
  const key = keyAt(row, field);
  if (key === undefined) throw new MappingError(field, `${field} is missing.`);
  return key;
}

/** Yes as JSON says it, or as `X`. */
export const isSet = (row: JsonObject, field: string): boolean => row[field] === true || row[field] === 'X';

export function amountAt(row: JsonObject, field: string): string | undefined {
  const value = row[field];
  return value === undefined || value === null || value === '' ? undefined : decimalOf(value, field);
}

export function neededAmount(row: JsonObject, field: string): string {
  const amount = amountAt(row, field);
  if (amount === undefined) throw new MappingError(field, `${field} is missing.`);
  return amount;
}

export function dayAt(row: JsonObject, field: string): string | undefined {
  const value = row[field];
  return value === undefined || value === null || value === '' ? undefined : sapDay.decode(value, field);
}

/** Undefined too where it isn't one: no record is refused for its times. */
export function instantAt(row: JsonObject, field: string): string | undefined {
  try {
    const value = row[field];
    return value === undefined || value === null || value === '' ? undefined : sapInstant.decode(value, field);
  } catch {
    return undefined;
  }
}

export function rowsAt(row: JsonObject, field: string): readonly JsonObject[] {
  const value = row[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw wrong(field, 'a list of objects');
  return value;
}

/** Without what is absent: canonical documents have no empty fields. */
export function given<T extends Readonly<Record<string, unknown>>>(
  fields: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** What no field of the document holds: every field of the row with something in it but those that were mapped, and nothing that is a list. */
export function restOf(row: JsonObject, mapped: readonly string[]): JsonObject {
  const known = new Set(mapped);
  const says = (value: Json) => value !== null && value !== '' && value !== false && !isObject(value) && !Array.isArray(value);
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => !known.has(name) && says(value)));
}
