// Credentials are good for one tenant: a token counts where its subject has an actor, a key where it was made, and neither anywhere else.
// When access ends or shrinks, requests are refused and streams end: tried on a server whose limits make it look every 50 ms.
import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { bare, type Shown } from '../support/world.ts';
import { serve } from './server.ts';
import { ISSUER, startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { world } = stage;

const ME = '{ me { tenantId roles customerIds } customers { nodes { id } } }';
const withToken = async (subject: string, tenant: string) => world.withToken(await world.tokenOf(subject, tenant)).send(ME);

it('a subject of one tenant that names another is answered as a subject that nobody knows, or a tenant that is not there', async () => {
  await (await world.as('admin', 'acme')).do(
    'createActor',
    { kind: 'USER', name: 'Only here', issuer: ISSUER, subject: 'only-acme', roles: [{ role: 'admin' }] },
    'actor',
  );
  expect((await withToken('only-acme', 'acme')).data?.['me'].tenantId).toBe(`ten_${acme.tenantId}`);
  const [there, nobody, nowhere] = [
    await withToken('only-acme', 'beta'),
    await withToken('nobody', 'beta'),
    await withToken('only-acme', 'no-such-tenant'),
  ];
  expect(there.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(nobody).toEqual(there);
  expect(nowhere).toEqual(there);
});

it('a subject that both tenants know acts with the roles and in the rows of the tenant that its token names', async () => {
  for (const company of [acme, beta]) {
    const { data } = await withToken('portal of C-1', company.slug);
    expect(data?.['me']).toEqual({
      tenantId: `ten_${company.tenantId}`,
      roles: ['portal'],
      customerIds: [company.customers['C-1']],
    });
    expect(data?.['customers'].nodes).toEqual([{ id: company.customers['C-1'] }]);
  }
});

it('a subject of another issuer is somebody else', async () => {
  const admin = await world.as('admin', 'acme');
  await admin.do(
    'createActor',
    { kind: 'USER', name: 'Of elsewhere', issuer: 'https://login.example.com', subject: 'elsewhere', roles: [{ role: 'admin' }] },
    'actor',
  );
  expect((await withToken('elsewhere', 'acme')).errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('an API key acts in its own tenant only, and with another secret not at all', async () => {
  for (const company of [acme, beta]) {
    const { data } = await world.withToken(company.apiKey).send(ME);
    expect(data?.['me'].tenantId).toBe(`ten_${company.tenantId}`);
    expect(data?.['customers'].nodes.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      Object.values(company.customers).toSorted(),
    );
  }
  const [prefix, kind, lookup] = acme.apiKey.split('_');
  const mixed = `${prefix}_${kind}_${lookup}_${beta.apiKey.split('_')[3]}`;
  const { errors } = await world.withToken(mixed).send(ME);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('the keys of another tenant can be neither seen nor revoked', async () => {
  const admin = await world.as('admin', 'acme');
  const [theirs] = (await (await world.as('admin', 'beta')).ask('{ apiKeys { nodes { id lookup } } }'))['apiKeys'].nodes;
  const { apiKeys } = await admin.ask('query($lookup: String!) { apiKeys(where: { lookup: { eq: $lookup } }) { totalCount } }', {
    lookup: theirs.lookup,
  });
  expect(apiKeys.totalCount).toBe(0);
  expect(await admin.refused('revokeApiKey', { id: theirs.id })).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await world.withToken(beta.apiKey).send(ME)).data?.['me'].tenantId).toBe(`ten_${beta.tenantId}`);
});

it('a portal user keeps to its customers when one of them gets a new account', async () => {
  const { person, reach } = await stage.viewer(acme, 'portal of C-1');
  const admin = await world.as('admin', 'acme');
  const { id: legalEntityId } = await admin.do(
    'createLegalEntity',
    { code: 'IT01', name: 'IT01', country: 'IT', functionalCurrency: 'EUR', timeZone: 'Europe/Rome' },
    'legalEntity',
  );
  for (const number of ['C-1', 'C-3'])
    await admin.do('openAccount', { customerId: acme.customers[number], legalEntityId, number, currency: 'EUR' }, 'account');
  const { customerAccounts } = await person.ask('{ customerAccounts { nodes { customerId } } }');
  for (const { customerId } of customerAccounts.nodes) expect(reach.customerIds).toContain(bare(customerId));
});

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
const inADay = () => new Date(Date.now() + 86_400_000).toISOString();
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

it('access that is taken by revoking a person ends the keys that the person made', async () => {
  const { id, token } = await subject('maker', [{ role: 'admin' }]);
  const key = { name: 'Made by somebody who left', roles: [{ role: 'analyst' }], expiresAt: inADay() };
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: 'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      variables: { input: key },
    }),
  });
  const { createApiKey } = ((await answer.json()) as Shown).data;
  expect(await status(createApiKey.secret)).toBe(200);
  await (await world.as('admin')).do('revokeActor', { id }, 'actor');
  expect(await status(createApiKey.secret)).toBe(401);
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
