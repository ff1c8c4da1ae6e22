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
import { type Graph, needsOf, rootFields } from './graph.ts';

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
    variables: Object.fromEntries(
      args.map(({ name, type }) => [name, name === 'id' || name === 'accountId' ? id : sample(type)]),
    ),
  };
}

/** An id that nobody has, of the kind that a root field takes. */
function idFor({ catalogue }: Graph, field: string): string {
  const record = catalogue.records.find(({ definition }) => definition.root?.one === field);
  const prefix = record?.definition.prefix ?? (field === 'statement' ? 'acc' : 'inv');
  return `${prefix}_01999999-0000-7000-8000-000000000001`;
}

/** The fields of a record that need more than the record does, each asked in a list of it. */
function fieldQuestions(graph: Graph, recordName: string): readonly Question[] {
  const record = graph.catalogue.record(recordName);
  return shownFields(record)
    .filter((shown) => needsOf(graph, record, shown).length > 0)
    .map((shown) => {
      const { root } = record.definition;
      if (!root)
        throw new Error(
          `${recordName}.${shown.name} has a permission of its own, and ${recordName} has no list: teach the matrix to reach it.`,
        );
      const selection = shown.kind === 'scalar' || shown.kind === 'computed' ? shown.name : `${shown.name} { __typename }`;
      return {
        name: `${recordName}.${shown.name}`,
        isStream: false,
        query: `{ ${root.many}(first: 1) { nodes { ${selection} } } }`,
        variables: {},
      };
    });
}
