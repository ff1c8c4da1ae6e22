/** Writes what a reconciliation found, in one transaction: differences that are new, those that changed, those that are gone, each with its event. */
import { sql } from '../../read/sql.ts';
import type { EventDraft } from '../../outbox/event.ts';
import { appendEvents } from '../../write/events.ts';
import { type Session, unnest } from '../../write/transaction.ts';
import { syncDriftEvents } from '../connection/connection.events.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { type Finding, findingKey } from './finding.ts';

const DEFINITIONS = new Map(syncDriftEvents.map((event) => [event.type, event]));

export interface DriftCounts {
  readonly found: number;
  readonly changed: number;
  readonly resolved: number;
  /** Those that stand now. */
  readonly open: number;
}

export type StoredFinding = Finding & { readonly id: string; readonly version: number };

export async function openDrift(session: Session, { tenantId, id }: OpenConnection): Promise<readonly StoredFinding[]> {
  const rows = await session.rows<StoredFinding & { from: string | null; to: string | null }>(sql`
    select id, version, kind, stream, to_char(period_from, 'YYYY-MM-DD') as "from", to_char(period_to, 'YYYY-MM-DD') as "to",
      legal_entity_id as "legalEntityId", account_id as "accountId", record_id as "recordId", external_id as "externalId", currency, ours, theirs, cause
    from sync_drift where tenant_id = ${tenantId} and connection_id = ${id} and lifecycle = 'OPEN'`);
  return rows.map(({ from, to, ...row }) => ({ ...row, period: from === null || to === null ? null : { from, to } }));
}

export interface Writing {
  readonly engines: SyncEngines;
  readonly connection: OpenConnection;
  readonly findings: readonly Finding[];
  readonly requestId: string;
  /** Is the work still ours? @throws LEASE_LOST */
  readonly guard: (session: Session) => Promise<void>;
}

export async function writeDrift({ engines, connection, findings, requestId, guard }: Writing): Promise<DriftCounts> {
  const principal = await engines.systemPrincipal(connection.tenantId);
  return engines.inTenant(connection.tenantId, async (session) => {
    await guard(session);
    const before = new Map((await openDrift(session, connection)).map((drift) => [findingKey(drift), drift]));
    const now = connection.businessNow();
    const at = now.toISOString();
    const made = findings
      .filter((one) => !before.has(findingKey(one)))
      .map((one) => ({ ...one, id: engines.newId(), version: 1 }));
    const met = findings.flatMap((one) => {
      const drift = before.get(findingKey(one));
      return drift ? [{ ...one, id: drift.id, version: drift.version, isChanged: isOther(drift, one) }] : [];
    });
    const isMet = new Set(met.map((one) => one.id));
    const gone = [...before.values()].filter((drift) => !isMet.has(drift.id));
    const changed = met.filter((one) => one.isChanged);
    await insert(session, connection, { made, at });
    await update(session, connection, { met, at });
    await resolve(session, connection, { gone, at });
    await session.change(sql`
      insert into connection_state as s (tenant_id, connection_id, reconciled_at) values (${connection.tenantId}, ${connection.id}, ${engines.clock.now().toISOString()})
      on conflict (tenant_id, connection_id) do update set reconciled_at = excluded.reconciled_at`);
    const drafts = [
      ...[...made, ...changed.map((one) => ({ ...one, version: one.version + 1 }))].map((one) => told('sync_drift.found', one)),
      ...gone.map((one) => told('sync_drift.resolved', { ...one, version: one.version + 1 })),
    ].map((draft) => draft(connection.code));
    const context = {
      tenant: { id: connection.tenantId },
      principal,
      now,
      newId: engines.newId,
      observing: { connectionId: connection.id, code: connection.code },
    };
    await appendEvents(session, { definitions: DEFINITIONS, drafts, context, requestId });
    return { found: made.length, changed: changed.length, resolved: gone.length, open: findings.length };
  });
}

const isOther = (a: Finding, b: Finding): boolean => a.ours !== b.ours || a.theirs !== b.theirs || a.cause !== b.cause;

const told =
  (type: string, { id, version, kind, ours, theirs }: StoredFinding) =>
  (connection: string): EventDraft => ({
    type,
    recordKind: 'SyncDrift',
    recordId: id,
    recordVersion: version,
    legalEntityId: null,
    accountId: null,
    customerId: null,
    payload: { connection, kind, ours, theirs, lifecycle: type === 'sync_drift.found' ? 'OPEN' : 'RESOLVED' },
  });

const columnsOf = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([column, type]) => ({ column, property: column, type }));
const COLUMNS = columnsOf(
  ['id', 'uuid'],
  ['kind', 'text'],
  ['stream', 'text'],
  ['period_from', 'date'],
  ['period_to', 'date'],
  ['legal_entity_id', 'uuid'],
  ['account_id', 'uuid'],
  ['record_id', 'uuid'],
  ['external_id', 'text'],
  ['currency', 'text'],
  ['ours', 'text'],
  ['theirs', 'text'],
  ['cause', 'text'],
);
const FIGURES = columnsOf(['id', 'uuid'], ['ours', 'text'], ['theirs', 'text'], ['cause', 'text'], ['is_changed', 'boolean']);

async function insert(
  session: Session,
  { tenantId, id }: OpenConnection,
  { made, at }: { made: readonly StoredFinding[]; at: string },
): Promise<void> {
  if (made.length === 0) return;
  const rows = made.map((one) => ({
    ...one,
    period_from: one.period?.from ?? null,
    period_to: one.period?.to ?? null,
    legal_entity_id: one.legalEntityId,
    account_id: one.accountId,
    record_id: one.recordId,
    external_id: one.externalId,
  }));
  await session.change(sql`
    insert into sync_drift (tenant_id, connection_id, lifecycle, last_seen_at, created_at, version, ${sql.join(COLUMNS.map((c) => sql.id(c.column)))})
    select ${tenantId}, ${id}, 'OPEN', ${at}, ${at}, 1, ${sql.join(COLUMNS.map((c) => sql.id('v', c.column)))} from ${unnest(COLUMNS, rows)}`);
}

/** Seen again: only other figures are a change of it. */
async function update(
  session: Session,
  { tenantId }: OpenConnection,
  { met, at }: { met: readonly (StoredFinding & { readonly isChanged: boolean })[]; at: string },
): Promise<void> {
  if (met.length === 0) return;
  const rows = met.map((one) => ({ ...one, is_changed: one.isChanged }));
  await session.change(sql`
    update sync_drift d set last_seen_at = ${at}, ours = v.ours, theirs = v.theirs, cause = v.cause,
      version = d.version + case when v.is_changed then 1 else 0 end
    from ${unnest(FIGURES, rows)} where d.tenant_id = ${tenantId} and d.id = v.id`);
}

async function resolve(
  session: Session,
  { tenantId }: OpenConnection,
  { gone, at }: { gone: readonly StoredFinding[]; at: string },
): Promise<void> {
  if (gone.length === 0) return;
  await session.change(sql`
    update sync_drift set lifecycle = 'RESOLVED', resolved_at = ${at}, version = version + 1
    where tenant_id = ${tenantId} and id = any(${sql.uuids(gone.map((one) => one.id))})`);
}
