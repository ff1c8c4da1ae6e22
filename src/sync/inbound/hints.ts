/**
 * What webhooks said has changed, worked off by reading it: a webhook is only a hint. Twice, late, out of order or lost, it can do no
 * harm, since what counts is what is read; one that comes while its record is being read is worked off again.
 */
import type { SourceRecord, WebhookHint } from '../../connect/connector.ts';
import { ExternalError, type FailureKind } from '../../connect/external-error.ts';
import { sql } from '../../read/sql.ts';
import { unnest } from '../../write/transaction.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { refreshRecords, takeRecords } from './take.ts';

const COLUMNS = (
  [
    ['id', 'uuid'],
    ['stream', 'text'],
    ['external_id', 'text'],
    ['is_deleted', 'boolean'],
  ] as const
).map(([column, type]) => ({ column, property: column, type }));

/** Keeps them until they are worked off; of streams that the connector hasn't, nothing. Returns how many. */
export async function keepHints(
  engines: SyncEngines,
  { tenantId, id, connector }: OpenConnection,
  hints: readonly WebhookHint[],
): Promise<number> {
  const known = hints.filter(({ stream }) => connector.streams.some(({ name }) => name === stream));
  const rows = new Map(
    known.map(({ stream, externalId = null, isDeleted = false }) => [
      JSON.stringify([stream, externalId]),
      { id: engines.newId(), stream, external_id: externalId, is_deleted: isDeleted },
    ]),
  );
  if (rows.size === 0) return 0;
  await engines.inTenant(tenantId, (session) =>
    session.change(sql`
      insert into webhook_hint (tenant_id, id, connection_id, stream, external_id, is_deleted, received_at)
      select ${tenantId}, v.id, ${id}, v.stream, v.external_id, v.is_deleted, clock_timestamp() from ${unnest(COLUMNS, [...rows.values()])}
      on conflict (tenant_id, connection_id, stream, coalesce(external_id, '')) do update set
        received_at = excluded.received_at, is_deleted = excluded.is_deleted`),
  );
  return rows.size;
}

interface HintRow {
  readonly id: string;
  readonly stream: string;
  readonly externalId: string | null;
  readonly isDeleted: boolean;
  /** Exact to the microsecond, as text. */
  readonly receivedAt: string;
}

const PAGE_MAX_COUNT = 200;
/** Asking for it once more would not help: the next read of the stream brings it. */
const GIVEN_UP = new Set<FailureKind>(['REJECTED', 'CONFLICT', 'FORBIDDEN']);

/** Works off all there are. @throws ExternalError when the ERP can't be asked: they stay */
export async function workOffHints(engines: SyncEngines, connection: OpenConnection, signal: AbortSignal): Promise<void> {
  const { tenantId, id } = connection;
  while (!signal.aborted) {
    const hints = await engines.inTenant(tenantId, (session) =>
      session.rows<HintRow>(sql`
        select id, stream, external_id as "externalId", is_deleted as "isDeleted", received_at::text as "receivedAt"
        from webhook_hint where tenant_id = ${tenantId} and connection_id = ${id} order by received_at, id limit ${PAGE_MAX_COUNT}`),
    );
    if (hints.length === 0) return;
    for (const { name } of connection.connector.streams) {
      const ofStream = hints.filter(({ stream }) => stream === name);
      if (ofStream.length > 0) await workOff(engines, connection, { stream: name, hints: ofStream, signal });
    }
    await forget(engines, connection, hints);
  }
}

interface OfStream {
  readonly stream: string;
  readonly hints: readonly HintRow[];
  readonly signal: AbortSignal;
}

async function workOff(engines: SyncEngines, connection: OpenConnection, { stream, hints, signal }: OfStream): Promise<void> {
  const { tenantId, id } = connection;
  const externalIds = hints.flatMap(({ externalId }) => externalId ?? []);
  if (externalIds.length < hints.length)
    await engines.inTenant(tenantId, (session) =>
      session.change(sql`update sync_stream set asked_mode = coalesce(asked_mode, 'INCREMENTAL'), next_run_at = ${engines.clock.now().toISOString()}
        where tenant_id = ${tenantId} and connection_id = ${id} and name = ${stream}`),
    );
  if (externalIds.length === 0) return;
  try {
    const { records } = await refreshRecords(engines, connection, { stream, externalIds, signal });
    const gone = hints.flatMap(({ externalId, isDeleted }): SourceRecord[] =>
      isDeleted && externalId !== null && !records.has(externalId)
        ? [{ externalId, version: null, updatedAt: null, isDeleted: true, raw: {} }]
        : [],
    );
    if (gone.length > 0) await takeRecords(engines, connection, { stream, records: gone });
  } catch (error) {
    if (!(error instanceof ExternalError && GIVEN_UP.has(error.kind))) throw error;
  }
}

/** But those that came again meanwhile. */
async function forget(engines: SyncEngines, { tenantId }: OpenConnection, hints: readonly HintRow[]): Promise<void> {
  const ids = sql.typed(
    hints.map(({ id }) => id),
    'uuid[]',
  );
  const times = sql.typed(
    hints.map(({ receivedAt }) => receivedAt),
    'text[]',
  );
  await engines.inTenant(tenantId, (session) =>
    session.change(sql`delete from webhook_hint h using unnest(${ids}, ${times}) as v (id, received_at)
      where h.tenant_id = ${tenantId} and h.id = v.id and h.received_at = v.received_at::timestamptz`),
  );
}
