/**
 * GraphQL over HTTP on `/graphql`: our own integration over `executeHTTPGraphQLRequest`, since it has to refuse before Apollo does
 * any work, choose the status, and send bytes that the read engine made. Order: method, content type, who is asking, body, run.
 */
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../access/principal.ts';
import { DomainError } from '../kernel/errors.ts';
import type { GraphContext } from '../write/context.ts';
import { type AnswerType, answerType, JSON_TYPE } from './content-type.ts';
import { send, sendJson } from './answer.ts';
import type { Authenticator } from './authenticate.ts';
import type { Documents } from './documents.ts';
import { statusFor, type Translator } from './errors.ts';
import { setCorsHeaders } from './headers.ts';
import type { Metrics } from './metrics.ts';
import type { ListenOptions, RequestFacts } from './options.ts';
import { readJson } from './request-body.ts';

export interface GraphqlHttpParts extends Pick<ListenOptions, 'config' | 'context'> {
  readonly apollo: ApolloServer<GraphContext>;
  readonly authenticator: Authenticator;
  readonly documents: Documents;
  readonly translator: Translator;
  readonly metrics: Metrics;
}

export type GraphqlHttp = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

export function createGraphqlHttp(parts: GraphqlHttpParts): GraphqlHttp {
  const { authenticator, config } = parts;
  return async (request, response, requestId) => {
    setCorsHeaders(request, response, config);
    if (request.method !== 'POST' && request.method !== 'GET') return refuseMethod(request, response);
    const type = answerType(request.headers.accept);
    // before anything runs: Apollo would say so after the mutation was done
    if (type === null) return sendJson(response, 406, { errors: [NOT_ACCEPTABLE] });
    if (request.method === 'GET' && request.headers['content-type'] !== undefined)
      checkTypeOfGet(request.headers['content-type']);
    const principal = await authenticator.authenticate(request.headers.authorization);
    const body = request.method === 'POST' ? checkBody(await readJson(request, config.limits)) : undefined;
    const facts: RequestFacts = { requestId, idempotencyKey: idempotencyKeyOf(request) };
    await run({ parts, request, response, body, type, principal, facts });
  };
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

async function run({ parts, request, response, body, type, principal, facts }: Run): Promise<void> {
  const search = request.url?.includes('?') === true ? request.url.slice(request.url.indexOf('?')) : '';
  const query = body === undefined ? new URLSearchParams(search).get('query') : (body as { query?: unknown }).query;
  // whatever isn't a text is refused by Apollo, with the other parameters
  const prepared = typeof query === 'string' && query !== '' ? parts.documents.prepare(query) : undefined;
  if (prepared && 'errors' in prepared) return refuseDocument(response, { parts, errors: prepared.errors, type, facts });
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  // Apollo negotiates by itself again: leave it no choice
  headers.set('accept', type);
  const answer = await parts.apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body },
    context: async () => parts.context(principal, facts),
  });
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  // @defer and @stream aren't part of the schema, so there is never a second part
  if (answer.body.kind !== 'complete') throw new Error('Apollo answered in parts.');
  send(response, { status: answer.status ?? 200, type: answer.headers.get('content-type') ?? type, body: answer.body.string });
}

interface Refusal extends Pick<Run, 'parts' | 'type' | 'facts'> {
  readonly errors: readonly unknown[];
}

function refuseDocument(response: ServerResponse, { parts, errors, type, facts }: Refusal): void {
  const shown = errors.slice(0, parts.config.limits.errorsShownMax).map((error) => parts.translator.show(error, facts.requestId));
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
  response.setHeader('allow', 'GET, POST');
  const message = 'GraphQL takes POST, and GET for queries.';
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
