// What the access matrix asks: one operation for each root field of the schema and for each field with a permission of its own, made
// from the schema, so that whatever is added there is asked too.
import {
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { shownFields } from '../../src/read/shown.ts';
import type { ReadRecord } from '../../src/read/catalogue.ts';
import { modules } from '../../src/transport/modules.ts';
import { type Graph, needsOf, relationsOf, rootFields } from './graph.ts';

/** One row of the matrix. */
export interface Question {
  /** `Query.invoice`, `Mutation.issueInvoice`, `Invoice.items` */
  readonly name: string;
  readonly isStream: boolean;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function questionsOf(graph: Graph): readonly Question[] {
  const roots = (['Query', 'Mutation', 'Subscription'] as const).flatMap((root) =>
    [...rootFields(graph, root).values()].map((field) => rootQuestion(root, field, idFor(graph, field.name))),
  );
  return [...roots, ...graph.catalogue.records.flatMap((record) => fieldQuestions(graph, record.name))];
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  Int: 1,
  Float: 1,
  Boolean: false,
  String: 'x',
  ID: 'inv_01999999-0000-7000-8000-000000000001',
  Decimal: '1',
  Date: '2026-01-01',
  DateTime: '2026-01-11T00:00:00.000Z',
  CurrencyCode: 'EUR',
  Cursor: '0',
  EmailAddress: 'x@example.com',
  JSON: {},
  _Any: { __typename: 'Customer', id: 'cus_01999999-0000-7000-8000-000000000001' },
};

/** A value that GraphQL takes: what a command thinks of it doesn't matter, since rights come first. */
function sample(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sample(type.ofType);
  if (isListType(type)) return [sample(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    // everything is done but kept, so that a row of the matrix changes nothing for the next
    return Object.fromEntries(
      fields
        .filter((field) => isNonNullType(field.type) || field.name === 'dryRun')
        .map((field) => [field.name, field.name === 'dryRun' ? true : sample(field.type)]),
    );
  }
  const value = SAMPLES[type.name];
  if (value === undefined) throw new Error(`The matrix has no sample of ${type.name}: add one.`);
  return value;
}

function rootQuestion(root: 'Query' | 'Mutation' | 'Subscription', field: GraphQLField<unknown, unknown>, id: string): Question {
  const args = field.args.filter(
    ({ type, name }) =>
      isNonNullType(type) || (name === 'id' && root === 'Query') || (name === 'after' && root === 'Subscription'),
  );
  const declared = args.map(({ name, type }) => `$${name}: ${type.toString()}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  return {
    name: `${root}.${field.name}`,
    isStream: root === 'Subscription',
    query: `${root.toLowerCase()}${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} ${selection} }`,
    variables: Object.fromEntries(args.map(({ name, type }) => [name, name === 'id' ? id : (REPORTED[name] ?? sample(type))])),
  };
}

/** An id that nobody has, of the kind that a root field takes. */
const idFor = ({ catalogue }: Graph, field: string): string =>
  nobodys(catalogue.records.find(({ definition }) => definition.root?.one === field)?.definition.prefix ?? 'inv');
const nobodys = (prefix: string) => `${prefix}_01999999-0000-7000-8000-000000000001`;
/** What reports are about. */
const REPORTED: Readonly<Record<string, string>> = {
  accountId: nobodys('acc'),
  customerId: nobodys('cus'),
  orderId: nobodys('ord'),
};

const POLICIES = modules.flatMap((module) => module.policy);
const rolesOf = ({ resource }: ReadRecord) => POLICIES.find(({ permission }) => permission === resource.permission)?.roles ?? [];
/** Whoever may read the one may read the other. */
const needsNoMore = (above: ReadRecord, record: ReadRecord) => rolesOf(record).every((role) => rolesOf(above).includes(role));

/** A list of a record, or of one that it is below and that needs no more than it does. */
function listOf({ catalogue }: Graph, record: ReadRecord): (selection: string) => string {
  const { root } = record.definition;
  if (root) return (selection) => `{ ${root.many}(first: 1) { nodes { ${selection} } } }`;
  for (const above of catalogue.records.filter((one) => needsNoMore(one, record))) {
    for (const { kind, name, relation, permission } of relationsOf(above)) {
      if (kind === 'one' || relation.record !== record.name || permission !== null || !above.definition.root) continue;
      const { many } = above.definition.root;
      return (selection) =>
        `{ ${many}(first: 1) { nodes { ${name} { ${kind === 'many' && relation.connection ? `nodes { ${selection} }` : selection} } } } }`;
    }
  }
  throw new Error(
    `${record.name} has a field with a permission of its own, and no list leads to it: teach the matrix to reach it.`,
  );
}

/** The fields of a record that need more than the record does, each asked in a list of it. */
function fieldQuestions(graph: Graph, recordName: string): readonly Question[] {
  const record = graph.catalogue.record(recordName);
  return shownFields(record)
    .filter((shown) => needsOf(graph, record, shown).length > 0)
    .map((shown) => {
      const selection = shown.kind === 'scalar' || shown.kind === 'computed' ? shown.name : `${shown.name} { __typename }`;
      return {
        name: `${recordName}.${shown.name}`,
        isStream: false,
        query: listOf(graph, record)(selection),
        variables: {},
      };
    });
}
