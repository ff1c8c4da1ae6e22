/** The steps of a history that set payments and credit notes against invoices. */
import { apply, type Wanted } from './books-apply.ts';
import { type Item, size } from './books-model.ts';
import { type Maker, type Move, pick, type Place, someAmount, someDay, type Step, text, withDay } from './history-step.ts';

interface Source {
  readonly kind: 'CASH' | 'CREDIT';
  readonly from: Item;
}

/** What is wanted of one or two invoices; mostly of the payer's own legal entity. */
function wantedOf({ books }: Place, step: Step, { from, kind }: Source): Wanted[] {
  const open = books.invoices.filter((i) => i.item && (step.day > 92 || books.open(i.item) > 0n));
  const near = open.filter(
    (i) => i.account.entity === from.account.entity && i.account.payers.includes(from.account.payers[0] ?? ''),
  );
  const same = near.filter((i) => i.currency === from.currency);
  const strangers = open.filter((i) => i.account.entity === from.account.entity && !near.includes(i));
  const list = step.other < 65 && same.length > 0 ? same : step.other < 82 ? near : step.other < 90 ? strangers : books.invoices;
  return [step.which, step.which + step.other].slice(0, step.size % 3 === 0 ? 2 : 1).flatMap((n, i): Wanted[] => {
    const invoice = pick(list, n);
    if (!invoice) return [];
    const left = size(books.open(from));
    const owed = invoice.item ? books.open(invoice.item) : 100n;
    const isCross = invoice.currency !== from.currency;
    const offer = invoice.item && kind === 'CASH' ? books.offer(invoice.item, from.on) : 0n;
    const isLess = offer > 0n && step.size % 2 === 0;
    const amount = isLess ? owed - offer : someAmount(isCross || owed < left ? owed : left, (step.size + i * 40) % 97);
    const takesDiscount = kind === 'CASH' && step.day % 4 >= 2 && step.day % 3 > 0 ? step.day % 4 === 2 : undefined;
    const discount = step.day % 4 === 1 ? (owed - amount > 0n ? (owed - amount) / 2n : BigInt(step.size % 2)) : 0n;
    const fromAmount = isCross && step.day < 90 ? (left * BigInt(step.size)) / 97n || 1n : undefined;
    const choices = {
      ...(fromAmount === undefined ? {} : { fromAmount }),
      ...(takesDiscount === undefined ? {} : { takesDiscount }),
    };
    return [{ invoice, amount, discount, ...choices }];
  });
}

function applyFrom(
  place: Place,
  step: Step,
  source: Source & { readonly name: string; readonly id: Record<string, string>; readonly isUsable: boolean },
): Move | null {
  const { books, now } = place;
  const wanted = wantedOf(place, step, source);
  const { name, id, isUsable, from, kind } = source;
  if (wanted.length === 0) return null;
  const effectiveOn = withDay('effectiveOn', someDay(step.day, now.today));
  const allocations = wanted.map(({ invoice, amount, discount, fromAmount, takesDiscount }) => ({
    invoiceId: invoice.id,
    amount: text(amount, invoice.currency),
    ...(discount > 0n ? { discount: text(discount, invoice.currency) } : {}),
    ...(fromAmount === undefined ? {} : { fromAmount: text(fromAmount, from.currency) }),
    ...(takesDiscount === undefined ? {} : { takeDiscount: takesDiscount }),
  }));
  return {
    name,
    input: { ...id, allocations, ...effectiveOn },
    expected: apply(books, isUsable ? from : null, { now, kind, wanted, ...effectiveOn }),
  };
}

export const applyIt: Maker = (place, step) => {
  const payment = pick(
    place.books.payments.filter((p) => p.item && (step.other > 92 || (p.state === 'RECEIVED' && place.books.open(p.item) < 0n))),
    step.which,
  );
  return payment?.item
    ? applyFrom(place, step, {
        name: 'applyCash',
        id: { paymentId: payment.id },
        kind: 'CASH',
        from: payment.item,
        isUsable: payment.state === 'RECEIVED',
      })
    : null;
};

export const applyCredit: Maker = (place, step) => {
  const note = pick(
    place.books.notes.filter((n) => step.other > 90 || place.books.open(n.item) < 0n),
    step.which,
  );
  return note
    ? applyFrom(place, step, {
        name: 'applyCredit',
        id: { creditNoteId: note.id },
        kind: 'CREDIT',
        from: note.item,
        isUsable: true,
      })
    : null;
};
