/** How an amount that is set against an invoice falls on its instalments: cash, the discount of the terms, and what is granted beyond. Pure. */
import { earnedBy, inProportion, type ItemRow, offerOf } from '../open-item/index.ts';

/** In the currency of the invoice, but for `fromMinor`. */
export interface Wanted {
  readonly minor: bigint;
  /** What is used of the payment for all of it, in its own currency. */
  readonly fromMinor: bigint | undefined;
  /** A discount said by hand. */
  readonly discountMinor: bigint | undefined;
  /** True: what the terms grant; false: none; undefined: by itself, where the amount is what is open less the discount. */
  readonly takesDiscount: boolean | undefined;
}

/** What one instalment gets. */
export interface Part {
  readonly item: ItemRow;
  readonly minor: bigint;
  readonly fromMinor: bigint | undefined;
  /** The discount that the terms grant. */
  readonly earlyMinor: bigint;
  /** The discount beyond that. */
  readonly manualMinor: bigint;
}

const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
const sum = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n);

/** Is the amount exactly what the first instalments have open, each less its discount? */
function isLessDiscount(open: readonly ItemRow[], offers: readonly bigint[], minor: bigint): boolean {
  let payable = 0n;
  for (const [i, item] of open.entries()) {
    payable += item.openMinor - (offers[i] ?? 0n);
    if (payable >= minor) return payable === minor && sum(offers.slice(0, i + 1)) > 0n;
  }
  return false;
}

/** The most discount that the terms may give here. */
function mostDiscount(open: readonly ItemRow[], offers: readonly bigint[], wanted: Wanted): bigint {
  const { minor, discountMinor, takesDiscount } = wanted;
  const unpaid = sum(open.map((item) => item.openMinor)) - minor;
  if (unpaid <= 0n) return 0n;
  if (discountMinor !== undefined) return smaller(discountMinor, unpaid);
  return (takesDiscount ?? isLessDiscount(open, offers, minor)) ? unpaid : 0n;
}

/**
 * Instalments are closed in the order in which they fall due; whatever exceeds what is open stays with the last, where it is
 * refused. `receivedOn` is the day of the payment; null: nothing is offered (a credit note).
 */
export function partsOf(items: readonly ItemRow[], wanted: Wanted, receivedOn: string | null): readonly Part[] {
  const open = [...items].sort((a, b) => (a.dueOn === b.dueOn ? a.instalment - b.instalment : a.dueOn < b.dueOn ? -1 : 1));
  const offers = open.map((item) => (receivedOn === null ? 0n : offerOf(item, receivedOn)));
  let rest = wanted.minor;
  let most = mostDiscount(open, offers, wanted);
  const paid = open.map((item, i) => {
    const isLast = i === open.length - 1;
    const whole = smaller(offers[i] ?? 0n, most);
    const isSettled = rest >= item.openMinor - whole;
    const minor = isSettled && !isLast ? item.openMinor - whole : rest;
    const earned = receivedOn === null || minor === 0n ? 0n : earnedBy(item, receivedOn, minor);
    const earlyMinor = isSettled ? whole : smaller(earned, most);
    rest -= minor;
    most -= earlyMinor;
    return { item, minor, earlyMinor };
  });
  const used =
    wanted.fromMinor === undefined
      ? undefined
      : usedOf(
          wanted.fromMinor,
          paid.map((part) => part.minor),
        );
  let beyond = (wanted.discountMinor ?? 0n) - sum(paid.map((part) => part.earlyMinor));
  return paid
    .map((part, i) => {
      const left = part.item.openMinor - part.minor - part.earlyMinor;
      const manualMinor = beyond > 0n ? (i === paid.length - 1 ? beyond : smaller(beyond, left)) : 0n;
      beyond -= manualMinor;
      return { ...part, manualMinor, fromMinor: used?.[i] };
    })
    .filter((part) => part.minor !== 0n || part.earlyMinor !== 0n || part.manualMinor !== 0n);
}

/** What of the payment each instalment uses: in proportion and exactly, and something for each, as far as it goes. */
function usedOf(fromMinor: bigint, minors: readonly bigint[]): bigint[] {
  const used = inProportion(fromMinor, minors);
  for (const [i, minor] of minors.entries()) {
    const largest = used.reduce((at, n, j) => (n > (used[at] ?? 0n) ? j : at), 0);
    if (minor === 0n || used[i] !== 0n || (used[largest] ?? 0n) < 2n) continue;
    used[i] = 1n;
    used[largest] = (used[largest] ?? 0n) - 1n;
  }
  return used;
}
