/**
 * Who is asking: a bearer token or an API key becomes a principal, loaded from our own tables. What was loaded is kept for
 * seconds only, so that revoked access ends soon; the credentials themselves are never kept, only their hash.
 */
import { hash } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { Principal } from '../access/principal.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { SignIn } from './options.ts';
import { createTokenReader, unauthenticated } from './token.ts';

export interface Authenticator {
  /**
   * @param authorization the header, or `authorization` of a socket's connection parameters
   * @throws DomainError UNAUTHENTICATED, TOKEN_EXPIRED or UNAVAILABLE
   */
  authenticate(authorization: unknown): Promise<Principal>;
}

export interface AuthenticatorOptions {
  readonly config: Pick<Config, 'issuers' | 'limits'>;
  readonly clock: Clock;
  readonly signIn: SignIn;
  readonly localJwks: JSONWebKeySet | null;
}

interface Kept {
  readonly principal: Promise<Principal>;
  untilMs: number;
}

const API_KEY = /^cg_(?:live|test)_([A-Za-z0-9]{4,64})_([A-Za-z0-9_-]{16,128})$/;

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { clock, signIn } = options;
  const { tokenMaxBytes, principalCacheMaxCount, principalCacheMs } = options.config.limits;
  const readToken = createTokenReader(options);
  const kept = new Map<string, Kept>();

  const load = async (credentials: string): Promise<Principal> => {
    if (credentials.startsWith('cg_')) {
      const [, lookup, secret] = API_KEY.exec(credentials) ?? [];
      const principal = lookup !== undefined && secret !== undefined ? await signIn.byApiKey({ lookup, secret }) : null;
      if (!principal) throw unauthenticated();
      return principal;
    }
    const { expiresAt, ...claims } = await readToken(credentials);
    const principal = await signIn.bySubject(claims);
    if (!principal) throw unauthenticated();
    const endsFirst = principal.expiresAt !== null && principal.expiresAt < expiresAt ? principal.expiresAt : expiresAt;
    return { ...principal, expiresAt: endsFirst };
  };

  const keep = (key: string, principal: Promise<Principal>): Promise<Principal> => {
    if (principalCacheMaxCount === 0) return principal;
    const oldest = kept.size >= principalCacheMaxCount ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    const entry: Kept = { principal, untilMs: clock.now().getTime() + principalCacheMs };
    kept.set(key, entry);
    // a refusal isn't kept: the next request may be right; requests at the same moment share one look-up
    principal.catch(() => kept.get(key) === entry && kept.delete(key));
    return principal;
  };

  return {
    async authenticate(authorization) {
      const credentials = credentialsIn(authorization, tokenMaxBytes);
      if (credentials === null) throw unauthenticated();
      const key = hash('sha256', credentials, 'base64');
      const before = kept.get(key);
      const nowMs = clock.now().getTime();
      if (before && before.untilMs <= nowMs) kept.delete(key);
      const principal = await (before && before.untilMs > nowMs ? before.principal : keep(key, load(credentials)));
      return stillValid(principal, clock.now());
    },
  };
}

function stillValid(principal: Principal, now: Date): Principal {
  if (principal.expiresAt === null || principal.expiresAt > now) return principal;
  if (principal.kind === 'API_KEY') throw unauthenticated();
  throw new DomainError('TOKEN_EXPIRED', 'The access token has expired. Get a new one and send the request again.');
}

function credentialsIn(authorization: unknown, maxBytes: number): string | null {
  if (typeof authorization !== 'string' || authorization.length > maxBytes) return null;
  return /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1] ?? null;
}
