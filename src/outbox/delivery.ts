/**
 * Reliable delivery of events to a consumer (a logistics provider, an ERP): at least once, in order for each record, tried again
 * with growing pauses, and given up visibly (DEAD) after the last attempt; a record's later events then go on. A claim that is not
 * renewed is taken over by another process. A consumer must bear the same event twice: the event's id is its key.
 */
import type { Clock } from '../kernel/clock.ts';
import { isDomainError } from '../kernel/errors.ts';
import type { Pool, Queryable } from './connection.ts';
import {
  assertClaim,
  type Claim,
  claimDeliveries,
  completeDelivery,
  failDelivery,
  postponeDelivery,
  renewClaim,
  returnDelivery,
} from './delivery-claim.ts';
import { dispatch, ensureCursor, hasNews } from './dispatcher.ts';
import type { SealedEvent } from './event.ts';
import { createWakeUp } from './wake-up.ts';
import { workUntil } from './work-loop.ts';

export interface DeliveryAttempt {
  /** From 1. */
  readonly attempt: number;
  /** Aborted when the claim is lost and when the process goes down. */
  readonly signal: AbortSignal;
  /** For a consumer that writes to this database: call it last in that transaction. @throws LEASE_LOST */
  check(client: Queryable): Promise<void>;
}

export interface Consumer {
  /** Names its cursor for ever. */
  readonly name: string;
  /** For a new consumer: from the first event, or from now on. */
  readonly startAt: 'BEGINNING' | 'NOW';
  readonly maxAttempts: number;
  accepts(event: SealedEvent): boolean;
  /** The record whose order holds, a uuid, where that isn't the event's own: the event says it in `recordId` of its payload. */
  subjectOf?(event: SealedEvent): string;
  /** @throws NotYet to be asked again without this counting as an attempt */
  deliver(event: SealedEvent, attempt: DeliveryAttempt): Promise<void>;
  /** The pause after attempt 1, 2, … has failed. */
  backoffMs(attempt: number): number;
}

/** Nothing is wrong, but it can't be done now: put off by so much, and not counted as an attempt. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  constructor(
    message: string,
    readonly retryAfterMs: number,
  ) {
    super(message);
  }
}

export interface DeliveriesOptions {
  /** In the system role. */
  readonly pool: Pool;
  readonly clock: Clock;
  readonly consumer: Consumer;
  /** Wakes it; without one it polls. */
  readonly stream?: { onAdvance(callback: () => void): () => void };
  readonly concurrency?: number;
  readonly claimTtlMs?: number;
  readonly onError?: (error: unknown) => void;
}

export interface Deliveries {
  start(): void;
  /** Waits for what is under way, at most five seconds, then aborts it. */
  stop(): Promise<void>;
  /** Works until nothing is due at the clock's time. */
  drain(): Promise<void>;
}

const DISPATCH = 500;
const CONCURRENCY = 4;
/** So that a dead process's work goes on within 30 seconds. */
const CLAIM_TTL_MS = 20_000;
const STOP_MS = 5_000;

export const createDeliveries = (options: DeliveriesOptions): Deliveries => new ConsumerDeliveries(options);

class ConsumerDeliveries implements Deliveries {
  readonly #options: Required<Omit<DeliveriesOptions, 'stream'>>;
  readonly #stream: DeliveriesOptions['stream'];
  readonly #underWay = new Set<Promise<void>>();
  readonly #wakeUp = createWakeUp();
  #hasCursor = false;
  #running: Promise<void> | null = null;
  #stopping = new AbortController();
  #aborting = new AbortController();

  constructor({ stream, ...options }: DeliveriesOptions) {
    this.#options = { concurrency: CONCURRENCY, claimTtlMs: CLAIM_TTL_MS, onError: () => {}, ...options };
    this.#stream = stream;
  }

  start(): void {
    if (this.#running) return;
    this.#stopping = new AbortController();
    this.#aborting = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#running = null;
    const timer = setTimeout(() => this.#aborting.abort(), STOP_MS);
    await Promise.all(this.#underWay);
    clearTimeout(timer);
  }

  async drain(): Promise<void> {
    await this.#dispatchAll();
    while ((await this.#begin()) > 0 || this.#underWay.size > 0) {
      if (this.#underWay.size > 0) await Promise.race(this.#underWay);
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const leave = this.#stream?.onAdvance(() => this.#wakeUp.wake());
    await workUntil(signal, {
      wakeUp: this.#wakeUp,
      onError: this.#options.onError,
      work: async () => {
        await this.#dispatchAll();
        const begun = await this.#begin();
        return { isBusy: begun > 0, isToRest: begun === 0 || this.#underWay.size >= this.#options.concurrency };
      },
    });
    leave?.();
  }

  async #dispatchAll(): Promise<void> {
    const { pool, clock, consumer } = this.#options;
    if (!this.#hasCursor) await ensureCursor(pool, consumer);
    this.#hasCursor = true;
    if (!(await hasNews(pool, consumer.name))) return;
    while ((await dispatch({ pool, clock, consumer, limit: DISPATCH })) === DISPATCH);
  }

  /** Starts what is due, as far as there is room; returns how much. */
  async #begin(): Promise<number> {
    const { pool, clock, consumer, concurrency, claimTtlMs, onError } = this.#options;
    const limit = concurrency - this.#underWay.size;
    if (limit <= 0) return 0;
    const { name, maxAttempts } = consumer;
    const claims = await claimDeliveries(pool, { consumer: name, now: clock.now(), limit, ttlMs: claimTtlMs, maxAttempts });
    for (const claim of claims) {
      const attempt = this.#deliver(claim)
        .catch(onError)
        .finally(() => {
          this.#underWay.delete(attempt);
          this.#wakeUp.wake();
        });
      this.#underWay.add(attempt);
    }
    return claims.length;
  }

  async #deliver(claim: Claim): Promise<void> {
    const { pool, clock, consumer, claimTtlMs } = this.#options;
    const aborting = this.#aborting.signal;
    const attempting = new AbortController();
    const abort = (): void => attempting.abort();
    aborting.addEventListener('abort', abort);
    const heartbeat = setInterval(() => {
      renewClaim(pool, claim, claimTtlMs).catch((error: unknown) => {
        if (isDomainError(error)) abort(); // another failure may pass before the claim runs out
      });
    }, claimTtlMs / 3);
    try {
      await consumer.deliver(claim.event, {
        attempt: claim.attempt,
        signal: attempting.signal,
        check: (client) => assertClaim(client, claim),
      });
      await completeDelivery(pool, claim, clock.now());
    } catch (error) {
      if (isDomainError(error) && error.code === 'LEASE_LOST') throw error;
      if (aborting.aborted) await returnDelivery(pool, claim);
      else if (error instanceof NotYet) await this.#postponed(claim, error);
      else await this.#failed(claim, error);
    } finally {
      clearInterval(heartbeat);
      aborting.removeEventListener('abort', abort);
    }
  }

  async #postponed(claim: Claim, { message, retryAfterMs }: NotYet): Promise<void> {
    const { pool, clock } = this.#options;
    const nextAt = new Date(clock.now().getTime() + retryAfterMs);
    await postponeDelivery(pool, claim, { reason: message.slice(0, 1_000), nextAt });
  }

  async #failed(claim: Claim, error: unknown): Promise<void> {
    const { pool, clock, consumer, onError } = this.#options;
    const isLast = claim.attempt >= consumer.maxAttempts;
    // a receiver that says when to come again is not asked before
    const asked = isDomainError(error) ? Number(error.details['retryAfterMs'] ?? 0) : 0;
    const pauseMs = Math.max(consumer.backoffMs(claim.attempt), asked);
    const nextAt = isLast ? null : new Date(clock.now().getTime() + pauseMs);
    // the text of an unknown error may hold a secret: it goes to the log only
    const text = isDomainError(error)
      ? `${error.code}: ${error.message}`
      : `INTERNAL: ${error instanceof Error ? error.name : 'unknown'}`;
    await failDelivery(pool, claim, { error: text.slice(0, 1_000), nextAt });
    if (!isDomainError(error)) onError(error);
  }
}
