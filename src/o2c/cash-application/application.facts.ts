/** What setting money against documents needs: the documents (locked payments, notes, invoices, then items: always in this order) and the hierarchy. */
import { DomainError } from '../../kernel/errors.ts';
import type { EventDraft } from '../../outbox/event.ts';
import { sql } from '../../read/sql.ts';
import type { CommandContext, RowChange, Tx, RowOf } from '../../write/command.ts';
import { CreditNote, Invoice, settleCreditNote, settleInvoice } from '../invoice/index.ts';
import { Transfer } from '../ledger/index.ts';
import { Allocation, ItemBook, type ItemRow, type LoadedItems, loadTaken, OpenItem } from '../open-item/index.ts';
import { loadAccounts } from '../party/index.ts';
import { Payment, settlePayment } from '../payment/index.ts';

export interface DocumentIds {
  readonly payments?: readonly string[];
  readonly creditNotes?: readonly string[];
  readonly invoices?: readonly string[];
}

const byId = <T extends { readonly id: string }>(rows: readonly T[]) => new Map(rows.map((r) => [r.id, r]));

export async function loadDocuments(tx: Tx, { payments = [], creditNotes = [], invoices = [] }: DocumentIds) {
  const loaded = {
    payments: byId(await tx.load(Payment, sql`t.id = any(${sql.uuids(payments)})`, { lock: true })),
    creditNotes: byId(await tx.load(CreditNote, sql`t.id = any(${sql.uuids(creditNotes)})`, { lock: true })),
    invoices: byId(await tx.load(Invoice, sql`t.id = any(${sql.uuids(invoices)})`, { lock: true })),
  };
  const items = await tx.load(OpenItem, sql`t.document_id = any(${sql.uuids([...payments, ...creditNotes, ...invoices])})`, {
    lock: true,
  });
  const accounts = await loadAccounts(
    tx,
    items.map((i) => i.accountId),
  );
  return {
    ...loaded,
    items,
    taken: await loadTaken(tx, items),
    ...accounts,
    above: await loadAncestors(
      tx,
      [...accounts.accounts.values()].map((a) => a.customerId),
    ),
  };
}
export type Documents = Awaited<ReturnType<typeof loadDocuments>>;

/** Customer → itself and everything above it. */
async function loadAncestors(tx: Tx, customerIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx.rows<{ start: string; chain: string[] }>(
    sql`with recursive up as (
          select c.id as start, c.parent_id, array[c.id] as chain from customer c where c.id = any(${sql.uuids(customerIds)})
          union all
          select up.start, c.parent_id, up.chain || c.id from up join customer c on c.id = up.parent_id where not c.id = any(up.chain)
        ) select distinct on (start) start, chain from up order by start, cardinality(chain) desc`,
  );
  return new Map(rows.map((r) => [r.start, r.chain]));
}

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

type AllocationRow = RowOf<typeof Allocation>;

/** Allocations that count still, with the transfers of their entries and the documents on both sides, locked. */
export async function loadAllocations(tx: Tx, allocations: readonly AllocationRow[]) {
  const sides = allocations.flatMap((a) => [a.toItemId, a.fromItemId]).filter((id): id is string => typeof id === 'string');
  const items = await tx.load(OpenItem, sql`t.id = any(${sql.uuids(sides)})`);
  const ids = (kind: string) => items.filter((i) => i.documentKind === kind).map((i) => i.documentId);
  const documents = await loadDocuments(tx, {
    payments: ids('Payment'),
    creditNotes: ids('CreditNote'),
    invoices: ids('Invoice'),
  });
  const transfers = await tx.load(Transfer, sql`t.entry_id = any(${sql.uuids(allocations.map((a) => a.entryId))})`);
  return { ...documents, allocations, transfers };
}

/** Those of the given items that were not taken back. */
export const liveAllocations = (tx: Tx, where: ReturnType<typeof sql>) =>
  tx.load(
    Allocation,
    sql`${where} and t.reverses_id is null and not exists (select from allocation r where r.tenant_id = t.tenant_id and r.reverses_id = t.id)`,
  );
