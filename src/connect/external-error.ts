/**
 * What went wrong with a request to another system, sorted by what may be done about it. Its sentence may be shown and logged: it has
 * the address without its query and the other side's words, never our headers, body or credentials, and it carries no error of a library.
 */

/**
 * - RETRYABLE: nothing was done there; the same request may work later
 * - THROTTLED: the same, and it said when (`retryAfterMs`)
 * - UNKNOWN_OUTCOME: it may have been done: only a request that it knows again may be repeated
 * - AUTH: it does not accept our credentials
 * - CONFLICT: the record there is another than we thought
 * - REJECTED: it will not do this, however often it is asked
 * - FORBIDDEN: we may not send anything to that address; nothing was sent
 */
export type FailureKind = 'RETRYABLE' | 'THROTTLED' | 'UNKNOWN_OUTCOME' | 'AUTH' | 'CONFLICT' | 'REJECTED' | 'FORBIDDEN';

export interface ExternalErrorOptions {
  readonly kind: FailureKind;
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
  readonly words?: string;
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
}

export class ExternalError extends Error {
  override readonly name = 'ExternalError';
  readonly kind: FailureKind;
  /** Of its answer; null when there was none. */
  readonly status: number | null;
  /** How long it asked us to wait. */
  readonly retryAfterMs: number | null;
  /** What the other side said, shortened and without secrets; empty when it said nothing. */
  readonly words: string;
  /** Its own code for what is wrong, as the connector's `judge` found it. */
  readonly code: string | null;
  /** Its own id of the request, which its support asks for. */
  readonly requestId: string | null;

  constructor(message: string, { kind, status, retryAfterMs, words = '', code, requestId }: ExternalErrorOptions) {
    super(message);
    this.kind = kind;
    this.status = status ?? null;
    this.retryAfterMs = retryAfterMs ?? null;
    this.words = words;
    this.code = code ?? null;
    this.requestId = requestId ?? null;
  }
}

/** The kind of an answer that isn't a success. */
export function kindOfStatus(status: number, hasRetryAfter: boolean): FailureKind {
  if (status === 429 || (status === 503 && hasRetryAfter)) return 'THROTTLED';
  if (status === 503 || status === 408 || status === 425) return 'RETRYABLE';
  if (status === 401 || status === 403 || status === 407) return 'AUTH';
  if (status === 409 || status === 412 || status === 423) return 'CONFLICT';
  return status >= 500 && status !== 501 && status !== 505 ? 'UNKNOWN_OUTCOME' : 'REJECTED';
}

const DAY_MS = 86_400_000;

/** How long to wait by `Retry-After`: seconds, or a time that is taken against the answer's own `Date`. At most a day. */
export function retryAfterOf({ 'retry-after': text, date }: Readonly<Record<string, unknown>>): number | undefined {
  if (typeof text !== 'string') return undefined;
  const ms = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - Date.parse(String(date));
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
}

const WORDS_MAX_CHARS = 500;
const SAYING = ['message', 'detail', 'error_description', 'title', 'description', 'error'];

/** What a body says in words, as far as it can be told: the usual fields of JSON, or a short plain text. */
export function wordsOf(body: unknown, secrets: readonly string[]): string {
  const said = spoken(body, 0) ?? '';
  const clean = secrets.reduce((text, secret) => (secret.length < 6 ? text : text.replaceAll(secret, '[gone]')), said);
  return clean
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, WORDS_MAX_CHARS);
}

function spoken(body: unknown, depth: number): string | null {
  if (typeof body === 'string') return /^\s*</.test(body) ? null : body;
  if (depth > 3 || typeof body !== 'object' || body === null) return null;
  if (Array.isArray(body)) return spoken(body[0], depth + 1);
  const fields = body as Readonly<Record<string, unknown>>;
  const parts = [...SAYING.map((name) => fields[name]), fields['errors']];
  return parts.map((part) => spoken(part, depth + 1)).find((words) => words !== null && words !== '') ?? null;
}

/** How ERPs name the id of a request in their answers. */
const REQUEST_ID_HEADERS = ['intuit_tid', 'x-n-operationid', 'x-request-id', 'x-correlation-id', 'x-correlationid'];

export const requestIdOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  REQUEST_ID_HEADERS.map((name) => headers[name]).find((id) => id !== undefined && /^[\w.:-]{1,100}$/.test(id));
