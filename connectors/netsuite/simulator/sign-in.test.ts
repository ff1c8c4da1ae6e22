import { generateKeyPairSync } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { startSimulator } from './index.ts';
import { signatureOf } from './sign-in/oauth1.ts';
import { askToken, assertionOf, signedHeader, START } from './test-client.ts';

const nowMs = Date.parse(START);
const simulator = await startSimulator({ size: 0, now: () => new Date(nowMs) });
afterAll(() => simulator.close());
const errorOf = async (answer: Promise<Response>) => {
  const said = await answer;
  return `${said.status} ${((await said.json()) as { error?: string }).error}`;
};

it('gives a token for an assertion that is signed with the certificate’s key, for the called URL or the account’s own', async () => {
  const answer = await askToken(simulator, assertionOf(simulator, nowMs));
  expect(answer.status).toBe(200);
  const body = (await answer.json()) as { access_token: string };
  expect(body).toMatchObject({ expires_in: '3600', token_type: 'bearer' });
  expect(body).not.toHaveProperty('refresh_token');
  const bearer = { authorization: `Bearer ${body.access_token}` };
  const url = `${simulator.url}/services/rest/system/v1/serverTime`;
  expect(await (await fetch(url, { headers: bearer })).json()).toEqual({ serverTime: START });
  const host = simulator.access.account.toLowerCase().replace('_', '-');
  const aud = `https://${host}.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token`;
  expect((await askToken(simulator, assertionOf(simulator, nowMs, { claims: { aud, scope: 'rest_webservices' } }))).status).toBe(
    200,
  );
  simulator.expireTokens();
  expect((await fetch(url, { headers: bearer })).status).toBe(401);
});

it.each([
  ['another certificate', { header: { kid: 'other' } }, 'invalid_client'],
  ['another client', { claims: { iss: 'other' } }, 'invalid_client'],
  ['another audience', { claims: { aud: 'https://elsewhere.example/token' } }, 'invalid_grant'],
  ['more than an hour', { claims: { exp: nowMs / 1_000 + 3_601 } }, 'invalid_grant'],
  ['a time that is over', { claims: { iat: nowMs / 1_000 - 900, exp: nowMs / 1_000 - 600 } }, 'invalid_grant'],
  ['an unknown scope', { claims: { scope: ['everything'] } }, 'invalid_scope'],
  ['no signature', { header: { alg: 'none' } }, 'invalid_client'],
  [
    'another key',
    { key: generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
    'invalid_client',
  ],
])('refuses an assertion with %s', async (_, changed, error) => {
  expect(await errorOf(askToken(simulator, assertionOf(simulator, nowMs, changed)))).toBe(`400 ${error}`);
});

it('takes an elliptic key where its certificate was uploaded, and gives no private key then', async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificate = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const other = await startSimulator({ size: 0, now: () => new Date(nowMs), certificate });
  expect(other.access.privateKey).toBe('');
  expect((await askToken(other, assertionOf(other, nowMs, { header: { alg: 'ES256' }, key: pem }))).status).toBe(200);
  await other.close();
});

it('signs as the published example of token-based authentication does', () => {
  const url = new URL('https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40');
  const parameters = {
    oauth_consumer_key: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
    oauth_token: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
    oauth_nonce: 'fjaLirsIcCGVZWzBX0pg',
    oauth_timestamp: '1508242306',
    oauth_signature_method: 'HMAC-SHA256',
    oauth_version: '1.0',
  };
  const keys = {
    consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
    tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
  };
  expect(signatureOf({ method: 'GET', url }, parameters, keys)).toBe('B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=');
});

it('takes a request that is signed over the URL as it was called, once, and nothing weaker', async () => {
  const url = `${simulator.url}/services/rest/record/v1/customer?limit=5&q=${encodeURIComponent('email START_WITH "a b"')}`;
  const authorization = signedHeader(simulator, { method: 'GET', url });
  const get = async (to: string, header: string) => {
    const answer = await fetch(to, { headers: { authorization: header } });
    return `${answer.status} ${((await answer.text()).match(/"o:errorCode":"(\w+)"/) ?? [])[1] ?? ''}`.trim();
  };
  expect(await get(url, authorization)).toBe('200');
  expect(await get(url, authorization)).toBe('401 INVALID_LOGIN');
  expect(await get(`${url}&offset=5`, signedHeader(simulator, { method: 'GET', url }))).toBe('401 INVALID_LOGIN');
  const sha1 = signedHeader(simulator, { method: 'GET', url }, { oauth_signature_method: 'HMAC-SHA1' });
  expect(await get(url, sha1)).toBe('401 INVALID_LOGIN');
  const otherRealm = signedHeader(simulator, { method: 'GET', url }).replace(/realm="[^"]*"/, 'realm="OTHER"');
  expect(await get(url, otherRealm)).toBe('401 INVALID_LOGIN');
});

it('says what is wrong with a bearer token in the header that OAuth has for it', async () => {
  const answer = await fetch(`${simulator.url}/services/rest/record/v1/term`, { headers: { authorization: 'Bearer nonsense' } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe(
    `Bearer realm="${simulator.access.account}", error="invalid_token", error_description="Invalid login attempt."`,
  );
});
