/** References that should have come by now and did not: asked for once by their ids, and then shown as an issue of what waits for them. */
import { ExternalError } from '../../connect/external-error.ts';
import { sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { noteIssues } from './issues.ts';
import { recordKindOf } from './judge.ts';
import { referenceKey, referenceOf } from './references.ts';
import { refreshRecords } from './take.ts';
import { RAW_COLUMNS, type RawRow } from './waiting.ts';

/** Looked at in one run. */
const OVERDUE_MAX_COUNT = 500;
/**
 * Records whose references should have come by now, since their streams were read after them: what they refer to is asked for once by
 * its id, and if that does not bring it, an issue says what is missing.
 */
export async function chase(
  engines: SyncEngines,
  connection: OpenConnection,
  requestId: string,
  signal: AbortSignal,
): Promise<void> {
  const overdue = await overdueRows(engines, connection);
  if (overdue.length === 0) return;
  const missing = new Set(overdue.flatMap(({ waitsFor }) => waitsFor ?? []));
  for (const { name, kind } of connection.connector.streams) {
    const wanted = [...missing].map(referenceOf).filter((one) => one.kind === kind);
    const externalIds = wanted.map(({ id }) => id);
    if (externalIds.length > 0) await asked(engines, connection, { stream: name, externalIds, signal });
  }
  const still = await overdueRows(engines, connection);
  for (const stream of connection.connector.streams) {
    const rows = still.filter((row) => row.stream === stream.name);
    if (rows.length === 0) continue;
    await engines.inTenant(connection.tenantId, async (session) => {
      const [row] = await session.rows<{ id: string }>(
        sql`select id from sync_stream where tenant_id = ${connection.tenantId} and connection_id = ${connection.id} and name = ${stream.name}`,
      );
      if (!row) return;
      await noteIssues(session, {
        engines,
        connection,
        streamId: row.id,
        recordKind: recordKindOf(stream),
        requestId,
        troubles: rows.map(({ externalId, waitsFor }) => ({
          externalId,
          recordId: null,
          reason: 'MISSING_REFERENCE' as const,
          field: null,
          message: missingSentence(waitsFor ?? []),
        })),
        healed: [],
      });
    });
  }
}

/** An ERP that does not know such an id may say so by refusing: nothing is lost by that. */
async function asked(
  engines: SyncEngines,
  connection: OpenConnection,
  which: Parameters<typeof refreshRecords>[2],
): Promise<void> {
  try {
    await refreshRecords(engines, connection, which);
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
  }
}

const missingSentence = (waitsFor: readonly string[]): string => {
  const [first, ...more] = waitsFor.map(referenceOf);
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `It refers to ${first?.kind ?? 'a record'} ${first?.id ?? ''}${others}, which ${more.length === 0 ? 'does' : 'do'} not come. It is taken as soon as they are here.`;
};

/** Without an issue yet, and with every stream that they wait for read through since. */
async function overdueRows(engines: SyncEngines, connection: OpenConnection): Promise<readonly RawRow[]> {
  const { tenantId, id, connector } = connection;
  const pairs = connector.streams.map(({ name, kind }) => referenceKey(kind, name));
  return engines.inTenant(tenantId, (session) =>
    session.rows<RawRow>(sql`
      select ${RAW_COLUMNS} from erp_record r where r.tenant_id = ${tenantId} and r.connection_id = ${id} and r.state = 'WAITING'
        and cardinality(r.waits_for) > 0
        and not exists (
          select from unnest(r.waits_for) k join unnest(${sql.typed(pairs, 'text[]')}) p on split_part(p, '/', 1) = split_part(k, '/', 1)
          join sync_stream s on s.tenant_id = r.tenant_id and s.connection_id = r.connection_id and s.name = split_part(p, '/', 2)
          where s.is_enabled and (s.last_succeeded_at is null or s.last_succeeded_at <= r.synced_at))
        and not exists (select from sync_issue i where i.tenant_id = r.tenant_id and i.connection_id = r.connection_id
          and i.external_id = r.external_id and i.lifecycle <> 'RESOLVED' and i.erp_request_id is null)
      order by r.id limit ${OVERDUE_MAX_COUNT}`),
  );
}
