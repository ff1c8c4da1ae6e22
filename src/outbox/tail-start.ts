/**
 * Where a subscriber begins: whether its cursor is of this log, and what it can't be given any more. A cursor that is too old is
 * answered with a gap, never with silence and never with an endless catching up.
 */
import { DomainError } from '../kernel/errors.ts';
import type { Pool } from './connection.ts';
import type { LogGap } from './event.ts';
import { readFloor } from './event-read.ts';

export interface Start {
  /** Everything after it is still to come. */
  readonly cursor: bigint;
  /** Comes before everything else. */
  readonly gap: LogGap | null;
  /** The newest position there was. */
  readonly head: bigint;
}

export interface Asked {
  readonly tenantId: string;
  readonly after: bigint;
  readonly head: bigint;
  /** More events of the tenant than these aren't caught up with. */
  readonly catchUpMaxEvents: number;
}

/** @throws CURSOR_INVALID */
export async function startAfter(pool: Pool, { tenantId, after, head, catchUpMaxEvents }: Asked): Promise<Start> {
  if (after < 0n || after > head) {
    throw new DomainError('CURSOR_INVALID', `The cursor ${after} is not of this log: send one as the API returned it.`);
  }
  if (head - after > BigInt(catchUpMaxEvents) && (await hasMoreThan(pool, { tenantId, after, count: catchUpMaxEvents }))) {
    return { cursor: head, gap: { from: after, to: head, reason: 'TOO_FAR_BEHIND' }, head };
  }
  const floor = await readFloor(pool, tenantId);
  if (after >= floor) return { cursor: after, gap: null, head };
  return { cursor: floor, gap: { from: after, to: floor, reason: 'PRUNED' }, head };
}

async function hasMoreThan(pool: Pool, { tenantId, after, count }: { tenantId: string; after: bigint; count: number }) {
  const { rowCount } = await pool.query(
    'select 1 from event where tenant_id = $1 and position > $2 order by position offset $3 limit 1',
    [tenantId, after, count],
  );
  return rowCount === 1;
}
