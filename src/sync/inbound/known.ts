/** What is known of an ERP's records before a page of them is taken: one statement each, nothing locked; writing looks again. */
import type { CanonicalKind } from '../../canonical/canonical.ts';
import { type Sql, sql } from '../../read/sql.ts';
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

export interface Place {
  readonly stream: string;
  readonly id: string;
}

/** Records by their place there, each looked up by itself: however much is known of the ERP, and whatever the planner believes of it. */
export const foundRecords = (
  { tenantId, id }: Pick<OpenConnection, 'tenantId' | 'id'>,
  places: readonly Place[],
  where: Sql,
): Sql => sql`unnest(${sql.typed(
  places.map((place) => place.stream),
  'text[]',
)}, ${sql.typed(
  places.map((place) => place.id),
  'text[]',
)}) as k(stream, id) cross join lateral (
      select * from erp_record e where e.tenant_id = ${tenantId} and e.connection_id = ${id} and e.stream = k.stream and e.external_id = k.id
        and ${where} limit 1)`;

/** By external id. `withRaw`: those whose content is needed too. */
export async function knownRecords(
  session: Session,
  { connection, stream }: Where,
  { ids, withRaw }: { readonly ids: readonly string[]; readonly withRaw: readonly string[] },
): Promise<ReadonlyMap<string, Known>> {
  const rows = await session.rows<Known>(sql`
    select r.external_id as "externalId", r.state, r.content_hash as hash, r.record_id as "recordId", r.account_id as "accountId",
      r.is_made_there as "isMadeThere", r.external_version as version, (extract(epoch from r.external_at) * 1000)::float8 as "externalAtMs",
      (extract(epoch from r.synced_at) * 1000)::float8 as "syncedAtMs",
      case when r.external_id = any(${sql.typed(withRaw, 'text[]')}) then r.raw end as raw
    from ${foundRecords(
      connection,
      [...new Set(ids)].map((id) => ({ stream, id })),
      sql`true`,
    )} r`);
  return new Map(rows.map((row) => [row.externalId, row]));
}

export interface Setting {
  readonly streamId: string;
  /** Does the connection have authority over them in that legal entity, or are they always followed? */
  follows(kind: CanonicalKind, legalEntityId: string): boolean;
  /** Kinds that some stream brings in. */
  readonly served: ReadonlySet<CanonicalKind>;
}

/** What the administrator has set. */
export async function settingOf(session: Session, { connection, stream }: Where): Promise<Setting> {
  const { tenantId, id, connector, entities } = connection;
  const [row] = await session.rows<{ streamId: string | null; enabled: readonly string[]; theirs: readonly string[] }>(sql`
    select (select id from sync_stream where tenant_id = ${tenantId} and connection_id = ${id} and name = ${stream}) as "streamId",
      array(select name from sync_stream where tenant_id = ${tenantId} and connection_id = ${id} and is_enabled) as enabled,
      array(select legal_entity_id || ' ' || record_kind from authority where tenant_id = ${tenantId} and side = 'CONNECTION'
            and legal_entity_id = any(${sql.uuids(entities.map((entity) => entity.id))})) as theirs`);
  if (!row?.streamId) throw new Error(`The connection ${connection.code} has no stream ${stream}`);
  const { streamId, enabled, theirs } = row;
  const isTheirs = new Set(theirs);
  return {
    streamId,
    follows: (kind, legalEntityId) =>
      KINDS[kind].authority === null || isTheirs.has(`${legalEntityId} ${KINDS[kind].authority ?? ''}`),
    served: new Set(connector.streams.filter(({ name }) => enabled.includes(name)).map(({ kind }) => kind)),
  };
}

export interface Ours {
  readonly id: string;
  readonly accountId: string;
  readonly legalEntityId: string;
}

/** Our records that records of the ERP say they are, as far as they are there and are no other record of the ERP already. */
export async function oursNamed(
  session: Session,
  {
    connection,
    kind,
    named,
  }: { readonly connection: OpenConnection; readonly kind: CanonicalKind; readonly named: readonly string[] },
): Promise<ReadonlyMap<string, Ours>> {
  const { table } = KINDS[kind];
  if (table === null || named.length === 0) return new Map();
  const account = kind === 'Customer' ? sql`o.id` : sql`o.account_id`;
  const rows = await session.rows<Ours>(sql`
    select o.id, ${account} as "accountId", o.legal_entity_id as "legalEntityId" from ${sql.id(table)} o
    where o.tenant_id = ${connection.tenantId} and o.legal_entity_id = any(${sql.uuids(connection.entities.map(({ id }) => id))})
      and o.id = any(${sql.uuids(named)})
      and not exists (select from erp_record r where r.tenant_id = o.tenant_id and r.connection_id = ${connection.id}
        and r.record_id = o.id and r.state <> 'GONE')`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Accounts of ours that are of these parties there, by party, the oldest first. */
export async function partyAccounts(
  session: Session,
  { tenantId, id }: OpenConnection,
  parties: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (parties.length === 0) return new Map();
  const rows = await session.rows<{ party: string; accounts: readonly string[] }>(sql`
    select party, array_agg(record_id order by record_id) as accounts from erp_record
    where tenant_id = ${tenantId} and connection_id = ${id} and party = any(${sql.typed([...new Set(parties)], 'text[]')})
      and record_kind = 'CustomerAccount' and record_id is not null
    group by party`);
  return new Map(rows.map(({ party, accounts }) => [party, accounts]));
}
