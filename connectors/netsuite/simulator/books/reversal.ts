/** The journal that takes back what a voided transaction posted, where the account is set up for that. */
import { follow } from './applying.ts';
import type { Books } from './books.ts';
import { Line, Transaction } from './model.ts';
import { postedLines } from './posting.ts';

export function reversal(books: Books, voided: Transaction): Transaction {
  const journal = new Transaction(books.newId('transaction'), 'Journal', books.nowSec());
  const { entity, subsidiary, currency, rate, id } = voided;
  Object.assign(journal, { entity, subsidiary, currency, rate, day: books.today, status: 'B', createdFrom: id });
  journal.number = `JE${1_000 + books.newId('number JE')}`;
  journal.tranId = journal.number;
  journal.memo = `VOID: ${voided.tranId}`;
  journal.lines = postedLines(books, voided).flatMap(({ account, foreign }) => {
    if (account === null || foreign === 0) return [];
    const line = new Line(journal.nextLine++);
    return [Object.assign(line, { account, minor: -foreign, modifiedSec: journal.createdSec })];
  });
  follow(voided, journal.id);
  return journal;
}
