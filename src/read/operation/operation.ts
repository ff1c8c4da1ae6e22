/** What is known of an operation of a document whoever runs it: its variables, its fragments, and whether the read engine may answer it whole. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isInputType,
  isObjectType,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { requireFreshDirective } from '../fresh.ts';
import { rootKindOf } from './root.ts';
import type { Variable } from './variables.ts';

export interface Operation {
  readonly schema: GraphQLSchema;
  readonly definition: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: readonly Variable[];
}

interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

const known = new WeakMap<OperationDefinitionNode, Operation | null>();

/**
 * An operation that the read engine can answer. Null for whatever only the ordinary path can do: other root fields, fields with a
 * resolver of their own, reading anew from an ERP.
 */
export function wholeOperation(asked: Asked): Operation | null {
  const before = known.get(asked.operation);
  if (before !== undefined) return before;
  const operation = operationOf(asked);
  known.set(asked.operation, operation);
  return operation;
}

function operationOf({ schema, document, operation: definition }: Asked): Operation | null {
  if (definition.operation !== 'query' || !isOfEngine(schema, document)) return null;
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const node of document.definitions) if (node.kind === 'FragmentDefinition') fragments[node.name.value] = node;
  const variables = (definition.variableDefinitions ?? []).flatMap(({ variable, type }): Variable[] => {
    const found = typeFromAST(schema, type as never);
    return found && isInputType(found) ? [{ name: variable.name.value, type: found }] : [];
  });
  return { schema, definition, fragments, variables };
}

/** Of every operation and fragment of the document: more than one operation in it is rare. */
function isOfEngine(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let isOurs = true;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        if (node.name.value === '__typename') return;
        const field = types.getFieldDef();
        const parent = types.getParentType();
        const isResolved =
          parent === schema.getQueryType() ? field && !rootKindOf(field) : isObjectType(parent) && field?.resolve;
        if (!field || isResolved) isOurs = false;
      },
      Directive(node) {
        if (node.name.value === requireFreshDirective.name) isOurs = false;
      },
    }),
  );
  return isOurs;
}
