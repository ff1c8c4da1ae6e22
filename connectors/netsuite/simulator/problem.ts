/** What NetSuite refuses, in its error envelope and with its own codes. The words are ours where NetSuite's are not on record. */
import type { Said } from '../../../src/connect/simulating/index.ts';

export interface Where {
  /** Such as `item.items[0].item`. */
  readonly path?: string;
  readonly url?: string;
  readonly queryParam?: string;
  readonly header?: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly where: Where;
  /** A header of the answer: where the first one of a repeated request went. */
  readonly location: string | undefined;

  constructor(status: number, code: string, detail: string, { location, ...where }: Where & { readonly location?: string } = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.where = where;
    this.location = location;
  }
}

export const invalidContent = (detail: string, path?: string): Problem =>
  new Problem(400, 'INVALID_CONTENT', detail, path === undefined ? {} : { path });
export const invalidParameter = (detail: string, queryParam?: string): Problem =>
  new Problem(400, 'INVALID_PARAMETER', detail, queryParam === undefined ? {} : { queryParam });
export const invalidRequest = (detail: string, where: Where = {}): Problem => new Problem(400, 'INVALID_REQUEST', detail, where);
/** The rules of the books. */
export const userError = (detail: string, path?: string): Problem =>
  new Problem(400, 'USER_ERROR', `Error while accessing a resource. ${detail}`, path === undefined ? {} : { path });
export const wrongTransaction = (): Problem => userError('Transaction type specified is incorrect.');
export const noRecord = (): Problem =>
  new Problem(404, 'NONEXISTENT_ID', 'The record instance does not exist. Provide a valid record instance ID.');
export const noType = (type: string, url: string): Problem =>
  new Problem(404, 'NONEXISTENT_ID', `Record type '${type}' does not exist.`, { url });
export const noPath = (url: string): Problem => new Problem(404, 'NONEXISTENT_ID', `The path ${url} does not exist.`, { url });
export const notAllowed = (method: string): Problem => new Problem(405, 'METHOD_NOT_ALLOWED', `${method} is not allowed here.`);
export const badLogin = (): Problem =>
  new Problem(401, 'INVALID_LOGIN', 'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI.');
export const tooManyAtOnce = (): Problem =>
  new Problem(429, 'CONCURRENCY_LIMIT_EXCEEDED', 'Concurrent request limit exceeded. Request blocked.');
export const unexpected = (id: string): Problem =>
  new Problem(500, 'UNEXPECTED_ERROR', `An unexpected error occurred. Error ID: ${id}`);

const TITLES: Readonly<Record<number, readonly [title: string, section: string]>> = {
  400: ['Bad Request', '15.5.1'],
  401: ['Unauthorized', '15.5.2'],
  403: ['Forbidden', '15.5.4'],
  404: ['Not Found', '15.5.5'],
  405: ['Method Not Allowed', '15.5.6'],
  409: ['Conflict', '15.5.10'],
  429: ['Too Many Requests', '15.5'],
  500: ['Internal Server Error', '15.6.1'],
};

export function problemBody({ status, code, message, where }: Problem): object {
  const [title, section] = TITLES[status] ?? ['Error', '15'];
  const { path, url, queryParam, header } = where;
  const detail = {
    detail: message,
    ...(path === undefined ? {} : { 'o:errorPath': path }),
    ...(url === undefined ? {} : { 'o:errorUrl': url }),
    ...(queryParam === undefined ? {} : { 'o:errorQueryParam': queryParam }),
    ...(header === undefined ? {} : { 'o:errorHeader': header }),
    'o:errorCode': code,
  };
  return {
    type: `https://www.rfc-editor.org/rfc/rfc9110.html#section-${section}`,
    title,
    status,
    'o:errorDetails': [detail],
  };
}

export function refused(problem: Problem): Said {
  return {
    status: problem.status,
    content: JSON.stringify(problemBody(problem)),
    type: 'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
    ...(problem.location === undefined ? {} : { headers: { location: problem.location } }),
  };
}
