/** Whether this process can serve: the database answers, and what is committed becomes visible to streams in time. */
import { type Sql, sql } from '../read/sql.ts';
import type { ReadinessCheck } from './options.ts';

type SystemRows = <T>(source: Sql) => Promise<readonly T[]>;

export async function checkDatabase(rows: SystemRows): Promise<ReadinessCheck> {
  try {
    await rows(sql`select 1`);
    return { name: 'database', isReady: true };
  } catch {
    return { name: 'database', isReady: false, note: 'The database does not answer.' };
  }
}

/** The oldest event that waits to be sealed must be young. */
export async function checkSealer(rows: SystemRows, lagMaxMs: number): Promise<ReadinessCheck> {
  try {
    const [row] = await rows<{ waiting: string }>(
      sql`select coalesce(extract(epoch from clock_timestamp() - min(queued_at)) * 1000, 0)::bigint::text as waiting from event_inbox`,
    );
    const waitingMs = Number(row?.waiting ?? 0);
    return waitingMs <= lagMaxMs
      ? { name: 'sealer', isReady: true }
      : { name: 'sealer', isReady: false, note: `The oldest event has waited ${waitingMs} ms to be sealed.` };
  } catch {
    return { name: 'sealer', isReady: false, note: 'The database does not answer.' };
  }
}
