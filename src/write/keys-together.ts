/**
 * The idempotency keys of requests that are done together: what they left before is read with the opening, what they leave now is written
 * with the commit. A key that somebody else takes meanwhile undoes all of it.
 */
import { sql } from '../read/sql.ts';
import { isOfInput, REUSED, type Remembered, saltedHash } from './idempotency.ts';
import type { Outcome } from './outcome.ts';
import type { Asked } from './requests.ts';
import { type Session, unnest } from './transaction.ts';

interface StoredRow {
  readonly actor_id: string;
  readonly key: string;
  readonly input_hash: string;
  readonly record_id: string;
  readonly selection_hash: string | null;
  readonly answer: string | null;
}

/** What earlier requests under the same keys left, by the place; an error where one had another input. */
export async function doneBefore(
  session: Session,
  items: readonly Asked[],
): Promise<ReadonlyMap<number, Remembered | typeof REUSED>> {
  const keyed = [...items.entries()].flatMap(([index, { key }]) => (key ? [{ index, key }] : []));
  const [first] = keyed;
  if (!first) return new Map();
  const { tenantId, operation } = first.key;
  const actors = sql.typed(
    keyed.map(({ key }) => key.actorId),
    'uuid[]',
  );
  const keys = sql.typed(
    keyed.map(({ key }) => key.key),
    'text[]',
  );
  // key by key: a plan that was made while few were kept would read all
  const rows = await session.rows<StoredRow>(
    sql`select i.actor_id, i.key, i.input_hash, i.record_id, i.selection_hash, i.answer
        from unnest(${actors}, ${keys}) as v(actor_id, key)
        cross join lateral (
          select * from idempotency k where k.tenant_id = ${tenantId} and k.operation = ${operation} and k.actor_id = v.actor_id and k.key = v.key limit 1
        ) i`,
  );
  const stored = new Map(rows.map((row) => [`${row.actor_id} ${row.key}`, row]));
  return new Map(
    keyed.flatMap(({ index, key }) => {
      const row = stored.get(`${key.actorId} ${key.key}`);
      if (!row) return [];
      const left = { recordId: row.record_id, selectionHash: row.selection_hash, answer: row.answer };
      return [[index, isOfInput(row.input_hash, key.input) ? left : REUSED] as const];
    }),
  );
}

const KEPT = [
  { column: 'actor_id', property: 'actorId', type: 'uuid' },
  { column: 'key', property: 'key', type: 'text' },
  { column: 'input_hash', property: 'hash', type: 'text' },
  { column: 'record_id', property: 'recordId', type: 'uuid' },
  { column: 'selection_hash', property: 'selectionHash', type: 'text' },
  { column: 'answer', property: 'answer', type: 'text' },
] as const;

export interface KeyUsed {
  readonly asked: Asked;
  readonly outcome: Outcome;
}

/** In one order for all, so that no two wait for each other. */
export function keep(session: Session, now: Date, used: readonly KeyUsed[]): void {
  const rows = used.flatMap(({ asked: { key, request }, outcome }) => {
    if (!key || !outcome.ok) return [];
    const { recordId, answer } = outcome;
    const isAnswered = answer !== null;
    return [
      {
        actorId: key.actorId,
        key: key.key,
        hash: saltedHash(key.input),
        recordId,
        selectionHash: isAnswered ? (request.answer?.selectionHash ?? null) : null,
        answer: isAnswered ? JSON.stringify(answer) : null,
      },
    ];
  });
  const [first] = used;
  if (rows.length === 0 || !first) return;
  const { definition, request } = first.asked;
  session.atLast(
    sql`insert into idempotency (tenant_id, operation, record_kind, created_at, actor_id, key, input_hash, record_id, selection_hash, answer)
        select ${request.principal.tenantId}::uuid, ${definition.name}, ${definition.record}, ${now.toISOString()}::timestamptz,
          v.actor_id, v.key, v.input_hash, v.record_id, v.selection_hash, v.answer
        from ${unnest(KEPT, rows)} order by v.actor_id, v.key`,
  );
}
