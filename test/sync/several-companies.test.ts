// One connection, several companies: each document lands in the legal entity that its company is, and in no other.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { withClient } from '../support/connection.ts';
import { broken } from '../support/invariants.ts';
import { bare, startWorld } from '../support/world.ts';
import { pushing, startPushErp } from './push-erp.ts';

const world = await startWorld({ connectors: [pushing({ Invoice: 'CONNECTION' })], now: '2026-03-02T09:00:00.000Z' });
const erp = await startPushErp();
afterAll(() => erp.close());
const admin = await world.as('admin');
const random = seededRandom('several companies');

const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);
const entity = async (code: string): Promise<string> =>
  (
    await admin.do(
      'createLegalEntity',
      { code, name: `Company ${code}`, country: code.slice(0, 2), functionalCurrency: 'EUR', timeZone: 'Europe/Berlin' },
      'legalEntity',
    )
  ).id;

const ids = { DE01: await entity('DE01'), FR01: await entity('FR01'), NL01: await entity('NL01') };
const COMPANIES = { DE01: '1010', FR01: '1710', NL01: '2910' } as const;
type Code = keyof typeof COMPANIES;
const served = (...codes: Code[]) => codes.map((code) => ({ legalEntityId: ids[code], externalId: COMPANIES[code] }));
const wanted = (more: Record<string, unknown> = {}) => ({
  code: 'group',
  name: 'Group ERP',
  connector: 'pushing',
  legalEntities: served('DE01', 'FR01'),
  config: { baseUrl: erp.url },
  credentials: { key: 'any' },
  ...more,
});

/** Nothing is read but when a test says so. */
const LATER = `create function later() returns trigger language plpgsql as $$ begin new.next_run_at = '2099-01-01'; return new; end $$;
  create trigger later before insert or update on sync_stream for each row execute function later()`;
let connectionId = '';

describe('which company is which legal entity', () => {
  it.each([
    [
      'several of which one names no company',
      [...served('DE01'), { legalEntityId: ids.FR01 }],
      ['1', 'externalId'],
      'externalId must say which company of the ERP FR01 is, since the connection serves several legal entities.',
    ],
    [
      'one company that is two legal entities',
      [...served('DE01'), { legalEntityId: ids.FR01, externalId: '1010' }],
      ['1', 'externalId'],
      'externalId must be another one for each legal entity: a company is one of them.',
    ],
    [
      'a legal entity that is two companies',
      [...served('DE01'), { legalEntityId: ids.DE01, externalId: '1710' }],
      ['1', 'legalEntityId'],
      'DE01 stands in the list twice: name it once.',
    ],
  ])('is refused for %s, with the field', async (_, legalEntities, path, message) => {
    const problems = await admin.refused('createConnection', wanted({ legalEntities }));
    expect(problems).toEqual([{ code: 'INVALID_INPUT', path: ['input', 'legalEntities', ...path], message }]);
  });

  it('is said when the connection is set up', async () => {
    await rowsOf(LATER);
    const made = await admin.do('createConnection', wanted(), 'connection', 'id legalEntities { externalId }');
    connectionId = made.id;
    expect(made.legalEntities).toEqual([{ externalId: '1010' }, { externalId: '1710' }]);
  });
});

type Mode = 'FULL' | 'INCREMENTAL' | 'REPLAY';
interface StreamRow {
  readonly id: string;
  readonly name: string;
  readonly asked_mode: Mode | null;
}
const ORDER = ['customers', 'orders', 'deliveries', 'invoices', 'payments', 'credits'];
const streams = async () =>
  (await rowsOf<StreamRow>('select id, name, asked_mode from sync_stream where connection_id = $1', [bare(connectionId)])).sort(
    (a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name),
  );
async function read(): Promise<void> {
  const { tenantId, platform } = world;
  const { signal } = new AbortController();
  for (const { id, asked_mode: asked } of await streams()) {
    const mode = asked === 'FULL' ? 'FULL' : 'INCREMENTAL';
    const run = () => syncStream(platform.sync, { tenantId, streamId: id, mode, signal });
    let done = await run();
    // the scheduler may be at it
    for (; done.state === 'BUSY'; done = await run()) await sleep(50);
    expect(done).toMatchObject({ state: 'DONE', failure: null });
  }
}

interface Row {
  readonly external_id: string;
  readonly state: string;
  readonly legal_entity: string | null;
  readonly message: string | null;
}
const recordsOf = async (stream: string): Promise<readonly Row[]> =>
  rowsOf<Row>(
    `select r.external_id, r.state, e.code as legal_entity,
       (select i.message from sync_issue i where i.external_id = r.external_id and i.lifecycle = 'OPEN' and i.stream_id = s.id) as message
     from erp_record r join sync_stream s on s.connection_id = r.connection_id and s.name = r.stream
     left join customer_account a on a.id = r.account_id left join legal_entity e on e.id = a.legal_entity_id
     where r.stream = $1 order by r.external_id::int`,
    [stream],
  );
const recordOf = async (stream: string, id: string) => (await recordsOf(stream)).find((one) => one.external_id === id);

const customer = (party: string, legalEntity: string) =>
  erp.put('customers', {
    name: `Party ${party}`,
    number: `${party}-${legalEntity}`,
    isActive: true,
    currency: 'EUR',
    party,
    legalEntity,
  }).id;
const figures = (total: string) => ({
  currency: 'EUR',
  net: total,
  tax: '0',
  total,
  lines: [{ id: '10', description: 'Pump', quantity: '1', unitPrice: total, net: total }],
});
const order = (of: string, legalEntity?: string) =>
  erp.put('orders', {
    customer: of,
    ...(legalEntity ? { legalEntity } : {}),
    orderedOn: '2026-03-01',
    state: 'CONFIRMED',
    ...figures('50'),
  }).id;
const invoice = (of: string, legalEntity: string) =>
  erp.put('invoices', {
    customer: of,
    legalEntity,
    issuedOn: '2026-03-01',
    dueOn: '2026-03-31',
    state: 'ISSUED',
    taxes: [],
    ...figures('50'),
  }).id;

describe('a customer of two companies', () => {
  it('has an account in each legal entity, and is one customer, also where both come in one page', async () => {
    const [german, french] = [customer('107', '1010'), customer('107', '1710')];
    await read();
    const rows = await rowsOf<{ external_id: string; code: string; customer_id: string }>(
      `select r.external_id, e.code, a.customer_id from erp_record r join customer_account a on a.id = r.record_id
       join legal_entity e on e.id = a.legal_entity_id where r.external_id in ($1, $2) order by e.code`,
      [german, french],
    );
    expect(rows.map(({ external_id: id, code }) => [id, code])).toEqual([
      [german, 'DE01'],
      [french, 'FR01'],
    ]);
    expect(new Set(rows.map((row) => row.customer_id)).size).toBe(1);
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });
});

describe('documents', () => {
  const accounts = new Map<string, string>();
  const accountOf = (company: string) => accounts.get(company) ?? '';
  beforeAll(async () => {
    for (const company of ['1010', '1710']) accounts.set(company, customer('200', company));
    accounts.set('2910', customer('200', '2910'));
    await read();
  });

  it('land in the legal entity of their company and in no other; what mixes two is refused, and what is not served is left out', async () => {
    const companies = Object.values(COMPANIES);
    const draw = () => companies[random.int(companies.length)] ?? '';
    const made = Array.from({ length: 60 }, () => {
      const [company, of] = random.int(4) === 0 ? [draw(), draw()] : ((one) => [one, one])(draw());
      return { id: order(accountOf(of), company), company, of };
    });
    await read();
    const there = new Map((await recordsOf('orders')).map((one) => [one.external_id, one]));
    const codeOf = (company: string) => (Object.keys(COMPANIES) as Code[]).find((code) => COMPANIES[code] === company);
    for (const { id, company, of } of made) {
      const one = there.get(id);
      if (company === '2910') expect(one).toMatchObject({ state: 'IGNORED', legal_entity: null, message: null });
      else if (of === company) expect(one).toMatchObject({ state: 'SYNCED', legal_entity: codeOf(company), message: null });
      // its customer has no account here, as that company isn't served
      else if (of === '2910') expect(one).toMatchObject({ state: 'WAITING', legal_entity: null });
      else
        expect(one).toMatchObject({
          state: 'REFUSED',
          legal_entity: null,
          message: `It names the Customer ${accountOf(of)}, which is of another company there than itself.`,
        });
    }
    const wrong = await rowsOf(
      `select 1 from sales_order o join erp_record r on r.record_id = o.id join customer_account a on a.id = o.account_id
       where a.legal_entity_id <> o.legal_entity_id`,
    );
    expect(wrong).toEqual([]);
    expect(new Set(made.map(({ company, of }) => company === of)).size).toBe(2);
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });

  it('that name no company are refused with a sentence, since there is more than one', async () => {
    const id = order(accountOf('1010'));
    await read();
    expect(await recordOf('orders', id)).toMatchObject({
      state: 'REFUSED',
      message: 'It names no company, and Group ERP serves several legal entities: its connector has to say whose books it is in.',
    });
  });

  it('follow the authority of their own legal entity, and are taken from what is kept once the ERP gets it', async () => {
    await admin.do('setAuthority', { legalEntityId: ids.FR01, recordKind: 'Invoice', side: 'PLATFORM' }, 'authority');
    const [german, french] = [invoice(accountOf('1010'), '1010'), invoice(accountOf('1710'), '1710')];
    await read();
    expect(await recordOf('invoices', german)).toMatchObject({ state: 'SYNCED', legal_entity: 'DE01' });
    expect(await recordOf('invoices', french)).toMatchObject({ state: 'IGNORED' });
    await admin.do('setAuthority', { legalEntityId: ids.FR01, recordKind: 'Invoice', side: 'CONNECTION' }, 'authority');
    expect((await streams()).filter((s) => s.asked_mode !== null).map((s) => [s.name, s.asked_mode])).toEqual([
      ['invoices', 'REPLAY'],
    ]);
    await rowsOf(
      `drop trigger later on sync_stream; update sync_stream set next_run_at = '2026-01-01' where asked_mode is not null`,
    );
    await expect.poll(async () => (await recordOf('invoices', french))?.state).toBe('SYNCED');
    await rowsOf(`create trigger later before insert or update on sync_stream for each row execute function later();
      update sync_stream set version = version`);
  });

  it('that lack an exchange rate are taken once it is set', async () => {
    const document = { currency: 'CHF', customer: accountOf('1010'), legalEntity: '1010', state: 'ISSUED', taxes: [] };
    const { id } = erp.put('invoices', { ...figures('70'), ...document, issuedOn: '2026-03-01', dueOn: '2026-03-31' });
    await read();
    expect(await recordOf('invoices', id)).toMatchObject({ state: 'REFUSED', message: expect.stringContaining('CHF') as string });
    world.clock.advance(1_000);
    const rate = { fromCurrency: 'CHF', toCurrency: 'EUR', validOn: '2026-01-01', rate: '1.05' };
    await admin.do('setExchangeRate', rate, 'exchangeRate');
    await read();
    expect(await recordOf('invoices', id)).toMatchObject({ state: 'SYNCED', message: null });
  });

  it('of a company that is not served are taken as soon as it is', async () => {
    const before = await recordsOf('orders');
    const left = before.filter((one) => one.state === 'IGNORED');
    expect(left.length).toBeGreaterThan(5);
    const written = `select max(synced_at)::text as at from erp_record where stream = 'orders' and state = 'IGNORED'`;
    const [at] = await rowsOf(written);
    await admin.do('syncConnection', { id: connectionId, mode: 'FULL' }, 'connection');
    await read();
    expect(await recordsOf('orders')).toEqual(before);
    // looked at again, and not written
    expect(await rowsOf(written)).toEqual([at]);
    await admin.do('updateConnection', { id: connectionId, legalEntities: served('DE01', 'FR01', 'NL01') }, 'connection');
    expect(new Set((await streams()).map((s) => s.asked_mode))).toEqual(new Set(['FULL']));
    await read();
    const after = new Map((await recordsOf('orders')).map((one) => [one.external_id, one]));
    for (const { external_id: id } of left) {
      const { customer: of } = erp.books.orders.get(id)?.document ?? {};
      const isOwn = of === accountOf('2910');
      expect(after.get(id)).toMatchObject(isOwn ? { state: 'SYNCED', legal_entity: 'NL01' } : { state: 'REFUSED' });
    }
    expect((await recordsOf('orders')).filter((one) => one.state === 'WAITING')).toEqual([]);
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });

  it('keep their legal entity served, and its company', async () => {
    const gone = await admin.refused('updateConnection', { id: connectionId, legalEntities: served('DE01', 'NL01') });
    expect(gone).toEqual([
      {
        code: 'WRONG_STATE',
        path: ['input', 'legalEntities'],
        message: "FR01 has documents that came by this connection, or were asked for: it can't be taken out.",
      },
    ]);
    const legalEntities = [...served('DE01', 'NL01'), { legalEntityId: ids.FR01, externalId: '9999' }];
    expect(await admin.refused('updateConnection', { id: connectionId, legalEntities })).toMatchObject([
      {
        path: ['input', 'legalEntities', '2', 'externalId'],
        message: "FR01 has documents of the company 1710: it can't be another one from now on.",
      },
    ]);
  });
});

describe('an account that is opened here', () => {
  it('is made there with its company, as who its customer is there already', async () => {
    const [known] = await rowsOf<{ customer_id: string }>(
      `select a.customer_id from erp_record r join customer_account a on a.id = r.record_id where r.party = '107' limit 1`,
    );
    const customerId = `cus_${known?.customer_id ?? ''}`;
    const input = { customerId, legalEntityId: ids.NL01, number: '107-NL', currency: 'EUR' };
    const { id } = await admin.do('openAccount', input, 'account');
    const made = () => [...erp.books.customers.values()].find((kept) => kept.ours === id);
    await expect.poll(() => made()?.document).toMatchObject({ party: '107', legalEntity: '2910', number: '107-NL' });
    await expect.poll(async () => (await recordOf('customers', made()?.id ?? ''))?.legal_entity).toBe('NL01');
    await read();
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });
});

describe('a legal entity without documents', () => {
  it('can be added, shown with its company, and taken out again', async () => {
    const DK01 = await entity('DK01');
    const all = [...served('DE01', 'FR01', 'NL01'), { legalEntityId: DK01, externalId: '3310' }];
    const SHOWN = 'legalEntities { externalId legalEntity { code } authorities { recordKind side } }';
    const { legalEntities } = await admin.do('updateConnection', { id: connectionId, legalEntities: all }, 'connection', SHOWN);
    expect(
      legalEntities.map((one: { externalId: string; legalEntity: { code: string } }) => [one.legalEntity.code, one.externalId]),
    ).toEqual([...Object.entries(COMPANIES), ['DK01', '3310']]);
    expect(legalEntities.at(-1).authorities).toContainEqual({ recordKind: 'Invoice', side: 'CONNECTION' });
    const after = await admin.do(
      'updateConnection',
      { id: connectionId, legalEntities: served('DE01', 'FR01', 'NL01') },
      'connection',
      SHOWN,
    );
    expect(after.legalEntities).toHaveLength(3);
  });
});

describe('reconciliation', () => {
  const drift = async () => {
    const SHOWN = `drift(first: 50) { nodes { kind stream periodFrom lifecycle ours theirs legalEntity { code } account { number } } }`;
    const { drift: found } = await admin.do('reconcileConnection', { id: connectionId }, 'connection', SHOWN);
    return found.nodes.filter((one: { lifecycle: string }) => one.lifecycle === 'OPEN');
  };

  it('compares each legal entity by itself', async () => {
    expect(await drift()).toEqual([]);
    const ofFrance = [...erp.books.invoices.values()].filter((kept) => kept.document['legalEntity'] === '1710');
    const [gone] = ofFrance;
    erp.remove('invoices', gone?.id ?? '');
    const all = { stream: 'invoices', legalEntity: { code: 'FR01' }, account: null, lifecycle: 'OPEN' };
    const counts = { ...all, kind: 'COUNT', ours: String(ofFrance.length), theirs: String(ofFrance.length - 1) };
    const found = await drift();
    expect(found).toHaveLength(3);
    expect(found).toContainEqual({ ...counts, periodFrom: null });
    expect(found).toContainEqual({ ...counts, periodFrom: '2026-03-01' });
    const account = { number: '200-1710' };
    expect(found).toContainEqual(
      expect.objectContaining({ kind: 'BALANCE', legalEntity: { code: 'FR01' }, account, ours: '50.00', theirs: '0' }),
    );
  });
});

describe('a check', () => {
  it('says which companies are not served, which served ones are not there, and whose currency is another', async () => {
    erp.companies.push(
      { externalId: '1010', name: 'Germany', functionalCurrency: 'EUR' },
      { externalId: '1710', name: 'France', functionalCurrency: 'USD' },
      { externalId: '3310', name: 'Denmark', functionalCurrency: 'DKK' },
    );
    const CHECK =
      'mutation($input: CheckConnectionInput!) { checkConnection(input: $input) { connection { warnings } userErrors { message } } }';
    const { checkConnection } = await admin.ask(CHECK, { input: { id: connectionId } });
    expect(checkConnection).toEqual({
      userErrors: [],
      connection: {
        warnings: [
          'The books of France are in USD, those of FR01 in EUR: their amounts in functional currency will differ.',
          'NL01 is said to be the company 2910, which the ERP does not have: it has 1010 (Germany), 1710 (France), 3310 (Denmark). Nothing comes for NL01.',
          'The company 3310 (Denmark) is there as well, and Group ERP serves no legal entity that it is: its records are left out.',
        ],
      },
    });
  });
});
