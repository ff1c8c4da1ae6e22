/** What a credit note must take of an invoice: net and tax per category and rate, the last one the rest of both. */
import { DATE, type Expected, type Now, refused, when } from './books-commands.ts';
import { type Books, type Group, halfUp, type Invoice, type Item, type Note, total } from './books-model.ts';

/** What is left of each group after the notes so far. */
export const leftOf = (invoice: Invoice): Group[] =>
  invoice.groups.map((g) => {
    const credited = invoice.notes.flatMap((n) => n.groups.filter((c) => c.category === g.category && c.percent === g.percent));
    return { ...g, net: g.net - total(credited.map((c) => c.net)), tax: g.tax - total(credited.map((c) => c.tax)) };
  });

/** A discount took of each net and tax in proportion: floors, then a unit each to those that lost most by it. */
function lessDiscount(invoice: Invoice, groups: Group[], discount: bigint): Group[] {
  if (discount === 0n) return groups;
  const weights = invoice.groups.flatMap((g) => [g.net, g.tax]);
  const whole = total(weights);
  const parts = weights.map((weight, at) => {
    const lost = (((discount * weight) % whole) + whole) % whole;
    return { at, lost, part: (discount * weight - lost) / whole };
  });
  const missing = Number(discount - total(parts.map((p) => p.part)));
  const extra = new Set(
    [...parts]
      .sort((a, b) => (a.lost < b.lost ? 1 : a.lost > b.lost ? -1 : a.at - b.at))
      .slice(0, missing)
      .map((p) => p.at),
  );
  const taken = parts.map((p) => p.part + (extra.has(p.at) ? 1n : 0n));
  return groups.map((g, i) => ({ ...g, net: g.net - (taken[2 * i] ?? 0n), tax: g.tax - (taken[2 * i + 1] ?? 0n) }));
}

function creditedBy(
  books: Books,
  invoice: Invoice,
  lines: readonly { at: number; net: bigint }[] | null,
): readonly Group[] | null {
  const discount = invoice.item ? books.taken(invoice.item, { kind: 'DISCOUNT' }) : 0n;
  const left = lessDiscount(invoice, leftOf(invoice), discount);
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
  const taken = creditedBy(books, invoice, lines);
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
      const own: Item = {
        account,
        on: day,
        rateOn: invoice.issuedOn,
        dueOn: day,
        at: now.at,
        currency,
        original: -worth,
        early: null,
      };
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
          with: null,
        });
      }
      invoice.notes.push(note);
      entity.lastNumbered.CREDIT_NOTE = day;
    },
  };
}
