/** What attempts that ended together mean for the queue of their endpoint: how many wait no more, and whether it fails. Pure. */
import type { Ended } from './claims.ts';

export interface QueueChange {
  readonly tenantId: string;
  readonly endpointId: string;
  /** So many wait no more. */
  readonly endedCount: number;
  /** Something was taken, so what failed before is over. */
  readonly wasTaken: boolean;
  /** How many failed since, why the last of them did, and when the first of them began. */
  readonly failureCount: number;
  readonly failure: string | null;
  readonly failingSince: Date | null;
  readonly deliveredAt: Date | null;
  readonly blockedUntil: Date | null;
}

/** One change for each endpoint, of its attempts in the order in which they ended. */
export function queueChangesOf(ended: readonly Ended[]): readonly QueueChange[] {
  const changes = new Map<string, QueueChange>();
  for (const one of ended) {
    const { endpointId } = one.claim;
    changes.set(endpointId, withEnded(changes.get(endpointId) ?? unchanged(one), one));
  }
  return [...changes.values()];
}

const unchanged = ({ claim: { tenantId, endpointId } }: Ended): QueueChange => ({
  tenantId,
  endpointId,
  endedCount: 0,
  wasTaken: false,
  failureCount: 0,
  failure: null,
  failingSince: null,
  deliveredAt: null,
  blockedUntil: null,
});

/** A test is no event: it says nothing of whether events arrive. */
function withEnded(change: QueueChange, { claim, outcome, startedAt, now, state }: Ended): QueueChange {
  const endedCount = change.endedCount + (state === 'PENDING' ? 0 : 1);
  const { failure, retryAfterMs } = outcome;
  const deliveredAt = failure === null ? now : change.deliveredAt;
  if (claim.purpose === 'TEST') return { ...change, endedCount, deliveredAt };
  const blockedUntil = later(change.blockedUntil, retryAfterMs === null ? null : new Date(now.getTime() + retryAfterMs));
  const rest = { ...change, endedCount, deliveredAt, blockedUntil };
  if (failure === null) return { ...rest, wasTaken: true, failureCount: 0, failure: null, failingSince: null };
  return { ...rest, failureCount: change.failureCount + 1, failure, failingSince: change.failingSince ?? startedAt };
}

const later = (a: Date | null, b: Date | null): Date | null => (a && b ? (a > b ? a : b) : (a ?? b));
