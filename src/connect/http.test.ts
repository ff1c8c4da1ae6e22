// Requests to other systems, against servers that misbehave: what arrives, what becomes of each kind of answer, and what never leaks.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExternalError } from './external-error.ts';
import { createHttpClient, type HttpClient, type HttpRequest } from './http.ts';

const secrets = ['Bearer hunter2-token', 'hunter2-token', 'v1,c2lnbmF0dXJl', '"hunter2-body"'];
const seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
let server: Server;
let base: string;
let client: HttpClient;
let closed: HttpClient;

type Handler = (response: ServerResponse, request: IncomingMessage, body: string) => void;
const json = (status: number, body: unknown, headers: Record<string, string> = {}): Handler => {
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const routes: Record<string, Handler> = {
  '/ok': json(201, { a: 1 }),
  '/empty': (response) => response.writeHead(204).end(),
  '/html': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'),
  '/half': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"a":');
    setTimeout(() => response.destroy(), 20);
  },
  '/closing': json(200, {}, { connection: 'close' }),
  '/lost': (response) => response.destroy(),
  '/slow': () => {},
  '/drip': (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(timer));
  },
  '/huge': (response) => response.writeHead(200).end(`"${'x'.repeat(200_000)}"`),
  '/packed': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('H4sI'),
  '/redirect': (response) => response.writeHead(302, { location: '/ok' }).end(),
  '/429': json(429, {}, { 'retry-after': '7' }),
  '/503-date': json(503, {}, { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }),
  '/503': json(503, {}),
  '/500': json(500, { error: { message: 'broken' } }),
  '/401': json(401, { title: 'who are you' }),
  '/409': json(409, { errors: [{ detail: 'changed' }] }),
  '/422': json(422, { message: 'no such\u0000 country\n' }),
  '/echo': (response, request, body) =>
    json(400, { message: `${JSON.stringify(request.headers)} ${body}` })(response, request, body),
};

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      (routes[(request.url ?? '').replace('/api', '')] ?? json(404, {}))(response, request, body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  client = createHttpClient({ allowsLoopback: true, timeoutMs: 700, bodyMaxBytes: 100_000 });
  closed = createHttpClient({ allowsLoopback: false, timeoutMs: 700 });
});
afterAll(() => {
  client.close();
  closed.close();
  server.closeAllConnections();
  server.close();
});

const send = (path: string, more: Partial<HttpRequest> = {}) => client.send({ method: 'POST', base, path, ...more });
const failure = (sent: Promise<unknown>): Promise<ExternalError> =>
  sent.then(
    () => expect.unreachable(),
    (error: unknown) => error as ExternalError,
  );

describe('a request', () => {
  it('arrives as it was signed, and brings back JSON', async () => {
    const body = '{"b": 1.10,\n "é":"\\u00e9"}';
    const answer = await send('/ok', { body, headers: { 'webhook-id': 'm' } });
    expect(answer).toMatchObject({ status: 201, body: { a: 1 } });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', url: '/api/ok', body });
    expect(seen.at(-1)?.headers).toMatchObject({
      accept: 'application/json',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'webhook-id': 'm',
    });
    expect((await send('/empty', { method: 'DELETE' })).body).toBeNull();
  });

  it.each<[string, string, string, RegExp]>([
    ['a page of HTML with 200', '/html', 'UNKNOWN_OUTCOME', /answered 200 with something else than JSON\.$/],
    ['half an answer', '/half', 'UNKNOWN_OUTCOME', /has no answer: the connection (was cut|broke)\.$/],
    ['no answer', '/lost', 'UNKNOWN_OUTCOME', /has no answer: the connection was cut\.$/],
    ['silence', '/slow', 'UNKNOWN_OUTCOME', /has no answer: no answer within 0\.7 s\.$/],
    ['an answer that never ends', '/drip', 'UNKNOWN_OUTCOME', /has no answer: no answer within 0\.7 s\.$/],
    ['a huge answer', '/huge', 'UNKNOWN_OUTCOME', /has no answer: the answer is too large\.$/],
    ['a packed answer', '/packed', 'UNKNOWN_OUTCOME', /answered 200 with something else than JSON\.$/],
    ['a redirect', '/redirect', 'REJECTED', /answered with a redirect, which is not followed$/],
    ['429', '/429', 'THROTTLED', /answered 429$/],
    ['503 with a time', '/503-date', 'THROTTLED', /answered 503$/],
    ['503', '/503', 'RETRYABLE', /answered 503$/],
    ['500', '/500', 'UNKNOWN_OUTCOME', /answered 500: broken$/],
    ['401', '/401', 'AUTH', /answered 401: who are you$/],
    ['409', '/409', 'CONFLICT', /answered 409: changed$/],
    ['422', '/422', 'REJECTED', /answered 422: no such country$/],
    ['404', '/none', 'REJECTED', /answered 404$/],
  ])('with %s is sorted', async (_, path, kind, sentence) => {
    const before = seen.length;
    const error = await failure(send(path));
    expect({ name: error.name, kind: error.kind, message: error.message }).toEqual({
      name: 'ExternalError',
      kind,
      message: expect.stringMatching(sentence) as string,
    });
    expect(seen.length).toBe(before + 1); // nothing is repeated here, and no redirect is followed
  });

  it.each([
    ['as much as is wanted of a huge one', '/huge', `"${'x'.repeat(99)}`],
    ['what came of one that never ends', '/drip', / */],
    ['what came of half a one', '/half', '{"a":'],
    ['a page of HTML', '/html', '<html>login</html>'],
  ])('for the start of an answer gives its status with %s', async (_, path, body) => {
    const answer = await send(path, { answer: 'START', accept: [200], bodyMaxBytes: 100 });
    expect([answer.status, Buffer.from(answer.body as Uint8Array).toString()]).toEqual([
      200,
      typeof body === 'string' ? body : expect.stringMatching(body),
    ]);
  });

  it('to a port where nobody listens was not sent', async () => {
    const error = await failure(client.send({ method: 'GET', base: 'http://127.0.0.1:9', path: '/' }));
    expect([error.kind, error.message]).toEqual([
      'RETRYABLE',
      'GET http://127.0.0.1:9/ could not be sent: nothing listens there.',
    ]);
  });

  it('knows how long it is asked to wait', async () => {
    expect((await failure(send('/429'))).retryAfterMs).toBe(7_000);
    expect((await failure(send('/503-date'))).retryAfterMs).toBe(30_000);
    expect((await failure(send('/503'))).retryAfterMs).toBeNull();
  });

  it('ends when it is given up', async () => {
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), 50);
    expect((await failure(send('/slow', { signal: giveUp.signal }))).kind).toBe('UNKNOWN_OUTCOME');
  });

  it('tells nothing of its credentials and its body in an error, though the other side repeats them', async () => {
    const headers = { authorization: 'Bearer hunter2-token', 'webhook-signature': 'v1,c2lnbmF0dXJl' };
    for (const path of ['/echo', '/lost', '/slow', '/huge', '/html']) {
      const error = await failure(send(path, { headers, body: '{"pin":"hunter2-body"}' }));
      const all = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join(' ');
      for (const secret of secrets.slice(0, 3)) expect(all).not.toContain(secret);
      if (path !== '/echo') expect(all).not.toContain('hunter2');
    }
  });

  it('uses no proxy of the environment', async () => {
    process.env['http_proxy'] = process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
    try {
      expect((await send('/ok')).status).toBe(201);
    } finally {
      delete process.env['http_proxy'];
      delete process.env['HTTP_PROXY'];
    }
  });
});

describe('the guard', () => {
  const port = () => new URL(base).port;
  it.each<[string, () => string]>([
    ['this machine', () => base],
    ['this machine by name', () => `http://localhost:${port()}`],
    ['plain http', () => 'http://example.com'],
    ['this machine over https', () => `https://127.0.0.1:${port()}`],
    ['this machine in hexadecimal', () => `https://0x7f000001:${port()}`],
    ['this machine in IPv6', () => `https://[::1]:${port()}`],
    ['this machine in IPv6 clothes', () => `https://[::ffff:127.0.0.1]:${port()}`],
    ['a private network', () => 'https://10.0.0.1'],
    ['a cloud’s metadata', () => 'https://169.254.169.254'],
    ['a translated address', () => 'https://[64:ff9b::7f00:1]'],
  ])('sends nothing to %s', async (_, target) => {
    const before = seen.length;
    expect((await failure(closed.send({ method: 'GET', base: target(), path: '/ok' }))).kind).toBe('FORBIDDEN');
    expect(seen.length).toBe(before);
  });

  it('judges what a name turns out to be at the connection itself, every address of it, and asks once', async () => {
    const answers = [['8.8.8.8', '127.0.0.1'], ['::1'], ['10.1.2.3'], ['fe80::1'], []];
    for (const found of answers) {
      let asked = 0;
      const moved = createHttpClient({
        allowsLoopback: false,
        resolve: (_name, _options, done) => {
          asked += 1;
          done(
            null,
            found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
          );
        },
      });
      const error = await failure(moved.send({ method: 'GET', base: `https://wms.example.com:${port()}`, path: '/ok' }));
      expect([found, error.kind, asked]).toEqual([found, 'FORBIDDEN', 1]);
      moved.close();
    }
  });

  it('judges a name anew at each connection: one that leads elsewhere the second time gets nothing', async () => {
    const answers = ['127.0.0.1', '10.1.2.3', '127.0.0.1'];
    const moving = createHttpClient({
      allowsLoopback: true,
      resolve: (_name, _options, done) => done(null, [{ address: answers.shift() ?? '', family: 4 }]),
    });
    const ask = () => moving.send({ method: 'GET', base: `http://localhost:${port()}/api`, path: '/closing' });
    expect((await ask()).status).toBe(200);
    expect((await failure(ask())).kind).toBe('FORBIDDEN');
    expect((await ask()).status).toBe(200);
    moving.close();
  });

  it('sends plain http to this machine only, though a name that should mean it leads elsewhere', async () => {
    const moved = createHttpClient({
      allowsLoopback: true,
      resolve: (_name, _options, done) => done(null, [{ address: '93.184.216.34', family: 4 }]),
    });
    expect((await failure(moved.send({ method: 'GET', base: 'http://localhost:9', path: '/' }))).kind).toBe('FORBIDDEN');
    moved.close();
  });

  it.each(['//evil.example.com/', '/../../admin', '/%2e%2e/admin', '@evil.example.com/', '.evil.example.com/', '/..\\admin'])(
    'a path can’t leave its base: %s',
    async (path) => {
      const before = seen.length;
      const { kind } = await failure(client.send({ method: 'GET', base, path }));
      const reached = seen.slice(before).map(({ url }) => url);
      expect(kind === 'FORBIDDEN' ? reached.length === 0 : reached.every((url) => url.startsWith('/api/'))).toBe(true);
    },
  );
});
