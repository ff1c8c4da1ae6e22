/** What decisions about items need beside their rows: what was taken of each, by the day on which it counts. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import type { TakenByDay } from './item-days.rules.ts';

/** Of items that are locked already, so that it stays so. */
export async function loadTaken(tx: Tx, items: readonly { readonly id: string }[]): Promise<TakenByDay> {
  if (items.length === 0) return new Map();
  const ids = sql.uuids(items.map((i) => i.id));
  const rows = await tx.rows<{ item_id: string; on: string; minor: string }>(
    sql`select item_id, effective_on::text as on, sum(minor)::text as minor from (
          select to_item_id as item_id, effective_on, to_minor as minor from allocation where to_item_id = any(${ids})
          union all
          select from_item_id, effective_on, from_minor from allocation where from_item_id = any(${ids})
        ) taken group by item_id, effective_on`,
  );
  const taken = new Map<string, Map<string, bigint>>();
  for (const { item_id: id, on, minor } of rows)
    taken.set(id, (taken.get(id) ?? new Map<string, bigint>()).set(on, BigInt(minor)));
  return taken;
}
