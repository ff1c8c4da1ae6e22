/** Whether this process can serve: the database answers, and what is committed becomes visible to streams in time. */
import { SEALER_LEASE } from '../outbox/sealer.ts';
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

/** For how long the oldest event has waited to be sealed; not a number while the database is away. */
export async function sealerLagS(rows: SystemRows): Promise<number> {
  const lag = sql`select coalesce(extract(epoch from clock_timestamp() - min(queued_at)), 0)::float8 as "lagS" from event_inbox`;
  const [row] = await rows<{ lagS: number }>(lag).catch(() => []);
  return row?.lagS ?? NaN;
}

export interface SealerCheck {
  /** As old as this the oldest event may be that waits, and for so long nobody need be there to seal it. */
  readonly lagMaxMs: number;
  /** How long this process has been up: a worker may begin a little later. */
  readonly upMs: number;
}

/** The oldest event that waits to be sealed must be young, and somebody must be there who seals. */
export async function checkSealer(rows: SystemRows, { lagMaxMs, upMs }: SealerCheck): Promise<ReadinessCheck> {
  const notReady = (note: string): ReadinessCheck => ({ name: 'sealer', isReady: false, note });
  try {
    const [row] = await rows<{ waiting: string; idle: string | null }>(sql`
      select (select coalesce(extract(epoch from clock_timestamp() - min(queued_at)) * 1000, 0)::bigint::text from event_inbox) as waiting,
        (select (extract(epoch from clock_timestamp() - until) * 1000)::bigint::text from lease where name = ${SEALER_LEASE}) as idle`);
    const waitingMs = Number(row?.waiting ?? 0);
    const idleMs = row?.idle == null ? upMs : Number(row.idle);
    const why = idleMs > 0 ? ' No worker is there to do it: start `cashgraph worker`.' : '';
    if (waitingMs > lagMaxMs) return notReady(`The oldest event has waited ${waitingMs} ms to be sealed.${why}`);
    if (Math.min(idleMs, upMs) > lagMaxMs) return notReady(`Nobody has sealed events for ${idleMs} ms.${why}`);
    return { name: 'sealer', isReady: true };
  } catch {
    return notReady('The database does not answer.');
  }
}
