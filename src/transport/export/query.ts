/** The document of an export: one operation with one list at its root. Whatever can't become a file is refused with what would be right. */
import {
  type DocumentNode,
  type FieldNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { DomainError } from '../../kernel/errors.ts';
import { type PlannedField, planRoot } from '../../read/plan.ts';
import type { Documents } from '../documents.ts';

/** The parser works through so many at most; how large a document may be is checked with the rest. */
const TOKENS_MAX = 10_000;

const refused = (message: string): DomainError => new DomainError('INVALID_INPUT', message, { path: ['query'] });

/**
 * The list that a document is about, by its form alone.
 * @throws INVALID_INPUT
 * @example listNamed('{ invoices { nodes { id } } }', null) // 'invoices'
 */
export const listNamed = (query: string, operationName: string | null): string =>
  listOf(parsed(query), operationName).field.name.value;

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: TOKENS_MAX });
  } catch (error) {
    throw refused(`query is no document of GraphQL: ${(error as Error).message}`);
  }
}

interface List {
  readonly operation: OperationDefinitionNode;
  readonly field: FieldNode;
}

function listOf(document: DocumentNode, operationName: string | null): List {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const named = operationName === null ? operations : operations.filter((one) => one.name?.value === operationName);
  const [operation] = named;
  if (named.length > 1) throw refused('query has several operations: say by operationName which one is meant.');
  if (!operation) throw refused(operationName === null ? 'query has no operation.' : `query has no operation ${operationName}.`);
  if (operation.operation !== 'query') throw refused(`An export reads: query must be a query, not a ${operation.operation}.`);
  const [field, ...others] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || others.length > 0)
    throw refused('query must have exactly one list at its root, for example { invoices { nodes { id } } }.');
  return { operation, field };
}

export interface AskedExport {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
}

/**
 * What is asked of the list, with its variables in place.
 * @throws INVALID_INPUT that names what is wrong with the document or its variables
 */
export function plannedList(schema: GraphQLSchema, documents: Documents, asked: AskedExport): PlannedField {
  const prepared = documents.prepare(asked.query);
  if ('errors' in prepared) throw wrongDocument(prepared.errors);
  const { document } = prepared;
  const { operation } = listOf(document, asked.operationName);
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], asked.variables, { maxErrors: 3 });
  if (errors) throw new DomainError('INVALID_INPUT', errors.map((error) => error.message).join(' '), { path: ['variables'] });
  const fragments = Object.fromEntries(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  const [list] = planRoot({ schema, fragments, variableValues: coerced }, operation);
  if (!list) throw refused('query leaves its list out: a @skip or @include says so.');
  return list;
}

function wrongDocument(errors: readonly GraphQLError[]): DomainError {
  const own = errors.map(({ originalError }) => originalError).find((error) => error instanceof DomainError);
  return refused(own?.message ?? errors.map((error) => error.message).join(' '));
}
