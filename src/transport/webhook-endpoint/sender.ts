/**
 * The loop of a process that sends: in one transaction the attempts that ended since its last turn are noted together and what is due by now is
 * taken on by fair shares; then the log is laid out, where it has grown. It renews what it has, and gives it back when it ends.
 */
import { monotonicMs } from '../../kernel/clock.ts';
import { ERROR_CODES, isDomainError } from '../../kernel/errors.ts';
import { type PoolClient, type Queryable, transaction } from '../../outbox/connection.ts';
import type { Prefixes } from '../../outbox/public-event.ts';
import { createWakeUp } from '../../outbox/wake-up.ts';
import { workUntil } from '../../outbox/work-loop.ts';
import { translateDatabaseError } from '../../write/database-errors.ts';
import { type Claim, claimDeliveries, claimKey, type Ended, queuedEndpoints, renewClaims } from './claims.ts';
import { endAttempts, type Noted } from './endings.ts';
import type { WebhookEngines } from './engines.ts';
import { hasToLayOut, layOut } from './lay-out.ts';
import { attempt, judge } from './send.ts';
import { type Queued, type Share, sharesOf } from './shares.rules.ts';

interface UnderWay {
  readonly claim: Claim;
  readonly aborting: AbortController;
  readonly answered: Promise<void>;
}

/** Requests that are under way when it is to stop get so long to be answered. */
const STOP_MS = 3_000;
const RENEWALS_PER_CLAIM = 4;
/** So often it looks itself whether there is anything to lay out. */
const LOOK_MS = 1_000;
const NONE: Noted = { noted: [], busy: [], failingSince: new Map() };

export interface SenderOptions extends WebhookEngines {
  readonly stream: { onAdvance(callback: () => void): () => void };
  /** Told of each attempt that was noted. */
  readonly onEnded: (ended: Ended) => void;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #prefixes: Prefixes;
  /** Until they are noted. */
  readonly #underWay = new Map<string, UnderWay>();
  readonly #servedAt = new Map<string, number>();
  readonly #wakeUp = createWakeUp();
  /** Ended, but not noted yet. */
  #ended: Ended[] = [];
  /** So many of them are noted together; one by one after they couldn't be. */
  #togetherMaxCount = Infinity;
  /** The first of them was busy the last time. */
  #isLate = false;
  #isLogNew = true;
  #lookedAtMs = 0;
  #turn = 0;
  #running: Promise<void> | null = null;
  #stopping = new AbortController();
  #isEnding = false;
  #renewing: NodeJS.Timeout | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#prefixes = new Map(options.catalogue.records.map(({ name, definition }) => [name, definition.prefix]));
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
    await Promise.all([...this.#underWay.values()].map(({ answered }) => answered));
    clearTimeout(timer);
    // what can't be noted any more is tried again by others
    while (this.#ended.length > 0 && (await this.#take(true).catch(this.#options.onError)) !== undefined);
    this.#ended = [];
    this.#underWay.clear();
    clearInterval(this.#renewing);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { stream, onError } = this.#options;
    const leave = stream.onAdvance(() => {
      this.#isLogNew = true;
      this.#wakeUp.wake();
    });
    const work = async () => {
      const count = await this.#take();
      const isLaidOut = await this.#layOut();
      // all that can be taken on is, so there is nothing to do before something is answered, laid out or due
      return { isBusy: isLaidOut || count > 0, isToRest: !isLaidOut };
    };
    await workUntil(signal, { wakeUp: this.#wakeUp, onError, work });
    leave();
  }

  /** Where the log says so, and now and then: endpoints that are behind may have room, and another process may have died at it. */
  async #layOut(): Promise<boolean> {
    const isDue = monotonicMs() - this.#lookedAtMs >= LOOK_MS;
    if (!this.#isLogNew && !isDue) return false;
    this.#isLogNew = false;
    this.#lookedAtMs = monotonicMs();
    if (!(await hasToLayOut(this.#options))) return false;
    this.#isLogNew = await layOut(this.#options);
    return true;
  }

  /** One turn; at the end of the process it takes nothing on. Returns how much was noted and taken on. */
  async #take(isLast = false): Promise<number> {
    const { pool, clock, limits, claimTtlMs: ttlMs } = this.#options;
    const perEndpoint = limits.webhooksPerEndpointMaxCount;
    const ended = this.#ended.slice(0, this.#togetherMaxCount);
    const begin = async (client: Queryable, done: Noted) => {
      const now = clock.now();
      const shares = isLast ? [] : this.#sharesOf(await queuedEndpoints(client, now), done);
      const claims = shares.length > 0 ? await claimDeliveries(client, { now, shares, ttlMs, perEndpoint }) : [];
      return { done, shares, claims };
    };
    const note = async (client: PoolClient) => begin(client, await endAttempts(client, ended, this.#isLate));
    const turn = ended.length > 0 ? transaction(pool, note) : begin(pool, NONE);
    const { done, shares, claims } = await turn.catch((error: unknown) => this.#failed(ended, error));
    this.#forget(ended, done);
    for (const { endpointId } of shares) this.#servedAt.set(endpointId, this.#turn);
    for (const claim of claims) this.#send(claim);
    for (const one of done.noted) {
      this.#options.onEnded(one);
      await judge(this.#options, one, done.failingSince.get(one.claim.endpointId) ?? null).catch(this.#options.onError);
    }
    return done.noted.length + claims.length;
  }

  #forget(ended: readonly Ended[], { busy }: Noted): void {
    this.#togetherMaxCount = Infinity;
    this.#isLate = busy.length > 0;
    this.#ended = [...busy, ...this.#ended.slice(ended.length)];
    const kept = new Set(busy);
    for (const one of ended) if (!kept.has(one)) this.#underWay.delete(claimKey(one.claim));
    if (this.#ended.length > 0) this.#wakeUp.wake();
  }

  /** What can't be noted together is noted one by one; what can't be by itself is tried again when its claim has run out. */
  #failed(ended: readonly Ended[], error: unknown): never {
    const [one] = ended;
    const known = translateDatabaseError(error);
    const mayPass = isDomainError(known) && ERROR_CODES[known.code].retryable;
    if (ended.length === 1 && one && !mayPass) {
      this.#ended = this.#ended.slice(1);
      this.#underWay.delete(claimKey(one.claim));
    } else this.#togetherMaxCount = mayPass ? Infinity : 1;
    throw error;
  }

  /** Of those with something due, who may send how much: what was noted just now is under way no more. */
  #sharesOf(queued: readonly Queued[], { noted }: Noted): readonly Share[] {
    const over = new Set(noted.map(({ claim }) => claimKey(claim)));
    const held = [...this.#underWay.values()].filter(({ claim }) => !over.has(claimKey(claim)));
    const counted = (key: (claim: Claim) => string): ReadonlyMap<string, number> => {
      const counts = new Map<string, number>();
      for (const { claim } of held) counts.set(key(claim), (counts.get(key(claim)) ?? 0) + 1);
      return counts;
    };
    const { webhooksPerProcessMaxCount: places, webhooksPerEndpointMaxCount: perEndpoint } = this.#options.limits;
    const served = (endpointId: string): number => this.#servedAt.get(endpointId) ?? 0;
    this.#turn++;
    // forgotten are those with nothing due: they come first when they have something again
    const turns = queued.map(({ endpointId }) => [endpointId, served(endpointId)] as const);
    this.#servedAt.clear();
    for (const [endpointId, turn] of turns) this.#servedAt.set(endpointId, turn);
    return sharesOf({
      queued: queued.toSorted((a, b) => served(a.endpointId) - served(b.endpointId)),
      ofEndpoint: counted((claim) => claim.endpointId),
      ofTenant: counted((claim) => claim.tenantId),
      places,
      perEndpoint,
    });
  }

  #send(claim: Claim): void {
    const aborting = new AbortController();
    const sending = {
      engines: this.#options,
      prefixes: this.#prefixes,
      signal: aborting.signal,
      isStopping: () => this.#isEnding,
    };
    const answered = attempt(sending, claim)
      .then((ended) => {
        if (ended) this.#ended.push(ended);
        else this.#underWay.delete(claimKey(claim));
      })
      .catch((error: unknown) => {
        this.#underWay.delete(claimKey(claim));
        this.#options.onError(error);
      })
      .finally(() => this.#wakeUp.wake());
    this.#underWay.set(claimKey(claim), { claim, aborting, answered });
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
