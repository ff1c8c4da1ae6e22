/**
 * Building blocks for the inputs of commands: each checks, converts and knows its GraphQL scalar, so an input is declared once.
 * Nothing here reads the database or knows a record; messages never repeat what was sent.
 */
import { z } from 'zod';
import { type Problem, problemsOf } from './input-problems.ts';

export type { Problem } from './input-problems.ts';
export {
  amount,
  choice,
  countryInput,
  currencyInput,
  dateInput,
  dateTimeInput,
  decimalInput,
  flag,
  formed,
  idOf,
  int,
  jsonObject,
  moneyInput,
  regionInput,
  text,
  vatexInput,
} from './input-scalars.ts';

/** What GraphQL needs to know of an input; read with `describeInput`. */
export interface InputShape {
  /** The name of the scalar, enum or input type; of its items for a list. */
  readonly graphql: string;
  readonly description?: string;
  readonly nullable: boolean;
  /** The items of a list. */
  readonly list?: InputShape;
  /** The fields of an object. */
  readonly fields?: Readonly<Record<string, InputShape>>;
  /** The values of a choice. */
  readonly values?: readonly string[];
}

/** A list of `min` (0) to `max` items. @example list(idOf('inv'), { max: 100 }) */
export function list<Item extends z.ZodType>(item: Item, { max, min = 0 }: { max: number; min?: number }) {
  const error = `must be a list of ${min} to ${max} items`;
  return z
    .array(item, { error })
    .min(min, { error })
    .max(max, { error })
    .meta({ graphql: nameOf(item) });
}

/** Absent or null becomes undefined. @example optional(text()) */
export function optional<Inner extends z.ZodType>(inner: Inner) {
  const { graphql, description } = (inner.meta() ?? {}) as { graphql?: string; description?: string };
  return inner
    .nullish()
    .transform((value) => value ?? undefined)
    .optional()
    .meta({ graphql, nullable: true, ...(description === undefined ? {} : { description }) });
}

/** For edits: absent becomes undefined, which leaves a value as it is; null stays null, which clears it. @example clearable(text()) */
export function clearable<Inner extends z.ZodType>(inner: Inner) {
  const { graphql, description } = (inner.meta() ?? {}) as { graphql?: string; description?: string };
  return inner
    .nullable()
    .optional()
    .meta({ graphql, nullable: true, ...(description === undefined ? {} : { description }) });
}

/** An input object; fields that it doesn't know are refused. @example object('ReverseAllocationInput', { id: idOf('alc') }) */
export function object<Shape extends z.ZodRawShape>(name: string, shape: Shape) {
  return z
    .strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) })
    .meta({ graphql: name });
}

/** What came of an input: the converted value, or what is wrong with it. */
export type Parsed<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problems: Problem[] };

/**
 * Checks and converts an input; each problem is one sentence that names the field and what would be right. 50 problems at most.
 * @example parseInput(object('X', { count: int({ min: 1 }) }), { count: 0 })
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): Parsed<z.output<Schema>> {
  const result = schema.safeParse(value);
  return result.success ? { ok: true, value: result.data } : { ok: false, problems: problemsOf(result.error.issues) };
}

/**
 * What GraphQL needs to know of an input.
 * @throws Error when a part was not made with the building blocks, so has no GraphQL name
 * @example describeInput(optional(int())) // { graphql: 'Int', nullable: true }
 */
export function describeInput(schema: z.ZodType): InputShape {
  const meta = (schema.meta() ?? {}) as { description?: string; nullable?: boolean; values?: readonly string[] };
  const core = coreOf(schema);
  return {
    graphql: nameOf(schema),
    nullable: meta.nullable === true,
    ...(meta.description === undefined ? {} : { description: meta.description }),
    ...(core instanceof z.ZodArray ? { list: describeInput(core.element as z.ZodType) } : {}),
    ...(core instanceof z.ZodObject ? { fields: fieldsOf(core) } : {}),
    ...(core instanceof z.ZodEnum ? { values: core.options.map(String) } : {}),
  };
}

function fieldsOf(schema: z.ZodObject): Record<string, InputShape> {
  return Object.fromEntries(Object.entries(schema.shape).map(([name, part]) => [name, describeInput(part as z.ZodType)]));
}

/** The schema that reads the value, under optional, nullable and conversions. */
function coreOf(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return coreOf(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodPipe ? coreOf(schema.in as z.ZodType) : schema;
}

function nameOf(schema: z.ZodType): string {
  const name = schema.meta()?.graphql;
  if (typeof name !== 'string') throw new Error('An input without a GraphQL name: use the building blocks of kernel/input.');
  return name;
}
