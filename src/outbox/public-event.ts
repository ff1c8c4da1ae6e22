/** An event as those outside see it, wherever it is told: with public ids, and nothing that is only the log's own. Pure. */
import { publicId } from '../kernel/ids.ts';
import type { SealedEvent } from './event.ts';

/** By the kind of a record, the prefix of its ids. */
export type Prefixes = ReadonlyMap<string, string>;

/** Also the id of the message that tells of it: the same each time it is sent. */
export const eventIdOf = ({ eventId }: Pick<SealedEvent, 'eventId'>): string => publicId('evt', eventId);

const shown = (prefix: string, uuid: string | null): string | null => (uuid === null ? null : publicId(prefix, uuid));

export const publicEvent = (event: SealedEvent, prefixes: Prefixes) => ({
  id: eventIdOf(event),
  type: event.type,
  typeVersion: event.typeVersion,
  recordKind: event.recordKind,
  recordId: publicId(prefixes.get(event.recordKind) ?? 'rec', event.recordId),
  recordVersion: event.recordVersion,
  legalEntityId: shown('le', event.legalEntityId),
  accountId: shown('acc', event.accountId),
  customerId: shown('cus', event.customerId),
  actorId: publicId('act', event.actorId),
  occurredAt: event.occurredAt,
  recordedAt: event.recordedAt,
  effectiveOn: event.effectiveOn,
  payload: event.payload,
});
