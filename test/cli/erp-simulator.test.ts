// An ERP's simulator as a command: one line of JSON with all that a client needs, until it is ended; and what it has no use for.
import { afterAll, expect, it } from 'vitest';
import { until } from '../support/processes.ts';
import { spawnCommand } from './commands.ts';

it('prints how to sign in as one line, lets a client in, and ends when it is told to', { timeout: 30_000 }, async () => {
  const running = spawnCommand([
    'cashgraph',
    'simulator',
    'quickbooks',
    '--size',
    '20',
    '--seed',
    '3',
    '--webhook',
    'http://127.0.0.1:9/',
  ]);
  afterAll(() => running.child.kill('SIGKILL'));
  await until(() => running.stdout().endsWith('\n'));
  const access = JSON.parse(running.stdout()) as Record<string, string>;
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
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(running.stdout().split('\n')).toHaveLength(2);
});
