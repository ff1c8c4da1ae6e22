/** Intuit's limits on how fast a company is asked, by the simulator's clock, and how often clients broke them. */

export interface Limits {
  /** Requests to one company. */
  readonly perMinute: number;
  /** Batches among them. */
  readonly batchesPerMinute: number;
  /** At once. */
  readonly concurrent: number;
}

export const INTUIT_LIMITS: Limits = { perMinute: 500, batchesPerMinute: 40, concurrent: 10 };
const MINUTE_MS = 60_000;

export class Throttle {
  readonly #now: () => Date;
  #requests: number[] = [];
  #batches: number[] = [];
  #underWay = 0;
  #violations = 0;
  /** Null: none is kept to. */
  limits: Limits | null = INTUIT_LIMITS;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get violations(): number {
    return this.#violations;
  }

  /** Counts a request in. False when it comes too soon; call `leave` either way once it has been answered. */
  enter(isBatch: boolean): boolean {
    this.#underWay += 1;
    if (this.limits === null) return true;
    const nowMs = this.#now().getTime();
    this.#requests = within(this.#requests, nowMs);
    this.#batches = within(this.#batches, nowMs);
    const { perMinute, batchesPerMinute, concurrent } = this.limits;
    const isTooSoon =
      this.#underWay > concurrent || this.#requests.length >= perMinute || (isBatch && this.#batches.length >= batchesPerMinute);
    if (isTooSoon) this.#violations += 1;
    else {
      this.#requests.push(nowMs);
      if (isBatch) this.#batches.push(nowMs);
    }
    return !isTooSoon;
  }

  leave(): void {
    this.#underWay -= 1;
  }
}

/** Times of the last minute; those to come, where the clock was set back, are forgotten. */
const within = (times: number[], nowMs: number): number[] => {
  const first = times[0];
  if (first === undefined || (first > nowMs - MINUTE_MS && (times.at(-1) ?? 0) <= nowMs)) return times;
  return times.filter((ms) => ms > nowMs - MINUTE_MS && ms <= nowMs);
};
