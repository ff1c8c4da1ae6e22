/** What a path names: a set, some of its rows, one row, one property, a function; found in the books step by step. */
import type { EntitySet, FunctionImport, Navigation, Property, Row, Value } from '../model.ts';
import { literalAt, valueOf } from './literal.ts';
import { badKey, noRow, noSegment, notImplemented } from './refusals.ts';
import type { Rows } from './rows.ts';

/** The row and its navigation by which others are reached. */
export interface Origin {
  readonly set: EntitySet;
  readonly row: Row;
  readonly navigation: Navigation;
}

export type Resource =
  | { readonly kind: 'SET'; readonly set: EntitySet; readonly origin: Origin | null }
  | { readonly kind: 'COUNT'; readonly set: EntitySet; readonly origin: Origin | null }
  | { readonly kind: 'ROW'; readonly set: EntitySet; readonly row: Row }
  | { readonly kind: 'PROPERTY'; readonly property: Property; readonly value: Value; readonly isRaw: boolean }
  | { readonly kind: 'FUNCTION'; readonly function: FunctionImport };

interface Segment {
  readonly name: string;
  /** Behind its name, without the brackets. */
  readonly key: string | null;
}

const SEGMENT = /^([^()]+)(?:\((.*)\))?$/s;

/** @throws SapRefusal */
export function resourceAt(path: string, rows: Rows): Resource {
  const parts = path.split('/').filter((part) => part !== '');
  const [first, ...rest] = parts.map((part) => segmentOf(part));
  if (first === undefined) throw noSegment('');
  const called = rows.schema.function(first.name);
  if (called !== undefined && rest.length === 0) return { kind: 'FUNCTION', function: called };
  const set = rows.schema.set(first.name);
  if (set === undefined) throw noSegment(first.name);
  if (first.key !== null) return further({ kind: 'ROW', set, row: rowBy(set, first.key, rows) }, rest, rows);
  if (set.addressable === false) throw notImplemented(set.name, 'GET_ENTITYSET');
  return further({ kind: 'SET', set, origin: null }, rest, rows);
}

function segmentOf(part: string): Segment {
  const [, name, key] = SEGMENT.exec(decoded(part)) ?? [];
  if (name === undefined) throw noSegment(part);
  return { name, key: key ?? null };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw noSegment(part);
  }
}

function further(here: Resource, [segment, ...rest]: readonly Segment[], rows: Rows): Resource {
  if (segment === undefined) return here;
  if (here.kind === 'SET' && segment.name === '$count' && rest.length === 0) return { ...here, kind: 'COUNT' };
  if (here.kind === 'PROPERTY' && segment.name === '$value' && rest.length === 0) return { ...here, isRaw: true };
  if (here.kind !== 'ROW') throw noSegment(segment.name);
  const { set, row } = here;
  const property = rows.schema.property(set, segment.name);
  if (property !== undefined && segment.key === null)
    return further({ kind: 'PROPERTY', property, value: row[segment.name] ?? null, isRaw: false }, rest, rows);
  const navigation = rows.schema.navigation(set, segment.name);
  if (navigation === undefined) throw noSegment(segment.name);
  const target = rows.schema.target(navigation);
  if (navigation.isMany && segment.key === null)
    return further({ kind: 'SET', set: target, origin: { set, row, navigation } }, rest, rows);
  const one = segment.key === null ? rows.followOne(set, row, navigation) : rowBy(target, segment.key, rows);
  if (one === null) throw noRow(target.type);
  return further({ kind: 'ROW', set: target, row: one }, rest, rows);
}

function rowBy(set: EntitySet, source: string, rows: Rows): Row {
  const row = rows.books.get(set.name, keyOf(set, source, rows));
  if (row === null) throw noRow(set.type);
  return row;
}

/** `'1'`, or `A='1',B='10'` in any order. @throws SapRefusal */
function keyOf(set: EntitySet, source: string, rows: Rows): Row {
  const keys = rows.schema.keys(set);
  const given = new Map<string, Value>();
  let at = 0;
  do {
    const [matched, name = keys[0]?.name ?? ''] = /^\s*(?:(\w+)\s*=)?\s*/.exec(source.slice(at)) ?? [''];
    const property = keys.find((key) => key.name === name);
    const found = literalAt(source, at + matched.length);
    if (property === undefined || found === null || given.has(name)) throw badKey(source);
    const value = valueOf(found.literal, property);
    if (value === undefined || value === null) throw badKey(source);
    given.set(name, value);
    at = found.end + 1;
  } while (source[at - 1] === ',');
  if (at - 1 < source.length || given.size !== keys.length) throw badKey(source);
  return Object.fromEntries(given);
}
