/**
 * A whole read that lacks unusually much of what is known here: more likely a role that lost its sight, a filter or a restored copy than
 * deletes. Nothing is removed then; an issue says so until a person has it read with deletes, or a later read shows the records again.
 */
import type { Stream } from '../../connect/connector.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import type { DeleteLimits, OpenConnection, SyncEngines } from '../engine.ts';
import type { Compared } from './gone.ts';
import { type ChangedIssue, tellIssues } from './issues.ts';
import { recordKindOf } from './judge.ts';

/** Few are believed, and a small part of many. @example isUnusual({ known: 400, unseen: 41 }, { freeCount: 20, maxPercent: 10 }) // true */
export const isUnusual = ({ known, unseen }: Compared, { freeCount, maxPercent }: DeleteLimits): boolean =>
  unseen > freeCount && unseen * 100 > known * maxPercent;

export interface NotingDeletes {
  readonly engines: SyncEngines;
  readonly connection: OpenConnection;
  readonly streamId: string;
  readonly stream: Stream;
  readonly requestId: string;
  /** Null: it is as usual, so an issue that stood is done with. */
  readonly unusual: Compared | null;
}

export async function noteDeletes(session: Session, noting: NotingDeletes): Promise<void> {
  const { unusual } = noting;
  if (unusual) await tellIssues(session, noting, { opened: await openedOf(session, { ...noting, unusual }) });
  else await tellIssues(session, noting, { resolved: await resolvedOf(session, noting) });
}

const sentence = (stream: string, { known, unseen }: Compared): string =>
  `A whole read of ${stream} lacked ${unseen} of the ${known} records that are here. Nothing was taken for deleted. Look whether the ERP still shows all of them to the connection; where they are gone indeed, call syncConnection with the mode FULL_WITH_DELETES.`;

/** Met again with other figures it says those, without an event. One that a person dismissed stays so while it says the same. */
async function openedOf(
  session: Session,
  { engines, connection, streamId, stream, unusual }: NotingDeletes & { readonly unusual: Compared },
): Promise<readonly ChangedIssue[]> {
  const id = engines.newId();
  const now = connection.businessNow().toISOString();
  const message = sentence(stream.name, unusual);
  const met = await session.rows<ChangedIssue>(sql`
    insert into sync_issue as i (tenant_id, id, connection_id, stream_id, reason, record_kind, message, lifecycle, last_seen_at, created_at)
    select ${connection.tenantId}, ${id}, ${connection.id}, ${streamId}, 'UNUSUAL_DELETES', ${recordKindOf(stream)}, ${message}, 'OPEN',
      ${now}::timestamptz, ${now}::timestamptz
    where not exists (select from sync_issue d where d.tenant_id = ${connection.tenantId} and d.connection_id = ${connection.id}
      and d.stream_id = ${streamId} and d.reason = 'UNUSUAL_DELETES' and d.lifecycle = 'DISMISSED' and d.message = ${message})
    on conflict (tenant_id, connection_id, stream_id) where lifecycle = 'OPEN' and reason = 'UNUSUAL_DELETES'
    do update set seen_count = i.seen_count + 1, last_seen_at = excluded.last_seen_at, message = excluded.message
    returning i.id, i.version, i.reason, i.record_kind as "recordKind"`);
  return met.filter((issue) => issue.id === id);
}

const resolvedOf = (session: Session, { connection, streamId }: NotingDeletes): Promise<readonly ChangedIssue[]> =>
  session.rows<ChangedIssue>(sql`
    update sync_issue i set lifecycle = 'RESOLVED', resolved_at = ${connection.businessNow().toISOString()}, version = i.version + 1
    where i.tenant_id = ${connection.tenantId} and i.connection_id = ${connection.id} and i.stream_id = ${streamId}
      and i.lifecycle = 'OPEN' and i.reason = 'UNUSUAL_DELETES'
    returning i.id, i.version, i.reason, i.record_kind as "recordKind"`);
