/**
 * Writes that an ERP did what it was asked for, in the transaction in which its record is taken: the request, the issue that stood about
 * it, and an event of each. Done once, by the version that the delivery began with: a late process changes nothing.
 */
import type { Principal } from '../../access/principal.ts';
import { erpRequestEvents, syncIssueEvents } from '../connection/connection.events.ts';
import { erpRequestEvent, syncIssueEvent, type ToldIssue, type ToldRequest } from '../connection/erp-request.rules.ts';
import type { SyncEngines } from '../engine.ts';
import { sql } from '../../read/sql.ts';
import { appendEvents } from '../../write/events.ts';
import type { Session } from '../../write/transaction.ts';
import type { OutboundRequest } from './request.ts';

const DEFINITIONS = new Map([...erpRequestEvents, ...syncIssueEvents].map((event) => [event.type, event]));

export interface Confirming {
  readonly tenantId: string;
  readonly principal: Pick<Principal, 'actorId'>;
  /** Business time. */
  readonly now: Date;
  readonly request: OutboundRequest;
  /** Null: there was nothing there to take back. */
  readonly externalId: string | null;
  /** Fields there that had another value and were set by us. */
  readonly overridden: string | null;
  /** How what the ERP made differs from what it was asked for. */
  readonly differs: string | null;
  readonly requestId: string;
}

export async function confirm(engines: Pick<SyncEngines, 'newId'>, session: Session, confirming: Confirming): Promise<void> {
  const { newId } = engines;
  const { tenantId, principal, now, request, externalId, overridden, requestId } = confirming;
  const [done] = await session.rows<Omit<ToldRequest, 'connection'>>(sql`
    update erp_request r set lifecycle = 'CONFIRMED', version = r.version + 1, external_id = ${externalId}, erp_text = null,
      answered_at = ${now.toISOString()}
    where r.id = ${request.id} and r.version = ${request.version} and r.lifecycle = 'SENT'
    returning r.id, r.legal_entity_id as "legalEntityId", r.account_id as "accountId", r.record_kind as "recordKind", r.record_id as "recordId",
      r.command, r.lifecycle, r.external_id as "externalId", r.erp_text as "erpText", r.version`);
  if (!done) return;
  // an earlier request about the record that was refused is made up for by this one
  const healed = await session.rows<Omit<ToldIssue, 'connection'>>(sql`
    update sync_issue i set lifecycle = 'RESOLVED', version = i.version + 1, resolved_at = ${now.toISOString()}
    where i.lifecycle = 'OPEN' and i.erp_request_id in (select o.id from erp_request o
      where o.connection_id = ${request.connectionId} and o.record_id = ${request.recordId} and o.id <= ${request.id})
    returning i.id, i.reason, i.record_kind as "recordKind", i.lifecycle, i.version`);
  const { connection } = request;
  const opened = await differing(engines, session, confirming);
  await appendEvents(session, {
    definitions: DEFINITIONS,
    drafts: [
      erpRequestEvent('erp_request.confirmed', { ...done, connection }, overridden),
      ...healed.map((issue) => syncIssueEvent('sync_issue.resolved', { ...issue, connection })),
      ...opened.map((issue) => syncIssueEvent('sync_issue.opened', { ...issue, connection })),
    ],
    context: {
      tenant: { id: tenantId },
      principal,
      now,
      newId,
      observing: { connectionId: request.connectionId, code: connection },
    },
    requestId,
  });
}

/** An issue that stands until the next push of the record. Where the ERP has authority, what it made is what holds. */
async function differing(
  { newId }: Pick<SyncEngines, 'newId'>,
  session: Session,
  { tenantId, now, request, externalId, differs }: Confirming,
): Promise<readonly Omit<ToldIssue, 'connection'>[]> {
  if (differs === null) return [];
  const at = now.toISOString();
  return session.rows<Omit<ToldIssue, 'connection'>>(sql`
    insert into sync_issue (tenant_id, id, connection_id, erp_request_id, reason, record_kind, record_id, external_id, message, lifecycle, last_seen_at, created_at)
    select ${tenantId}, ${newId()}, ${request.connectionId}, ${request.id}, 'CONFLICT', ${request.recordKind}, ${request.recordId}, ${externalId}, ${differs},
      'OPEN', ${at}, ${at}
    where not exists (select from authority a where a.tenant_id = ${tenantId} and a.legal_entity_id = ${request.legalEntityId}
      and a.record_kind = ${request.recordKind} and a.side = 'CONNECTION')
    returning id, reason, record_kind as "recordKind", lifecycle, version`);
}
