/**
 * Keys of a set in the order of the keys, page by page from the last one on, and filters for the records behind them, in blocks that fit into
 * an address. Never by offset: rows that appear between two pages would move others over its edge.
 */
import type { JsonObject } from '../../src/connect/index.ts';
import { strange } from './faults.ts';
import { textAt } from './fields.ts';
import { all, any } from './literals.ts';
import { literalOf, type Page, readPage } from './query.ts';
import type { Asked, Keys } from './reading.ts';
import type { Context, ServiceName } from './system.ts';

/** Parts of a key behind each other; none of SAP's has a tab in it. */
const PART = '\t';
export const joined = (parts: readonly string[]): string => parts.join(PART);
export const parted = (key: string): readonly string[] => key.split(PART);

export interface KeySet {
  readonly service: ServiceName;
  readonly set: string;
  /** What the rows are ordered by; together they tell the keys apart. */
  readonly by: readonly string[];
  readonly filter?: string;
  /** The keys that a row is of; what it has beside `by` is in `more`. Absent: its fields, joined. */
  readonly keysOf?: (row: JsonObject) => readonly string[];
  readonly more?: readonly string[];
}

export interface Rows {
  readonly rows: readonly JsonObject[];
  /** Of each row. */
  readonly places: readonly string[];
  /** Where to go on; null: that was all. */
  readonly after: string | null;
}

/** The next rows behind a place, in the order of their keys, at most as many as were asked for. */
export async function nextRows(context: Context, keySet: KeySet, { after, max }: Pick<Asked, 'after' | 'max'>): Promise<Rows> {
  const { service, set, by, filter = '', more = [] } = keySet;
  const behind = after === null ? null : await behindOf(context, keySet, parted(after));
  const { rows, isFull } = await readPage(context, service, {
    set,
    fields: [...by, ...more],
    filter: all(filter, behind),
    orderBy: by.join(','),
    top: max,
  });
  const places = rows.map((row) => joined(by.map((field) => textAt(row, field) ?? '')));
  const last = places.at(-1);
  if (after !== null && places.includes(after))
    throw strange(`${set} gives rows again that were read: set padsNumbers, since numbers in filters are not converted there.`);
  return { rows, places, after: isFull && last !== undefined ? last : null };
}

/** The distinct keys of the next rows. */
export async function nextOf(context: Context, keySet: KeySet, asked: Pick<Asked, 'after' | 'max'>): Promise<Keys> {
  const { rows, places, after } = await nextRows(context, keySet, asked);
  const keys = keySet.keysOf ? rows.flatMap(keySet.keysOf) : places;
  return { keys: [...new Set(keys)], after };
}

/** (a > x) or (a = x and b > y) … */
async function behindOf(context: Context, { service, set, by }: KeySet, values: readonly string[]): Promise<string> {
  const literals = await Promise.all(by.map((field, i) => literalOf(context, service, { set, field, value: values[i] ?? '' })));
  return any(
    by.map((field, i) =>
      all(...by.slice(0, i).map((before, j) => `${before} eq ${literals[j] ?? ''}`), `${field} gt ${literals[i] ?? ''}`),
    ),
  );
}

const BLOCK_MAX_COUNT = 20;

export interface Among {
  readonly service: ServiceName;
  readonly set: string;
  /** Each key's values of these fields. */
  readonly fields: readonly string[];
  readonly keys: readonly (readonly string[])[];
}

/** Filters that together find the rows of all keys: `(F eq 'a') or (F eq 'b')`, in blocks. */
export async function filtersAmong(context: Context, { service, set, fields, keys }: Among): Promise<readonly string[]> {
  const distinct = [...new Map(keys.map((key) => [joined(key), key])).values()];
  const conditions: string[] = [];
  for (const key of distinct) {
    const parts: string[] = [];
    for (const [i, field] of fields.entries())
      parts.push(`${field} eq ${await literalOf(context, service, { set, field, value: key[i] ?? '' })}`);
    conditions.push(all(...parts));
  }
  const blocks: string[] = [];
  for (let i = 0; i < conditions.length; i += BLOCK_MAX_COUNT) blocks.push(any(conditions.slice(i, i + BLOCK_MAX_COUNT)));
  return blocks;
}

/** The filter that a set is of one of some values; '' for none, which is all. */
export async function amongOf(
  context: Context,
  at: { service: ServiceName; set: string; field: string; values: readonly string[] },
): Promise<string> {
  const { service, set, field, values } = at;
  const literals = await Promise.all(values.map((value) => literalOf(context, service, { set, field, value })));
  return literals.length === 0 ? '' : any(literals.map((literal) => `${field} eq ${literal}`));
}

const DISTINCT_MAX_COUNT = 2_000;

/** Every value that a field has, one request for each: the rows between two values are passed over. */
export async function distinctOf(
  context: Context,
  { service, set, field, filter = '' }: { service: ServiceName; set: string; field: string; filter?: string },
): Promise<readonly string[]> {
  const values: string[] = [];
  for (let behind: string | null = null; values.length < DISTINCT_MAX_COUNT; ) {
    const { rows }: Page = await readPage(context, service, {
      set,
      fields: [field],
      filter: all(filter, behind),
      orderBy: field,
      top: 1,
    });
    const [row] = rows;
    if (!row) return values;
    const value = textAt(row, field) ?? '';
    if (values.includes(value)) throw strange(`${set} is not in the order of ${field}, or set padsNumbers.`);
    values.push(value);
    behind = `${field} gt ${await literalOf(context, service, { set, field, value })}`;
  }
  return values;
}
