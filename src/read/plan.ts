/**
 * From what GraphQL hands a resolver to a plain tree of what was asked: fragments spread, `@skip` and `@include` applied,
 * arguments with their variables, fields of one response name merged. Pure; knows GraphQL and no record.
 */
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLDirective,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { DomainError } from '../kernel/errors.ts';
import { Later, type Maybe, settled } from './later.ts';

export interface PlannedField {
  /** The name in the response: the alias, or the field's name. */
  readonly key: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What is asked of the object that it leads to; null for a plain value. */
  readonly of: readonly PlannedField[] | null;
  /** The name of the object type under `of`. */
  readonly type?: string;
  /** For a field of an interface or union: the same per concrete type. */
  readonly byType?: Readonly<Record<string, readonly PlannedField[]>>;
}

export type PlanSource = Pick<
  GraphQLResolveInfo,
  'schema' | 'fragments' | 'variableValues' | 'fieldNodes' | 'parentType' | 'fieldName'
>;

type Selecting = Pick<PlanSource, 'schema' | 'fragments' | 'variableValues'>;

/** However small the query's text, nested fragments can multiply its fields. */
const FIELDS_MAX = 5_000;

interface Walk {
  readonly source: Selecting;
  fields: number;
}

/** The field that is being resolved, with all that is asked below it. */
export function planField(source: PlanSource): PlannedField {
  const [first] = source.fieldNodes;
  if (!first) throw new Error('A field without a node.');
  return plannedField({ source, fields: 0 }, source.parentType, source.fieldNodes);
}

/** The same without the field's own arguments. */
export function planSelection(source: PlanSource): PlannedField {
  const field = source.parentType.getFields()[source.fieldName];
  const type = field && getNamedType(field.type);
  if (!isObjectType(type)) return planField(source);
  const sets = source.fieldNodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
  const key = source.fieldNodes[0]?.alias?.value ?? source.fieldName;
  return { key, name: source.fieldName, args: {}, type: type.name, of: planSets({ source, fields: 1 }, type, sets) };
}

/** All that an operation asks of its root. */
export function planRoot(source: Selecting, operation: OperationDefinitionNode): PlannedField[] {
  const root = source.schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation}.`);
  return planSets({ source, fields: 0 }, root, [operation.selectionSet]);
}

/** A root field of an operation. */
export interface PlannedRoot {
  readonly field: PlannedField;
  readonly nodes: readonly FieldNode[];
  /** Null for `__typename`. */
  readonly definition: GraphQLField<unknown, unknown> | null;
  /** The name of the root type. */
  readonly type: string;
}

/** The root fields of a query, in the order of the answer, each as if it were resolved by itself. */
export function planRoots(source: Selecting, { selectionSet }: OperationDefinitionNode): readonly PlannedRoot[] {
  const type = source.schema.getQueryType();
  if (!type) throw new Error('The schema has no queries.');
  const found = new Map<string, FieldNode[]>();
  collect({ walk: { source, fields: 0 }, type, found, seen: new Set() }, selectionSet);
  return [...found.values()].map((nodes) => {
    const field = plannedField({ source, fields: 0 }, type, nodes);
    return { field, nodes, definition: type.getFields()[field.name] ?? null, type: type.name };
  });
}

function plannedField(walk: Walk, parent: GraphQLObjectType, nodes: readonly FieldNode[]): PlannedField {
  const [node] = nodes;
  if (!node) throw new Error('A field without a node.');
  walk.fields += 1;
  if (walk.fields > FIELDS_MAX) {
    throw new DomainError('TOO_MANY_FIELDS', `The query selects more than ${FIELDS_MAX} fields: split it into several queries.`);
  }
  const name = node.name.value;
  const key = node.alias?.value ?? name;
  const field = parent.getFields()[name];
  if (!field) return { key, name, args: {}, of: null };
  const args = getArgumentValues(field, node, walk.source.variableValues);
  refuseZero(args, [name]);
  const type = getNamedType(field.type);
  const sets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
  if (isObjectType(type)) return { key, name, args, type: type.name, of: planSets(walk, type, sets) };
  if (!isAbstractType(type)) return { key, name, args, of: null };
  const possible = walk.source.schema.getPossibleTypes(type);
  const byType = Object.fromEntries(possible.map((one) => [one.name, planSets(walk, one, sets)]));
  return { key, name, args, of: null, byType };
}

function planSets(walk: Walk, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): PlannedField[] {
  const found = new Map<string, FieldNode[]>();
  const seen = new Set<string>();
  for (const set of sets) collect({ walk, type, found, seen }, set);
  return [...found.values()].map((nodes) => plannedField(walk, type, nodes));
}

interface Collecting {
  readonly walk: Walk;
  readonly type: GraphQLObjectType;
  readonly found: Map<string, FieldNode[]>;
  /** Fragments spread here already: a second time adds nothing. */
  readonly seen: Set<string>;
}

function collect(into: Collecting, { selections }: SelectionSetNode): void {
  const { walk, type, found, seen } = into;
  for (const selection of selections) {
    if (!isIncluded(selection, walk.source)) continue;
    if (selection.kind === 'Field') {
      const key = selection.alias?.value ?? selection.name.value;
      const nodes = found.get(key);
      if (nodes) nodes.push(selection);
      else found.set(key, [selection]);
      continue;
    }
    if (selection.kind === 'FragmentSpread') {
      if (seen.has(selection.name.value)) continue;
      seen.add(selection.name.value);
    }
    const fragment = selection.kind === 'InlineFragment' ? selection : walk.source.fragments[selection.name.value];
    if (fragment && fits(fragment.typeCondition?.name.value, type, walk.source)) collect(into, fragment.selectionSet);
  }
}

function isIncluded(node: SelectionNode, { variableValues }: Selecting): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  const told = (directive: GraphQLDirective, otherwise: boolean): boolean =>
    settled((getDirectiveValues(directive, node, variableValues)?.['if'] ?? otherwise) as Maybe<boolean>);
  return !told(GraphQLSkipDirective, false) && told(GraphQLIncludeDirective, true);
}

function fits(condition: string | undefined, type: GraphQLObjectType, { schema }: Selecting): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}

/** Postgres has no text with U+0000. */
function refuseZero(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string') {
    if (!value.includes('\u0000')) return;
    throw new DomainError('INVALID_INPUT', `${path.join('.')} contains the character U+0000: remove it.`, { details: { path } });
  }
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Later) return;
  for (const [name, part] of Object.entries(value)) refuseZero(part, [...path, name]);
}

/**
 * The planned fields that lie at a path of field names below one, whatever their aliases.
 * @example below(plan, ['invoice']) // the payload's invoice, once for each alias
 */
export function below(field: PlannedField, path: readonly string[]): readonly PlannedField[] {
  const [name, ...rest] = path;
  if (name === undefined) return [field];
  return (field.of ?? []).filter((one) => one.name === name).flatMap((one) => below(one, rest));
}
