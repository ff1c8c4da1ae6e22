/** What setting a payment or a credit note against invoices must do: all or nothing, each amount in the order in which it is asked for. */
import { DATE, type Expected, type Now, refused, when } from './books-commands.ts';
import { type Account, type Allocation, type Books, type Invoice, type Item, later, size } from './books-model.ts';

export interface Wanted {
  readonly invoice: Invoice;
  readonly amount: bigint;
  readonly discount: bigint;
  readonly fromAmount?: bigint;
}

interface Application {
  readonly now: Now;
  readonly kind: 'CASH' | 'CREDIT';
  readonly wanted: readonly Wanted[];
  readonly effectiveOn?: string;
}

const isPayerOf = (from: Account, to: Account) => to.payers.includes(from.payers[0] ?? '');

function applyOne(
  books: Books,
  from: Item,
  { now, kind, effectiveOn, wanted: { invoice, amount, discount, fromAmount } }: Omit<Application, 'wanted'> & { wanted: Wanted },
) {
  const to = invoice.item;
  if (!to) return { codes: ['NOT_FOUND'], made: [] };
  const used = fromAmount ?? amount;
  const { entity } = to.account;
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
    ...when(amount <= 0n || used <= 0n || discount < 0n, 'AMOUNT_INVALID'),
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
  const cash: Allocation = { ...common, kind, from, toMinor: amount, fromMinor: used };
  const granted: Allocation = { ...common, kind: 'DISCOUNT', from: null, toMinor: discount, fromMinor: 0n };
  return { codes, made: discount > 0n ? [cash, granted] : [cash] };
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
