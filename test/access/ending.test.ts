// A stream ends when the access that it was started with does: a server whose limits make it look every 50 ms, beside the one of the stage.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { fieldResolver } from '../../src/read/schema.ts';
import { listen } from '../../src/transport/http.ts';
import { openLocalIssuer } from '../../src/transport/local-issuer.ts';
import { createLogger } from '../../src/transport/logger.ts';
import { ISSUER, startStage } from './stage.ts';

const stage = await startStage(['acme']);
const [acme] = stage.companies;
if (!acme) throw new Error('There is no company.');
const { world } = stage;

const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-access-'));
const config = loadConfig(
  { NODE_ENV: 'test' },
  { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent', SOCKET_RECHECK_INTERVAL_MS: 50, PRINCIPAL_CACHE_MS: 0 },
);
const { platform } = world;
const server = await listen({
  schema: platform.schema,
  config,
  signIn: platform.signIn,
  context: (principal, facts) => platform.contextOf(principal, facts),
  readiness: () => platform.readiness(),
  logger: createLogger({ level: 'silent' }),
  clock: systemClock,
  fieldResolver: fieldResolver as never,
});
const [ofConfig] = config.issuers;
if (!ofConfig) throw new Error('There is no issuer.');
const issuer = await openLocalIssuer({ dataDir, issuer: ofConfig, clock: systemClock });
afterAll(() => server.close());

/** A stream with these credentials: resolves to the code with which the socket closes. */
function closing(credentials: string): { opened: Promise<void>; closed: Promise<number> } {
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  const socket = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${credentials}` },
    on: { closed: (event) => closed.resolve((event as { code: number }).code) },
  });
  socket.subscribe(
    { query: 'subscription { events(after: "0") { cursor } }' },
    { next: () => opened.resolve(), error: () => {}, complete: () => {} },
  );
  return { opened: opened.promise, closed: closed.promise };
}
const subject = async (name: string, roles: object[]) => {
  const { id } = await (await world.as('admin')).do(
    'createActor',
    { kind: 'USER', name, issuer: ISSUER, subject: name, roles },
    'actor',
  );
  return { id, token: await issuer.issueToken({ subject: name, tenant: 'acme', lifetimeS: 3600 }) };
};
const status = async (credentials: string) =>
  (
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${credentials}` },
      body: '{"query":"{ me { name } }"}',
    })
  ).status;

it('access that is taken by revoking the actor ends its streams and its requests', async () => {
  const { id, token } = await subject('leaver', [{ role: 'analyst' }]);
  const { opened, closed } = closing(token);
  await opened;
  await (await world.as('admin')).do('revokeActor', { id }, 'actor');
  expect([await closed, await status(token)]).toEqual([4401, 401]);
});

it('access that is taken by revoking the API key ends its streams and its requests', async () => {
  const { opened, closed } = closing(acme.apiKey);
  await opened;
  const admin = await world.as('admin');
  const { apiKeys } = await admin.ask('{ apiKeys { nodes { id } } }');
  await admin.do('revokeApiKey', { id: apiKeys.nodes[0].id }, 'apiKey');
  expect([await closed, await status(acme.apiKey)]).toEqual([4401, 401]);
});

it('access that shrinks to one legal entity ends the streams that were started with more', async () => {
  const { id, token } = await subject('mover', [{ role: 'analyst' }]);
  const { opened, closed } = closing(token);
  await opened;
  await (await world.as('admin')).do(
    'setActorRoles',
    { id, roles: [{ role: 'analyst', legalEntityId: acme.entities.DE01 }] },
    'actor',
  );
  expect([await closed, await status(token)]).toEqual([expect.any(Number), 200]);
});
