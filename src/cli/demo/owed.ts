/** What the demo's customers owe day by day by the history, in euro: by that their credit limits are chosen. Pure. */
import type { PlainDate } from '../../kernel/date.ts';
import { convert, money } from '../../kernel/money.ts';
import { bankDay } from './calendar.ts';
import { CUSTOMERS } from './customers.ts';
import type { History } from './history.ts';
import { rateOn } from './rates.ts';
import { totalOf } from './trade.ts';

/** What comes to and goes off what a customer owes on a day. */
interface Delta {
  readonly on: PlainDate;
  readonly minor: bigint;
}

/** By the customer's number; of itself alone. */
export type Owed = ReadonlyMap<string, readonly Delta[]>;

/** What lowers or raises what is left of an invoice; null: closes it. Paid is what a payment did: that counts as money, not here. */
interface Change {
  readonly on: PlainDate;
  readonly minor: bigint | null;
  readonly isPaid: boolean;
}

const inEuro = (history: Pick<History, 'rates'>, minor: bigint, { from, on }: { from: string; on: PlainDate }): bigint =>
  from === 'EUR' ? minor : convert(money(minor, from), rateOn(history.rates, { from, to: 'EUR' }, on), 'EUR').minor;

/** What changes each invoice after it is issued, by its key. */
function changesOf({ invoices, payments, credits, losses }: History): ReadonlyMap<string, readonly Change[]> {
  const changes = new Map<string, Change[]>(invoices.map(({ key }) => [key, []]));
  const note = (invoice: string, on: PlainDate, minor: Change['minor'], isPaid = false) =>
    changes.get(invoice)?.push({ on, minor, isPaid });
  for (const { allocations, appliedOn, returnedOn } of payments) {
    for (const { invoice, minor, discountMinor } of allocations) {
      if (appliedOn !== null) note(invoice, appliedOn, -minor, true);
      if (appliedOn !== null && discountMinor > 0n) note(invoice, appliedOn, -discountMinor);
      if (returnedOn !== null) note(invoice, bankDay(returnedOn), minor, true);
    }
  }
  for (const { invoice, line, on } of credits) {
    const taken = line === null ? undefined : invoice.lines[line];
    note(invoice.key, on, taken ? -totalOf([taken], invoice.currency) : null);
  }
  for (const { invoice, on } of losses) note(invoice.key, on, null);
  return changes;
}

/** Money counts from the day on which it is booked, whatever it is set against. */
export function owedOf(history: History): Owed {
  const owed = new Map<string, Delta[]>();
  const add = (account: string, on: PlainDate, minor: bigint) => {
    const customer = account.slice(account.indexOf(' ') + 1);
    const deltas = owed.get(customer);
    if (deltas) deltas.push({ on, minor });
    else owed.set(customer, [{ on, minor }]);
  };
  for (const { account, currency, minor, receivedOn, bookedOn, returnedOn } of history.payments) {
    const euro = inEuro(history, minor, { from: currency, on: receivedOn });
    add(account, bookedOn, -euro);
    if (returnedOn !== null) add(account, bankDay(returnedOn), euro);
  }
  const changes = changesOf(history);
  for (const { key, account, totalMinor, currency, issuedOn } of history.invoices) {
    const euro = (minor: bigint) => inEuro(history, minor, { from: currency, on: issuedOn });
    let left = totalMinor;
    add(account, issuedOn, euro(left));
    for (const { on, minor, isPaid } of [...(changes.get(key) ?? [])].sort((a, b) => (a.on < b.on ? -1 : 1))) {
      const change = minor ?? -left;
      left += change;
      if (!isPaid) add(account, on, euro(change));
    }
  }
  return owed;
}

/** A customer and everybody below it. */
export const treeOf = (number: string): readonly string[] => [
  number,
  ...CUSTOMERS.filter((c) => c.parent === number).flatMap((c) => treeOf(c.number)),
];

const deltasOf = (owed: Owed, number: string): readonly Delta[] =>
  treeOf(number)
    .flatMap((one) => owed.get(one) ?? [])
    .sort((a, b) => (a.on < b.on ? -1 : 1));

/** What it and everybody below it owe on the morning of a day. */
export const owedOn = (owed: Owed, number: string, day: PlainDate): bigint =>
  deltasOf(owed, number).reduce((sum, { on, minor }) => (on < day ? sum + minor : sum), 0n);

/** The most that it and everybody below it owe at any time from a day on. */
export function mostOwed(owed: Owed, number: string, { from, to }: { from: PlainDate; to: PlainDate }): bigint {
  let sum = 0n;
  let most = 0n;
  for (const { on, minor } of deltasOf(owed, number)) {
    if (on > to) break;
    if (on > from && sum > most) most = sum; // what was owed until now
    sum += minor;
  }
  return sum > most ? sum : most;
}
