/** What an attempt came to: only a status of 200 to 299 means that it was taken. What is kept of an answer is short, and holds no secret of ours. Pure. */
import { ExternalError, retryAfterOf } from '../../connect/external-error.ts';
import type { HttpAnswer } from '../../connect/http.ts';
import { isDomainError } from '../../kernel/errors.ts';

export interface Outcome {
  readonly kind: 'TAKEN' | 'FAILED' | 'GONE';
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly body: string | null;
  /** Null when it was taken. */
  readonly failure: string | null;
  /** With 429 and 503: how long the whole endpoint is to be left alone. */
  readonly retryAfterMs: number | null;
}

export const BODY_KEPT_BYTES = 1_000;
const HEADERS_KEPT = ['content-type', 'content-length', 'date', 'location', 'retry-after', 'server', 'x-request-id'];
const HEADER_MAX_CHARS = 200;
const SECRET = /whsec_[A-Za-z0-9+/=]+|v1,[A-Za-z0-9+/]{43}=/g;
/** Postgres can't store the first of them, and nobody can read the others. */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}/gu;

/** Every status is an answer here. */
export const EVERY_STATUS: readonly number[] = Array.from({ length: 500 }, (_, i) => 100 + i);

/** @param secrets what the message was signed with, and the signatures */
export function answered({ status, headers, body }: HttpAnswer, secrets: readonly string[]): Outcome {
  const isTaken = status >= 200 && status <= 299;
  const text = body instanceof Uint8Array ? Buffer.from(body).subarray(0, BODY_KEPT_BYTES).toString('utf8') : '';
  const isAsked = status === 429 || status === 503;
  const told = status >= 300 && status <= 399 ? 'with a redirect, which is not followed' : String(status);
  return {
    kind: isTaken ? 'TAKEN' : status === 410 ? 'GONE' : 'FAILED',
    status,
    headers: keptHeaders(headers, secrets),
    body: clean(text, secrets),
    failure: isTaken ? null : `It answered ${told}.`,
    retryAfterMs: isAsked ? (retryAfterOf(headers) ?? null) : null,
  };
}

/** The text of an unknown error may hold a secret: nothing of it is kept. */
export function unanswered(error: unknown): Outcome {
  const isKnown = error instanceof ExternalError || isDomainError(error);
  const failure = isKnown ? error.message.slice(0, 1_000) : 'Something unexpected went wrong on our side.';
  return { kind: 'FAILED', status: null, headers: null, body: null, failure, retryAfterMs: null };
}

function keptHeaders(headers: Readonly<Record<string, string>>, secrets: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    HEADERS_KEPT.flatMap((name) => {
      const value = headers[name];
      if (value === undefined) return [];
      const plain = name === 'location' ? value.replace(/\?.*$/s, '') : value;
      return [[name, clean(plain, secrets).slice(0, HEADER_MAX_CHARS)]];
    }),
  );
}

const clean = (text: string, secrets: readonly string[]): string =>
  secrets
    .reduce((left, secret) => (secret.length < 6 ? left : left.replaceAll(secret, '[gone]')), text)
    .replace(SECRET, '[gone]')
    .replace(UNPRINTABLE, '\ufffd');
