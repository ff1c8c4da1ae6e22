/** `multipart/mixed` with HTTP messages in it, read and written with CRLF everywhere, as `$batch` has it. */
import { malformedBatch } from './refusals.ts';
import type { Answer, Headers } from './request.ts';

export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

export interface HttpPart {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: string;
}

const REQUEST_LINE = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/;
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  415: 'Unsupported Media Type',
  428: 'Precondition Required',
  500: 'Internal Server Error',
  501: 'Not Implemented',
};

/** Of a content type that is multipart/mixed; null where it is another one. */
export const boundaryOf = (contentType: string): string | null =>
  /^multipart\/mixed\s*;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)?.slice(1).find(Boolean) ?? null;

/** @throws SapRefusal when it isn't cut as it says */
export function partsOf(content: string, boundary: string): Part[] {
  const [, ...pieces] = `\r\n${content}`.split(`\r\n--${boundary}`);
  const last = pieces.pop();
  if (last?.startsWith('--') !== true) throw malformedBatch('the closing boundary is missing');
  return pieces.map((piece) => {
    const [blank, ...lines] = piece.split('\r\n');
    if (blank?.trim() !== '') throw malformedBatch('a boundary is followed by other text');
    return headed(lines);
  });
}

/** @throws SapRefusal when there is no request in it */
export function httpOf({ content }: Part): HttpPart {
  const [first = '', ...lines] = content.replace(/^(\r\n)+/, '').split('\r\n');
  const [, method, target] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || target === undefined) throw malformedBatch('a request line is expected');
  const { headers, content: body } = headed(lines);
  return { method, target, headers, body };
}

function headed(lines: readonly string[]): Part {
  const end = lines.indexOf('');
  const headers = (end === -1 ? lines : lines.slice(0, end)).map((line): [string, string] => {
    const at = line.indexOf(':');
    if (at < 1) throw malformedBatch('a header is expected');
    return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
  });
  return { headers: Object.fromEntries(headers), content: end === -1 ? '' : lines.slice(end + 1).join('\r\n') };
}

export function multipartOf(parts: readonly Part[], boundary: string): string {
  const written = parts.map(({ headers, content }) => `--${boundary}\r\n${headerLines(headers)}\r\n${content}\r\n`);
  return `${written.join('')}--${boundary}--\r\n`;
}

/** An answer as a part of a batch's. */
export function httpPart({ status, content, type, headers = {} }: Answer, contentId: string | undefined): Part {
  const text = content.toString();
  const inner = {
    ...(status === 204 ? {} : { 'Content-Type': type }),
    'Content-Length': String(Buffer.byteLength(text)),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
  const http = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\n${headerLines(inner)}\r\n${text}`;
  const outer = {
    'Content-Type': 'application/http',
    'Content-Length': String(Buffer.byteLength(http)),
    'content-transfer-encoding': 'binary',
    ...(contentId === undefined ? {} : { 'Content-ID': contentId }),
  };
  return { headers: outer, content: http };
}

const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
