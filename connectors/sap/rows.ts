/** The rows behind keys, from all pages and all blocks, and grouped by what they belong to. */
import type { JsonObject } from '../../src/connect/index.ts';
import { readMany } from './batch.ts';
import { keyAt } from './fields.ts';
import { filtersAmong, joined } from './keyset.ts';
import { all } from './literals.ts';
import type { Query } from './query.ts';
import type { Context, ServiceName } from './system.ts';

export interface RowsOf extends Omit<Query, 'filter' | 'top'> {
  readonly service: ServiceName;
  /** Key fields, and the values of each key. */
  readonly by: readonly string[];
  readonly keys: readonly (readonly string[])[];
  /** Beside the keys. */
  readonly filter?: string;
}

export async function rowsOf(
  context: Context,
  { service, by, keys, filter = '', ...query }: RowsOf,
): Promise<readonly JsonObject[]> {
  if (keys.length === 0) return [];
  const blocks = await filtersAmong(context, { service, set: query.set, fields: by, keys });
  const answers = await readMany(
    context,
    service,
    blocks.map((block) => ({ ...query, filter: all(filter, block) })),
  );
  return answers.flat();
}

/** By fields that are keys, in their one form. */
export function groupedBy(rows: readonly JsonObject[], ...fields: readonly string[]): ReadonlyMap<string, readonly JsonObject[]> {
  const groups = new Map<string, JsonObject[]>();
  for (const row of rows) {
    const key = joined(fields.map((field) => keyAt(row, field) ?? ''));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
