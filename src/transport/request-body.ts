/**
 * Reads the JSON body of a request, bounded in bytes and in depth. Plain UTF-8 only: a packed body could unfold to anything.
 * It never keeps more than the limit, and tells at once when the announced length is beyond it.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Limits } from '../config.ts';
import { DomainError } from '../kernel/errors.ts';

/**
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE or BAD_REQUEST
 * @example const body = await readJson(request, config.limits, config.limits.bodyMaxBytes)
 */
export async function readJson(request: IncomingMessage, { jsonMaxDepth }: Limits, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes);
  // else wrong bytes would become other letters in silence
  if (!isUtf8(bytes)) throw new DomainError('BAD_REQUEST', 'The body is not UTF-8. Send JSON in UTF-8.');
  return parseJson(bytes.toString('utf8'), jsonMaxDepth);
}

export const tooLarge = (maxBytes: number): DomainError =>
  new DomainError('BODY_TOO_LARGE', `The request body is larger than ${maxBytes} bytes. Send less at once.`, {
    details: { maxBytes },
  });

/**
 * The body of a JSON request as it came, for who checks a signature over it.
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE or BAD_REQUEST
 */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  checkContentType(request);
  return bytesOf(request, maxBytes);
}

/** @throws DomainError BAD_REQUEST for what isn't JSON or is nested too deeply. */
function parseJson(text: string, maxDepth: number): unknown {
  if (jsonDepth(text) > maxDepth)
    throw new DomainError('BAD_REQUEST', `The JSON is nested more than ${maxDepth} levels deep. Send it flatter.`);
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError(
      'BAD_REQUEST',
      'The text is not JSON. Send an object with "query" and, where needed, "variables" and "operationName".',
    );
  }
}

function checkContentType(request: IncomingMessage): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== 'application/json') {
    throw new DomainError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The content type is not supported here. Send "content-type: application/json".',
    );
  }
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new DomainError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be UTF-8. Send "content-type: application/json; charset=utf-8".',
    );
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'The body must not be packed. Send it without a content-encoding.');
}

/**
 * A body of any content type, as it came: ERPs choose their own for their webhooks.
 * @throws DomainError BODY_TOO_LARGE or BAD_REQUEST
 */
export function bytesOf(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.removeAllListeners('data').pause();
        fail(tooLarge(maxBytes));
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => done(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const cut = () => {
      // each request closes in the end, and an error with its stack would cost more than reading the body
      if (!request.complete) fail(new DomainError('BAD_REQUEST', 'The request ended before its body was complete.'));
    };
    request.on('close', cut);
    request.on('error', cut);
  });
}

/** Counted on the text, since parsed values that are nested too deeply break whatever walks them by recursion. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (isInString) {
      if (char === 0x5c) at++;
      else if (char === 0x22) isInString = false;
    } else if (char === 0x22) isInString = true;
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x7d || char === 0x5d) depth--;
  }
  return deepest;
}
