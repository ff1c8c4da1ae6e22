// Random reads from the schema and a seed: lists with random filters, orders, pages and cursors, nested selections, nodes and
// natural keys, reports. The values come from all companies alike, so most of what is asked for belongs to somebody else.
import { getNamedType, type GraphQLInputObjectType, type GraphQLInputType, isEnumType, isInputObjectType, isLeafType, isObjectType } from 'graphql';
import type { ReadRecord } from '../../src/read/catalogue.ts';
import { shownField } from '../../src/read/shown.ts';
import { fieldsOf, type Graph, isAllowed, recordOf, rootLists } from './graph.ts';

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

export function randomRead(asking: Asking): string {
  const { dice: d } = asking;
  const kinds = [list, list, list, list, node, naturalKey, report];
  const count = 1 + d.roll(2);
  return `{ ${Array.from({ length: count }, (_, i) => `r${i}: ${d.pick(kinds)(asking)}`).join(' ')} }`;
}

const maybe = (d: Dice, percent: number, text: () => string): string => (d.roll(100) < percent ? text() : '');

function readable({ graph, permissions }: Asking): readonly (readonly [string, ReadRecord])[] {
  return [...rootLists(graph)].filter(([, { resource }]) => permissions.has(resource.permission));
}

function list(asking: Asking): string {
  const [name, record] = asking.dice.pick(readable(asking));
  return `${name}${page(asking, { record, list: name, max: 60 })} { ${connection(asking, record, 3)} }`;
}

function page(asking: Asking, { record, list: name, max }: { record: ReadRecord; list: string; max: number }): string {
  const { dice: d, graph, pool } = asking;
  const size = 1 + d.roll(max);
  const cursors = pool.cursors[name] ?? [];
  const isBackward = d.roll(4) === 0;
  const hasCursor = cursors.length > 0 && d.roll(4) === 0;
  const where = graph.schema.getType(`${record.name}Where`);
  const order = graph.schema.getType(`${record.name}OrderBy`);
  const parts = [
    `${isBackward ? 'last' : 'first'}: ${size}`,
    hasCursor ? `${isBackward ? 'before' : 'after'}: "${d.pick(cursors)}"` : '',
    isInputObjectType(where) ? maybe(d, 60, () => `where: ${condition(asking, { input: where, record, depth: 2 })}`) : '',
    // a cursor belongs to the order in which it was made
    isInputObjectType(order) && !hasCursor ? maybe(d, 40, () => orderBy(asking, order)) : '',
  ];
  return `(${parts.filter(Boolean).join(', ')})`;
}

function orderBy({ dice: d }: Asking, order: GraphQLInputObjectType): string {
  const field = getNamedType(order.getFields()['field']?.type);
  return isEnumType(field) ? `orderBy: [{ field: ${d.pick(field.getValues()).name}, direction: ${d.pick(['ASC', 'DESC'])} }]` : '';
}

interface Condition {
  readonly input: GraphQLInputObjectType;
  readonly record: ReadRecord;
  readonly depth: number;
}

function condition(asking: Asking, { input, record, depth }: Condition): string {
  const { dice: d, graph, permissions } = asking;
  const fields = Object.values(input.getFields()).filter(({ name, type }) => {
    const named = getNamedType(type);
    const other = recordOf(graph, named.name.replace('RelatedWhere', ''));
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

function connection(asking: Asking, record: ReadRecord, depth: number): string {
  const { dice: d } = asking;
  const inner = (): string => selection(asking, record, depth - 1);
  const parts = [maybe(d, 60, () => 'totalCount'), maybe(d, 30, () => 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'), maybe(d, 30, () => `edges { cursor node { ${inner()} } }`)];
  return `${parts.join(' ')} nodes { ${inner()} }`;
}

function selection(asking: Asking, record: ReadRecord, depth: number): string {
  const { dice: d, graph, permissions } = asking;
  const type = graph.schema.getType(record.name);
  if (!isObjectType(type)) throw new Error(`${record.name} is no type.`);
  const open = [...fieldsOf(type).values()].filter(({ name }) => isAllowed(graph, record, name, permissions));
  const parts = open.flatMap(({ name, type: of }) => {
    const named = getNamedType(of);
    if (isLeafType(named)) return d.roll(3) === 0 ? [name] : [];
    if (named.name === 'Money') return d.roll(4) === 0 ? [`${name} { amount currency }`] : [];
    if (depth <= 0 || d.roll(3) > 0) return [];
    const other = graph.catalogue.record(named.name.replace(/Connection$/, ''));
    if (!named.name.endsWith('Connection')) return [`${name} { ${selection(asking, other, depth - 1)} }`];
    return [`${name}${page(asking, { record: other, list: '', max: 5 })} { ${connection(asking, other, depth - 1)} }`];
  });
  return ['id', ...parts].join(' ');
}

function node(asking: Asking): string {
  const { dice: d, pool } = asking;
  const [, record] = d.pick(readable(asking));
  const id = () => `"${d.pick(pool.ids[record.name] ?? [])}"`;
  const shown = `{ id ... on ${record.name} { ${selection(asking, record, 1)} } }`;
  return d.roll(2) === 0 ? `node(id: ${id()}) ${shown}` : `nodes(ids: [${id()}, ${id()}, ${id()}]) ${shown}`;
}

function naturalKey(asking: Asking): string {
  const { dice: d, pool } = asking;
  const [, record] = d.pick(readable(asking));
  const name = record.definition.root?.one ?? '';
  return `${name}(id: "${d.pick(pool.ids[record.name] ?? [])}") { ${selection(asking, record, 2)} }`;
}

function report(asking: Asking): string {
  const { dice: d, pool, permissions } = asking;
  const id = (kind: string) => `"${d.pick(pool.ids[kind] ?? [])}"`;
  if (permissions.has('ledger:read') && d.roll(3) === 0) return `trialBalance(${maybe(d, 50, () => `legalEntityId: ${id('LegalEntity')}, `)}asOf: "2026-03-01") { legalEntityCode code balance }`;
  if (!permissions.has('items:read')) return 'me { name }';
  if (d.roll(2) === 0) return `statement(accountId: ${id('CustomerAccount')}, from: "2026-01-01", asOf: "2026-03-01") { kind documentNumber amount balance }`;
  return `ageing(groupBy: ${d.pick(['ACCOUNT', 'CUSTOMER', 'SEGMENT', 'LEGAL_ENTITY'])}${maybe(d, 40, () => `, customerId: ${id('Customer')}`)}) { customerName segment total }`;
}
