/** The root fields that records get: one by id or natural key, a list, and `node`. The read engine answers them whole. */
import type { GraphQLResolveInfo } from 'graphql';
import { type ClassType, Ctx, Extensions, ID, Info, Query, Resolver } from 'type-graphql';
import { DomainError, isDomainError } from '../kernel/errors.ts';
import { aggregateExample, listExample } from './examples.ts';
import { freshOf } from './fresh.ts';
import type { Maybe } from './later.ts';
import { AGGREGATE_COST } from './aggregate/aggregate-cost.ts';
import { aggregateArguments, aggregateType } from './aggregate/aggregate-schema.ts';
import { aggregateRoot } from './aggregate/aggregate-root.ts';
import { manyRoot, nodeRoot, nodesRoot, oneRoot, type RootExtensions, type RootKind } from './operation/root.ts';
import { planField } from './plan.ts';
import type { By, Freshness, FreshRequest, ReadContext } from './read-engine.ts';
import type { ExternalRef, ReadRecord } from './record.ts';
import { SCALARS } from './scalars.ts';
import {
  addArguments,
  type FieldSpec,
  inputClass,
  namedClass,
  once,
  sentence,
  type TypeThunk,
  whenBuilding,
} from './schema-classes.ts';
import { enumType } from './schema-enums.ts';
import { connectionType, listArguments, NodeInterface, objectType } from './schema-objects.ts';
import { shownOfProperty } from './shown.ts';
import { legalEntityRelation } from './natural-key.ts';

type Resolve = (context: ReadContext, info: GraphQLResolveInfo) => Promise<unknown>;

export interface RootField {
  readonly name: string;
  readonly type: TypeThunk;
  readonly nullable: boolean | 'items';
  readonly description: string;
  readonly resolve: Resolve;
  /** How it is read as a part of a whole operation; without it only `resolve` answers it. */
  readonly read?: RootKind;
  /** What asking for it costs, besides the records that it answers with. */
  readonly complexity?: number;
  readonly args: () => readonly FieldSpec[];
}

export function addRootField(
  to: Function,
  { name, type, nullable, description, resolve, read, complexity, args }: RootField,
): void {
  const prototype = to.prototype as object;
  const descriptor = { value: resolve, configurable: true };
  Object.defineProperty(prototype, name, descriptor);
  const cost = complexity === undefined ? {} : { complexity };
  Query(type as never, { nullable, description, ...cost })(prototype, name, descriptor);
  if (read) Extensions({ read } satisfies RootExtensions)(prototype, name, descriptor);
  Ctx()(prototype, name, 0);
  Info()(prototype, name, 1);
  whenBuilding(() => addArguments(to, { field: name, args: args(), from: 2 }));
}

/** The resolver class with a record's root fields. */
export const rootResolver = once<ReadRecord, Function>((record) => {
  const { root, description } = record.definition;
  if (!root) throw new Error(`${record.name} has no root fields: it is reached through another record.`);
  const made = namedClass(`${record.name}Resolver`);
  const permission = `Needs the permission \`${record.resource.permission}\`.`;
  addRootField(made, {
    name: root.one,
    type: () => objectType(record),
    nullable: true,
    description: `${description} By its id${root.keys ? ' or a natural key' : ''}; null when there is none that you may see. ${permission}`,
    args: () => [...keyArguments(record).map(({ spec }) => spec), ...(root.known ? [externalRefArgument()] : [])],
    read: oneRoot(record.name, (args) => byOf(record, args)),
    resolve: ({ read, principal, fresh }, info) => {
      const lookup = { record: record.name, by: byOf<string>(record, planField(info).args) };
      const one = () => read.one(info, principal, lookup);
      const asked = freshOf(info);
      return asked === null ? one() : refreshed(fresh, { ...lookup, ...asked }).then(one);
    },
  });
  addRootField(made, {
    name: root.many,
    type: () => connectionType(record),
    nullable: false,
    description: `A list of those that you may see: ${description} ${permission}${listExample(record, root.many)}`,
    args: () => listArguments(record),
    read: manyRoot(record.name),
    resolve: ({ read, principal }, info) => read.many(info, principal, record.name),
  });
  addRootField(made, {
    name: `${root.many}Aggregate`,
    type: () => aggregateType(record),
    nullable: false,
    description: `Those that you may see, counted and added up in groups: ${description} ${permission}${aggregateExample(record, `${root.many}Aggregate`)}`,
    args: () => aggregateArguments(record),
    read: aggregateRoot(record.name),
    complexity: AGGREGATE_COST,
    resolve: ({ read, principal }, info) => read.aggregate(info, principal, record.name),
  });
  Resolver()(made);
  return made;
}, new WeakMap());

/** Waits until the record is as fresh as the field asks for. */
async function refreshed(
  fresh: Freshness | undefined,
  { orStale, ...request }: FreshRequest & { readonly orStale: boolean },
): Promise<void> {
  if (!fresh) throw new DomainError('NOT_CONFIGURED', 'This server asks no ERP: leave @requireFresh out.');
  await fresh.require(request).catch((error: unknown) => {
    if (!(orStale && isDomainError(error) && error.code === 'SOURCE_STALE')) throw error;
  });
}

const externalRefInput = once<'ExternalRefInput', ClassType<Record<string, unknown>>>(
  (name) =>
    inputClass({
      name,
      description: 'A record by the id that an ERP has for it.',
      fields: [
        { name: 'connection', type: () => String, description: 'The code of the connection to the ERP.' },
        { name: 'id', type: () => String, description: 'The id there.' },
      ],
    }),
  new Map(),
);

function externalRefArgument(): FieldSpec {
  const made = externalRefInput('ExternalRefInput');
  const description = 'The id that an ERP has for it, instead of ours.';
  return { name: 'externalRef', type: () => made, nullable: true, description };
}

interface KeyArgument {
  readonly property: string;
  readonly spec: FieldSpec;
}

function keyArguments(record: ReadRecord): KeyArgument[] {
  const keys = record.definition.root?.keys ?? [];
  const id: FieldSpec = { name: 'id', type: () => ID, nullable: keys.length > 0, description: 'The public id.' };
  const properties = [...new Set(keys.flat())].filter((property) => property !== 'id');
  return [{ property: 'id', spec: id }, ...properties.map((property) => ({ property, spec: keyArgument(record, property) }))];
}

function keyArgument(record: ReadRecord, property: string): FieldSpec {
  if (property === 'legalEntityId' && legalEntityRelation(record) !== null) {
    const description = 'The code of the legal entity, or its id. Needed when several legal entities use the number.';
    return { name: 'legalEntity', type: () => String, nullable: true, description };
  }
  const shown = shownOfProperty(record, property);
  if (shown?.kind !== 'scalar') throw new Error(`${record.name}.${property} is part of a natural key and isn't shown.`);
  const { enumeration, scalar, name, description } = shown;
  const type: TypeThunk = enumeration ? () => enumType(enumeration.name, enumeration.values) : () => SCALARS[scalar];
  return { name, type, nullable: true, description: description || sentence(name) };
}

function byOf<Text extends Maybe<string>>(record: ReadRecord, args: Readonly<Record<string, unknown>>): By<Text> {
  const given = keyArguments(record).flatMap(({ property, spec }) => {
    const value = args[spec.name];
    return value === undefined || value === null ? [] : [[property, value] as const];
  });
  const key = Object.fromEntries(given);
  const ref = args['externalRef'] as ExternalRef<Text> | null | undefined;
  if (ref && given.length === 0) return { ref: { connection: ref.connection, id: ref.id } };
  if (!ref && key.id === undefined) return { key };
  if (!ref && given.length === 1) return { id: key.id as Text };
  throw new DomainError(
    'INVALID_INPUT',
    `${record.definition.root?.one ?? record.name} takes the id alone, or one other key without it.`,
  );
}

/** The resolver class with `node` and `nodes`. */
export const nodeResolver = once<'NodeResolver', Function>((name) => {
  const made = namedClass(name);
  const ids = (info: GraphQLResolveInfo) => planField(info).args as { id: string; ids: readonly string[] };
  addRootField(made, {
    name: 'node',
    type: () => NodeInterface,
    nullable: true,
    description: 'A record by its public id; null when there is none that you may see.',
    args: () => [{ name: 'id', type: () => ID, description: 'The public id.' }],
    read: nodeRoot,
    resolve: ({ read, principal }, info) => read.node(info, principal, ids(info).id),
  });
  addRootField(made, {
    name: 'nodes',
    type: () => [NodeInterface],
    nullable: 'items',
    description: 'Records by their public ids, in that order; null for each that you may not see.',
    args: () => [{ name: 'ids', type: () => [ID], description: 'Public ids, at most 1,000.' }],
    read: nodesRoot,
    resolve: ({ read, principal }, info) => read.nodes(info, principal, ids(info).ids),
  });
  Resolver()(made);
  return made;
}, new Map()).bind(null, 'NodeResolver');
