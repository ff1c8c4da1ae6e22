/**
 * What QuickBooks says is wrong, told by its codes and in its own words. It says so with any status, 200 too, and with a refused token
 * in an envelope that is written in lower case.
 */
import { ExternalError, type FailureKind, type JsonObject, type Judge } from '../../src/connect/index.ts';
import { isObject } from './fields.ts';

/** Codes that are more than a refusal; every other one is a refusal for good. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  '3001': 'THROTTLED',
  '3200': 'AUTH',
  // not authorised, no such company, subscription ended: somebody must connect it anew
  '100': 'AUTH',
  '120': 'AUTH',
  '3100': 'AUTH',
  '6190': 'AUTH',
  '5010': 'CONFLICT',
  // it may have been done all the same: sent again with the same requestid it is done once
  '10000': 'UNKNOWN_OUTCOME',
};
const TYPES: Readonly<Record<string, FailureKind>> = {
  systemfault: 'UNKNOWN_OUTCOME',
  authenticationfault: 'AUTH',
  authentication: 'AUTH',
  authorizationfault: 'AUTH',
  service: 'RETRYABLE',
};

/** @example judge({ status: 200, headers: {}, body: { Fault: … } }) // { kind: 'REJECTED', words: 'Invalid Number: …', code: '2080' } */
export const judge: Judge = ({ body, status }) => {
  const fault = faultIn(body);
  if (!fault) return null;
  const errors = errorsOf(fault);
  const [first] = errors;
  const code = first?.code;
  const type = textOf(fault['type']).toLowerCase();
  const words = errors.map(sentence).join(' · ');
  const kind = (code !== undefined && KINDS[code]) || (status === 429 ? 'THROTTLED' : undefined) || TYPES[type] || 'REJECTED';
  return {
    kind,
    words: words === '' ? `A fault of the type ${type || 'unknown'}.` : words,
    ...(code === undefined ? {} : { code }),
  };
};

/** A batch's answers have faults of their own, for each item. */
function faultIn(body: unknown): JsonObject | null {
  if (!isObject(body)) return null;
  const fault = body['Fault'] ?? body['fault'];
  return isObject(fault) ? fault : null;
}

interface Said {
  readonly message: string;
  readonly detail: string;
  readonly code: string | undefined;
  readonly element: string;
}

function errorsOf(fault: JsonObject): readonly Said[] {
  const list = fault['Error'] ?? fault['error'];
  return (Array.isArray(list) ? list.filter(isObject) : []).map((one: JsonObject) => ({
    message: textOf(one['Message'] ?? one['message']),
    detail: textOf(one['Detail'] ?? one['detail']),
    code: one['code'] === undefined || one['code'] === null ? undefined : textOf(one['code']),
    element: textOf(one['element']),
  }));
}

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '');

function sentence({ message, detail, code, element }: Said): string {
  const said = [message, detail.startsWith(message) ? detail.slice(message.length).replace(/^[\s:]+/, '') : detail];
  const where = [code === undefined ? '' : `code ${code}`, element].filter((part) => part !== '').join(', ');
  return `${said.filter((part) => part !== '').join(': ')}${where === '' ? '' : ` (${where})`}`;
}

export const hasCode = (error: unknown, ...codes: readonly string[]): error is ExternalError =>
  error instanceof ExternalError && error.code !== null && codes.includes(error.code);

/** What we know that QuickBooks would not take, or can't hold: told before it is sent. */
export const refusal = (words: string): ExternalError => new ExternalError(words, { kind: 'REJECTED', words });
