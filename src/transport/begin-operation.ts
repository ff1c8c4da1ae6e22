/**
 * An operation from its parameters to what graphql-js needs to run it, where Apollo's pipeline isn't: over sockets and event streams. All that
 * guards HTTP is done here again: budgets, persisted documents, limits, rules, introspection, cost. Running it is the caller's.
 */
import { type ExecutionArgs, getOperationAST, GraphQLError, type OperationTypeNode } from 'graphql';
import type { Principal } from '../access/principal.ts';
import type { Charge, ShownCost } from './cost/charge.ts';
import type { Documents } from './documents.ts';
import { checkIntrospection } from './introspection.ts';
import type { Metrics, Transport } from './metrics.ts';
import type { ListenOptions, RequestFacts } from './options.ts';
import type { AskedDocument, Persisted } from './persisted.ts';
import type { Translator } from './errors.ts';
import type { Usage } from './usage/usage.ts';

export interface BeginParts extends Pick<ListenOptions, 'schema' | 'config' | 'context' | 'fieldResolver'> {
  readonly documents: Documents;
  readonly charge: Charge;
  readonly persisted: Persisted;
  readonly usage: Usage;
  readonly metrics: Metrics;
  readonly translator: Translator;
}

export interface SentOperation extends AskedDocument {
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface Asking {
  readonly transport: Transport;
  readonly principal: Principal;
  readonly asked: SentOperation;
  readonly facts: RequestFacts;
  /** Headers, or parameters of the connection. */
  readonly says: (name: string) => unknown;
}

export interface BegunOperation {
  readonly kind: OperationTypeNode;
  readonly args: ExecutionArgs;
  readonly cost: ShownCost;
}

export type Begun = BegunOperation | { readonly errors: readonly GraphQLError[] };

/** At once, unless the document has to be looked up. */
export function beginOperation(parts: BeginParts, asking: Asking): Begun | Promise<Begun> {
  const refuse = (error: unknown): Begun => ({ errors: [wrapped(error)] });
  try {
    parts.charge.admit(asking.principal);
    const text = parts.persisted.textOf(asking.asked, asking.principal);
    if (typeof text !== 'object') return counted(parts, asking, begin(parts, asking, text ?? ''));
    return text
      .then((found) => begin(parts, asking, found ?? ''))
      .catch(refuse)
      .then((begun) => counted(parts, asking, begun));
  } catch (error) {
    return counted(parts, asking, refuse(error));
  }
}

export const wrapped = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) });

/** @throws DomainError for whatever isn't an error of the document */
function begin(parts: BeginParts, { principal, asked, facts, says }: Asking, text: string): Begun {
  if (!parts.documents.isKept(text)) parts.charge.newDocument(principal);
  const prepared = parts.documents.prepare(text);
  if ('errors' in prepared) return prepared;
  const { document } = prepared;
  const operation = getOperationAST(document, asked.operationName);
  if (!operation) {
    const message = asked.operationName
      ? 'The document has no operation of this name.'
      : 'The document has several operations: send "operationName".';
    return { errors: [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })] };
  }
  checkIntrospection(document, principal, parts.config);
  const used = { document, operation, variables: asked.variables };
  const cost = parts.charge.operation(principal, used);
  parts.usage.note(principal, used, says);
  const args = {
    schema: parts.schema,
    document,
    contextValue: parts.context(principal, facts),
    ...(asked.variables ? { variableValues: asked.variables } : {}),
    ...(asked.operationName ? { operationName: asked.operationName } : {}),
    ...(parts.fieldResolver ? { fieldResolver: parts.fieldResolver } : {}),
  };
  return { kind: operation.operation, args, cost };
}

function counted({ metrics, translator }: BeginParts, { transport }: Asking, begun: Begun): Begun {
  if ('errors' in begun) metrics.operation({ transport, kind: 'none', code: translator.codeOf(begun.errors[0]) });
  else metrics.operation({ transport, kind: begun.kind, code: 'OK' });
  return begun;
}
