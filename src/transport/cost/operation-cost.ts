/**
 * What an operation of any kind costs at most, before it runs: 1 for each record, times the pages and lists around it; what counting,
 * reports, computed fields and commands declare as their `complexity`. It knows the schema only, and no record.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLAbstractType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { PAGE_DEFAULT } from '../../read/paging.ts';
import { type CostPart, costTerm, most, sum, type Term, times } from './formula.ts';
import { argument, type Defaults, type Given, lengthOf, pageSize, requiredList, truthOf } from './sizes.ts';

/** The few rows of a plain list, as a guess. */
const LIST_ROWS = 5;
/** Counting reads every row that fits. */
const TOTAL_COUNT = 20;
const INTROSPECTION = 100;
/** What a root field costs that declares nothing: a transaction with its events, a stream with its place. */
const ROOT_WEIGHT: Readonly<Record<OperationTypeNode, number>> = { query: 0, mutation: 10, subscription: 10 };

export interface OperationCost {
  readonly parts: readonly CostPart[];
  readonly total: Term;
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly defaults: Defaults;
}

/** Of a valid document within its limits: its fragments are spread here, and the number of their fields is bounded. */
export function costOfOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const defaults = new Map(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, defaultValue] as const] : [],
    ),
  );
  const root = schema.getRootType(operation.operation);
  if (!root) return { parts: [], total: 1 };
  const walk: Walk = { schema, fragments, defaults };
  const weight = ROOT_WEIGHT[operation.operation];
  const parts = partsOf(walk, { type: root, sets: [operation.selectionSet], path: '', weight, rows: LIST_ROWS });
  // nothing is for nothing: each request has to be read and answered
  return { parts, total: sum([1, ...parts.map(costTerm)]) };
}

interface Selected {
  readonly type: GraphQLObjectType;
  readonly sets: readonly SelectionSetNode[];
  readonly path: string;
  /** Of fields that declare none. */
  readonly weight: number;
  /** Of the lists right below: of a connection the size of its page. */
  readonly rows: Term;
}

function partsOf(walk: Walk, { type, sets, path, weight, rows }: Selected): CostPart[] {
  const found = new Map<string, Found[]>();
  for (const set of sets) collect({ walk, type, found, isAsked: 1 }, set);
  const fields = type.getFields();
  return [...found].flatMap(([key, nodes]) => {
    const [first] = nodes;
    const field = first && fields[first.node.name.value];
    const part = { path: path === '' ? key : `${path}.${key}`, isAsked: most(nodes.map(({ isAsked }) => isAsked)) };
    if (!first) return [];
    if (!field) return first.node.name.value === '__typename' ? [] : [leaf(part, INTROSPECTION)];
    const made = partOf(walk, { type, field, nodes: nodes.map(({ node }) => node), ...part, standard: weight, rows });
    return made ? [made] : [];
  });
}

interface Found {
  readonly node: FieldNode;
  readonly isAsked: Term;
}

type Place = Pick<CostPart, 'path' | 'isAsked'>;

const leaf = (place: Place, weight: Term): CostPart => ({ ...place, weight, size: 0, each: 0, parts: [] });

interface Asked extends Place, Pick<Selected, 'type' | 'rows'> {
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly standard: number;
}

function partOf(walk: Walk, asked: Asked): CostPart | null {
  const { field, nodes, path, isAsked } = asked;
  const [node] = nodes;
  if (!node) return null;
  const given = { node, defaults: walk.defaults };
  const weight = weightOf(asked, given);
  const sets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
  if (sets.length === 0) return weight === 0 ? null : leaf({ path, isAsked }, weight);
  const type = getNamedType(field.type);
  if (isConnection(type)) {
    const parts = partsBelow(walk, { type, sets, path, rows: pageSize(given) });
    return { path, isAsked, weight: sum([weight, 1]), size: 1, each: 0, parts };
  }
  if (!isListType(isNonNullType(field.type) ? field.type.ofType : field.type)) {
    const parts = partsBelow(walk, { type, sets, path, rows: rowsBelow(field, given) });
    // what has an id is read by itself; amounts, payloads and the like come with what they stand in, as a node does with its edge
    const isRead = isAbstractType(type) || (isObjectType(type) && 'id' in type.getFields());
    return { path, isAsked, weight, size: 1, each: isRead && !('cursor' in asked.type.getFields()) ? 1 : 0, parts };
  }
  const parts = partsBelow(walk, { type, sets, path, rows: LIST_ROWS });
  return { path, isAsked, weight, size: listSize(asked, given), each: 1, parts };
}

/** Of a list right below an object: what is done to each of many is answered for each, and a page of a report has its rows there. */
function rowsBelow(field: GraphQLField<unknown, unknown>, given: Given): Term {
  const { costPer } = declaredOf(field);
  return costPer === undefined ? (firstOf(field, given) ?? LIST_ROWS) : lengthOf(costPer.split('.'), given);
}

/** Of a plain list: as many as it is asked for by `first` or by a list of ids, else a few. */
function listSize({ field, rows }: Asked, given: Given): Term {
  const first = firstOf(field, given);
  if (first !== null) return first;
  const list = requiredList(field);
  return list === null ? rows : lengthOf([list], given);
}

function firstOf({ args }: GraphQLField<unknown, unknown>, given: Given): Term | null {
  const first = args.find(({ name }) => name === 'first');
  return first ? pageSize(given, typeof first.defaultValue === 'number' ? first.defaultValue : PAGE_DEFAULT) : null;
}

/** `complexity` is a field's own; `costPer` names the list in its arguments by whose length that is multiplied. */
function weightOf({ field, standard }: Asked, given: Given): Term {
  const { complexity, costPer } = declaredOf(field);
  const declared = typeof complexity === 'number' ? complexity : field.name === 'totalCount' ? TOTAL_COUNT : standard;
  return costPer === undefined ? declared : times(declared, most([1, lengthOf(costPer.split('.'), given)]));
}

const declaredOf = ({ extensions }: GraphQLField<unknown, unknown>) =>
  extensions as { readonly complexity?: unknown; readonly costPer?: string };

const isConnection = (type: GraphQLNamedType): boolean => isObjectType(type) && 'pageInfo' in type.getFields();

interface Below extends Pick<Selected, 'sets' | 'path' | 'rows'> {
  readonly type: GraphQLNamedType;
}

function partsBelow(walk: Walk, { type, ...below }: Below): CostPart[] {
  if (isObjectType(type)) return partsOf(walk, { type, ...below, weight: 0 });
  if (!isAbstractType(type)) return [];
  // an object is of one type only: as costly as the costliest
  const options = candidates(walk, type, below.sets).map((one) => partsOf(walk, { type: one, ...below, weight: 0 }));
  if (options.length < 2) return options[0] ?? [];
  return [leaf({ path: below.path, isAsked: 1 }, most(options.map((parts) => sum(parts.map(costTerm)))))];
}

/** The types that the selection names, and one of those that it doesn't. */
function candidates(
  { schema, fragments }: Walk,
  type: GraphQLAbstractType,
  sets: readonly SelectionSetNode[],
): GraphQLObjectType[] {
  const named = new Set<string>();
  const spread = new Set<string>();
  const look = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) continue;
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : null;
      if (name !== null && spread.has(name)) continue;
      if (name !== null) spread.add(name);
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment?.typeCondition) named.add(fragment.typeCondition.name.value);
      if (fragment) look(fragment.selectionSet);
    }
  };
  sets.forEach(look);
  const possible = schema.getPossibleTypes(type);
  const other = possible.find(({ name }) => !named.has(name));
  return [...possible.filter(({ name }) => named.has(name)), ...(other ? [other] : [])];
}

interface Collecting {
  readonly walk: Walk;
  readonly type: GraphQLObjectType;
  readonly found: Map<string, Found[]>;
  readonly isAsked: Term;
}

function collect(into: Collecting, { selections }: SelectionSetNode): void {
  const { walk, type, found } = into;
  for (const selection of selections) {
    const isAsked = times(into.isAsked, askedBy(selection, walk));
    if (isAsked === 0) continue;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const before = found.get(key);
      if (before) before.push({ node: selection, isAsked });
      else found.set(key, [{ node: selection, isAsked }]);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
    if (fragment && fits(fragment.typeCondition?.name.value, type, walk.schema))
      collect({ ...into, isAsked }, fragment.selectionSet);
  }
}

function askedBy({ directives = [] }: SelectionNode, walk: Walk): Term {
  return directives.reduce<Term>((all, directive) => {
    const name = directive.name.value;
    if (name !== GraphQLSkipDirective.name && name !== GraphQLIncludeDirective.name) return all;
    return times(all, truthOf(argument(directive, 'if'), walk, name === GraphQLSkipDirective.name));
  }, 1);
}

function fits(condition: string | undefined, type: GraphQLObjectType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}
