/** Puts the events of n decisions into the inbox, in the transaction of their effect. A payload that breaks its contract is our fault and stops it. */
import { type EventDefinition, type EventDraft } from '../outbox/event.ts';
import { sql } from '../read/sql.ts';
import type { CommandContext } from './command.ts';
import { carried, type Session, unnest } from './transaction.ts';

const COLUMNS = (
  [
    ['tenant_id', 'uuid'],
    ['event_id', 'uuid'],
    ['type', 'text'],
    ['type_version', 'int'],
    ['legal_entity_id', 'uuid'],
    ['account_id', 'uuid'],
    ['customer_id', 'uuid'],
    ['record_kind', 'text'],
    ['record_id', 'uuid'],
    ['record_version', 'int'],
    ['actor_id', 'uuid'],
    ['request_id', 'text'],
    ['cause_id', 'uuid'],
    ['source', 'text'],
    ['occurred_at', 'timestamptz'],
    ['effective_on', 'date'],
    ['recorded_at', 'timestamptz'],
    ['payload', 'jsonb'],
    ['personal', 'jsonb'],
  ] as const
).map(([column, type]) => ({ column, property: column, type }));

/** In which tenant, by whom, and when. */
export type EventContext = Pick<CommandContext, 'now' | 'newId' | 'observing'> & {
  readonly tenant: Pick<CommandContext['tenant'], 'id'>;
  readonly principal: Pick<CommandContext['principal'], 'actorId'>;
};

export interface EventsToAppend {
  readonly definitions: ReadonlyMap<string, EventDefinition>;
  readonly drafts: readonly EventDraft[];
  readonly context: EventContext;
  readonly requestId: string;
}

export const appendEvents = (session: Session, source: EventsToAppend): Promise<void> => appendAllEvents(session, [source]);

/** What several did at once, each in the name of its own. */
export async function appendAllEvents(session: Session, sources: readonly EventsToAppend[]): Promise<void> {
  const rows = sources.flatMap(rowsOf);
  if (rows.length === 0) return;
  await session.change(
    sql`insert into event_inbox (${sql.join(COLUMNS.map((c) => sql.id(c.column)))}) select ${sql.join(COLUMNS.map(carried))} from ${unnest(COLUMNS, rows)}`,
  );
}

const rowsOf = ({ definitions, drafts, context, requestId }: EventsToAppend) =>
  drafts.map((draft) => {
    const definition = definitions.get(draft.type);
    if (!definition || definition.record !== draft.recordKind)
      throw new Error(`${draft.type} isn't declared as an event of ${draft.recordKind}`);
    return {
      tenant_id: context.tenant.id,
      event_id: context.newId(),
      type: draft.type,
      type_version: definition.version,
      legal_entity_id: draft.legalEntityId,
      account_id: draft.accountId,
      customer_id: draft.customerId,
      record_kind: draft.recordKind,
      record_id: draft.recordId,
      record_version: draft.recordVersion,
      actor_id: context.principal.actorId,
      request_id: requestId,
      cause_id: draft.causeId ?? null,
      source: draft.source ?? context.observing?.code ?? null,
      occurred_at: draft.occurredAt ?? context.now,
      effective_on: draft.effectiveOn ?? null,
      recorded_at: context.now,
      payload: definition.payload.parse(draft.payload),
      personal: draft.personal ?? null,
    };
  });
