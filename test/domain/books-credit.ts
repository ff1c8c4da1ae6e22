/** What a credit note must take of an invoice: net and tax per category and rate, the last one the rest of both. */
import { DATE, type Expected, type Now, refused, when } from './books-commands.ts';
import { type Books, type Group, halfUp, type Invoice, type Item, type Note, total } from './books-model.ts';

/** What is left of each group after the notes so far. */
export const leftOf = (invoice: Invoice): Group[] =>
  invoice.groups.map((g) => {
    const credited = invoice.notes.flatMap((n) => n.groups.filter((c) => c.category === g.category && c.percent === g.percent));
    return { ...g, net: g.net - total(credited.map((c) => c.net)), tax: g.tax - total(credited.map((c) => c.tax)) };
  });

function creditedBy(invoice: Invoice, lines: readonly { at: number; net: bigint }[] | null): readonly Group[] | null {
  const left = leftOf(invoice);
  if (!lines) return left.filter((g) => g.net !== 0n || g.tax !== 0n);
  const taken = lines.map(({ at, net }) => {
    const group = left[at];
    if (!group || net > group.net) return null;
    const tax = halfUp(net * group.percent, 100n);
    return { ...group, net, tax: net === group.net ? group.tax : tax < group.tax ? tax : group.tax };
  });
  return taken.every((g) => g !== null) ? taken : null;
}

interface Credit {
  readonly now: Now;
  readonly lines: readonly { at: number; net: bigint }[] | null;
  readonly issuedOn?: string;
}

export function credit(books: Books, invoice: Invoice, { now, lines, issuedOn }: Credit): Expected {
  const { item, account, currency } = invoice;
  const { entity } = account;
  if (!item) return refused('WRONG_STATE');
  const day = issuedOn ?? now.today;
  const taken = creditedBy(invoice, lines);
  const worth = total((taken ?? []).map((g) => g.net + g.tax));
  const codes = [
    ...when(day > now.today || day < invoice.issuedOn || day < entity.lastNumbered.CREDIT_NOTE, DATE),
    ...when(day <= entity.closedThrough, 'PERIOD_CLOSED'),
    ...when(taken === null, 'OVER_ALLOCATION'),
    ...when(lines?.some((l) => l.net <= 0n) ?? false, 'AMOUNT_INVALID'),
    ...when(taken !== null && worth <= 0n, 'NOTHING_TO_ALLOCATE'),
  ];
  return {
    codes,
    commit(id) {
      const own: Item = { account, on: day, rateOn: invoice.issuedOn, dueOn: day, at: now.at, currency, original: -worth };
      const note: Note = { id, invoice, groups: taken ?? [], item: own };
      const minor = worth < books.open(item) ? worth : books.open(item);
      books.items.push(own);
      books.notes.push(note);
      if (minor > 0n) {
        const on = books.firstDay(
          [
            [item, minor],
            [own, minor],
          ],
          day,
        );
        books.allocations.push({
          id: '',
          kind: 'CREDIT',
          to: item,
          from: own,
          toMinor: minor,
          fromMinor: minor,
          on,
          at: now.at,
          reverses: null,
        });
      }
      invoice.notes.push(note);
      entity.lastNumbered.CREDIT_NOTE = day;
    },
  };
}
