/** What every change between documents has in common: who may pay for whom, the book of their items, the documents brought up to them. Pure. */
import { DomainError } from '../../kernel/errors.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { CommandContext, RowChange } from '../../write/command.ts';
import { settleCreditNote, settleInvoice } from '../invoice/index.ts';
import { type AllocationRow, ItemBook, type ItemRow, type LoadedItems } from '../open-item/index.ts';
import { settlePayment } from '../payment/index.ts';
import type { Documents, Reversible } from './application.facts.ts';

/** A payer pays on its own account, or for a customer below it. @throws ACCOUNT_MISMATCH */
export function requirePayerFits(facts: Documents, from: ItemRow, to: ItemRow): void {
  if (from.accountId === to.accountId) return;
  const payer = facts.accounts.get(from.accountId)?.customerId;
  const debtor = facts.accounts.get(to.accountId)?.customerId;
  if (payer && debtor && facts.above.get(debtor)?.includes(payer)) return;
  throw new DomainError(
    'ACCOUNT_MISMATCH',
    `${from.documentNumber} is of another customer than ${to.documentNumber}, and not of one above it.`,
    { path: ['allocations'] },
  );
}

export const newBook = (context: CommandContext, loaded: LoadedItems) =>
  new ItemBook(
    { tenantId: context.tenant.id, actorId: context.principal.actorId, now: context.now, newId: context.newId },
    loaded,
  );

/** Brings every document up to what its items say now, in the order payments, notes, invoices. */
export function settleAll(
  facts: Pick<Documents, 'payments' | 'creditNotes' | 'invoices'>,
  book: ItemBook,
  effectiveOn: string,
): { rows: RowChange[]; events: EventDraft[] } {
  const changes = [
    ...[...facts.payments.values()].map((p) => settlePayment(p, book.of(p.id), effectiveOn)),
    ...[...facts.creditNotes.values()].map((n) => settleCreditNote(n, book.of(n.id), effectiveOn)),
    ...[...facts.invoices.values()].map((i) => settleInvoice(i, book.of(i.id), effectiveOn)),
  ];
  return {
    rows: [...book.rows(), ...changes.flatMap((c) => c.rows)],
    events: [...book.allocationEvents(), ...changes.flatMap((c) => c.events)],
  };
}

/** An allocation and the discounts that were granted with it. */
export const togetherWith = (
  { discounts }: Pick<Reversible, 'discounts'>,
  allocation: AllocationRow,
): readonly AllocationRow[] => [allocation, ...discounts.filter((d) => d.withId === allocation.id)];

/** Takes an allocation back, and the discounts that were granted with it; gives its own reversal. */
export function takeBack(
  { book, facts }: { readonly book: ItemBook; readonly facts: Reversible },
  allocation: AllocationRow,
  how: { readonly effectiveOn: string; readonly rule: string },
): AllocationRow {
  const [reversal] = togetherWith(facts, allocation).map((a) =>
    book.reverse(a, { transfers: facts.transfers.filter((t) => t.entryId === a.entryId), ...how }),
  );
  if (!reversal) throw new Error('An allocation was not reversed');
  return reversal;
}
