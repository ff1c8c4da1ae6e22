/** A believable account of any size, the same one for the same seed: its settings, lists and history up to now. */
import type { SeededRandomness } from '../../../../src/connect/simulating/index.ts';
import type { SimulatedSubsidiary } from '../contract.ts';
import type { Records } from '../records/records.ts';
import { History } from './history.ts';
import { type Companies, seedLists } from './lists.ts';
import { setUp } from './setup.ts';

export interface SeedOptions {
  readonly records: Records;
  readonly random: SeededRandomness;
  /** About so many invoices; none for an account without customers. */
  readonly size: number;
  readonly companies: Companies;
  readonly subsidiaries: readonly SimulatedSubsidiary[];
  readonly nowSec: number;
}

/** The account is older than its history. */
const FOUNDED_SEC = 600 * 86_400;
const HOUR_SEC = 3_600;

export function seedAccount({ records, random, size, companies, subsidiaries, nowSec }: SeedOptions): void {
  const { books } = records;
  books.nowSec = () => nowSec - FOUNDED_SEC;
  const seeding = { records, random, setUp: setUp(records, subsidiaries) };
  if (size > 0) new History(seeding, seedLists(seeding, size, companies), nowSec - HOUR_SEC).run(size);
  books.takeChanges();
}
