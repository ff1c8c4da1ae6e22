/**
 * The idempotency keys of requests that are done together: what they left before is read with the opening, what they leave now is written
 * with the commit.
 */
import type { REUSED, Remembered } from './idempotency.ts';
import { keepSql, type Kept, leftUnder } from './key-store.ts';
import type { Outcome } from './outcome.ts';
import type { Asked } from './requests.ts';
import type { Session } from './transaction.ts';

/** What earlier requests under the same keys left, by the place; an error where one had another input. */
export async function doneBefore(
  session: Session,
  items: readonly Asked[],
): Promise<ReadonlyMap<number, Remembered | typeof REUSED>> {
  const keyed = [...items.entries()].flatMap(([index, { key }]) => (key ? [{ index, key }] : []));
  const left = await leftUnder(
    session,
    keyed.map(({ key }) => key),
  );
  return new Map(
    keyed.flatMap(({ index }, i) => {
      const before = left[i];
      return before ? [[index, before] as const] : [];
    }),
  );
}

export interface KeyUsed {
  readonly asked: Asked;
  readonly outcome: Outcome;
}

export function keep(session: Session, now: Date, used: readonly KeyUsed[]): void {
  const kept = used.flatMap(({ asked: { key, request }, outcome }): readonly Kept[] => {
    if (!key || !outcome.ok) return [];
    const { recordId, answer } = outcome;
    if (answer === null) return [{ request: key, recordId, selectionHash: null, answer }];
    return [{ request: key, recordId, selectionHash: request.answer?.selectionHash ?? null, answer: JSON.stringify(answer) }];
  });
  const source = keepSql(used[0]?.asked.definition.record ?? '', now, kept);
  if (source) session.atLast(source);
}
