/** What of an ERP's records did not fit: opened, met again and healed in the transaction of the records, with the events of it. */
import { sql } from '../../read/sql.ts';
import { appendEvents } from '../../write/events.ts';
import { type Session, unnest } from '../../write/transaction.ts';
import { syncIssueEvents } from '../connection/connection.events.ts';
import { syncIssueEvent, type ToldIssue } from '../connection/erp-request.rules.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';

export interface Trouble {
  readonly externalId: string;
  readonly recordId: string | null;
  readonly reason: 'MAPPING' | 'REFUSED' | 'MISSING_REFERENCE' | 'CONFLICT';
  readonly field: string | null;
  readonly message: string;
  /** Of a refusal by the books here. */
  readonly code?: string;
}

export interface Noting {
  readonly engines: SyncEngines;
  readonly connection: OpenConnection;
  readonly streamId: string;
  readonly recordKind: string;
  readonly requestId: string;
  readonly troubles: readonly Trouble[];
  /** External ids of records with which nothing is wrong any more. */
  readonly healed: readonly string[];
}

const DEFINITIONS = new Map(syncIssueEvents.map((event) => [event.type, event]));
const MESSAGE_MAX_CHARS = 2_000;
const COLUMNS = (
  [
    ['id', 'uuid'],
    ['external_id', 'text'],
    ['record_id', 'uuid'],
    ['reason', 'text'],
    ['field', 'text'],
    ['message', 'text'],
    ['code', 'text'],
  ] as const
).map(([column, type]) => ({ column, property: column, type }));

export async function noteIssues(session: Session, noting: Noting): Promise<void> {
  const opened = await openedOf(session, noting);
  const resolved = await resolvedOf(session, noting);
  await tellIssues(session, noting, { opened, resolved });
}

/** An issue as its row says it when it was opened or resolved. */
export type ChangedIssue = Omit<ToldIssue, 'connection' | 'lifecycle'>;
type Telling = Pick<Noting, 'engines' | 'connection' | 'requestId'>;

/** The events of it. */
export async function tellIssues(
  session: Session,
  { engines, connection, requestId }: Telling,
  { opened = [], resolved = [] }: { readonly opened?: readonly ChangedIssue[]; readonly resolved?: readonly ChangedIssue[] },
): Promise<void> {
  if (opened.length + resolved.length === 0) return;
  const told = (type: string, lifecycle: string) => (issue: ChangedIssue) =>
    syncIssueEvent(type, { ...issue, lifecycle, connection: connection.code });
  await appendEvents(session, {
    definitions: DEFINITIONS,
    drafts: [...opened.map(told('sync_issue.opened', 'OPEN')), ...resolved.map(told('sync_issue.resolved', 'RESOLVED'))],
    context: {
      tenant: { id: connection.tenantId },
      principal: await engines.systemPrincipal(connection.tenantId),
      now: connection.businessNow(),
      newId: engines.newId,
      observing: { connectionId: connection.id, code: connection.code },
    },
    requestId,
  });
}

/** Met again: counted, without an event. One that a person dismissed stays so while it says the same. */
async function openedOf(session: Session, noting: Noting): Promise<readonly ChangedIssue[]> {
  const { engines, connection, streamId, recordKind, troubles } = noting;
  if (troubles.length === 0) return [];
  const now = connection.businessNow().toISOString();
  const rows = troubles.map((trouble) => ({
    ...trouble,
    id: engines.newId(),
    external_id: trouble.externalId,
    record_id: trouble.recordId,
    code: trouble.code ?? null,
    message: trouble.message.slice(0, MESSAGE_MAX_CHARS),
  }));
  const met = await session.rows<ChangedIssue & { isNew: boolean }>(sql`
    insert into sync_issue as i (tenant_id, id, connection_id, stream_id, reason, record_kind, record_id, external_id, field, message, code,
      lifecycle, last_seen_at, created_at)
    select ${connection.tenantId}, v.id, ${connection.id}, ${streamId}, v.reason, ${recordKind}, v.record_id, v.external_id, v.field, v.message, v.code,
      'OPEN', ${now}, ${now} from ${unnest(COLUMNS, rows)}
    where not exists (select from sync_issue d where d.tenant_id = ${connection.tenantId} and d.connection_id = ${connection.id}
      and d.stream_id = ${streamId} and d.external_id = v.external_id and d.lifecycle = 'DISMISSED' and d.message = v.message)
    on conflict (tenant_id, connection_id, stream_id, external_id) where lifecycle = 'OPEN' and external_id is not null and erp_request_id is null
    do update set seen_count = i.seen_count + 1, last_seen_at = excluded.last_seen_at, reason = excluded.reason, field = excluded.field,
      message = excluded.message, code = excluded.code, record_id = coalesce(excluded.record_id, i.record_id)
    returning i.id, i.version, i.reason, i.record_kind as "recordKind", i.id = any(${sql.uuids(rows.map(({ id }) => id))}) as "isNew"`);
  return met.filter(({ isNew }) => isNew);
}

async function resolvedOf(session: Session, { connection, streamId, healed }: Noting): Promise<readonly ChangedIssue[]> {
  if (healed.length === 0) return [];
  return session.rows<ChangedIssue>(sql`
    update sync_issue i set lifecycle = 'RESOLVED', resolved_at = ${connection.businessNow().toISOString()}, version = i.version + 1
    where i.tenant_id = ${connection.tenantId} and i.connection_id = ${connection.id} and i.stream_id = ${streamId}
      and i.lifecycle = 'OPEN' and i.erp_request_id is null and i.external_id = any(${sql.typed(healed, 'text[]')})
    returning i.id, i.version, i.reason, i.record_kind as "recordKind"`);
}
