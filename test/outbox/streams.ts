// Reading from subscriptions.
import type { LogMessage, SealedEvent } from '../../src/outbox/event.ts';

/** The events of the next messages; a gap among them is an error. */
export async function take(messages: AsyncIterable<LogMessage>, count: number): Promise<SealedEvent[]> {
  const taken: SealedEvent[] = [];
  if (count === 0) return taken;
  for await (const { event, gap } of messages) {
    if (gap) throw new Error(`There is a gap from ${gap.from} to ${gap.to}.`);
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}
export const positionsOf = (events: readonly SealedEvent[]): bigint[] => events.map(({ position }) => position);
