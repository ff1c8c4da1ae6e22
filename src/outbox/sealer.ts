/**
 * The outbox: how what was written becomes a log that everyone may follow.
 *
 * A transaction that changes anything inserts its events into `event_inbox`; they exist if, and only if, it commits. Ids are
 * drawn before the commit, so they say nothing about what a reader can see: following them loses what commits late. Therefore
 * one **sealer** (this file; one in the whole database, by a lease) moves every committed row, in the order of ids, into `event`
 * with the next dense `position` and with a hash over the tenant's event before it. A record is locked by whoever writes it, so
 * its events are drawn, and sealed, in the order of its versions; what commits late simply gets a later position.
 *
 * From then on a cursor is one number: everyone reads `position > cursor`. A missing position is a lost event and nothing else.
 * The sealer tells of each batch by one NOTIFY (never a writing transaction: NOTIFY takes a lock of the whole database at its
 * commit). **Streams** (`tail.ts`) hear it and hand the events to live subscribers. **Dispatchers** (`dispatcher.ts`) follow the
 * log for a consumer that must be told reliably, and write one `delivery` row for each event with their cursor in one
 * transaction; **deliveries** (`delivery.ts`) are then tried until they are done, in order for each record. **Leases**
 * (`lease.ts`) carry a token that rises, so a process that was stopped and comes back too late commits nothing. `chain.ts`
 * proves that no one has rewritten the log; personal fields stand apart in `event_personal` and can be erased without
 * breaking it. `jobs.ts` runs everything else that happens later or at a fixed hour.
 *
 * The sealer keeps no state of its own. Whatever goes wrong (a lost connection, a restart, a lost lease), it begins anew with
 * what the database says, so an event is neither lost nor doubled. Time is the database's; no wall clock is used here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../kernel/clock.ts';
import { type Randomness, systemRandom } from '../kernel/random.ts';
import type { Pool } from './connection.ts';
import { headOnceSealed, inboxHasRows, newestInboxId } from './inbox.ts';
import { InboxFloor } from './inbox-floor.ts';
import { acquireLease, type Lease } from './lease.ts';
import { sealBatch } from './seal-batch.ts';
import { createWakeUp } from './wake-up.ts';

export interface SealerOptions {
  /** In the system role. */
  readonly pool: Pool;
  /** Names this process in the lease. */
  readonly owner: string;
  /** At most so many events in one transaction. */
  readonly batch?: number;
  readonly leaseTtlMs?: number;
  readonly random?: Randomness;
  /** Told of what went wrong; the sealer goes on by itself. */
  readonly onError?: (error: unknown) => void;
}

export interface Sealer {
  start(): void;
  /** Something was committed in this process. */
  wake(): void;
  stop(): Promise<void>;
  /** Waits until everything that is committed now is sealed, by this sealer or another one, and returns the head. */
  sealed(): Promise<bigint>;
}

export const SEALER_LEASE = 'sealer';
const LEASE_TTL_MS = 6_000;
const BATCH = 1_000;
const IDLE_MS = { from: 5, to: 50 };
const RETRY_MS = { from: 50, to: 2_000 };
/** How often, at most, to look for a higher floor of the inbox. */
const FLOOR_MS = 250;
/** A new partition is made while the last one still has so many free positions. */
const SPARE_POSITIONS = 1_000_000n;

export const createSealer = (options: SealerOptions): Sealer => new LeasedSealer(options);

class LeasedSealer implements Sealer {
  readonly #options: Required<SealerOptions>;
  readonly #wakeUp = createWakeUp();
  #floor = new InboxFloor();
  #floorCheckedAt = 0;
  #running: Promise<void> | null = null;
  #stopping = new AbortController();

  constructor(options: SealerOptions) {
    this.#options = { batch: BATCH, leaseTtlMs: LEASE_TTL_MS, random: systemRandom, onError: () => {}, ...options };
    // a new connection may lead to a server that was promoted and lacks the last ids: nothing known of them may outlive it
    options.pool.on('connect', () => {
      this.#floor = new InboxFloor();
    });
  }

  start(): void {
    if (this.#running) return;
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  wake(): void {
    this.#wakeUp.wake();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#running = null;
  }

  async sealed(): Promise<bigint> {
    const newest = await newestInboxId(this.#options.pool, this.#floor.value);
    for (;;) {
      const head = await headOnceSealed(this.#options.pool, { floor: this.#floor.value, newest });
      if (head !== null) return head;
      if (this.#running) this.wake();
      else await this.#sealHere();
      await sleep(1);
    }
  }

  /** Takes the lease again and again, until it is told to stop. */
  async #run(signal: AbortSignal): Promise<void> {
    let retryMs = RETRY_MS.from;
    while (!signal.aborted) {
      try {
        const lease = await this.#acquire();
        retryMs = RETRY_MS.from;
        if (lease) await this.#seal(lease, signal);
        else await rest(this.#options.leaseTtlMs / 6, signal);
      } catch (error) {
        this.#options.onError(error);
        await rest(retryMs, signal);
        retryMs = Math.min(retryMs * 2, RETRY_MS.to);
      }
    }
  }

  /** Whatever ends it, the lease is given back if it can be, so that nobody waits for it to run out. */
  async #seal(lease: Lease, signal: AbortSignal): Promise<void> {
    try {
      await this.#sealUnder(lease, signal);
    } finally {
      await lease.release().catch(this.#options.onError);
    }
  }

  async #sealUnder(lease: Lease, signal: AbortSignal): Promise<void> {
    let renewedAt = monotonicMs();
    let idleMs = IDLE_MS.from;
    while (!signal.aborted) {
      if (monotonicMs() - renewedAt > this.#options.leaseTtlMs / 3) {
        await lease.renew();
        renewedAt = monotonicMs();
      }
      await this.#raiseFloor();
      if (this.#wakeUp.reset() || (await this.#hasWork())) {
        await this.#batch(lease);
        idleMs = IDLE_MS.from;
      } else {
        await this.#wakeUp.pause(idleMs, signal);
        idleMs = Math.min(idleMs * 2, IDLE_MS.to);
      }
    }
  }

  /** Without a running loop: takes the lease, if it is free, for as long as there is work. */
  async #sealHere(): Promise<void> {
    const lease = await this.#acquire();
    if (!lease) return;
    try {
      while ((await this.#batch(lease)) === this.#options.batch) {
        await lease.renew();
        await this.#raiseFloor();
      }
    } finally {
      await lease.release();
    }
  }

  #acquire(): Promise<Lease | null> {
    return acquireLease(this.#options.pool, { name: SEALER_LEASE, owner: this.#options.owner, ttlMs: this.#options.leaseTtlMs });
  }

  async #raiseFloor(): Promise<void> {
    if (monotonicMs() - this.#floorCheckedAt < FLOOR_MS) return;
    this.#floorCheckedAt = monotonicMs();
    await this.#floor.check(this.#options.pool);
  }

  async #hasWork(): Promise<boolean> {
    const floor = this.#floor;
    const hasWork = await inboxHasRows(this.#options.pool, floor.value);
    if (!hasWork) floor.saw(null);
    return hasWork;
  }

  async #batch(lease: Lease): Promise<number> {
    const { pool, batch: limit, random } = this.#options;
    const floor = this.#floor;
    const { count, ids, position, partitionedTo } = await sealBatch({ pool, lease, limit, random, floor: floor.value });
    floor.saw(ids);
    if (partitionedTo - position <= SPARE_POSITIONS) {
      await pool.query('select ensure_event_partition($1)', [position + SPARE_POSITIONS]).catch(this.#options.onError);
    }
    return count;
  }
}

/** Not ended by `wake`: while another seals, or after an error, there is nothing to hurry for. */
const rest = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {});
