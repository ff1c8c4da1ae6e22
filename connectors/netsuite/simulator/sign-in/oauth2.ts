/** OAuth 2.0 with client credentials, as NetSuite has it: who signs an assertion with the key of the uploaded certificate gets a token for an hour. */
import { constants, createPublicKey, type KeyObject, randomUUID, verify } from 'node:crypto';

export interface OAuthClient {
  readonly id: string;
  readonly certificateId: string;
  /** PEM: a certificate, or its public key. */
  readonly certificate: string;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, string | number>>;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SCOPES: ReadonlySet<string> = new Set(['rest_webservices', 'restlets', 'suite_analytics']);
const TOKEN_SEC = 3_600;
const ASSERTION_MAX_SEC = 3_600;
/** Clocks differ a little. */
const SKEW_SEC = 60;
const HASHES: Readonly<Record<string, { readonly hash: string; readonly isPss: boolean }>> = {
  PS256: { hash: 'sha256', isPss: true },
  PS384: { hash: 'sha384', isPss: true },
  PS512: { hash: 'sha512', isPss: true },
  ES256: { hash: 'sha256', isPss: false },
  ES384: { hash: 'sha384', isPss: false },
  ES512: { hash: 'sha512', isPss: false },
};

export class OAuth2 {
  readonly #client: OAuthClient;
  readonly #key: KeyObject;
  readonly #nowSec: () => number;
  /** When each ends, in seconds. */
  readonly #tokens = new Map<string, number>();

  constructor(client: OAuthClient, nowSec: () => number) {
    this.#client = client;
    this.#key = createPublicKey(client.certificate);
    this.#nowSec = nowSec;
  }

  /** @param audiences the token URLs that an assertion may be for */
  token(form: URLSearchParams, audiences: readonly string[]): TokenAnswer {
    if (form.get('grant_type') !== 'client_credentials') return refusal('unsupported_grant_type');
    if (form.get('client_assertion_type') !== ASSERTION_TYPE) return refusal('invalid_request');
    const problem = this.#problemOf(form.get('client_assertion') ?? '', audiences);
    if (problem !== null) return refusal(problem);
    const nowSec = this.#nowSec();
    for (const [token, endSec] of this.#tokens) if (endSec <= nowSec) this.#tokens.delete(token);
    const claims = { sub: `${this.#client.id};1`, jti: randomUUID(), exp: nowSec + TOKEN_SEC, iat: nowSec };
    const token = `${encoded({ alg: 'RS256', typ: 'JWT', kid: 'simulated' })}.${encoded(claims)}.${encoded({ jti: claims.jti })}`;
    this.#tokens.set(token, nowSec + TOKEN_SEC);
    return { status: 200, body: { access_token: token, expires_in: String(TOKEN_SEC), token_type: 'bearer' } };
  }

  isGood(token: string): boolean {
    return (this.#tokens.get(token) ?? 0) > this.#nowSec();
  }

  expireAll(): void {
    this.#tokens.clear();
  }

  /** Null when the assertion is good; otherwise the error of OAuth. */
  #problemOf(assertion: string, audiences: readonly string[]): string | null {
    const [head = '', payload = '', signature = '', ...more] = assertion.split('.');
    const header = decoded(head);
    const claims = decoded(payload);
    if (header === null || claims === null || more.length > 0) return 'invalid_request';
    const { alg, kid } = header;
    const how = HASHES[String(alg)];
    if (how === undefined || kid !== this.#client.certificateId) return 'invalid_client';
    if (!this.#isSigned(how, { signed: `${head}.${payload}`, signature })) return 'invalid_client';
    return this.#problemOfClaims(claims, audiences);
  }

  #isSigned(
    { hash, isPss }: { hash: string; isPss: boolean },
    { signed, signature }: { signed: string; signature: string },
  ): boolean {
    if (isPss !== (this.#key.asymmetricKeyType === 'rsa' || this.#key.asymmetricKeyType === 'rsa-pss')) return false;
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    const options = isPss ? { key: this.#key, ...pss } : { key: this.#key, dsaEncoding: 'ieee-p1363' as const };
    return verify(hash, Buffer.from(signed), options, Buffer.from(signature, 'base64url'));
  }

  #problemOfClaims(
    { iss, scope, aud, iat, exp }: Readonly<Record<string, unknown>>,
    audiences: readonly string[],
  ): string | null {
    const scopes = Array.isArray(scope) ? scope.map(String) : typeof scope === 'string' ? scope.split(/[\s,]+/) : [];
    if (scopes.length === 0 || !scopes.every((one) => SCOPES.has(one)) || !scopes.includes('rest_webservices'))
      return 'invalid_scope';
    if (iss !== this.#client.id) return 'invalid_client';
    const wanted = Array.isArray(aud) ? aud.map(String) : [String(aud)];
    if (!wanted.some((one) => audiences.includes(one))) return 'invalid_grant';
    const nowSec = this.#nowSec();
    if (typeof iat !== 'number' || typeof exp !== 'number' || iat > nowSec + SKEW_SEC) return 'invalid_grant';
    return exp <= nowSec - SKEW_SEC || exp - iat > ASSERTION_MAX_SEC ? 'invalid_grant' : null;
  }
}

const refusal = (error: string): TokenAnswer => ({ status: 400, body: { error } });
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decoded(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
