/** What follows for others from a document that changed: what was taken back with it is set anew, and what became free is made use of. Pure. */
import type { AllocationRow, ItemRow } from '../open-item/index.ts';
import { applyAsShown, taxedOf } from './applying.rules.ts';
import type { PaymentRow } from './observation.facts.ts';
import { later, type Turn } from './turn.rules.ts';

const smaller = (...amounts: readonly bigint[]) => amounts.reduce((a, b) => (a < b ? a : b));
const size = (n: bigint) => (n < 0n ? -n : n);

/** What became free is offered to the payments that are to have more of it, and what they let go of to the next. */
export function makeUp(turn: Turn): void {
  const done = new Set<string>();
  while (turn.freed.size > 0) {
    const waiting = [...turn.freed].flatMap((documentId) => turn.missing(documentId));
    turn.freed.clear();
    for (const paymentId of waiting) {
      const payment = followed(turn, paymentId);
      if (!payment || done.has(paymentId)) continue;
      done.add(paymentId);
      applyAsShown(turn, payment);
    }
  }
}

/** What was taken back with an item of a document is set against what stands for it now, as far as it fits, the oldest first. */
export function restore(turn: Turn, released: readonly AllocationRow[]): void {
  const done = new Set<string>();
  const renewed = new Map<string, string>();
  for (const allocation of released) {
    const payment = followed(turn, allocation.viaId ?? paidBy(turn, allocation));
    if (payment) {
      if (!done.has(payment.id)) applyAsShown(turn, payment);
      done.add(payment.id);
      continue;
    }
    const id = renew(turn, allocation, renewed);
    if (id !== null) renewed.set(allocation.id, id);
  }
  for (const id of new Set(released.flatMap((a) => a.viaId ?? []))) if (!done.has(id)) recount(turn, id);
}

/** Of a payment that is ours by now: what of the ERP's applications of it does not count any more. */
function recount(turn: Turn, paymentId: string): void {
  const live = turn.live(paymentId);
  const used = (documentId: string) => {
    const ids = new Set(turn.items(documentId).map((item) => item.id));
    const of = (id: string | null, minor: bigint | null) => (id !== null && ids.has(id) ? (minor ?? 0n) : 0n);
    return live.reduce((sum, a) => sum + of(a.toItemId, a.toMinor) + of(a.fromItemId, a.fromMinor), 0n);
  };
  turn.apply(
    paymentId,
    turn.applications(paymentId).map((a) => ({ ...a, missingMinor: a.amountMinor + a.discountMinor - used(a.documentId) })),
  );
}

/** A payment that is what an ERP says of it: one that is ours by now stays as we have it. */
function followed(turn: Turn, paymentId: string | null): PaymentRow | undefined {
  const payment = paymentId === null ? undefined : turn.document('Payment', paymentId);
  if (!payment || turn.applications(payment.id).length === 0) return undefined;
  const isTheirs = payment.invoiceId !== null || turn.context.authority(payment.legalEntityId, 'Payment').side === 'CONNECTION';
  return isTheirs ? payment : undefined;
}

function paidBy(turn: Turn, { fromItemId }: AllocationRow): string | null {
  const documentId = fromItemId === null ? undefined : turn.set.documentOfItem(fromItemId);
  return documentId !== undefined && turn.document('Payment', documentId) ? documentId : null;
}

/** One of ours, or of an ERP that doesn't say more of it. Null: nothing of it fits. */
function renew(turn: Turn, allocation: AllocationRow, renewed: ReadonlyMap<string, string>): string | null {
  const { kind, toItemId, fromItemId, withId, rule, evidence, viaId } = allocation;
  if (kind === 'REFUND' || (withId !== null && !renewed.has(withId))) return null;
  const to = toItemId === null ? null : standing(turn, toItemId);
  const from = fromItemId === null ? null : standing(turn, fromItemId);
  if (to === undefined || from === undefined) return null;
  const wanted = size(allocation.toMinor ?? allocation.fromMinor ?? 0n);
  const minor = smaller(wanted, ...[to, from].flatMap((item) => (item ? [size(item.openMinor)] : [])));
  if (minor <= 0n || (to && from && to.currency !== from.currency)) return null;
  const items = [to, from].flatMap((item) => (item ? [item] : []));
  const ownDay = allocation.connectionId === null ? allocation.effectiveOn : '';
  const effectiveOn = later(ownDay, ...items.flatMap((item) => [item.effectiveOn, turn.book.openFrom(item.id, minor)]));
  const taxed = kind === 'DISCOUNT' && to ? taxedOf(turn, to) : undefined;
  return turn.allocate({
    kind,
    ...(to ? { toId: to.id } : {}),
    ...(from ? { fromId: from.id } : {}),
    minor,
    effectiveOn,
    rule,
    evidence,
    viaId,
    ...(withId === null ? {} : { withId: renewed.get(withId) ?? withId }),
    ...(taxed ? { taxed } : {}),
  }).id;
}

/** The item itself, or the one that stands for its document instead; undefined: there is none. */
function standing(turn: Turn, itemId: string): ItemRow | undefined {
  const documentId = turn.set.documentOfItem(itemId);
  if (documentId === undefined) return undefined;
  const items = turn.items(documentId);
  return items.find((item) => item.id === itemId) ?? items.find((item) => item.openMinor !== 0n);
}
