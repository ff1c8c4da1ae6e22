/**
 * The idempotency keys of the inputs of one set: each is kept in the transaction of its input's effect and means the same as the key
 * of a single request. Never does an input under a key that was used before have a second effect.
 */
import type { Principal } from '../access/principal.ts';
import type { CommandDefinition } from './command.ts';
import { type KeyedRequest, REUSED } from './idempotency.ts';
import { keepSql, type Kept, leftUnder } from './key-store.ts';
import type { Outcome } from './outcome.ts';
import type { Item } from './requests.ts';
import type { Session } from './transaction.ts';

export interface KeyedSet {
  readonly principal: Principal;
  readonly definition: CommandDefinition;
  readonly now: Date;
}

/** Runs those inputs that were not done before; the others have the outcome of their first time. No two of the inputs have one key. */
export async function underKeys(
  session: Session,
  set: KeyedSet & { readonly items: readonly Item[] },
  run: (fresh: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const { items, definition, now } = set;
  const keyed = items.flatMap((item) =>
    item.key === null ? [] : [{ index: item.index, request: requestOf(set, item, item.key) }],
  );
  if (keyed.length === 0) return run(items);
  const left = await leftUnder(
    session,
    keyed.map(({ request }) => request),
  );
  const before = new Map(
    keyed.flatMap(({ index }, i) => {
      const one = left[i];
      return one ? [[index, 'code' in one ? refused(one) : again(one.recordId)] as const] : [];
    }),
  );
  const fresh = items.filter(({ index }) => !before.has(index));
  const done = fresh.length > 0 ? await run(fresh) : [];
  const outcomes = new Map([...before, ...fresh.map(({ index }, i) => [index, done[i] as Outcome] as const)]);
  const kept = keyed.flatMap(({ index, request }): readonly Kept[] => {
    const outcome = before.has(index) ? null : outcomes.get(index);
    return outcome?.ok ? [{ request, recordId: outcome.recordId, selectionHash: null, answer: null }] : [];
  });
  const source = keepSql(definition.record, now, kept);
  if (source) await session.change(source);
  return items.map(({ index }) => outcomes.get(index) as Outcome);
}

function requestOf({ principal: { tenantId, actorId }, definition }: KeyedSet, { value }: Item, key: string): KeyedRequest {
  return { tenantId, actorId, operation: definition.name, key, input: value };
}

const again = (recordId: string): Outcome => ({ ok: true, recordId, isNew: false, answer: null, secret: null });

const refused = (problem: typeof REUSED): Outcome => ({ ok: false, problems: [problem] });
