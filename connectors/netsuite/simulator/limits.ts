/** NetSuite's limit on how many requests an account takes at once, shared by all of its integrations, and how often clients broke that or another limit. */

export const STANDARD_CONCURRENCY = 5;

export class Governance {
  /** Null: any number. */
  limit: number | null;
  #underWay = 0;
  #violations = 0;

  constructor(limit: number | null) {
    this.limit = limit;
  }

  get violations(): number {
    return this.#violations;
  }

  /** False when there are too many; call `leave` either way once it has been answered. */
  enter(): boolean {
    this.#underWay += 1;
    if (this.limit === null || this.#underWay <= this.limit) return true;
    this.#violations += 1;
    return false;
  }

  leave(): void {
    this.#underWay -= 1;
  }

  /** Another documented limit was broken. */
  broken(): void {
    this.#violations += 1;
  }
}
