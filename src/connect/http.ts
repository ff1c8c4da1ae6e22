/**
 * Requests to other systems: the one place that sends any. It follows no redirect, uses no proxy of the environment, ends at a deadline
 * and at a size, and connects only to addresses that were looked up and judged in the connection's own look-up, so that a name can't
 * lead elsewhere between the check and the request. Failures come as `ExternalError`, never as a library's error, which would carry our
 * headers and body into logs.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import axios from 'axios';
import { hostOf, isLoopback, isReachable, type Reach } from './address.ts';
import type { Judge } from './erp-http.ts';
import { ExternalError } from './external-error.ts';
import { type AnswerKind, readAnswer } from './http-answer.ts';
import { type QueryValues, withQuery } from './http-query.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Checked by `checkedBaseUrl` when it was entered. */
  readonly base: string;
  /** Below the base, beginning with `/`; it may have a query of its own. */
  readonly path: string;
  /** Added to the query of the path. */
  readonly query?: QueryValues;
  readonly headers?: Readonly<Record<string, string>>;
  /** As it was signed: JSON unless `contentType` says otherwise. */
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  /** How the answer is read; JSON unless told. */
  readonly answer?: AnswerKind;
  /** Statuses beside 2xx that are an answer, not a failure. */
  readonly accept?: readonly number[];
  readonly judge?: Judge;
  /** What must never come back in an error's words, beside the headers that are credentials. */
  readonly secrets?: readonly string[];
  readonly timeoutMs?: number;
  readonly bodyMaxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** By `answer`: parsed JSON (null for an empty body), text or bytes. What isn't JSON in an accepted status is text. */
  readonly body: unknown;
}

export interface HttpClient {
  /** @throws ExternalError for everything but a success (2xx), or an accepted status, with what was asked for or nothing in it */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Lets go of the connections that are kept. */
  close(): void;
}

type Resolve = (
  name: string,
  options: { readonly all: true },
  done: (error: Error | null, found: readonly LookupAddress[]) => void,
) => void;

export interface HttpClientOptions extends Reach {
  /** For a whole request, answer included. */
  readonly timeoutMs?: number;
  readonly bodyMaxBytes?: number;
  /** How many requests to one host may be under way; others wait, and their time runs. */
  readonly connectionsPerHostMaxCount?: number;
  /** How names become addresses; the system's way unless told. */
  readonly resolve?: Resolve;
}

const TIMEOUT_MS = 15_000;
const BODY_MAX_BYTES = 1_000_000;
const CONNECTIONS_PER_HOST = 16;
const ACCEPTED: Readonly<Record<AnswerKind, string>> = {
  JSON: 'application/json',
  EXACT_JSON: 'application/json',
  TEXT: '*/*',
  BYTES: '*/*',
  START: '*/*',
};
/** Headers whose values are credentials, ours or somebody's. */
const SECRET_HEADER = /authorization|signature|token|secret|key|cookie|password/i;

/** @example const answer = await createHttpClient({ allowsLoopback: false }).send({ method: 'GET', base, path: '/orders' }) */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { allowsLoopback, timeoutMs = TIMEOUT_MS, bodyMaxBytes = BODY_MAX_BYTES } = options;
  const resolve = options.resolve ?? systemLookup;
  const agent = { keepAlive: true, maxSockets: options.connectionsPerHostMaxCount ?? CONNECTIONS_PER_HOST };
  // plain http never leaves this machine, whatever a name turns out to be
  const httpAgent = new HttpAgent({
    ...agent,
    lookup: guarded(resolve, (address) => allowsLoopback && isLoopback(address)),
  });
  const httpsAgent = new HttpsAgent({
    ...agent,
    lookup: guarded(resolve, (address) => isReachable(address, { allowsLoopback })),
  });
  const client = axios.create({
    adapter: 'http',
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    // a packed answer could unfold to anything
    decompress: false,
    responseType: 'arraybuffer',
    transformRequest: [(data: unknown) => data],
    transformResponse: [],
    validateStatus: () => true,
  });
  return {
    async send(request) {
      const { method, body, headers = {}, contentType = 'application/json' } = request;
      const url = targetOf(request, { allowsLoopback });
      const at = `${method} ${url.origin}${url.pathname}`;
      const limits = { timeoutMs, bodyMaxBytes, ...request };
      const deadline = AbortSignal.timeout(limits.timeoutMs);
      const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
      const answerKind = request.answer ?? 'JSON';
      const standard = { accept: ACCEPTED[answerKind], 'accept-encoding': 'identity', 'user-agent': 'cashgraph' };
      const type = body === undefined ? {} : { 'content-type': contentType };
      const isStart = answerKind === 'START';
      const size = isStart
        ? { responseType: 'stream' as const }
        : { maxContentLength: limits.bodyMaxBytes, maxBodyLength: limits.bodyMaxBytes };
      const data = body instanceof Uint8Array ? Buffer.from(body) : body;
      const answer = await client
        .request<Buffer | Readable>({
          method,
          url: url.href,
          headers: { ...standard, ...headers, ...type },
          data,
          signal,
          ...size,
        })
        .catch((error: unknown) => {
          throw withoutAnswer(error, { at, timeoutMs: limits.timeoutMs, isLate: deadline.aborted });
        });
      const { accept = [], judge, secrets = [] } = request;
      const came = answer.data instanceof Readable ? await startOf(answer.data, limits.bodyMaxBytes) : Buffer.from(answer.data);
      const raw = { status: answer.status, headers: textHeaders(answer.headers), data: came };
      return readAnswer(raw, { at, answer: answerKind, accept, judge, secrets: [...secrets, ...secretsIn(headers)] });
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** What came of a body, up to a size or until it ends, breaks off or is late: the status has been said. */
async function startOf(body: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maxBytes) break; // which destroys the rest
    }
  } catch {
    // the rest will not come
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

/** Looks up once, judges every address of the name, and gives the connection those very addresses. */
function guarded(resolve: Resolve, mayReach: (address: string) => boolean): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error) return done(error, []);
      if (!first || !found.every(({ address }) => mayReach(address))) return done(new ForbiddenAddress(), []);
      return options.all ? done(null, [...found]) : done(null, first.address, first.family);
    });
  };
}

class ForbiddenAddress extends Error {}

const forbidden = (at: string) =>
  new ExternalError(`${at} was not sent: the address leads to this machine or into a private network.`, { kind: 'FORBIDDEN' });

/** Addresses written as such are never looked up, so they are judged here. */
function targetOf({ method, base, path, query = {} }: HttpRequest, reach: Reach): URL {
  const root = new URL(base);
  const below = root.pathname.replace(/\/$/, '');
  const url = withQuery(new URL(`${root.origin}${below}${path}`), query);
  const host = hostOf(url);
  const isPlain = url.protocol === 'http:';
  const isWrong = isPlain ? !isLoopback(host) && host !== 'localhost' : url.protocol !== 'https:';
  const isAllowed = isPlain ? reach.allowsLoopback : isIP(host) === 0 || isReachable(host, reach);
  const leaves = !path.startsWith('/') || url.origin !== root.origin || !url.pathname.startsWith(`${below}/`);
  if (isWrong || !isAllowed || leaves) throw forbidden(`${method} ${url.origin}${url.pathname}`);
  return url;
}

const NOTHING_SENT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host is out of reach',
  ENETUNREACH: 'the network is out of reach',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate can not be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

/** A library's error holds the whole request: only its code is looked at. */
function withoutAnswer(
  error: unknown,
  { at, timeoutMs, isLate }: { at: string; timeoutMs: number; isLate: boolean },
): ExternalError {
  const { cause, code = '', message = '' } = error as { cause?: unknown; code?: string; message?: string };
  if (cause instanceof ForbiddenAddress) return forbidden(at);
  const nothing = NOTHING_SENT[code];
  if (nothing !== undefined) return new ExternalError(`${at} could not be sent: ${nothing}.`, { kind: 'RETRYABLE' });
  const why = isLate ? `no answer within ${timeoutMs / 1_000} s` : (LOST[code] ?? lostBy(message));
  return new ExternalError(`${at} has no answer: ${why}.`, { kind: 'UNKNOWN_OUTCOME' });
}

const LOST: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ERR_CANCELED: 'it was given up here',
};
const lostBy = (message: string): string =>
  message.startsWith('maxContentLength') ? 'the answer is too large' : 'the connection broke';

/** Cookies stand on lines of their own, since a comma may be part of one. */
function textHeaders(headers: object): Readonly<Record<string, string>> {
  const entries = Object.entries(headers) as [string, unknown][];
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join('\n') : String(value)]));
}

/** Each header value that is a credential, whole and in its parts: what an answer that repeats our request must not bring back. */
const secretsIn = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers).flatMap(([name, value]) => (SECRET_HEADER.test(name) ? [value, ...value.split(/[\s,]+/)] : []));
