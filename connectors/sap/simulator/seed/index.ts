/** A believable company of any size, the same one for the same seed: products, customers and eighteen months of history up to now. */
import { History } from './history.ts';
import { type Seeding, seedMasters } from './masters.ts';

export interface SeedOptions extends Seeding {
  readonly now: Date;
}

/** The company is older than its history. */
const FOUNDED_MS = 600 * 86_400_000;
const HOUR_MS = 3_600_000;

export function seedBooks({ now, ...seeding }: SeedOptions): void {
  const { store } = seeding.books.context;
  const clock = store.now;
  store.now = () => new Date(now.getTime() - FOUNDED_MS);
  const masters = seedMasters(seeding);
  new History(seeding, masters, now.getTime() - HOUR_MS).run();
  store.now = clock;
}
