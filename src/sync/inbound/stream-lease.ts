/** One process at a time reads a stream; one that was stopped past its lease writes nothing more. */
import { acquireLease } from '../../outbox/lease.ts';
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import type { SyncEngines } from '../engine.ts';

export interface Held {
  /** Aborted once another process has it. */
  readonly signal: AbortSignal;
  /** In each transaction. @throws DomainError LEASE_LOST */
  guard(session: Session): Promise<void>;
}

/** So that a dead process's work goes on within 30 seconds. */
const TTL_MS = 25_000;

/** Null while another one holds it. */
export async function withLease<T>(
  { pool, onError }: Pick<SyncEngines, 'pool' | 'onError'>,
  name: string,
  work: (held: Held) => Promise<T>,
): Promise<T | null> {
  const lease = await acquireLease(pool, { name, owner: 'sync', ttlMs: TTL_MS });
  if (!lease) return null;
  const lost = new AbortController();
  const heartbeat = setInterval(() => {
    lease.renew().catch((error: unknown) => {
      if (isDomainError(error)) lost.abort(); // another failure may pass before the lease runs out
    });
  }, TTL_MS / 5);
  try {
    return await work({
      signal: lost.signal,
      async guard(session) {
        const [row] = await session.rows<{ isHeld: boolean }>(
          sql`select holds_lease(${name}, ${lease.token.toString()}::bigint) as "isHeld"`,
        );
        if (!row?.isHeld)
          throw new DomainError('LEASE_LOST', `Another process has taken over "${name}".`, { details: { lease: name } });
      },
    });
  } finally {
    clearInterval(heartbeat);
    await lease.release().catch(onError);
  }
}
