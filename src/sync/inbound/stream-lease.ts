/** One process at a time reads a stream; one that was stopped past its lease writes nothing more. */
import { holdLease } from '../../outbox/lease.ts';
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import type { SyncEngines } from '../engine.ts';

export interface Held {
  /** Aborted once another process has it. */
  readonly signal: AbortSignal;
  /** In each transaction. @throws DomainError LEASE_LOST */
  guard(session: Session): Promise<void>;
}

/** Null while another one holds it. */
export const withLease = <T>(
  { pool, leaseTtlMs: ttlMs, onError }: Pick<SyncEngines, 'pool' | 'leaseTtlMs' | 'onError'>,
  name: string,
  work: (held: Held) => Promise<T>,
): Promise<T | null> =>
  holdLease({ pool, onError, name, owner: 'sync', ttlMs }, ({ lease, signal }) =>
    work({
      signal,
      async guard(session) {
        const [row] = await session.rows<{ isHeld: boolean }>(
          sql`select holds_lease(${name}, ${lease.token.toString()}::bigint) as "isHeld"`,
        );
        if (!row?.isHeld)
          throw new DomainError('LEASE_LOST', `Another process has taken over "${name}".`, { details: { lease: name } });
      },
    }),
  );
