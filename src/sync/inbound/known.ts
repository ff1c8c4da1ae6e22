/** What is known of an ERP's records before a page of them is taken: one statement each, nothing locked; writing looks again. */
import type { CanonicalKind } from '../../canonical/canonical.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';
import type { OpenConnection } from '../engine.ts';
import type { RecordState } from './taken.ts';
import { KINDS } from './kinds.ts';

export interface Known {
  readonly externalId: string;
  readonly state: RecordState;
  readonly hash: string;
  readonly recordId: string | null;
  readonly accountId: string | null;
  readonly isMadeThere: boolean;
  readonly version: string | null;
  /** Milliseconds since 1970. */
  readonly externalAtMs: number | null;
  readonly syncedAtMs: number;
  /** Only of those that were asked for with it. */
  readonly raw: string | null;
}

export interface Where {
  readonly connection: OpenConnection;
  readonly stream: string;
}

/** By external id. `withRaw`: those whose content is needed too. */
export async function knownRecords(
  session: Session,
  { connection, stream }: Where,
  { ids, withRaw }: { readonly ids: readonly string[]; readonly withRaw: readonly string[] },
): Promise<ReadonlyMap<string, Known>> {
  const rows = await session.rows<Known>(sql`
    select external_id as "externalId", state, content_hash as hash, record_id as "recordId", account_id as "accountId",
      is_made_there as "isMadeThere", external_version as version, (extract(epoch from external_at) * 1000)::float8 as "externalAtMs",
      (extract(epoch from synced_at) * 1000)::float8 as "syncedAtMs",
      case when external_id = any(${sql.typed(withRaw, 'text[]')}) then raw end as raw
    from erp_record where tenant_id = ${connection.tenantId} and connection_id = ${connection.id} and stream = ${stream}
      and external_id = any(${sql.typed(ids, 'text[]')})`);
  return new Map(rows.map((row) => [row.externalId, row]));
}

export interface Setting {
  readonly streamId: string;
  /** Kinds of documents that the connection has authority over, or that are always followed. */
  readonly followed: ReadonlySet<CanonicalKind>;
  /** Kinds that some stream brings in. */
  readonly served: ReadonlySet<CanonicalKind>;
}

/** What the administrator has set. */
export async function settingOf(session: Session, { connection, stream }: Where): Promise<Setting> {
  const { tenantId, id, connector, entities } = connection;
  const [row] = await session.rows<{ streamId: string | null; enabled: readonly string[]; theirs: readonly string[] }>(sql`
    select (select id from sync_stream where tenant_id = ${tenantId} and connection_id = ${id} and name = ${stream}) as "streamId",
      array(select name from sync_stream where tenant_id = ${tenantId} and connection_id = ${id} and is_enabled) as enabled,
      array(select record_kind from authority where tenant_id = ${tenantId} and side = 'CONNECTION'
            and legal_entity_id = ${entities[0]?.id ?? null}) as theirs`);
  if (!row?.streamId) throw new Error(`The connection ${connection.code} has no stream ${stream}`);
  const { streamId, enabled, theirs } = row;
  const kinds = Object.keys(KINDS) as CanonicalKind[];
  return {
    streamId,
    followed: new Set(kinds.filter((kind) => KINDS[kind].authority === null || theirs.includes(KINDS[kind].authority ?? ''))),
    served: new Set(connector.streams.filter(({ name }) => enabled.includes(name)).map(({ kind }) => kind)),
  };
}

/** Our records that records of the ERP say they are, as far as they are there and are no other record of the ERP already. */
export async function oursNamed(
  session: Session,
  {
    connection,
    kind,
    named,
  }: { readonly connection: OpenConnection; readonly kind: CanonicalKind; readonly named: readonly string[] },
): Promise<ReadonlyMap<string, { readonly id: string; readonly accountId: string }>> {
  const { table } = KINDS[kind];
  if (table === null || named.length === 0) return new Map();
  const account = kind === 'Customer' ? sql`o.id` : sql`o.account_id`;
  const rows = await session.rows<{ id: string; accountId: string }>(sql`
    select o.id, ${account} as "accountId" from ${sql.id(table)} o
    where o.tenant_id = ${connection.tenantId} and o.legal_entity_id = any(${sql.uuids(connection.entities.map(({ id }) => id))})
      and o.id = any(${sql.uuids(named)})
      and not exists (select from erp_record r where r.tenant_id = o.tenant_id and r.connection_id = ${connection.id}
        and r.record_id = o.id and r.state <> 'GONE')`);
  return new Map(rows.map((row) => [row.id, row]));
}
