// The database drops connections at the worst moments: keyed requests still have one effect each, and the pool doesn't wedge.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { withClient } from '../support/connection.ts';
import { type Answer, openBooks, publicId, startWorld } from '../support/world.ts';
import { atOnce as workers, broken, range, rowsOf } from './company.ts';

describe.each([
  { way: 'together', settings: {}, atOnce: 1 },
  { way: 'each alone', settings: { WRITES_TOGETHER_MAX_COUNT: 1 }, atOnce: 16 },
])('requests done $way', async ({ settings, atOnce }) => {
  const world = await startWorld({ now: '2026-06-30T09:00:00.000Z', settings });
  const { accountId } = await openBooks(world);
  const cash = await world.as('cash');

  const RECORD =
    'mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id reference } userErrors { code } } }';
  const inputOf = (reference: string) => ({ accountId, amount: { amount: '10.00', currency: 'EUR' }, reference });

  /** Ends what is in the middle of a transaction; how many it was. */
  const kill = async (where = 'true') =>
    (
      await rowsOf<{ killed: boolean }>(
        world,
        `select pg_terminate_backend(pid) as killed from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' and xact_start is not null and ${where}`,
      )
    ).filter((row) => row.killed).length;

  /** Asks until there is an answer, as a client does that has a key; it may hang up without waiting. */
  async function insist(reference: string, hangUpMs: number | null, codes: Set<unknown>): Promise<string> {
    for (let tries = 0; tries < 200; tries++) {
      const signal = tries === 0 && hangUpMs !== null ? AbortSignal.timeout(hangUpMs) : null;
      const answer = await fetch(world.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${cash.token}`, 'idempotency-key': reference },
        body: JSON.stringify({ query: RECORD, variables: { input: inputOf(reference) } }),
        signal,
      }).then(
        (response) => response.json() as Promise<Answer>,
        (error: Error) => (error.name === 'TimeoutError' ? null : Promise.reject(error)),
      );
      const id = answer?.data?.recordPayment?.payment?.id;
      if (id) return id;
      for (const error of answer?.errors ?? []) codes.add(error.extensions?.['code']);
      if (answer?.data?.recordPayment?.userErrors.length > 0) throw new Error(JSON.stringify(answer));
      await sleep(5);
    }
    throw new Error(`${reference} was never answered`);
  }

  it('has exactly one effect of each keyed request, though connections are killed between effect and answer and clients hang up', async () => {
    const random = seededRandom('lost connections');
    const references: string[] = [];
    const ids: string[] = [];
    const codes = new Set<unknown>();
    let isOver = false;
    let kills = 0;
    const killing = (async () => {
      for (; !isOver; await sleep(20)) kills += await kill('random() < 0.2');
    })();
    const storm = async () => {
      // where many go together there are few transactions to end
      for (let round = 0; round < 20 && (round === 0 || kills < 4); round++) {
        const asked = range(30).map((i) => `storm-${round}-${i}`);
        const hangUps = asked.map((_, i) => (i % 4 === 0 ? 1 + ((random.bytes(1)[0] ?? 0) >> 2) : null));
        references.push(...asked);
        ids.push(...(await workers(12, asked, (reference, i) => insist(reference, hangUps[i] ?? null, codes))));
      }
    };
    await storm().finally(() => {
      isOver = true;
    });
    await killing;
    expect(kills).toBeGreaterThan(3);
    const rows = await rowsOf<{ id: string; reference: string }>(world, `select id, reference from payment order by id`);
    expect(rows.map((row) => row.reference).sort()).toEqual([...references].sort());
    expect(new Map(rows.map((row) => [row.reference, publicId('pay', row.id)]))).toEqual(
      new Map(references.map((reference, i) => [reference, ids[i]])),
    );
    expect([...codes].filter((code) => code !== 'UNAVAILABLE')).toEqual([]);
    expect(await broken(world, world.tenantId)).toEqual([]);
  });

  it('gives every connection back that Postgres drops inside a transaction: all that wait are killed, and all later calls work', async () => {
    await withClient(world.database.connection, async (holder) => {
      for (const round of range(2)) {
        await holder.query('begin');
        await holder.query('select from number_series for update');
        const waiting = range(16).map((i) => cash.send(RECORD, { input: inputOf(`dropped ${round} ${i}`) }));
        const blocked = `wait_event_type = 'Lock'`;
        const count = async () =>
          (await rowsOf(world, `select from pg_stat_activity where datname = current_database() and ${blocked}`)).length;
        while ((await count()) < atOnce) await sleep(10);
        let isAnswered = false;
        const answers = Promise.all(waiting).finally(() => {
          isAnswered = true;
        });
        let killed = 0;
        for (; !isAnswered; await sleep(10)) killed += await kill(blocked);
        expect(killed).toBeGreaterThanOrEqual(atOnce);
        for (const answer of await answers)
          expect(answer.errors?.map((error) => error.extensions?.['code'])).toEqual(['UNAVAILABLE']);
        await holder.query('rollback');
      }
    });
    const later = await Promise.all(
      range(48).map((i) => cash.do('recordPayment', inputOf(`later ${i}`), 'payment', 'reference')),
    );
    expect(later.map((payment) => payment.reference)).toEqual(range(48).map((i) => `later ${i}`));
    expect(await rowsOf(world, `select from payment where reference like 'dropped%'`)).toEqual([]);
    expect(await broken(world, world.tenantId)).toEqual([]);
  });
});
