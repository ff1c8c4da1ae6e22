/** Which line of a transaction goes back to which line of another: one link for each pair of lines. */
import type { Books } from '../books/books.ts';
import type { Transaction } from '../books/model.ts';

export interface Link {
  readonly previous: Transaction;
  readonly previousLine: number;
  readonly next: Transaction;
  readonly nextLine: number;
  readonly type: string;
  /** Minor units of the currency that both are in. */
  readonly foreign: number | null;
  readonly modifiedSec: number;
}

const MADE_OF: Readonly<Partial<Record<Transaction['code'], string>>> = {
  ItemShip: 'ShipRcpt',
  CustInvc: 'OrdBill',
  CashSale: 'OrdBill',
};

export function linksOf(books: Books, next: Transaction): Link[] {
  const links: Link[] = [];
  const source = next.createdFrom === null ? undefined : books.transactions.get(next.createdFrom);
  const made = MADE_OF[next.code];
  if (source?.code === 'SalesOrd' && made !== undefined)
    for (const line of next.lines) {
      if (line.orderLine === null) continue;
      const foreign = next.code === 'ItemShip' ? null : line.minor;
      links.push({
        previous: source,
        previousLine: line.orderLine,
        next,
        nextLine: line.id,
        type: made,
        foreign,
        modifiedSec: line.modifiedSec,
      });
    }
  const whole = { previousLine: 0, next, nextLine: 0, modifiedSec: next.modifiedSec };
  if (source !== undefined && next.code === 'CustDep')
    links.push({ ...whole, previous: source, type: 'OrdDep', foreign: next.total });
  if (source !== undefined && next.code === 'DepAppl')
    links.push({ ...whole, previous: source, type: 'DepAppl', foreign: next.total });
  for (const { doc, minor, discount, modifiedSec } of next.applies) {
    const previous = books.transactions.get(doc);
    if (previous !== undefined)
      links.push({ previous, previousLine: 0, next, nextLine: 1, type: 'Payment', foreign: minor + discount, modifiedSec });
  }
  return links;
}
