/**
 * Keeps what an ERP gave, in the transaction of what follows from it: one statement for all records of a page. Each row is written only
 * if it is still as it was when its record was judged, so that two processes that take one record at once never make it twice.
 */
import type { JsonObject } from '../../canonical/canonical.ts';
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import { type Session, unnest } from '../../write/transaction.ts';
import type { OpenConnection } from '../engine.ts';
import type { Known } from './known.ts';
import type { LineThere } from './order-lines.ts';
import type { RecordState } from './taken.ts';

export interface Kept {
  readonly externalId: string;
  readonly state: RecordState;
  readonly recordId: string | null;
  readonly accountId: string | null;
  readonly isMadeThere: boolean;
  readonly number: string | null;
  readonly version: string | null;
  readonly externalAt: string | null;
  readonly waitsFor: readonly string[] | null;
  readonly hash: string;
  /** Null: what is kept already stays. */
  readonly raw: string | null;
  readonly extensions: JsonObject | null;
  /** The company there that it names. */
  readonly company: string | null;
  /** Who a customer is there beyond one company. */
  readonly party: string | null;
  /** Of an order that was made here: its lines there. */
  readonly orderLines: readonly LineThere[];
  /** As it was judged. */
  readonly before: Known | null;
}

export interface Keeping {
  readonly connection: OpenConnection;
  readonly stream: string;
  readonly recordKind: string;
  readonly newId: () => string;
  /** Wall time. */
  readonly now: Date;
  readonly rows: readonly Kept[];
}

const COLUMNS = (
  [
    ['id', 'uuid'],
    ['external_id', 'text'],
    ['record_id', 'uuid'],
    ['account_id', 'uuid'],
    ['is_made_there', 'boolean'],
    ['external_number', 'text'],
    ['external_version', 'text'],
    ['external_at', 'text'],
    ['state', 'text'],
    ['waits_for', 'jsonb'],
    ['content_hash', 'text'],
    ['raw', 'text'],
    ['extensions', 'jsonb'],
    ['company', 'text'],
    ['party', 'text'],
    ['is_known', 'boolean'],
    ['before_hash', 'text'],
    ['before_state', 'text'],
    ['before_record_id', 'uuid'],
  ] as const
).map(([column, type]) => ({ column, property: column, type }));

/** What our record was made of stays known until it is made of something newer: a push tells by it what others changed there. */
const TAKEN_RAW = sql`case when v.state in ('WAITING', 'REFUSED') then coalesce(r.taken_raw, case r.state when 'SYNCED' then r.raw end) end`;

/** @throws DomainError VERSION_CONFLICT when another process took one of them meanwhile: it has to be judged anew */
export async function keep(session: Session, { connection, stream, recordKind, newId, now, rows }: Keeping): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => ({
    id: newId(),
    external_id: row.externalId,
    record_id: row.recordId,
    account_id: row.accountId,
    is_made_there: row.isMadeThere,
    external_number: row.number,
    external_version: row.version,
    external_at: row.externalAt,
    state: row.state,
    waits_for: row.waitsFor,
    content_hash: row.hash,
    raw: row.raw,
    extensions: row.extensions,
    company: row.company,
    party: row.party,
    is_known: row.before !== null,
    before_hash: row.before?.hash ?? null,
    before_state: row.before?.state ?? null,
    before_record_id: row.before?.recordId ?? null,
  }));
  const { tenantId, id } = connection;
  const at = now.toISOString();
  const made = values.filter((value) => !value.is_known);
  const changed = values.filter((value) => value.is_known);
  const waits = sql`(select array_agg(k) from jsonb_array_elements_text(v.waits_for::jsonb) k)`;
  const insertedCount =
    made.length === 0
      ? 0
      : await session.change(sql`
    insert into erp_record (tenant_id, id, connection_id, stream, external_id, record_kind, record_id, account_id, is_made_there,
      external_number, external_version, external_at, state, waits_for, content_hash, raw, extensions, company, party, synced_at)
    select ${tenantId}, v.id, ${id}, ${stream}, v.external_id, ${recordKind}, v.record_id, v.account_id, v.is_made_there,
      v.external_number, v.external_version, v.external_at::timestamptz, v.state, ${waits}, v.content_hash, v.raw, v.extensions::jsonb, v.company, v.party, ${at}
    from ${unnest(COLUMNS, made)} on conflict (tenant_id, connection_id, stream, external_id) do nothing`);
  const updatedCount =
    changed.length === 0
      ? 0
      : await session.change(sql`
    update erp_record r set record_id = v.record_id, account_id = v.account_id, is_made_there = v.is_made_there,
      external_number = v.external_number, external_version = v.external_version, external_at = v.external_at::timestamptz, state = v.state,
      waits_for = ${waits}, content_hash = v.content_hash, raw = coalesce(v.raw, r.raw), taken_raw = ${TAKEN_RAW}, extensions = v.extensions::jsonb, company = v.company, party = v.party, synced_at = ${at}
    from ${unnest(COLUMNS, changed)}
    where r.tenant_id = ${tenantId} and r.connection_id = ${id} and r.stream = ${stream} and r.external_id = v.external_id
      and r.content_hash = v.before_hash and r.state = v.before_state and r.record_id is not distinct from v.before_record_id`);
  if (insertedCount + updatedCount < rows.length)
    throw new DomainError('VERSION_CONFLICT', 'Another process took one of these records meanwhile.');
}

/** Those of our records that another record of an ERP is linked to: they were not made by this one. */
export async function linkedElsewhere(
  session: Session,
  { connection, stream }: Pick<Keeping, 'connection' | 'stream'>,
  { recordIds, externalIds }: { readonly recordIds: readonly string[]; readonly externalIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  if (recordIds.length === 0) return new Set();
  const rows = await session.rows<{ id: string }>(sql`
    select distinct record_id as id from erp_record where tenant_id = ${connection.tenantId} and record_id = any(${sql.uuids(recordIds)})
      and not (connection_id = ${connection.id} and stream = ${stream} and external_id = any(${sql.typed(externalIds, 'text[]')}))`);
  return new Set(rows.map(({ id }) => id));
}
