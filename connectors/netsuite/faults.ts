/** What NetSuite says is wrong, told by its codes and in its own words. A wrong id of a transaction comes as a bad request, not as a 404. */
import { ExternalError, type FailureKind, type JsonObject, type Judge } from '../../src/connect/index.ts';
import { isObject } from './fields.ts';

/** Codes that mean something else than their status says; every other one goes by its status. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  CONCURRENCY_LIMIT_EXCEEDED: 'THROTTLED',
  INVALID_LOGIN: 'AUTH',
  // of one record or table: signing in again mends nothing, and other records work
  INSUFFICIENT_PERMISSION: 'REJECTED',
  // it may have been done all the same
  UNEXPECTED_ERROR: 'UNKNOWN_OUTCOME',
};

/** @example judge({ status: 400, headers: {}, body: { 'o:errorDetails': … } }) // { kind: 'REJECTED', words: '…', code: 'USER_ERROR' } */
export const judge: Judge = ({ body, status }) => {
  if (!isObject(body) || !Array.isArray(body['o:errorDetails'])) return null;
  const details = body['o:errorDetails'].filter(isObject);
  const code = textOf(details[0]?.['o:errorCode']);
  const said = details.map(sentence).filter((text) => text !== '');
  const words = said.length > 0 ? said.join(' · ') : textOf(body['title']) || 'An error without words.';
  return { kind: KINDS[code] ?? byStatus(status), words, ...(code === '' ? {} : { code }) };
};

function byStatus(status: number): FailureKind {
  if (status === 429) return 'THROTTLED';
  if (status === 503) return 'RETRYABLE';
  if (status === 401) return 'AUTH';
  if (status === 409 || status === 412) return 'CONFLICT';
  return status >= 500 ? 'UNKNOWN_OUTCOME' : 'REJECTED';
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function sentence(detail: JsonObject): string {
  const where = [detail['o:errorCode'], detail['o:errorPath'], detail['o:errorQueryParam'], detail['o:errorHeader']]
    .map(textOf)
    .filter((text) => text !== '');
  return `${textOf(detail['detail'])}${where.length === 0 ? '' : ` (${where.join(', ')})`}`.trim();
}

/** There is none with that id: as it is said of lists and entities, and as it is said of transactions. */
export function isNotThere(error: unknown): boolean {
  if (!(error instanceof ExternalError)) return false;
  const isUnknownId = error.code === 'NONEXISTENT_ID' || error.status === 404;
  return isUnknownId || (error.code === 'USER_ERROR' && error.words.includes('Transaction type specified is incorrect'));
}

/** What we know that NetSuite would not take, or can't hold: told before it is sent. */
export const refusal = (words: string): ExternalError => new ExternalError(words, { kind: 'REJECTED', words });

/** Nothing that could be taken for "no records". */
export const strange = (words: string): ExternalError => new ExternalError(words, { kind: 'UNKNOWN_OUTCOME', words });
