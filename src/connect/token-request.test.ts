// Fetching tokens over real HTTP: what each way of signing in sends, what is made of the answer, and what never shows in an error.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthScheme, Tokens } from './auth.ts';
import { ExternalError } from './external-error.ts';
import { createHttpClient } from './http.ts';
import { requestTokens } from './token-request.ts';

let answer: { readonly status: number; readonly body: string } = { status: 200, body: '{}' };
const seen: { headers: Record<string, unknown>; form: Record<string, string> }[] = [];
let server: Server;
let tokenUrl: string;
const http = createHttpClient({ allowsLoopback: true });
const now = new Date('2026-01-31T09:00:00Z');

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ headers: request.headers, form: Object.fromEntries(new URLSearchParams(body)) });
      const text = answer.body.replace('$sent', `${body} ${request.headers.authorization ?? ''}`);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/token`;
});
afterAll(() => {
  http.close();
  server.closeAllConnections();
  server.close();
});

const tokens = (auth: AuthScheme, current: Tokens | null, body: object): Promise<Tokens> => {
  answer = { status: 200, body: JSON.stringify(body) };
  return requestTokens({ http, auth, current, now });
};
const refresh = (start: (AuthScheme & { kind: 'REFRESH' })['start']): AuthScheme => ({
  kind: 'REFRESH',
  tokenUrl,
  clientId: 'client',
  clientSecret: 'hunter2-secret',
  start,
});
const basic = `Basic ${btoa('client:hunter2-secret')}`;

describe('a token by refresh', () => {
  it('begins with a code or a first refresh token, and goes on with the newest', async () => {
    const body = { access_token: 'a1', refresh_token: 'r1', expires_in: 3600, x_refresh_token_expires_in: 8_726_400 };
    const code = refresh({ code: 'c0', redirectUri: 'https://app.example.com/back' });
    const first = await tokens(code, null, body);
    expect(seen.at(-1)).toMatchObject({
      headers: { authorization: basic, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: { grant_type: 'authorization_code', code: 'c0', redirect_uri: 'https://app.example.com/back' },
    });
    expect(first).toEqual({
      accessToken: 'a1',
      refreshToken: 'r1',
      expiresAt: new Date('2026-01-31T10:00:00Z'),
      refreshExpiresAt: new Date('2026-05-12T09:00:00Z'),
    });
    await tokens(code, first, { access_token: 'a2', refresh_token: 'r2' });
    expect(seen.at(-1)?.form).toEqual({ grant_type: 'refresh_token', refresh_token: 'r1' });
    await tokens(refresh({ refreshToken: 'r0' }), null, { access_token: 'a1' });
    expect(seen.at(-1)?.form).toEqual({ grant_type: 'refresh_token', refresh_token: 'r0' });
  });

  it('keeps the refresh token that was not replaced', async () => {
    const auth = refresh({ refreshToken: 'r0' });
    expect((await tokens(auth, null, { access_token: 'a', expires_in: '60' })).refreshToken).toBe('r0');
    const current: Tokens = { accessToken: 'a', expiresAt: null, refreshToken: 'r5' };
    const next = await tokens(auth, current, { access_token: 'b', refresh_token: '' });
    expect(next).toEqual({ accessToken: 'b', refreshToken: 'r5', expiresAt: null, refreshExpiresAt: null });
  });
});

describe('a token by client credentials', () => {
  it('is asked for with the secret and the scope', async () => {
    const auth: AuthScheme = { kind: 'CLIENT_CREDENTIALS', tokenUrl, clientId: 'client', secret: 'hunter2-secret', scope: 'api' };
    expect(await tokens(auth, null, { access_token: 'a', expires_in: 60 })).toEqual({
      accessToken: 'a',
      expiresAt: new Date('2026-01-31T09:01:00Z'),
    });
    expect(seen.at(-1)).toMatchObject({
      headers: { authorization: basic },
      form: { grant_type: 'client_credentials', scope: 'api' },
    });
  });

  it.each(['PS256', 'ES256'] as const)('is asked for with an assertion of %s that the certificate proves', async (algorithm) => {
    const { privateKey, publicKey } =
      algorithm === 'PS256'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const certificate = { keyId: 'cert-1', key: privateKey, algorithm, audience: tokenUrl };
    const auth: AuthScheme = { kind: 'CLIENT_CREDENTIALS', tokenUrl, clientId: 'client', scope: 'rest_webservices', certificate };
    await tokens(auth, null, { access_token: 'a', expires_in: '3600', token_type: 'bearer' });
    const { headers, form } = seen.at(-1) ?? expect.unreachable();
    expect(headers['authorization']).toBeUndefined();
    expect(form['client_assertion_type']).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    const proved = await jwtVerify(form['client_assertion'] ?? '', publicKey, {
      issuer: 'client',
      audience: tokenUrl,
      currentDate: now,
    });
    expect(proved.protectedHeader).toEqual({ typ: 'JWT', alg: algorithm, kid: 'cert-1' });
    expect(proved.payload).toMatchObject({
      scope: 'rest_webservices',
      iat: now.getTime() / 1_000,
      exp: now.getTime() / 1_000 + 300,
    });
  });
});

describe('a token that is not given', () => {
  const asked = async (status: number, body: string): Promise<ExternalError> => {
    answer = { status, body };
    const current: Tokens = { accessToken: 'a', expiresAt: null, refreshToken: 'hunter2-refresh' };
    const error: unknown = await requestTokens({ http, auth: refresh({ refreshToken: 'r0' }), current, now }).catch(
      (one: unknown) => one,
    );
    expect(error).toBeInstanceOf(ExternalError);
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('hunter2');
    return error as ExternalError;
  };

  it.each<[number, string, string, string]>([
    [400, '{"error":"invalid_grant","error_description":"Token expired: $sent"}', 'AUTH', 'invalid_grant'],
    [401, '{"error":"invalid_client"}', 'AUTH', 'invalid_client'],
    [400, '{"error":"invalid_request"}', 'REJECTED', 'invalid_request'],
    [500, '{"message":"$sent"}', 'UNKNOWN_OUTCOME', ''],
    [503, '', 'RETRYABLE', ''],
    [200, '{}', 'UNKNOWN_OUTCOME', ''],
    [200, '<html>sign in</html>', 'UNKNOWN_OUTCOME', ''],
  ])('with %i %s is sorted, and says nothing of what was sent', async (status, body, kind, word) => {
    const error = await asked(status, body);
    expect([error.kind, error.message.includes(word)]).toEqual([kind, true]);
  });
});
