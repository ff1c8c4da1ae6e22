// What goes wrong: each kind of fault with its effect on the books, scripts and chance, and the limits that clients break.
import { afterEach, describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultKind } from '../../../src/connect/index.ts';
import { signedIn, type TestClient, text } from './test-client.ts';

let client: TestClient;
afterEach(() => client.simulator.close());

interface Seen {
  readonly status: number | 'no answer';
  readonly body: string;
  readonly headers: Headers;
}

/** Creates a customer, whatever comes of it. */
async function create(name: string): Promise<Seen> {
  const { url, access } = client.simulator;
  const signal = AbortSignal.timeout(400);
  const { headers, status, body } = await client
    .token({ grant_type: 'authorization_code', redirect_uri: '', code: client.simulator.authorizationCode() })
    .then(({ body: tokens }) =>
      fetch(`${url}/v3/company/${access.realmId}/customer`, {
        method: 'POST',
        signal,
        headers: { authorization: `Bearer ${text(tokens.access_token)}` },
        body: JSON.stringify({ DisplayName: name }),
      }),
    )
    .then(async (response) => ({ headers: response.headers, status: response.status, body: await response.text() }))
    .catch(() => ({ headers: new Headers(), status: 'no answer' as const, body: '' }));
  return { status, body, headers };
}

const exists = (name: string) => client.simulator.all('Customer').some(({ DisplayName }) => DisplayName === name);

describe('a fault', () => {
  it.each([
    ['THROTTLED', 429, /ThrottleExceeded.*"type":"SERVICE"/, false],
    ['UNAVAILABLE', 503, /Service Unavailable/, false],
    ['SERVER_ERROR', 500, /"code":"10000"/, false],
    ['LOST_ANSWER', 'no answer', /^$/, true],
    ['HALF_ANSWER', 'no answer', /^$/, true],
    ['FAULT_IN_SUCCESS', 200, /^\{"Fault":\{.*"type":"SystemFault"/, false],
    ['SLOW', 200, /^\{"Customer":/, true],
    ['UNAUTHORIZED', 401, /"fault":\{"error"/, false],
    ['TIMEOUT', 'no answer', /^$/, true],
  ] as const)('%s answers so and does as much as it says, once', async (kind, status, words, isDone) => {
    client = await signedIn({ slowMs: 5, faults: { script: [kind] } });
    const seen = await create('A');
    expect([seen.status, exists('A')]).toEqual([status, isDone]);
    expect(seen.body).toMatch(words);
    expect((await create('B')).status).toBe(200);
  });

  it('HTML is a page in a success, with or without the effect', async () => {
    client = await signedIn({ faults: { script: Array.from({ length: 12 }, () => 'HTML' as const) } });
    const done = new Set<boolean>();
    for (let index = 0; index < 12; index++) {
      const { status, body, headers } = await create(`C${index}`);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html']);
      expect(body).toMatch(/^<!DOCTYPE html>/);
      done.add(exists(`C${index}`));
    }
    expect(done).toEqual(new Set([false, true]));
  });

  it('comes as scripted: null lets a request pass, others do not count, and then there is none', async () => {
    client = await signedIn();
    client.simulator.setFaults({
      script: [null, 'SERVER_ERROR'],
      only: ({ method, path }) => method === 'POST' && path.includes('/customer'),
    });
    expect((await client.call('GET', 'preferences')).status).toBe(200);
    const seen = [];
    for (const name of ['A', 'B', 'C']) seen.push((await create(name)).status);
    expect(seen).toEqual([200, 500, 200]);
  });

  it('by chance is the same for the same seed, in about the part that was asked for, and of the kinds that were', async () => {
    const kinds: readonly FaultKind[] = ['SERVER_ERROR', 'UNAVAILABLE'];
    const run = async (seed: string) => {
      client = await signedIn({ seed, faults: { rate: 0.4, kinds } });
      const statuses: number[] = [];
      for (let index = 0; index < 80; index++) statuses.push((await client.call('GET', 'preferences')).status);
      await client.simulator.close();
      return statuses;
    };
    const first = await run('one');
    expect(await run('one')).toEqual(first);
    expect(await run('two')).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500, 503]));
    const part = first.filter((status) => status !== 200).length / first.length;
    expect(part).toBeGreaterThan(0.2);
    expect(part).toBeLessThan(0.6);
    client = await signedIn();
  });

  it('spares sign-in unless it is named, and then loses, delays or refuses it only', async () => {
    client = await signedIn({ faults: { rate: 1 } });
    const form = () => ({ grant_type: 'authorization_code', redirect_uri: '', code: client.simulator.authorizationCode() });
    expect((await client.token(form())).status).toBe(200);
    client.simulator.setFaults({ script: ['UNAVAILABLE', 'HTML'], only: ({ path }) => path.startsWith('/oauth2') });
    expect([(await client.token(form())).status, (await client.token(form())).status]).toEqual([503, 200]);
    client.simulator.setFaults({ script: ['LOST_ANSWER'], only: ({ path }) => path.startsWith('/oauth2') });
    const { refreshToken } = client.simulator.access;
    const refresh = () => client.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    await expect(refresh()).rejects.toThrow('fetch failed');
    expect(FAULT_KINDS).toHaveLength(10);
  });
});

describe('a refresh whose answer was lost', () => {
  it('can be asked for again with the token before', async () => {
    client = await signedIn();
    const { body: granted } = await client.token({
      grant_type: 'authorization_code',
      redirect_uri: '',
      code: client.simulator.authorizationCode(),
    });
    client.simulator.setFaults({ script: ['LOST_ANSWER'], only: ({ path }) => path.startsWith('/oauth2') });
    const refresh = () => client.token({ grant_type: 'refresh_token', refresh_token: text(granted.refresh_token) });
    await expect(refresh()).rejects.toThrow('fetch failed');
    expect((await refresh()).status).toBe(200);
  });
});

describe('the limits', () => {
  it('of requests in a minute are counted by the simulator’s clock, refused beyond, and told as violations', async () => {
    client = await signedIn();
    client.simulator.setLimits({ perMinute: 5, batchesPerMinute: 1, concurrent: 10 });
    const ask = async () => (await client.call('GET', 'preferences')).status;
    const seen = [];
    for (let index = 0; index < 6; index++) seen.push(await ask());
    expect(seen).toEqual([200, 200, 200, 200, 200, 429]);
    expect(client.simulator.violations()).toBe(1);
    client.advance(61);
    expect(await ask()).toBe(200);
    const batch = async () => client.call('POST', 'batch', { BatchItemRequest: [] });
    expect((await batch()).status).toBe(200);
    const { status, body } = await batch();
    expect([status, body.Fault]).toMatchObject([
      429,
      { type: 'SERVICE', Error: [{ code: '3001', Message: 'message=ThrottleExceeded; errorCode=003001; statusCode=429' }] },
    ]);
    client.simulator.setLimits(null);
    expect(await ask()).toBe(200);
    expect(client.simulator.violations()).toBe(2);
  });

  it('of requests at once refuse one more, until one has ended', async () => {
    client = await signedIn({ slowMs: 50 });
    client.simulator.setLimits({ perMinute: 500, batchesPerMinute: 40, concurrent: 3 });
    client.simulator.setFaults({ script: ['SLOW', 'SLOW', 'SLOW'] });
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.call('GET', 'preferences')));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect((await client.call('GET', 'preferences')).status).toBe(200);
    expect(client.simulator.violations()).toBe(1);
  });
});
