/**
 * The graphql-ws protocol over our connections. Apollo's pipeline never sees a socket, so everything that guards HTTP is done here
 * again: limits, rules, introspection, masking, context. A bad operation is answered for its id; only a message that isn't of the
 * protocol, or bad credentials, close the socket.
 */
import { execute, type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult, type GraphQLError } from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { Principal } from '../access/principal.ts';
import { DomainError } from '../kernel/errors.ts';
import { takeLogPosition } from '../read/log-position.ts';
import type { GraphContext } from '../write/context.ts';
import { type SentOperation, type BeginParts, type Begun, beginOperation, wrapped } from './begin-operation.ts';
import type { ShownCost } from './cost/charge.ts';
import type { InFairTurn } from './fair-turns.ts';
import type { Hub } from './live/hub.ts';
import { type SignInParts, signInto } from './recheck.ts';
import type { CloseReason, Connection } from './socket-connection.ts';
import { SocketStream } from './socket-stream.ts';
import { unauthenticated } from './token.ts';

export interface SocketParts extends BeginParts, SignInParts {
  readonly inFairTurn: InFairTurn;
  readonly hub: Hub;
  readonly newRequestId: () => string;
  /** Counts the socket for its login; gives how many that has open, this one included. */
  readonly signedIn: (connection: Connection, principal: Principal) => number;
}

type Params = { readonly authorization?: unknown; readonly Authorization?: unknown };
type SocketContext = Context<Params, Connection>;

export function createProtocol(parts: SocketParts): Server<Connection> {
  const { translator } = parts;
  return makeServer<Params, Connection>({
    execute: (args) => {
      const { tenantId } = (args.contextValue as GraphContext).principal;
      return parts.inFairTurn(tenantId, async () => {
        await takeLogPosition(args.contextValue as GraphContext, args.document);
        return execute(args);
      });
    },
    subscribe: (args) => follow(parts, args),
    // its timer would be kept as long as the socket
    connectionInitWaitTimeout: 0,
    onConnect: async (context) => {
      const { extra: connection } = context;
      connection.begin(context);
      connection.authorization = context.connectionParams?.authorization ?? context.connectionParams?.Authorization;
      const refused = await signedIn(connection, parts);
      if (refused) connection.cut(refused);
      // the socket is closing with its reason already; this only keeps the protocol from acknowledging
      return refused === null;
    },
    onSubscribe: ({ extra: connection, subscriptions }: SocketContext, id, payload) => {
      const most = parts.config.limits.socketStreamsMax;
      if (Object.keys(subscriptions).length <= most) return begin({ parts, connection, id, payload });
      parts.metrics.operation({ transport: 'socket', kind: 'none', code: 'TOO_MANY_STREAMS' });
      return tooManyStreams(most);
    },
    // not for what streams bring: that goes past the protocol; undefined sends the result as it is
    onNext: (_context, _id, _payload, { contextValue }, result) => {
      const cost = COSTS.get(contextValue as object);
      if (!result.errors && !cost) return undefined;
      const errors = result.errors && translator.showFirst(result.errors, (contextValue as { requestId?: string }).requestId);
      const shown = { ...result, ...(errors ? { errors } : {}), ...(cost ? { extensions: { ...result.extensions, cost } } : {}) };
      return shown as FormattedExecutionResult;
    },
    onError: ({ extra: connection }, id, _payload, errors) => {
      connection.done(id);
      return translator.showFirst(errors);
    },
    onComplete: ({ extra: connection }, id) => connection.done(id),
  });
}

/** Null when the credentials hold; else why the socket has to close. */
async function signedIn(connection: Connection, parts: SocketParts): Promise<CloseReason | null> {
  const refused = await signInto(connection, parts);
  if (refused !== null || connection.principal === null) return refused;
  return parts.signedIn(connection, connection.principal) > parts.config.limits.socketsPerPrincipalMax ? 'tooManySockets' : null;
}

const tooManyStreams = (max: number): GraphQLError[] => [
  wrapped(
    new DomainError('TOO_MANY_STREAMS', `This connection has ${max} operations running. Complete some first.`, {
      details: { allowed: max },
    }),
  ),
];

/** What queries and mutations were charged, by their context: their only answer shows it. A stream pays once, at its start. */
const COSTS = new WeakMap<object, ShownCost>();

/** What the protocol would keep for as long as a stream runs, and needs no more. */
const FORGOTTEN = {
  payload: { query: '', variables: null, extensions: null },
  args: { contextValue: null, variableValues: null },
};

/** Where the messages of a stream go, by its context, until it is followed. */
const STREAMS = new WeakMap<object, SocketStream>();

/** For the protocol a stream is an iterable that only ends: its messages are written by the hub. */
async function follow({ hub }: SocketParts, args: ExecutionArgs): Promise<AsyncGenerator<never> | ExecutionResult> {
  const stream = STREAMS.get(args.contextValue as object);
  if (!stream) throw new Error('A stream that nobody asked for.');
  const followed = await hub.follow(args, stream);
  if ('errors' in followed) return followed;
  Object.assign(args, FORGOTTEN.args);
  return stream.until(followed);
}

interface Begin {
  readonly parts: SocketParts;
  readonly connection: Connection;
  readonly id: string;
  readonly payload: SubscribePayload;
}

type Answered = ExecutionArgs | readonly GraphQLError[];

/** What graphql-js needs to run it, or the errors for this id; at once, unless the document has to be looked up. */
function begin(it: Begin): Answered | Promise<Answered> {
  const { parts, connection, payload } = it;
  const { principal } = connection;
  if (!principal) return [wrapped(unauthenticated())];
  const key = payload.extensions?.idempotencyKey;
  const begun = beginOperation(parts, {
    transport: 'socket',
    principal,
    asked: askedIn(payload),
    facts: { requestId: parts.newRequestId(), idempotencyKey: typeof key === 'string' ? key : null },
    says: (name) => connection.says(name),
  });
  return begun instanceof Promise ? begun.then((one) => taken(it, one)) : taken(it, begun);
}

/** A message of the protocol has always a query, which is empty where the document is named by `extensions`. */
function askedIn({ query, operationName, variables, extensions }: SubscribePayload): SentOperation {
  const documentId = extensions?.['documentId'];
  const named = { ...(extensions ? { extensions } : {}), ...(documentId === undefined ? {} : { documentId }) };
  return { query, operationName, variables, ...named };
}

function taken({ connection, id, payload }: Begin, begun: Begun): Answered {
  if ('errors' in begun) return begun.errors;
  const { kind, args, cost } = begun;
  const context = args.contextValue as object;
  if (kind === 'subscription') {
    STREAMS.set(context, new SocketStream(connection, id));
    Object.assign(payload, FORGOTTEN.payload);
  } else {
    connection.begun(id);
    COSTS.set(context, cost);
  }
  return args;
}
