/** Sends an answer, and turns whatever was thrown into a JSON one. Nothing else in the transport writes error bodies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError, ERROR_CODES } from '../kernel/errors.ts';
import { answerType, JSON_TYPE } from './content-type.ts';
import { costIn, retryAfterIn } from './cost/charge.ts';
import { statusOf, type Translator } from './errors.ts';
import type { Logger } from './logger.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  /** A text, or bytes in pieces. */
  readonly body: string | readonly Buffer[];
}

/** Up to here a body is cheaper to copy than to hand over beside its head. */
const SHORT_BYTES = 16_384;

export function send(response: ServerResponse, { status, type, body }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const pieces = typeof body === 'string' ? [Buffer.from(body)] : body;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.statusCode = status;
  response.setHeader('content-type', type.includes('charset') ? type : `${type}; charset=utf-8`);
  response.setHeader('content-length', length);
  if (length <= SHORT_BYTES) {
    response.end(Buffer.concat(pieces, length));
    return;
  }
  for (const piece of pieces) response.write(piece);
  response.end();
}

export const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
  send(response, { status, type: JSON_TYPE, body: JSON.stringify(value) });

export interface ErrorSenderOptions {
  readonly translator: Translator;
  readonly logger: Logger;
}

export type ErrorSender = (
  request: IncomingMessage,
  response: ServerResponse,
  failed: { error: unknown; requestId: string },
) => void;

/** In the shape of a GraphQL answer, so that a client has one way to read errors. */
export function createErrorSender({ translator, logger }: ErrorSenderOptions): ErrorSender {
  return (request, response, { error, requestId }) => {
    const shown = translator.show(error, requestId);
    const code = shown.extensions?.code;
    const cost = costIn(error);
    if (error instanceof DomainError && ERROR_CODES[error.code].kind === 'FAULT')
      logger.warn({ requestId, err: error }, 'request failed');
    if (statusOf(code) === 401 && code !== 'SIGNATURE_INVALID') response.setHeader('www-authenticate', 'Bearer');
    const seconds = retryAfterIn(error);
    if (seconds !== undefined) response.setHeader('retry-after', seconds);
    // the rest of a body that nobody reads would be taken for the next request
    if (!request.complete) response.setHeader('connection', 'close');
    send(response, {
      status: statusOf(code),
      type: answerType(request.headers.accept) ?? JSON_TYPE,
      body: JSON.stringify({ errors: [shown], ...(cost ? { extensions: { cost } } : {}) }),
    });
  };
}
