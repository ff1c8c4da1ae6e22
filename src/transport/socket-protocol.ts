/**
 * The graphql-ws protocol over our connections. Apollo's pipeline never sees a socket, so everything that guards HTTP is done here
 * again: limits, rules, introspection, masking, context. A bad operation is answered for its id; only a message that isn't of the
 * protocol, or bad credentials, close the socket.
 */
import {
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
import type { Documents, Prepared } from './documents.ts';
import type { Translator } from './errors.ts';
import { checkIntrospection } from './introspection.ts';
import type { Metrics } from './metrics.ts';
import type { ListenOptions } from './options.ts';
import type { CloseReason, Connection } from './socket-connection.ts';

export interface SocketParts extends Pick<ListenOptions, 'schema' | 'config' | 'context' | 'clock' | 'logger' | 'fieldResolver'> {
  readonly authenticator: Authenticator;
  readonly documents: Documents;
  readonly translator: Translator;
  readonly metrics: Metrics;
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
    connectionInitWaitTimeout: parts.config.limits.socketInitTimeoutMs,
    onConnect: async (context) => {
      const { extra: connection } = context;
      connection.streams = () => Object.keys(context.subscriptions).length;
      connection.authorization = context.connectionParams?.authorization ?? context.connectionParams?.Authorization;
      const refused = await signInto(connection, parts);
      if (refused) connection.cut(refused);
      // the socket is closing with its reason already; this only keeps the protocol from acknowledging
      return refused === null;
    },
    onSubscribe: ({ extra: connection, subscriptions }: SocketContext, id, payload) => {
      const count = Object.keys(subscriptions).length;
      const answer =
        count > parts.config.limits.socketStreamsMax
          ? tooManyStreams(parts.config.limits.socketStreamsMax)
          : begin({ parts, connection, id, payload, prepared: parts.documents.prepare(payload.query) });
      if (Array.isArray(answer)) countOperation(parts, { kind: 'none', code: parts.translator.codeOf(answer[0]) });
      return answer;
    },
    // called for each message of each stream, and nearly none has errors: undefined sends the result as it is
    onNext: (_context, _id, _payload, { contextValue }, result) =>
      result.errors &&
      ({
        ...result,
        errors: show(result.errors, (contextValue as { requestId?: string }).requestId),
      } as FormattedExecutionResult),
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
  readonly prepared: Prepared;
}

/** What graphql-js needs to run it, or the errors for this id. */
function begin({ parts, connection, id, payload, prepared }: Begin): ExecutionArgs | readonly GraphQLError[] {
  if ('errors' in prepared) return prepared.errors;
  const { principal } = connection;
  const operation = getOperationAST(prepared.document, payload.operationName);
  if (!operation || !principal) {
    const message = payload.operationName
      ? 'The document has no operation of this name.'
      : 'The document has several operations: send "operationName".';
    return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
  }
  try {
    checkIntrospection(prepared.document, principal, parts.config);
    const key = payload.extensions?.idempotencyKey;
    const facts = { requestId: parts.newRequestId(), idempotencyKey: typeof key === 'string' ? key : null };
    const contextValue = parts.context(principal, facts);
    if (operation.operation !== 'subscription') connection.running.add(id);
    countOperation(parts, { kind: operation.operation, code: 'OK' });
    return {
      schema: parts.schema,
      document: prepared.document,
      contextValue,
      ...(payload.variables ? { variableValues: payload.variables } : {}),
      ...(payload.operationName ? { operationName: payload.operationName } : {}),
      ...(parts.fieldResolver ? { fieldResolver: parts.fieldResolver } : {}),
    };
  } catch (error) {
    return [wrapped(error)];
  }
}

const countOperation = ({ metrics }: SocketParts, operation: { kind: string; code: string }): void =>
  metrics.operation({ transport: 'socket', ...operation });
