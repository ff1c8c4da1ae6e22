/**
 * Several idempotency keys of one operation at once: what earlier requests under them left, and what is kept of those that are done now.
 * A key that somebody else takes meanwhile undoes all of it, and is found the next time (CONFLICT_RETRY, by the table's own key).
 */
import { type Sql, sql } from '../read/sql.ts';
import { isOfInput, type KeyedRequest, REUSED, type Remembered, saltedHash } from './idempotency.ts';
import { type Session, unnest } from './transaction.ts';

interface StoredRow {
  readonly actor_id: string;
  readonly key: string;
  readonly input_hash: string;
  readonly record_id: string;
  readonly selection_hash: string | null;
  readonly answer: string | null;
}

const nameOf = (actorId: string, key: string): string => `${actorId} ${key}`;

/** In the order given: what was left under each key, REUSED where that was of another input, null for a new one. All are of one tenant and operation. */
export async function leftUnder(
  session: Session,
  keys: readonly KeyedRequest[],
): Promise<readonly (Remembered | typeof REUSED | null)[]> {
  const [first] = keys;
  if (!first) return [];
  const { tenantId, operation } = first;
  const column = (pick: (key: KeyedRequest) => string, type: string) => sql.typed(keys.map(pick), type);
  // key by key: a plan that was made while few were kept would read all
  const rows = await session.rows<StoredRow>(
    sql`select i.actor_id, i.key, i.input_hash, i.record_id, i.selection_hash, i.answer
        from unnest(${column(({ actorId }) => actorId, 'uuid[]')}, ${column(({ key }) => key, 'text[]')}) as v(actor_id, key)
        cross join lateral (
          select * from idempotency k where k.tenant_id = ${tenantId} and k.operation = ${operation} and k.actor_id = v.actor_id and k.key = v.key limit 1
        ) i`,
  );
  const stored = new Map(rows.map((row) => [nameOf(row.actor_id, row.key), row]));
  return keys.map(({ actorId, key, input }) => {
    const row = stored.get(nameOf(actorId, key));
    if (!row) return null;
    if (!isOfInput(row.input_hash, input)) return REUSED;
    return { recordId: row.record_id, selectionHash: row.selection_hash, answer: row.answer };
  });
}

const COLUMNS = [
  { column: 'actor_id', property: 'actorId', type: 'uuid' },
  { column: 'key', property: 'key', type: 'text' },
  { column: 'input_hash', property: 'hash', type: 'text' },
  { column: 'record_id', property: 'recordId', type: 'uuid' },
  { column: 'selection_hash', property: 'selectionHash', type: 'text' },
  { column: 'answer', property: 'answer', type: 'text' },
] as const;

/** What is kept of a request that was done. */
export interface Kept extends Remembered {
  readonly request: KeyedRequest;
}

/** Null for none. In one order for all, so that no two wait for each other. */
export function keepSql(recordKind: string, now: Date, kept: readonly Kept[]): Sql | null {
  const [first] = kept;
  if (!first) return null;
  const { tenantId, operation } = first.request;
  const rows = kept.map(({ request: { actorId, key, input }, ...left }) => ({ actorId, key, hash: saltedHash(input), ...left }));
  return sql`insert into idempotency (tenant_id, operation, record_kind, created_at, actor_id, key, input_hash, record_id, selection_hash, answer)
      select ${tenantId}::uuid, ${operation}, ${recordKind}, ${now.toISOString()}::timestamptz,
        v.actor_id, v.key, v.input_hash, v.record_id, v.selection_hash, v.answer
      from ${unnest(COLUMNS, rows)} order by v.actor_id, v.key`;
}
