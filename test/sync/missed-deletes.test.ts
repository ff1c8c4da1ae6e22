// An ERP that tells deletes, but not always: what it says it may have missed is found by a whole read that follows at once.
import { afterAll, expect, it } from 'vitest';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { broken } from '../support/invariants.ts';
import { customerRow, startCompany } from './company.ts';

const company = await startCompany({ isIdle: false, config: { pageSize: 5 } });
const { erp, rows, world } = company;
afterAll(() => erp.close());

const EVERY_MS = 300_000;
const stateOf = async (externalId: string) =>
  (await rows<{ state: string }>('select state from erp_record where external_id = $1', [externalId]))[0]?.state;
const runs = async () =>
  (
    await rows<{ mode: string }>(
      `select r.mode from sync_run r join sync_stream s on s.id = r.stream_id where s.name = 'customers' and r.state <> 'RUNNING' order by r.id`,
    )
  ).map(({ mode }) => mode);
const asked = async () =>
  (await rows<{ asked_mode: string | null }>(`select asked_mode from sync_stream where name = 'customers'`))[0]?.asked_mode;
/** All streams were read, and nothing is due. */
const isIdle = async () =>
  (
    await rows('select from sync_stream where last_succeeded_at is null or asked_mode is not null or next_run_at <= $1', [
      world.clock.now().toISOString(),
    ])
  ).length === 0;

it('a delete that was missed is found at once where the ERP says so, and not before', async () => {
  for (let n = 0; n < 12; n++) erp.put('customers', customerRow(n));
  await expect.poll(isIdle).toBe(true);
  world.clock.advance(EVERY_MS);
  await expect.poll(() => stateOf('C0011')).toBe('SYNCED');
  await expect.poll(isIdle).toBe(true);
  const before = await runs();
  erp.remove('customers', 'C0001', '2026-04-01T00:00:00.000Z');
  world.clock.advance(EVERY_MS);
  await expect.poll(runs).toEqual([...before, 'INCREMENTAL']);
  await expect.poll(isIdle).toBe(true);
  expect(await stateOf('C0001')).toBe('SYNCED');

  erp.forgetDeletes();
  world.clock.advance(EVERY_MS);
  await expect.poll(() => stateOf('C0001')).toBe('GONE');
  await expect.poll(isIdle).toBe(true);
  expect(await runs()).toEqual([...before, 'INCREMENTAL', 'INCREMENTAL', 'FULL']);
  expect(await stateOf('C0002')).toBe('SYNCED');

  world.clock.advance(EVERY_MS);
  await expect.poll(async () => (await runs()).length).toBe(before.length + 4);
  await expect.poll(isIdle).toBe(true);
  expect((await runs()).at(-1)).toBe('INCREMENTAL');
});

it('a read that is cut off after its page has asked for the whole one already', async () => {
  erp.remove('customers', 'C0003', '2026-04-01T00:00:00.000Z');
  erp.forgetDeletes();
  erp.put('customers', customerRow(90));
  erp.put('customers', customerRow(95));
  const stopping = new AbortController();
  const stopped = await syncStream(company.engines, {
    tenantId: world.tenantId,
    streamId: await company.streamId('customers'),
    mode: 'INCREMENTAL',
    signal: stopping.signal,
    onProgress: () => stopping.abort(),
  });
  expect(stopped).toMatchObject({ state: 'STOPPED', pages: 1 });
  // the scheduler may have seen it already
  expect([await asked(), (await runs()).at(-1)]).toEqual(expect.toSatisfy(([mode, last]) => mode === 'FULL' || last === 'FULL'));
  await expect.poll(() => stateOf('C0003')).toBe('GONE');
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
