// Connections through the public graph: setting up, secrets, standing still, from where records came, reading anew, progress.
import { afterAll, describe, expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { bare, collect, openBooks, startWorld } from '../support/world.ts';
import { customer, KEY, paper, startPaperErp } from './paper-erp.ts';
import { dumpOf } from '../support/dump.ts';

const world = await startWorld({ connectors: [paper] });
const erp = await startPaperErp();
afterAll(() => erp.close());
const books = await openBooks(world);
const admin = await world.as('admin');

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

const wanted = (more: Readonly<Record<string, unknown>> = {}) => ({
  code: 'paper',
  name: 'Paper',
  connector: 'paper',
  legalEntities: [{ legalEntityId: books.legalEntityId }],
  config: { baseUrl: erp.url, company: 'Paper Ltd' },
  credentials: { key: KEY },
  ...more,
});

const dump = () => dumpOf(world.database.connection);

describe('setting up a connection', () => {
  it.each<[string, Record<string, unknown>, string[], RegExp]>([
    ['a connector that is not there', { connector: 'sap' }, ['connector'], /connector must be one of paper/],
    [
      'a setting that is missing',
      { config: { baseUrl: 'https://x.example.com' } },
      ['config', 'company'],
      /config.company must be a text/,
    ],
    [
      'a setting of the wrong form',
      { config: { baseUrl: 'https://x.example.com', company: 'Paper', pageRows: 0 } },
      ['config', 'pageRows'],
      /config.pageRows must be at least 1/,
    ],
    [
      'a setting that nobody knows',
      { config: { baseUrl: 'https://x.example.com', company: 'Paper', realm: 1 } },
      ['config', 'realm'],
      /config.realm is not a field/,
    ],
    ['credentials that are missing', { credentials: {} }, ['credentials', 'key'], /credentials.key must be a text/],
    [
      'credentials that are too short',
      { credentials: { key: 'hunter2' } },
      ['credentials', 'key'],
      /credentials.key must be at least 10 characters/,
    ],
    [
      'a private network',
      { config: { baseUrl: 'https://10.1.2.3', company: 'Paper' } },
      ['config', 'baseUrl'],
      /baseUrl must not lead into a private network/,
    ],
    ['settings that are no object', { config: [] }, ['config'], /config must be an object of JSON/],
    ['a code with capitals', { code: 'SAP' }, ['code'], /must be of a-z, 0-9 and -/],
    ['no legal entity', { legalEntities: [] }, ['legalEntities'], /must be a list of 1 to 100 items/],
  ])('refuses %s and names the field', async (_, more, path, sentence) => {
    const problems = await admin.refused('createConnection', wanted(more));
    expect(problems).toEqual([
      { code: 'INVALID_INPUT', path: ['input', ...path], message: expect.stringMatching(sentence) as string },
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

const CONNECTION = `id code name connector lifecycle config credentialsVersion syncEveryS version health company warnings failure failingSince failureCount
  breakerUntil checkedAt reconciledAt lagS
  legalEntities { legalEntityId legalEntity { code } authorities { recordKind side } }
  streams { name recordKind isEnabled askedMode nextRunAt lastSucceededAt failure rowsPerSecond lagS recordCount waitingCount refusedCount openIssueCount }
  runs { totalCount } issues { totalCount } drift { totalCount } requests { totalCount }`;

describe('a connection', () => {
  it('serves its legal entities alone, with the authority that its connector proposes, and reads every stream', async () => {
    const made = await admin.do('createConnection', wanted(), 'connection', CONNECTION);
    expect(made).toMatchObject({
      code: 'paper',
      connector: 'paper',
      lifecycle: 'ACTIVE',
      config: { baseUrl: erp.url, company: 'Paper Ltd' },
      credentialsVersion: 1,
      syncEveryS: 60,
      health: 'UNKNOWN',
      warnings: [],
      failureCount: 0,
      legalEntities: [
        {
          legalEntity: { code: 'DE01' },
          authorities: [
            { recordKind: 'CreditNote', side: 'PLATFORM' },
            { recordKind: 'CustomerAccount', side: 'PLATFORM' },
            { recordKind: 'Invoice', side: 'CONNECTION' },
            { recordKind: 'Order', side: 'PLATFORM' },
            { recordKind: 'Payment', side: 'CONNECTION' },
          ],
        },
      ],
    });
    expect(made.streams.map((s: { name: string; recordKind: string }) => [s.name, s.recordKind])).toEqual([
      ['customers', 'CustomerAccount'],
      ['invoices', 'Invoice'],
      ['payments', 'Payment'],
    ]);
    const [taken] = await admin.refused('createConnection', wanted({ code: 'other' }));
    expect(taken).toMatchObject({ code: 'ALREADY_EXISTS', path: ['input', 'legalEntities', '0', 'legalEntityId'] });
    expect(taken?.message).toBe('DE01 is served by Paper already: each legal entity has one connection at most.');
    const { legalEntityId } = await openBooks(world, { code: 'FR01', number: 'C-2' });
    const [same] = await admin.refused('createConnection', wanted({ legalEntities: [{ legalEntityId: legalEntityId }] }));
    expect(same).toMatchObject({ code: 'ALREADY_EXISTS', message: 'A connection with this code exists already.' });
  });
});

const READ = `query($code: String!) { connection(code: $code) { ${CONNECTION} } }`;
const read = async (code = 'paper') => (await admin.ask(READ, { code })).connection;
const idOf = async () => (await read()).id as string;

describe('what a connection is told', () => {
  it('changes by its version; new credentials count up, and settings are checked as before', async () => {
    const id = await idOf();
    const renamed = await admin.do(
      'updateConnection',
      { id, expectedVersion: 1, name: 'Paper & Co', syncEveryS: 30 },
      'connection',
      CONNECTION,
    );
    expect(renamed).toMatchObject({ name: 'Paper & Co', syncEveryS: 30, version: 2, credentialsVersion: 1 });
    const [late] = await admin.refused('updateConnection', { id, expectedVersion: 1, name: 'Late' });
    expect(late?.code).toBe('VERSION_CONFLICT');
    const [wrong] = await admin.refused('updateConnection', {
      id,
      config: { baseUrl: 'http://paper.example.com', company: 'Paper Ltd' },
    });
    expect(wrong).toMatchObject({ path: ['input', 'config', 'baseUrl'], message: 'baseUrl must begin with https://.' });
    const resealed = await admin.do('updateConnection', { id, credentials: { key: KEY } }, 'connection', CONNECTION);
    expect(resealed).toMatchObject({ version: 3, credentialsVersion: 2 });
    const same = await admin.do('updateConnection', { id, name: 'Paper & Co' }, 'connection', CONNECTION);
    expect(same.version).toBe(3);
  });

  it('stands still and goes on, each once, and is asked to read only while it works', async () => {
    const id = await idOf();
    expect(await admin.do('pauseConnection', { id }, 'connection', 'lifecycle version')).toEqual({
      lifecycle: 'PAUSED',
      version: 4,
    });
    expect(await admin.do('pauseConnection', { id }, 'connection', 'lifecycle version')).toEqual({
      lifecycle: 'PAUSED',
      version: 4,
    });
    const [still] = await admin.refused('syncConnection', { id, mode: 'FULL' });
    expect(still).toMatchObject({ code: 'WRONG_STATE', message: 'The connection stands still: resume it first.' });
    const [unknown] = [await admin.do('resumeConnection', { id }, 'connection', 'lifecycle version')];
    expect(unknown).toEqual({ lifecycle: 'ACTIVE', version: 5 });
    const [named] = await admin.refused('syncConnection', { id, mode: 'FULL', streams: ['bills'] });
    expect(named).toMatchObject({
      path: ['input', 'streams', '0'],
      message: 'streams.0 must be one of customers, invoices, payments.',
    });
    await world.platform.sealer.sealed();
    const events = await rowsOf<{ type: string }>(
      `select type from event where record_kind = 'ConnectedSystem' order by position`,
    );
    expect(events.map(({ type }) => type)).toEqual([
      'connection.created',
      'connection.changed',
      'connection.changed',
      'connection.paused',
      'connection.resumed',
    ]);
  });

  it('says who has authority, only where a connection serves', async () => {
    const { legalEntityId } = books;
    const set = (input: object) => admin.do('setAuthority', { legalEntityId, ...input }, 'authority', 'recordKind side version');
    expect(await set({ recordKind: 'Order', side: 'CONNECTION' })).toEqual({
      recordKind: 'Order',
      side: 'CONNECTION',
      version: 2,
    });
    expect(await set({ recordKind: 'Order', side: 'PLATFORM' })).toEqual({ recordKind: 'Order', side: 'PLATFORM', version: 3 });
    expect(await set({ recordKind: 'Order', side: 'PLATFORM' })).toEqual({ recordKind: 'Order', side: 'PLATFORM', version: 3 });
    const { authority } = await admin.ask(`{ authority(legalEntity: "DE01", recordKind: Order) { side legalEntity { code } } }`);
    expect(authority).toEqual({ side: 'PLATFORM', legalEntity: { code: 'DE01' } });
    const other = (await admin.ask('{ legalEntity(code: "FR01") { id } }')).legalEntity.id as string;
    const [unserved] = await admin.refused('setAuthority', { legalEntityId: other, recordKind: 'Order', side: 'CONNECTION' });
    expect(unserved).toMatchObject({ code: 'WRONG_STATE', path: ['input', 'side'] });
  });

  it('is for administrators, and those who operate it', async () => {
    const id = await idOf();
    for (const role of ['billing', 'analyst', 'integration']) {
      const { errors } = await (await world.as(role)).send(
        `mutation($i: CreateConnectionInput!) { createConnection(input: $i) { userErrors { code } } }`,
        { i: wanted() },
      );
      expect([role, errors?.[0]?.extensions?.['code']]).toEqual([role, 'FORBIDDEN']);
    }
    const operate = `mutation($i: CheckConnectionInput!) { checkConnection(input: $i) { userErrors { code } } }`;
    const codeOf = async (role: string) =>
      (await (await world.as(role)).send(operate, { i: { id } })).errors?.[0]?.extensions?.['code'];
    expect([await codeOf('billing'), await codeOf('integration')]).toEqual(['FORBIDDEN', undefined]);
  });
});

/** What the tests before have asked for is done, and began earlier. */
async function nothingIsRead(): Promise<void> {
  const busy = `select 1 from sync_stream where asked_mode is not null or next_run_at <= $1 union all select 1 from sync_run where state = 'RUNNING'`;
  const now = [world.clock.now().toISOString()];
  await expect.poll(async () => (await rowsOf(busy, now)).length).toBe(0);
}

const CHECK = `mutation($input: CheckConnectionInput!) { checkConnection(input: $input) { connection { ${CONNECTION} } userErrors { code message path } } }`;

describe('checking a connection', () => {
  it('keeps what the ERP says of itself', async () => {
    const { checkConnection: checked } = await admin.ask(CHECK, { input: { id: await idOf() } });
    expect(checked.userErrors).toEqual([]);
    expect(checked.connection).toMatchObject({
      health: 'HEALTHY',
      company: 'Paper Ltd',
      warnings: ['Credit notes are not read.'],
      failure: null,
    });
    expect(checked.connection.checkedAt).not.toBeNull();
  });

  it.each([
    [400, 'ERP_REFUSED', 'FAILING'],
    [401, 'ERP_SIGN_IN_REFUSED', 'SIGNED_OUT'],
  ])('says what is wrong when it answers %s', async (status, code, health) => {
    // a read that ended late would tell of its own failure after the check that went well
    await nothingIsRead();
    erp.failWith = status;
    const { checkConnection: failed } = await admin.ask(CHECK, { input: { id: await idOf() } });
    erp.failWith = null;
    expect(failed.userErrors).toMatchObject([{ code, path: ['input'] }]);
    expect(failed.userErrors[0].message).toContain(`no: ${status}`);
    expect(failed.connection).toMatchObject({ health, failure: failed.userErrors[0].message });
    await admin.ask(CHECK, { input: { id: await idOf() } });
    expect(await read()).toMatchObject({ health: 'HEALTHY', failure: null, failingSince: null });
  });

  it('is refused for a connection that is not there', async () => {
    const { checkConnection: none } = await admin.ask(CHECK, { input: { id: 'con_01999999-0000-7000-8000-000000000001' } });
    expect(none).toMatchObject({ connection: null, userErrors: [{ code: 'NOT_FOUND' }] });
  });
});

describe('what connections can be made with', () => {
  it('is shown with the forms of settings and credentials', async () => {
    const { connectors } = await admin.ask(
      '{ connectors { name title configSchema credentialsSchema streams { name recordKind } pushes { recordKind commands } authority hasWebhooks coverage } }',
    );
    expect(connectors).toMatchObject([
      {
        name: 'paper',
        title: 'Paper',
        streams: [
          { name: 'customers', recordKind: 'CustomerAccount' },
          { name: 'invoices', recordKind: 'Invoice' },
          { name: 'payments', recordKind: 'Payment' },
        ],
        pushes: [],
        authority: { Invoice: 'CONNECTION', Payment: 'CONNECTION' },
        hasWebhooks: false,
        coverage: null,
      },
    ]);
    expect(connectors[0].configSchema).toMatchObject({ type: 'object', required: ['baseUrl', 'company'] });
    expect(connectors[0].credentialsSchema.properties.key).toMatchObject({ type: 'string', minLength: 10 });
  });
});

interface Message {
  readonly syncProgress: {
    readonly event: Readonly<Record<'stream' | 'mode' | 'state' | 'rowsPerSecond' | 'connection', string>>;
  };
}

describe('syncProgress', () => {
  const QUERY =
    'subscription($id: ID) { syncProgress(connectionId: $id) { cursor event { connection stream mode state readCount totalCount changedCount rowsPerSecond } } }';

  it('tells of a run while it is under way, and how it ended', async () => {
    const id = await idOf();
    erp.put('customers', '1', customer('Ada Ltd'));
    // it would be held, too
    await nothingIsRead();
    world.clock.advance(1_000);
    let release = () => {};
    erp.held = new Promise((resolve) => {
      release = resolve;
    });
    // another stream may be read at the same time
    const ofRun = (all: readonly Message[]) =>
      all.map((one) => one.syncProgress.event).filter(({ mode, stream }) => mode === 'FULL' && stream === 'customers');
    const messages = collect<Message>(admin.socket(), QUERY, { id }, (all) => {
      const states = new Set(ofRun(all).map(({ state }) => state));
      if (states.has('RUNNING')) release();
      return states.has('DONE');
    });
    await admin.do('syncConnection', { id, mode: 'FULL', streams: ['customers'] }, 'connection');
    const told = ofRun(await messages);
    expect(told[0]).toMatchObject({ connection: 'paper', stream: 'customers', state: 'RUNNING' });
    expect(told.at(-1)).toMatchObject({
      stream: 'customers',
      state: 'DONE',
      readCount: 1,
      rowsPerSecond: expect.stringMatching(/^\d+\.\d\d$/) as string,
    });
  });

  it('shows nobody what another company reads', async () => {
    await world.addTenant('other');
    const other = await world.as('admin', 'other');
    const { legalEntityId } = await openBooks(world, { tenant: 'other' });
    const theirs = wanted({ code: 'theirs', legalEntities: [{ legalEntityId: legalEntityId }] });
    world.clock.advance(1_000);
    const isDone = (all: readonly Message[]) => all.some(({ syncProgress: one }) => one.event.state === 'DONE');
    // they hear of theirs after all of ours was told
    const heard = collect<Message>(other.socket(), QUERY, {}, isDone);
    const ours = collect<Message>(admin.socket(), QUERY, {}, isDone);
    await admin.do('syncConnection', { id: await idOf(), mode: 'INCREMENTAL' }, 'connection');
    await ours;
    await other.do('createConnection', theirs, 'connection');
    expect(new Set((await heard).map(({ syncProgress: one }) => one.event.connection))).toEqual(new Set(['theirs']));
  });
});

describe('credentials', () => {
  it('are nowhere: in no table, event or answer, though they were used, refused and changed', async () => {
    const id = await idOf();
    const secret = `other-${KEY}`;
    await admin.do('updateConnection', { id, credentials: { key: secret }, idempotencyKey: 'rotate' }, 'connection');
    const { checkConnection: refused } = await admin.ask(CHECK, { input: { id } });
    expect(refused.userErrors).toMatchObject([{ code: 'ERP_SIGN_IN_REFUSED' }]);
    await admin.do('updateConnection', { id, credentials: { key: KEY } }, 'connection');
    await admin.ask(CHECK, { input: { id } });
    await world.platform.sealer.sealed();
    const answers = JSON.stringify([
      await read(),
      refused,
      await admin.ask('{ __type(name: "ConnectedSystem") { fields { name } } }'),
    ]);
    expect(answers).not.toMatch(/sealed/i);
    const everything = `${answers}${await dump()}`;
    for (const key of [KEY, secret])
      for (const form of [key, Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex'), encodeURIComponent(key)])
        expect(everything).not.toContain(form);
    await expect(world.database.as('read').query('select sealed_credentials from connection')).rejects.toThrow(
      'permission denied',
    );
  });

  it('that are sent again under another key leave another hash: what is kept of an input is salted', async () => {
    const input = { id: await idOf(), credentials: { key: `other-${KEY}` } };
    await admin.do('updateConnection', { ...input, idempotencyKey: 'salt-1' }, 'connection');
    await admin.do('updateConnection', { ...input, idempotencyKey: 'salt-2' }, 'connection');
    const rows = await rowsOf<{ hash: string }>(`select input_hash as hash from idempotency where key like 'salt-%'`);
    expect(new Set(rows.map((row) => row.hash)).size).toBe(2);
    const [other] = await admin.refused('updateConnection', { ...input, name: 'Other', idempotencyKey: 'salt-1' });
    expect(other).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await admin.do('updateConnection', { id: input.id, credentials: { key: KEY } }, 'connection');
  });

  it('open in their own row only', async () => {
    const [row] = await rowsOf<{ sealed: string }>(`select sealed_credentials as sealed from connection where code = 'paper'`);
    const { legalEntity } = await admin.ask('{ legalEntity(code: "FR01") { id } }');
    const copy = await admin.do(
      'createConnection',
      wanted({ code: 'copy', legalEntities: [{ legalEntityId: legalEntity.id }] }),
      'connection',
    );
    await rowsOf(`update connection set sealed_credentials = $1 where id = $2`, [row?.sealed, bare(copy.id)]);
    const { errors } = await admin.send(CHECK, { input: { id: copy.id } });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'SECRET_UNREADABLE' } });
    expect(JSON.stringify(errors)).not.toContain(KEY);
  });
});
