/**
 * GraphQL over HTTP on `/graphql`: our own integration over Apollo's pipeline, since it has to refuse before Apollo does
 * any work, choose the status, and send bytes that the read engine made. Order: method, content type, who is asking, body, run.
 */
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '../access/principal.ts';
import type { Config } from '../config.ts';
import { DomainError, isDomainError } from '../kernel/errors.ts';
import type { GraphContext } from '../write/context.ts';
import { type AnswerType, answerType, GRAPHQL_RESPONSE, JSON_TYPE } from './content-type.ts';
import { send, sendJson } from './answer.ts';
import { type AskedOperation, askedOperation } from './asked-operation.ts';
import type { Authenticator } from './authenticate.ts';
import type { BulkBodies } from './bulk-body.ts';
import type { Charge } from './cost/charge.ts';
import type { Documents } from './documents.ts';
import { statusFor, statusOf, type Translator } from './errors.ts';
import type { InFairTurn } from './fair-turns.ts';
import { executed } from './executed.ts';
import { setCorsHeaders } from './headers.ts';
import type { Metrics } from './metrics.ts';
import type { ListenOptions, RequestFacts } from './options.ts';
import type { Persisted } from './persisted.ts';

export interface GraphqlHttpParts extends Pick<ListenOptions, 'config' | 'context'> {
  readonly apollo: ApolloServer<GraphContext>;
  readonly authenticator: Authenticator;
  readonly documents: Documents;
  readonly charge: Charge;
  readonly persisted: Persisted;
  readonly inFairTurn: InFairTurn;
  readonly bodies: BulkBodies;
  readonly translator: Translator;
  readonly metrics: Metrics;
}

export type GraphqlHttp = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

export function createGraphqlHttp(parts: GraphqlHttpParts): GraphqlHttp {
  const { authenticator, charge, config, bodies } = parts;
  return async (request, response, requestId) => {
    setCorsHeaders(request, response, config);
    if (request.method !== 'POST' && request.method !== 'GET') return refuseMethod(request, response);
    const type = answerType(request.headers.accept);
    // before anything runs: Apollo would say so after the mutation was done
    if (type === null) return sendJson(response, 406, { errors: [NOT_ACCEPTABLE] });
    if (request.method === 'GET' && request.headers['content-type'] !== undefined)
      checkTypeOfGet(request.headers['content-type']);
    const principal = await authenticator.authenticate(request.headers.authorization);
    try {
      charge.admit(principal);
      const body = request.method === 'POST' ? checkBody(await bodies.read(request)) : undefined;
      const facts: RequestFacts = { requestId, idempotencyKey: idempotencyKeyOf(request) };
      await run({ parts, request, response, body, type, principal, facts });
    } catch (error) {
      if (isDomainError(error)) await slowDown(statusOf(error.code), config);
      throw error;
    }
  };
}

/** Who has spent its budget and asks on is answered a little late: refusing at full speed would take the time of all others. */
async function slowDown(status: number | undefined, { limits }: Pick<Config, 'limits'>): Promise<void> {
  if (status === statusOf('RATE_LIMITED')) await sleep(limits.rateLimitedDelayMs);
}

interface Run {
  readonly parts: GraphqlHttpParts;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: unknown;
  readonly type: AnswerType;
  readonly principal: Principal;
  readonly facts: RequestFacts;
}

async function run({ parts, request, response, type, principal, facts, ...sent }: Run): Promise<void> {
  const url = request.url ?? '';
  const operation = askedOperation(url.includes('?') ? url.slice(url.indexOf('?')) : '', sent.body);
  const prepared = await prepare({ ...parts, request }, operation, principal);
  if ('errors' in prepared) return refuseDocument(response, { parts, errors: prepared.errors, type, facts });
  const { search, body } = prepared;
  const isPlain = request.method === 'POST' && !TELLING.some((name) => request.headers[name] !== undefined);
  const headers = isPlain ? POSTED[type] : headersOf(request, type);
  const http: HTTPGraphQLRequest = { method: request.method ?? 'GET', headers, search, body };
  const context = parts.context(principal, facts);
  const { kept = (ready) => ready() } = prepared;
  const answer = await parts.inFairTurn(principal.tenantId, () => kept(() => executed(parts.apollo, http, context)));
  if (answer.status !== 200) await slowDown(answer.status, parts.config);
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  send(response, { status: answer.status, type: answer.headers.get('content-type') ?? type, body: answer.body });
}

interface Ready {
  readonly search: string;
  readonly body: unknown;
  /** Runs it while its document is kept. */
  kept?<T>(run: () => Promise<T>): Promise<T>;
}

/** The request with its document, or why the document is refused. @throws RATE_LIMITED */
async function prepare(
  { persisted, documents, charge, bodies, request }: GraphqlHttpParts & Pick<Run, 'request'>,
  operation: AskedOperation,
  principal: Principal,
): Promise<Ready | { readonly errors: readonly unknown[] }> {
  let text: string | undefined;
  try {
    text = await persisted.textOf(operation.asked, principal);
  } catch (error) {
    if (isDomainError(error)) charge.newDocument(principal);
    return { errors: [error] };
  }
  // whatever isn't a text is refused by Apollo, with the other parameters
  bodies.checkText(request, text);
  if (text === undefined) return operation.asSent;
  if (!documents.isKept(text)) charge.newDocument(principal);
  const prepared = documents.prepare(text);
  if ('errors' in prepared) return prepared;
  bodies.check(request, prepared.document);
  return { ...operation.withDocument(text, prepared.hash), kept: (execute) => documents.whileKept(text, prepared, execute) };
}

/** All that Apollo has to know of a body that we have read: no other page can have sent JSON without being asked. */
const posted = (type: AnswerType) =>
  new HeaderMap([
    ['apollo-require-preflight', 'true'],
    ['accept', type],
  ]);
const POSTED = { [JSON_TYPE]: posted(JSON_TYPE), [GRAPHQL_RESPONSE]: posted(GRAPHQL_RESPONSE) };

/** Clients say in them who they are. */
const TELLING = ['apollographql-client-name', 'apollographql-client-version'];

/** Apollo negotiates by itself again: leave it no choice. */
function headersOf({ headers }: IncomingMessage, type: AnswerType): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map.set('accept', type);
}

interface Refusal extends Pick<Run, 'parts' | 'type' | 'facts'> {
  readonly errors: readonly unknown[];
}

function refuseDocument(response: ServerResponse, { parts, errors, type, facts }: Refusal): void {
  const shown = parts.translator.showFirst(errors, facts.requestId);
  const code = String(shown[0]?.extensions?.code);
  parts.metrics.operation({ transport: 'http', kind: 'none', code });
  send(response, { status: statusFor(code, type), type, body: JSON.stringify({ errors: shown }) });
}

const NOT_ACCEPTABLE = {
  message: `None of the accepted content types can be sent. Accept "${JSON_TYPE}" or "application/graphql-response+json".`,
  extensions: { code: 'BAD_REQUEST' },
};

function refuseMethod(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'OPTIONS') {
    response.statusCode = 204;
    response.end();
    return;
  }
  response.setHeader('allow', 'GET, POST, PUT, DELETE');
  const message = 'GraphQL takes POST, and GET for queries; PUT and DELETE are for shared event streams.';
  sendJson(response, 405, { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
}

function checkTypeOfGet(type: string): void {
  if (!type.toLowerCase().startsWith(JSON_TYPE)) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'A GET request has no body. Send it without a content type.');
  }
}

function checkBody(body: unknown): unknown {
  if (Array.isArray(body))
    throw new DomainError('BAD_REQUEST', 'Batches of operations are not accepted. Send one operation per request.');
  if (typeof body !== 'object' || body === null)
    throw new DomainError('BAD_REQUEST', 'The body must be a JSON object with "query".');
  return body;
}

function idempotencyKeyOf(request: IncomingMessage): string | null {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
}
