/**
 * What the audit chain consists of: the hash of an event over the one before it, and the digest of its personal fields. Both are
 * stored for ever, so their form must never change: SHA-256 in hex over canonical JSON, instants with six decimals.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../kernel/json.ts';
import type { EnvelopeRow } from './event-row.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface HashedEvent {
  /** The hash of the tenant's event before; null for its first. */
  readonly previous: string | null;
  readonly position: string;
  readonly personalDigest: string | null;
  readonly envelope: EnvelopeRow;
}

export function hashEvent({ previous, position, personalDigest, envelope }: HashedEvent): string {
  return sha256(
    canonicalJson({
      previous,
      position,
      personalDigest,
      tenantId: envelope.tenantId,
      eventId: envelope.eventId,
      type: envelope.type,
      typeVersion: envelope.typeVersion,
      legalEntityId: envelope.legalEntityId,
      accountId: envelope.accountId,
      customerId: envelope.customerId,
      recordKind: envelope.recordKind,
      recordId: envelope.recordId,
      recordVersion: envelope.recordVersion,
      actorId: envelope.actorId,
      requestId: envelope.requestId,
      causeId: envelope.causeId,
      source: envelope.source,
      occurredAt: envelope.occurredAt,
      effectiveOn: envelope.effectiveOn,
      recordedAt: envelope.recordedAt,
      payload: envelope.payload,
    }),
  );
}

/** Salted, so that an erased value can't be found again by hashing guesses. */
export const personalDigest = (salt: string, fields: unknown): string => sha256(salt + canonicalJson(fields));
