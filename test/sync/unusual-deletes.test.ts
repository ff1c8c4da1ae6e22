// An ERP that suddenly shows much less, as when a role lost its sight: nothing is taken for deleted before a person says so.
import { afterAll, expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { customerRow, startCompany } from './company.ts';

const company = await startCompany({ config: { pageSize: 20 } });
const { erp, rows, world, sync } = company;
afterAll(() => erp.close());
const admin = await world.as('admin');

const goneCount = async () => (await rows(`select 1 from erp_record where state = 'GONE'`)).length;
const lose = (from: number, to: number): void => {
  for (let n = from; n < to; n++) erp.remove('customers', `C${String(n).padStart(4, '0')}`, '2026-04-01T00:00:00.000Z');
  erp.forgetDeletes();
};
const issues = async () =>
  (await admin.ask('{ syncIssues(first: 10) { nodes { id reason recordKind externalId message seenCount lifecycle } } }'))
    .syncIssues.nodes;

it('few deletes are believed', async () => {
  for (let n = 0; n < 100; n++) erp.put('customers', customerRow(n));
  await sync('customers', 'FULL');
  lose(0, 20);
  expect(await sync('customers', 'FULL')).toMatchObject({ state: 'DONE', deleted: 20 });
  expect(await issues()).toEqual([]);
});

it('a read that lacks unusually many removes none of them, and says so until they are back', async () => {
  const hidden = Array.from({ length: 30 }, (_, i) => customerRow(20 + i));
  lose(20, 50);
  for (const seenCount of [1, 2]) {
    expect(await sync('customers', 'FULL')).toMatchObject({ state: 'DONE', deleted: 0 });
    expect(await issues()).toMatchObject([
      { reason: 'UNUSUAL_DELETES', recordKind: 'CustomerAccount', externalId: null, seenCount, lifecycle: 'OPEN' },
    ]);
  }
  const [{ id, message }] = await issues();
  expect(message).toMatch(
    /^A whole read of customers lacked 30 of the 80 records that are here\. Nothing was taken for deleted\./,
  );
  expect(await admin.refused('retrySyncIssue', { id })).toMatchObject([{ code: 'WRONG_STATE' }]);
  expect(await goneCount()).toBe(20);
  for (const row of hidden) erp.put('customers', row);
  await sync('customers', 'FULL');
  expect(await issues()).toMatchObject([{ id, lifecycle: 'RESOLVED' }]);
});

it('they are gone once a person has it read with deletes', async () => {
  lose(20, 60);
  await sync('customers', 'FULL');
  expect(await goneCount()).toBe(20);
  const id = `con_${company.connectionId}`;
  await admin.do('syncConnection', { id, mode: 'FULL_WITH_DELETES', streams: ['customers'] }, 'connection');
  expect(await rows(`select asked_mode from sync_stream where name = 'customers'`)).toEqual([
    { asked_mode: 'FULL_WITH_DELETES' },
  ]);
  expect(await sync('customers', 'FULL_WITH_DELETES')).toMatchObject({ state: 'DONE', deleted: 40 });
  expect(await goneCount()).toBe(60);
  expect((await issues()).map(({ lifecycle }: { lifecycle: string }) => lifecycle)).toEqual(['RESOLVED', 'RESOLVED']);
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
