/** How many objects a field can lead to, by its arguments: page sizes, and lists of what is asked for. Unchecked values count as least. */
import { type DirectiveNode, type FieldNode, type GraphQLField, isListType, isNonNullType, Kind, type ValueNode } from 'graphql';
import { PAGE_DEFAULT, PAGE_MAX } from '../../read/paging.ts';
import type { Term, Variables } from './formula.ts';

/** The literal defaults of an operation's variables. */
export type Defaults = ReadonlyMap<string, ValueNode>;

/** A field with its arguments. */
export interface Given {
  readonly node: FieldNode;
  readonly defaults: Defaults;
}

/** Of a connection: `first` or `last`, else the standard page. What is out of range is refused when the page is read. */
export function pageSize(given: Given, standard = PAGE_DEFAULT): Term {
  const last = argument(given.node, 'last');
  const first = argument(given.node, 'first');
  const ofFirst = countOf(first, given.defaults, standard);
  if (last === undefined) return ofFirst;
  const ofLast = countOf(last, given.defaults, null);
  if (typeof ofLast === 'number') return ofLast < 0 ? ofFirst : ofLast;
  return (variables) => {
    const size = ofLast(variables);
    if (size >= 0) return size;
    return typeof ofFirst === 'number' ? ofFirst : ofFirst(variables);
  };
}

/** -1 for what isn't given, where there is no standard. */
function countOf(value: ValueNode | undefined, defaults: Defaults, standard: number | null): Term {
  const read = (raw: unknown): number => {
    if (raw === undefined || raw === null) return standard ?? -1;
    return typeof raw === 'number' && raw > 0 ? Math.min(Math.trunc(raw), PAGE_MAX) : 0;
  };
  if (value?.kind !== Kind.VARIABLE) return read(literal(value));
  const name = value.name.value;
  const fallback = literal(defaults.get(name));
  return (variables) => read(own(variables, name) === undefined ? fallback : own(variables, name));
}

const literal = (value: ValueNode | undefined): unknown => (value?.kind === Kind.INT ? Number(value.value) : undefined);

/** The length of a list in the arguments, by its path: `input.items`. */
export function lengthOf(path: readonly string[], { node, defaults }: Given): Term {
  const [name = '', ...rest] = path;
  return lengthAt(argument(node, name), rest, defaults);
}

function lengthAt(value: ValueNode | undefined, path: readonly string[], defaults: Defaults): Term {
  if (value === undefined) return 0;
  if (value.kind === Kind.VARIABLE) {
    const name = value.name.value;
    const fallback = lengthAt(defaults.get(name), path, new Map());
    return (variables) => {
      const raw = own(variables, name);
      return raw === undefined ? (typeof fallback === 'number' ? fallback : 0) : lengthIn(raw, path);
    };
  }
  const [name, ...rest] = path;
  // a value alone stands for a list of one
  if (name === undefined) return value.kind === Kind.LIST ? value.values.length : value.kind === Kind.NULL ? 0 : 1;
  if (value.kind !== Kind.OBJECT) return 0;
  return lengthAt(value.fields.find((field) => field.name.value === name)?.value, rest, defaults);
}

function lengthIn(raw: unknown, path: readonly string[]): number {
  let at = raw;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return 0;
    at = own(at as Variables, name);
  }
  if (Array.isArray(at)) return at.length;
  return at === undefined || at === null ? 0 : 1;
}

/** The one list that has to be given: `ids` of `nodes`. */
export function requiredList({ args }: GraphQLField<unknown, unknown>): string | null {
  const lists = args.filter(({ type }) => isNonNullType(type) && isListType(type.ofType));
  return lists.length === 1 ? (lists[0]?.name ?? null) : null;
}

/** 1 or 0 for the condition of a directive; whatever isn't a truth value is refused before anything runs. */
export function truthOf(value: ValueNode | undefined, { defaults }: Pick<Given, 'defaults'>, isNegated: boolean): Term {
  const asked = (truth: unknown): number => ((truth === true) === isNegated ? 0 : 1);
  if (value?.kind === Kind.BOOLEAN) return asked(value.value);
  if (value?.kind !== Kind.VARIABLE) return 1;
  const name = value.name.value;
  const fallback = defaults.get(name);
  const standard = fallback?.kind === Kind.BOOLEAN ? fallback.value : undefined;
  return (variables) => asked(own(variables, name) ?? standard);
}

export function argument({ arguments: all }: Pick<FieldNode | DirectiveNode, 'arguments'>, name: string): ValueNode | undefined {
  const value = all?.find((one) => one.name.value === name)?.value;
  return value?.kind === Kind.NULL ? undefined : value;
}

/** Never what an object inherits. */
const own = (variables: Variables, name: string): unknown => (Object.hasOwn(variables, name) ? variables[name] : undefined);
