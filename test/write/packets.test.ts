// What is asked for in one turn travels in one packet: what fails in it takes what stands behind it along, and nothing else, then or later.
import { afterAll, expect, it } from 'vitest';
import { sql } from '../../src/read/sql.ts';
import { createWritePool } from '../../src/write/pool.ts';
import { inTransaction, type Session } from '../../src/write/transaction.ts';
import { freshDatabase } from '../support/database.ts';
import { makeGate } from '../support/gate.ts';

const TENANT = '00000000-0000-7000-8000-000000000001';
const database = await freshDatabase();
// one connection: whatever is left of a transaction is met by the next one
const pool = createWritePool({
  connection: database.connection,
  role: 'pg_read_all_data',
  max: 1,
  statementTimeoutMs: 5_000,
  idleTimeoutMs: 5_000,
});
afterAll(() => pool.end());

const run = <T>(work: (session: Session) => Promise<T>, isSmall = true) =>
  inTransaction({ pool, tenantId: TENANT, isSmall }, work);
const number = (session: Session, n: number) => session.rows<{ n: number }>(sql`select ${n}::int as n`);
const share = (session: Session, n: number) => session.rows<{ share: number }>(sql`select (12 / ${n}::int)::int as share`);
const day = (session: Session) =>
  session.rows(sql`select '2026-02-28'::date as on, now() > 'epoch' as "isLate", null::int as none`);

it.each([true, false])('gives each statement its own rows, in the order asked (plans kept: %s)', async (isSmall) => {
  for (const n of [1, 2]) {
    const rows = await run((session) => Promise.all([number(session, n), share(session, n), day(session)]), isSmall);
    expect(rows).toEqual([[{ n }], [{ share: 12 / n }], [{ on: '2026-02-28', isLate: true, none: null }]]);
  }
});

it('fails what stands behind a failure with the same, nothing before it, and is as good as new afterwards', async () => {
  const settled = await run(async (session) => {
    const text = (n: number) => session.rows(sql`select ${n}::text as never_prepared_before`);
    const all = await Promise.allSettled([number(session, 7), share(session, 0), text(1), day(session)]);
    return [all, await Promise.allSettled([number(session, 8)])];
  }).catch((error: unknown) => error);
  expect(settled).toMatchObject({ message: 'A writing transaction was not committed.' });
  const outcomes = await run(async (session) => {
    await session.run({ text: 'savepoint part', values: [] });
    const all = await Promise.allSettled([number(session, 7), share(session, 0), number(session, 9)]);
    await session.run({ text: 'rollback to savepoint part', values: [] });
    return [all.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code)), await share(session, 4)];
  });
  expect(outcomes).toEqual([[[{ n: 7 }], '22012', '22012'], [{ share: 3 }]]);
  const again = await run((session) => session.rows(sql`select ${5}::text as never_prepared_before`));
  expect(again).toEqual([{ never_prepared_before: '5' }]);
});

it('refuses a value that has no text by itself', async () => {
  await expect(run((session) => session.rows(sql`select ${{ amount: 1n }}::jsonb`))).rejects.toThrow('BigInt');
  expect(await run((session) => number(session, 3))).toEqual([{ n: 3 }]);
});

it('asks nothing more of the connection for a transaction that is over, whatever of its work goes on', async () => {
  const resumed = makeGate();
  let left: Promise<unknown> = Promise.resolve();
  const refused = run(async (session) => {
    left = number(session, 1).then(async () => {
      await resumed.opened;
      return session.rows(sql`select set_config('app.left_over', 'yes', false)`);
    });
    left.catch(() => {});
    throw new Error('refused');
  });
  await expect(refused).rejects.toThrow('refused');
  const found = await run(async (session) => {
    resumed.open();
    await Promise.allSettled([left]);
    return session.rows(sql`select current_setting('app.left_over', true) as left`);
  });
  expect(found).toEqual([{ left: null }]);
  await expect(left).rejects.toThrow('The transaction is over.');
});
