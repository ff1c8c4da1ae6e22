/**
 * Reads a bearer token as RFC 8725 asks: fixed algorithms, one of the configured issuers, its audience, its type, an end that
 * isn't too far away, and keys from that issuer's own set only. Nothing in a token says what somebody may do.
 */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { Config, IssuerConfig } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';

/** Only asymmetric ones: a shared secret would let every reader of tokens make them. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

export interface TokenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly tenant: string;
  readonly expiresAt: Date;
}

export interface TokenReaderOptions {
  readonly config: Pick<Config, 'issuers' | 'limits'>;
  readonly clock: Clock;
  /** The public keys of the local issuer; null where there is none. */
  readonly localJwks: JSONWebKeySet | null;
}

/** One text for everything that is wrong with credentials, so that it tells nothing to who guesses. */
export const unauthenticated = (): DomainError =>
  new DomainError(
    'UNAUTHENTICATED',
    'The request carries no valid credentials. Send a valid token or API key in the header "Authorization: Bearer …".',
  );

/** @returns a function that throws UNAUTHENTICATED, TOKEN_EXPIRED, or UNAVAILABLE when the issuer's keys can't be had */
export function createTokenReader(options: TokenReaderOptions): (token: string) => Promise<TokenClaims> {
  const issuers = new Map(options.config.issuers.map((issuer) => [issuer.issuer, { issuer, keys: keysOf(issuer, options) }]));
  return async (token) => {
    const found = issuers.get(claimedIssuer(token) ?? '');
    if (!found) throw unauthenticated();
    const { payload } = await jwtVerify(token, found.keys, {
      algorithms: ALGORITHMS,
      issuer: found.issuer.issuer,
      audience: found.issuer.audience,
      requiredClaims: ['exp', 'iat', 'sub', 'tenant'],
      clockTolerance: options.config.limits.tokenClockToleranceS,
      currentDate: options.clock.now(),
    }).catch((error: unknown) => {
      throw asDomainError(error, found.issuer);
    });
    return claimsOf(payload, found.issuer, options);
  };
}

/** The unverified `iss` only chooses which configured issuer has to have signed. */
function claimedIssuer(token: string): string | undefined {
  try {
    const { typ, kid } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    return typeof kid === 'string' && (typ === undefined || typeof typ === 'string') ? iss : undefined;
  } catch {
    return undefined;
  }
}

function keysOf(issuer: IssuerConfig, { config, localJwks }: TokenReaderOptions): JWTVerifyGetKey {
  const keys =
    issuer.jwksUri === undefined
      ? createLocalJWKSet(localJwks ?? { keys: [] })
      : createRemoteJWKSet(new URL(issuer.jwksUri), { timeoutDuration: config.limits.jwksTimeoutMs });
  const types = new Set(issuer.tokenTypes.map((type) => type.toLowerCase()));
  return async (header, token) => {
    // `application/at+jwt` and `at+jwt` are the same by RFC 7515, 4.1.9
    if (!types.has((header.typ ?? '').toLowerCase().replace(/^application\//, ''))) throw unauthenticated();
    return keys(header, token);
  };
}

function claimsOf(payload: JWTPayload, issuer: IssuerConfig, { config, clock }: TokenReaderOptions): TokenClaims {
  const { exp = 0, iat = 0, sub, tenant } = payload;
  const { tokenMaxLifetimeS, tokenClockToleranceS } = config.limits;
  const nowS = clock.now().getTime() / 1_000;
  const isTooLong = exp - iat > tokenMaxLifetimeS || iat > nowS + tokenClockToleranceS || exp <= iat;
  if (isTooLong || typeof sub !== 'string' || sub === '' || typeof tenant !== 'string' || tenant === '') throw unauthenticated();
  if (issuer.tenants !== '*' && !issuer.tenants.includes(tenant)) throw unauthenticated();
  return { issuer: issuer.issuer, subject: sub, tenant, expiresAt: new Date(exp * 1_000) };
}

function asDomainError(error: unknown, issuer: IssuerConfig): DomainError {
  if (error instanceof DomainError) return error;
  // only a token that is right in everything else gets this far: the signature is checked before the claims
  if (error instanceof errors.JWTExpired)
    return new DomainError('TOKEN_EXPIRED', 'The access token has expired. Get a new one and send the request again.');
  const isKeyFetch =
    issuer.jwksUri !== undefined &&
    (error instanceof errors.JWKSTimeout ||
      error instanceof errors.JWKSInvalid ||
      (error as { code?: string }).code === 'ERR_JOSE_GENERIC' ||
      !(error instanceof errors.JOSEError));
  if (isKeyFetch)
    return new DomainError('UNAVAILABLE', 'The keys of the token issuer can not be fetched now. Try again in a moment.', {
      cause: error,
    });
  return unauthenticated();
}
