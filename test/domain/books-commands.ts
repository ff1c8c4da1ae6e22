/**
 * What each command must do to the reference books, or for which reasons it must be refused. A command may be wrong in several
 * ways at once; which of them the platform names first is its own affair, so a refusal is a set of codes.
 */
import {
  type Account,
  type Allocation,
  type Books,
  halfUp,
  type Invoice,
  type Item,
  later,
  type Payment,
  total,
} from './books-model.ts';
import { addDays } from '../../src/kernel/date.ts';

/** A command that is expected to be refused for one of `codes`, or, when there are none, to have the effect of `commit`. */
export interface Expected {
  readonly codes: readonly string[];
  /** Takes the id of the record that the command answered with. */
  commit(id: string): void;
}

export interface Now {
  readonly today: string;
  readonly at: number;
  readonly groupCurrency: string;
}

export const refused = (...codes: readonly string[]): Expected => ({ codes, commit: () => undefined });
export const when = (isWrong: boolean, code: string) => (isWrong ? [code] : []);
export const DATE = 'EFFECTIVE_DATE_INVALID';

export function issue(
  books: Books,
  invoice: Invoice,
  { now, issuedOn, dueOn }: { now: Now; issuedOn?: string; dueOn?: string },
): Expected {
  const { account, currency } = invoice;
  const { entity } = account;
  if (invoice.state !== 'DRAFT') return refused('WRONG_STATE');
  const day = issuedOn ?? now.today;
  const codes = [
    ...when(day > now.today || day < entity.lastNumbered.INVOICE || (dueOn ?? day) < day, DATE),
    ...when(day <= entity.closedThrough, 'PERIOD_CLOSED'),
    ...when(
      [entity.currency, now.groupCurrency].some((to) => !books.hasRate(currency, to, day)),
      'RATE_MISSING',
    ),
  ];
  const original = total(invoice.groups.map((g) => g.net + g.tax));
  const due = dueOn ?? (account.terms ? addDays(day, account.terms.netDays) : day);
  return {
    codes,
    commit() {
      invoice.item = {
        account,
        on: day,
        rateOn: day,
        dueOn: due,
        at: now.at,
        currency,
        original,
        early: earlyOf(account, { day, due, original }),
      };
      Object.assign(invoice, { state: 'ISSUED', issuedOn: day });
      books.items.push(invoice.item);
      entity.lastNumbered.INVOICE = day;
    },
  };
}

/** A discount can't be taken after the due date. */
function earlyOf({ terms }: Account, { day, due, original }: { day: string; due: string; original: bigint }): Item['early'] {
  if (!terms) return null;
  const until = addDays(day, terms.discountDays);
  return { until: until < due ? until : due, offered: halfUp(original * terms.percent, 100n) };
}

export function receive(books: Books, payment: Payment, { now, receivedOn }: { now: Now; receivedOn?: string }): Expected {
  const { account, currency, amount } = payment;
  if (payment.state !== 'PENDING') return refused('WRONG_STATE');
  const day = receivedOn ?? now.today;
  const codes = [
    ...when(day > now.today, DATE),
    ...when(day <= account.entity.closedThrough, 'PERIOD_CLOSED'),
    ...when(
      [account.entity.currency, now.groupCurrency].some((to) => !books.hasRate(currency, to, day)),
      'RATE_MISSING',
    ),
  ];
  return {
    codes,
    commit() {
      payment.item = { account, on: day, rateOn: day, dueOn: day, at: now.at, currency, original: -amount, early: null };
      payment.state = 'RECEIVED';
      books.items.push(payment.item);
    },
  };
}

const minus = (a: Allocation, on: string, at: number): Allocation => ({
  ...a,
  id: '',
  toMinor: -a.toMinor,
  fromMinor: -a.fromMinor,
  on,
  at,
  reverses: a,
});
const firstOpen = (closedThrough: string, day: string) =>
  closedThrough !== '' && day <= closedThrough ? addDays(closedThrough, 1) : day;

export function reverse(
  books: Books,
  allocation: Allocation,
  { now, effectiveOn }: { now: Now; effectiveOn?: string },
): Expected {
  const entity = (allocation.to ?? allocation.from)?.account.entity;
  const asked = effectiveOn ?? now.today;
  const isWrong = allocation.reverses !== null || allocation.kind === 'RETURN' || books.isReversed(allocation);
  const together = [allocation, ...books.grantedWith(allocation)];
  const since = together.map((a) => a.on).reduce(later);
  const codes = [...when(isWrong, 'WRONG_STATE'), ...when(asked < since || asked > now.today, DATE)];
  const on = firstOpen(entity?.closedThrough ?? '', asked);
  return { codes, commit: () => void books.allocations.push(...together.map((a) => minus(a, on, now.at))) };
}

export function returned(books: Books, payment: Payment, { now, returnedOn }: { now: Now; returnedOn?: string }): Expected {
  const { item } = payment;
  if (payment.state !== 'RECEIVED' || !item) return refused('WRONG_STATE');
  const asked = returnedOn ?? now.today;
  const on = firstOpen(item.account.entity.closedThrough, asked);
  return {
    codes: when(asked < (books.days(item).at(-1) ?? item.on) || asked < item.on || asked > now.today, DATE),
    commit() {
      const live = books.allocations.filter((a) => a.from === item && a.reverses === null && !books.isReversed(a));
      const back: Allocation = {
        id: '',
        kind: 'RETURN',
        to: null,
        from: item,
        toMinor: 0n,
        fromMinor: payment.amount,
        on,
        at: now.at,
        reverses: null,
        with: null,
      };
      const together = live.flatMap((a) => [a, ...books.grantedWith(a)]);
      books.allocations.push(...together.map((a) => minus(a, on, now.at)), back);
      payment.state = 'RETURNED';
    },
  };
}

export function writeOff(
  books: Books,
  { item }: Invoice,
  { now, amount, effectiveOn }: { now: Now; amount?: bigint; effectiveOn?: string },
): Expected {
  if (!item) return refused('WRONG_STATE');
  const open = books.open(item);
  const minor = amount ?? open;
  const on = effectiveOn ?? now.today;
  const codes = [
    ...when(open === 0n, 'NOTHING_TO_ALLOCATE'),
    ...when(minor <= 0n, 'AMOUNT_INVALID'),
    ...when(minor > open, 'OVER_ALLOCATION'),
    ...when(on > now.today || on < item.on || books.leftFrom(item, on) < minor, DATE),
    ...when(on <= item.account.entity.closedThrough, 'PERIOD_CLOSED'),
  ];
  return {
    codes,
    commit: () =>
      void books.allocations.push({
        id: '',
        kind: 'WRITE_OFF',
        to: item,
        from: null,
        toMinor: minor,
        fromMinor: 0n,
        on,
        at: now.at,
        reverses: null,
        with: null,
      }),
  };
}
