/** Hostile HTTP requests, by kind: each is refused with its status and code, fast, and none runs anything. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JSON_TYPE } from '../../src/transport/content-type.ts';
import { type Fixture, type GraphqlAnswer, start } from './fixture.ts';
import { seen } from './schema.ts';

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
    ['no query', '{"variables":{}}', {}, 400, 'BAD_REQUEST'],
    ['a query that is no text', '{"query":{"kind":"Document"}}', {}, 400, 'BAD_REQUEST'],
    ['variables that are no object', '{"query":"{hello}","variables":[1]}', {}, 400, 'BAD_REQUEST'],
    ['a stored query', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}', {}, 400, 'BAD_REQUEST'],
  ])('%s', async (_name, body, headers, status, code) => {
    const before = seen.mutations;
    const startedMs = performance.now();
    const answer = await server.post(body, headers);
    expect([answer.status, codes(answer), seen.mutations]).toEqual([status, [code], before]);
    expect(performance.now() - startedMs).toBeLessThan(250);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('%s is not a method of GraphQL', async (method) => {
    const answer = await fetch(`${server.url}/graphql`, { method, headers: { 'content-type': JSON_TYPE } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(answer.headers.get('content-type')).toContain('json');
  });

  it('a stored query is refused with a code, not with Apollo’s own', async () => {
    const answer = await server.post({ extensions: { persistedQuery: { version: 1, sha256Hash: '00' } } });
    expect(codes(answer)).toEqual(['BAD_REQUEST']);
  });

  it.each([
    ['no headers', 'POST /graphql HTTP/1.1\r\nhost: x\r\n'],
    ['no body', `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"query":`],
  ])('a half-sent request ends soon: %s', async (_name, text) => {
    const startedMs = performance.now();
    const answer = await raw(text);
    expect(answer).toMatch(/^HTTP\/1.1 (408|401)/);
    expect(performance.now() - startedMs).toBeLessThan(1_500);
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

  const raw = (text: string): Promise<string> =>
    new Promise((done) => {
      let answer = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
      socket
        .on('data', (data) => (answer += String(data)))
        .on('close', () => done(answer))
        .on('error', () => done(answer));
    });
});
