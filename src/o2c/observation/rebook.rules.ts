/**
 * What a document is in the books, before and after it was observed: the books get the difference. The entry of before is reversed on
 * its own day and that of after posted on its; where what is owed changes, the item of before is voided and there is another, so that
 * every figure as of a day is the ERP's and every figure as it was known stays. Pure.
 */
import { decimal } from '../../kernel/decimal.ts';
import { convert, money } from '../../kernel/money.ts';
import { invoicePostings, taxDetail, type TaxGroup, taxedLegs } from '../invoice/index.ts';
import { entryOf, type Leg, post, reverse } from '../ledger/index.ts';
import { type AllocationRow, type ItemRow, newItem } from '../open-item/index.ts';
import { paymentPostings } from '../payment/index.ts';
import { scaled } from './figures.rules.ts';
import type { DocumentKind } from './observed-set.rules.ts';
import { later, RULE, type Turn } from './turn.rules.ts';

/** A document as the books have it. */
export interface Booking {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly number: string;
  readonly currency: string;
  readonly netMinor: bigint;
  readonly taxes: readonly TaxGroup[];
  readonly totalMinor: bigint;
  readonly baseCurrency: string;
  readonly rate: string;
  readonly groupRate: string;
  readonly effectiveOn: string;
  readonly dueOn: string;
  /** Of a payment. */
  readonly bankAccount?: string | null;
}

type Booked = Pick<Booking, 'id' | 'legalEntityId' | 'accountId' | 'currency' | 'baseCurrency'> & {
  readonly rate: string | null;
  readonly groupRate: string | null;
};

/** What the booking of every kind of document takes from its row as it stands. */
export const bookedAs = ({ id, legalEntityId, accountId, currency, baseCurrency, rate, groupRate }: Booked) => ({
  id,
  legalEntityId,
  accountId,
  currency,
  baseCurrency,
  rate: rate ?? '1',
  groupRate: groupRate ?? '1',
});

const NOUN = { Invoice: 'invoice', CreditNote: 'credit_note', Payment: 'payment' } as const;
const ITEM = { Invoice: 'INVOICE', CreditNote: 'CREDIT_NOTE', Payment: 'PAYMENT' } as const;
const POSTINGS = [...invoicePostings, ...paymentPostings];

export const toBase = ({ currency, rate, baseCurrency }: Pick<Booking, 'currency' | 'rate' | 'baseCurrency'>, minor: bigint) =>
  convert(money(minor, currency), decimal(rate), baseCurrency).minor;

const rateKey = (rate: string) => scaled(rate, 12);

/** Is the same owed, by the same, from the same day? */
function isSameItem(before: Booking, after: Booking, items: readonly ItemRow[]): boolean {
  return (
    before.accountId === after.accountId &&
    before.currency === after.currency &&
    before.totalMinor === after.totalMinor &&
    before.effectiveOn === after.effectiveOn &&
    before.baseCurrency === after.baseCurrency &&
    rateKey(before.rate) === rateKey(after.rate) &&
    rateKey(before.groupRate) === rateKey(after.groupRate) &&
    (items.length < 2 || before.dueOn === after.dueOn)
  );
}

const taxKey = (taxes: readonly TaxGroup[]) =>
  taxes
    .filter((t) => t.taxMinor !== 0n)
    .map((t) => `${taxDetail(t)}: ${t.taxMinor}`)
    .sort()
    .join();

const isSamePosting = (before: Booking, after: Booking): boolean =>
  before.netMinor === after.netMinor &&
  taxKey(before.taxes) === taxKey(after.taxes) &&
  (before.bankAccount ?? null) === (after.bankAccount ?? null);

/** Gives the allocations that were taken back with an item, in the order in which they counted. */
export function rebook(turn: Turn, before: Booking | null, after: Booking | null): readonly AllocationRow[] {
  if (before && after) {
    const items = turn.items(before.id);
    if (isSameItem(before, after, items)) {
      amend(turn, items, after);
      if (isSamePosting(before, after) || items.length === 0) return [];
      reverseEntry(turn, before, { on: `${NOUN[after.kind]}.edited`, effectiveOn: before.effectiveOn });
      postEntry(turn, after, { items, effectiveOn: after.effectiveOn });
      return [];
    }
  }
  const voided = before ? voidItems(turn, before, { happened: after ? 'edited' : 'voided', on: '' }) : null;
  if (after && after.totalMinor !== 0n) bookAnew(turn, after, voided?.effectiveOn ?? '');
  return voided?.released ?? [];
}

/** Takes a document out of the books: on a day, until which it counted, or as if it had never been. Gives what was taken back with it. */
export const takeOut = (turn: Turn, before: Booking, on: string | null): readonly AllocationRow[] =>
  voidItems(turn, before, { happened: 'voided', on: on ?? '' }).released;

/** A document that counted until a day counts again as if nothing had been: what closed its items is taken back where it did. */
export function revive(turn: Turn, { kind, id, legalEntityId, baseCurrency }: Booking): void {
  const voids = turn.set.voidsOf(id);
  const [first] = voids;
  if (!first) return;
  const { context } = turn;
  turn.items(id);
  const record = { tenantId: context.tenant.id, legalEntityId, baseCurrency, recordKind: kind, recordId: id };
  const entry = entryOf(context, { ...record, on: `${NOUN[kind]}.reinstated`, effectiveOn: first.effectiveOn });
  const transfers = turn.transfersOf(first.entryId);
  turn.book.post(reverse({ ...entry, reversesId: first.entryId }, transfers, context.newId));
  for (const closed of voids)
    turn.book.reverse(closed, { transfers, effectiveOn: closed.effectiveOn, rule: RULE, entryId: entry.id });
  turn.freed.add(id);
}

function amend(turn: Turn, items: readonly ItemRow[], { number, dueOn }: Booking): void {
  for (const item of items) turn.book.amend(item.id, { documentNumber: number, ...(items.length === 1 ? { dueOn } : {}) });
}

interface On {
  readonly on: string;
  readonly effectiveOn: string;
}

/** Gives the id of the entry; null: nothing was posted. */
function reverseEntry(turn: Turn, { kind, id, legalEntityId, baseCurrency }: Booking, { on, effectiveOn }: On): string | null {
  const posted = turn.entryOf(id);
  if (posted === undefined) return null;
  const { context } = turn;
  const record = { tenantId: context.tenant.id, legalEntityId, baseCurrency, recordKind: kind, recordId: id };
  const entry = { ...entryOf(context, { ...record, on, effectiveOn }), reversesId: posted };
  turn.book.post(reverse(entry, turn.transfersOf(posted), context.newId));
  return entry.id;
}

interface Voided {
  readonly released: readonly AllocationRow[];
  /** The day on which the items are closed, where that is later than their own: somebody here has used them since. */
  readonly effectiveOn: string;
}

interface Voiding {
  readonly happened: 'edited' | 'voided';
  /** Until when it counted; empty: its own day. */
  readonly on: string;
}

/**
 * Closes the items of before, after what was set against them is taken back: that is its payments', which say no more that they are, so
 * it is as if it had never been. What the document itself paid out is, until the document is not.
 */
function voidItems(turn: Turn, before: Booking, { happened, on }: Voiding): Voided {
  const items = turn.items(before.id);
  const released = items.flatMap((item) => turn.live(item.id));
  for (const allocation of released) turn.takeBack(allocation, allocation.kind === 'REFUND' ? on : '');
  if (items.length === 0) return { released, effectiveOn: '' };
  const size = (n: bigint) => (n < 0n ? -n : n);
  const openFrom = later(...items.map((item) => turn.book.openFrom(item.id, size(item.originalMinor))));
  const effectiveOn = later(before.effectiveOn, on, openFrom);
  const entryId = reverseEntry(turn, before, { on: `${NOUN[before.kind]}.${happened}`, effectiveOn });
  if (entryId === null) throw new Error(`The ${NOUN[before.kind]} ${before.id} has items and no entry`);
  for (const { id, originalMinor } of items) {
    const side = originalMinor > 0n ? { toId: id } : { fromId: id };
    turn.book.allocate({ kind: 'VOID', ...side, minor: size(originalMinor), effectiveOn, rule: RULE, entryId });
  }
  return { released, effectiveOn: openFrom > before.effectiveOn ? openFrom : '' };
}

function bookAnew(turn: Turn, after: Booking, notBefore: string): void {
  const { context, set } = turn;
  const isPayment = after.kind === 'Payment';
  const owed = after.kind === 'Invoice' ? 1n : -1n;
  const effectiveOn = later(after.effectiveOn, notBefore);
  const id = context.newId();
  const baseMinor = toBase(after, after.totalMinor);
  const item = newItem({
    id,
    tenantId: context.tenant.id,
    legalEntityId: after.legalEntityId,
    accountId: after.accountId,
    kind: ITEM[after.kind],
    documentKind: after.kind,
    documentId: after.id,
    documentNumber: after.number,
    revision: 1 + set.items(after.id).reduce((most, i) => (i.revision > most ? i.revision : most), 0),
    dueOn: isPayment ? after.effectiveOn : after.dueOn,
    effectiveOn,
    recordedAt: context.now,
    currency: after.currency,
    originalMinor: after.totalMinor * owed,
    baseCurrency: after.baseCurrency,
    baseOriginalMinor: baseMinor * owed,
    groupCurrency: context.tenant.groupCurrency,
    groupRate: after.groupRate,
  });
  turn.book.add(item);
  postEntry(turn, after, { items: [item], effectiveOn });
  turn.freed.add(after.id);
}

function postEntry(turn: Turn, after: Booking, { items, effectiveOn }: { items: readonly ItemRow[]; effectiveOn: string }): void {
  const { context } = turn;
  const { kind, id, legalEntityId, baseCurrency } = after;
  const record = { tenantId: context.tenant.id, legalEntityId, baseCurrency, recordKind: kind, recordId: id };
  const entry = entryOf(context, { ...record, on: `${NOUN[kind]}.observed`, effectiveOn });
  turn.notePosted(id, entry.id);
  turn.book.post(post(POSTINGS, entry, legsOf(after, items), context.newId));
}

function legsOf(after: Booking, items: readonly ItemRow[]): readonly Leg[] {
  const { accountId, currency, totalMinor, bankAccount } = after;
  const size = (n: bigint) => (n < 0n ? -n : n);
  if (after.kind === 'Payment')
    return items.map(({ id: itemId }) => ({
      amount: 'amount',
      minor: totalMinor,
      baseMinor: toBase(after, totalMinor),
      currency,
      debit: { accountId, ...(bankAccount ? { detail: bankAccount } : {}) },
      credit: { accountId, itemId },
    }));
  return taxedLegs(after, {
    accountId,
    items: items.map((item) => ({ id: item.id, minor: size(item.originalMinor) })),
    itemSide: after.kind === 'Invoice' ? 'debit' : 'credit',
  }).legs;
}
