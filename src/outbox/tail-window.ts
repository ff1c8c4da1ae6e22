/**
 * The newest events of one tenant, shared by all its subscribers in this process, so that one event costs one read however many
 * follow. Bounded: who is further behind reads pages from the log. It holds no cursor of anybody.
 */
import type { SealedEvent } from './event.ts';

export interface TailWindow {
  /** Everything after `start` and up to `last` is here. */
  readonly start: bigint;
  readonly last: bigint;
  append(events: readonly SealedEvent[]): void;
  /** The events after a position that isn't before `start`. */
  after(position: bigint): readonly SealedEvent[];
  /** Resolves when events were appended, or by the signal. */
  moved(signal: AbortSignal): Promise<void>;
  subscribers: number;
}

export function createWindow({ start, size }: { start: bigint; size: number }): TailWindow {
  let events: SealedEvent[] = [];
  let last = start;
  const waiting = new Set<() => void>();
  return {
    subscribers: 0,
    get start() {
      return start;
    },
    get last() {
      return last;
    },
    append: (more) => {
      events.push(...more);
      last = events.at(-1)?.position ?? last;
      if (events.length > size) {
        const dropped = events.length - size;
        start = events[dropped - 1]?.position ?? start;
        events = events.slice(dropped);
      }
      for (const wake of waiting) wake(); // each takes itself out, and those that come wait for the next
    },
    after: (position) => events.slice(firstAfter(events, position)),
    moved: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake);
        if (signal.aborted) wake();
      }),
  };
}

function firstAfter(events: readonly SealedEvent[], position: bigint): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as SealedEvent).position > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
