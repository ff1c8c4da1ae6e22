/** Consent, tokens and their ends, as Intuit's servers keep them: access tokens live an hour, refresh tokens change with every refresh. */
import type { SeededRandomness } from '../../../src/connect/index.ts';
import type { Body } from './body.ts';

export interface Client {
  readonly id: string;
  readonly secret: string;
  readonly realmId: string;
}

export interface OAuthAnswer {
  readonly status: number;
  readonly body?: Body;
  readonly location?: string;
}

interface Grant {
  readonly startedMs: number;
  current: string;
  currentSinceMs: number;
  isCurrentUsed: boolean;
  /** The value before: it holds until the new one is used, so that a lost answer loses no connection. */
  previous: string | null;
  isRevoked: boolean;
}

interface AccessToken {
  readonly grant: Grant;
  /** The refresh token that was given with it. */
  readonly refreshToken: string;
  expiresMs: number;
}

interface Code {
  readonly redirectUri: string | null;
  readonly expiresMs: number;
}

const ACCESS_SEC = 3_600;
const REFRESH_SEC = 8_726_400;
const HARD_SEC = 157_680_000;
const GRACE_MS = 86_400_000;
const CODE_MS = 600_000;
const HARD_HEADER = 'x-include-refresh-token-hard-expires-in';

export class OAuth {
  readonly #client: Client;
  readonly #random: SeededRandomness;
  readonly #now: () => Date;
  readonly #codes = new Map<string, Code>();
  readonly #grants = new Map<string, Grant>();
  readonly #tokens = new Map<string, AccessToken>();

  constructor(client: Client, random: SeededRandomness, now: () => Date) {
    this.#client = client;
    this.#random = random;
    this.#now = now;
  }

  /** A code as consent gives it; without an address any one may stand in the exchange. */
  newCode(redirectUri: string | null = null): string {
    const code = this.#secret('AB1', 24);
    this.#codes.set(code, { redirectUri, expiresMs: this.#nowMs + CODE_MS });
    return code;
  }

  /** A refresh token of a connection that was consented to. */
  newRefreshToken(): string {
    return this.#newGrant().current;
  }

  /** Consent at once: back to where the client asked for, with a code. */
  authorize(query: URLSearchParams): OAuthAnswer {
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== this.#client.id) return refusal(400, 'invalid_client', 'The client_id is not known.');
    if (!/^https?:/.test(redirectUri) || !URL.canParse(redirectUri))
      return refusal(400, 'invalid_request', 'The redirect_uri query parameter value is invalid.');
    const back = new URL(redirectUri);
    const state = query.get('state');
    if (query.get('response_type') !== 'code') back.searchParams.set('error', 'unsupported_response_type');
    else {
      back.searchParams.set('code', this.newCode(redirectUri));
      back.searchParams.set('realmId', this.#client.realmId);
    }
    if (state !== null) back.searchParams.set('state', state);
    return { status: 302, location: back.href };
  }

  /** A token for a code or a refresh token. */
  token(form: URLSearchParams, headers: Readonly<Record<string, string | string[] | undefined>>): OAuthAnswer {
    if (!this.#isClient(headers.authorization)) return refusal(401, 'invalid_client', 'The client is not known.');
    const type = form.get('grant_type');
    if (type !== 'authorization_code' && type !== 'refresh_token')
      return refusal(400, 'unsupported_grant_type', 'grant_type is authorization_code or refresh_token.');
    const grant =
      type === 'refresh_token'
        ? this.#refreshed(form.get('refresh_token') ?? '')
        : this.#exchanged(form.get('code') ?? '', form.get('redirect_uri'));
    if (grant === null) return refusal(400, 'invalid_grant', 'Token invalid');
    const accessToken = this.#secret('eyJ', 48);
    this.#forgetExpired();
    this.#tokens.set(accessToken, { grant, refreshToken: grant.current, expiresMs: this.#nowMs + ACCESS_SEC * 1_000 });
    const hardSec = Math.max(0, HARD_SEC - Math.floor((this.#nowMs - grant.startedMs) / 1_000));
    return {
      status: 200,
      body: {
        token_type: 'bearer',
        access_token: accessToken,
        refresh_token: grant.current,
        expires_in: ACCESS_SEC,
        x_refresh_token_expires_in: REFRESH_SEC,
        ...(headers[HARD_HEADER] === 'true' ? { x_refresh_token_hard_expires_in: hardSec } : {}),
      },
    };
  }

  /** Either token ends the whole connection. */
  revoke(token: string, authorization: string | string[] | undefined): OAuthAnswer {
    if (!this.#isClient(authorization)) return refusal(401, 'invalid_client', 'The client is not known.');
    const grant = this.#tokens.get(token)?.grant ?? this.#grants.get(token);
    if (grant === undefined || grant.isRevoked) return refusal(400, 'invalid_request', 'The token is not known.');
    grant.isRevoked = true;
    return { status: 200 };
  }

  /** Null when the bearer token is good; otherwise what is wrong with it. */
  problemOf(authorization: string | undefined): string | null {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'Missing bearer token';
    const known = this.#tokens.get(token);
    if (known === undefined) return 'Malformed bearer token: too short or too long';
    if (known.grant.isRevoked) return 'Token revoked';
    if (known.expiresMs <= this.#nowMs) return 'Token expired';
    // from now on the refresh token before is of no use any more
    if (known.refreshToken === known.grant.current) known.grant.isCurrentUsed = true;
    return null;
  }

  expireAccessTokens(): void {
    for (const token of this.#tokens.values()) token.expiresMs = 0;
  }

  #exchanged(code: string, redirectUri: string | null): Grant | null {
    const known = this.#codes.get(code);
    this.#codes.delete(code);
    if (known === undefined || known.expiresMs <= this.#nowMs) return null;
    return known.redirectUri !== null && known.redirectUri !== redirectUri ? null : this.#newGrant();
  }

  #refreshed(token: string): Grant | null {
    const grant = this.#grants.get(token);
    if (grant === undefined || grant.isRevoked) return null;
    const ageMs = this.#nowMs - grant.currentSinceMs;
    if (ageMs >= REFRESH_SEC * 1_000 || this.#nowMs - grant.startedMs >= HARD_SEC * 1_000) return null;
    const isCurrent = token === grant.current;
    const isPrevious = token === grant.previous && !grant.isCurrentUsed && ageMs < GRACE_MS;
    if (!isCurrent && !isPrevious) return null;
    if (isCurrent) grant.previous = token;
    this.#rotate(grant);
    return grant;
  }

  #rotate(grant: Grant): void {
    grant.current = this.#secret('RT1', 36);
    grant.currentSinceMs = this.#nowMs;
    grant.isCurrentUsed = false;
    this.#grants.set(grant.current, grant);
  }

  #newGrant(): Grant {
    const startedMs = this.#nowMs;
    const grant: Grant = {
      startedMs,
      current: '',
      currentSinceMs: startedMs,
      isCurrentUsed: false,
      previous: null,
      isRevoked: false,
    };
    this.#rotate(grant);
    return grant;
  }

  #forgetExpired(): void {
    for (const [token, { expiresMs }] of this.#tokens) if (expiresMs + GRACE_MS <= this.#nowMs) this.#tokens.delete(token);
  }

  #isClient(authorization: string | string[] | undefined): boolean {
    const basic = /^Basic (\S+)$/i.exec(String(authorization ?? ''))?.[1] ?? '';
    return Buffer.from(basic, 'base64').toString('utf8') === `${this.#client.id}:${this.#client.secret}`;
  }

  #secret(prefix: string, bytes: number): string {
    return `${prefix}-${Buffer.from(this.#random.bytes(bytes)).toString('base64url')}`;
  }

  get #nowMs(): number {
    return this.#now().getTime();
  }
}

function refusal(status: number, error: string, description: string): OAuthAnswer {
  return { status, body: { error, error_description: description } };
}
