/**
 * What an endpoint is sent: the event as it stands in the log, with nothing read beside it. So a message is the same whenever and however
 * often it is sent, and never holds more than the event says: of an account not the customer that has it now, as `events` shows it. Pure.
 */
import { cursorText } from '../../outbox/event-row.ts';
import type { SealedEvent } from '../../outbox/event.ts';
import { type Prefixes, publicEvent } from '../../outbox/public-event.ts';

/** @example messageOf(event, prefixes) // '{"type":"invoice.issued","timestamp":"2026-…","cursor":"42","data":{…}}' */
export function messageOf(event: SealedEvent, prefixes: Prefixes): string {
  const { type, occurredAt: timestamp, position } = event;
  const cursor = cursorText(position);
  return JSON.stringify({ type, timestamp, cursor, data: { cursor, ...publicEvent(event, prefixes) } });
}
