/** What setting money against documents needs: the documents (locked payments, notes, invoices, then items: always in this order) and the hierarchy. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { CreditNote, Invoice, InvoiceTax } from '../invoice/index.ts';
import { Transfer } from '../ledger/index.ts';
import { Allocation, type AllocationRow, type ItemRow, loadTaken, OpenItem } from '../open-item/index.ts';
import { loadAccounts } from '../party/index.ts';
import { Payment } from '../payment/index.ts';

export interface DocumentIds {
  readonly payments?: readonly string[];
  readonly creditNotes?: readonly string[];
  readonly invoices?: readonly string[];
}

const byId = <T extends { readonly id: string }>(rows: readonly T[]) => new Map(rows.map((r) => [r.id, r]));

export async function loadDocuments(tx: Tx, { payments = [], creditNotes = [], invoices = [] }: DocumentIds) {
  const documents = sql.uuids([...payments, ...creditNotes, ...invoices]);
  // asked for in one breath and locked in this order
  const [ofPayments, ofNotes, ofInvoices, items] = await Promise.all([
    tx.load(Payment, sql`t.id = any(${sql.uuids(payments)})`, { lock: true }),
    tx.load(CreditNote, sql`t.id = any(${sql.uuids(creditNotes)})`, { lock: true }),
    tx.load(Invoice, sql`t.id = any(${sql.uuids(invoices)})`, { lock: true }),
    tx.load(OpenItem, sql`t.document_id = any(${documents})`, { lock: true }),
  ]);
  const accountIds = items.map((i) => i.accountId);
  const [taken, accounts, above] = await Promise.all([
    loadTaken(tx, items),
    loadAccounts(tx, accountIds),
    loadAncestors(tx, accountIds),
  ]);
  return { payments: byId(ofPayments), creditNotes: byId(ofNotes), invoices: byId(ofInvoices), items, taken, ...accounts, above };
}
export type Documents = Awaited<ReturnType<typeof loadDocuments>>;

/** What was given up of the invoices of these items, or granted on them, and still counts. The items are locked. */
export async function loadGivenUp(tx: Tx, items: readonly ItemRow[]): Promise<(invoiceId: string) => readonly AllocationRow[]> {
  const ids = items.filter((i) => i.documentKind === 'Invoice').map((i) => i.id);
  if (ids.length === 0) return () => [];
  const live = await liveAllocations(tx, sql`t.to_item_id = any(${sql.uuids(ids)}) and t.kind in ('WRITE_OFF', 'DISCOUNT')`);
  const invoiceOf = new Map(items.map((i) => [i.id, i.documentId]));
  return (invoiceId) => live.filter((a) => invoiceOf.get(a.toItemId ?? '') === invoiceId);
}

/** What applying needs besides: the taxes that a discount may lower, and, for one that is granted by hand, what was given up before. */
export async function applicationFacts(tx: Tx, { isByHand, ...ids }: DocumentIds & { readonly isByHand: boolean }) {
  const [documents, taxes] = await Promise.all([
    loadDocuments(tx, ids),
    tx.load(InvoiceTax, sql`t.invoice_id = any(${sql.uuids(ids.invoices ?? [])})`),
  ]);
  return { ...documents, taxes, givenUp: await loadGivenUp(tx, isByHand ? documents.items : []) };
}
export type ApplicationFacts = Awaited<ReturnType<typeof applicationFacts>>;

/** Of the customers of accounts: customer → itself and everything above it. */
async function loadAncestors(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx.rows<{ start: string; chain: string[] }>(
    sql`with recursive up as (
          select c.id as start, c.parent_id, array[c.id] as chain from customer c
            where c.id = any(array(select a.customer_id from customer_account a where a.id = any(${sql.uuids(accountIds)})))
          union all
          select up.start, c.parent_id, up.chain || c.id from up join customer c on c.id = up.parent_id where not c.id = any(up.chain)
        ) select distinct on (start) start, chain from up order by start, cardinality(chain) desc`,
  );
  return new Map(rows.map((r) => [r.start, r.chain]));
}

/**
 * Allocations that are taken back: with the discounts that were granted with them and count still, the transfers of all their
 * entries, and the documents on both sides, locked.
 */
export async function loadAllocations(tx: Tx, allocations: readonly AllocationRow[]) {
  const sides = allocations.flatMap((a) => [a.toItemId, a.fromItemId]).filter((id): id is string => typeof id === 'string');
  const items = await tx.load(OpenItem, sql`t.id = any(${sql.uuids(sides)})`);
  const ids = (kind: string) => items.filter((i) => i.documentKind === kind).map((i) => i.documentId);
  const documents = await loadDocuments(tx, {
    payments: ids('Payment'),
    creditNotes: ids('CreditNote'),
    invoices: ids('Invoice'),
  });
  // a discount is on the invoice of what it was granted with, so it stays as it is from here on
  const discounts = await liveAllocations(tx, sql`t.with_id = any(${sql.uuids(allocations.map((a) => a.id))})`);
  const entries = [...allocations, ...discounts].map((a) => a.entryId);
  const transfers = await tx.load(Transfer, sql`t.entry_id = any(${sql.uuids(entries)})`);
  return { ...documents, allocations, discounts, transfers };
}
export type Reversible = Pick<Awaited<ReturnType<typeof loadAllocations>>, 'discounts' | 'transfers'>;

/** Those of the given items that were not taken back. */
export const liveAllocations = (tx: Tx, where: ReturnType<typeof sql>) =>
  tx.load(
    Allocation,
    sql`${where} and t.reverses_id is null and not exists (select from allocation r where r.tenant_id = t.tenant_id and r.reverses_id = t.id)`,
  );
