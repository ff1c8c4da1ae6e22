/** Hostile HTTP requests, by kind: each is refused with its status and code, fast, and none runs anything. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JSON_TYPE } from '../../src/transport/content-type.ts';
import { type Fixture, type GraphqlAnswer, start } from './fixture.ts';
import { measuredRefusals } from './refusals.ts';
import { seen } from './schema.ts';

const measure = measuredRefusals();
let server: Fixture;
beforeAll(async () => {
  server = await start({
    env: { HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '300', CONNECTIONS_CHECKING_INTERVAL_MS: '50' },
  });
});
afterAll(() => server.close());

const codes = (answer: { json: GraphqlAnswer }) => answer.json.errors?.map((error) => error.extensions.code);

describe('hostile requests', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['bad JSON', '{"query":', {}, 400, 'BAD_REQUEST'],
    ['no JSON object', '"{hello}"', {}, 400, 'BAD_REQUEST'],
    ['an empty body', '', {}, 400, 'BAD_REQUEST'],
    ['a batch', '[{"query":"{hello}"},{"query":"{hello}"}]', {}, 400, 'BAD_REQUEST'],
    ['deep JSON', `{"query":"{hello}","variables":{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`, {}, 400, 'BAD_REQUEST'],
    ['a huge body', `{"query":"{hello}","pad":"${'x'.repeat(200_000)}"}`, {}, 413, 'BODY_TOO_LARGE'],
    [
      'a simple request of another page',
      '{"query":"mutation{act}"}',
      { 'content-type': 'text/plain' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a form', 'query=mutation{act}', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'another charset',
      '{"query":"{hello}"}',
      { 'content-type': 'application/json; charset=utf-16' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a packed body', '{"query":"{hello}"}', { 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an answer type that we have not', '{"query":"mutation{act}"}', { accept: 'image/png' }, 406, 'BAD_REQUEST'],
    [
      'a body of several parts',
      '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"mutation{act}"}\r\n--x--',
      { 'content-type': 'multipart/form-data; boundary=x' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['no content type', '{"query":"mutation{act}"}', { 'content-type': '' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'several content types',
      '{"query":"mutation{act}"}',
      { 'content-type': 'text/plain, application/json' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a packed body in several layers',
      '{"query":"{hello}"}',
      { 'content-encoding': 'gzip, gzip, br' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a prototype for a body', '{"__proto__":{"query":"mutation{act}"}}', {}, 400, 'BAD_REQUEST'],
    ['an operation name that is no text', '{"query":"{hello}","operationName":{"a":1}}', {}, 400, 'BAD_REQUEST'],
    ['extensions that are no object', '{"query":"{hello}","extensions":[1]}', {}, 400, 'BAD_REQUEST'],
    ['what is nearly JSON', "{query: '{hello}'}", {}, 400, 'BAD_REQUEST'],
    ['two bodies', '{"query":"{hello}"}{"query":"mutation{act}"}', {}, 400, 'BAD_REQUEST'],
    ['no query', '{"variables":{}}', {}, 400, 'BAD_REQUEST'],
    ['a query that is no text', '{"query":{"kind":"Document"}}', {}, 400, 'BAD_REQUEST'],
    ['variables that are no object', '{"query":"{hello}","variables":[1]}', {}, 400, 'BAD_REQUEST'],
    [
      'a stored query of another version',
      '{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"00"}}}',
      {},
      400,
      'BAD_REQUEST',
    ],
    ['a stored query without its hash', '{"extensions":{"persistedQuery":true}}', {}, 400, 'BAD_REQUEST'],
    [
      'a stored query with an odd hash',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"../../etc/passwd"}}}',
      {},
      400,
      'BAD_REQUEST',
    ],
    [
      'a hash that is not of its query',
      '{"query":"{hello}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}',
      {},
      400,
      'BAD_REQUEST',
    ],
    ['an id of a document that is no text', '{"documentId":{"a":1}}', {}, 400, 'BAD_REQUEST'],
  ])('%s', async (name, body, headers, status, code) => {
    const before = seen.mutations;
    const answer = await measure(name, () => server.post(body, headers));
    expect([answer.status, codes(answer), seen.mutations]).toEqual([status, [code], before]);
  });

  it.each([
    ['PATCH', 405, 'GET, POST, PUT, DELETE'],
    ['PUT', 401, null],
    ['DELETE', 401, null],
  ])('%s without credentials does nothing', async (method, status, allow) => {
    const answer = await fetch(`${server.url}/graphql`, { method, headers: { 'content-type': JSON_TYPE } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
    expect(answer.headers.get('content-type')).toContain('json');
  });

  it.each([
    ['no headers', 'POST /graphql HTTP/1.1\r\nhost: x\r\n'],
    ['no body', `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"query":`],
  ])('a half-sent request ends soon: %s', async (_name, text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1.1 (408|401)/);
  });

  it('what is not HTTP is answered with JSON, and an unknown path too', async () => {
    expect(await raw('\u0000\u0001\r\n\r\n')).toMatch(/^HTTP\/1.1 400 .*content-type: application\/json/s);
    for (const path of ['/nope', '/%E0%A4%A', '/../etc/passwd', '/graphiql/../../package.json']) {
      const answer = await fetch(server.url + path);
      expect([answer.status >= 400 && answer.status < 500, answer.headers.get('content-type')]).toEqual([
        true,
        'application/json; charset=utf-8',
      ]);
    }
  });

  it.each<[kind: string, bytes: Buffer]>([
    ['letters of Latin-1', Buffer.from('{"query":"{hello(to: \\"M\u00fcller\\")}"}', 'latin1')],
    ['UTF-16', Buffer.from('{"query":"{hello}"}', 'utf16le')],
    [
      'a character that ends early',
      Buffer.concat([Buffer.from('{"query":"{hello}","a":"'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')]),
    ],
    [
      'a longer form than needed',
      Buffer.concat([Buffer.from('{"query":"{hello}","a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    ],
    ['a packed bomb without its name', gzipSync(Buffer.alloc(10_000_000, ' '))],
    ['nothing but bytes', Buffer.alloc(50_000)],
  ])('a body that is not what it says: %s', async (kind, bytes) => {
    const headers = { 'content-type': JSON_TYPE, authorization: `Bearer ${await server.token()}` };
    const answer = await measure(kind, () =>
      fetch(`${server.url}/graphql`, { method: 'POST', headers, body: new Uint8Array(bytes) }),
    );
    expect([answer.status, codes({ json: (await answer.json()) as GraphqlAnswer })]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('a body without end is refused at its limit, and the connection closed', async () => {
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${await server.token()}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const chunk = `3e8\r\n${' '.repeat(1_000)}\r\n`;
    const answer = await measure('chunks without end', () => raw(head, { chunk, times: 10_000 }));
    expect(answer).toMatch(/^HTTP\/1.1 413 .*connection: close.*BODY_TOO_LARGE/is);
  });

  /** A whole request on the wire, with the second one that a confused server would take from it. */
  const request = (headers: string, body = '') => `POST /graphql HTTP/1.1\r\n${headers}\r\n\r\n${body}`;
  const SECOND = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
  it.each<[kind: string, text: string, status: number]>([
    ['no host', request('content-type: application/json'), 400],
    ['two lengths', request('host: x\r\ncontent-length: 5\r\ncontent-length: 6', `12345${SECOND}`), 400],
    ['a length and chunks', request('host: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked', `0\r\n\r\n${SECOND}`), 400],
    ['chunks that are called otherwise', request('host: x\r\ntransfer-encoding: xchunked', `0\r\n\r\n${SECOND}`), 400],
    [
      'chunks that are not the last coding',
      request('host: x\r\ntransfer-encoding: chunked, identity', `0\r\n\r\n${SECOND}`),
      400,
    ],
    ['a length below nothing', request('host: x\r\ncontent-length: -1', SECOND), 400],
    ['a length with a sign', request('host: x\r\ncontent-length: +5', `12345${SECOND}`), 400],
    ['a length beyond all', request('host: x\r\ncontent-length: 99999999999999999999999', SECOND), 400],
    ['a space before a colon', request('host: x\r\ncontent-length : 5', `12345${SECOND}`), 400],
    ['a header on two lines', request('host: x\r\nx-a: 1\r\n content-length: 5', `12345${SECOND}`), 400],
    ['a header without a name', request('host: x\r\n: 1'), 400],
    ['a header with a null character', request('host: x\r\nx-a: 1\u00002'), 400],
    ['a line that ends too early', request('host: x\r\nx-a: 1\rcontent-length: 5', `12345${SECOND}`), 400],
    ['huge headers', request(`host: x\r\nx-a: ${'1'.repeat(100_000)}`), 431],
    ['many headers', request(`host: x\r\n${Array.from({ length: 5_000 }, (_, n) => `x-${n}: 1`).join('\r\n')}`), 431],
    ['a huge address', `GET /graphql?query=${'x'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
    ['an unknown method', 'FETCH /graphql HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    [
      'an expectation that nobody can fulfil',
      request('host: x\r\nexpect: a-miracle\r\nconnection: close\r\ncontent-length: 0'),
      417,
    ],
    ['a change to another protocol', request('host: x\r\nconnection: upgrade\r\nupgrade: h2c'), 405],
    ['a socket of another protocol', 'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n', 400],
    ['a socket at another path', 'GET /other HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n', 404],
  ])('on the wire: %s', async (kind, text, status) => {
    const answer = await measure(kind, () => raw(text));
    expect([kind, Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])]).toEqual([kind, status]);
    // neither is a second request answered, nor is anything shown of how the server is made
    expect(answer.match(/^HTTP\/1\.1/gm)).toHaveLength(1);
    expect(answer).not.toMatch(/isAlive|node_modules|at .*\.[jt]s|<html/);
  });

  it('a tunnel is closed without an answer', async () => {
    expect(await raw('CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n')).toBe('');
  });

  const raw = (text: string, { chunk = '', times = 0 }: { chunk?: string; times?: number } = {}): Promise<string> =>
    new Promise((done) => {
      let answer = '';
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(text);
        for (let n = 0; n < times; n++) socket.write(chunk);
      });
      socket
        .on('data', (data) => (answer += String(data)))
        .on('close', () => done(answer))
        .on('error', () => done(answer));
    });
});
