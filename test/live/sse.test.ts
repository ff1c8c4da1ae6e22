// Server-sent events, judged by the client of graphql-sse: streams of their own and a shared one, by the same guards as everywhere else.
import { createClient, type Client, type ClientOptions, type ExecutionResult } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { type Fixture, type GraphqlAnswer, start } from '../transport/fixture.ts';
import { seen } from '../transport/schema.ts';
import { eventually } from '../transport/socket-fixture.ts';

const clock = fixedClock('2026-05-01T10:00:00Z');
let server: Fixture;
const clients: Client<boolean>[] = [];

beforeAll(async () => {
  server = await start({
    clock,
    env: {
      SOCKET_RECHECK_INTERVAL_MS: '50',
      SOCKETS_PER_PRINCIPAL_MAX: '5',
      SOCKET_STALL_TIMEOUT_MS: '400',
      SOCKET_PING_INTERVAL_MS: '100',
      STREAM_RESERVATION_MAX_MS: '300',
    },
  });
});
// oxlint-disable vitest/no-standalone-expect -- what holds after every test
afterEach(async () => {
  for (const one of clients.splice(0)) one.dispose();
  await eventually(() => seen.openStreams === 0);
  await expect.poll(gauges).toEqual({ streams: 0, operations: 0 });
});
// oxlint-enable vitest/no-standalone-expect
afterAll(() => server.close());

async function gauges() {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const valueOf = (name: string) => Number(new RegExp(`^cashgraph_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return { streams: valueOf('event_streams'), operations: valueOf('event_stream_operations') };
}

async function client(more: Partial<ClientOptions<boolean>> = {}, subject = 'jane') {
  const made = createClient({
    url: `${server.url}/graphql`,
    headers: { authorization: `Bearer ${await server.token(subject)}` },
    retryAttempts: 0,
    ...more,
  });
  clients.push(made);
  return made;
}

async function take(of: Client<boolean>, query: string, count: number, variables: Record<string, unknown> = {}) {
  const results: ExecutionResult<Record<string, unknown>, unknown>[] = [];
  for await (const result of of.iterate<Record<string, unknown>, unknown>({ query, variables })) {
    results.push(result);
    if (results.length === count) break;
  }
  return results;
}

const codeOf = (result: ExecutionResult<unknown, unknown> | undefined) => result?.errors?.[0]?.extensions?.['code'];

describe.each([
  ['a stream for each operation', false],
  ['one stream for all', true],
])('%s', (_name, singleConnection) => {
  it('brings subscriptions, queries and mutations, side by side, and stops what is left', async () => {
    const one = await client({ singleConnection });
    const [ticks, others, hello, acted] = await Promise.all([
      take(one, 'subscription{tick(everyMs: 5)}', 3),
      take(one, 'subscription{tick(everyMs: 5)}', 2),
      take(one, 'query($to: String){hello(to: $to)}', 9, { to: 'Ada' }),
      take(one, 'mutation{act}', 9),
    ]);
    expect(ticks).toHaveLength(3);
    expect(others).toHaveLength(2);
    expect(hello).toMatchObject([{ data: { hello: 'hello Ada' }, extensions: { cost: { requested: expect.any(Number) } } }]);
    expect(acted).toMatchObject([{ data: { act: true } }]);
    await eventually(() => seen.openStreams === 0);
  });

  it('ends when its token has expired, and the client comes again with a new one', async () => {
    const tokens = [await server.token('jane', 60), await server.token('jane', 600)];
    const used: string[] = [];
    const one = await client({
      singleConnection,
      retryAttempts: 3,
      retry: async () => {},
      headers: (): Record<string, string> => {
        const next = tokens[used.length === 0 ? 0 : 1] ?? '';
        used.push(next);
        return { authorization: `Bearer ${next}` };
      },
    });
    let count = 0;
    let expired = 0;
    for await (const result of one.iterate({ query: 'subscription{tick(everyMs: 5)}' })) {
      expect(result.errors).toBeUndefined();
      count += 1;
      if (count === 2) clock.advance(61_000);
      if (used.length > 1) expired += 1;
      if (expired === 2) break;
    }
    expect(new Set(used).size).toBe(2);
  });

  it('ends within the sweep when the login is revoked, and lets it in no more', async () => {
    const subject = `gone-${singleConnection}`;
    const one = await client({ singleConnection }, subject);
    let count = 0;
    const ended = (async () => {
      for await (const _ of one.iterate({ query: 'subscription{tick(everyMs: 5)}' })) {
        count += 1;
        server.revoked.add(subject);
        // logins are kept for some seconds
        clock.advance(1_000);
      }
    })();
    await expect(ended).rejects.toThrow(/terminated|closed|responded|fetch/i);
    expect(count).toBeGreaterThan(0);
    await expect(take(one, '{hello}', 1)).rejects.toMatchObject({ response: { status: 401 } });
  });
});

describe('a bad operation', () => {
  it.each([
    ['a syntax error', 'subscription{', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription{nope}', 'GRAPHQL_VALIDATION_FAILED'],
    ['two root fields', 'subscription{tick refused}', 'GRAPHQL_VALIDATION_FAILED'],
    ['too deep', `{${'thing{'.repeat(15)}name${'}'.repeat(15)}}`, 'QUERY_TOO_DEEP'],
    ['too many aliases', `{${Array.from({ length: 31 }, (_, n) => `a${n}:hello`).join(' ')}}`, 'TOO_MANY_ALIASES'],
    ['an unknown variable', 'query($n: Nope){hello}', 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable of another type', 'query($n: Int!){slow(ms: $n)}', 'BAD_USER_INPUT'],
    ['no permission', 'subscription{refused}', 'FORBIDDEN'],
    ['an unknown persisted document', '', 'PERSISTED_QUERY_NOT_FOUND'],
  ])('is told as the only message of its stream: %s', async (_name, query, code) => {
    const one = await client();
    const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
    const results: ExecutionResult<unknown, unknown>[] = [];
    for await (const result of one.iterate({ query, ...(query === '' ? { extensions } : {}) })) results.push(result);
    expect(results.map(codeOf)).toEqual([code]);
  });

  it('is refused at once on a shared stream, and harms none of the others', async () => {
    const shared = await sharedStream();
    expect(await shared.post('good', 'subscription{tick(everyMs: 5)}')).toMatchObject({ status: 202 });
    const bad = [
      ['subscription{', 'GRAPHQL_PARSE_FAILED'],
      ['subscription{nope}', 'GRAPHQL_VALIDATION_FAILED'],
      ['{hello} query b{hello}', 'GRAPHQL_VALIDATION_FAILED'],
      [`{${'hello '.repeat(5_000)}}`, 'TOO_MANY_TOKENS'],
    ] as const;
    for (const [query, code] of bad) {
      const { status, json } = await shared.post('bad', query);
      expect([status, json.errors?.[0]?.extensions.code]).toEqual([400, code]);
    }
    expect(await shared.post('refused', 'subscription{refused}')).toMatchObject({ status: 202 });
    expect(await shared.post('query', '{hello}')).toMatchObject({ status: 202 });
    const text = await shared.until((all) => all.includes('"id":"query"') && all.includes('"tick":"30"'));
    expect(text).toMatch(/event: next\ndata: \{"id":"refused","payload":\{"errors":\[\{.*"code":"FORBIDDEN"/);
    expect(text).toContain('event: complete\ndata: {"id":"refused"}\n\n');
    expect(text).not.toContain('"id":"bad"');
    shared.end();
  });

  it('is masked when it fails while it runs', async () => {
    const one = await client();
    const [[field], [query]] = await Promise.all([
      take(one, 'subscription{tickWithBadField}', 1),
      take(one, '{fail(how: "database")}', 1),
    ]);
    for (const result of [field, query]) expect(codeOf(result)).toBe('INTERNAL');
    expect(JSON.stringify([field, query])).not.toMatch(/duplicate|customer|jane@example|23505/);
  });
});

describe('a stream', () => {
  it('is one of a limited number for each login', async () => {
    const one = await client();
    const open = Array.from({ length: 5 }, () => one.iterate({ query: 'subscription{tick(everyMs: 50)}' }));
    await Promise.all(open.map((stream) => stream.next()));
    await expect(take(one, 'subscription{tick}', 1)).rejects.toMatchObject({ response: { status: 429 } });
    expect(await take(await client({}, 'other'), 'subscription{tick}', 1)).toHaveLength(1);
    await Promise.all(open.map(async (stream) => stream.return?.()));
  });

  it('is broken off when its client takes nothing, and everybody else goes on', async () => {
    const controller = new AbortController();
    const stalled = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      signal: controller.signal,
      headers: await headers({ accept: 'text/event-stream', 'content-type': 'application/json' }),
      body: JSON.stringify({ query: 'subscription{tick(everyMs: 0, bytes: 20000)}' }),
    });
    expect(stalled.status).toBe(200);
    await eventually(() => seen.openStreams === 1);
    expect(await take(await client({}, 'other'), 'subscription{tick(everyMs: 5)}', 20)).toHaveLength(20);
    await eventually(() => seen.openStreams === 0);
    controller.abort();
  });

  it('is kept alive by comments while nothing happens', async () => {
    const controller = new AbortController();
    const idle = await fetch(`${server.url}/graphql?query=${encodeURIComponent('subscription{tick(everyMs: 800)}')}`, {
      signal: controller.signal,
      headers: await headers({ accept: 'text/event-stream' }),
    });
    expect(idle.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = idle.body?.getReader();
    let text = '';
    while ((text.match(/^:$/gm)?.length ?? 0) < 3) text += new TextDecoder().decode((await reader?.read())?.value);
    controller.abort();
  });
});

/** Reserved and opened; what arrives is read as it comes. */
async function sharedStream() {
  const token = await (await fetch(`${server.url}/graphql`, { method: 'PUT', headers: await headers() })).text();
  const controller = new AbortController();
  const opened = await fetch(`${server.url}/graphql?token=${token}`, {
    headers: { accept: 'text/event-stream' },
    signal: controller.signal,
  });
  const reader = opened.body?.getReader();
  let text = '';
  return {
    end: () => controller.abort(),
    async until(enough: (text: string) => boolean) {
      while (!enough(text)) text += new TextDecoder().decode((await reader?.read())?.value);
      return text;
    },
    async post(operationId: string, query: string) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: await headers({ 'x-graphql-event-stream-token': token, 'content-type': 'application/json' }),
        body: JSON.stringify({ query, extensions: { operationId } }),
      });
      const answer = await response.text();
      return { status: response.status, json: (answer === '' ? {} : JSON.parse(answer)) as GraphqlAnswer };
    },
  };
}

const headers = async (more: Record<string, string> = {}, subject = 'jane') => ({
  authorization: `Bearer ${await server.token(subject)}`,
  ...more,
});

describe('a reservation', () => {
  const send = async (method: string, more: Record<string, string>, search = '') =>
    fetch(`${server.url}/graphql${search}`, { method, headers: more });
  const TOKEN = 'x-graphql-event-stream-token';

  it('is for whoever made it, for one stream, and for a short time', async () => {
    const made = await send('PUT', await headers());
    expect([made.status, made.headers.get('content-type')]).toEqual([201, 'text/plain; charset=utf-8']);
    const token = await made.text();
    const status = async (method: string, more: Record<string, string>, search?: string) =>
      (await send(method, more, search)).status;
    expect(await status('PUT', {})).toBe(401);
    expect(await status('DELETE', { ...(await headers({}, 'other')), [TOKEN]: token }, '?operationId=1')).toBe(404);
    expect(await status('GET', { ...(await headers({}, 'other')), [TOKEN]: token, accept: 'text/event-stream' })).toBe(404);
    expect(await status('GET', { accept: 'text/event-stream' }, '?token=nope')).toBe(404);
    const controller = new AbortController();
    const opened = await fetch(`${server.url}/graphql?token=${token}`, {
      headers: { accept: 'text/event-stream' },
      signal: controller.signal,
    });
    expect(opened.status).toBe(200);
    expect(await status('GET', { accept: 'text/event-stream' }, `?token=${token}`)).toBe(409);
    expect(await status('DELETE', { ...(await headers()), [TOKEN]: token })).toBe(400);
    expect(await status('DELETE', { ...(await headers()), [TOKEN]: token }, '?operationId=nobody')).toBe(200);
    const post = async (body: unknown) =>
      (
        await fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: await headers({ [TOKEN]: token, 'content-type': 'application/json' }),
          body: JSON.stringify(body),
        })
      ).status;
    const tick = (operationId: unknown) => ({ query: 'subscription{tick(everyMs: 50)}', extensions: { operationId } });
    expect(await post(tick(undefined))).toBe(400);
    expect(await post(tick('x'.repeat(200)))).toBe(400);
    expect(await post(tick('one'))).toBe(202);
    expect(await post(tick('one'))).toBe(409);
    controller.abort();
    await expect.poll(() => post(tick('two'))).toBe(404);
    const late = await (await send('PUT', await headers())).text();
    expect(await gauges()).toMatchObject({ streams: 1 });
    clock.advance(500);
    await expect.poll(gauges).toMatchObject({ streams: 0 });
    expect(await status('GET', { accept: 'text/event-stream' }, `?token=${late}`)).toBe(404);
  });
});

it('a server that goes down ends its streams without saying that they are complete', async () => {
  const leaving = await start();
  const one = createClient({
    url: `${leaving.url}/graphql`,
    headers: { authorization: `Bearer ${await leaving.token()}` },
    retryAttempts: 0,
  });
  const ended = (async () => {
    for await (const _ of one.iterate({ query: 'subscription{tick(everyMs: 5)}' })) void leaving.close();
    return 'complete';
  })();
  await expect(ended).rejects.toThrow(/terminated|closed|responded|fetch/i);
  one.dispose();
});
