/** What a subscriber asks for of the log, as a test of one event. It narrows only: who may see an event is decided elsewhere. */
import type { SealedEvent } from './event.ts';

export interface EventFilter {
  readonly types?: readonly string[] | undefined;
  readonly recordKinds?: readonly string[] | undefined;
  /** Bare uuids, like the following. */
  readonly recordId?: string | undefined;
  readonly accountId?: string | undefined;
  /** Also what happens on accounts that the customer has now. */
  readonly customerId?: string | undefined;
}

export const isWanted = (event: SealedEvent, { types, recordKinds, recordId, accountId, customerId }: EventFilter): boolean =>
  (types === undefined || types.includes(event.type)) &&
  (recordKinds === undefined || recordKinds.includes(event.recordKind)) &&
  (recordId === undefined || event.recordId === recordId) &&
  (accountId === undefined || event.accountId === accountId) &&
  (customerId === undefined || event.customerId === customerId || event.holderId === customerId);
