/** Subscriptions: who may open a socket, what goes over it, and when it has to end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { start } from './fixture.ts';
import { seen } from './schema.ts';
import { connected, open } from './socket-client.ts';
import { eventually, nextOf, socketServer } from './socket-fixture.ts';

const { clock, connect, opened, server } = socketServer();

describe('a socket', () => {
  it('streams, queries and mutates, and stops what is completed', async () => {
    const client = await connect();
    client.subscribe('s', 'subscription{tick}');
    client.subscribe('q', 'query($to: String){hello(to: $to)}', { variables: { to: 'you' } });
    client.subscribe('m', 'mutation{act}', { extensions: { idempotencyKey: 'k7' } });
    expect((await client.next(nextOf('q'))).payload?.data).toEqual({ hello: 'hello you' });
    expect((await client.next(nextOf('m'))).payload?.data).toEqual({ act: true });
    expect(seen.contexts.at(-1)).toMatchObject({ idempotencyKey: 'k7', principal: { name: 'jane' } });
    await client.next(({ payload }) => payload?.data?.tick === '2');
    client.send({ id: 's', type: 'complete' });
    await eventually(() => seen.openStreams === 0);
  });

  it('works with the usual client', async () => {
    const client = createClient({
      url: `${server().url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: `Bearer ${await server().token()}` },
    });
    const got: unknown[] = [];
    for await (const result of client.iterate({ query: 'subscription{tick}' })) if (got.push(result.data) === 3) break;
    expect(got).toEqual([{ tick: '0' }, { tick: '1' }, { tick: '2' }]);
    await client.dispose();
  });

  it('ends its streams when it goes away', async () => {
    const client = await connect();
    client.subscribe('s', 'subscription{tick}');
    await client.next(nextOf('s'));
    expect(seen.openStreams).toBe(1);
    client.socket.terminate();
    await eventually(() => seen.openStreams === 0);
  });
});

describe('who may open one', () => {
  it.each([
    ['no token', {}, 4401],
    ['a bad token', { authorization: 'Bearer abc' }, 4401],
    ['a token of another tenant', { authorization: 'OTHER' }, 4401],
    ['an expired token', { authorization: 'EXPIRED' }, 4403],
  ])('%s is refused at the start', async (_name, params, code) => {
    const client = await opened();
    const lifetimeS = (params as { authorization?: string }).authorization === 'EXPIRED' ? -60 : 600;
    const tenant = (params as { authorization?: string }).authorization === 'OTHER' ? 'globex' : 'acme';
    const isMade = ['EXPIRED', 'OTHER'].includes((params as { authorization?: string }).authorization ?? '');
    clock.advance(-120_000);
    const token =
      lifetimeS < 0
        ? await server().issuer.issueToken({ subject: 'jane', tenant, lifetimeS: 60 })
        : await server().issuer.issueToken({ subject: 'jane', tenant, lifetimeS });
    clock.advance(120_000);
    client.send({ type: 'connection_init', payload: isMade ? { authorization: `Bearer ${token}` } : params });
    expect((await client.closed).code).toBe(code);
    expect(client.messages).toEqual([]);
  });

  it('not whoever says nothing in time, nor who starts before it is signed in', async () => {
    const impatient = await start({ clock, env: { SOCKET_INIT_TIMEOUT_MS: '300' } });
    const silent = await open(impatient);
    expect(await silent.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
    await impatient.close();
    const hasty = await opened();
    hasty.subscribe('1', 'subscription{tick}');
    expect((await hasty.closed).code).toBe(4401);
    const twice = await connect();
    twice.send({ type: 'connection_init' });
    expect((await twice.closed).code).toBe(4429);
  });

  it('not from a page of another origin, nor at another path, nor with another protocol', async () => {
    await expect(opened({ origin: 'https://evil.example.com' })).rejects.toThrow('status 403');
    await expect(open({ url: `${server().url}/other` })).rejects.toThrow('status 404');
    await expect(opened({ origin: server().url })).resolves.toBeDefined();
    const old = await opened({ protocol: 'graphql-ws' }).catch((error: Error) => error);
    if (old instanceof Error) expect(old.message).toBeTruthy();
    else expect((await old.closed).code).toBe(4406);
  });

  it('not more than a few for one login', async () => {
    for (let n = 0; n < 5; n++) await connect('busy');
    const sixth = await opened();
    sixth.send({ type: 'connection_init', payload: { authorization: `Bearer ${await server().token('busy')}` } });
    expect(await sixth.closed).toEqual({ code: 4430, reason: 'Too many connections of one login' });
    await connect('other');
  });
});

describe('a login that ends', () => {
  it('by expiry ends the streams', async () => {
    const client = await connect('jane', 100);
    client.subscribe('s', 'subscription{tick}');
    await client.next(nextOf('s'));
    clock.advance(101_000);
    expect(await client.closed).toEqual({ code: 4403, reason: 'Token expired' });
    await eventually(() => seen.openStreams === 0);
  });

  it('by revocation ends the streams within a minute', async () => {
    const client = await connect('leaver');
    client.subscribe('s', 'subscription{tick}');
    await client.next(nextOf('s'));
    server().revoked.add('leaver');
    await sleep(120);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    clock.advance(45_000);
    expect(await client.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });
});

describe('a consumer that does not read', () => {
  const strict = () => start({ clock, env: { SOCKET_STALL_TIMEOUT_MS: '400', SOCKET_PING_INTERVAL_MS: '200' } });

  it('is cut, its stream ends, and memory stays small', async () => {
    const own = await strict();
    const client = await connected(own, await own.token('slow'));
    client.subscribe('s', 'subscription{tick(everyMs: 0, bytes: 20000)}');
    await client.next(nextOf('s'));
    client.socket.pause();
    const wasCut = async () =>
      /socket_cut_total\{reason="(tooSlow|silent)"\} 1/.test(await (await fetch(`${own.url}/metrics`)).text());
    await expect.poll(wasCut).toBe(true);
    client.socket.resume();
    const { code, reason } = await client.closed;
    expect([code, reason]).toEqual([4420, 'Too slow: connect again and resume']);
    await eventually(() => seen.openStreams === 0);
    await own.close();
  });

  it('does not slow the others down', async () => {
    const stalled = await connect('slow');
    stalled.subscribe('s', 'subscription{tick(everyMs: 0, bytes: 20000)}');
    await stalled.next(nextOf('s'));
    stalled.socket.pause();
    const quick = await connect('quick');
    quick.subscribe('q', '{hello}');
    await quick.next(nextOf('q'));
    expect(stalled.socket.isPaused).toBe(true);
  });

  it('is closed when it does not answer pings', async () => {
    const own = await strict();
    const client = await connected({ url: own.url, autoPong: false }, await own.token('silent'));
    expect((await client.closed).code).toBe(4420);
    await own.close();
  });

  it('is closed although its stream never pauses', async () => {
    // with the usual pings: this process is the client too, and has much to read
    const eager = await start({ clock, env: { SOCKET_RECHECK_INTERVAL_MS: '50' } });
    const client = await connected(eager, await eager.token('jane', 100));
    client.subscribe('s', 'subscription{tick(everyMs: 0)}');
    await client.next(nextOf('s'));
    clock.advance(101_000);
    expect((await client.closed).code).toBe(4403);
    await eventually(() => seen.openStreams === 0);
    await eager.close();
  });
});
