/** Inputs of commands: declared once, as zod objects, which say for each part what GraphQL calls it. */
import type { ClassType } from 'type-graphql';
import { describeInput, type InputShape } from '../kernel/input.ts';
import { isScalarName, SCALARS } from './scalars.ts';
import { type FieldSpec, inputClass, sentence, type TypeThunk } from './schema-classes.ts';
import { enumType } from './schema-enums.ts';

type Class = ClassType<Record<string, unknown>>;
type InputSchema = Parameters<typeof describeInput>[0];

const known = new Map<string, { readonly made: Class; readonly fields: string }>();

/**
 * The input type of a zod object, under a name. Its values are only carried: `parseInput` checks and converts them later.
 * @example inputType('RecordPaymentInput', recordPayment.input)
 */
export function inputType(name: string, schema: InputSchema): Class {
  // an extended object has lost its name
  return inputOf(name, describeInput(schema.meta({ ...schema.meta(), graphql: name })));
}

function inputOf(name: string, { description, fields = {} }: InputShape): Class {
  const names = Object.keys(fields).join(' ');
  const found = known.get(name);
  if (found) {
    if (found.fields !== names)
      throw new Error(`The input ${name} is declared with the fields ${found.fields} and with ${names}.`);
    return found.made;
  }
  const made = inputClass({
    name,
    description:
      description ??
      `What ${sentence(name.replace(/Input$/, ''))
        .slice(0, -1)
        .toLowerCase()} takes.`,
    fields: Object.entries(fields).map(([field, shape]) => fieldOf(field, shape)),
  });
  known.set(name, { made, fields: names });
  return made;
}

function fieldOf(name: string, shape: InputShape): FieldSpec {
  return { name, type: typeOf(shape), nullable: shape.nullable, description: shape.description ?? sentence(name) };
}

function typeOf(shape: InputShape): TypeThunk {
  const { graphql, list, fields, values } = shape;
  if (list) {
    const item = typeOf(list);
    return () => [item()];
  }
  if (fields) {
    const made = inputOf(graphql, shape);
    return () => made;
  }
  if (values) {
    const made = enumType(graphql, values);
    return () => made;
  }
  if (isScalarName(graphql)) return () => SCALARS[graphql];
  throw new Error(`No scalar, enum or input is called ${graphql}.`);
}
