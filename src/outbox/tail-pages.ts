/**
 * Pages of one tenant's log that were read a moment ago: after a restart thousands come back from nearly the same place, each with a
 * filter of its own, and the database is asked once for all of them. What was sealed never changes, so neither do they.
 */
import type { SealedEvent } from './event.ts';

export interface LogPage {
  readonly events: readonly SealedEvent[];
  /** There is nothing more up to here. */
  readonly upTo: bigint;
  /** What the log had forgotten when it had been read. */
  readonly floor: bigint;
}

interface Kept {
  /** Types and kinds, which are asked of the database. */
  readonly filter: string;
  readonly from: bigint;
  readonly page: Promise<LogPage>;
  upTo: bigint | null;
}

const KEPT_MAX = 8;
const KEPT_MS = 10_000;
/** Pages begin at multiples of it, so that those who come from different places read the same. */
const STEP = 1_000n;

export class LogPages {
  #kept: Kept[] = [];

  /** A page that begins at or before a position and ends after it. */
  async after(position: bigint, filter: string, read: (from: bigint) => Promise<LogPage>): Promise<LogPage> {
    for (const kept of this.#kept.filter((one) => one.filter === filter && one.from <= position)) {
      const page = await kept.page.catch(() => null);
      if (page && page.upTo > position) return page;
    }
    const isNext = this.#kept.some(({ upTo }) => upTo === position);
    return this.#read(isNext ? position : position - (position % STEP), filter, read);
  }

  #read(from: bigint, filter: string, read: (from: bigint) => Promise<LogPage>): Promise<LogPage> {
    // somebody may have asked while the others were waited for
    const asked = this.#kept.find((one) => one.filter === filter && one.from === from && one.upTo === null);
    if (asked) return asked.page;
    const page = read(from);
    const kept: Kept = { filter, from, page, upTo: null };
    this.#kept = [...this.#kept, kept].slice(-KEPT_MAX);
    const drop = (): void => {
      this.#kept = this.#kept.filter((one) => one !== kept);
    };
    page.then(({ upTo }) => {
      kept.upTo = upTo;
      setTimeout(drop, KEPT_MS).unref();
    }, drop);
    return page;
  }
}
