// Queries made from the schema: everything that a viewer may ask for, so that a field that comes later is asked for too.
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Catalogue, ReadRecord } from '../../src/read/catalogue.ts';
import { type Shown, shownField, shownFields } from '../../src/read/shown.ts';

export interface Graph {
  readonly schema: GraphQLSchema;
  readonly catalogue: Catalogue;
}

export type Fields = ReadonlyMap<string, GraphQLField<unknown, unknown>>;

export const fieldsOf = (type: GraphQLObjectType): Fields => new Map(Object.entries(type.getFields()));

export function rootFields({ schema }: Graph, root: 'Query' | 'Mutation' | 'Subscription'): Fields {
  const type = schema.getType(root);
  if (!isObjectType(type)) throw new Error(`The schema has no ${root}.`);
  return fieldsOf(type);
}

/** The record that a type of the schema shows, if it is one. */
export const recordOf = ({ catalogue }: Graph, typeName: string): ReadRecord | null =>
  catalogue.has(typeName) ? catalogue.record(typeName) : null;

/** What a field needs beyond its record: its own permission, and that of the record that it leads to. */
export function needsOf({ catalogue }: Graph, record: ReadRecord, shown: Shown): readonly string[] {
  const needs: string[] = shown.permission === null ? [] : [shown.permission];
  if ('relation' in shown) needs.push(catalogue.record(shown.relation.record).resource.permission);
  return [...new Set(needs)].filter((permission) => permission !== record.resource.permission);
}

export const isAllowed = (graph: Graph, record: ReadRecord, name: string, permissions: ReadonlySet<string>): boolean => {
  const shown = shownField(record, name);
  return !shown || needsOf(graph, record, shown).every((permission) => permissions.has(permission));
};

export interface Selecting {
  readonly permissions: ReadonlySet<string>;
  readonly depth: number;
  /** Rows of each nested connection. */
  readonly first?: number;
}

/** Everything of a type that may be asked for, relations `depth` deep. */
export function selectionOf(graph: Graph, typeName: string, selecting: Selecting): string {
  const type = graph.schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type.`);
  const record = recordOf(graph, typeName);
  const parts = [...fieldsOf(type).values()].flatMap((field) => {
    if (record && !isAllowed(graph, record, field.name, selecting.permissions)) return [];
    const named = getNamedType(field.type);
    if (isLeafType(named)) return [field.name];
    if (named.name === 'Money') return [`${field.name} { amount currency }`];
    // they show no row; aggregates.test.ts holds their figures against the rows
    if (named.name.endsWith('Aggregate')) return [];
    if (selecting.depth === 0) return [];
    const inner = { ...selecting, depth: selecting.depth - 1 };
    if (named.name.endsWith('Connection'))
      return [`${field.name}(first: ${selecting.first ?? 20}) { ${connectionSelection(graph, named.name, inner)} }`];
    return [`${field.name} { ${selectionOf(graph, named.name, inner)} }`];
  });
  return parts.join(' ');
}

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

export const connectionSelection = (graph: Graph, typeName: string, selecting: Selecting): string =>
  `totalCount ${PAGE_INFO} edges { cursor node { ${selectionOf(graph, typeName.replace(/Connection$/, ''), selecting)} } }`;

/** The root lists: field name → record. */
export function rootLists(graph: Graph): ReadonlyMap<string, ReadRecord> {
  return new Map(
    graph.catalogue.records.flatMap((record) => (record.definition.root ? [[record.definition.root.many, record] as const] : [])),
  );
}

/** The fields of a record that lead to others, and to which. */
export const relationsOf = (record: ReadRecord) =>
  shownFields(record).flatMap((shown) =>
    shown.kind === 'one' || shown.kind === 'many' || shown.kind === 'first' ? [shown] : [],
  );

/** What a record leads to, with everything that may be shown of it, a few relations at a time: a document has only so many fields. */
export function partsOf(graph: Graph, record: ReadRecord, permissions: ReadonlySet<string>): readonly string[] {
  const selecting = { permissions, depth: 0 };
  const parts = relationsOf(record)
    .filter(({ name }) => isAllowed(graph, record, name, permissions))
    .map(({ name, kind, relation }) =>
      kind === 'many' && relation.connection
        ? `${name}(first: 10) { ${connectionSelection(graph, relation.record, selecting)} }`
        : `${name} { ${selectionOf(graph, relation.record, selecting)} }`,
    );
  return Array.from({ length: Math.ceil(parts.length / 6) }, (_, i) => parts.slice(i * 6, i * 6 + 6).join(' '));
}

export const isList = (type: GraphQLOutputType): boolean => (isNonNullType(type) ? isList(type.ofType) : isListType(type));
