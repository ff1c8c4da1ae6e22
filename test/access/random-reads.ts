// Random reads from the schema and a seed: lists with random filters, orders, pages and cursors, nested selections, nodes and
// natural keys, reports. The values come from all companies alike, so most of what is asked for belongs to somebody else.
import { getNamedType, type GraphQLInputObjectType, isEnumType, isInputObjectType, isLeafType, isObjectType } from 'graphql';
import type { ReadRecord } from '../../src/read/catalogue.ts';
import { argumentsOf, groupSelection, randomAggregate } from './random-aggregates.ts';
import { fieldsOf, isAllowed, rootLists } from './graph.ts';
import { type Asking, condition, type Dice } from './random-where.ts';

export function randomRead(asking: Asking): string {
  const { dice: d } = asking;
  const kinds = [rootList, rootList, rootList, rootList, rootAggregate, node, naturalKey, report];
  const count = 1 + d.roll(2);
  return `{ ${Array.from({ length: count }, (_, i) => `r${i}: ${d.pick(kinds)(asking)}`).join(' ')} }`;
}

const maybe = (d: Dice, percent: number, text: () => string): string => (d.roll(100) < percent ? text() : '');

function readable({ graph, permissions }: Asking): readonly (readonly [string, ReadRecord])[] {
  return [...rootLists(graph)].filter(([, { resource }]) => permissions.has(resource.permission));
}

function rootList(asking: Asking): string {
  const [name, record] = asking.dice.pick(readable(asking));
  return `${name}${page(asking, { record, list: name, max: 25 })} { ${connection(asking, record, 3)} }`;
}

function rootAggregate(asking: Asking): string {
  const [name, record] = asking.dice.pick(readable(asking));
  return `${name}Aggregate${aggregate(asking, record)}`;
}

/** Arguments and selection. */
function aggregate(asking: Asking, record: ReadRecord): string {
  const { dice: d, graph } = asking;
  const asked = randomAggregate(asking, record);
  const where = graph.schema.getType(`${record.name}Where`);
  const args = [
    ...argumentsOf(asked),
    isInputObjectType(where) ? maybe(d, 40, () => `where: ${condition(asking, { input: where, record, depth: 2 })}`) : '',
  ].filter(Boolean);
  return `${args.length === 0 ? '' : `(${args.join(', ')})`} { nextCursor groupCount groups { ${groupSelection(asked)} } }`;
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
    isInputObjectType(order) && !hasCursor ? maybe(d, 40, () => orderBy(asking, record, order)) : '',
  ];
  return `(${parts.filter(Boolean).join(', ')})`;
}

function orderBy({ dice: d, graph, permissions }: Asking, record: ReadRecord, order: GraphQLInputObjectType): string {
  const field = getNamedType(order.getFields()['field']?.type);
  if (!isEnumType(field)) return '';
  const named = (constant: string) => constant.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const open = field.getValues().filter(({ name }) => isAllowed(graph, record, named(name), permissions));
  return `orderBy: [{ field: ${d.pick(open).name}, direction: ${d.pick(['ASC', 'DESC'])} }]`;
}

function connection(asking: Asking, record: ReadRecord, depth: number): string {
  const { dice: d } = asking;
  const inner = (): string => selection(asking, record, depth - 1);
  const parts = [
    maybe(d, 60, () => 'totalCount'),
    maybe(d, 30, () => 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'),
    maybe(d, 30, () => `edges { cursor node { ${inner()} } }`),
  ];
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
    if (named.name.endsWith('Aggregate'))
      return d.roll(2) === 0 ? [`${name}${aggregate(asking, graph.catalogue.record(named.name.replace(/Aggregate$/, '')))}`] : [];
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
  if (permissions.has('ledger:read') && d.roll(3) === 0)
    return `trialBalance(${maybe(d, 50, () => `legalEntityId: ${id('LegalEntity')}, `)}asOf: "2026-03-01") { legalEntityCode code balance }`;
  if (permissions.has('orders:read') && d.roll(4) === 0)
    return `orderTimeline(orderId: ${id('Order')}, first: 20) { recordKind recordId actorName sentence }`;
  if (permissions.has('credit:read') && d.roll(3) === 0) {
    const exposure = `(customerId: ${id('Customer')}`;
    return d.roll(2) === 0
      ? `creditExposure${exposure}) { customerNumber customerName legalEntityCode exposure }`
      : `creditExposureLines${exposure}, first: 20) { customerName documentId documentNumber exposure }`;
  }
  if (!permissions.has('items:read')) return 'me { name }';
  if (d.roll(2) === 0)
    return `statement(accountId: ${id('CustomerAccount')}, from: "2026-01-01", asOf: "2026-03-01") { kind documentNumber amount balance }`;
  return `ageing(groupBy: ${d.pick(['ACCOUNT', 'CUSTOMER', 'SEGMENT', 'LEGAL_ENTITY'])}${maybe(d, 40, () => `, customerId: ${id('Customer')}`)}) { customerName segment total }`;
}
