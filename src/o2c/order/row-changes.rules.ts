/** What to write of rows that a decision changed: the columns that differ, once per row. Pure. */
import type { RowChange } from '../../write/command.ts';

/** A row as it was read (null: this decision makes it) and as it is now. */
export interface Row<R> {
  readonly before: R | null;
  now: R;
}

interface Table<R> {
  readonly entity: string;
  readonly owner: Readonly<Record<string, unknown>>;
  /** Columns that are written even if they are the same: the row has a new version in any case. */
  readonly always?: readonly (keyof R & string)[];
  /** Columns that a derivation sums up: written with every change, and what they were told with it. */
  readonly summed?: readonly (keyof R & string)[];
}

/** Is nothing to be written of it? */
export const isSame = <R extends object>(before: R, now: R): boolean =>
  before === now || (Object.keys(now) as (keyof R)[]).every((key) => now[key] === before[key]);

export function changesOf<R extends { readonly id: string; readonly version: number }>(
  { entity, owner, always = [], summed = [] }: Table<R>,
  rows: readonly Row<R>[],
): RowChange[] {
  return rows.flatMap(({ before, now }): RowChange[] => {
    if (!before) return [{ op: 'insert', entity, values: now }];
    const changed = (Object.keys(now) as (keyof R & string)[]).filter((key) => now[key] !== before[key]);
    if (changed.length === 0 && always.length === 0) return [];
    const pick = (from: R, keys: readonly (keyof R & string)[]) => Object.fromEntries(keys.map((key) => [key, from[key]]));
    const set = pick(now, [...new Set([...changed, ...always, ...summed])]);
    return [
      {
        op: 'update',
        entity,
        id: now.id,
        version: before.version,
        set,
        ...(summed.length === 0 ? {} : { was: pick(before, summed) }),
        owner,
      },
    ];
  });
}
