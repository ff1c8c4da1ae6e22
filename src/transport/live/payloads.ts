/** The newest answers of all groups, so that those who come back within a moment cost no execution. Bounded in bytes and in age. */
import { monotonicMs } from '../../kernel/clock.ts';

interface Kept {
  readonly payload: Buffer;
  readonly madeAtMs: number;
}

/** An older one might show what has been changed since; it is made anew. */
const KEPT_MS = 60_000;
/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 200;

export class Payloads {
  readonly #kept = new Map<string, Kept>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): Buffer | undefined {
    const kept = this.#kept.get(key);
    return kept && monotonicMs() - kept.madeAtMs < KEPT_MS ? kept.payload : undefined;
  }

  put(key: string, payload: Buffer): void {
    this.#drop(key);
    const madeAtMs = monotonicMs();
    this.#kept.set(key, { payload, madeAtMs });
    this.#bytes += payload.length + ENTRY_BYTES;
    // the first is the oldest
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes <= this.#maxBytes && madeAtMs - kept.madeAtMs < KEPT_MS) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    this.#bytes -= kept.payload.length + ENTRY_BYTES;
  }
}
