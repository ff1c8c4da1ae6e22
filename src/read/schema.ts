/** The graph, made from the catalogue and the modules' resolvers. Everything that modules need of it is exported here. */
import {
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  specifiedDirectives,
} from 'graphql';
import { buildSchema, type NonEmptyArray } from 'type-graphql';
import { aggregateType } from './aggregate/aggregate-schema.ts';
import type { Catalogue, ReadRecord } from './record.ts';
import { requireFreshDirective } from './fresh.ts';
import { declareAll } from './schema-classes.ts';
import { registerEnums } from './schema-enums.ts';
import { orderByType, whereType } from './schema-filters.ts';
import { connectionType, objectType } from './schema-objects.ts';

export { federationResolver, printGraph, printSubgraph } from './federation.ts';
export { fieldResolver } from './field-resolver.ts';
export * from './scalars.ts';
export { addArguments, type FieldSpec, objectClass } from './schema-classes.ts';
export { enumType } from './schema-enums.ts';
export { inputType } from './schema-inputs.ts';
export { objectType } from './schema-objects.ts';
export { bulkPayloadType, payload, payloadType, userError, userErrors } from './schema-payloads.ts';
export { nodeResolver, rootResolver } from './schema-roots.ts';

export interface GraphOptions {
  readonly catalogue: Catalogue;
  /** Resolver classes of all modules. */
  readonly resolvers: readonly Function[];
  /** Object types that no field names. */
  readonly orphans?: readonly Function[];
}

const ROOTS: Readonly<Record<string, string>> = {
  Query: 'Everything that can be read. Rows that you may not see are absent.',
  Mutation: 'Everything that can be done. Each takes one input and answers with the record and userErrors.',
  Subscription: 'What happens, as it happens. Each stream can be resumed by its cursor.',
};

/** Streams are made by `subscribe` of each field; type-graphql wants one of these all the same. */
const pubSub = {
  publish: () => {},
  subscribe: () => {
    throw new Error('Subscriptions read the event log.');
  },
};

export async function buildGraph({ catalogue, resolvers, orphans = [] }: GraphOptions): Promise<GraphQLSchema> {
  declareAll(catalogue, declareRecord);
  registerEnums();
  useSimpleResolvers();
  const schema = await buildSchema({
    resolvers: [...resolvers] as unknown as NonEmptyArray<Function>,
    orphanedTypes: [...catalogue.records.filter(({ definition }) => definition.root).map(objectType), ...orphans],
    directives: [...specifiedDirectives, requireFreshDirective],
    validate: false,
    pubSub,
  });
  resolveWithoutCopies(schema);
  for (const [name, description] of Object.entries(ROOTS)) {
    const root = schema.getType(name);
    if (root) root.description = description;
  }
  return schema;
}

/**
 * With type-graphql's own resolver per field, slower by far, values would be looked for by field name and not by response name.
 * It keeps its metadata in a global and has no option for all types. Access isn't decided on fields, so nothing is lost.
 */
function useSimpleResolvers(): void {
  const { TypeGraphQLMetadataStorage: storage } = globalThis as unknown as {
    TypeGraphQLMetadataStorage: { objectTypes: { simpleResolvers?: boolean }[] };
  };
  for (const type of storage.objectTypes) type.simpleResolvers ??= true;
}

/** What a mutation's `extensions` hold to get its input as graphql-js has coerced it. */
export interface MutationExtensions {
  readonly takesInput: (input: Readonly<Record<string, unknown>>, context: unknown, info: GraphQLResolveInfo) => unknown;
}

/**
 * type-graphql would make each object of an input an instance of its class first, and look through all input types for each of its fields:
 * more work than all the rest of a resolver, for values that `parseInput` reads anew.
 */
function resolveWithoutCopies(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { takesInput } = field.extensions as Partial<MutationExtensions>;
    if (takesInput) field.resolve = (_root, { input }, context, info) => takesInput(input, context, info);
  }
}

function declareRecord(record: ReadRecord): void {
  objectType(record);
  connectionType(record);
  aggregateType(record);
  whereType(record);
  orderByType(record);
}

/** Types, fields, arguments and enum values that nobody described, for a test. */
export function undescribed(schema: GraphQLSchema): string[] {
  const missing: string[] = [];
  const look = (path: string, it: { readonly description?: string | null | undefined }) => {
    if (!it.description?.trim()) missing.push(path);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      look(`${type.name}.${field.name}`, field);
      for (const arg of field.args) look(`${type.name}.${field.name}(${arg.name})`, arg);
    }
  }
  return missing;
}
