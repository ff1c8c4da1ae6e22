// What goes wrong with an ERP, and what is not ours to follow: reads that fail say why and go on, nothing is sent to strangers, secrets
// stay secret, records under our own authority stay as they are here, and what was made here is known again there.
import type { ServerResponse } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { publicId } from '../../src/kernel/ids.ts';
import { openConnection } from '../../src/sync/client/open.ts';
import { takeRecords } from '../../src/sync/inbound/take.ts';
import { broken } from '../support/invariants.ts';
import { bare } from '../support/world.ts';
import { customerRow, invoiceRow, paymentRow, startCompany } from './company.ts';

const company = await startCompany();
const { erp, rows, world } = company;
afterAll(() => erp.close());
const admin = await world.as('admin');

const who = { tenantId: world.tenantId, connectionId: company.connectionId };
const recordOf = async (externalId: string) =>
  (await rows('select state, record_id, is_made_there from erp_record where external_id = $1', [externalId]))[0];
const streamOf = async (name: string) =>
  (
    await rows('select failure, failing_since, failure_count, cursor, full_cursor, asked_mode from sync_stream where name = $1', [
      name,
    ])
  )[0];
const down = (response: ServerResponse) => response.writeHead(400).end('{"message":"The company is being restored"}');

for (let n = 0; n < 3; n++) erp.put('customers', customerRow(n));
for (let n = 0; n < 120; n++) erp.put('invoices', invoiceRow(n, n % 3));
await company.sync('customers');

describe('a read that fails', () => {
  it('keeps what it has read, says why in a sentence, and goes on from there', async () => {
    erp.spoil(null, down);
    expect(await company.sync('invoices')).toMatchObject({
      state: 'FAILED',
      read: 50,
      failure: expect.stringContaining('The company is being restored'),
    });
    expect(await streamOf('invoices')).toMatchObject({
      failure: expect.stringMatching(/^GET http:\/\/127\.0\.0\.1:\d+\/invoices answered 400: The company is being restored/),
      failure_count: 1,
      failing_since: expect.any(Date),
      full_cursor: expect.anything(),
    });
    expect(await rows(`select count(*)::int as count from invoice`)).toEqual([{ count: 50 }]);
    expect(await company.sync('invoices')).toMatchObject({ state: 'DONE', read: 70 });
    expect(await streamOf('invoices')).toMatchObject({ failure: null, failure_count: 0, failing_since: null, full_cursor: null });
  });

  it('begins anew where the ERP does not take the place that it gave', async () => {
    erp.spoil(down);
    expect(await company.sync('invoices')).toMatchObject({ state: 'FAILED' });
    expect(await streamOf('invoices')).toMatchObject({ asked_mode: 'FULL', full_cursor: null });
    expect(await company.sync('invoices', 'FULL')).toMatchObject({ state: 'DONE', read: 120, unchanged: 120 });
    expect(await streamOf('invoices')).toMatchObject({ asked_mode: null });
  });

  it('is repeated by itself where that may help, and comes through answers that are cut, spoiled or refused', async () => {
    erp.put('invoices', invoiceRow(130, 1));
    erp.spoil(
      (response) => response.destroy(),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>proxy</html>'),
      (response) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' }).end('{"rows":['),
    );
    expect(await company.sync('invoices')).toMatchObject({ state: 'DONE', changed: 1 });
  });
});

describe('addresses and secrets', () => {
  it('a page link that leads elsewhere is not followed', async () => {
    await rows(`update connection set config = config || '{"evilHost": "http://127.0.0.1:1", "pageSize": 20}'`);
    expect(await company.sync('invoices', 'FULL')).toMatchObject({
      state: 'FAILED',
      failure: expect.stringMatching(/127\.0\.0\.1:1\/invoices was not sent: it leads away from the connection's own addresses/),
    });
    await rows(`update connection set config = config - 'evilHost' - 'pageSize'`);
    expect(await company.sync('invoices', 'FULL')).toMatchObject({ state: 'DONE' });
  });

  it('no secret stands in any table, nor in what is told of a failure', async () => {
    const told: unknown[] = [];
    erp.expireTokens();
    erp.spoil((response) => response.writeHead(401).end('{"message":"The token access-token-0001 is not valid"}'));
    told.push(await company.sync('invoices'));
    erp.revoke();
    told.push(await company.sync('invoices'));
    expect(told.at(-1)).toMatchObject({ state: 'FAILED', failure: expect.stringContaining('sign in there again') });
    const tables = await rows<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) told.push(await rows(`select t::text as row from ${name} t`));
    const text = JSON.stringify(told);
    expect(text.length).toBeGreaterThan(50_000);
    for (const secret of [erp.clientSecret, erp.webhookSecret, 'refresh-token-', 'access-token-'])
      expect(text).not.toContain(secret);
    await admin.do(
      'updateConnection',
      {
        id: publicId('con', who.connectionId),
        credentials: { clientSecret: erp.clientSecret, refreshToken: 'revoked', webhookSecret: erp.webhookSecret },
      },
      'connection',
    );
    expect(await company.sync('invoices')).toMatchObject({ state: 'DONE' });
  });
});

describe('what was made here', () => {
  it('is known again in the ERP by the id that it carries, and a copy of it there is a record of its own', async () => {
    const { id: customerId } = await admin.do('createCustomer', { number: 'OURS-1', name: 'Ours' }, 'customer');
    const { id } = await admin.do(
      'openAccount',
      { customerId, legalEntityId: company.legalEntityId, number: 'OURS-1', currency: 'EUR' },
      'account',
    );
    erp.put('customers', customerRow(50, { ours: id }));
    erp.put('customers', customerRow(51, { ours: id, name: 'A copy' }));
    expect(await company.sync('customers')).toMatchObject({ state: 'DONE', refused: 0 });
    expect(await recordOf('C0050')).toMatchObject({ state: 'SYNCED', record_id: bare(id), is_made_there: false });
    const copy = await recordOf('C0051');
    expect(copy).toMatchObject({ state: 'SYNCED', is_made_there: true });
    expect(copy?.['record_id']).not.toBe(bare(id));
    erp.put('customers', customerRow(52, { ours: id, name: 'A copy of later' }));
    expect(await company.sync('customers')).toMatchObject({ state: 'DONE', refused: 0, waiting: 0 });
    expect(await recordOf('C0052')).toMatchObject({ state: 'SYNCED', is_made_there: true });
  });

  it('is linked by the answer to a push, with what is written beside it; a link that contradicts another is refused', async () => {
    const { id: customerId } = await admin.do('createCustomer', { number: 'OURS-2', name: 'Ours too' }, 'customer');
    const { id } = await admin.do(
      'openAccount',
      { customerId, legalEntityId: company.legalEntityId, number: 'OURS-2', currency: 'EUR' },
      'account',
    );
    const connection = await openConnection(company.engines, who);
    const raw = customerRow(60);
    const records = [{ externalId: raw.id, version: '1', updatedAt: raw.at, raw }];
    const link = { externalId: raw.id, recordId: bare(id), accountId: bare(id) };
    let count = 0;
    const taking = { stream: 'customers', records, link, alongside: async () => void (count += 1) };
    const { records: taken } = await takeRecords(company.engines, connection, taking);
    expect(taken.get('C0060')).toMatchObject({ state: 'SYNCED', recordId: bare(id), problem: null });
    await takeRecords(company.engines, connection, taking);
    expect(count).toBe(2);
    erp.put('customers', raw);
    expect(await company.sync('customers')).toMatchObject({ changed: 0 });
    const other = { ...link, recordId: (await recordOf('C0050'))?.['record_id'] };
    await expect(takeRecords(company.engines, connection, { stream: 'customers', records, link: other })).rejects.toMatchObject({
      code: 'CONFLICT_RETRY',
    });
  });
});

describe('records that the platform has authority over', () => {
  it('are kept and not followed; what refers to them comes in without them', async () => {
    await admin.do(
      'setAuthority',
      { legalEntityId: company.legalEntityId, recordKind: 'Invoice', side: 'PLATFORM' },
      'authority',
    );
    erp.put('invoices', invoiceRow(200, 1));
    expect(await company.sync('invoices')).toMatchObject({ ignored: 1, changed: 0 });
    expect(await recordOf('I0200')).toMatchObject({ state: 'IGNORED', record_id: null });
    erp.put('payments', paymentRow(200, 1));
    expect(await company.sync('payments')).toMatchObject({ changed: 1 });
    expect(await recordOf('P0200')).toMatchObject({ state: 'SYNCED' });
  });

  it('that are changed there are not changed here, and one that is deleted there is told', async () => {
    const before = await rows(`select total_minor from invoice where number = 'I0001'`);
    erp.put('invoices', invoiceRow(210, 1, { id: 'I0001', total: '9999.00' }));
    await company.sync('invoices');
    expect(await rows(`select total_minor from invoice where number = 'I0001'`)).toEqual(before);
    erp.remove('invoices', 'I0002', '2026-06-01T00:00:00.000Z');
    await company.sync('invoices');
    expect(await rows(`select lifecycle from invoice where number = 'I0002'`)).toEqual([{ lifecycle: 'ISSUED' }]);
    expect(await rows(`select reason, lifecycle from sync_issue where external_id = 'I0002'`)).toEqual([
      { reason: 'CONFLICT', lifecycle: 'OPEN' },
    ]);
  });
});

it('the invariants hold after all of it', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
