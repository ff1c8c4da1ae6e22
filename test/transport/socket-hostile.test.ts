/** Bad operations and bad messages over a socket: the same guards as over HTTP, and one bad operation never harms the others. */
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { seen } from './schema.ts';
import type { Message } from './socket-client.ts';
import { errorOf, eventually, nextOf, socketServer } from './socket-fixture.ts';

const { connect, server } = socketServer();
const codeOf = (message: Message) => message.payload?.[0]?.extensions.code;

describe('one bad operation', () => {
  const bad: readonly [name: string, query: string, code: string][] = [
    ['syntax error', 'subscription{', 'GRAPHQL_PARSE_FAILED'],
    ['unknown field', 'subscription{nope}', 'GRAPHQL_VALIDATION_FAILED'],
    ['too deep', `{${'thing{'.repeat(15)}name${'}'.repeat(15)}}`, 'QUERY_TOO_DEEP'],
    ['too many aliases', `{${Array.from({ length: 31 }, (_, n) => `a${n}:hello`).join(' ')}}`, 'TOO_MANY_ALIASES'],
    ['too many tokens', `{${'hello '.repeat(5_000)}}`, 'TOO_MANY_TOKENS'],
    ['two operations and no name', 'query a{hello} query b{hello}', 'OPERATION_RESOLUTION_FAILURE'],
  ];
  it.each(bad)('is answered for its id, and the others go on: %s', async (_name, query, code) => {
    const client = await connect();
    client.subscribe('good', 'subscription{tick}');
    await client.next(nextOf('good'));
    client.subscribe('bad', query);
    expect(codeOf(await client.next(errorOf('bad')))).toBe(code);
    const count = client.messages.length;
    await eventually(() => client.messages.length > count + 2);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('is masked when it fails while running, before and within a stream', async () => {
    const client = await connect();
    client.subscribe('field', 'subscription{tickWithBadField}');
    client.subscribe('source', 'subscription{tickThenFail}');
    client.subscribe('refused', 'subscription{refused}');
    client.subscribe('query', '{fail(how: "database")}');
    client.subscribe('variable', 'query($n: Int!){slow(ms: $n)}', { variables: { n: 'x' } });
    const errors = [
      (await client.next(nextOf('field'))).payload?.errors?.[0],
      (await client.next(errorOf('source'))).payload?.[0],
      (await client.next(nextOf('query'))).payload?.errors?.[0],
    ];
    for (const error of errors) {
      expect(error?.extensions).toMatchObject({ code: 'INTERNAL', errorId: expect.any(String) });
      expect(server().log()).toContain(String(error?.extensions.errorId));
    }
    expect((await client.next(nextOf('refused'))).payload?.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await client.next(nextOf('variable'))).payload?.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(JSON.stringify(client.messages)).not.toMatch(/duplicate|customer|jane@example|23505/);
    expect(server().log()).not.toContain('jane@example.com');
  });

  it('is refused beyond 100 at once', async () => {
    const client = await connect();
    for (let n = 0; n < 101; n++) client.subscribe(`s${n}`, 'subscription{tick(everyMs: 300)}');
    expect(codeOf(await client.next(errorOf('s100')))).toBe('TOO_MANY_STREAMS');
    await client.next(nextOf('s99'));
    expect(seen.openStreams).toBe(100);
    client.send({ id: 's0', type: 'complete' });
    await eventually(() => seen.openStreams === 99);
    client.subscribe('more', 'subscription{tick}');
    await client.next(nextOf('more'));
  });
});

describe('a message that is none', () => {
  it.each<[string, string | Buffer, number]>([
    ['no JSON', '{', 4400],
    ['no payload', '{"type":"subscribe","id":"1"}', 4400],
    ['a query that is no text', '{"type":"subscribe","id":"1","payload":{"query":1}}', 4400],
    ['an unknown type', '{"type":"nope"}', 4400],
    ['a message of the server', '{"type":"next","id":"1","payload":{}}', 4400],
    ['deep JSON', `{"type":"ping","payload":{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}}`, 4400],
    ['bytes', Buffer.from('{"type":"ping"}'), 4400],
    ['too big a frame', JSON.stringify({ type: 'ping', payload: { pad: 'x'.repeat(130_000) } }), 1009],
  ])('closes the socket: %s', async (_name, message, code) => {
    const client = await connect();
    client.socket.send(message);
    expect((await client.closed).code).toBe(code);
  });
});
