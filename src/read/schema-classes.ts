/** How classes for type-graphql are made from data: its decorators are plain functions, called with what a class would say. */
import 'reflect-metadata';
import { Arg, type ClassType, Field, InputType, ObjectType } from 'type-graphql';
import type { Catalogue, ReadRecord } from './record.ts';

/** What a field's type can be for type-graphql: a scalar, a class, an enum object, or one of them in a list. */
export type TypeThunk = () => unknown;

export interface FieldSpec {
  readonly name: string;
  readonly type: TypeThunk;
  readonly description: string;
  readonly nullable?: boolean;
  readonly defaultValue?: unknown;
  /** What asking for it costs, where that is more than nothing. */
  readonly complexity?: number;
}

interface ClassSpec {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly FieldSpec[];
  readonly implements?: Function;
}

/** An empty class under a name. */
export function namedClass(name: string): ClassType<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-extraneous-class -- its fields are added from data
  const made = { [name]: class {} }[name];
  if (!made) throw new Error(`No class ${name}.`);
  return made as unknown as ClassType<Record<string, unknown>>;
}

function addField(to: Function, { name, type, description, nullable = false, defaultValue, complexity }: FieldSpec): void {
  const options = {
    description,
    nullable,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(complexity === undefined ? {} : { complexity }),
  };
  Field(type as never, options)(to.prototype as object, name);
}

/** Fields are told later, when all that they lead to is known by name. */
export function objectClass({ name, description, fields, implements: node }: ClassSpec): ClassType<Record<string, unknown>> {
  const made = namedClass(name);
  for (const field of fields) addField(made, field);
  ObjectType(name, { description, simpleResolvers: true, ...(node ? { implements: node } : {}) })(made);
  return made;
}

export function inputClass({ name, description, fields }: ClassSpec): ClassType<Record<string, unknown>> {
  const made = namedClass(name);
  for (const field of fields) addField(made, field);
  InputType(name, { description })(made);
  return made;
}

/** A class per key, made when it is first asked for. */
export function once<K, V>(
  make: (key: K) => V,
  has: { get(key: K): V | undefined; set(key: K, value: V): unknown },
): (key: K) => V {
  return (key) => {
    const known = has.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    has.set(key, made);
    return made;
  };
}

interface Arguments {
  readonly field: string;
  readonly args: readonly FieldSpec[];
  /** The place of the first among the method's parameters. */
  readonly from: number;
}

/** Gives a field or resolver method arguments. The planner reads their values, so no method needs to take them. */
export function addArguments(to: Function, { field, args, from }: Arguments): void {
  args.forEach(({ name, type, description, nullable = false, defaultValue }, i) => {
    const options = { description, nullable, ...(defaultValue === undefined ? {} : { defaultValue }) };
    Arg(name, type as never, options)(to.prototype as object, field, from + i);
  });
}

const waiting: (() => void)[] = [];

/** Modules declare types before every record is known; what needs another record waits until the graph is built. */
export function whenBuilding(declare: () => void): void {
  waiting.push(declare);
}

let current: Catalogue | null = null;

/** Declares every type before the graph is built from them: type-graphql overlooks those that come later. */
export function declareAll(catalogue: Catalogue, each: (record: ReadRecord) => void): void {
  current = catalogue;
  for (const record of catalogue.records) each(record);
  for (let declare = waiting.shift(); declare; declare = waiting.shift()) declare();
}

/** Those that can be read by themselves. */
export const rootRecords = (): readonly ReadRecord[] => (current?.records ?? []).filter(({ definition }) => definition.root);

export function recordNamed(name: string): ReadRecord {
  if (!current) throw new Error(`The record ${name} is looked up before the graph is built.`);
  return current.record(name);
}

/** @example sentence('BANK_TRANSFER') // 'Bank transfer.' */
export function sentence(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
