// Requests to an ERP over real HTTP: how they are signed in, what is repeated and what never is, where they may go, what a trace tells.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import type { AuthScheme } from './auth.ts';
import { createErpHttp, type ErpHttpOptions, type ErpTrace } from './erp-client.ts';
import type { Gate, Judge } from './erp-http.ts';
import { ExternalError } from './external-error.ts';
import { createHttpClient } from './http.ts';

interface Scripted {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  /** Cut before the answer. */
  readonly isLost?: boolean;
  /** Never answered. */
  readonly isSilent?: boolean;
}

let script: Scripted[] = [];
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
let told: string[] = [];
let traces: ErpTrace[] = [];
let server: Server;
let base: string;
const http = createHttpClient({ allowsLoopback: true });

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      const { status = 200, headers = {}, body: answer = '{}', isLost, isSilent } = script.shift() ?? {};
      if (isLost === true) response.destroy();
      else if (isSilent !== true) response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
});
afterAll(() => {
  http.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  script = [];
  seen = [];
  told = [];
  traces = [];
});

const gate: Gate = {
  enter: async () => void told.push('enter'),
  leave: async () => void told.push('leave'),
  throttled: async (ms) => void told.push(`throttled ${ms}`),
  answered: async () => void told.push('answered'),
  failed: async ({ kind }) => void told.push(`failed ${kind}`),
};
const erpWith = (options: Partial<ErpHttpOptions> = {}) =>
  createErpHttp({
    http,
    baseUrls: [base],
    auth: { kind: 'NONE' },
    tokens: { token: () => Promise.reject(new Error('no tokens here')) },
    gate,
    now: () => new Date('2026-01-31T09:00:00Z'),
    randomness: seededRandom(1),
    signal: new AbortController().signal,
    retries: { pauseMs: 1, pauseMaxMs: 4 },
    onTrace: (trace) => traces.push(trace),
    ...options,
  });
const failure = (sent: Promise<unknown>): Promise<ExternalError> =>
  sent.then(
    () => expect.unreachable(),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ExternalError);
      return error as ExternalError;
    },
  );

describe('signing in', () => {
  it.each<[AuthScheme, string, string]>([
    [{ kind: 'BASIC', user: 'u', password: 'p:w' }, 'authorization', `Basic ${btoa('u:p:w')}`],
    [{ kind: 'HEADER', name: 'APIKey', value: 'k-123456' }, 'apikey', 'k-123456'],
  ])('with %o sends its header, and none of the connector’s takes its place', async (auth, name, value) => {
    await erpWith({ auth }).get('/a', { headers: { Authorization: 'mine', APIKEY: 'mine' } });
    expect(seen[0]?.headers[name]).toBe(value);
  });

  it('with OAuth 1.0a signs each request anew', async () => {
    const auth = { kind: 'OAUTH1', realm: 'R', consumerKey: 'a', consumerSecret: 'b', token: 'c', tokenSecret: 'd' } as const;
    const erp = erpWith({ auth });
    await erp.get('/a', { query: { q: "it's *" } });
    await erp.get('/a', { query: { q: "it's *" } });
    const [one, two] = seen.map(({ headers }) => headers.authorization);
    expect(one).toMatch(/^OAuth realm="R", .*oauth_signature="[^"]{40,}"$/);
    expect(two).not.toBe(one);
  });

  it('with a token asks for a newer one when it was refused, once, also for a write', async () => {
    const asked: (string | undefined)[] = [];
    const tokens = {
      token: async (refused?: string) => (asked.push(refused), refused === undefined ? 'old-token' : 'new-token'),
    };
    const auth: AuthScheme = { kind: 'CLIENT_CREDENTIALS', tokenUrl: `${base}/token`, clientId: 'c', secret: 's' };
    script = [{ status: 401 }, { body: '{"made":1}' }];
    expect((await erpWith({ auth, tokens }).post('/a', { body: { n: 1 } })).body).toEqual({ made: 1 });
    expect(seen.map(({ headers, body }) => [headers.authorization, body])).toEqual([
      ['Bearer old-token', '{"n":1}'],
      ['Bearer new-token', '{"n":1}'],
    ]);
    expect(asked).toEqual([undefined, 'old-token']);

    script = [{ status: 401 }, { status: 401 }, { status: 401 }];
    expect((await failure(erpWith({ auth, tokens }).get('/a'))).kind).toBe('AUTH');
    expect(seen).toHaveLength(4);

    script = [{ status: 403 }];
    expect((await failure(erpWith({ auth, tokens }).get('/a'))).status).toBe(403);
    expect(seen).toHaveLength(5);
  });
});

describe('a request that fails', () => {
  it.each<[string, Scripted, string[]]>([
    ['503', { status: 503 }, ['failed RETRYABLE']],
    ['429 without a time', { status: 429 }, ['throttled null', 'answered']],
    ['429 with one', { status: 429, headers: { 'retry-after': '0' } }, ['throttled 0', 'answered']],
    ['500', { status: 500 }, ['failed UNKNOWN_OUTCOME']],
    ['a lost answer', { isLost: true }, ['failed UNKNOWN_OUTCOME']],
    ['HTML with 200', { headers: { 'content-type': 'text/html' }, body: '<html>' }, ['failed UNKNOWN_OUTCOME']],
    ['half a JSON', { body: '{"a":' }, ['failed UNKNOWN_OUTCOME']],
  ])('with %s is repeated when it reads, and the gate is told', async (_, fault, news) => {
    script = [fault, {}];
    expect((await erpWith().get('/a')).status).toBe(200);
    expect(told).toEqual(['enter', ...news, 'leave', 'enter', 'answered', 'leave']);

    script = [fault, {}];
    await failure(erpWith().post('/a', { body: {} }));
    expect(seen).toHaveLength(3);
    script = [fault, {}];
    await erpWith().post('/a', { body: {}, isRepeatable: true });
    expect(seen).toHaveLength(5);
  });

  it.each([400, 404, 409, 412])('with %i is never repeated, and counts as an answer', async (status) => {
    script = [{ status }];
    await failure(erpWith().get('/a'));
    expect(told).toEqual(['enter', 'answered', 'leave']);
  });

  it('ends after so many attempts, and when it would have to wait for too long', async () => {
    script = Array.from({ length: 9 }, () => ({ status: 503 }));
    await failure(erpWith({ retries: { maxCount: 3, pauseMs: 1 } }).get('/a'));
    expect(seen).toHaveLength(3);
    script = [{ status: 429, headers: { 'retry-after': '3600' } }, {}];
    expect((await failure(erpWith().get('/a'))).retryAfterMs).toBe(3_600_000);
    expect(seen).toHaveLength(4);
  });

  it('ends at once when the work is given up, also in a pause, and blames nobody', async () => {
    const giveUp = new AbortController();
    script = [{ status: 503 }, {}];
    const retries = { pauseMs: 60_000, pauseMaxMs: 60_000 };
    const sent = failure(
      erpWith({ signal: giveUp.signal, retries, onTrace: () => setTimeout(() => giveUp.abort(), 5) }).get('/a'),
    );
    expect((await sent).kind).toBe('RETRYABLE');
    expect(seen).toHaveLength(1);
  });

  it('that is given up on its way is no sign that the ERP fails', async () => {
    const giveUp = new AbortController();
    script = [{ isSilent: true }];
    const sent = failure(erpWith({ signal: giveUp.signal }).get('/a'));
    while (seen.length === 0) await new Promise((done) => setTimeout(done, 1));
    giveUp.abort();
    expect((await sent).kind).toBe('UNKNOWN_OUTCOME');
    expect(told).toEqual(['enter', 'leave']);
  });

  it('leaves the gate also when what the gate or the tokens say is no', async () => {
    const closed = { ...gate, enter: () => Promise.reject(new ExternalError('The breaker is open.', { kind: 'RETRYABLE' })) };
    expect((await failure(erpWith({ gate: closed }).get('/a'))).message).toBe('The breaker is open.');
    expect(told).toEqual([]);
    const auth: AuthScheme = { kind: 'CLIENT_CREDENTIALS', tokenUrl: base, clientId: 'c', secret: 's' };
    const tokens = { token: () => Promise.reject(new ExternalError('Signed out.', { kind: 'AUTH' })) };
    expect((await failure(erpWith({ auth, tokens }).get('/a'))).message).toBe('Signed out.');
    expect(told).toEqual(['enter', 'leave']);
    expect(seen).toEqual([]);
  });
});

describe('what the judge says', () => {
  const judge: Judge = ({ body }) => {
    const { Fault } = (body ?? {}) as { Fault?: { code: string; text: string } };
    if (!Fault) return null;
    return { kind: Fault.code === '5010' ? 'CONFLICT' : 'REJECTED', words: Fault.text, code: Fault.code };
  };

  it('makes a failure of a success, with the ERP’s words and code', async () => {
    script = [{ body: '{"Fault":{"code":"10","text":"The period is closed."}}', headers: { intuit_tid: '1-abc' } }];
    const error = await failure(erpWith({ judge }).post('/a', { body: {} }));
    expect(error).toMatchObject({
      kind: 'REJECTED',
      code: '10',
      words: 'The period is closed.',
      status: 200,
      requestId: '1-abc',
    });
    expect(error.message).toMatch(/answered 200: The period is closed\.$/);
  });

  it('sorts a failure by the ERP’s own code, and what it doesn’t know by the status', async () => {
    script = [
      { status: 400, body: '{"Fault":{"code":"5010","text":"Stale."}}' },
      { status: 400, body: '{"message":"no"}' },
    ];
    expect(await failure(erpWith({ judge }).get('/a'))).toMatchObject({ kind: 'CONFLICT', words: 'Stale.' });
    expect(await failure(erpWith({ judge }).get('/a'))).toMatchObject({ kind: 'REJECTED', words: 'no', code: null });
  });

  it('is not asked about a status that is an answer, and finds a fault where bytes were asked for', async () => {
    const fault = '{"Fault":{"code":"610","text":"Gone."}}';
    script = [{ status: 404, body: fault }, { body: fault }];
    expect(await erpWith({ judge }).get('/a', { accept: [404] })).toMatchObject({
      status: 404,
      body: { Fault: { code: '610' } },
    });
    expect((await failure(erpWith({ judge }).get('/a', { answer: 'BYTES' }))).words).toBe('Gone.');
  });
});

describe('what is sent and what comes', () => {
  it('queries, bodies and types arrive as they were given', async () => {
    const erp = erpWith();
    await erp.get('/a?x=1', { query: { $filter: "Name eq 'O''Neil & Co'", n: 2, gone: undefined, yes: true } });
    await erp.patch('/a', { body: { a: 1 }, contentType: 'application/vnd.x+json; type=collection' });
    await erp.put('/a', { body: 'select * from Invoice', contentType: 'application/text' });
    await erp.post('/a', { body: new Uint8Array([104, 105]), contentType: 'application/octet-stream' });
    await erp.delete('/a');
    expect(seen.map(({ method, url, headers, body }) => [method, url, headers['content-type'], body])).toEqual([
      ['GET', '/api/a?x=1&$filter=Name%20eq%20%27O%27%27Neil%20%26%20Co%27&n=2&yes=true', undefined, ''],
      ['PATCH', '/api/a', 'application/vnd.x+json; type=collection', '{"a":1}'],
      ['PUT', '/api/a', 'application/text', 'select * from Invoice'],
      ['POST', '/api/a', 'application/octet-stream', 'hi'],
      ['DELETE', '/api/a', undefined, ''],
    ]);
  });

  it('an answer is exact JSON, text, bytes or only headers', async () => {
    script = [
      { body: '{"a":1.10,"b":2}', headers: { 'set-cookie': 'a=1' } },
      { body: '12', headers: { 'content-type': 'text/plain' } },
      { body: new Uint8Array([0, 255, 37]), headers: { 'content-type': 'application/pdf' } },
      { headers: { 'x-csrf-token': 't' } },
      { status: 204, body: '' },
      { status: 403, body: 'CSRF token validation failed', headers: { 'content-type': 'text/plain' } },
    ];
    const erp = erpWith();
    expect(await erp.get('/a')).toMatchObject({ body: { a: '1.10', b: 2 }, headers: { 'set-cookie': 'a=1' } });
    expect((await erp.get('/a', { answer: 'TEXT' })).body).toBe('12');
    expect((await erp.get('/a', { answer: 'BYTES' })).body).toEqual(new Uint8Array([0, 255, 37]));
    expect((await erp.head('/a')).headers['x-csrf-token']).toBe('t');
    expect((await erp.post('/a')).body).toBeNull();
    expect((await erp.post('/a', { accept: [403] })).body).toBe('CSRF token validation failed');
  });

  it('a page of a proxy is no answer, whatever was asked for', async () => {
    for (const answer of ['TEXT', 'BYTES'] as const) {
      script = [{ headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>Sign in</html>' }];
      const { kind, message } = await failure(erpWith({ retries: { maxCount: 1 } }).get('/a', { answer }));
      expect([kind, message.endsWith('answered 200 with something else than what was asked for.')]).toEqual([
        'UNKNOWN_OUTCOME',
        true,
      ]);
    }
  });

  it('a whole address goes to the connection’s own hosts only', async () => {
    const erp = erpWith({ baseUrls: ['https://erp.example.com/api', base] });
    await erp.get(`${base}/next?page=2`, { query: { n: 1 } });
    expect(seen[0]?.url).toBe('/api/next?page=2&n=1');
    const port = new URL(base).port;
    const wrong = [
      'https://evil.example.com/api',
      'http://erp.example.com/api',
      'https://erp.example.com:8443/api',
      `http://127.0.0.1:${Number(port) + 1}/api`,
      `http://me:pw@127.0.0.1:${port}/api`,
      'next?page=2',
    ];
    for (const address of wrong) expect((await failure(erp.get(address))).kind).toBe('FORBIDDEN');
    expect(seen).toHaveLength(1);
  });
});

describe('a trace', () => {
  it('tells each attempt, and never a value of the query, a header or a body', async () => {
    const auth: AuthScheme = { kind: 'HEADER', name: 'x-key', value: 'hunter2-key' };
    script = [
      { status: 503, headers: { 'x-n-operationid': 'op-1' } },
      { body: '{"pin":"hunter2-answer"}', headers: { 'x-n-operationid': 'op-2' } },
    ];
    await erpWith({ auth }).get('/a', { query: { q: 'hunter2-query' }, headers: { 'x-mine': 'hunter2-mine' } });
    expect(traces).toEqual([
      {
        method: 'GET',
        path: '/api/a',
        status: 503,
        failure: 'RETRYABLE',
        durationMs: expect.any(Number) as number,
        attempt: 1,
        erpRequestId: 'op-1',
      },
      {
        method: 'GET',
        path: '/api/a',
        status: 200,
        failure: null,
        durationMs: expect.any(Number) as number,
        attempt: 2,
        erpRequestId: 'op-2',
      },
    ]); // prettier-ignore
    expect(JSON.stringify(traces)).not.toContain('hunter2');
  });

  it('nor does an error of an ERP that repeats what it was sent, however it is found', async () => {
    const auth: AuthScheme = { kind: 'BASIC', user: 'u', password: 'hunter2-pw' };
    script = [{ status: 400, body: `{"message":"no: ${btoa('u:hunter2-pw')} hunter2-pw"}` }];
    const error = await failure(erpWith({ auth }).get('/a'));
    expect(error.words).toBe('no: [gone] [gone]');
    script = [{ body: '{}' }];
    const judge: Judge = () => ({ kind: 'REJECTED', words: `wrong password hunter2-pw` });
    const judged = await failure(erpWith({ auth, judge }).get('/a'));
    expect([judged.words, judged.message.includes('hunter2')]).toEqual(['wrong password [gone]', false]);
  });
});
