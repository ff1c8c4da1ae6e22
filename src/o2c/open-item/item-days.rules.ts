/**
 * From which day on an amount of an item is open. Allocations may count on earlier days than those that were made before them,
 * so what is open now says nothing of last week: at the end of no day may more be taken of an item than it had. Pure.
 */
import type { RowOf } from '../../write/command.ts';
import type { OpenItem } from './open-item.entity.ts';

/** Item → day → what allocations that count on that day took of it, reversals less; both as positive amounts. */
export type TakenByDay = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

const daysOf = (taken: TakenByDay, itemId: string): readonly (readonly [string, bigint])[] =>
  [...(taken.get(itemId) ?? [])].sort(([a], [b]) => (a < b ? 1 : -1));

/** The first day from which `minor` of the item (a positive amount) is open, on that day and on every later one. */
export function openFrom(
  item: Pick<RowOf<typeof OpenItem>, 'id' | 'effectiveOn' | 'openMinor'>,
  taken: TakenByDay,
  minor: bigint,
): string {
  let open = item.openMinor < 0n ? -item.openMinor : item.openMinor;
  for (const [day, amount] of daysOf(taken, item.id)) {
    open += amount;
    if (open < minor) return day;
  }
  return item.effectiveOn;
}

/** The last day on which something was taken of the item or given back to it; the item's own when nothing was. */
export const lastDay = (item: Pick<RowOf<typeof OpenItem>, 'id' | 'effectiveOn'>, taken: TakenByDay): string =>
  daysOf(taken, item.id)[0]?.[0] ?? item.effectiveOn;
