/** Reading fields of QuickBooks' records: absent is undefined, what has another form is refused by its name, and nothing crashes. */
import { decimalOf, type Json, type JsonObject, MappingError } from '../../src/connect/index.ts';

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** By a path such as `TxnTaxDetail.TotalTax`; null counts as absent. */
export function valueAt(raw: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = raw;
  for (const name of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = value[name];
  }
  return value ?? undefined;
}

const wrong = (path: string, form: string) => new MappingError(path, `${path} must be ${form}.`);

/** Ids come as texts; a number is taken as its text. */
export function textAt(raw: JsonObject, path: string): string | undefined {
  const value = valueAt(raw, path);
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw wrong(path, 'a text');
  return value;
}

export function neededText(raw: JsonObject, path: string): string {
  const text = textAt(raw, path);
  if (text === undefined) throw new MappingError(path, `${path} is missing.`);
  return text;
}

/** The id in a reference. */
export const refAt = (raw: JsonObject, path: string): string | undefined => textAt(raw, `${path}.value`);

export function listAt(raw: JsonObject, path: string): readonly JsonObject[] {
  const value = valueAt(raw, path);
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw wrong(path, 'a list of objects');
  return value;
}

export function amountAt(raw: JsonObject, path: string): string | undefined {
  const value = valueAt(raw, path);
  return value === undefined || value === '' ? undefined : decimalOf(value, path);
}

export function neededAmount(raw: JsonObject, path: string): string {
  const amount = amountAt(raw, path);
  if (amount === undefined) throw new MappingError(path, `${path} is missing.`);
  return amount;
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** A bare day; one with a time behind it is cut. */
export function dayAt(raw: JsonObject, path: string): string | undefined {
  const text = textAt(raw, path)?.slice(0, 10);
  if (text === undefined) return undefined;
  const isDay = DAY.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
  if (!isDay) throw wrong(path, 'a day such as 2026-03-31');
  return text;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** With its offset as QuickBooks wrote it. Undefined too where it isn't one: no record is refused for its times. */
export function instantAt(raw: JsonObject, path: string): string | undefined {
  const value = valueAt(raw, path);
  return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

/** Of the document; companies with one currency may leave it out. */
export function currencyAt(raw: JsonObject, functionalCurrency: string): string {
  const code = refAt(raw, 'CurrencyRef') ?? functionalCurrency;
  if (!/^[A-Z]{3}$/.test(code)) throw wrong('CurrencyRef.value', 'a currency code such as USD');
  return code;
}

/** Without what is absent: canonical documents have no empty fields. */
export function given<T extends Readonly<Record<string, unknown>>>(
  fields: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

const ENVELOPE = ['domain', 'sparse', 'status', 'Id', 'SyncToken', 'MetaData', 'CustomField'];

/** What no field of the document holds: everything but what was mapped; custom fields by their names. */
export function restOf(raw: JsonObject, mapped: readonly string[]): JsonObject {
  const known = new Set([...ENVELOPE, ...mapped]);
  const rest = Object.entries(raw).filter(([name]) => !known.has(name));
  const custom = listAt(raw, 'CustomField').flatMap((field) => {
    const name = textAt(field, 'Name') ?? textAt(field, 'DefinitionId');
    const value = field['StringValue'] ?? field['BooleanValue'] ?? field['NumberValue'] ?? field['DateValue'];
    return name === undefined || value === undefined || value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...rest, ...(custom.length === 0 ? [] : [['customFields', Object.fromEntries(custom)] as const])]);
}
