// Reading an ERP: everything in it comes in once, whatever the order; what does not fit stands out and heals; what is gone there is
// taken back; and what is as it is here is not written at all.
import { afterAll, describe, expect, it } from 'vitest';
import { replay } from '../../src/sync/inbound/replay.ts';
import { takePage } from '../../src/sync/inbound/page.ts';
import { refreshRecords } from '../../src/sync/inbound/take.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { broken } from '../support/invariants.ts';
import { openConnection } from '../../src/sync/client/open.ts';
import { customerRow, invoiceRow, paymentRow, startCompany } from './company.ts';

const company = await startCompany();
const { erp, rows, world } = company;
afterAll(() => erp.close());

const who = { tenantId: world.tenantId, connectionId: company.connectionId };
const stateOf = async (externalId: string) =>
  (
    await rows<{ state: string; record_id: string | null }>('select state, record_id from erp_record where external_id = $1', [
      externalId,
    ])
  )[0];
const issueOf = async (externalId: string) =>
  (
    await rows(
      'select reason, field, message, lifecycle, seen_count, version from sync_issue where external_id = $1 order by created_at desc, id desc',
      [externalId],
    )
  )[0];
const invoiceOf = async (externalId: string) =>
  (
    await rows<Record<string, string>>(
      `select i.number, i.lifecycle, i.total_minor::text as total, i.open_minor::text as open from invoice i
       join erp_record r on r.record_id = i.id where r.external_id = $1`,
      [externalId],
    )
  )[0];
const eventsAbout = async (type: string) => {
  await world.platform.sealer.sealed();
  return (await rows<{ count: string }>('select count(*) from event where type = $1', [type]))[0]?.count;
};

/** What every row of the tables was written by, and how many events there are: equal only if nothing was written. */
async function writtenBy(): Promise<string> {
  const tables = [
    'customer',
    'customer_account',
    'invoice',
    'invoice_line',
    'payment',
    'open_item',
    'allocation',
    'journal_entry',
    'erp_record',
    'sync_issue',
  ];
  const parts = await Promise.all(
    tables.map((table) =>
      rows<{ all: string }>(`select coalesce(string_agg(xmin::text || ctid::text, ' ' order by ctid), '') as all from ${table}`),
    ),
  );
  await world.platform.sealer.sealed();
  const [events] = await rows<{ count: string }>('select count(*) from event');
  return JSON.stringify([parts, events]);
}

describe('everything that is there', () => {
  it('comes in once, and the payments settle the invoices', async () => {
    for (let n = 0; n < 7; n++) erp.put('customers', customerRow(n));
    for (let n = 0; n < 120; n++) erp.put('invoices', invoiceRow(n, n % 7));
    for (let n = 0; n < 60; n++) erp.put('payments', paymentRow(n, n % 7));
    const [customers, invoices, payments] = await company.syncAll();
    expect(customers).toMatchObject({ state: 'DONE', failure: null, read: 7, changed: 7, total: 7 });
    expect(invoices).toMatchObject({ state: 'DONE', failure: null, read: 120, changed: 120, pages: 3 });
    expect(payments).toMatchObject({ state: 'DONE', failure: null, read: 60, changed: 60 });
    const billing = await world.as('billing');
    const { invoices: shown } = await billing.ask(
      '{ invoices(first: 200) { nodes { number status total { amount } open { amount } } } }',
    );
    expect(shown.nodes).toHaveLength(120);
    expect(shown.nodes.filter(({ status }: { status: string }) => status === 'PAID')).toHaveLength(60);
    expect(shown.nodes.find(({ number }: { number: string }) => number === 'I0100')).toMatchObject({
      total: { amount: '200.00' },
      open: { amount: '200.00' },
    });
  });

  it('and is as it is here is not written again, neither by what has changed nor by everything', async () => {
    const before = await writtenBy();
    for (const result of [...(await company.syncAll()), ...(await company.syncAll('FULL'))])
      expect(result).toMatchObject({ state: 'DONE', changed: 0, deleted: 0, refused: 0, waiting: 0, ignored: 0 });
    expect(await writtenBy()).toBe(before);
  });

  it('is written down run by run', async () => {
    const shown = await rows(
      'select mode, state, page_count, read_count, changed_count, unchanged_count, total_count from sync_run where stream_id = $1 order by id',
      [await company.streamId('invoices')],
    );
    expect(shown).toMatchObject([
      { mode: 'FULL', state: 'DONE', page_count: 3, read_count: 120, changed_count: 120, unchanged_count: 0, total_count: 120 },
      { mode: 'INCREMENTAL', state: 'DONE', changed_count: 0 },
      { mode: 'FULL', state: 'DONE', page_count: 3, read_count: 120, changed_count: 0, unchanged_count: 120 },
    ]);
  });

  it('and changes there is changed here, once', async () => {
    erp.put('invoices', invoiceRow(200, 3, { id: 'I0100', total: '250.00' }));
    expect(await company.sync('invoices')).toMatchObject({ changed: 1 });
    expect(await invoiceOf('I0100')).toMatchObject({ total: '25000', open: '25000' });
    expect(await company.sync('invoices')).toMatchObject({ changed: 0 });
  });
});

describe('records that come before what they refer to', () => {
  it('wait, and are taken as soon as that is here, whichever stream brings it', async () => {
    erp.put('customers', customerRow(300));
    erp.put('invoices', invoiceRow(300, 300));
    erp.put('payments', paymentRow(300, 300));
    expect(await company.sync('payments')).toMatchObject({ state: 'DONE', waiting: 1 });
    expect(await stateOf('P0300')).toMatchObject({ state: 'WAITING', record_id: null });
    expect(await company.sync('invoices')).toMatchObject({ state: 'DONE', waiting: 1 });
    expect(await stateOf('P0300')).toMatchObject({ state: 'WAITING' });
    expect(await company.sync('customers')).toMatchObject({ state: 'DONE', changed: 1 });
    for (const id of ['I0300', 'P0300'])
      expect(await stateOf(id)).toMatchObject({ state: 'SYNCED', record_id: expect.any(String) });
    expect(await invoiceOf('I0300')).toMatchObject({ lifecycle: 'ISSUED', open: '0' });
  });

  it('are taken by the next run where a process died before it came to them', async () => {
    erp.put('payments', paymentRow(301, 300));
    await company.sync('payments');
    const row = invoiceRow(301, 300);
    erp.put('invoices', row);
    const connection = await openConnection(company.engines, who);
    const records = [{ externalId: row.id, version: row.at, updatedAt: row.at, raw: row }];
    await takePage(company.engines, connection, { stream: 'invoices', records, requestId: 'dies here' });
    expect(await stateOf('P0301')).toMatchObject({ state: 'WAITING' });
    await company.sync('customers');
    expect(await stateOf('P0301')).toMatchObject({ state: 'SYNCED' });
  });

  it('whose reference never comes are asked for it once, and then say so', async () => {
    erp.put('payments', paymentRow(310, 300, { invoice: 'I9999' }));
    await company.sync('payments');
    world.clock.advance(60_000);
    await company.sync('invoices');
    world.clock.advance(60_000);
    await company.sync('customers');
    await company.sync('payments');
    expect(erp.asked.filter((path) => path.includes('I9999'))).toHaveLength(1);
    expect(await issueOf('P0310')).toMatchObject({
      reason: 'MISSING_REFERENCE',
      lifecycle: 'OPEN',
      message: expect.stringContaining('Invoice I9999'),
    });
    erp.put('invoices', invoiceRow(311, 300, { id: 'I9999', total: '410.00' }));
    await company.sync('invoices');
    expect(await stateOf('P0310')).toMatchObject({ state: 'SYNCED' });
    expect(await issueOf('P0310')).toMatchObject({ lifecycle: 'RESOLVED' });
  });
});

describe('records that do not fit', () => {
  it('stay out with the field and a sentence, and the others come in; they heal when they are mended there', async () => {
    const opened = await eventsAbout('sync_issue.opened');
    erp.put('invoices', invoiceRow(400, 300, { total: 17 }));
    erp.put('invoices', invoiceRow(401, 300));
    expect(await company.sync('invoices')).toMatchObject({ state: 'DONE', changed: 1, refused: 1 });
    expect(await stateOf('I0400')).toMatchObject({ state: 'REFUSED', record_id: null });
    expect(await issueOf('I0400')).toMatchObject({
      reason: 'MAPPING',
      field: 'total',
      message: 'total must be a text, and is 17.',
      lifecycle: 'OPEN',
      seen_count: 1,
    });
    expect(Number(await eventsAbout('sync_issue.opened')) - Number(opened)).toBe(1);
    await company.sync('invoices', 'FULL');
    expect(await issueOf('I0400')).toMatchObject({ lifecycle: 'OPEN', seen_count: 2, version: 1 });
    expect(Number(await eventsAbout('sync_issue.opened')) - Number(opened)).toBe(1);
    const resolved = await eventsAbout('sync_issue.resolved');
    erp.put('invoices', invoiceRow(402, 300, { id: 'I0400' }));
    expect(await company.sync('invoices')).toMatchObject({ changed: 1, refused: 0 });
    expect(await issueOf('I0400')).toMatchObject({ lifecycle: 'RESOLVED', version: 2 });
    expect(Number(await eventsAbout('sync_issue.resolved')) - Number(resolved)).toBe(1);
  });

  it('heal by a replay when the mapping is mended, without the ERP being asked', async () => {
    erp.put('invoices', invoiceRow(410, 300, { total: '12,50' }));
    await company.sync('invoices');
    expect(await issueOf('I0410')).toMatchObject({
      reason: 'MAPPING',
      field: 'total',
      message: expect.stringContaining('12,50'),
    });
    await rows(`update connection set config = config || '{"readsCommas": true}'`);
    const asked = erp.asked.length;
    const result = await replay(company.engines, { ...who, stream: 'invoices' });
    expect(result).toMatchObject({ state: 'DONE', changed: 1, refused: 0 });
    expect(erp.asked.length).toBe(asked);
    expect(await stateOf('I0410')).toMatchObject({ state: 'SYNCED' });
    expect(await invoiceOf('I0410')).toMatchObject({ total: '1250' });
    expect(await issueOf('I0410')).toMatchObject({ lifecycle: 'RESOLVED' });
  });

  it('that have not the form of a document name the field of it', async () => {
    erp.put('invoices', invoiceRow(420, 300, { total: 'a lot' }));
    await company.sync('invoices');
    expect(await issueOf('I0420')).toMatchObject({
      reason: 'MAPPING',
      field: expect.stringMatching(/lines\.0\.(unitPrice|net)|net/),
    });
  });

  it('that a person dismissed stay dismissed while they say the same', async () => {
    const [issue] = await rows<{ id: string }>(`select id from sync_issue where external_id = 'I0420'`);
    const integration = await world.as('integration');
    await integration.do('dismissSyncIssue', { id: publicId('iss', issue?.id ?? '') }, 'syncIssue');
    await company.sync('invoices', 'FULL');
    expect(await rows(`select lifecycle from sync_issue where external_id = 'I0420'`)).toEqual([{ lifecycle: 'DISMISSED' }]);
  });

  it('that are no business of ours are kept, and come in when they become some', async () => {
    erp.put('invoices', invoiceRow(430, 300, { notOurs: true }));
    expect(await company.sync('invoices')).toMatchObject({ ignored: 1 });
    expect(await stateOf('I0430')).toMatchObject({ state: 'IGNORED', record_id: null });
    erp.put('invoices', invoiceRow(431, 300, { id: 'I0430' }));
    expect(await company.sync('invoices')).toMatchObject({ changed: 1 });
    expect(await stateOf('I0430')).toMatchObject({ state: 'SYNCED' });
  });
});

describe('what is gone there', () => {
  it('is taken back here when the ERP tells it', async () => {
    erp.put('invoices', invoiceRow(500, 300));
    await company.sync('invoices');
    erp.remove('invoices', 'I0500', '2026-04-01T00:00:00.000Z');
    expect(await company.sync('invoices')).toMatchObject({ deleted: 1 });
    expect(await stateOf('I0500')).toMatchObject({ state: 'GONE', record_id: expect.any(String) });
    expect(await invoiceOf('I0500')).toMatchObject({ lifecycle: 'VOIDED', open: '0' });
    expect(await company.sync('invoices')).toMatchObject({ deleted: 0, changed: 0 });
  });

  it('is found by comparing when the ERP does not tell; what only slipped out of its page stays', async () => {
    erp.put('customers', customerRow(510));
    erp.put('customers', customerRow(511));
    await company.sync('customers');
    erp.remove('customers', 'C0510', '2026-04-01T00:00:00.000Z');
    const slipped = customerRow(511);
    erp.remove('customers', 'C0511', '2026-04-01T00:00:00.000Z');
    erp.onAsked = (path) => {
      if (path.includes('ids=')) erp.put('customers', slipped);
    };
    expect(await company.sync('customers', 'FULL')).toMatchObject({ state: 'DONE', deleted: 1 });
    erp.onAsked = () => undefined;
    expect(await stateOf('C0510')).toMatchObject({ state: 'GONE' });
    expect(await stateOf('C0511')).toMatchObject({ state: 'SYNCED' });
  });
});

describe('a record that somebody else has taken meanwhile', () => {
  it('is not set back by a page that was on its way', async () => {
    erp.put('invoices', invoiceRow(600, 300));
    await company.sync('invoices');
    erp.put('invoices', invoiceRow(610, 300, { id: 'I0600', total: '610.00' }));
    const connection = await openConnection(company.engines, who);
    erp.onAnswer = async (path) => {
      if (path.includes('ids=')) return;
      erp.onAnswer = () => undefined;
      world.clock.advance(1_000);
      erp.put('invoices', invoiceRow(620, 300, { id: 'I0600', total: '620.00' }));
      await refreshRecords(company.engines, connection, { stream: 'invoices', externalIds: ['I0600'] });
    };
    await company.sync('invoices');
    expect(await invoiceOf('I0600')).toMatchObject({ total: '62000' });
    expect(await company.sync('invoices')).toMatchObject({ changed: 0 });
  });

  it('is made once by many that take it at the same time', async () => {
    erp.put('invoices', invoiceRow(630, 300));
    const connection = await openConnection(company.engines, who);
    const taken = await Promise.all(
      Array.from({ length: 6 }, () =>
        refreshRecords(company.engines, connection, { stream: 'invoices', externalIds: ['I0630'] }),
      ),
    );
    expect(new Set(taken.map(({ records }) => records.get('I0630')?.recordId)).size).toBe(1);
    expect(await rows(`select 1 from invoice where number = 'I0630'`)).toHaveLength(1);
  });
});

it('the invariants hold after all of it', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
