/**
 * What becomes of another system's answer: what was asked for, or an `ExternalError` of the right kind. A page of HTML with a success
 * (of a proxy, a sign-in) is never an answer, and an answer of success is shown to the connector's judge before it is believed.
 */
import type { Judge } from './erp-http.ts';
import { ExternalError, kindOfStatus, requestIdOf, retryAfterOf, wordsOf } from './external-error.ts';
import { parseJson } from './json-text.ts';

/** JSON: as JavaScript reads it. EXACT_JSON: as `parseJson` does, no digit lost. START: the first bytes of it; what is beyond is not waited for. */
export type AnswerKind = 'JSON' | 'EXACT_JSON' | 'TEXT' | 'BYTES' | 'START';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Buffer;
}

export interface ReadOptions {
  /** What was asked, for sentences: method and address without its query. */
  readonly at: string;
  readonly answer: AnswerKind;
  readonly accept: readonly number[];
  readonly judge: Judge | undefined;
  readonly secrets: readonly string[];
}

/** @throws ExternalError */
export function readAnswer({ status, headers, data }: RawAnswer, { at, answer, accept, judge, secrets }: ReadOptions) {
  const isSuccess = status >= 200 && status <= 299;
  const isBinary = (answer === 'BYTES' || answer === 'START') && (isSuccess || accept.includes(status));
  const text = isBinary && !isJson(headers) ? '' : data.toString('utf8');
  const wantsJson = answer === 'JSON' || answer === 'EXACT_JSON';
  const parsed = wantsJson || isJson(headers) || !isSuccess ? jsonIn(text, answer) : undefined;
  const body = wantsJson ? parsed : isBinary ? new Uint8Array(data) : text;
  const retryAfterMs = retryAfterOf(headers);
  const requestId = requestIdOf(headers);
  const fail = (kind: ExternalError['kind'], said: string, more: { words?: string; code?: string | undefined } = {}) =>
    new ExternalError(`${at} answered ${said}`, { kind, status, retryAfterMs, requestId, ...more });

  if (accept.includes(status)) return { status, headers, body: body === undefined ? text : body };
  if (isSuccess && (body === undefined || isPage(headers)))
    throw fail('UNKNOWN_OUTCOME', `${status} with something else than ${wantsJson ? 'JSON' : 'what was asked for'}.`);
  const judged = judge?.({ status, headers, body: parsed === undefined ? (isBinary ? null : text) : parsed });
  if (isSuccess && !judged) return { status, headers, body };
  const words = wordsOf(judged ? judged.words : (parsed ?? text), secrets);
  const kind = judged ? judged.kind : kindOfStatus(status, retryAfterMs !== undefined);
  const isRedirect = status >= 300 && status <= 399;
  throw fail(kind, isRedirect ? 'with a redirect, which is not followed' : `${status}${words === '' ? '' : `: ${words}`}`, {
    words,
    code: judged?.code,
  });
}

const typeOf = (headers: Readonly<Record<string, string>>): string => headers['content-type'] ?? '';
const isJson = (headers: Readonly<Record<string, string>>): boolean => /[/+]json\b/i.test(typeOf(headers));
const isPage = (headers: Readonly<Record<string, string>>): boolean => /^text\/html\b/i.test(typeOf(headers));

/** Undefined for what isn't JSON. */
function jsonIn(text: string, answer: AnswerKind): unknown {
  try {
    if (text.trim() === '') return null;
    return answer === 'JSON' ? (JSON.parse(text) as unknown) : parseJson(text);
  } catch {
    return undefined;
  }
}
