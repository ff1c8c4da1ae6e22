// Frames and messages that no good client sends: each kind is refused with its close code, nobody else notices, and nothing stays behind.
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, start } from '../transport/fixture.ts';
import { seen } from '../transport/schema.ts';
import { type Client, connected, open } from '../transport/socket-client.ts';
import { eventually, nextOf } from '../transport/socket-fixture.ts';

let server: Fixture;
let healthy: Client;
beforeAll(async () => {
  server = await start({ env: { INTROSPECTION: 'off', QUERY_MAX_COST: '200' } });
  healthy = await connected(server, await server.token('healthy'));
  healthy.subscribe('h', 'subscription{tick(everyMs: 10)}');
  await healthy.next(nextOf('h'));
});
afterAll(async () => {
  healthy.close();
  await server.close();
});

async function gauges() {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const valueOf = (name: string) => Number(new RegExp(`^cashgraph_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return { sockets: valueOf('sockets'), streams: valueOf('streams') };
}

/** Only the healthy one is left, and its stream goes on. */
async function nothingStays() {
  const count = healthy.messages.length;
  await expect.poll(gauges).toEqual({ sockets: 1, streams: 1 });
  await eventually(() => seen.openStreams === 1 && healthy.messages.length > count + 2);
}

const connect = async () => {
  const client = await connected(server, await server.token('jane'));
  client.subscribe('mine', 'subscription{tick(everyMs: 10)}');
  await client.next(nextOf('mine'));
  return client;
};

/** What is under the WebSocket: for bytes that no library would send. */
// oxlint-disable-next-line no-underscore-dangle -- ws has no other way to it
const rawOf = (client: Client): Duplex => (client.socket as unknown as { _socket: Duplex })._socket;
/** A masked frame of a client. */
function frame(first: number, body: Buffer): Buffer {
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from([first, 0x80 | body.length]), mask, body.map((byte, i) => byte ^ (mask[i % 4] ?? 0))]);
}
const text = (value: object | string) => (typeof value === 'string' ? value : JSON.stringify(value));
const subscribe = (id: unknown, payload: unknown) => text({ id, type: 'subscribe', payload });

const KINDS: readonly [name: string, code: number, send: (client: Client) => void][] = [
  ['a binary frame', 4400, ({ socket }) => socket.send(Buffer.from(text({ type: 'ping' })))],
  ['an empty frame', 4400, ({ socket }) => socket.send('')],
  ['an oversized frame', 1009, ({ socket }) => socket.send('x'.repeat(200_000))],
  [
    'a flood of fragments that never ends',
    1009,
    ({ socket }) => {
      for (let n = 0; n < 300; n++) socket.send('x'.repeat(1_000), { fin: false });
    },
  ],
  ['a fragment that continues nothing', 1002, (client) => rawOf(client).write(frame(0x80, Buffer.from('{}')))],
  ['reserved bits', 1002, (client) => rawOf(client).write(frame(0xf1, Buffer.from('{}')))],
  ['an unknown opcode', 1002, (client) => rawOf(client).write(frame(0x83, Buffer.from('{}')))],
  ['a frame without a mask', 1002, (client) => rawOf(client).write(Buffer.from([0x81, 2, 0x7b, 0x7d]))],
  ['a text that is not UTF-8', 1007, (client) => rawOf(client).write(frame(0x81, Buffer.from([0xff, 0xfe, 0xfd])))],
  ['bad JSON', 4400, ({ socket }) => socket.send('{"type":')],
  ['JSON that is no object', 4400, ({ socket }) => socket.send('[1]')],
  ['null', 4400, ({ socket }) => socket.send('null')],
  ['deep JSON', 4400, ({ socket }) => socket.send(`{"type":"ping","payload":{"a":${'['.repeat(500)}${']'.repeat(500)}}}`)],
  ['an unknown type', 4400, ({ socket }) => socket.send(text({ type: 'nope' }))],
  ['a type that is no text', 4400, ({ socket }) => socket.send(text({ type: 1 }))],
  ['a message of the server', 4400, ({ socket }) => socket.send(text({ type: 'next', id: '1', payload: {} }))],
  ['a second connection_init', 4429, ({ socket }) => socket.send(text({ type: 'connection_init' }))],
  ['a subscribe without an id', 4400, ({ socket }) => socket.send(subscribe(undefined, { query: '{hello}' }))],
  ['a subscribe with an empty id', 4400, ({ socket }) => socket.send(subscribe('', { query: '{hello}' }))],
  ['a subscribe whose id is a number', 4400, ({ socket }) => socket.send(subscribe(1, { query: '{hello}' }))],
  ['a subscribe without a payload', 4400, ({ socket }) => socket.send(subscribe('1', undefined))],
  ['a query that is no text', 4400, ({ socket }) => socket.send(subscribe('1', { query: { a: 1 } }))],
  ['variables that are no object', 4400, ({ socket }) => socket.send(subscribe('1', { query: '{hello}', variables: 'x' }))],
  ['extensions that are no object', 4400, ({ socket }) => socket.send(subscribe('1', { query: '{hello}', extensions: 5 }))],
  ['an id that is in use', 4409, (client) => client.subscribe('mine', 'subscription{tick}')],
];

describe('a frame', () => {
  it.each(KINDS)('is refused, and harms nobody else: %s', async (_name, code, send) => {
    const client = await connect();
    send(client);
    expect((await client.closed).code).toBe(code);
    await nothingStays();
  });

  it('before connection_init, or none in time, or with a token that is none, closes the socket', async () => {
    const hasty = await open(server);
    hasty.subscribe('1', 'subscription{tick}');
    expect((await hasty.closed).code).toBe(4401);
    const impatient = await start({ env: { SOCKET_INIT_TIMEOUT_MS: '200' } });
    expect((await (await open(impatient)).closed).code).toBe(4408);
    await impatient.close();
    const token = await server.token('jane');
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      `Basic ${token}`,
      `Bearer ${token}x`,
      ['Bearer', token],
      { token },
      'x'.repeat(20_000),
    ]) {
      const client = await open(server);
      client.send({ type: 'connection_init', payload: { authorization } });
      expect((await client.closed).code).toBe(4401);
    }
    await expect(open({ ...server, origin: 'https://evil.example.com' })).rejects.toThrow('status 403');
    await nothingStays();
  });

  it('of ten thousand at once is answered for what it is, without a message lost for others', async () => {
    const client = await connect();
    for (let n = 0; n < 10_000; n++) client.send({ type: 'ping' });
    client.subscribe('q', '{hello}');
    expect((await client.next(nextOf('q'))).payload?.data).toEqual({ hello: 'hello world' });
    client.close();
    await nothingStays();
  });
});

describe('a subscribe', () => {
  it.each([
    ['a syntax error', 'subscription{', 'GRAPHQL_PARSE_FAILED'],
    ['an empty query', '', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription{nope}', 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown argument', 'subscription{tick(nope: 1)}', 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown variable', 'subscription{tick(everyMs: $n)}', 'GRAPHQL_VALIDATION_FAILED'],
    ['two root fields', 'subscription{tick refused}', 'GRAPHQL_VALIDATION_FAILED'],
    ['introspection, which is off', '{__schema{types{name}}}', 'INTROSPECTION_DISABLED'],
    ['introspection within a subscription', 'subscription{__typename}', 'GRAPHQL_VALIDATION_FAILED'],
    ['too many tokens', `{${'hello '.repeat(5_000)}}`, 'TOO_MANY_TOKENS'],
    [
      'too many fields',
      `{${Array.from({ length: 30 }, (_, n) => `a${n}:thing{${'name '.repeat(20)}}`).join(' ')}}`,
      'TOO_MANY_FIELDS',
    ],
    [
      'doubling fragments',
      `{thing{...a0}} ${Array.from({ length: 18 }, (_, n) => `fragment a${n} on Thing{thing{...a${n + 1}} b:thing{...a${n + 1}}}`).join(' ')} fragment a18 on Thing{name}`,
      'QUERY_TOO_DEEP',
    ],
    ['a subscription that is not there', 'query a{hello} query b{hello}', 'OPERATION_RESOLUTION_FAILURE'],
  ])('is answered for its id, and the others on its socket go on: %s', async (_name, query, code) => {
    const client = await connect();
    client.subscribe('bad', query);
    const { payload } = await client.next(({ id, type }) => id === 'bad' && type === 'error');
    expect(payload?.[0]?.extensions.code).toBe(code);
    const count = client.messages.length;
    await eventually(() => client.messages.length > count + 2);
    // the id is free again
    client.subscribe('bad', '{hello}');
    await client.next(nextOf('bad'));
    client.subscribe('act', 'mutation{act}');
    expect((await client.next(nextOf('act'))).payload?.data).toEqual({ act: true });
    client.close();
    await nothingStays();
  });
});
