/** Token-based authentication (OAuth 1.0a): each request is signed with the secrets of an integration and of a token, over the URL as it was called. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface TokenKeys {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
}

const NONCES_MAX = 50_000;

/** The base text that is signed, and its signature: `realm` and a body in JSON are no part of it. */
export function signatureOf(
  { method, url }: SignedRequest,
  parameters: Readonly<Record<string, string>>,
  { consumerSecret, tokenSecret }: Pick<TokenKeys, 'consumerSecret' | 'tokenSecret'>,
): string {
  const pairs = [...Object.entries(parameters), ...url.searchParams]
    .map(([name, value]): [string, string] => [enc(name), enc(value)])
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const base = `${method.toUpperCase()}&${enc(`${url.protocol}//${url.host}${url.pathname}`)}&${enc(pairs.join('&'))}`;
  return createHmac('sha256', `${enc(consumerSecret)}&${enc(tokenSecret)}`)
    .update(base)
    .digest('base64');
}

export class OAuth1 {
  readonly #account: string;
  readonly #keys: TokenKeys;
  readonly #nonces = new Set<string>();

  constructor(account: string, keys: TokenKeys) {
    this.#account = account;
    this.#keys = keys;
  }

  isGood(request: SignedRequest, authorization: string): boolean {
    const { realm, oauth_signature: signature = '', ...parameters } = parametersOf(authorization);
    const { consumerKey, tokenId } = this.#keys;
    if (realm !== this.#account || parameters['oauth_consumer_key'] !== consumerKey || parameters['oauth_token'] !== tokenId)
      return false;
    if (parameters['oauth_signature_method'] !== 'HMAC-SHA256' || (parameters['oauth_version'] ?? '1.0') !== '1.0') return false;
    const { oauth_nonce: nonce, oauth_timestamp: timestamp } = parameters;
    if (nonce === undefined || timestamp === undefined || !/^\d+$/.test(timestamp)) return false;
    const wanted = Buffer.from(signatureOf(request, parameters, this.#keys));
    const given = Buffer.from(signature);
    if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return false;
    return this.#isNew(`${timestamp}/${nonce}`);
  }

  /** Each is good once. */
  #isNew(nonce: string): boolean {
    if (this.#nonces.has(nonce)) return false;
    if (this.#nonces.size >= NONCES_MAX) this.#nonces.clear();
    this.#nonces.add(nonce);
    return true;
  }
}

function parametersOf(authorization: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [, name = '', value = ''] of authorization.matchAll(/([a-z_]+)\s*=\s*"([^"]*)"/gi)) {
    try {
      parameters[name] = decodeURIComponent(value);
    } catch {
      parameters[name] = value;
    }
  }
  return parameters;
}

const enc = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
