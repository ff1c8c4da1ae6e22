/**
 * The newest events of one tenant, shared by all its subscribers in this process, so that one event costs one read however many
 * follow. Bounded: who is further behind reads pages from the log. It holds no cursor of anybody.
 */
import type { Pool } from './connection.ts';
import type { SealedEvent } from './event.ts';
import { readEvents } from './event-read.ts';

const PAGE = 1_000;

export interface TailWindow {
  /** Everything after `start` and up to `last` is here. */
  readonly start: bigint;
  readonly last: bigint;
  append(events: readonly SealedEvent[]): void;
  /** The events after a position that isn't before `start`. */
  after(position: bigint): readonly SealedEvent[];
  /** Called with what was appended, when it can be had already. Returns how to stop that. */
  listen(listener: (events: readonly SealedEvent[]) => void): () => void;
  readonly listeners: number;
}

export function createWindow({ start, size }: { start: bigint; size: number }): TailWindow {
  let events: SealedEvent[] = [];
  let last = start;
  const listening = new Set<(events: readonly SealedEvent[]) => void>();
  return {
    get start() {
      return start;
    },
    get last() {
      return last;
    },
    get listeners() {
      return listening.size;
    },
    append: (more) => {
      events.push(...more);
      last = events.at(-1)?.position ?? last;
      if (events.length > size) {
        const dropped = events.length - size;
        start = events[dropped - 1]?.position ?? start;
        events = events.slice(dropped);
      }
      for (const listener of listening) listener(more);
    },
    after: (position) => events.slice(firstAfter(events, position)),
    listen: (listener) => {
      listening.add(listener);
      return () => void listening.delete(listener);
    },
  };
}

/** Reads what each window lacks. One that is far behind holds only the end of it, see `start`. */
export async function fillWindows(pool: Pool, windows: ReadonlyMap<string, TailWindow>): Promise<void> {
  if (windows.size === 0) return;
  const { rows } = await pool.query<{ tenantId: string; position: string }>({
    name: 'tail heads',
    text: 'select tenant_id as "tenantId", position from event_chain where tenant_id = any ($1::uuid[])',
    values: [[...windows.keys()]],
  });
  for (const { tenantId, position } of rows) {
    const window = windows.get(tenantId);
    if (!window) continue;
    while (window.last < BigInt(position)) window.append(await readEvents(pool, { tenantId, after: window.last, limit: PAGE }));
  }
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
