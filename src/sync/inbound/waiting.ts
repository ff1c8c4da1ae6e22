/**
 * Records that came before what they refer to: taken from what is kept of them as soon as that is here, whichever stream brought it.
 * Nothing is asked of the ERP for that.
 */
import type { JsonObject } from '../../canonical/canonical.ts';
import type { SourceRecord } from '../../connect/connector.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { GONE_HASH } from './judge.ts';
import { takePage } from './page.ts';
import { referenceOf, resolve } from './references.ts';
import type { RecordState } from './taken.ts';

const PAGE_MAX_COUNT = 500;
const WAITING: ReadonlySet<RecordState> = new Set(['WAITING']);

export interface RawRow {
  readonly id: string;
  readonly stream: string;
  readonly externalId: string;
  readonly version: string | null;
  readonly updatedAt: string | null;
  readonly hash: string;
  readonly raw: string | null;
  readonly waitsFor: readonly string[] | null;
}

export const RAW_COLUMNS: Sql = sql`r.id, r.stream, r.external_id as "externalId", r.external_version as version, r.content_hash as hash, r.raw,
  to_char(r.external_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "updatedAt", r.waits_for as "waitsFor"`;

/** As the ERP gave it. */
export const sourceOf = ({ externalId, version, updatedAt, hash, raw }: RawRow): SourceRecord => ({
  externalId,
  version,
  updatedAt,
  ...(hash === GONE_HASH ? { isDeleted: true } : {}),
  raw: raw === null ? {} : (JSON.parse(raw) as JsonObject),
});

export interface Settling {
  /** Keys of references that can be resolved now. */
  readonly arrived: readonly string[];
  readonly requestId: string;
}

/** Takes what waited for these, and then what waited for that. */
export async function settle(engines: SyncEngines, connection: OpenConnection, { arrived, requestId }: Settling): Promise<void> {
  for (let keys = arrived; keys.length > 0; ) {
    const next: string[] = [];
    const wanted = sql`r.waits_for && ${sql.typed(keys, 'text[]')}`;
    for await (const rows of waitingRows(engines, connection, wanted))
      next.push(...(await takeAgain(engines, connection, { rows, requestId })));
    keys = next;
  }
}

/** What a process that died did not come to, and what others were in the way of. */
export async function settleAll(engines: SyncEngines, connection: OpenConnection, requestId: string): Promise<void> {
  await reopen(engines, connection);
  for await (const rows of waitingRows(engines, connection, sql`true`)) {
    const keys = rows.flatMap(({ waitsFor }) => waitsFor ?? []).map(referenceOf);
    const found = await engines.inTenant(connection.tenantId, (session) => resolve(session, connection, keys));
    const ready = rows.filter(({ waitsFor }) => (waitsFor ?? []).every((key) => found.get(key)?.recordId));
    await settle(engines, connection, { arrived: await takeAgain(engines, connection, { rows: ready, requestId }), requestId });
  }
}

/** What lacked an exchange rate is tried again once a rate was set since. */
async function reopen(engines: SyncEngines, { tenantId, id }: OpenConnection): Promise<void> {
  await engines.inTenant(tenantId, (session) =>
    session.change(sql`
      update erp_record r set state = 'WAITING', waits_for = '{}'
      from sync_issue i join sync_stream s on s.tenant_id = i.tenant_id and s.id = i.stream_id
      where i.tenant_id = ${tenantId} and i.connection_id = ${id} and i.lifecycle = 'OPEN' and i.code = 'RATE_MISSING'
        and exists (select from exchange_rate x where x.tenant_id = i.tenant_id and x.created_at >= i.last_seen_at)
        and r.tenant_id = i.tenant_id and r.connection_id = i.connection_id and r.stream = s.name and r.external_id = i.external_id
        and r.state = 'REFUSED'`),
  );
}

async function* waitingRows(
  engines: SyncEngines,
  { tenantId, id }: OpenConnection,
  wanted: Sql,
): AsyncGenerator<readonly RawRow[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await engines.inTenant(tenantId, (session) =>
      session.rows<RawRow>(sql`
        select ${RAW_COLUMNS} from erp_record r where r.tenant_id = ${tenantId} and r.connection_id = ${id} and r.state = 'WAITING'
          and r.id > ${after} and ${wanted} order by r.id limit ${PAGE_MAX_COUNT}`),
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_MAX_COUNT) return;
    after = last.id;
  }
}

/** Each stream in its turn, as the connector lists them. Returns what can be resolved by it. */
async function takeAgain(
  engines: SyncEngines,
  connection: OpenConnection,
  { rows, requestId }: { readonly rows: readonly RawRow[]; readonly requestId: string },
): Promise<readonly string[]> {
  const arrived: string[] = [];
  for (const { name } of connection.connector.streams) {
    const records = rows.filter(({ stream }) => stream === name).map(sourceOf);
    if (records.length === 0) continue;
    const page = { stream: name, records, again: WAITING, isReplay: true, requestId };
    arrived.push(...(await takePage(engines, connection, page)).arrived);
  }
  return arrived;
}
