/** The books of a simulated S/4HANA, with a believable history or as they were kept. */
import { seededRandom, type SimulatedCompany } from '../../../../src/connect/index.ts';
import { seedBooks } from '../seed/index.ts';
import type { SapSettings } from './context.ts';
import { type KeptBooks, SapBooks } from './sap-books.ts';

export type { LineKey } from './clearing.ts';
export type { SapChange, SapSettings } from './context.ts';
export type { Posted } from './posting.ts';
export { type KeptBooks, SapBooks } from './sap-books.ts';

export interface BooksOptions {
  readonly seed?: number | string;
  /** About so many invoices; 0: an empty company with its settings and products. */
  readonly size?: number;
  readonly companies?: readonly SimulatedCompany[];
  readonly settings?: SapSettings;
  /** From `kept()`; they are seeded without it. */
  readonly kept?: KeptBooks | null;
  readonly now: () => Date;
}

const SIZE = 120;

export function createBooks({
  seed = 'sap',
  size = SIZE,
  companies = [],
  settings = {},
  kept = null,
  now,
}: BooksOptions): SapBooks {
  const books = new SapBooks(now, settings);
  if (kept === null) seedBooks({ books, random: seededRandom(`${seed} company`), size, companies, now: now() });
  else books.load(kept);
  return books;
}
