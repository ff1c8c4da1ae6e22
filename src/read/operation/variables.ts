/**
 * Variables for a template: their structure (what is given, what is null, the keys of input objects and the lengths of lists of them) is
 * known at once and part of the template's key; every value in it is known later.
 */
import { type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { Trace } from '../later.ts';

export interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
}

type Values = Readonly<Record<string, unknown>>;

/** Postgres has no text with U+0000: the ordinary path refuses it by name. */
const hasZero = (value: unknown): boolean => typeof value === 'string' && value.includes('\u0000');

/** Null where no template can take the values. */
export function variablesShape(variables: readonly Variable[], values: Values): string | null {
  let shape = '';
  for (const { name, type } of variables) {
    const value = values[name];
    if (value === undefined) continue;
    const part = shapeOf(value, type);
    if (part === null) return null;
    shape += `$${name}${part}`;
  }
  return shape;
}

function shapeOf(value: unknown, type: GraphQLInputType): string | null {
  if (value === null) return '0';
  if (isNonNullType(type)) return shapeOf(value, type.ofType);
  if (isInputObjectType(type)) {
    let shape = '{';
    for (const [key, one] of Object.entries(value as Values)) {
      const field = type.getFields()[key];
      const part = field && one !== undefined ? shapeOf(one, field.type) : null;
      if (part === null) return null;
      shape += `${key}${part}`;
    }
    return `${shape}}`;
  }
  if (!Array.isArray(value)) return hasZero(value) ? null : '.';
  const of = elementOf(type);
  if (!isStructured(of)) return value.some(hasZero) ? null : '.';
  let shape = '[';
  for (const one of value) {
    const part = shapeOf(one, of);
    if (part === null) return null;
    shape += part;
  }
  return `${shape}]`;
}

const elementOf = (type: GraphQLInputType): GraphQLInputType => (isListType(type) ? type.ofType : type);

/** Its inside decides what is read; anything else is a value. */
function isStructured(type: GraphQLInputType): boolean {
  const plain = isNonNullType(type) ? type.ofType : type;
  return isInputObjectType(plain) || isListType(plain);
}

/** The variables as a plan takes them, with the structure of `values` and each value known later. */
export function laterVariables(variables: readonly Variable[], values: Values, trace: Trace): Values {
  const found: Record<string, unknown> = {};
  for (const { name, type } of variables) {
    if (values[name] === undefined) continue;
    found[name] = laterValue({ trace, read: (all) => all[name] }, values[name], type);
  }
  return found;
}

interface Place {
  readonly trace: Trace;
  readonly read: (all: Values) => unknown;
}

function laterValue({ trace, read }: Place, value: unknown, type: GraphQLInputType): unknown {
  if (value === null) return null;
  if (isNonNullType(type)) return laterValue({ trace, read }, value, type.ofType);
  const inside = (key: string | number): Place => ({
    trace,
    read: (all) => (read(all) as Readonly<Record<string, unknown>>)[key],
  });
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    const parts = Object.entries(value as Values).flatMap(([key, one]) => {
      const field = fields[key];
      return field ? [[key, laterValue(inside(key), one, field.type)] as const] : [];
    });
    return Object.fromEntries(parts);
  }
  const of = elementOf(type);
  if (Array.isArray(value) && isStructured(of)) return value.map((one, i) => laterValue(inside(i), one, of));
  return trace.later(({ variables: all }) => read(all));
}
