/** Work over many in slices, between which whatever else the process has to do comes to its turn. Never for what must not be torn apart by others. */

const SLICE_COUNT = 50;

/** As `items.map(work)`. */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % SLICE_COUNT === 0) await new Promise(setImmediate);
    results.push(work(item, index));
  }
  return results;
}
