/** Starting, status, production's rules, and stopping without losing anything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createLogger, createMetrics, listen, type ListenOptions } from '../../src/transport/index.ts';
import type { GraphContext } from '../../src/write/context.ts';
import { NO_ENGINE, principalOf, start } from './fixture.ts';
import { schema, seen } from './schema.ts';
import { connected } from './socket-client.ts';
import { eventually } from './socket-fixture.ts';

const production = (
  more: Record<string, string> = {},
  permissions: readonly 'schema:introspect'[] = [],
): Promise<Awaited<ReturnType<typeof listen>>> => {
  const config = loadConfig({ NODE_ENV: 'production', DATABASE_URL: 'postgres://db/x', PORT: '0', ...more });
  const options: ListenOptions = {
    schema,
    config,
    logger: createLogger({ level: 'silent' }),
    clock: systemClock,
    signIn: { bySubject: async () => null, byApiKey: async () => ({ ...principalOf('key', permissions), kind: 'API_KEY' }) },
    context: (principal, request) => ({ principal, ...request, ...NO_ENGINE }) as unknown as GraphContext,
    readiness: async () => [],
    demoLogins: () => [{ label: 'admin', token: 'secret' }],
  };
  return listen(options);
};
const KEY = { authorization: 'Bearer cg_live_k1ok_sssssssssssssssssssss', 'content-type': 'application/json' };

describe('starting', () => {
  it('says what to do when the port is taken', async () => {
    const server = await start();
    const error = await start({ env: { PORT: String(server.port) } }).catch((failed: Error) => failed);
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: `Port ${server.port} is taken by another program. Choose another one with --port, for example --port ${server.port + 1}.`,
    });
    await server.close();
  });
});

describe('status', () => {
  it('tells alive from ready, and never an internal text', async () => {
    const answers: (() => Promise<readonly { name: string; isReady: boolean }[]>)[] = [
      async () => [{ name: 'database', isReady: true }],
      async () => [{ name: 'database', isReady: false }],
      () => Promise.reject(new Error('password hunter2')),
      () => new Promise(() => {}),
    ];
    let readiness = answers[0];
    const server = await start({ env: { READINESS_TIMEOUT_MS: '60' }, readiness: () => readiness?.() ?? Promise.resolve([]) });
    const statuses: number[] = [];
    for (readiness of answers) {
      const answer = await fetch(`${server.url}/readyz`);
      statuses.push(answer.status);
      expect(await answer.text()).not.toContain('hunter2');
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    }
    expect(statuses).toEqual([200, 503, 503, 503]);
    await server.close();
  });

  it('counts requests and operations by closed lists of labels, and takes gauges of others', async () => {
    const metrics = createMetrics();
    metrics.gauge({ name: 'sealer_lag_seconds', help: 'How far the log is behind.', collect: () => 7 });
    const server = await start({ metrics });
    await server.post({ query: 'query myName{hello}' });
    await server.post({ query: '{nope}' });
    await fetch(`${server.url}/some/path/${'x'.repeat(100)}`);
    const shown = async () => (await fetch(`${server.url}/metrics`)).text();
    // counted once the last of it is on its way, which may be after it was read
    await expect.poll(shown).toContain('cashgraph_http_request_seconds_count{route="other",status="404"} 1');
    const text = await shown();
    expect(text).toContain('cashgraph_http_request_seconds_count{route="/graphql",status="200"} 2');
    expect(text).toContain('cashgraph_graphql_operations_total{transport="http",kind="query",code="OK"} 1');
    expect(text).toContain('cashgraph_graphql_operations_total{transport="http",kind="none",code="GRAPHQL_VALIDATION_FAILED"} 1');
    expect(text).toContain('cashgraph_sealer_lag_seconds 7');
    expect(text).toMatch(/cashgraph_process_resident_memory_bytes \d+/);
    expect(text).not.toMatch(/myName|some\/path/);
    await server.close();
  });
});

describe('in production', () => {
  it('there is no GraphiQL, no demo login, no local issuer, and metrics only with their token', async () => {
    const server = await production({ METRICS_TOKEN: '0123456789abcdef' });
    for (const path of ['/', '/graphiql/client.js', '/demo-logins.json', '/.well-known/jwks.json'])
      expect((await fetch(server.url + path)).status).toBe(404);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${server.url}/metrics`, { headers: { authorization: 'Bearer 0123456789abcdeX' } })).status).toBe(401);
    expect((await fetch(`${server.url}/metrics`, { headers: { authorization: 'Bearer 0123456789abcdef' } })).status).toBe(200);
    await server.close();
    const page = await production({ GRAPHIQL: 'on' });
    expect(await (await fetch(`${page.url}/demo-logins.json`)).json()).toEqual([]);
    await page.close();
    const without = await production();
    expect((await fetch(`${without.url}/metrics`)).status).toBe(404);
    await without.close();
  });

  it('the schema is shown only to who may see it, over HTTP and sockets, and suggestions to nobody', async () => {
    for (const permissions of [[], ['schema:introspect' as const]]) {
      const server = await production({}, permissions);
      const ask = async (query: string) =>
        (await (
          await fetch(`${server.url}/graphql`, { method: 'POST', headers: KEY, body: JSON.stringify({ query }) })
        ).json()) as { data?: unknown; errors?: { message: string; extensions: { code: string } }[] };
      const client = await connected(server, KEY.authorization.slice('Bearer '.length));
      client.subscribe('i', '{__type(name: "Thing"){name}}');
      const [answer, message] = [await ask('{__schema{queryType{name}}}'), await client.next(({ id }) => id === 'i')];
      if (permissions.length > 0) {
        expect([answer.errors, message.payload?.data]).toEqual([undefined, { __type: { name: 'Thing' } }]);
      } else {
        expect([answer.errors?.[0]?.extensions.code, message.payload?.[0]?.extensions.code]).toEqual([
          'INTROSPECTION_DISABLED',
          'INTROSPECTION_DISABLED',
        ]);
      }
      expect((await ask('{helo}')).errors?.[0]?.message).toBe('Cannot query field "helo" on type "Query".');
      client.close();
      await server.close();
    }
  });

  it('other pages may call it only from the configured origins', async () => {
    const server = await production({ ALLOWED_ORIGINS: 'https://portal.example.com' });
    const preflight = (origin: string) =>
      fetch(`${server.url}/graphql`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    expect((await preflight('https://portal.example.com')).headers.get('access-control-allow-origin')).toBe(
      'https://portal.example.com',
    );
    // browsers' clients say what they are, and have to see when to come again
    const allowed = await preflight('https://portal.example.com');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('apollographql-client-name');
    expect(allowed.headers.get('access-control-expose-headers')).toContain('retry-after');
    expect((await preflight('https://evil.example.com')).headers.get('access-control-allow-origin')).toBeNull();
    await server.close();
  });
});

describe('stopping', () => {
  it('answers what is running, over HTTP and sockets, closes sockets with 1001 and takes nothing new', async () => {
    const server = await start();
    const client = await connected(server, await server.token());
    seen.slow = 0;
    client.subscribe('s', 'subscription{tick}');
    client.subscribe('q', '{slow(ms: 300)}');
    const running = [server.post({ query: '{slow(ms: 300)}' }), server.post({ query: '{slow(ms: 200)}' })];
    await client.next(({ id }) => id === 's');
    await eventually(() => seen.slow === 3);
    const closing = server.close();
    await sleep(20);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
    for (const answer of await Promise.all(running))
      expect(answer).toMatchObject({ status: 200, json: { data: { slow: 'slow' } } });
    expect((await client.next(({ id }) => id === 'q')).payload?.data).toEqual({ slow: 'slow' });
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    await closing;
    await eventually(() => seen.openStreams === 0);
  });

  it('does not wait for ever', async () => {
    const server = await start({ env: { SHUTDOWN_TIMEOUT_MS: '200' } });
    const client = await connected(server, await server.token());
    seen.slow = 0;
    client.subscribe('q', '{slow(ms: 10000)}');
    const lost = server.post({ query: '{slow(ms: 10000)}' }).catch(() => 'cut');
    await eventually(() => seen.slow === 2);
    client.socket.pause();
    await server.close();
    expect(await lost).toBe('cut');
    client.socket.terminate();
  });
});
