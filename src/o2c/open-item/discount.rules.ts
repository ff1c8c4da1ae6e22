/** The discount for paying early: what an item offers, what a part payment earns of it, and how much of a discount is tax. Pure. */
import { divideRounded } from '../../kernel/decimal.ts';
import type { RowOf } from '../../write/command.ts';
import type { Leg } from '../ledger/index.ts';
import type { OpenItem } from './open-item.entity.ts';

type Offering = Pick<
  RowOf<typeof OpenItem>,
  'originalMinor' | 'openMinor' | 'discountMinor' | 'discountUntil' | 'discountOfferedMinor'
>;

const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

/**
 * What is granted to a payment of that day that settles all that is open: of the discount offered on the whole, the share of
 * what is open still, and never more than is left of it.
 */
export function offerOf(item: Offering, receivedOn: string): bigint {
  const left = item.discountOfferedMinor - item.discountMinor;
  if (item.discountUntil === null || receivedOn > item.discountUntil || left <= 0n || item.openMinor <= 0n) return 0n;
  return smaller(left, divideRounded(item.discountOfferedMinor * item.openMinor, item.originalMinor, 'HALF_UP'));
}

/** What a payment of that day earns that doesn't settle the item: in proportion, as if the rest came in time as well. */
export function earnedBy(item: Offering, receivedOn: string, paidMinor: bigint): bigint {
  const offer = offerOf(item, receivedOn);
  const payable = item.originalMinor - item.discountOfferedMinor;
  if (offer === 0n || payable <= 0n) return offer;
  return smaller(offer, divideRounded(paidMinor * item.discountOfferedMinor, payable, 'HALF_UP'));
}

/** What a document came to, and the tax in it per category and rate: a discount on it lowers each in proportion. */
export interface TaxedTotal {
  readonly totalMinor: bigint;
  readonly taxes: readonly { readonly detail: string; readonly minor: bigint }[];
}

/**
 * Splits an amount in proportion, exactly: each part is rounded down, and what is left over goes to the largest remainders. The
 * weights may be of either sign (a tax group below zero takes off what the others give); their sum is more than zero.
 */
export function inProportion(minor: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((a, b) => a + b, 0n);
  const remainder = (weight: bigint) => (((minor * weight) % whole) + whole) % whole;
  const parts = weights.map((weight) => (minor * weight - remainder(weight)) / whole);
  let left = minor - parts.reduce((a, b) => a + b, 0n);
  const largestFirst = weights
    .map((weight, index) => ({ index, remainder: remainder(weight) }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of largestFirst) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

/** A discount by the amounts that it posts: the whole of it, or the net and the tax of each category and rate. */
export function discountLegs(whole: Omit<Leg, 'amount'>, taxed: TaxedTotal | undefined): Leg[] {
  const taxes = taxed?.taxes ?? [];
  if (!taxed || taxes.length === 0) return [{ ...whole, amount: 'discount' }];
  const net = taxed.totalMinor - taxes.reduce((sum, tax) => sum + tax.minor, 0n);
  const minors = inProportion(whole.minor, [net, ...taxes.map((tax) => tax.minor)]);
  const bases = inProportion(whole.baseMinor, minors);
  const part = (index: number) => ({ minor: minors[index] ?? 0n, baseMinor: bases[index] ?? 0n });
  return [
    { ...whole, ...part(0), amount: 'discount' },
    ...taxes.map(
      ({ detail }, i): Leg => ({
        ...whole,
        ...part(i + 1),
        amount: 'discountTax',
        debit: { ...whole.debit, detail },
      }),
    ),
  ];
}
