/** What setting a payment or a credit note against invoices must do: all or nothing, each amount in the order in which it is asked for. */
import { DATE, type Expected, type Now, refused, when } from './books-commands.ts';
import { type Account, type Allocation, type Books, halfUp, type Invoice, type Item, later, size } from './books-model.ts';

export interface Wanted {
  readonly invoice: Invoice;
  readonly amount: bigint;
  /** By hand; nothing: the terms decide. */
  readonly discount: bigint;
  readonly takesDiscount?: boolean;
  readonly fromAmount?: bigint;
}

interface Application {
  readonly now: Now;
  readonly kind: 'CASH' | 'CREDIT';
  readonly wanted: readonly Wanted[];
  readonly effectiveOn?: string;
}

const isPayerOf = (from: Account, to: Account) => to.payers.includes(from.payers[0] ?? '');

const least = (...numbers: readonly bigint[]) => numbers.reduce((a, b) => (a < b ? a : b));

/**
 * The discount by the terms and the one beyond: who settles what is open gets what is offered on it, who pays a part and asks
 * for it gets a part; by itself it is taken where the amount is to the cent what is open less the discount.
 */
function discounts(
  books: Books,
  offer: bigint,
  { to, wanted }: { to: Item; wanted: Wanted },
): readonly [early: bigint, beyond: bigint] {
  const { amount, discount, takesDiscount } = wanted;
  const open = books.open(to);
  const offered = to.early?.offered ?? 0n;
  const earned =
    amount >= open
      ? 0n
      : amount >= open - offer
        ? least(offer, open - amount)
        : least(offer, halfUp(amount * offered, to.original - offered));
  if (discount > 0n) return [least(discount, earned), discount - least(discount, earned)];
  return [(takesDiscount ?? (offer > 0n && amount === open - offer)) ? earned : 0n, 0n];
}

function applyOne(
  books: Books,
  from: Item,
  { now, kind, effectiveOn, wanted }: Omit<Application, 'wanted'> & { wanted: Wanted },
) {
  const { invoice, amount, fromAmount } = wanted;
  const to = invoice.item;
  if (!to) return { codes: ['NOT_FOUND'], made: [] };
  const used = fromAmount ?? amount;
  const { entity } = to.account;
  const offer = kind === 'CASH' ? books.offer(to, from.on) : 0n;
  const [early, beyond] = discounts(books, offer, { to, wanted });
  const discount = early + beyond;
  const day =
    effectiveOn ??
    books.firstDay(
      [
        [to, amount + discount],
        [from, used],
      ],
      '',
    );
  const isOver = amount + discount > books.open(to) || used > size(books.open(from)) || books.open(to) === 0n;
  const codes = [
    ...when(amount <= 0n || used <= 0n || wanted.discount < 0n, 'AMOUNT_INVALID'),
    ...when(wanted.takesDiscount === true && offer === 0n, 'DISCOUNT_NOT_AVAILABLE'),
    ...when(isOver, 'OVER_ALLOCATION'),
    ...when(entity !== from.account.entity || !isPayerOf(from.account, to.account), 'ACCOUNT_MISMATCH'),
    ...when(to.currency === from.currency ? used !== amount : fromAmount === undefined, 'CURRENCY_MISMATCH'),
    ...when(
      day > now.today ||
        books.leftFrom(to, day) < amount + discount ||
        books.leftFrom(from, day) < used ||
        day < later(to.on, from.on),
      DATE,
    ),
    ...when(day <= entity.closedThrough, 'PERIOD_CLOSED'),
  ];
  const common = { id: '', to, on: day, at: now.at, reverses: null };
  const cash: Allocation = { ...common, kind, from, toMinor: amount, fromMinor: used, with: null };
  const granted = [early, beyond].filter((minor) => minor > 0n);
  return {
    codes,
    made: [
      cash,
      ...granted.map((toMinor): Allocation => ({ ...common, kind: 'DISCOUNT', from: null, toMinor, fromMinor: 0n, with: cash })),
    ],
  };
}

/** All or nothing: what comes first is in the books for what comes next, and nothing is when one of them is refused. */
export function apply(books: Books, from: Item | null, { wanted, ...how }: Application): Expected {
  if (!from) return refused('WRONG_STATE');
  const before = books.allocations.length;
  const made: Allocation[] = [];
  for (const one of wanted) {
    const { codes, made: next } = applyOne(books, from, { ...how, wanted: one });
    if (codes.length > 0) {
      books.allocations.length = before;
      return refused(...codes);
    }
    books.allocations.push(...next);
    made.push(...next);
  }
  books.allocations.length = before;
  return { codes: [], commit: () => void books.allocations.push(...made) };
}
