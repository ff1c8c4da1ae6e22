/** The loop of a process that sends: lays out the log, takes on what is due by fair shares, renews what it has, and gives it back when it ends. */
import { isDomainError } from '../../kernel/errors.ts';
import { ensureCursor } from '../../outbox/dispatcher.ts';
import { createWakeUp } from '../../outbox/wake-up.ts';
import { workUntil } from '../../outbox/work-loop.ts';
import { type Claim, claimDeliveries, claimKey, queuedEndpoints, renewClaims } from './claims.ts';
import type { WebhookEngines } from './engines.ts';
import { layOut, WEBHOOKS } from './lay-out.ts';
import type { Prefixes } from '../../outbox/public-event.ts';
import { attempt } from './send.ts';
import { sharesOf } from './shares.rules.ts';

export interface SenderOptions extends WebhookEngines {
  readonly stream: { onAdvance(callback: () => void): () => void };
}

interface UnderWay {
  readonly claim: Claim;
  readonly aborting: AbortController;
  readonly ended: Promise<void>;
}

/** Requests that are under way when it is to stop get so long to be answered. */
const STOP_MS = 3_000;
const RENEWALS_PER_CLAIM = 4;

export class Sender {
  readonly #options: SenderOptions;
  readonly #prefixes: Prefixes;
  readonly #underWay = new Map<string, UnderWay>();
  readonly #servedAt = new Map<string, number>();
  readonly #wakeUp = createWakeUp();
  #turn = 0;
  #running: Promise<void> | null = null;
  #stopping = new AbortController();
  #isEnding = false;
  #renewing: NodeJS.Timeout | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#prefixes = new Map(options.catalogue.records.map(({ name, definition }) => [name, definition.prefix]));
  }

  /** Before the first endpoint can be made: from here on nothing is missed, and an old log isn't read through. */
  prepare(): Promise<void> {
    return ensureCursor(this.#options.pool, WEBHOOKS);
  }

  start(): void {
    if (this.#running) return;
    this.#stopping = new AbortController();
    this.#isEnding = false;
    const { claimTtlMs } = this.#options;
    this.#renewing = setInterval(() => void this.#renew(), claimTtlMs / RENEWALS_PER_CLAIM);
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Waits for what is under way, at most three seconds; the rest is given back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#running = null;
    const timer = setTimeout(() => {
      this.#isEnding = true;
      for (const { aborting } of this.#underWay.values()) aborting.abort();
    }, STOP_MS);
    await Promise.all([...this.#underWay.values()].map(({ ended }) => ended));
    clearTimeout(timer);
    clearInterval(this.#renewing);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { stream, limits, onError } = this.#options;
    const leave = stream.onAdvance(() => this.#wakeUp.wake());
    await workUntil(signal, {
      wakeUp: this.#wakeUp,
      onError,
      work: async () => {
        const hasMore = await layOut(this.#options);
        const begun = await this.#begin();
        const isFull = this.#underWay.size >= limits.webhooksPerProcessMaxCount;
        return { isBusy: hasMore || begun > 0, isToRest: !hasMore && (begun === 0 || isFull) };
      },
    });
    leave();
  }

  /** Starts what is due, as far as there is room; returns how much. */
  async #begin(): Promise<number> {
    const { pool, clock, limits, claimTtlMs } = this.#options;
    const { webhooksPerProcessMaxCount: places, webhooksPerEndpointMaxCount: perEndpoint } = limits;
    if (this.#underWay.size >= places) return 0;
    const now = clock.now();
    const queued = await queuedEndpoints(pool, now);
    if (queued.length === 0) return 0;
    const counted = (key: (claim: Claim) => string): ReadonlyMap<string, number> => {
      const counts = new Map<string, number>();
      for (const { claim } of this.#underWay.values()) counts.set(key(claim), (counts.get(key(claim)) ?? 0) + 1);
      return counts;
    };
    const served = (endpointId: string): number => this.#servedAt.get(endpointId) ?? 0;
    const shares = sharesOf({
      queued: queued.toSorted((a, b) => served(a.endpointId) - served(b.endpointId)),
      ofEndpoint: counted((claim) => claim.endpointId),
      ofTenant: counted((claim) => claim.tenantId),
      places,
      perEndpoint,
    });
    this.#turn++;
    // forgotten are those with nothing due: they come first when they have something again
    const turns = queued.map(({ endpointId }) => [endpointId, served(endpointId)] as const);
    this.#servedAt.clear();
    for (const [endpointId, turn] of turns) this.#servedAt.set(endpointId, turn);
    for (const { endpointId } of shares) this.#servedAt.set(endpointId, this.#turn);
    if (shares.length === 0) return 0;
    const claims = await claimDeliveries(pool, { now, shares, ttlMs: claimTtlMs });
    for (const claim of claims) this.#take(claim);
    return claims.length;
  }

  #take(claim: Claim): void {
    const aborting = new AbortController();
    const sending = {
      engines: this.#options,
      prefixes: this.#prefixes,
      signal: aborting.signal,
      isStopping: () => this.#isEnding,
    };
    const ended = attempt(sending, claim)
      .catch((error: unknown) => {
        // another process has it: it is that one's to tell
        if (!isDomainError(error) || error.code !== 'LEASE_LOST') this.#options.onError(error);
      })
      .finally(() => {
        this.#underWay.delete(claimKey(claim));
        this.#wakeUp.wake();
      });
    this.#underWay.set(claimKey(claim), { claim, aborting, ended });
  }

  async #renew(): Promise<void> {
    const held = [...this.#underWay.values()];
    if (held.length === 0) return;
    try {
      const kept = await renewClaims(
        this.#options.pool,
        held.map(({ claim }) => claim),
        this.#options.claimTtlMs,
      );
      for (const { claim, aborting } of held) if (!kept.has(claimKey(claim))) aborting.abort();
    } catch (error) {
      this.#options.onError(error); // it may pass before the claims run out
    }
  }
}
