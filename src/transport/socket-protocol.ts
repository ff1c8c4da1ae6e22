/**
 * The graphql-ws protocol over our connections. Apollo's pipeline never sees a socket, so everything that guards HTTP is done here
 * again: limits, rules, introspection, masking, context. A bad operation is answered for its id; only a message that isn't of the
 * protocol, or bad credentials, close the socket.
 */
import {
  execute,
  type ExecutionArgs,
  type FormattedExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { Principal } from '../access/principal.ts';
import { DomainError, isDomainError } from '../kernel/errors.ts';
import type { Authenticator } from './authenticate.ts';
import type { Charge, ShownCost } from './cost/charge.ts';
import type { Documents } from './documents.ts';
import type { Translator } from './errors.ts';
import type { GraphContext } from '../write/context.ts';
import type { InFairTurn } from './fair-turns.ts';
import { checkIntrospection } from './introspection.ts';
import type { Metrics } from './metrics.ts';
import type { ListenOptions } from './options.ts';
import type { AskedDocument, Persisted } from './persisted.ts';
import type { CloseReason, Connection } from './socket-connection.ts';
import { unauthenticated } from './token.ts';
import type { Usage } from './usage/usage.ts';

export interface SocketParts extends Pick<ListenOptions, 'schema' | 'config' | 'context' | 'clock' | 'logger' | 'fieldResolver'> {
  readonly authenticator: Authenticator;
  readonly documents: Documents;
  readonly translator: Translator;
  readonly metrics: Metrics;
  readonly charge: Charge;
  readonly persisted: Persisted;
  readonly usage: Usage;
  readonly inFairTurn: InFairTurn;
  readonly newRequestId: () => string;
  /** How many sockets this login has open, this one included. */
  readonly socketsOf: (principal: Principal) => number;
}

type Params = { readonly authorization?: unknown; readonly Authorization?: unknown };
type SocketContext = Context<Params, Connection>;

export function createProtocol(parts: SocketParts): Server<Connection> {
  const show = (errors: readonly unknown[], requestId?: string): GraphQLFormattedError[] =>
    errors.slice(0, parts.config.limits.errorsShownMax).map((error) => parts.translator.show(error, requestId));
  return makeServer<Params, Connection>({
    execute: (args) => {
      const { tenantId } = (args.contextValue as GraphContext).principal;
      return parts.inFairTurn(tenantId, async () => execute(args));
    },
    connectionInitWaitTimeout: parts.config.limits.socketInitTimeoutMs,
    onConnect: async (context) => {
      const { extra: connection } = context;
      connection.streams = () => Object.keys(context.subscriptions).length;
      connection.says = (name) => (context.connectionParams as Readonly<Record<string, unknown>> | undefined)?.[name];
      connection.authorization = context.connectionParams?.authorization ?? context.connectionParams?.Authorization;
      const refused = await signInto(connection, parts);
      if (refused) connection.cut(refused);
      // the socket is closing with its reason already; this only keeps the protocol from acknowledging
      return refused === null;
    },
    onSubscribe: ({ extra: connection, subscriptions }: SocketContext, id, payload) => {
      const most = parts.config.limits.socketStreamsMax;
      const begun = Object.keys(subscriptions).length > most ? tooManyStreams(most) : begin({ parts, connection, id, payload });
      return begun instanceof Promise ? begun.then((answer) => counted(parts, answer)) : counted(parts, begun);
    },
    // called for each message of each stream, and nearly none has errors: undefined sends the result as it is
    onNext: (_context, _id, _payload, { contextValue }, result) => {
      const cost = COSTS.get(contextValue as object);
      if (!result.errors && !cost) return undefined;
      const errors = result.errors && show(result.errors, (contextValue as { requestId?: string }).requestId);
      const shown = { ...result, ...(errors ? { errors } : {}), ...(cost ? { extensions: { ...result.extensions, cost } } : {}) };
      return shown as FormattedExecutionResult;
    },
    onError: ({ extra: connection }, id, _payload, errors) => {
      connection.running.delete(id);
      return show(errors);
    },
    onComplete: ({ extra: connection }, id) => void connection.running.delete(id),
  });
}

/** Null when the credentials hold; else why the socket has to close. */
export async function signInto(
  connection: Connection,
  parts: Pick<SocketParts, 'authenticator' | 'config' | 'clock' | 'socketsOf' | 'logger'>,
): Promise<CloseReason | null> {
  try {
    const before = connection.principal;
    const principal = await parts.authenticator.authenticate(connection.authorization);
    if (before && accessOf(before) !== accessOf(principal)) return 'accessChanged';
    connection.principal = principal;
    connection.verifiedAtMs = parts.clock.now().getTime();
    return before === null && parts.socketsOf(principal) > parts.config.limits.socketsPerPrincipalMax ? 'tooManySockets' : null;
  } catch (error) {
    if (isDomainError(error) && error.code === 'TOKEN_EXPIRED') return 'expired';
    if (isDomainError(error) && error.code === 'UNAUTHENTICATED') return 'unauthorized';
    parts.logger.warn({ err: error }, 'a socket could not be signed in');
    return 'tryLater';
  }
}

/** Streams were started with these rights: when they change, the client has to start again. */
const accessOf = ({ tenantId, actorId, roles, grants, portal }: Principal): string =>
  JSON.stringify([tenantId, actorId, roles, [...grants], portal]);

const tooManyStreams = (max: number): GraphQLError[] => [
  wrapped(
    new DomainError('TOO_MANY_STREAMS', `This connection has ${max} operations running. Complete some first.`, {
      details: { allowed: max },
    }),
  ),
];

const wrapped = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) });

interface Begin {
  readonly parts: SocketParts;
  readonly connection: Connection;
  readonly id: string;
  readonly payload: SubscribePayload;
}

type Begun = ExecutionArgs | readonly GraphQLError[];

function counted(parts: SocketParts, begun: Begun): Begun {
  if (Array.isArray(begun)) countOperation(parts, { kind: 'none', code: parts.translator.codeOf(begun[0]) });
  return begun;
}

/** What queries and mutations were charged, by their context: their only answer shows it. A stream pays once, at its start. */
const COSTS = new WeakMap<object, ShownCost>();

/** What graphql-js needs to run it, or the errors for this id; at once, unless the document has to be looked up. */
function begin(it: Begin): Begun | Promise<Begun> {
  const { parts, connection, payload } = it;
  const { principal } = connection;
  if (!principal) return [wrapped(unauthenticated())];
  const refuse = (error: unknown) => [wrapped(error)];
  try {
    parts.charge.admit(principal);
    const text = parts.persisted.textOf(askedIn(payload), principal);
    if (typeof text !== 'object') return run(it, text ?? '', principal);
    return text.then((found) => run(it, found ?? '', principal)).catch(refuse);
  } catch (error) {
    return refuse(error);
  }
}

/** A message of the protocol has always a query, which is empty where the document is named by `extensions`. */
function askedIn({ query, extensions }: SubscribePayload): AskedDocument {
  const documentId = extensions?.['documentId'];
  return { query, ...(extensions ? { extensions } : {}), ...(documentId === undefined ? {} : { documentId }) };
}

function run({ parts, connection, id, payload }: Begin, text: string, principal: Principal): Begun {
  if (!parts.documents.isKept(text)) parts.charge.newDocument(principal);
  const prepared = parts.documents.prepare(text);
  if ('errors' in prepared) return prepared.errors;
  const operation = getOperationAST(prepared.document, payload.operationName);
  if (!operation) {
    const message = payload.operationName
      ? 'The document has no operation of this name.'
      : 'The document has several operations: send "operationName".';
    return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
  }
  const { document } = prepared;
  checkIntrospection(document, principal, parts.config);
  const asked = { document, operation, variables: payload.variables };
  const cost = parts.charge.operation(principal, asked);
  parts.usage.note(principal, asked, connection.says);
  const key = payload.extensions?.idempotencyKey;
  const facts = { requestId: parts.newRequestId(), idempotencyKey: typeof key === 'string' ? key : null };
  const contextValue = parts.context(principal, facts);
  if (operation.operation !== 'subscription') {
    connection.running.add(id);
    COSTS.set(contextValue, cost);
  }
  countOperation(parts, { kind: operation.operation, code: 'OK' });
  return {
    schema: parts.schema,
    document,
    contextValue,
    ...(payload.variables ? { variableValues: payload.variables } : {}),
    ...(payload.operationName ? { operationName: payload.operationName } : {}),
    ...(parts.fieldResolver ? { fieldResolver: parts.fieldResolver } : {}),
  };
}

const countOperation = ({ metrics }: SocketParts, operation: { kind: string; code: string }): void =>
  metrics.operation({ transport: 'socket', ...operation });
