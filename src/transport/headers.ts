/** Headers that every answer carries, and the checked ones that a request may bring. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The client's `x-request-id` when it is a plain short text; ours otherwise. It goes into logs and events. */
export function requestIdOf(request: IncomingMessage, newId: () => string): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
}

export function setSecurityHeaders(response: ServerResponse, config: Pick<Config, 'isProduction'>): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cache-control', 'no-store');
  response.setHeader(
    'content-security-policy',
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  );
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  if (config.isProduction) response.setHeader('strict-transport-security', 'max-age=31536000');
}

/** May a page of this origin use the API? Requests without an origin don't come from another page. */
export function isOriginAllowed(request: IncomingMessage, config: Pick<Config, 'allowedOrigins'>): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (config.allowedOrigins.includes(origin)) return true;
  // behind a proxy the scheme isn't known here: host and port have to be the same
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Lets pages of the configured origins read the answers. Credentials are bearer tokens, so cookies are never allowed. */
export function setCorsHeaders(request: IncomingMessage, response: ServerResponse, config: Pick<Config, 'allowedOrigins'>): void {
  response.setHeader('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !config.allowedOrigins.includes(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'x-request-id, retry-after');
  if (request.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE');
  response.setHeader(
    'access-control-allow-headers',
    'authorization, content-type, idempotency-key, x-request-id, x-graphql-event-stream-token, last-event-id, apollographql-client-name, apollographql-client-version',
  );
  response.setHeader('access-control-max-age', '600');
}
