// Access that ends or changes ends the streams that were begun with it, over both transports, within a sweep; whoever comes again sees by what
// it may see then, also of what happened before.
import { createClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/kernel/clock.ts';
import { serve } from '../access/server.ts';
import type { Stage } from '../access/stage.ts';
import { openBooks, type Shown, startWorld } from '../support/world.ts';

const world = await startWorld();
let aheadMs = 0;
const clock = { now: () => new Date(systemClock.now().getTime() + aheadMs) };
const server = await serve({ world } as Stage, { limits: { SOCKET_RECHECK_INTERVAL_MS: 50, PRINCIPAL_CACHE_MS: 0 }, clock });
const admin = await world.as('admin');
const first = await openBooks(world);
const second = await openBooks(world, { code: 'FR01', number: 'C-2' });
await world.platform.sealer.sealed();

const ISSUER = 'urn:cashgraph:local';
const EVENTS = 'subscription($after: Cursor) { events(after: $after) { cursor event { legalEntityId accountId customerId } } }';
const open: { dispose(): unknown }[] = [];
afterAll(() => open.forEach((one) => void one.dispose()));

interface Following {
  readonly heard: Shown[];
  /** How it ended: a close code, or that the answer broke off. */
  readonly ended: Promise<number | 'broken off'>;
}

const FOLLOW = {
  'a WebSocket': (credentials: string, after: string): Following => {
    const heard: Shown[] = [];
    let end: (code: number) => void = () => {};
    const ended = new Promise<number>((done) => {
      end = done;
    });
    const client = createSocketClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${credentials}` },
      on: { closed: (event) => end((event as { code: number }).code) },
    });
    open.push(client);
    client.subscribe<Shown>(
      { query: EVENTS, variables: { after } },
      { next: ({ data }) => heard.push(data?.events), error: () => {}, complete: () => heard.push('complete') },
    );
    return { heard, ended };
  },
  'server-sent events': (credentials: string, after: string): Following => {
    const heard: Shown[] = [];
    const client = createClient({
      url: `${server.url}/graphql`,
      headers: { authorization: `Bearer ${credentials}` },
      retryAttempts: 0,
    });
    open.push(client);
    const ended = new Promise<'broken off'>((done) => {
      client.subscribe<Shown>(
        { query: EVENTS, variables: { after } },
        {
          next: ({ data }) => heard.push(data?.events),
          error: () => done('broken off'),
          complete: () => heard.push('complete'),
        },
      );
    });
    return { heard, ended };
  },
} as const;

const person = async (name: string, more: object) => {
  const { id } = await admin.do('createActor', { kind: 'USER', name, issuer: ISSUER, subject: name, ...more }, 'actor');
  return { id: id as string, token: await server.tokenOf(name, 'acme') };
};
const changed = async (customerId: string, name: string) => {
  await admin.do('updateCustomer', { id: customerId, name }, 'customer');
  await world.platform.sealer.sealed();
};
const count = async (following: Following) => {
  await expect.poll(() => following.heard.length).toBeGreaterThan(0);
  return following.heard.length;
};

describe.each(Object.entries(FOLLOW))('over %s', (transport, follow) => {
  const name = (what: string) => `${what} ${transport}`;

  it('an actor that is revoked, a key that is revoked and a key that expires end their streams', async () => {
    const leaver = await person(name('leaver'), { roles: [{ role: 'analyst' }] });
    const keyOf = async (what: string, lifetimeMs: number) => {
      const input = {
        name: name(what),
        roles: [{ role: 'analyst' }],
        expiresAt: new Date(clock.now().getTime() + lifetimeMs).toISOString(),
      };
      const { createApiKey } = await admin.ask(
        'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } userErrors { message } } }',
        { input },
      );
      return createApiKey as { secret: string; apiKey: { id: string } };
    };
    const [revoked, expiring] = [await keyOf('revoked', 86_400_000), await keyOf('expiring', 60_000)];
    const streams = [leaver.token, revoked.secret, expiring.secret].map((credentials) => follow(credentials, '0'));
    for (const stream of streams) await count(stream);
    await admin.do('revokeActor', { id: leaver.id }, 'actor');
    await admin.do('revokeApiKey', { id: revoked.apiKey.id }, 'apiKey');
    aheadMs += 60_000;
    const ends = await Promise.all(streams.map(({ ended }) => ended));
    expect(ends).toEqual(Array.from({ length: 3 }, () => (transport === 'a WebSocket' ? 4401 : 'broken off')));
    expect(streams.flatMap(({ heard }) => heard)).not.toContain('complete');
  });

  it('a role that shrinks ends the stream, and what comes after is by the new one, also of the past', async () => {
    const { id, token } = await person(name('mover'), { roles: [{ role: 'analyst' }] });
    const wide = follow(token, '0');
    await count(wide);
    await expect.poll(() => wide.heard.some(({ event }) => event.legalEntityId === second.legalEntityId)).toBe(true);
    await admin.do('setActorRoles', { id, roles: [{ role: 'analyst', legalEntityId: first.legalEntityId }] }, 'actor');
    expect(await wide.ended).toBe(transport === 'a WebSocket' ? 4403 : 'broken off');
    const narrow = follow(token, '0');
    await changed(first.customerId, name('narrow'));
    await expect.poll(() => narrow.heard.at(-1)?.event.customerId).toBe(first.customerId);
    const entities = new Set(narrow.heard.map(({ event }) => event.legalEntityId));
    expect([entities.has(first.legalEntityId), entities.has(second.legalEntityId)]).toEqual([true, false]);
  });

  it('a portal user whose accounts change begins anew, and never hears of those of others', async () => {
    const { token } = await person(name('buyer'), { kind: 'PORTAL', roles: [], customerIds: [first.customerId] });
    const before = follow(token, '0');
    await count(before);
    const { id: accountId } = await admin.do(
      'openAccount',
      {
        customerId: first.customerId,
        legalEntityId: second.legalEntityId,
        number: name('A').replaceAll(/\W/g, '-'),
        currency: 'EUR',
      },
      'account',
    );
    expect(await before.ended).toBe(transport === 'a WebSocket' ? 4403 : 'broken off');
    const after = follow(token, '0');
    await changed(second.customerId, name('other'));
    await changed(first.customerId, name('own'));
    await expect.poll(() => after.heard.at(-1)?.event.customerId).toBe(first.customerId);
    expect(after.heard.map(({ event }) => event.accountId)).toContain(accountId);
    expect(JSON.stringify([before.heard, after.heard])).not.toContain(second.customerId);
    expect(JSON.stringify([before.heard, after.heard])).not.toContain(second.accountId);
  });
});
