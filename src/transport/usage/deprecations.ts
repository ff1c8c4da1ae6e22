/**
 * Which deprecated fields, arguments, input fields and enum values an operation uses, as coordinates of the schema. Worked out once for a
 * document; for a request only where a variable can hold something deprecated.
 */
import {
  type DocumentNode,
  getNamedType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

export interface Used {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

/** Coordinates such as `Invoice.total`, `Query.invoices(first:)`, `OrderStatus.OPEN`; nearly always none. */
export type Deprecations = (used: Used) => readonly string[];

const NONE: readonly string[] = [];

/** Null for a schema in which nothing is deprecated, so that nobody has to look. */
export function createDeprecations(schema: GraphQLSchema): Deprecations | null {
  if (!Object.values(schema.getTypeMap()).some(hasDeprecated)) return null;
  const hiding = typesHidingSome(schema);
  const known = new WeakMap<OperationDefinitionNode, readonly string[]>();
  return ({ document, operation, variables }) => {
    let written = known.get(operation);
    if (written === undefined) {
      written = usedIn(schema, document, operation);
      known.set(operation, written);
    }
    const open = (operation.variableDefinitions ?? []).flatMap(({ variable, type }) => {
      const named = typeFromAST(schema, type as never) as GraphQLInputType | undefined;
      return named && hiding.has(getNamedType(named)) ? [{ name: variable.name.value, type: getNamedType(named) }] : [];
    });
    if (open.length === 0 || !variables) return written;
    const found = new Set(written);
    for (const { name, type } of open) if (Object.hasOwn(variables, name)) lookIn(type, variables[name], found);
    return [...found];
  };
}

const isDeprecated = ({ deprecationReason }: { readonly deprecationReason?: string | null | undefined }): boolean =>
  deprecationReason !== undefined && deprecationReason !== null;

function hasDeprecated(type: GraphQLNamedType): boolean {
  if (isEnumType(type)) return type.getValues().some(isDeprecated);
  if (isInputObjectType(type)) return Object.values(type.getFields()).some(isDeprecated);
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  return Object.values(type.getFields()).some((field) => isDeprecated(field) || field.args.some(isDeprecated));
}

/** Input types and enums of which a value can be deprecated, or hold something that is. */
function typesHidingSome(schema: GraphQLSchema): ReadonlySet<GraphQLNamedType> {
  const types = Object.values(schema.getTypeMap());
  const hiding = new Set(types.filter((type) => (isEnumType(type) || isInputObjectType(type)) && hasDeprecated(type)));
  for (let size = -1; size !== hiding.size; ) {
    size = hiding.size;
    for (const type of types)
      if (isInputObjectType(type) && Object.values(type.getFields()).some((field) => hiding.has(getNamedType(field.type))))
        hiding.add(type);
  }
  return hiding;
}

function usedIn(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  const spread = new Set<string>();
  const look = (node: DocumentNode['definitions'][number]): void => {
    visit(
      node,
      visitWithTypeInfo(info, {
        FragmentSpread({ name }) {
          if (spread.has(name.value)) return;
          spread.add(name.value);
        },
        Field() {
          const [field, parent] = [info.getFieldDef(), info.getParentType()];
          if (field && parent && isDeprecated(field)) found.add(`${parent.name}.${field.name}`);
        },
        Argument() {
          const [argument, field, parent] = [info.getArgument(), info.getFieldDef(), info.getParentType()];
          if (argument && field && parent && isDeprecated(argument)) found.add(`${parent.name}.${field.name}(${argument.name}:)`);
        },
        ObjectField(at) {
          const type = info.getParentInputType();
          const named = type && getNamedType(type);
          const field = isInputObjectType(named) ? named.getFields()[at.name.value] : undefined;
          if (named && field && isDeprecated(field)) found.add(`${named.name}.${field.name}`);
        },
        EnumValue() {
          const [value, type] = [info.getEnumValue(), info.getInputType()];
          if (value && type && isDeprecated(value)) found.add(`${getNamedType(type).name}.${value.name}`);
        },
      }),
    );
  };
  look(operation);
  // each fragment is reached by an operation or another fragment, and is looked at once
  for (const name of spread) {
    const fragment = document.definitions.find((one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name);
    if (fragment) look(fragment);
  }
  return found.size === 0 ? NONE : [...found];
}

/** In a variable's value, which nobody has checked yet. */
function lookIn(type: GraphQLNamedType, value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((one) => lookIn(type, one, found));
  if (isEnumType(type)) {
    const member = typeof value === 'string' ? type.getValue(value) : undefined;
    if (member && isDeprecated(member)) found.add(`${type.name}.${member.name}`);
    return undefined;
  }
  if (!isInputObjectType(type) || typeof value !== 'object' || value === null) return undefined;
  const fields = type.getFields();
  for (const [name, part] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) continue;
    if (isDeprecated(field)) found.add(`${type.name}.${field.name}`);
    lookIn(getNamedType(field.type), part, found);
  }
  return undefined;
}

/** Why something is deprecated, by its coordinate; null when the schema doesn't say so any more. */
export function reasonFor(schema: GraphQLSchema, coordinate: string): string | null {
  const [, typeName = '', name = '', argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(coordinate) ?? [];
  const type = schema.getType(typeName);
  if (isEnumType(type)) return type.getValue(name)?.deprecationReason ?? null;
  if (isInputObjectType(type)) return type.getFields()[name]?.deprecationReason ?? null;
  if (!isObjectType(type) && !isInterfaceType(type)) return null;
  const field = type.getFields()[name];
  if (argument === undefined) return field?.deprecationReason ?? null;
  return field?.args.find((one) => one.name === argument)?.deprecationReason ?? null;
}
