/**
 * What an endpoint is sent: the event as the subscription `events` shows it, and no record. So a message is the same whenever and
 * however often it is sent (but for an account's customer, where two were found to be one), and holds no more than the event says. Pure.
 */
import { publicId } from '../../kernel/ids.ts';
import { cursorText } from '../../outbox/event-row.ts';
import type { SealedEvent } from '../../outbox/event.ts';

/** By the kind of a record, the prefix of its ids. */
export type Prefixes = ReadonlyMap<string, string>;

const optional = (prefix: string, uuid: string | null): string | null => (uuid === null ? null : publicId(prefix, uuid));

/** @example messageOf(event, prefixes) // '{"type":"invoice.issued","timestamp":"2026-…","cursor":"42","data":{…}}' */
export function messageOf(event: SealedEvent, prefixes: Prefixes): string {
  const { type, position, recordKind, recordId, legalEntityId, accountId, customerId, holderId, actorId } = event;
  return JSON.stringify({
    type,
    timestamp: event.occurredAt.toISOString(),
    cursor: cursorText(position),
    data: {
      id: eventIdOf(event),
      type,
      typeVersion: event.typeVersion,
      recordKind,
      recordId: publicId(prefixes.get(recordKind) ?? 'rec', recordId),
      recordVersion: event.recordVersion,
      legalEntityId: optional('le', legalEntityId),
      accountId: optional('acc', accountId),
      customerId: optional('cus', customerId ?? holderId),
      actorId: publicId('act', actorId),
      occurredAt: event.occurredAt.toISOString(),
      recordedAt: event.recordedAt.toISOString(),
      effectiveOn: event.effectiveOn,
      payload: event.payload,
    },
  });
}

/** Also the id of the message, the same for each attempt and each repetition: by it a receiver knows what it has. */
export const eventIdOf = ({ eventId }: Pick<SealedEvent, 'eventId'>): string => publicId('evt', eventId);
