/**
 * The graph as a subgraph of Apollo Federation 2: every record that can be read by its id is an entity by that id, and a router
 * may ask for many of them at once. What is read this way goes through the same engine, so scope, permissions and limits hold.
 */
import {
  buildASTSchema,
  type DocumentNode,
  GraphQLError,
  GraphQLScalarType,
  type GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { type ClassType, createUnionType, Resolver } from 'type-graphql';
import { resolveType } from './field-resolver.ts';
import { planField } from './plan.ts';
import { namedClass, objectClass, once, rootRecords } from './schema-classes.ts';
import { objectType } from './schema-objects.ts';
import { addRootField } from './schema-roots.ts';

/** Only what the graph uses, and every version from this one on understands it. */
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';
/** Every Relay subgraph has these, and they mean the same everywhere. */
const SHARED = new Set(['PageInfo']);

/** A record of ours, as a router names it. */
interface Representation {
  readonly type: string;
  readonly id: string;
}

const AnyScalar = new GraphQLScalarType<Representation, Representation>({
  name: '_Any',
  description: 'A record as other subgraphs name it: `__typename` and `id`.',
  parseValue: (value) => representation(value),
  parseLiteral: (node) => {
    if (node.kind !== Kind.OBJECT) return representation(null);
    const texts = node.fields.map(({ name, value }) => [name.value, value.kind === Kind.STRING ? value.value : null]);
    return representation(Object.fromEntries(texts));
  },
});

function representation(value: unknown): Representation {
  const { __typename, id } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof __typename === 'string' && typeof id === 'string') return { type: __typename, id };
  throw new GraphQLError('_Any must be an object with `__typename`, the name of an entity of this graph, and its `id`.', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

/** The resolver class with `_entities` and `_service`, which routers ask. */
export const federationResolver = once<'FederationResolver', Function>((name) => {
  const made = namedClass(name);
  const entity = createUnionType({
    name: '_Entity',
    description: 'A record that other subgraphs can name.',
    types: () => rootRecords().map((record) => objectType(record)) as unknown as [ClassType<object>, ...ClassType<object>[]],
    resolveType: (value: unknown) => resolveType(value),
  });
  addRootField(made, {
    name: '_entities',
    type: () => [entity],
    nullable: 'items',
    description:
      'Records that another subgraph names, in that order, read together; null for each that you may not see. At most 1,000.',
    args: () => [{ name: 'representations', type: () => [AnyScalar], description: 'The records.' }],
    resolve: async ({ read, principal }, info) => {
      const { representations } = planField(info).args as { representations: readonly Representation[] };
      const ids = representations.map(({ id }) => id);
      const records = await read.nodes(info, principal, ids);
      // an id of another kind than said is nobody's
      return records.map((record, i) => (record?.['$type'] === representations[i]?.type ? record : null));
    },
  });
  const service = objectClass({
    name: '_Service',
    description: 'This subgraph.',
    fields: [{ name: 'sdl', type: () => String, description: 'Its schema with its keys, for composing a supergraph.' }],
  });
  addRootField(made, {
    name: '_service',
    type: () => service,
    nullable: false,
    description: 'The subgraph itself.',
    args: () => [],
    resolve: async (_, { schema }) => Object.assign(new service(), { sdl: sdlOf(schema) }),
  });
  Resolver()(made);
  return made;
}, new Map()).bind(null, 'FederationResolver');

const sdlOf = once<GraphQLSchema, string>(printSubgraph, new WeakMap());

const isOfRouters = (name: string): boolean => name.startsWith('_');

/** The graph without what only routers ask: what people and their tools see of it. Sorted, so that a diff shows what changed. */
function published(schema: GraphQLSchema): DocumentNode {
  const document = parse(printSchema(lexicographicSortSchema(schema)));
  return visit(document, {
    ObjectTypeDefinition: (node) => (isOfRouters(node.name.value) ? null : undefined),
    UnionTypeDefinition: (node) => (isOfRouters(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (isOfRouters(node.name.value) ? null : undefined),
    FieldDefinition: (node) => (isOfRouters(node.name.value) ? null : undefined),
  });
}

/** The schema as it is committed. */
export const printGraph = (schema: GraphQLSchema): string => `${printSchema(buildASTSchema(published(schema)))}\n`;

/** The schema as a subgraph, for composing a supergraph with others. */
export function printSubgraph(schema: GraphQLSchema): string {
  const document = visit(published(schema), {
    ObjectTypeDefinition(node): ObjectTypeDefinitionNode | undefined {
      if (SHARED.has(node.name.value)) return marked(node, 'shareable');
      const isEntity = node.interfaces?.some(({ name }) => name.value === 'Node') === true;
      return isEntity ? marked(node, 'key', ['fields', 'id']) : undefined;
    },
  });
  return `${LINK}\n\n${print(document)}\n`;
}

function marked(node: ObjectTypeDefinitionNode, name: string, argument?: readonly [string, string]): ObjectTypeDefinitionNode {
  const args = argument
    ? [
        {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: argument[0] },
          value: { kind: Kind.STRING, value: argument[1] },
        } as const,
      ]
    : [];
  const directive = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: name }, arguments: args } as const;
  return { ...node, directives: [...(node.directives ?? []), directive] };
}
