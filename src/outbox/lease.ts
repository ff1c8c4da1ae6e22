/**
 * Leases: one process at a time does a thing, and one that was late can't do harm. Each acquisition raises the token; whoever
 * writes under a lease checks its token in the same transaction, so that a process that was stopped past its lease commits
 * nothing. Time is the database's own (`clock_timestamp()`): the clocks of the processes differ, and a lease compares them.
 */
import { DomainError, isDomainError } from '../kernel/errors.ts';
import type { Queryable } from './connection.ts';

export interface Lease {
  readonly name: string;
  /** Rises with each acquisition of the name, whoever takes it. */
  readonly token: bigint;
  /** @throws LEASE_LOST once another has it */
  renew(): Promise<void>;
  /** Lets the next one in at once; does nothing when it is lost already. */
  release(): Promise<void>;
  /** In the transaction that the lease protects. @throws LEASE_LOST */
  check(client: Queryable): Promise<void>;
}

export interface AcquireLease {
  readonly name: string;
  /** For people who look into the table; it gives no right to the lease. */
  readonly owner: string;
  readonly ttlMs: number;
}

/** Null while another holds it, and also while an earlier one of the same owner does. */
export async function acquireLease(pool: Queryable, { name, owner, ttlMs }: AcquireLease): Promise<Lease | null> {
  const { rows } = await pool.query<{ token: string }>(
    `insert into lease as held (name, owner, token, until) values ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
     on conflict (name) do update set owner = excluded.owner, token = held.token + 1, until = excluded.until
       where held.until < clock_timestamp()
     returning token`,
    [name, owner, ttlMs],
  );
  if (!rows[0]) return null;
  const token = BigInt(rows[0].token);
  const extend = (ms: number) =>
    pool.query(`update lease set until = clock_timestamp() + $3 * interval '1 millisecond' where name = $1 and token = $2`, [
      name,
      token,
      ms,
    ]);
  return {
    name,
    token,
    renew: async () => {
      const { rowCount } = await extend(ttlMs);
      if (!rowCount) throw lost(name);
    },
    release: async () => {
      await extend(0);
    },
    check: (client) => assertLease(client, { name, token }),
  };
}

export interface HoldLease extends AcquireLease {
  readonly pool: Queryable;
  readonly onError: (error: unknown) => void;
}

export interface HeldLease {
  readonly lease: Lease;
  /** Aborted once another process has it. */
  readonly signal: AbortSignal;
}

/** Works under a lease that is renewed meanwhile and given back at the end, whatever ends it. Null while another one holds it. */
export async function holdLease<T>(
  { pool, onError, ...wanted }: HoldLease,
  work: (held: HeldLease) => Promise<T>,
): Promise<T | null> {
  const lease = await acquireLease(pool, wanted);
  if (!lease) return null;
  const lost = new AbortController();
  const heartbeat = setInterval(() => {
    lease.renew().catch((error: unknown) => {
      if (isDomainError(error)) lost.abort(); // another failure may pass before the lease runs out
    });
  }, wanted.ttlMs / 5);
  try {
    return await work({ lease, signal: lost.signal });
  } finally {
    clearInterval(heartbeat);
    await lease.release().catch(onError);
  }
}

/**
 * Refuses a transaction under an older token. The row stays locked until the transaction ends, so no one takes the lease over
 * between this check and the commit; for the same reason a lease that has run out, but that no one took, still passes.
 */
export async function assertLease(client: Queryable, { name, token }: { name: string; token: bigint }): Promise<void> {
  const text = 'select 1 from lease where name = $1 and token = $2 for share';
  const { rowCount } = await client.query({ name: 'lease check', text, values: [name, token] });
  if (!rowCount) throw lost(name);
}

const lost = (name: string): DomainError =>
  new DomainError('LEASE_LOST', `Another process has taken over "${name}".`, { details: { lease: name } });
