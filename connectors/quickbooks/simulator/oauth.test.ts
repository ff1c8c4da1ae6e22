// Sign-in as Intuit does it: consent, codes, tokens that end, refresh tokens that change, and the other envelope for a bad bearer.
import { afterEach, describe, expect, it } from 'vitest';
import { signedIn, type TestClient, text } from './test-client.ts';

let client: TestClient;
afterEach(() => client.simulator.close());

const refresh = (token: unknown, headers = {}) =>
  client.token({ grant_type: 'refresh_token', refresh_token: text(token) }, headers);
const ask = (token: unknown) =>
  fetch(`${client.simulator.url}/v3/company/${client.simulator.access.realmId}/preferences`, {
    headers: { authorization: `Bearer ${text(token)}` },
  });

describe('consent', () => {
  it('redirects at once with code, state and company, and the code is good for one exchange from the same address', async () => {
    client = await signedIn();
    const { url, access } = client.simulator;
    const redirectUri = 'http://127.0.0.1:9/back?tenant=1';
    const asked = { client_id: access.clientId, redirect_uri: redirectUri, response_type: 'code', scope: 'a', state: 's p' };
    const consent = async () => {
      const answer = await fetch(`${url}/connect/oauth2?${new URLSearchParams(asked).toString()}`, { redirect: 'manual' });
      expect(answer.status).toBe(302);
      return new URL(answer.headers.get('location') ?? '').searchParams;
    };
    const back = await consent();
    expect(Object.fromEntries(back)).toMatchObject({ tenant: '1', state: 's p', realmId: access.realmId });
    const form = { grant_type: 'authorization_code', code: back.get('code') ?? '', redirect_uri: redirectUri };
    expect((await client.token(form)).body).toMatchObject({
      token_type: 'bearer',
      expires_in: 3600,
      x_refresh_token_expires_in: 8_726_400,
    });
    expect((await client.token(form)).body).toMatchObject({ error: 'invalid_grant' });
    const other = { ...form, code: (await consent()).get('code') ?? '', redirect_uri: 'http://127.0.0.1:9/other' };
    expect(await client.token(other)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const late = { ...form, code: (await consent()).get('code') ?? '' };
    client.advance(601);
    expect((await client.token(late)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('gives ready codes and refuses clients that are not known', async () => {
    client = await signedIn();
    const form = {
      grant_type: 'authorization_code',
      redirect_uri: 'http://any/',
      code: client.simulator.access.authorizationCode,
    };
    expect((await client.token(form)).status).toBe(200);
    expect((await client.token({ ...form, code: client.simulator.authorizationCode() })).status).toBe(200);
    const wrong = { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
    expect(await client.token(form, wrong)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await client.token({ grant_type: 'password' })).body).toMatchObject({ error: 'unsupported_grant_type' });
  });
});

describe('refresh tokens', () => {
  it('change with every refresh; the one before dies once the new access token is used, and not by a lost answer', async () => {
    client = await signedIn();
    const first = client.simulator.access.authorizationCode;
    const { body: granted } = await client.token({ grant_type: 'authorization_code', redirect_uri: '', code: first });
    const { body: lost } = await refresh(granted.refresh_token);
    const { body: again } = await refresh(granted.refresh_token);
    expect(again.refresh_token).not.toBe(granted.refresh_token);
    // two refreshed at once: only the last value counts
    expect((await refresh(lost.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await ask(again.access_token)).status).toBe(200);
    expect((await refresh(granted.refresh_token)).body).toEqual({ error: 'invalid_grant', error_description: 'Token invalid' });
    expect((await refresh(again.refresh_token)).status).toBe(200);
  });

  it('die after a hundred days without use, and tell of their last day when they are asked', async () => {
    client = await signedIn();
    const header = { 'x-include-refresh-token-hard-expires-in': 'true' };
    const { body: tokens } = await client.token({
      grant_type: 'authorization_code',
      redirect_uri: '',
      code: client.simulator.authorizationCode(),
    });
    expect(tokens).not.toHaveProperty('x_refresh_token_hard_expires_in');
    client.advance(100 * 86_400);
    const { body: later } = await refresh(tokens.refresh_token, header);
    expect(later.x_refresh_token_hard_expires_in).toBe(157_680_000 - 100 * 86_400);
    client.advance(8_726_400);
    expect((await refresh(later.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('access tokens', () => {
  it('end after an hour or when they are ended, with an envelope in lower case', async () => {
    client = await signedIn();
    const { body: tokens } = await client.token({
      grant_type: 'authorization_code',
      redirect_uri: '',
      code: client.simulator.authorizationCode(),
    });
    const token = tokens.access_token;
    expect((await ask(token)).status).toBe(200);
    client.advance(3_600);
    const refused = await ask(token);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('intuit_tid')).toMatch(/^1-/);
    expect(await refused.json()).toMatchObject({
      warnings: null,
      fault: { type: 'AUTHENTICATION', error: [{ code: '3200', detail: 'Token expired', element: null }] },
      time: client.nowMs(),
    });
    const { body: fresh } = await client.token({
      grant_type: 'authorization_code',
      redirect_uri: '',
      code: client.simulator.authorizationCode(),
    });
    client.simulator.expireAccessTokens();
    expect((await ask(fresh.access_token)).status).toBe(401);
    expect((await ask('nonsense')).status).toBe(401);
  });

  it('open one company only, say whose they are, and end with their refresh token when it is revoked', async () => {
    client = await signedIn();
    const { url, access } = client.simulator;
    const { body: tokens } = await client.token({
      grant_type: 'authorization_code',
      redirect_uri: '',
      code: client.simulator.authorizationCode(),
    });
    const bearer = { authorization: `Bearer ${text(tokens.access_token)}` };
    const foreign = await fetch(`${url}/v3/company/1/preferences`, { headers: bearer });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toMatchObject({ Fault: { type: 'AuthorizationFault', Error: [{ code: '3100' }] } });
    expect(await (await fetch(`${url}/v1/openid_connect/userinfo`, { headers: bearer })).json()).toHaveProperty('email');
    expect(await (await fetch(`${url}/.well-known/openid_configuration/`)).json()).toMatchObject({
      token_endpoint: `${url}/oauth2/v1/tokens/bearer`,
    });
    const authorization = `Basic ${Buffer.from(`${access.clientId}:${access.clientSecret}`).toString('base64')}`;
    const revoked = await fetch(`${url}/v2/oauth2/tokens/revoke`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ token: tokens.refresh_token }),
    });
    expect([revoked.status, await revoked.text()]).toEqual([200, '']);
    expect((await ask(tokens.access_token)).status).toBe(401);
    expect((await refresh(tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
  });
});
