// Setting up a logistics provider: what is refused and why, who may, and what changes.
import { describe, expect, it } from 'vitest';
import { sql } from '../../src/read/sql.ts';
import { startWorld } from '../support/world.ts';
import { CREATE, openCompany, planned } from './providers.ts';

const world = await startWorld();
const books = await openCompany(world);
const admin = await world.as('admin');
const wanted = (more: Readonly<Record<string, unknown>> = {}) => ({
  code: 'wms',
  name: 'Warehouse',
  baseUrl: 'https://wms.example.com/api',
  ...more,
});

describe('setting up a logistics provider', () => {
  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['a code with capitals', { code: 'WMS' }, 'code', /must be of a-z, 0-9 and -/],
    ['a code with a slash', { code: 'a/b' }, 'code', /must be of a-z, 0-9 and -/],
    ['the code that means us', { code: 'in-house' }, 'code', /and not be in-house/],
    ['a code that is too long', { code: 'a'.repeat(41) }, 'code', /must be a text of 1 to 40/],
    ['plain http', { baseUrl: 'http://wms.example.com' }, 'baseUrl', /must begin with https:/],
    ['a private network', { baseUrl: 'https://10.1.2.3' }, 'baseUrl', /must not lead into a private network/],
    ['a cloud’s metadata', { baseUrl: 'http://169.254.169.254/latest' }, 'baseUrl', /must begin with https:/],
    ['a password in the address', { baseUrl: 'https://me:hunter2@wms.example.com' }, 'baseUrl', /must carry no user or password/],
    ['a query in the address', { baseUrl: 'https://wms.example.com?tenant=1' }, 'baseUrl', /must end with its path/],
    ['no address', { baseUrl: 'wms' }, 'baseUrl', /must be an address such as/],
  ])('refuses %s', async (_, more, field, sentence) => {
    const [problem] = await admin.refused('createLogisticsProvider', wanted(more));
    expect(problem).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', field],
      message: expect.stringMatching(sentence) as string,
    });
    expect(problem?.message).not.toContain('hunter2');
  });

  it('is for administrators of the whole group', async () => {
    for (const role of ['warehouse', 'order-desk', 'integration', 'buyer']) {
      const { errors } = await (await world.as(role)).send(CREATE, { input: wanted() });
      expect([role, errors?.[0]?.extensions?.['code']]).toEqual([role, 'FORBIDDEN']);
    }
    await admin.do(
      'createActor',
      {
        kind: 'USER',
        name: 'Local',
        issuer: 'urn:cashgraph:local',
        subject: 'local',
        roles: [{ role: 'admin', legalEntityId: books.legalEntityId }],
      },
      'actor',
    );
    const { errors } = await (await world.as('local')).send(CREATE, { input: wanted() });
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  });

  it('shows in the log what was set up and changed, each code is there once, and what is not active gets nothing new', async () => {
    const { createLogisticsProvider: made } = await admin.ask(CREATE, { input: wanted() });
    const { id } = made.logisticsProvider;
    expect(made.logisticsProvider).toMatchObject({
      code: 'wms',
      baseUrl: 'https://wms.example.com/api',
      isActive: true,
      version: 1,
    });
    expect((await admin.refused('createLogisticsProvider', wanted()))[0]).toMatchObject({ code: 'ALREADY_EXISTS' });
    const update = (input: Record<string, unknown>) =>
      admin.do('updateLogisticsProvider', { id, ...input }, 'logisticsProvider', 'name baseUrl isActive version');
    expect(await update({ name: 'Warehouse' })).toMatchObject({ version: 1 }); // nothing is new
    expect(await update({ baseUrl: 'https://new.example.com', expectedVersion: 1 })).toEqual({
      name: 'Warehouse',
      baseUrl: 'https://new.example.com/',
      isActive: true,
      version: 2,
    });
    expect((await admin.refused('updateLogisticsProvider', { id, expectedVersion: 1, name: 'X' }))[0]).toMatchObject({
      code: 'VERSION_CONFLICT',
    });
    expect((await admin.refused('updateLogisticsProvider', { id, baseUrl: 'http://x' }))[0]).toMatchObject({
      path: ['input', 'baseUrl'],
    });
    const unknown = { id: 'lp_018f0000-0000-7000-8000-000000000001' };
    expect((await admin.refused('rotateLogisticsSecret', unknown))[0]).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'id'],
    });
    expect(await update({ isActive: false })).toMatchObject({ isActive: false, version: 3 });
    await expect(planned({ world, books, provider: { id } })).rejects.toThrow(/WRONG_STATE.*not active/);
    await admin.do('rotateLogisticsSecret', { id }, 'logisticsProvider');
    await world.platform.sealer.sealed();
    const events = await world.platform.systemRows<{ type: string; version: number; url: string }>(
      sql`select type, record_version as version, payload->>'baseUrl' as url from event where record_kind = 'LogisticsProvider' order by position`,
    );
    expect(events).toEqual([
      { type: 'logistics_provider.created', version: 1, url: 'https://wms.example.com/api' },
      { type: 'logistics_provider.updated', version: 2, url: 'https://new.example.com/' },
      { type: 'logistics_provider.updated', version: 3, url: 'https://new.example.com/' },
      { type: 'logistics_provider.secret_rotated', version: 4, url: 'https://new.example.com/' },
    ]);
  });
});
