/** One allocation: what it may be, what it takes, what it posts and what it says. Pure; `item-book.rules.ts` strings them together. */
import { decimal, divideRounded } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { convert, money, moneyText } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { RowOf } from '../../write/command.ts';
import type { Leg } from '../ledger/index.ts';
import { discountLegs, type TaxedTotal } from './discount.rules.ts';
import type { Allocation, OpenItem } from './open-item.entity.ts';

export type ItemRow = RowOf<typeof OpenItem>;
export type AllocationRow = RowOf<typeof Allocation>;
export type AllocationKind = AllocationRow['kind'];

type Untouched = 'openMinor' | 'cashMinor' | 'creditMinor' | 'discountMinor' | 'writeOffMinor' | 'returnedMinor' | 'voidedMinor';

type Derived = 'baseOpenMinor' | 'groupOpenMinor' | 'settledOn' | 'version';
type Discounted = 'instalment' | 'revision' | 'discountUntil' | 'discountOfferedMinor';
export type NewItem = Omit<ItemRow, Untouched | Derived | Discounted> & Partial<Pick<ItemRow, Discounted>>;

/** What `openMinor` of an item is as exposure: in the group's currency at the stored rate, rounded once. */
export const exposureOf = (item: Pick<ItemRow, 'currency' | 'groupRate' | 'groupCurrency'>, openMinor: bigint): bigint =>
  convert(money(openMinor, item.currency), decimal(item.groupRate), item.groupCurrency).minor;

/** A new item of a document: all of it open, unless it is nothing. */
export const newItem = (item: NewItem): ItemRow => ({
  instalment: 1,
  revision: 1,
  discountUntil: null,
  discountOfferedMinor: 0n,
  ...item,
  groupOpenMinor: exposureOf(item, item.originalMinor),
  openMinor: item.originalMinor,
  cashMinor: 0n,
  creditMinor: 0n,
  discountMinor: 0n,
  writeOffMinor: 0n,
  returnedMinor: 0n,
  voidedMinor: 0n,
  baseOpenMinor: item.baseOriginalMinor,
  settledOn: item.originalMinor === 0n ? item.effectiveOn : null,
  version: 1,
});

export interface AllocationPlan {
  readonly kind: AllocationKind;
  readonly toId?: string;
  readonly fromId?: string;
  /** In the currency of the closed item; in that of the used one where none is closed. */
  readonly minor: bigint;
  /** In the currency of the used item, where it has another. */
  readonly fromMinor?: bigint;
  readonly effectiveOn: string;
  readonly rule: string;
  readonly evidence?: string | null;
  /** Of a discount: the allocation of the payment or credit note that it is granted with. */
  readonly withId?: string;
  /** Of a discount that lowers the tax: what its document came to. */
  readonly taxed?: TaxedTotal;
  /** The payment document of an ERP that makes it. */
  readonly viaId?: string | null;
  /** The entry that posts it, where the caller posts (a returned payment, a voided document). */
  readonly entryId?: string;
}

/** Does it still stand for its document? */
export const isLive = ({ voidedMinor }: Pick<ItemRow, 'voidedMinor'>): boolean => voidedMinor === 0n;

/** What `minor` of an item takes of its open functional-currency amount (both as positive numbers). */
export const shareOf = (item: ItemRow, taken: bigint): bigint => {
  const open = abs(item.openMinor);
  const base = abs(item.baseOpenMinor);
  return taken === open ? base : divideRounded(base * taken, open, 'HALF_UP');
};

const abs = (n: bigint) => (n < 0n ? -n : n);
const text = (minor: bigint, currency: string) => `${moneyText(money(minor, currency))} ${currency}`;

/** @throws OVER_ALLOCATION, CURRENCY_MISMATCH, ACCOUNT_MISMATCH, AMOUNT_INVALID */
export function requireFits(
  plan: AllocationPlan,
  { to, from, fromMinor }: { to: ItemRow | null; from: ItemRow | null; fromMinor: bigint },
): void {
  if (plan.minor <= 0n || fromMinor <= 0n)
    throw new DomainError('AMOUNT_INVALID', 'An amount to allocate must be more than zero.', { path: ['amount'] });
  if (to && from && to.currency !== from.currency && plan.fromMinor === undefined) {
    throw new DomainError(
      'CURRENCY_MISMATCH',
      `${from.documentNumber} is in ${from.currency} and ${to.documentNumber} in ${to.currency}: say what is taken of each.`,
      { path: ['fromAmount'] },
    );
  }
  if (to && from && to.currency === from.currency && fromMinor !== plan.minor) {
    throw new DomainError('CURRENCY_MISMATCH', 'Both documents are in one currency, so both amounts must be equal.', {
      path: ['fromAmount'],
    });
  }
  if (to && (to.openMinor < plan.minor || to.originalMinor <= 0n)) {
    throw new DomainError(
      'OVER_ALLOCATION',
      `${to.documentNumber} has ${text(to.openMinor, to.currency)} open, which is less than ${text(plan.minor, to.currency)}.`,
      { path: ['amount'] },
    );
  }
  if (from && (-from.openMinor < fromMinor || from.originalMinor >= 0n)) {
    throw new DomainError(
      'OVER_ALLOCATION',
      `${from.documentNumber} has ${text(-from.openMinor, from.currency)} left, which is less than ${text(fromMinor, from.currency)}.`,
      { path: ['amount'] },
    );
  }
  if (to && from && to.legalEntityId !== from.legalEntityId) {
    throw new DomainError(
      'ACCOUNT_MISMATCH',
      `${from.documentNumber} and ${to.documentNumber} are in the books of different legal entities.`,
    );
  }
}

export interface Sides {
  readonly to: ItemRow | null;
  readonly from: ItemRow | null;
  readonly taxed?: TaxedTotal | undefined;
}

/** The amounts that an allocation posts, by name. */
export function legsOf(row: AllocationRow, { to, from, taxed }: Sides): Leg[] {
  const toMinor = row.toMinor ?? 0n;
  const toBase = row.toBaseMinor ?? 0n;
  const fromMinor = row.fromMinor ?? 0n;
  const fromBase = row.fromBaseMinor ?? 0n;
  if (to && from) {
    const toSide = { accountId: to.accountId, itemId: to.id };
    const fromSide = { accountId: from.accountId, itemId: from.id };
    const clearing = { accountId: from.accountId };
    const difference = { minor: 0n, baseMinor: toBase - fromBase, debit: { accountId: to.accountId } };
    if (to.currency === from.currency) {
      return [
        { amount: 'cash', minor: toMinor, baseMinor: fromBase, currency: to.currency, debit: fromSide, credit: toSide },
        { ...difference, amount: 'fx', currency: to.currency, credit: toSide },
      ];
    }
    // an amount in functional currency is its own base amount, so the difference stands with the other currency
    const other = to.currency === to.baseCurrency ? from.currency : to.currency;
    return [
      { amount: 'crossOut', minor: fromMinor, baseMinor: fromBase, currency: from.currency, debit: fromSide, credit: clearing },
      { amount: 'crossIn', minor: toMinor, baseMinor: toBase, currency: to.currency, debit: clearing, credit: toSide },
      { ...difference, amount: 'crossFx', currency: other, credit: clearing },
    ];
  }
  if (to) {
    const leg = {
      minor: toMinor,
      baseMinor: toBase,
      currency: to.currency,
      debit: { accountId: to.accountId },
      credit: { accountId: to.accountId, itemId: to.id },
    };
    return row.kind === 'DISCOUNT' ? discountLegs(leg, taxed) : [{ ...leg, amount: 'writeOff' }];
  }
  if (!from) return [];
  return [
    {
      amount: row.kind === 'REFUND' ? 'refund' : 'writeOffCredit',
      minor: fromMinor,
      baseMinor: fromBase,
      currency: from.currency,
      debit: { accountId: from.accountId, itemId: from.id },
      credit: { accountId: from.accountId },
    },
  ];
}

const amountText = (minor: bigint | null | undefined, currency: string | null | undefined) =>
  minor === null || minor === undefined || !currency ? null : moneyText(money(minor, currency));

export const allocationEvent = (row: AllocationRow, type: string): EventDraft => ({
  type,
  recordKind: 'Allocation',
  recordId: row.id,
  recordVersion: 1,
  legalEntityId: row.legalEntityId,
  accountId: row.accountId,
  customerId: null,
  effectiveOn: row.effectiveOn,
  payload: {
    kind: row.kind,
    toItemId: row.toItemId ?? null,
    toAmount: amountText(row.toMinor, row.toCurrency),
    toCurrency: row.toCurrency ?? null,
    fromItemId: row.fromItemId ?? null,
    fromAmount: amountText(row.fromMinor, row.fromCurrency),
    fromCurrency: row.fromCurrency ?? null,
    rule: row.rule,
    reversesId: row.reversesId ?? null,
  },
});
