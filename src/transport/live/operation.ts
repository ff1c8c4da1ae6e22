/**
 * What subscriptions must have in common to be answered by one execution: the operation, its variables, and everything of the
 * principal that what is shown can depend on. Whoever is in doubt has a group of its own: a shared answer must never show more.
 */
import {
  type DocumentNode,
  type ExecutionArgs,
  getNamedType,
  getOperationAST,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { accessKeyOf } from '../../access/principal.ts';
import { sha256 } from '../../kernel/hash.ts';
import { canonicalJson } from '../../kernel/json.ts';
import type { Subscribe } from '../../outbox/tail.ts';
import type { GraphContext } from '../../write/context.ts';

interface Asked {
  /** Stands for the text and the name of the operation. */
  readonly hash: string;
  /** The variables on which an answer can depend: not the one that only says where the stream begins. */
  readonly variables: readonly string[];
  /** The object types of which something is selected. */
  readonly types: ReadonlySet<string>;
}

export function groupKeyOf(args: ExecutionArgs, options: Subscribe): string {
  const { principal, ownKinds } = args.contextValue as Pick<GraphContext, 'principal'> & Partial<Pick<GraphContext, 'ownKinds'>>;
  const { hash, variables, types } = askedBy(args);
  const given = (args.variableValues ?? {}) as Readonly<Record<string, unknown>>;
  const values = variables.map((name) => (Object.hasOwn(given, name) ? [given[name]] : []));
  const isOwn = ownKinds === undefined || showsOwn({ types, options, ownKinds });
  const { actorId, kind, roles, clockOffsetMs = 0 } = principal;
  const access = `${accessKeyOf(principal)} ${kind} ${String(roles)} ${clockOffsetMs}`;
  return `${hash} ${access} ${isOwn ? actorId : ''} ${canonicalJson(values)}`;
}

/** Can what is shown depend on which login asks, beyond what it may do? */
function showsOwn({
  types,
  options,
  ownKinds,
}: {
  readonly types: ReadonlySet<string>;
  readonly options: Subscribe;
  readonly ownKinds: ReadonlySet<string>;
}): boolean {
  const { recordKinds, accountId, customerId } = options;
  // what is somebody's own belongs to no customer
  const isOfCustomer = accountId !== undefined || customerId !== undefined;
  const canBeOwn = recordKinds ? recordKinds.some((kind) => ownKinds.has(kind)) : !isOfCustomer;
  return canBeOwn || [...types].some((type) => ownKinds.has(type));
}

const askedByDocument = new WeakMap<DocumentNode, Map<string, Asked>>();

function askedBy({ schema, document, operationName }: ExecutionArgs): Asked {
  const ofDocument = askedByDocument.get(document) ?? new Map<string, Asked>();
  askedByDocument.set(document, ofDocument);
  const name = operationName ?? '';
  const known = ofDocument.get(name);
  if (known) return known;
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('There is no such operation.');
  const asked = {
    hash: sha256(`${name}\n${document.loc?.source.body ?? JSON.stringify(document)}`),
    variables: variablesOf(document, operation),
    types: typesIn(document, schema),
  };
  ofDocument.set(name, asked);
  return asked;
}

function variablesOf(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const uses = new Map<string, number>();
  visit(document, {
    // a declaration is no use
    VariableDefinition: () => false,
    Variable: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
  });
  const starts = operation.selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? (one.arguments ?? []) : []));
  const onlyStarts = new Set(
    starts.flatMap(({ name, value }) => (name.value === 'after' && value.kind === Kind.VARIABLE ? [value.name.value] : [])),
  );
  const names = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  return names.filter((name) => !(onlyStarts.has(name) && uses.get(name) === 1)).sort();
}

function typesIn(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  const types = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field() {
        const type = getNamedType(info.getType());
        if (!type) return;
        types.add(type.name);
        if (isAbstractType(type)) for (const { name } of schema.getPossibleTypes(type)) types.add(name);
      },
    }),
  );
  return types;
}
