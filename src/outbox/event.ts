/**
 * Events as a contract: their names, versions and payloads (declared by each noun) and the envelope that the log gives them.
 * A payload is flat and holds the lifecycle step and the money and quantities after it; personal fields and texts before and
 * after an edit go into `personal`, which can be erased without breaking the chain.
 */
import type { z } from 'zod';

export interface EventDefinition {
  /** `invoice.issued`: noun, dot, what happened. */
  readonly type: string;
  /** Raised when the payload changes other than by an addition. */
  readonly version: number;
  readonly record: string;
  readonly description: string;
  readonly payload: z.ZodObject;
}

export const defineEvents = (
  record: string,
  events: Readonly<Record<string, Omit<EventDefinition, 'type' | 'record' | 'version'> & { version?: number }>>,
): readonly EventDefinition[] =>
  Object.entries(events).map(([type, e]) => ({ version: 1, ...e, payload: e.payload.strict(), type, record }));

export type EventPayload = Readonly<Record<string, string | number | boolean | null>>;

/** What a command says happened. The runner adds actor, request and times. */
export interface EventDraft {
  readonly type: string;
  readonly recordKind: string;
  readonly recordId: string;
  readonly recordVersion: number;
  readonly legalEntityId: string | null;
  readonly accountId: string | null;
  readonly customerId: string | null;
  /** Checked against the event's definition when it is written. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly personal?: Readonly<Record<string, unknown>>;
  readonly effectiveOn?: string | null;
  /** The ERP's time of it; ours where absent. */
  readonly occurredAt?: Date;
  readonly causeId?: string;
  readonly source?: string;
}

/** An event of the sealed log. `position` is dense over the whole database and is the cursor of everything. */
export interface SealedEvent {
  readonly tenantId: string;
  readonly position: bigint;
  readonly eventId: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly legalEntityId: string | null;
  readonly accountId: string | null;
  readonly customerId: string | null;
  /** The customer that has the account now. */
  readonly holderId: string | null;
  readonly recordKind: string;
  readonly recordId: string;
  readonly recordVersion: number;
  readonly actorId: string;
  readonly requestId: string;
  readonly causeId: string | null;
  readonly source: string | null;
  readonly occurredAt: Date;
  readonly effectiveOn: string | null;
  readonly recordedAt: Date;
  readonly payload: EventPayload;
  readonly hash: string;
}

/** Positions after `from` up to and including `to` weren't delivered: what they changed has to be read anew. */
export interface LogGap {
  readonly from: bigint;
  readonly to: bigint;
  /** The log has forgotten them, or there were too many to catch up with. */
  readonly reason: 'PRUNED' | 'TOO_FAR_BEHIND';
}

/** What a subscriber gets, in order of position. */
export type LogMessage = { readonly event: SealedEvent; readonly gap: null } | { readonly event: null; readonly gap: LogGap };
