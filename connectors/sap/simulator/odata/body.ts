/** What a client sends to be written: JSON read against the set's properties, with the rows that are made along with it. */
import type { DeepRow, EntitySet, Row, Value } from '../model.ts';
import { badBody, badValue, unknownProperty, unreadable, wrongContentType } from './refusals.ts';
import { header, type ODataRequest } from './request.ts';
import type { Schema } from './schema.ts';
import { fromWire, INVALID, UNREADABLE } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;

interface Parsing {
  readonly schema: Schema;
  /** For the offsets that refusals name. */
  readonly source: string;
  readonly for: 'creatable' | 'updatable';
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws SapRefusal */
export function bodyOf({ body, headers }: Pick<ODataRequest, 'body' | 'headers'>): Json {
  const type = header(headers, 'content-type') ?? 'application/json';
  if (!type.includes('json')) throw wrongContentType(type);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw badBody((error as Error).message);
  }
  if (!isObject(value)) throw badBody('an object is expected');
  return isObject(value.d) ? value.d : value;
}

/** Properties that clients can't create are passed over; those that nobody knows are refused. @throws SapRefusal */
export function createdFrom(json: Json, set: EntitySet, parsing: { schema: Schema; source: string }): DeepRow {
  return deepRow(json, set, { ...parsing, for: 'creatable' });
}

/** Without keys, and without what clients can't change. @throws SapRefusal */
export function changesFrom(json: Json, set: EntitySet, parsing: { schema: Schema; source: string }): Row {
  const { row } = deepRow(json, set, { ...parsing, for: 'updatable' });
  return Object.fromEntries(Object.entries(row).filter(([name]) => !set.keys.includes(name)));
}

function deepRow(json: Json, set: EntitySet, parsing: Parsing): DeepRow {
  const { schema, source } = parsing;
  const row: Record<string, Value> = {};
  const children: Record<string, DeepRow[]> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata') continue;
    const property = schema.property(set, name);
    const navigation = schema.navigation(set, name);
    if (property !== undefined) {
      const read = fromWire(value, property);
      const offset = offsetOf(source, name);
      if (read === UNREADABLE) throw unreadable(name, offset);
      if (read === INVALID) throw badValue(name, String(value), offset);
      if (property[parsing.for] !== false) row[name] = read;
    } else if (navigation === undefined) throw unknownProperty(name, offsetOf(source, name));
    else {
      const target = schema.target(navigation);
      children[name] = childrenOf(value, name, source).map((child) => deepRow(child, target, parsing));
    }
  }
  return { row, children };
}

/** An array, `{results: […]}`, or one object; a link that was read and sent back is nothing. */
function childrenOf(value: unknown, name: string, source: string): Json[] {
  if (value === null || (isObject(value) && '__deferred' in value)) return [];
  const list: unknown = isObject(value) && 'results' in value ? value.results : value;
  const all: unknown[] = Array.isArray(list) ? list : [list];
  if (!all.every(isObject)) throw unreadable(name, offsetOf(source, name));
  return all;
}

const offsetOf = (source: string, name: string): number => Math.max(0, source.indexOf(`"${name}"`)) + 1;
