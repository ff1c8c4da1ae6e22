/**
 * An event as the database holds it: its columns as SQL, and a row as a `SealedEvent`. Instants are read as text with all six
 * decimals, since a `Date` would drop three of them and the chain must cover what is stored.
 */
import { DomainError } from '../kernel/errors.ts';
import type { SealedEvent } from './event.ts';

/** What inbox and log have in common, as read: instants are text still. */
export interface EnvelopeRow extends Omit<SealedEvent, 'position' | 'hash' | 'holderId' | 'occurredAt' | 'recordedAt'> {
  readonly occurredAt: string;
  readonly recordedAt: string;
}

export interface EventRow extends EnvelopeRow {
  readonly position: string;
  readonly hash: string;
  readonly personalDigest: string | null;
}

/** An event with what is known of its owners today. */
export interface SealedRow extends EventRow {
  readonly holderId: string | null;
}

const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The select list of an `EnvelopeRow` over a table alias. */
export const envelopeColumns = (alias: string): string => `
  ${alias}.tenant_id as "tenantId", ${alias}.event_id as "eventId", ${alias}.type, ${alias}.type_version as "typeVersion",
  ${alias}.legal_entity_id as "legalEntityId", ${alias}.account_id as "accountId", ${alias}.customer_id as "customerId",
  ${alias}.record_kind as "recordKind", ${alias}.record_id as "recordId", ${alias}.record_version as "recordVersion",
  ${alias}.actor_id as "actorId", ${alias}.request_id as "requestId", ${alias}.cause_id as "causeId", ${alias}.source,
  ${instant(`${alias}.occurred_at`)} as "occurredAt", to_char(${alias}.effective_on, 'YYYY-MM-DD') as "effectiveOn",
  ${instant(`${alias}.recorded_at`)} as "recordedAt", ${alias}.payload`;

/** The select list of an `EventRow`. */
export const eventColumns = (alias: string): string => `
  ${alias}.position, ${alias}.hash, ${alias}.personal_digest as "personalDigest", ${envelopeColumns(alias)}`;

/** The select list of a `SealedRow`. */
export const sealedColumns = (alias: string): string => `${eventColumns(alias)},
  (select a.customer_id from customer_account a where a.tenant_id = ${alias}.tenant_id and a.id = ${alias}.account_id) as "holderId"`;

export function toSealedEvent({ personalDigest: _, ...row }: SealedRow): SealedEvent {
  return { ...row, position: BigInt(row.position), occurredAt: new Date(row.occurredAt), recordedAt: new Date(row.recordedAt) };
}

const CURSOR_TEXT = /^(0|[1-9]\d{0,17})$/;

/** A position as clients hold it. */
export const cursorText = (position: bigint): string => position.toString();

/** @throws CURSOR_INVALID unless it is a position in decimal digits */
export function parseCursor(text: string): bigint {
  if (CURSOR_TEXT.test(text)) return BigInt(text);
  throw new DomainError(
    'CURSOR_INVALID',
    `${JSON.stringify(text.slice(0, 40))} is not a cursor of an event: send one as the API returned it.`,
  );
}
