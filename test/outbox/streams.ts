// Reading from subscriptions.
import type { SealedEvent } from '../../src/outbox/event.ts';

export async function take(events: AsyncIterable<SealedEvent>, count: number): Promise<SealedEvent[]> {
  const taken: SealedEvent[] = [];
  if (count === 0) return taken;
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}
export const positionsOf = (events: readonly SealedEvent[]): bigint[] => events.map(({ position }) => position);
