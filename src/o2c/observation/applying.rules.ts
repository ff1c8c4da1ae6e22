/**
 * What an ERP sets a payment against, in our books: of the credit notes first, then of the money, to the documents in the order in which
 * it names them, and never more than they have open. What is so already stays; what differs is taken back on its own day and made anew.
 * What does not fit is remembered, and made up for once there is room. Pure.
 */
import { taxedTotalOf } from '../invoice/index.ts';
import type { AllocationRow, ItemRow } from '../open-item/index.ts';
import type { ApplicationRow, PaymentRow } from './observation.facts.ts';
import { later, type Turn } from './turn.rules.ts';

interface Share {
  readonly kind: 'CASH' | 'CREDIT' | 'DISCOUNT';
  readonly toId: string;
  readonly fromId: string | null;
  readonly minor: bigint;
  /** The day on which the ERP set it so; empty: the first on which both were there. */
  readonly on: string;
  /** Of a discount: the share that it is granted with. */
  readonly of: Share | null;
}

/** Something that can be used, or closed, and how much of it. */
interface Room {
  readonly item: ItemRow;
  left: bigint;
}

/** What is used: a credit note, or the money. */
type Fund = Room & { readonly kind: 'CASH' | 'CREDIT'; readonly on: string };

const SET_AGAINST: ReadonlySet<string> = new Set(['CASH', 'CREDIT', 'DISCOUNT']);
const smaller = (...amounts: readonly bigint[]) => amounts.reduce((a, b) => (a < b ? a : b));
const size = (n: bigint) => (n < 0n ? -n : n);

/** Of a payment: by its document, and by its own money. */
export function appliedBy(turn: Turn, paymentId: string): readonly AllocationRow[] {
  const all = [turn.live(paymentId), ...turn.items(paymentId).map((item) => turn.live(item.id))].flat();
  return [...new Map(all.map((a) => [a.id, a])).values()].filter((a) => SET_AGAINST.has(a.kind));
}

/** Brings what a payment is set against up to what the ERP says. */
export function applyAsShown(turn: Turn, payment: PaymentRow): void {
  const live = appliedBy(turn, payment.id);
  const applications = turn.applications(payment.id).toSorted((a, b) => a.place - b.place);
  if (live.length === 0 && applications.length === 0) return;
  const { shares, missing } = shared(turn, payment, { applications, live });
  const moved = movedDocuments(turn, payment.id);
  const isMoved = (a: AllocationRow) =>
    !turn.isMade(a) && [a.toItemId, a.fromItemId].some((id) => id !== null && moved.has(turn.set.documentOfItem(id) ?? ''));
  const kept = matching(
    shares,
    live.filter((a) => !isMoved(a)),
  );
  const stays = new Set(kept.values());
  for (const allocation of live) if (!stays.has(allocation)) turn.takeBack(allocation);
  const made = new Map<Share, string>();
  for (const share of shares) {
    const id = kept.get(share)?.id ?? make(turn, payment, { share, withId: share.of ? (made.get(share.of) ?? null) : null });
    made.set(share, id);
  }
  if (applications.some((a) => a.missingMinor !== missing.get(a.documentId)))
    turn.apply(
      payment.id,
      applications.map((a) => ({ ...a, missingMinor: missing.get(a.documentId) ?? 0n })),
    );
}

/** Documents that the ERP set it against on another day than it said before. */
function movedDocuments(turn: Turn, paymentId: string): ReadonlySet<string> {
  const before = new Map(turn.set.applications(paymentId).map((a) => [a.documentId, a.appliedOn]));
  const isMoved = ({ documentId, appliedOn }: ApplicationRow) =>
    before.has(documentId) && (before.get(documentId) ?? null) !== appliedOn;
  return new Set(turn.applications(paymentId).flatMap((a) => (isMoved(a) ? [a.documentId] : [])));
}

interface Wanted {
  readonly applications: readonly ApplicationRow[];
  /** What it has now, which counts as open to it. */
  readonly live: readonly AllocationRow[];
}

function shared(turn: Turn, payment: PaymentRow, { applications, live }: Wanted) {
  const own = new Map<string, bigint>();
  const give = (id: string | null, minor: bigint | null) => id && own.set(id, (own.get(id) ?? 0n) + (minor ?? 0n));
  for (const { toItemId, toMinor, fromItemId, fromMinor } of live) {
    give(toItemId, toMinor);
    give(fromItemId, fromMinor);
  }
  const roomsOf = (documentId: string, most: bigint | null): Room[] => {
    let rest = most;
    return turn.items(documentId).flatMap((item): Room[] => {
      if (item.currency !== payment.currency || item.legalEntityId !== payment.legalEntityId) return [];
      const open = size(item.openMinor) + (own.get(item.id) ?? 0n);
      const left = rest === null ? open : smaller(open, rest);
      if (rest !== null) rest -= left;
      return left > 0n ? [{ item, left }] : [];
    });
  };
  const isUsed = (a: ApplicationRow) => a.documentKind === 'CreditNote';
  const funds: Fund[] = [
    ...applications
      .filter(isUsed)
      .flatMap((a) =>
        roomsOf(a.documentId, a.amountMinor).map((room) => ({ ...room, kind: 'CREDIT' as const, on: a.appliedOn ?? '' })),
      ),
    ...roomsOf(payment.id, null).map((room) => ({ ...room, kind: 'CASH' as const, on: '' })),
  ];
  const missing = new Map<string, bigint>();
  const shares = applications
    .filter((a) => !isUsed(a))
    .flatMap((application) => {
      const given = sharesOf(application, roomsOf(application.documentId, null), funds);
      const whole = application.amountMinor + application.discountMinor;
      missing.set(application.documentId, whole - given.reduce((sum, s) => sum + s.minor, 0n));
      return given;
    });
  for (const { documentId, amountMinor } of applications.filter(isUsed)) {
    const ids = new Set(turn.items(documentId).map((item) => item.id));
    const used = shares.reduce((sum, s) => sum + (s.fromId !== null && ids.has(s.fromId) ? s.minor : 0n), 0n);
    missing.set(documentId, amountMinor - used);
  }
  return { shares, missing };
}

function sharesOf(
  { amountMinor, discountMinor, appliedOn }: ApplicationRow,
  rooms: readonly Room[],
  funds: readonly Fund[],
): Share[] {
  const shares: Share[] = [];
  let wanted = amountMinor;
  let discount = discountMinor;
  for (const room of rooms) {
    const first = shares.length;
    for (const fund of funds) {
      const minor = smaller(wanted, room.left, fund.left);
      if (minor <= 0n) continue;
      const on = later(appliedOn ?? '', fund.on);
      shares.push({ kind: fund.kind, toId: room.item.id, fromId: fund.item.id, minor, on, of: null });
      wanted -= minor;
      room.left -= minor;
      fund.left -= minor;
    }
    const of = shares[first];
    const minor = smaller(discount, room.left);
    if (!of || minor <= 0n) continue;
    shares.push({ kind: 'DISCOUNT', toId: room.item.id, fromId: null, minor, on: of.on, of });
    discount -= minor;
  }
  return shares;
}

/** Which allocation is which share already: as much, of the same to the same; a discount goes with what it was granted with. */
function matching(shares: readonly Share[], live: readonly AllocationRow[]): ReadonlyMap<Share, AllocationRow> {
  const kept = new Map<Share, AllocationRow>();
  const left = new Set(live);
  for (const share of shares) {
    const found = [...left].find(
      (a) =>
        a.kind === share.kind &&
        a.toItemId === share.toId &&
        a.fromItemId === share.fromId &&
        a.toMinor === share.minor &&
        (share.of === null || (a.withId !== null && a.withId === kept.get(share.of)?.id)),
    );
    if (!found) continue;
    kept.set(share, found);
    left.delete(found);
  }
  return kept;
}

function make(turn: Turn, payment: PaymentRow, { share, withId }: { share: Share; withId: string | null }): string {
  const { kind, toId, fromId, minor, on } = share;
  const { book } = turn;
  const sides = fromId === null ? [toId] : [toId, fromId];
  const openFrom = sides.flatMap((id) => [book.item(id).effectiveOn, book.openFrom(id, minor)]);
  const effectiveOn = later(payment.receivedOn ?? '', on, ...openFrom);
  const evidence = `The ERP sets ${payment.number} against it.`;
  const plan = { kind, toId, minor, effectiveOn, evidence, viaId: payment.id };
  if (fromId !== null) return turn.allocate({ ...plan, fromId }).id;
  const taxed = taxedOf(turn, book.item(toId));
  return turn.allocate({ ...plan, ...(withId === null ? {} : { withId }), ...(taxed ? { taxed } : {}) }).id;
}

/** What a discount on an invoice lowers besides, where the legal entity says that it lowers the tax. */
export function taxedOf(turn: Turn, { legalEntityId, documentId }: ItemRow) {
  const invoice = turn.document('Invoice', documentId);
  if (!invoice || !turn.set.entity(legalEntityId)?.discountReducesTax) return undefined;
  return taxedTotalOf(invoice, turn.taxesOf(documentId));
}
