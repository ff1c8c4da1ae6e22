/** How much a system takes at once. S/4HANA publishes no number of requests: too many at once overload it, and a gateway in front says 429. */

/** As SAP's own guides let clients run in parallel. */
const CONCURRENT_DEFAULT = 4;

export class Throttle {
  #underWay = 0;
  #violations = 0;
  /** Requests at once; null: as many as come. */
  concurrent: number | null;

  constructor(concurrent: number | null = CONCURRENT_DEFAULT) {
    this.concurrent = concurrent;
  }

  get violations(): number {
    return this.#violations;
  }

  /** Counts a request in. False when there are too many; call `leave` either way once it has been answered. */
  enter(): boolean {
    this.#underWay += 1;
    const isInTime = this.concurrent === null || this.#underWay <= this.concurrent;
    if (!isInTime) this.#violations += 1;
    return isInTime;
  }

  leave(): void {
    this.#underWay -= 1;
  }
}
