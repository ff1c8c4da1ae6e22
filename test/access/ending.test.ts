// A stream ends when the access that it was started with does: a server whose limits make it look every 50 ms, beside the one of the stage.
import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { serve } from './server.ts';
import { ISSUER, startStage } from './stage.ts';

const stage = await startStage(['acme']);
const [acme] = stage.companies;
if (!acme) throw new Error('There is no company.');
const { world } = stage;

const server = await serve(stage, { limits: { SOCKET_RECHECK_INTERVAL_MS: 50, PRINCIPAL_CACHE_MS: 0 } });

/** A stream with these credentials that has begun, and the code with which its socket will close. */
async function streaming(credentials: string): Promise<{ closed: Promise<number> }> {
  let close: (code: number) => void = () => {};
  const closed = new Promise<number>((done) => {
    close = done;
  });
  const socket = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${credentials}` },
    on: { closed: (event) => close((event as { code: number }).code) },
  });
  await new Promise<void>((begun) => {
    const sink = { next: () => begun(), error: () => {}, complete: () => {} };
    socket.subscribe({ query: 'subscription { events(after: "0") { cursor } }' }, sink);
  });
  return { closed };
}

const subject = async (name: string, roles: object[]) => {
  const { id } = await (await world.as('admin')).do(
    'createActor',
    { kind: 'USER', name, issuer: ISSUER, subject: name, roles },
    'actor',
  );
  return { id, token: await server.tokenOf(name, 'acme') };
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
  const { closed } = await streaming(token);
  await (await world.as('admin')).do('revokeActor', { id }, 'actor');
  expect([await closed, await status(token)]).toEqual([4401, 401]);
});

it('access that is taken by revoking the API key ends its streams and its requests', async () => {
  const { closed } = await streaming(acme.apiKey);
  const admin = await world.as('admin');
  const { apiKeys } = await admin.ask('{ apiKeys { nodes { id } } }');
  await admin.do('revokeApiKey', { id: apiKeys.nodes[0].id }, 'apiKey');
  expect([await closed, await status(acme.apiKey)]).toEqual([4401, 401]);
});

it('access that shrinks to one legal entity ends the streams that were started with more', async () => {
  const { id, token } = await subject('mover', [{ role: 'analyst' }]);
  const { closed } = await streaming(token);
  await (await world.as('admin')).do(
    'setActorRoles',
    { id, roles: [{ role: 'analyst', legalEntityId: acme.entities.DE01 }] },
    'actor',
  );
  expect([await closed, await status(token)]).toEqual([expect.any(Number), 200]);
});
