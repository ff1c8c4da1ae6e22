/**
 * Fetches the tokens of one connection: the one request in which its long-lived secrets travel. It keeps nothing: who asks must store
 * what it gives in one step, since the ERP may have made the former refresh token worthless by then.
 */
import { SignJWT } from 'jose';
import type { AuthScheme, Tokens } from './auth.ts';
import { ExternalError } from './external-error.ts';
import type { HttpClient } from './http.ts';

type TokenScheme = AuthScheme & { readonly kind: 'CLIENT_CREDENTIALS' | 'REFRESH' };

export interface TokenRequest {
  readonly http: HttpClient;
  readonly auth: AuthScheme;
  /** What was fetched last; null: nothing yet, so that it begins with what the operator entered. */
  readonly current: Tokens | null;
  readonly now: Date;
  readonly signal?: AbortSignal;
}

/** Refusals that no repetition mends: somebody must sign in again. */
const SIGNED_OUT = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client', 'access_denied']);

/** @throws ExternalError; of the kind AUTH when the ERP gives no token any more */
export async function requestTokens({ http, auth, current, now, signal }: TokenRequest): Promise<Tokens> {
  if (auth.kind !== 'CLIENT_CREDENTIALS' && auth.kind !== 'REFRESH') throw new Error(`${auth.kind} is signed without tokens.`);
  const url = new URL(auth.tokenUrl);
  const { form, basic } = auth.kind === 'REFRESH' ? refreshForm(auth, current) : await credentialsForm(auth, now);
  const { body } = await http.send({
    method: 'POST',
    base: url.origin,
    path: `${url.pathname}${url.search}`,
    headers: basic === null ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` },
    contentType: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(form).toString(),
    secrets: [...Object.values(form), ...(basic === null ? [] : [basic, basic.slice(basic.indexOf(':') + 1)])],
    judge: (answer) => {
      const { error, error_description: description } = fieldsOf(answer.body);
      if (typeof error !== 'string' || !SIGNED_OUT.has(error)) return null;
      return { kind: 'AUTH', code: error, words: typeof description === 'string' ? `${error}: ${description}` : error };
    },
    ...(signal ? { signal } : {}),
  });
  return tokensOf(body, { auth, current, now });
}

function refreshForm(auth: TokenScheme & { readonly kind: 'REFRESH' }, current: Tokens | null) {
  const { start, clientId, clientSecret } = auth;
  const basic = `${clientId}:${clientSecret}`;
  const known = current?.refreshToken ?? ('refreshToken' in start ? start.refreshToken : undefined);
  if (known !== undefined) return { basic, form: { grant_type: 'refresh_token', refresh_token: known } };
  if (!('code' in start)) throw new ExternalError('There is no refresh token.', { kind: 'AUTH' });
  return { basic, form: { grant_type: 'authorization_code', code: start.code, redirect_uri: start.redirectUri } };
}

const ASSERTION_LIFE_S = 300;

async function credentialsForm(auth: TokenScheme & { readonly kind: 'CLIENT_CREDENTIALS' }, now: Date) {
  const { clientId, secret, scope, certificate } = auth;
  const grant = { grant_type: 'client_credentials' };
  if (certificate === undefined) {
    if (secret === undefined) throw new Error('Client credentials need a secret or a certificate.');
    return { basic: `${clientId}:${secret}`, form: { ...grant, ...(scope === undefined ? {} : { scope }) } };
  }
  const issuedAt = Math.floor(now.getTime() / 1_000);
  const assertion = await new SignJWT(scope === undefined ? {} : { scope })
    .setProtectedHeader({ typ: 'JWT', alg: certificate.algorithm, kid: certificate.keyId })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(certificate.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFE_S)
    .sign(certificate.key);
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return { basic: null, form: { ...grant, client_assertion_type: type, client_assertion: assertion } };
}

function tokensOf(body: unknown, { auth, current, now }: Pick<TokenRequest, 'auth' | 'current' | 'now'>): Tokens {
  const fields = fieldsOf(body);
  const { access_token: accessToken, refresh_token: refreshed } = fields;
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new ExternalError('The sign-in answered without an access token.', { kind: 'UNKNOWN_OUTCOME' });
  const after = (seconds: unknown): Date | null => {
    const lifeS = Number(seconds ?? Number.NaN);
    return Number.isFinite(lifeS) && lifeS > 0 ? new Date(now.getTime() + lifeS * 1_000) : null;
  };
  const expiresAt = after(fields['expires_in']);
  if (auth.kind !== 'REFRESH') return { accessToken, expiresAt };
  // not rotated this time: the one that was sent still holds
  const kept = current?.refreshToken ?? ('refreshToken' in auth.start ? auth.start.refreshToken : undefined);
  const refreshToken = typeof refreshed === 'string' && refreshed !== '' ? refreshed : kept;
  const refreshExpiresAt = after(fields['x_refresh_token_expires_in'] ?? fields['refresh_token_expires_in']);
  return { accessToken, expiresAt, refreshExpiresAt, ...(refreshToken === undefined ? {} : { refreshToken }) };
}

const fieldsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
