// A server that often looks whether logins still hold, and clients that are gone after each test: for the test files of sockets.
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { type Fixture, start } from './fixture.ts';
import { seen } from './schema.ts';
import { type Client, connected, type Message, open } from './socket-client.ts';

export const nextOf = (id: string) => (message: Message) => message.id === id && message.type === 'next';
export const errorOf = (id: string) => (message: Message) => message.id === id && message.type === 'error';
export async function eventually(fits: () => boolean): Promise<void> {
  await expect.poll(fits, { interval: 10 }).toBe(true);
}

/** At the top of a test file; with times as they are in use, since a machine that stands still must end no socket. */
export function socketServer() {
  const clock = fixedClock('2026-05-01T10:00:00Z');
  const clients: Client[] = [];
  let server: Fixture;
  const kept = async (opening: Promise<Client>): Promise<Client> => {
    const client = await opening;
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    server = await start({
      clock,
      env: { SOCKET_RECHECK_INTERVAL_MS: '50', SOCKETS_PER_PRINCIPAL_MAX: '5' },
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.terminate();
    await eventually(() => seen.openStreams === 0);
  });
  afterAll(() => server.close());
  return {
    clock,
    server: () => server,
    /** Opened and signed in. */
    connect: async (subject = 'jane', lifetimeS = 600) => kept(connected(server, await server.token(subject, lifetimeS))),
    /** Opened only. */
    opened: (options: Partial<Parameters<typeof open>[0]> = {}) => kept(open({ url: server.url, ...options })),
  };
}
