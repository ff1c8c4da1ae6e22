/**
 * GraphQL over server-sent events, for networks that let no WebSocket through: the protocol of graphql-sse on the path of GraphQL over
 * HTTP. An operation has a stream of its own (POST or GET that accepts `text/event-stream`), or many share one that was reserved (PUT gives
 * the token, GET opens it, POST begins and DELETE ends an operation on it). Who may do what is decided as over HTTP.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { send, sendJson } from '../answer.ts';
import type { Authenticator } from '../authenticate.ts';
import { type BeginParts, type Begun, beginOperation } from '../begin-operation.ts';
import { JSON_TYPE, prefersEventStream } from '../content-type.ts';
import { statusFor } from '../errors.ts';
import { isOriginAllowed, setCorsHeaders } from '../headers.ts';
import { readJson } from '../request-body.ts';
import type { EventStream } from './event-stream.ts';
import { operationIdOf, type SentParameters, sentInAddress, sentInBody } from './parameters.ts';
import { refuse, type RunParts, runOperation } from './run.ts';
import type { Streams } from './streams.ts';

export interface SseParts extends BeginParts, RunParts {
  readonly authenticator: Authenticator;
  readonly streams: Streams;
}

const TOKEN_HEADER = 'x-graphql-event-stream-token';

/** Is the request of this protocol, rather than of GraphQL over HTTP? */
export const isOfEventStreams = (request: IncomingMessage): boolean =>
  request.method === 'PUT' ||
  request.method === 'DELETE' ||
  tokenOf(request) !== null ||
  ((request.method === 'GET' || request.method === 'POST') && prefersEventStream(request.headers.accept));

export type SseHttp = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

export function createSseHttp(parts: SseParts): SseHttp {
  return async (request, response, requestId) => {
    setCorsHeaders(request, response, parts.config);
    // as for sockets: a stream is no answer that a browser could keep from another page
    if (!isOriginAllowed(request, parts.config))
      throw new DomainError('FORBIDDEN', 'Pages of this origin may not open event streams here.');
    if (request.method === 'GET' && request.headers['content-type'] !== undefined)
      throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'A GET request has no body. Send it without a content type.');
    const exchange = { parts, request, response, requestId };
    const token = tokenOf(request);
    if (request.method === 'PUT') return reserve(exchange);
    if (token === null) return distinct(exchange);
    if (request.method === 'GET') return open(exchange, token);
    const stream = await ownStream(exchange, token);
    return request.method === 'DELETE' ? stop(exchange, stream) : begin(exchange, stream);
  };
}

interface Exchange {
  readonly parts: SseParts;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

function tokenOf({ headers, url = '' }: IncomingMessage): string | null {
  const header = headers[TOKEN_HEADER];
  if (typeof header === 'string') return header;
  return url.includes('token=') ? addressOf(url).get('token') : null;
}

const addressOf = (url: string): URLSearchParams => new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');

async function reserve({ parts, request, response }: Exchange): Promise<void> {
  const { authorization } = request.headers;
  const principal = await parts.authenticator.authenticate(authorization);
  parts.charge.admit(principal);
  send(response, { status: 201, type: 'text/plain', body: parts.streams.reserve(principal, authorization) });
}

/** The token is a ticket for this one time: browsers can't send a header along with it. */
async function open({ parts, request, response }: Exchange, token: string): Promise<void> {
  const stream = parts.streams.reserved(token);
  if (!stream) throw new DomainError('NOT_FOUND', 'There is no reservation of this token. Make one with PUT.');
  if (request.headers.authorization !== undefined) await checkOwner(parts, request, stream);
  if (stream.isOpen)
    throw new DomainError('STREAM_CONFLICT', 'The stream of this reservation is open already. Make another with PUT.');
  stream.open(response);
}

async function ownStream({ parts, request }: Exchange, token: string): Promise<EventStream> {
  const stream = parts.streams.reserved(token);
  if (stream) await checkOwner(parts, request, stream);
  else await parts.authenticator.authenticate(request.headers.authorization);
  if (!stream || stream.isOver) throw new DomainError('NOT_FOUND', 'There is no reservation of this token. Make one with PUT.');
  return stream;
}

/** @throws DomainError NOT_FOUND for another's, as for one that nobody has */
async function checkOwner(parts: SseParts, { headers }: IncomingMessage, { principal }: EventStream): Promise<Principal> {
  const asking = await parts.authenticator.authenticate(headers.authorization);
  if (principal?.tenantId === asking.tenantId && principal.actorId === asking.actorId) return asking;
  throw new DomainError('NOT_FOUND', 'There is no reservation of this token. Make one with PUT.');
}

/** A stream of its own. What is wrong with the document comes as its only message. */
async function distinct(exchange: Exchange): Promise<void> {
  const { parts, request, response } = exchange;
  const { authorization } = request.headers;
  const principal = await parts.authenticator.authenticate(authorization);
  if (request.method === 'DELETE') throw new DomainError('NOT_FOUND', 'Which stream? Send the token of its reservation.');
  parts.charge.admit(principal);
  const sent = await sentOf(exchange);
  const last = request.headers['last-event-id'];
  const begun = await beginOf(exchange, {
    principal,
    sent,
    ...(typeof last === 'string' && last !== '' ? { resumeAfter: last } : {}),
  });
  const isOfGet = request.method === 'GET' && 'kind' in begun && begun.kind === 'mutation';
  if (isOfGet) return refuseMutation(response);
  const stream = parts.streams.create(principal, authorization);
  if (response.destroyed) return stream.end();
  stream.open(response);
  const asked = { stream, id: null };
  return 'errors' in begun ? refuse(parts, asked, begun.errors) : runOperation(parts, asked, begun);
}

/** An operation on a stream that many share. What is wrong with it is answered here, as over HTTP. */
async function begin(exchange: Exchange, stream: EventStream): Promise<void> {
  const { parts, response, request } = exchange;
  if (request.method !== 'POST') return sendJson(response, 405, methods('GET, POST, PUT and DELETE'));
  const { principal } = stream;
  if (!principal) throw new DomainError('NOT_FOUND', 'There is no reservation of this token. Make one with PUT.');
  parts.charge.admit(principal);
  const sent = await sentOf(exchange);
  const id = operationIdOf(sent);
  if (stream.running.has(id))
    throw new DomainError('STREAM_CONFLICT', 'An operation with this operationId runs on the stream already.');
  const most = parts.config.limits.socketStreamsMax;
  if (stream.running.size >= most) {
    throw new DomainError('TOO_MANY_STREAMS', `This stream has ${most} operations running. Complete some first.`, {
      details: { allowed: most },
    });
  }
  // two requests with the same id at once: the first has it
  const place = { isShort: false, stop: () => {} };
  stream.running.set(id, place);
  const begun = await beginOf(exchange, { principal, sent });
  const isGone = stream.isOver || stream.running.get(id) !== place;
  if ('errors' in begun) {
    if (!isGone) stream.running.delete(id);
    return refusedAsHttp(exchange, begun.errors);
  }
  if (!isGone) stream.whenOpen(() => stream.running.get(id) === place && runOperation(parts, { stream, id }, begun));
  return send(response, { status: 202, type: 'text/plain', body: '' });
}

function stop({ request, response }: Exchange, stream: EventStream): void {
  const id = addressOf(request.url ?? '').get('operationId');
  if (id === null || id === '') throw new DomainError('BAD_REQUEST', 'Which operation? Send its operationId in the address.');
  const running = stream.running.get(id);
  stream.running.delete(id);
  running?.stop();
  send(response, { status: 200, type: 'text/plain', body: '' });
}

async function sentOf({ parts, request }: Exchange): Promise<SentParameters> {
  if (request.method === 'GET') return sentInAddress(addressOf(request.url ?? ''));
  const { limits } = parts.config;
  return sentInBody(await readJson(request, limits, limits.bodyMaxBytes));
}

interface Beginning {
  readonly principal: Principal;
  readonly sent: SentParameters;
  readonly resumeAfter?: string;
}

function beginOf({ parts, request, requestId }: Exchange, { principal, sent, ...resume }: Beginning): Begun | Promise<Begun> {
  const key = request.headers['idempotency-key'];
  const facts = { requestId, idempotencyKey: typeof key === 'string' ? key : null, ...resume };
  return beginOperation(parts, { transport: 'sse', principal, asked: sent, facts, says: (name) => request.headers[name] });
}

function refusedAsHttp({ parts, response, requestId }: Exchange, errors: Extract<Begun, { errors: unknown }>['errors']): void {
  const shown = parts.translator.showFirst(errors, requestId);
  const status = statusFor(shown[0]?.extensions?.code, JSON_TYPE);
  // 202 says that it was taken, so whatever wasn't needs another
  sendJson(response, status === 200 ? 400 : status, { errors: shown });
}

function refuseMutation(response: ServerResponse): void {
  response.setHeader('allow', 'POST');
  sendJson(response, 405, methods('POST for mutations'));
}

const methods = (which: string) => ({
  errors: [{ message: `Event streams take ${which}.`, extensions: { code: 'BAD_REQUEST' } }],
});
