/** Reading columns of rows: all are texts, and those that are NULL are left out. What has another form is refused by its name. */
import { decimalOf, type JsonObject, MappingError } from '../../src/connect/index.ts';

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (field: string, form: string) => new MappingError(field, `${field} must be ${form}.`);

/** `at` stands before the column in a refusal, such as `lines[2].`. */
export function textAt(row: JsonObject, column: string, at = ''): string | undefined {
  const value = row[column];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw wrong(`${at}${column}`, 'a text');
  return value;
}

export function neededText(row: JsonObject, column: string, at = ''): string {
  const text = textAt(row, column, at);
  if (text === undefined) throw new MappingError(`${at}${column}`, `${at}${column} is missing.`);
  return text;
}

/** Exact; `.5` is 0.5, as databases write it. */
export function amountAt(row: JsonObject, column: string, at = ''): string | undefined {
  const text = textAt(row, column, at);
  return text === undefined ? undefined : decimalOf(text.trim().replace(/^(-?)\./, '$10.'), `${at}${column}`);
}

/** Without its sign; zero where there is none. */
export const magnitude = (row: JsonObject, column: string): string => (amountAt(row, column) ?? '0').replace('-', '');

export function neededAmount(row: JsonObject, column: string, at = ''): string {
  const amount = amountAt(row, column, at);
  if (amount === undefined) throw new MappingError(`${at}${column}`, `${at}${column} is missing.`);
  return amount;
}

/** In percent, with or without its sign; undefined for what is none: no record is refused for it. */
export function percentAt(row: JsonObject, column: string): string | undefined {
  const text = row[column];
  const bare = typeof text === 'string' ? text.replace(/\s*%$/, '').trim() : undefined;
  return bare !== undefined && /^-?\d*\.?\d+$/.test(bare) ? amountAt({ [column]: bare }, column) : undefined;
}

/** `T` and `F`, as SuiteQL has them. */
export const isTrue = (row: JsonObject, column: string): boolean => row[column] === 'T' || row[column] === true;

export function listAt(raw: JsonObject, name: string): readonly JsonObject[] {
  const value = raw[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw wrong(name, 'a list of rows');
  return value;
}

/** The letter of a status, which may come bare or behind its type. @example letterOf('CustInvc:A') // 'A' */
export const letterOf = (status: string | undefined): string | undefined => status?.split(':').at(-1)?.trim().toUpperCase();

/** Without what is absent: canonical documents have no empty fields. */
export function given<T extends Readonly<Record<string, unknown>>>(
  fields: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** What no field of the document holds: the columns that were not mapped. */
export function restOf(raw: JsonObject, mapped: readonly string[]): JsonObject {
  const known = new Set(mapped);
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !known.has(name)));
}
