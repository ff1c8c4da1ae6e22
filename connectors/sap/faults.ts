/**
 * What SAP says is wrong, in its own words: the message, and behind it the details in which the business cause usually stands. A 403 has
 * three meanings, told apart here; a document that somebody has open is an ordinary 400, and may be asked for again later.
 */
import { ExternalError, type FailureKind, type JsonObject, type Judge } from '../../src/connect/index.ts';
import { isObject } from './fields.ts';

/** Our token for writes is not, or no longer, that of a session there. */
export const CSRF = 'CSRF';
/** A write without the version of what it changes. */
const NEEDS_VERSION = 'IF_MATCH';
/** The service is not active, or the user may not use it: by SAP's codes. */
const NO_SERVICE: ReadonlySet<string> = new Set(['/IWFND/MED/170', '/IWFND/CM_CONSUMER/101', '/IWFND/MED/144']);
const LOCKED =
  /(is (currently )?(being )?(processed|edited|locked)|locked by|already being processed|is blocked by user|wird .*bearbeitet|gesperrt)/i;

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Judged {
  readonly kind: FailureKind;
  readonly words: string;
  readonly code?: string;
}

/** @example judge({ status: 400, headers: {}, body: { error: … } }) // { kind: 'REJECTED', words: 'Enter a sold-to party (V1/302)', code: 'V1/302' } */
export const judge: Judge = ({ status, headers, body }: Said): Judged | null => {
  const error = errorIn(body);
  if (status === 403 && /^required$/i.test(headers['x-csrf-token'] ?? ''))
    return { kind: 'CONFLICT', words: 'CSRF token validation failed', code: CSRF };
  if (error === null) return status === 428 ? { kind: 'CONFLICT', words: 'If-Match is missing.', code: NEEDS_VERSION } : null;
  const { words, code } = toldBy(error);
  const withCode = code === '' ? {} : { code };
  // an error that came with a success: nobody knows what was done
  if (status >= 200 && status <= 299) return { kind: 'UNKNOWN_OUTCOME', words, ...withCode };
  if (status === 428) return { kind: 'CONFLICT', words, code: NEEDS_VERSION };
  if (status === 403) return { kind: 'REJECTED', words: `${words} (403)`, code: NO_SERVICE.has(code) ? code : '403' };
  if (status === 400 && LOCKED.test(words)) return { kind: 'RETRYABLE', words, ...withCode };
  if (status === 400 || status === 404) return { kind: 'REJECTED', words, code: code === '' ? String(status) : code };
  return null;
};

function errorIn(body: unknown): JsonObject | null {
  if (typeof body === 'string') return xmlError(body);
  if (!isObject(body)) return null;
  return isObject(body['error']) ? body['error'] : null;
}

/** What was asked for as XML, such as metadata, is refused in XML. */
function xmlError(body: string): JsonObject | null {
  if (!/^\s*(<\?xml[^>]*>\s*)?<(\w+:)?error[\s>]/.test(body)) return null;
  const inside = (tag: string) => new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`).exec(body)?.[1] ?? '';
  return { code: inside('code'), message: inside('message') };
}

function toldBy(error: JsonObject): { readonly words: string; readonly code: string } {
  const code = typeof error['code'] === 'string' ? error['code'] : '';
  const details = detailsOf(error).filter(({ severity }) => severity === 'error' || severity === '');
  const sentences = [messageOf(error['message']), ...details.map(({ message }) => message)];
  const said = [...new Set(sentences.filter((one) => one !== ''))].join(' · ');
  return { code, words: code === '' || said.includes(code) ? said : `${said} (${code})` };
}

/** A plain text, or one with its language. */
const messageOf = (message: unknown): string => {
  const text = isObject(message) ? message['value'] : message;
  return typeof text === 'string' ? text.trim() : '';
};

/** Missing, a list, or a list inside of an object, as XML that was turned into JSON has it. */
function detailsOf(error: JsonObject): readonly { readonly message: string; readonly severity: string }[] {
  const inner = isObject(error['innererror']) ? error['innererror'] : {};
  const told = inner['errordetails'] ?? error['details'];
  const inside = isObject(told) ? told['errordetail'] : told;
  const list: readonly unknown[] = Array.isArray(inside) ? inside : [inside];
  return list
    .filter(isObject)
    .map((one) => ({ message: messageOf(one['message']), severity: typeof one['severity'] === 'string' ? one['severity'] : '' }));
}

export const hasCode = (error: unknown, ...codes: readonly string[]): error is ExternalError =>
  error instanceof ExternalError && error.code !== null && codes.includes(error.code);

/** SAP's gateway has no such entity. */
export const isNotFound = (error: unknown): boolean => error instanceof ExternalError && error.status === 404;
/** What we know that SAP would not take, or can't hold: told before it is sent. */
export const refusal = (words: string): ExternalError => new ExternalError(words, { kind: 'REJECTED', words });
/** An answer that could be taken for "no records" and is not: it is asked for again. */
export const strange = (words: string): ExternalError => new ExternalError(words, { kind: 'UNKNOWN_OUTCOME', words });
