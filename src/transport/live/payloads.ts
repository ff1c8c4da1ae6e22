/**
 * The newest answers of all groups, so that those who come back within a moment cost no execution. Bounded in bytes and in age. They are kept
 * as texts: a small buffer is a part of one of 64 KB, which it would keep, with the frames of a moment ago that are the rest of it.
 */
import { monotonicMs } from '../../kernel/clock.ts';

interface Kept {
  readonly text: string;
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

  get(key: string): string | undefined {
    const kept = this.#kept.get(key);
    return kept && monotonicMs() - kept.madeAtMs < KEPT_MS ? kept.text : undefined;
  }

  put(key: string, text: string): void {
    this.#drop(key);
    const madeAtMs = monotonicMs();
    this.#kept.set(key, { text, madeAtMs });
    this.#bytes += bytesOf(text);
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
    this.#bytes -= bytesOf(kept.text);
  }
}

/** A character takes one byte or, as soon as one of the text needs it, each takes two. */
const bytesOf = (text: string): number => 2 * text.length + ENTRY_BYTES;
