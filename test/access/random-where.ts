// Random conditions for random reads, and what they are drawn from.
import { getNamedType, type GraphQLInputObjectType, type GraphQLInputType, isEnumType } from 'graphql';
import type { ReadRecord } from '../../src/read/catalogue.ts';
import { shownField } from '../../src/read/shown.ts';
import { type Graph, isAllowed, recordOf } from './graph.ts';

export interface Dice {
  /** From 0 to n - 1. */
  roll(n: number): number;
  pick<T>(list: readonly T[]): T;
}

/** A small generator of its own (mulberry32), so that a seed gives the same reads on every machine. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const roll = (n: number) => Math.floor(next() * n);
  return { roll, pick: (list) => list[roll(list.length)] as (typeof list)[number] };
}

export interface Pool {
  /** Public ids of all companies, by kind of record. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
  readonly cursors: Readonly<Record<string, readonly string[]>>;
}

export interface Asking {
  readonly graph: Graph;
  readonly dice: Dice;
  readonly pool: Pool;
  readonly permissions: ReadonlySet<string>;
}

interface Condition {
  readonly input: GraphQLInputObjectType;
  readonly record: ReadRecord;
  readonly depth: number;
}

export function condition(asking: Asking, { input, record, depth }: Condition): string {
  const { dice: d, graph, permissions } = asking;
  const fields = Object.values(input.getFields()).filter(({ name, type }) => {
    const named = getNamedType(type);
    const other = recordOf(graph, named.name.replace(/(Related|List)Where$/, ''));
    const isOpen = isAllowed(graph, record, name, permissions) && (!other || permissions.has(other.resource.permission));
    return isOpen && (depth > 0 || named.name.endsWith('Filter'));
  });
  const { name, type } = d.pick(fields);
  const named = getNamedType(type) as GraphQLInputObjectType;
  const inner = (): string => condition(asking, { input, record, depth: depth - 1 });
  if (name === 'not') return `{ not: ${inner()} }`;
  if (name === 'and' || name === 'or') return `{ ${name}: [${inner()}, ${inner()}] }`;
  if (named.name.endsWith('RelatedWhere')) {
    const other = asking.graph.catalogue.record(named.name.replace('RelatedWhere', ''));
    return `{ ${name}: ${condition(asking, { input: named, record: other, depth: 0 })} }`;
  }
  if (named.name.endsWith('ListWhere')) {
    const other = asking.graph.catalogue.record(named.name.replace('ListWhere', ''));
    const related = getNamedType(named.getFields()['some']?.type) as GraphQLInputObjectType;
    const of = d.roll(4) === 0 ? '{}' : condition(asking, { input: related, record: other, depth: 0 });
    return `{ ${name}: { ${d.pick(['some', 'none'])}: ${of} } }`;
  }
  const shown = shownField(record, name);
  const kind = shown?.kind === 'scalar' ? (shown.ref ?? record.name) : record.name;
  return `{ ${name}: ${operators(asking, named, kind)} }`;
}

function operators(asking: Asking, filter: GraphQLInputObjectType, kind: string): string {
  const { dice: d } = asking;
  const names = Object.values(filter.getFields()).filter(({ name }) => name !== 'currency');
  const { name, type } = d.pick(names);
  const value = `${name}: ${literal(asking, { type, kind, isMany: name === 'in' || name === 'notIn' })}`;
  return filter.name === 'MoneyFilter' ? `{ currency: EUR, ${value} }`.replace('EUR', '"EUR"') : `{ ${value} }`;
}

interface Literal {
  readonly type: GraphQLInputType;
  /** Of ids. */
  readonly kind: string;
  readonly isMany: boolean;
}

function literal(asking: Asking, { type, kind, isMany }: Literal): string {
  const { dice: d, pool } = asking;
  const named = getNamedType(type);
  const one = (): string => literal(asking, { type: named, kind, isMany: false });
  if (isMany) return `[${one()}, ${one()}]`;
  if (isEnumType(named)) return d.pick(named.getValues()).name;
  switch (named.name) {
    case 'Boolean':
      return d.pick(['true', 'false']);
    case 'Int':
      return String(d.roll(5));
    case 'ID':
      return `"${d.pick(pool.ids[kind] ?? [''])}"`;
    case 'Date':
      return `"2026-0${1 + d.roll(3)}-1${d.roll(9)}"`;
    case 'DateTime':
      return `"2026-01-1${d.roll(9)}T09:00:00.000Z"`;
    case 'Decimal':
      return `"${d.pick(pool.numbers)}"`;
    case 'CurrencyCode':
      return d.pick(['"EUR"', '"USD"']);
    default:
      return JSON.stringify(d.pick(pool.texts));
  }
}
