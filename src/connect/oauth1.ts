/** OAuth 1.0a (RFC 5849) with HMAC-SHA256: the `Authorization` header of one request. Pure: the nonce and the time are given. */
import { createHmac } from 'node:crypto';
import type { AuthScheme } from './auth.ts';
import { rfc3986 } from './http-query.ts';

export interface SignedRequest {
  readonly method: string;
  /** As it is sent, with its query. */
  readonly url: URL;
  readonly nonce: string;
  readonly at: Date;
}

/** @example oauth1Header(auth, { method: 'GET', url, nonce, at: now() }) // 'OAuth realm="…", …' */
export function oauth1Header(auth: AuthScheme & { readonly kind: 'OAUTH1' }, { method, url, nonce, at }: SignedRequest): string {
  const own = {
    oauth_consumer_key: auth.consumerKey,
    oauth_nonce: nonce,
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(Math.floor(at.getTime() / 1_000)),
    oauth_token: auth.token,
    oauth_version: '1.0',
  };
  const params = [...Object.entries(own), ...url.searchParams].map(([name, value]) => [rfc3986(name), rfc3986(value)] as const);
  const sorted = params.toSorted(([a, x], [b, y]) => order(a, b) || order(x, y)).map(([name, value]) => `${name}=${value}`);
  const signed = [method, `${url.origin}${url.pathname}`, sorted.join('&')].map(rfc3986).join('&');
  const key = `${rfc3986(auth.consumerSecret)}&${rfc3986(auth.tokenSecret)}`;
  const signature = createHmac('sha256', key).update(signed).digest('base64');
  // the realm is part of the header, never of what is signed
  const shown = Object.entries({ ...own, oauth_signature: signature }).map(([name, value]) => `${name}="${rfc3986(value)}"`);
  return `OAuth realm="${auth.realm}", ${shown.join(', ')}`;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
