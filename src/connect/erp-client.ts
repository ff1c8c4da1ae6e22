/**
 * Requests of a connector to its ERP: signed in, through the gate that all processes share, only to the connection's own hosts, repeated
 * with growing pauses where that can't do harm. It keeps no token, and never tells headers, bodies or values of a query to anybody.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../kernel/clock.ts';
import type { Randomness } from '../kernel/random.ts';
import type { AuthScheme, TokenStore } from './auth.ts';
import type { ErpAnswer, ErpHttp, ErpRequestOptions, Gate, Judge } from './erp-http.ts';
import { ExternalError, type FailureKind, requestIdOf } from './external-error.ts';
import type { HttpClient, HttpRequest } from './http.ts';
import { withQuery } from './http-query.ts';
import { requestSigner, type Signer } from './request-signer.ts';

export { requestTokens } from './token-request.ts';

export interface ErpHttpOptions {
  readonly http: HttpClient;
  /** Of the connector, for this connection: paths are below the first one. */
  readonly baseUrls: readonly string[];
  readonly auth: AuthScheme;
  readonly tokens: TokenStore;
  readonly gate: Gate;
  readonly judge?: Judge;
  readonly now: () => Date;
  readonly randomness: Randomness;
  /** Ends whatever is under way, and every pause. */
  readonly signal: AbortSignal;
  readonly retries?: Partial<Retries>;
  /** For one request, answer included; that of `http` unless told. */
  readonly timeoutMs?: number;
  readonly onTrace?: (trace: ErpTrace) => void;
}

export interface Retries {
  /** Attempts in all. */
  readonly maxCount: number;
  /** Before the second attempt, about; doubled for each further one, up to `pauseMaxMs`. */
  readonly pauseMs: number;
  readonly pauseMaxMs: number;
  /** No further attempt begins after this time. */
  readonly totalMs: number;
}

/** One attempt, as it may be logged. */
export interface ErpTrace {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Null: no answer came. */
  readonly status: number | null;
  /** Null: it went well. */
  readonly failure: FailureKind | null;
  readonly durationMs: number;
  readonly attempt: number;
  /** The ERP's own id of the request, which its support asks for. */
  readonly erpRequestId: string | null;
}

const RETRIES: Retries = { maxCount: 4, pauseMs: 500, pauseMaxMs: 20_000, totalMs: 120_000 };
/** As long as QuickBooks itself lets a request take. */
const TIMEOUT_MS = 120_000;
/** A page of a thousand invoices with their lines is some megabytes. */
const BODY_MAX_BYTES = 64_000_000;

/** @example const erp = createErpHttp({ http, baseUrls, auth, tokens, gate, now, randomness, signal }) */
export function createErpHttp(options: ErpHttpOptions): ErpHttp {
  const work: Work = {
    ...options,
    sign: requestSigner(options),
    retries: { ...RETRIES, ...options.retries },
  };
  const by =
    (method: HttpRequest['method']) =>
    (path: string, asked: ErpRequestOptions = {}) =>
      repeated(work, { method, path, asked });
  return { get: by('GET'), post: by('POST'), put: by('PUT'), patch: by('PATCH'), delete: by('DELETE'), head: by('HEAD') };
}

interface Work extends ErpHttpOptions {
  readonly sign: Signer;
  readonly retries: Retries;
}

interface Asked {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly asked: ErpRequestOptions;
}

const MAY_WORK_LATER = new Set<FailureKind>(['RETRYABLE', 'THROTTLED', 'UNKNOWN_OUTCOME']);

async function repeated(work: Work, request: Asked): Promise<ErpAnswer> {
  const { retries, signal, randomness } = work;
  const { method, asked } = request;
  const isRepeatable = asked.isRepeatable ?? (method === 'GET' || method === 'HEAD');
  const startMs = monotonicMs();
  for (let attempt = 1; ; attempt++) {
    const outcome = await throughGate(work, () => signedIn(work, request, attempt));
    if (!(outcome instanceof ExternalError)) return outcome;
    const isLast = attempt >= retries.maxCount || !isRepeatable || !MAY_WORK_LATER.has(outcome.kind) || signal.aborted;
    const pauseMs = Math.max(outcome.retryAfterMs ?? 0, backOff(retries, attempt, randomness));
    if (isLast || monotonicMs() - startMs + pauseMs > retries.totalMs) throw outcome;
    await sleep(pauseMs, undefined, { signal }).catch(() => {
      throw outcome;
    });
  }
}

/** A refusal of the gate itself is thrown: it has waited as long as it may. */
async function throughGate({ gate, signal }: Work, send: () => Promise<ErpAnswer>): Promise<ErpAnswer | ExternalError> {
  await gate.enter(signal);
  try {
    return await send();
  } catch (error) {
    if (error instanceof ExternalError) return error;
    throw error;
  } finally {
    await gate.leave();
  }
}

/** Half of it is chance, so that those who were refused together don't come back together. */
function backOff({ pauseMs, pauseMaxMs }: Retries, attempt: number, randomness: Randomness): number {
  const fullMs = Math.min(pauseMs * 2 ** (attempt - 1), pauseMaxMs);
  const [chance = 0] = randomness.bytes(1);
  return Math.round(fullMs / 2 + (fullMs / 2) * (chance / 255));
}

/** A token that was refused is replaced once: nothing was done there, so any request may go again. */
async function signedIn(work: Work, request: Asked, attempt: number): Promise<ErpAnswer> {
  const first = await attempted(work, request, { attempt });
  if ('answer' in first) return first.answer;
  const { error, token } = first;
  if (token === undefined || error.kind !== 'AUTH' || error.status === 403) throw error;
  const second = await attempted(work, request, { attempt, refused: token });
  if ('answer' in second) return second.answer;
  throw second.error;
}

interface Attempt {
  readonly attempt: number;
  readonly refused?: string;
}

type Outcome = { readonly answer: ErpAnswer } | { readonly error: ExternalError; readonly token?: string | undefined };

async function attempted(work: Work, { method, path, asked }: Asked, { attempt, refused }: Attempt): Promise<Outcome> {
  const { http, baseUrls, judge, signal, onTrace, gate } = work;
  const target = targetOf(baseUrls, path, method);
  const url = withQuery(new URL(`${target.base}${target.path}`), asked.query);
  const signed = await work.sign({ method, url, refused });
  const startMs = monotonicMs();
  const trace = (status: number | null, failure: FailureKind | null, id: string | undefined) =>
    onTrace?.({
      method,
      path: url.pathname,
      status,
      failure,
      durationMs: Math.round(monotonicMs() - startMs),
      attempt,
      erpRequestId: id ?? null,
    });
  try {
    const answer = await http.send({
      ...bodyOf(asked),
      ...target,
      method,
      ...(asked.query ? { query: asked.query } : {}),
      headers: { ...lowerCase(asked.headers), ...signed.headers },
      answer: asked.answer === undefined || asked.answer === 'JSON' ? 'EXACT_JSON' : asked.answer,
      accept: asked.accept ?? [],
      ...(judge ? { judge } : {}),
      secrets: signed.secrets,
      timeoutMs: work.timeoutMs ?? TIMEOUT_MS,
      bodyMaxBytes: BODY_MAX_BYTES,
      signal,
    });
    trace(answer.status, null, requestIdOf(answer.headers));
    await gate.answered();
    return { answer };
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    trace(error.status, error.kind, error.requestId ?? undefined);
    if (!signal.aborted) await tell(gate, error);
    return { error, token: signed.token };
  }
}

/** No answer, or a fault of theirs, speaks for a system that is down; everything else is an answer. */
async function tell(gate: Gate, error: ExternalError): Promise<void> {
  if (error.kind === 'FORBIDDEN') return;
  if (error.kind === 'THROTTLED') await gate.throttled(error.retryAfterMs);
  if (error.kind === 'RETRYABLE' || error.kind === 'UNKNOWN_OUTCOME') return gate.failed(error);
  return gate.answered();
}

/** A whole address, such as a page link that the ERP gave, must keep scheme, host and port of one of the connection's own. */
function targetOf(baseUrls: readonly string[], path: string, method: string): { readonly base: string; readonly path: string } {
  const [first] = baseUrls;
  if (first === undefined) throw new Error('A connection needs at least one base URL.');
  if (path.startsWith('/')) return { base: first.replace(/\/$/, ''), path };
  const url = URL.canParse(path) ? new URL(path) : null;
  const isOurs = url !== null && baseUrls.some((base) => new URL(base).origin === url.origin);
  if (url === null || !isOurs || url.username !== '' || url.password !== '') {
    const where = url === null ? 'An address that is none' : `${method} ${url.origin}${url.pathname}`;
    throw new ExternalError(`${where} was not sent: it leads away from the connection's own addresses.`, { kind: 'FORBIDDEN' });
  }
  return { base: url.origin, path: `${url.pathname}${url.search}` };
}

function bodyOf({ body, contentType }: ErpRequestOptions): Pick<HttpRequest, 'body' | 'contentType'> {
  if (body === undefined) return {};
  const type = contentType === undefined ? {} : { contentType };
  return { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body), ...type };
}

const lowerCase = (headers: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
