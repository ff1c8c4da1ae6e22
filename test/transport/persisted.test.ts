/** Documents by name: hashes as Apollo Client and urql send them, ids of trusted documents, and servers that take no others. */
import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRAPHQL_RESPONSE, JSON_TYPE } from '../../src/transport/content-type.ts';
import type { TrustedDocuments } from '../../src/transport/persisted.ts';
import { type Fixture, type GraphqlAnswer, start } from './fixture.ts';
import { seen } from './schema.ts';
import { connected } from './socket-client.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const byHash = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash(text) } } });
const codes = ({ json }: { json: GraphqlAnswer }) => json.errors?.map(({ extensions }) => extensions['code']);

/** Trusted by all tenants but one, which has the id, too. */
const TRUSTED: Readonly<Record<string, string>> = {
  'portal:hello': 'query Hello($to: String){hello(to: $to)}',
  'portal:me': '{me}',
  'portal:live': 'subscription{tick}',
};
const trusted: TrustedDocuments = {
  byId: async (_tenantId, id) => (Object.hasOwn(TRUSTED, id) ? (TRUSTED[id] ?? null) : null),
  hasText: async (_tenantId, text) => Object.values(TRUSTED).includes(text),
};

describe('automatic persisted queries', () => {
  let server: Fixture;
  beforeAll(async () => {
    server = await start({ trustedDocuments: trusted });
  });
  afterAll(() => server.close());

  it.each([JSON_TYPE, GRAPHQL_RESPONSE])(
    'are asked for by hash, sent once with it, and found from then on (%s)',
    async (accept) => {
      const query = `query One($to: String){hello(to: $to) a: hello(to: "${accept}")}`;
      const headers = { accept };
      const variables = { to: 'you' };
      const unknown = await server.post({ ...byHash(query), variables }, headers);
      expect(unknown.json.errors?.[0]).toMatchObject({
        message: 'PersistedQueryNotFound',
        extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
      });
      expect(unknown.status).toBe(accept === JSON_TYPE ? 200 : 404);
      const first = await server.post({ query, ...byHash(query), variables }, headers);
      const later = await server.post({ ...byHash(query), variables }, headers);
      for (const { json } of [first, later]) expect(json.data).toEqual({ hello: 'hello you', a: `hello ${accept}` });
    },
  );

  it('work by GET, too', async () => {
    const query = '{hello(to: "get")}';
    const headers = { authorization: `Bearer ${await server.token()}` };
    const get = async (parameters: Record<string, string>) =>
      (await (
        await fetch(`${server.url}/graphql?${new URLSearchParams(parameters).toString()}`, { headers })
      ).json()) as GraphqlAnswer;
    const extensions = JSON.stringify(byHash(query).extensions);
    expect((await get({ extensions })).errors?.[0]?.message).toBe('PersistedQueryNotFound');
    expect((await get({ query, extensions })).data).toEqual({ hello: 'hello get' });
    expect((await get({ extensions })).data).toEqual({ hello: 'hello get' });
  });

  it('never keep a document that is refused, nor one under a hash that isn’t its own', async () => {
    for (const query of ['{nope}', `{${'hello '.repeat(500)}}`, '{']) {
      await server.post({ query, ...byHash(query) });
      expect(codes(await server.post(byHash(query)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    }
    const other = await server.post({ query: '{hello}', ...byHash('{me}') });
    expect([other.status, codes(other)]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('are bounded: what was unused for longest goes first', async () => {
    const small = await start({ env: { DOCUMENT_CACHE_MAX_COUNT: '10' } });
    const texts = Array.from({ length: 11 }, (_, n) => `{hello(to: "${n}")}`);
    for (const query of texts.slice(0, 10)) await small.post({ query, ...byHash(query) });
    await small.post(byHash(texts[0] ?? ''));
    await small.post({ query: texts[10], ...byHash(texts[10] ?? '') });
    const found = await Promise.all(texts.map(async (text) => codes(await small.post(byHash(text))) === undefined));
    expect(found).toEqual(texts.map((_, n) => n !== 1));
    await small.close();
  });

  it('work with Apollo Client, which sends the text only where the hash isn’t known', async () => {
    const sent: string[] = [];
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new PersistedQueryLink({ sha256: hash }).concat(
        new HttpLink({
          uri: `${server.url}/graphql`,
          headers: { authorization: `Bearer ${await server.token()}` },
          fetch: async (url, init) => {
            sent.push(init?.body as string);
            return fetch(url, init);
          },
        }),
      ),
    });
    const query = gql('query Apollo($to: String) { hello(to: $to) }');
    for (const to of ['a', 'b'])
      expect((await client.query({ query, variables: { to } })).data).toEqual({ hello: `hello ${to}` });
    expect(sent.map((body) => 'query' in (JSON.parse(body) as object))).toEqual([false, true, false]);
    client.stop();
  });

  it('work with the requests of urql’s persisted exchange', async () => {
    const query = 'query Urql { me }';
    await server.post({ query, ...byHash(query) });
    const client = new Client({
      url: `${server.url}/graphql`,
      preferGetMethod: false,
      exchanges: [fetchExchange],
      fetchOptions: { headers: { authorization: `Bearer ${await server.token()}` } },
      fetch: (url, init) =>
        fetch(url, {
          ...init,
          body: JSON.stringify({ ...(JSON.parse(init?.body as string) as object), query: undefined, ...byHash(query) }),
        }),
    });
    const { data, error } = await client.query('{hello}', {}).toPromise();
    expect([data, error]).toEqual([{ me: 'jane' }, undefined]);
  });
});

describe('trusted documents', () => {
  it.each(['on', 'only'])('are run by their id, in whichever form it is sent: %s', async (mode) => {
    const server = await start({ env: { TRUSTED_DOCUMENTS: mode }, trustedDocuments: trusted });
    const variables = { to: 'you' };
    const forms = [
      { documentId: 'portal:hello' },
      { id: 'portal:hello' },
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'portal:hello' } } },
    ];
    for (const form of forms) expect((await server.post({ ...form, variables })).json.data).toEqual({ hello: 'hello you' });
    const unknown = await server.post({ documentId: 'portal:nope' }, { accept: GRAPHQL_RESPONSE });
    expect([unknown.status, codes(unknown)]).toEqual([404, ['PERSISTED_QUERY_NOT_FOUND']]);
    expect((await server.post({ documentId: 'portal:hello', variables }, { authorization: 'Bearer x' })).status).toBe(401);
    await server.close();
  });

  it('aren’t looked for where they are off', async () => {
    const server = await start({ env: { TRUSTED_DOCUMENTS: 'off' }, trustedDocuments: trusted });
    expect(codes(await server.post({ documentId: 'portal:hello' }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    await server.close();
  });

  it('are all that a server takes that is set so, over HTTP and sockets, and nothing else runs', async () => {
    const server = await start({ env: { TRUSTED_DOCUMENTS: 'only' }, trustedDocuments: trusted });
    const before = seen.mutations;
    const text = 'mutation{act}';
    for (const accept of ['application/json', GRAPHQL_RESPONSE]) {
      const refused = [
        await server.post({ query: text }, { accept }),
        await server.post({ query: text, ...byHash(text) }, { accept }),
      ];
      for (const one of refused)
        expect([one.status, codes(one)]).toEqual([accept === GRAPHQL_RESPONSE ? 403 : 200, ['DOCUMENT_NOT_TRUSTED']]);
    }
    expect(codes(await server.post(byHash(text)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(codes(await server.post({ query: '{' }))).toEqual(['DOCUMENT_NOT_TRUSTED']);
    // the very text of a trusted one is that one
    expect((await server.post({ query: TRUSTED['portal:me'] })).json.data).toEqual({ me: 'jane' });

    const client = await connected(server, await server.token());
    client.subscribe('text', 'subscription{tick(everyMs: 5)}');
    expect((await client.next(({ id }) => id === 'text')).payload?.[0]?.extensions['code']).toBe('DOCUMENT_NOT_TRUSTED');
    client.subscribe('m', 'mutation{act}');
    expect((await client.next(({ id }) => id === 'm')).payload?.[0]?.extensions['code']).toBe('DOCUMENT_NOT_TRUSTED');
    client.subscribe('live', '', { extensions: { documentId: 'portal:live' } });
    expect((await client.next(({ id }) => id === 'live')).payload?.data).toEqual({ tick: '0' });
    client.subscribe('hash', '', { extensions: { persistedQuery: { version: 1, sha256Hash: 'portal:me' } } });
    expect((await client.next(({ id }) => id === 'hash')).payload?.data).toEqual({ me: 'jane' });
    client.close();
    expect(seen.mutations).toBe(before);
    await server.close();
  });

  it('leave others to those who have the permission, and to nobody else by their hash', async () => {
    const server = await start({
      env: { TRUSTED_DOCUMENTS: 'only' },
      trustedDocuments: trusted,
      permissions: (subject) => (subject === 'jane' ? ['documents:any'] : []),
    });
    expect((await server.post({ query: '{hello}' })).json.data).toEqual({ hello: 'hello world' });
    expect((await server.post({ query: '{hello}', ...byHash('{hello}') })).json.data).toEqual({ hello: 'hello world' });
    expect((await server.post(byHash('{hello}'))).json.data).toEqual({ hello: 'hello world' });
    const joe = { authorization: `Bearer ${await server.token('joe')}` };
    expect(codes(await server.post(byHash('{hello}'), joe))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    const client = await connected(server, await server.token());
    client.subscribe('q', '{hello}');
    expect((await client.next(({ id }) => id === 'q')).payload?.data).toEqual({ hello: 'hello world' });
    client.close();
    await server.close();
  });
});
