/** Decisions of one set that change one row, as one change of it: what is written is what the last of them left, and never one that didn't know of the other. */
import { DomainError } from '../kernel/errors.ts';
import type { RowChange } from './command.ts';

type Insert = Extract<RowChange, { op: 'insert' }>;
type Update = Extract<RowChange, { op: 'update' }>;

/**
 * Decisions of one set may change a row one after the other, each building on the one before: it is written once, as the last left it.
 * @throws DomainError VERSION_CONFLICT where one didn't know of the other
 */
export function folded(rows: readonly RowChange[]): readonly (RowChange | Steps)[] {
  if (rows.every(({ op }) => op !== 'update')) return rows;
  const made: (RowChange | Steps)[] = [];
  const places = new Map<string, number>();
  for (const row of rows) {
    const id = row.op === 'insert' ? row.values['id'] : row.id;
    const key = `${row.entity} ${String(id)}`;
    const place = places.get(key);
    const before = place === undefined ? undefined : made[place];
    if (place === undefined || !before || row.op !== 'update' || before.op === 'delete') {
      places.set(key, made.length);
      made.push(row);
    } else made[place] = before.op === 'insert' ? insertedThen(before, row) : updatedThen(before, row);
  }
  return made;
}

/** An update that stands for several: the version grows by their number. */
export type Steps = Update & { readonly steps?: number };

export const tornApart = (entity: string) =>
  new DomainError('VERSION_CONFLICT', `${entity} was changed by somebody else meanwhile. Read it again and decide anew.`);

function insertedThen(before: Insert, row: Update): Insert {
  const version = before.values['version'];
  if (row.version !== null && row.version !== version) throw tornApart(row.entity);
  const next = row.version === null ? {} : { version: row.version + 1 };
  return { ...before, values: { ...before.values, ...row.set, ...next } };
}

function updatedThen(before: Steps, row: Update): Steps {
  const steps = before.steps ?? 1;
  if (row.version !== (before.version === null ? null : before.version + steps)) throw tornApart(row.entity);
  return { ...before, set: { ...before.set, ...row.set }, steps: steps + 1 };
}
