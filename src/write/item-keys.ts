/**
 * The idempotency keys of the inputs of one set: each is kept in the transaction of its input's effect and means the same as the key
 * of a single request. Never does an input under a key that was used before have a second effect.
 */
import type { Principal } from '../access/principal.ts';
import { DomainError } from '../kernel/errors.ts';
import { sql } from '../read/sql.ts';
import type { CommandDefinition } from './command.ts';
import { isOfInput, REUSED, saltedHash } from './idempotency.ts';
import type { Outcome } from './outcome.ts';
import type { Item } from './requests.ts';
import { type Session, unnest } from './transaction.ts';

export interface KeyedSet {
  readonly principal: Principal;
  readonly definition: CommandDefinition;
  readonly now: Date;
}

interface KeyedItem extends Item {
  readonly key: string;
}

const COLUMNS = [
  { column: 'key', property: 'key', type: 'text' },
  { column: 'input_hash', property: 'hash', type: 'text' },
  { column: 'record_id', property: 'recordId', type: 'uuid' },
] as const;

/** Runs those inputs that were not done before; the others have the outcome of their first time. No two of the inputs have one key. */
export async function underKeys(
  session: Session,
  set: KeyedSet & { readonly items: readonly Item[] },
  run: (fresh: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const { items } = set;
  const keyed = items.filter((item): item is KeyedItem => item.key !== null);
  if (keyed.length === 0) return run(items);
  const before = await doneBefore(session, set, keyed);
  const fresh = items.filter(({ index }) => !before.has(index));
  const done = fresh.length > 0 ? await run(fresh) : [];
  const outcomes = new Map([...before, ...fresh.map(({ index }, i) => [index, done[i] as Outcome] as const)]);
  const claims = keyed.flatMap(({ index, key, value }) => {
    const outcome = before.has(index) ? null : outcomes.get(index);
    return outcome?.ok ? [{ key, hash: saltedHash(value), recordId: outcome.recordId }] : [];
  });
  await keep(session, set, claims);
  return items.map(({ index }) => outcomes.get(index) as Outcome);
}

/** By the place of the input. */
async function doneBefore(session: Session, set: KeyedSet, items: readonly KeyedItem[]): Promise<ReadonlyMap<number, Outcome>> {
  const { principal, definition } = set;
  const keys = items.map(({ key }) => key);
  const rows = await session.rows<{ key: string; input_hash: string; record_id: string }>(
    sql`select key, input_hash, record_id from idempotency where tenant_id = ${principal.tenantId}
        and actor_id = ${principal.actorId} and operation = ${definition.name} and key = any(${sql.typed(keys, 'text[]')})`,
  );
  const stored = new Map(rows.map((row) => [row.key, row]));
  return new Map(
    items.flatMap(({ index, key, value }) => {
      const row = stored.get(key);
      if (!row) return [];
      const outcome: Outcome = isOfInput(row.input_hash, value)
        ? { ok: true, recordId: row.record_id, isNew: false, answer: null, secret: null }
        : { ok: false, problems: [REUSED] };
      return [[index, outcome] as const];
    }),
  );
}

/** @throws CONFLICT_RETRY when another request under one of the keys was done meanwhile: all of this is undone, and finds it then */
async function keep(session: Session, set: KeyedSet, claims: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  if (claims.length === 0) return;
  const { principal, definition, now } = set;
  // in one order for all, so that two sets with the same keys don't wait for each other
  const kept = await session.change(
    sql`insert into idempotency (tenant_id, actor_id, operation, key, input_hash, record_kind, record_id, created_at)
        select ${principal.tenantId}::uuid, ${principal.actorId}::uuid, ${definition.name}, v.key, v.input_hash, ${definition.record}, v.record_id,
          ${now.toISOString()}::timestamptz
        from ${unnest(COLUMNS, claims)} order by v.key on conflict on constraint idempotency_pk do nothing`,
  );
  if (kept !== claims.length)
    throw new DomainError('CONFLICT_RETRY', 'Another request with one of these keys was done at the same time. Try again.');
}
