// A read that is cut off at any point goes on from its last page: nothing is lost, nothing comes twice, although ten records share each
// time of change. A page and its cursor are one transaction, and a process that comes late writes nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { customerRow, invoiceRow, startCompany } from './company.ts';

const COUNT = 1_000;
const PAGE = 50;
const company = await startCompany({ config: { pageSize: PAGE } });
const { erp, rows, world } = company;
afterAll(() => erp.close());

beforeAll(async () => {
  for (let n = 0; n < 20; n++) erp.put('customers', customerRow(n));
  await company.sync('customers');
});

/** In the books and in what is kept of the ERP. */
const counts = async () =>
  (
    await rows(`select (select count(*)::int from invoice) as invoices, (select count(distinct number)::int from invoice) as numbers,
      (select coalesce(sum(total_minor), 0)::text from invoice where lifecycle = 'ISSUED') as total,
      (select count(*)::int from erp_record where stream = 'invoices') as kept,
      (select count(*)::int from event_inbox where type = 'invoice.observed') + (select count(*)::int from event where type = 'invoice.observed') as events`)
  )[0];
const expected = (from: number, to: number) => {
  let sum = 0;
  for (let n = from; n < to; n++) sum += (100 + n) * 100;
  return sum;
};

/** Ends the run after so many pages, as a process does that goes down between two. */
async function pages(count: number, mode: 'FULL' | 'INCREMENTAL' = 'INCREMENTAL') {
  const stopping = new AbortController();
  return syncStream(company.engines, {
    tenantId: world.tenantId,
    streamId: await company.streamId('invoices'),
    mode,
    signal: stopping.signal,
    onProgress: ({ pages: read }) => {
      if (read === count) stopping.abort();
    },
  });
}

describe('a first read of 1,000 records', () => {
  it('restarted from every checkpoint loses and doubles nothing', async () => {
    for (let n = 0; n < COUNT; n++) erp.put('invoices', invoiceRow(n, n % 20));
    for (let page = 1; page < COUNT / PAGE; page++) {
      expect(await pages(1)).toMatchObject({ state: 'STOPPED', pages: 1, changed: PAGE });
      expect(await counts()).toMatchObject({ invoices: page * PAGE, kept: page * PAGE, events: page * PAGE });
    }
    expect(await pages(Number.POSITIVE_INFINITY)).toMatchObject({ state: 'DONE', read: PAGE });
    expect(await counts()).toEqual({
      invoices: COUNT,
      numbers: COUNT,
      total: String(expected(0, COUNT)),
      kept: COUNT,
      events: COUNT,
    });
    expect(
      await rows(`select full_cursor, last_full_at is not null as "isFull" from sync_stream where name = 'invoices'`),
    ).toEqual([{ full_cursor: null, isFull: true }]);
  });

  it('and what has changed since, restarted from every checkpoint, too', async () => {
    for (let n = COUNT; n < COUNT + 200; n++) erp.put('invoices', invoiceRow(n, n % 20));
    for (let page = 1; page <= 4; page++) expect(await pages(1)).toMatchObject({ state: 'STOPPED', pages: 1 });
    expect(await pages(Number.POSITIVE_INFINITY)).toMatchObject({ state: 'DONE' });
    expect(await counts()).toMatchObject({ invoices: COUNT + 200, numbers: COUNT + 200, kept: COUNT + 200, events: COUNT + 200 });
  });

  it('and everything read once more, cut off everywhere, changes nothing', async () => {
    const before = await counts();
    for (let page = 1; page < 24; page++) expect(await pages(1, 'FULL')).toMatchObject({ state: 'STOPPED', changed: 0 });
    expect(await pages(Number.POSITIVE_INFINITY)).toMatchObject({ state: 'DONE', changed: 0 });
    expect(await counts()).toEqual(before);
  });
});

describe('a page and its cursor', () => {
  it('are one transaction: a crash between them leaves neither, and the next read has both', async () => {
    for (let n = 2_000; n < 2_200; n++) erp.put('invoices', invoiceRow(n, n % 20));
    await rows(`create sequence crashes; create table crash_at (n int); insert into crash_at values (0);
      create function crash() returns trigger language plpgsql security definer as $$
      begin if new.cursor is distinct from old.cursor and nextval('crashes') = (select n from crash_at) then raise exception 'crash'; end if; return new; end $$;
      create trigger crash before update on sync_stream for each row execute function crash()`);
    const start = Number((await counts())?.['invoices']);
    for (let at = 1; at <= 4; at++) {
      await rows(`update crash_at set n = $1`, [at]);
      await rows(`select setval('crashes', 1, false)`);
      const before = await rows(`select cursor from sync_stream where name = 'invoices'`);
      const result = await pages(Number.POSITIVE_INFINITY);
      if (result.state === 'DONE') continue;
      expect(result).toMatchObject({ state: 'FAILED', pages: at - 1 });
      const { invoices, kept } = (await counts()) ?? {};
      expect(invoices).toBe(kept);
      if (at === 1) {
        expect(await rows(`select cursor from sync_stream where name = 'invoices'`)).toEqual(before);
        expect(invoices).toBe(start);
      }
    }
    await rows('drop trigger crash on sync_stream');
    expect(await pages(Number.POSITIVE_INFINITY)).toMatchObject({ state: 'DONE' });
    expect(await counts()).toMatchObject({ invoices: start + 200, numbers: start + 200, kept: start + 200, events: start + 200 });
  });
});

describe('a process that was stopped past its lease', () => {
  it('writes nothing more when it comes back, while another one goes on', async () => {
    for (let n = 3_000; n < 3_100; n++) erp.put('invoices', invoiceRow(n, n % 20));
    const start = Number((await counts())?.['invoices']);
    let release = (): void => {};
    const held = new Promise<void>((done) => {
      release = done;
    });
    let isHeld = false;
    erp.onAnswer = (path) => {
      if (!path.startsWith('/invoices') || isHeld) return undefined;
      isHeld = true;
      return held;
    };
    const late = pages(Number.POSITIVE_INFINITY);
    await expect.poll(() => isHeld).toBe(true);
    expect(await company.sync('invoices')).toMatchObject({ state: 'BUSY', runId: null });
    await rows(`update lease set until = clock_timestamp() - interval '1 second' where name like 'sync:%:invoices'`);
    expect(await company.sync('invoices')).toMatchObject({ state: 'DONE', changed: 100 });
    // what the late one has in its hands is older than what is there by now
    for (let n = 3_000; n < 3_100; n++)
      erp.put('invoices', invoiceRow(n, n % 20, { at: '2026-05-01T00:00:00.000Z', total: '1.00' }));
    await company.sync('invoices');
    const stream = () => rows(`select cursor, last_succeeded_at, next_run_at from sync_stream where name = 'invoices'`);
    const before = await stream();
    release();
    expect(await late).toMatchObject({ state: 'STOPPED' });
    erp.onAnswer = () => undefined;
    expect(await rows(`select count(*)::int as ones from invoice where total_minor = 100`)).toEqual([{ ones: 100 }]);
    expect(await counts()).toMatchObject({ invoices: start + 100, kept: start + 100 });
    expect(await stream()).toEqual(before);
    const runs = await rows(`select state, read_count from sync_run where stream_id = $1 order by id desc limit 3`, [
      await company.streamId('invoices'),
    ]);
    expect(runs.map(({ state }) => state)).toEqual(['DONE', 'DONE', 'FAILED']);
    expect(runs[2]).toMatchObject({ read_count: 0 });
  });
});

it('the invariants hold after all of it', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
