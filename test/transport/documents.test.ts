/** Trusted documents from a build tool's file to an answer, and the report of deprecated uses: on a whole server with its database. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkDocuments } from '../../src/transport/document-check.ts';
import { readManifest } from '../../src/cli/documents/manifest.ts';
import { addBuild, listBuilds, removeBuild, storedDocuments } from '../../src/cli/documents/store.ts';
import { loadConfig } from '../../src/config.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { command } from '../cli/commands.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { bare, startWorld } from '../support/world.ts';

const world = await startWorld();
const globexId = await world.addTenant('globex');
const database = { connection: world.database.connection, rolePrefix: 'cashgraph' };
const { limits } = loadConfig({ NODE_ENV: 'test' });
const checked = (documents: Record<string, string>) =>
  checkDocuments(readManifest(JSON.stringify(documents), 'file'), { schema: world.platform.schema, limits });

const send = async (role: string, body: object, tenant?: string) => {
  const { token } = await world.as(role, tenant);
  const response = await fetch(world.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? data;
};
const ME = 'query Me { me { name } }';
const build = (version: string, tenantId: string | null = null) => ({ client: 'portal', version, tenantId });

describe('a manifest', () => {
  it('is one of Apollo’s, or a map as Relay and code generators write it', () => {
    const apollo = {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: 'a1', name: 'Me', type: 'query', body: ME }],
    };
    expect(readManifest(JSON.stringify(apollo), 'file')).toEqual([{ id: 'a1', text: ME }]);
    expect(readManifest(JSON.stringify({ b2: ME, c3: '{me{name}}' }), 'file')).toEqual([
      { id: 'b2', text: ME },
      { id: 'c3', text: '{me{name}}' },
    ]);
  });

  it.each([
    ['no JSON', '{', 'file is not JSON.'],
    ['a list', '[]', 'file holds no documents: it must be'],
    ['an empty map', '{}', 'file holds no documents: it must be'],
    [
      'a later version of Apollo’s',
      '{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}',
      'file holds no documents',
    ],
    ['an id that is a path', '{"../x":"{me{name}}"}', 'file has the id "../x"'],
    [
      'one id for two texts',
      '{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","body":"{a}"},{"id":"a","body":"{b}"}]}',
      'file has two documents with the id a.',
    ],
  ])('of another kind is refused: %s', (_what, text, sentence) => {
    expect(() => readManifest(text, 'file')).toThrow(sentence);
  });
});

describe('the check', () => {
  it('finds what a server would refuse, and what is deprecated, in the documents of a build', () => {
    const documents = checked({
      good: ME,
      syntax: '{',
      gone: 'query Gone { nope }',
      deep: `{${'a{'.repeat(16)}b${'}'.repeat(16)}}`,
      part: 'fragment A on Query{me{name}}',
    });
    expect(documents.map(({ id, name, problems }) => [id, name, problems.length > 0])).toEqual([
      ['good', 'Me', false],
      ['syntax', '', true],
      ['gone', 'Gone', true],
      ['deep', '', true],
      ['part', '', true],
    ]);
    expect(documents[2]?.problems[0]).toContain('Cannot query field "nope"');
    const next = buildSchema('type Query { me: Me } type Me { name: String @deprecated(reason: "Use title.") title: String }');
    const [one] = checkDocuments([{ id: 'a', text: ME }], { schema: next, limits });
    expect([one?.problems, one?.deprecated]).toEqual([[], ['Me.name']]);
  });
});

it('`cashgraph documents check` says which documents of a file another release would break', async () => {
  const scratch = makeScratchFolder();
  const [file, schema] = [join(scratch, 'persisted.json'), join(scratch, 'next.graphql')];
  writeFileSync(file, JSON.stringify({ a1: ME, b2: 'query Old { old }' }));
  writeFileSync(schema, 'type Query { me: Me old: String @deprecated(reason: "Use me.") } type Me { title: String }');
  const { code, stdout, stderr } = await command(['cashgraph', 'documents', 'check', file, '--schema', schema]);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('Me (a1): Cannot query field "name" on type "Me".');
  expect(stderr).toContain('Old (b2) uses what is deprecated: Query.old.');
  rmSync(scratch, { recursive: true, force: true });
});

describe('documents of builds', () => {
  it('work by their ids as soon as they are added, several versions side by side, and for those of another tenant only if they may', async () => {
    expect(await send('admin', { documentId: 'me-1' })).toBe('PERSISTED_QUERY_NOT_FOUND');
    await addBuild(database, build('1'), checked({ 'me-1': ME, shared: '{me{roles}}' }));
    await addBuild(database, build('2'), checked({ 'me-2': 'query Me { me { name roles } }', shared: '{me{roles}}' }));
    await addBuild(database, build('1', globexId), checked({ 'of-globex': '{me{name}}' }));
    expect(await send('admin', { documentId: 'me-1' })).toEqual({ me: { name: 'admin' } });
    expect(await send('admin', { id: 'me-2' })).toEqual({ me: { name: 'admin', roles: ['admin'] } });
    expect(await send('admin', { documentId: 'of-globex' })).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await send('admin', { documentId: 'of-globex' }, 'globex')).toEqual({ me: { name: 'admin' } });
    expect(
      (await listBuilds(database)).map(({ client, version, tenant, documents }) => [client, version, tenant, documents]),
    ).toEqual([
      ['portal', '1', 'globex', 1],
      ['portal', '2', null, 2],
      ['portal', '1', null, 2],
    ]);
    expect((await storedDocuments(database)).find(({ id }) => id === 'shared')?.builds).toBe('portal 1, portal 2');
  });

  it('grant nothing: who may not read a thing may not read it by a trusted document', async () => {
    await addBuild(database, build('3'), checked({ audit: '{verifyAuditTrail{isIntact}}' }));
    expect(await send('admin', { documentId: 'audit' })).toEqual({ verifyAuditTrail: { isIntact: true } });
    expect(await send('warehouse', { documentId: 'audit' })).toBe('FORBIDDEN');
  });

  it('never give an id a second meaning, neither in another build nor for one tenant', async () => {
    const other = checked({ shared: '{me{name}}' });
    for (const clash of [build('4'), build('4', globexId)])
      await expect(addBuild(database, clash, other)).rejects.toThrow('The id shared stands for another text in portal');
    // a build that is added again takes its own place
    await addBuild(database, build('2'), checked({ 'me-2': '{me{name}}', shared: '{me{roles}}' }));
    expect((await storedDocuments(database)).find(({ id }) => id === 'me-2')?.text).toBe('{me{name}}');
  });

  it('stop working when their build is removed, once what servers remember is over', async () => {
    expect(await removeBuild(database, build('1'))).toBe(2);
    expect(await removeBuild(database, build('1'))).toBe(0);
    expect(await send('admin', { documentId: 'me-1' })).toEqual({ me: { name: 'admin' } });
    world.clock.advance(limits.trustedDocumentsCacheMs + 1);
    expect(await send('admin', { documentId: 'me-1' })).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await send('admin', { documentId: 'shared' })).toEqual({ me: { roles: ['admin'] } });
  });
});

describe('deprecatedUsage', () => {
  const QUERY =
    'query($since: DateTime) { deprecatedUsage(since: $since) { coordinate reason actorId actorName client clientVersion firstUsedAt lastUsedAt useCount } }';
  const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 10, minute));

  it('adds up what processes counted, by login and client, for those who may see it', async () => {
    const admin = await world.as('admin');
    const actorOf = async (tenant: string) => {
      const { actors } = await (await world.as('admin', tenant)).ask('{ actors { nodes { id name } } }');
      return bare(actors.nodes.find(({ name }: { name: string }) => name === 'cash').id);
    };
    const [cash, stranger] = [await actorOf('acme'), await actorOf('globex')];
    const use = {
      tenantId: world.tenantId,
      actorId: cash,
      client: 'portal',
      clientVersion: '2',
      coordinate: 'Invoice.old',
      firstUsedAt: at(1),
      lastUsedAt: at(2),
      count: 3,
    };
    await world.platform.saveUses([use, { ...use, tenantId: globexId, actorId: stranger }]);
    await world.platform.saveUses([
      { ...use, firstUsedAt: at(5), lastUsedAt: at(9), count: 4 },
      { ...use, client: '', clientVersion: '', firstUsedAt: at(3), lastUsedAt: at(3), count: 1 },
    ]);
    const { deprecatedUsage } = await admin.ask(QUERY);
    const shown = { coordinate: 'Invoice.old', reason: null, actorId: publicId('act', cash), actorName: 'cash' };
    const newest = {
      ...shown,
      client: 'portal',
      clientVersion: '2',
      firstUsedAt: at(1).toISOString(),
      lastUsedAt: at(9).toISOString(),
      useCount: '7',
    };
    expect(deprecatedUsage).toEqual([
      newest,
      {
        ...shown,
        client: '',
        clientVersion: '',
        firstUsedAt: at(3).toISOString(),
        lastUsedAt: at(3).toISOString(),
        useCount: '1',
      },
    ]);
    expect((await admin.ask(QUERY, { since: at(4).toISOString() }))['deprecatedUsage']).toEqual([newest]);
    expect((await (await world.as('admin', 'globex')).ask(QUERY))['deprecatedUsage']).toHaveLength(1);
    expect((await (await world.as('cash')).send(QUERY)).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  });
});
