/** A believable company of any size, the same one for the same seed: its settings, lists and history up to now. */
import type { SeededRandomness, SimulatedCompany } from '../../../src/connect/index.ts';
import type { Books, Row } from './books.ts';
import { History } from './seed-history.ts';
import { seedLists } from './seed-lists.ts';
import { setUp, settingsBody } from './seed-setup.ts';
import { PERSON, type Writer } from './writer.ts';

export interface SeedOptions {
  readonly books: Books;
  readonly writer: Writer;
  readonly random: SeededRandomness;
  /** About so many invoices; none for an empty company. */
  readonly size: number;
  readonly isMultiCurrency: boolean;
  readonly companies: readonly SimulatedCompany[];
  readonly nowSec: number;
}

const NAME = 'Larkspur Landscape Supply';
/** The company is older than its history. */
const FOUNDED_SEC = 600 * 86_400;
const HOUR_SEC = 3_600;

export function seedCompany({ nowSec, size, ...seeding }: SeedOptions): void {
  const { books, writer, isMultiCurrency } = seeding;
  books.nowSec = () => nowSec - FOUNDED_SEC;
  setUp(books, NAME);
  if (isMultiCurrency) writer.update('Preferences', { sparse: true, ...settingsBody({ multiCurrency: true }) }, PERSON);
  if (size > 0) {
    const lists = seedLists(seeding, size);
    new History(seeding, lists, nowSec - HOUR_SEC).run(size);
    retire(books, writer, lists.idle);
  }
  books.takeChanges();
}

/** Some customers and a product are out of use. */
function retire(books: Books, writer: Writer, idle: readonly Row[]): void {
  for (const { id } of idle) writer.update('Customer', { Id: id, sparse: true, Active: false }, PERSON);
  const product = [...books.rows('Item')].at(-1);
  if (product !== undefined) writer.update('Item', { Id: product.id, sparse: true, Active: false }, PERSON);
}
