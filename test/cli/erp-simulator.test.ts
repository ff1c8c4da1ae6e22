// An ERP's simulator as a command: one line of JSON with all that a client needs, until it is ended; and what it has no use for.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, expect, it } from 'vitest';
import { selfSigned } from '../support/certificate.ts';
import { until } from '../support/processes.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { spawnCommand } from './commands.ts';

/** Its line of JSON. */
async function started(...args: string[]) {
  const running = spawnCommand(['cashgraph', 'simulator', ...args]);
  afterAll(() => running.child.kill('SIGKILL'));
  await until(() => running.stdout().endsWith('\n'));
  const access = JSON.parse(running.stdout()) as Record<string, string>;
  return { running, access };
}

async function mustEnd({ running }: Awaited<ReturnType<typeof started>>): Promise<void> {
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(running.stdout().split('\n')).toHaveLength(2);
}

it('prints how to sign in as one line, lets a client in, and ends when it is told to', async () => {
  const quickbooks = await started('quickbooks', '--size', '20', '--seed', '3', '--webhook', 'http://127.0.0.1:9/');
  const { access } = quickbooks;
  expect(access).toMatchObject({
    simulator: 'quickbooks',
    url: access.baseUrl,
    realmId: expect.stringMatching(/^\d+$/) as string,
  });
  for (const name of ['clientId', 'clientSecret', 'authorizationCode', 'redirectUri', 'refreshToken', 'webhookVerifier'])
    expect(access[name]).toMatch(/.{10}/);
  const granted = await fetch(`${access.url}/oauth2/v1/tokens/bearer`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${access.clientId}:${access.clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: access.refreshToken ?? '' }),
  });
  const tokens = (await granted.json()) as { access_token: string };
  const query = new URLSearchParams({ query: 'select count(*) from Invoice' }).toString();
  const answer = await fetch(`${access.url}/v3/company/${access.realmId}/query?${query}`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  const { QueryResponse } = (await answer.json()) as { QueryResponse: { totalCount: number } };
  expect(QueryResponse.totalCount).toBeGreaterThan(10);
  await mustEnd(quickbooks);
});

it('gives SAP’s user, password and company codes, and answers them', async () => {
  const simulator = await started('sap', '--size', '20');
  const { url, user, password } = simulator.access;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await fetch(`${url}/sap/opu/odata/sap/API_BILLING_DOCUMENT_SRV/A_BillingDocument/$count`, {
    headers: { authorization },
  });
  expect(Number(await answer.text())).toBeGreaterThan(10);
  await mustEnd(simulator);
});

it('lets who has the certificate’s key into NetSuite', async () => {
  const folder = makeScratchFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const { key, certificate } = selfSigned();
  const file = join(folder, 'certificate.pem');
  writeFileSync(file, certificate);
  const simulator = await started('netsuite', '--size', '0', '--certificate', file);
  const { url, clientId, certificateId, privateKey } = simulator.access;
  expect(privateKey ?? '').toBe('');
  const tokenUrl = `${url}/services/rest/auth/oauth2/v1/token`;
  const assertion = await new SignJWT({ scope: 'rest_webservices' })
    .setProtectedHeader({ typ: 'JWT', alg: 'PS256', kid: certificateId ?? '' })
    .setIssuer(clientId ?? '')
    .setAudience(tokenUrl)
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(key);
  const granted = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  const answer = await fetch(`${url}/services/rest/query/v1/suiteql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, prefer: 'transient', 'content-type': 'application/json' },
    body: JSON.stringify({ q: 'SELECT symbol FROM currency' }),
  });
  expect(((await answer.json()) as { items: unknown[] }).items.length).toBeGreaterThan(1);
  await mustEnd(simulator);
});
