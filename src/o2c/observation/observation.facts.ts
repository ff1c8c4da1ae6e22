/**
 * What observing a page of documents needs, one statement per table: the documents themselves, those on the other side of their
 * allocations, and the payments that still miss something of them. Locked in the order of the house: orders, payments, credit notes,
 * invoices, items.
 */
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { RowOf, SchemaLike, Tx } from '../../write/command.ts';
import { loadRates, type Rates } from '../catalogue/index.ts';
import { CreditNote, CreditNoteLine, CreditNoteTax, Invoice, InvoiceLine, InvoiceTax } from '../invoice/index.ts';
import { JournalEntry, Transfer } from '../ledger/index.ts';
import { Allocation, type AllocationRow, type ItemRow, loadTaken, OpenItem, type TakenByDay } from '../open-item/index.ts';
import { type LoadedOrders, loadOrders } from '../order/index.ts';
import { type Accounts, loadAccounts } from '../party/index.ts';
import { Payment } from '../payment/index.ts';
import { PaymentApplication } from './observation.entity.ts';
import { type Around, documentsAround } from './around.facts.ts';

export type InvoiceRow = RowOf<typeof Invoice>;
export type CreditNoteRow = RowOf<typeof CreditNote>;
export type PaymentRow = RowOf<typeof Payment>;
export type InvoiceLineRow = RowOf<typeof InvoiceLine>;
export type CreditNoteLineRow = RowOf<typeof CreditNoteLine>;
export type ApplicationRow = RowOf<typeof PaymentApplication>;
export type EntryRow = RowOf<typeof JournalEntry>;
export type TransferRow = RowOf<typeof Transfer>;
type InvoiceTaxRow = RowOf<typeof InvoiceTax>;
type CreditNoteTaxRow = RowOf<typeof CreditNoteTax>;

export interface ObservedRef {
  readonly recordId: string | null;
  readonly accountId: string;
  readonly currency: string;
  readonly on: string;
}

export interface Wanted {
  readonly refs: readonly ObservedRef[];
  readonly kind: 'Invoice' | 'CreditNote' | 'Payment';
  /** Other documents that they name. */
  readonly invoices?: readonly string[];
  readonly creditNotes?: readonly string[];
  readonly orders?: readonly string[];
  readonly groupCurrency: string;
}

/** Rows as the database has them. */
export interface Loaded extends Pick<Accounts, 'accounts' | 'entities'> {
  readonly rates: Rates;
  readonly orders: LoadedOrders;
  readonly payments: readonly PaymentRow[];
  readonly creditNotes: readonly CreditNoteRow[];
  readonly invoices: readonly InvoiceRow[];
  readonly items: readonly ItemRow[];
  readonly taken: TakenByDay;
  /** Those that count still. */
  readonly allocations: readonly AllocationRow[];
  /** Those that posted a document: the last of each is the one that counts, where any does. */
  readonly entries: readonly EntryRow[];
  readonly transfers: readonly TransferRow[];
  readonly lines: readonly (InvoiceLineRow | CreditNoteLineRow)[];
  readonly taxes: readonly (InvoiceTaxRow | CreditNoteTaxRow)[];
  readonly applications: readonly ApplicationRow[];
}

const POSTING = ['invoice', 'credit_note', 'payment'].flatMap((noun) =>
  ['issued', 'received', 'imported', 'observed'].map((happened) => `${noun}.${happened}`),
);

export async function observationFacts(tx: Tx, wanted: Wanted): Promise<Loaded> {
  const { refs, kind } = wanted;
  const parties = await loadAccounts(
    tx,
    refs.map((ref) => ref.accountId),
  );
  const rates = await loadRates(tx, ratesWanted(wanted, parties));
  const own = [...new Set(refs.flatMap((ref) => ref.recordId ?? []))];
  const around = await documentsAround(tx, { kind, own, invoices: wanted.invoices, creditNotes: wanted.creditNotes });
  const orders = await loadOrders(tx, [...(wanted.orders ?? []), ...around.orders]);
  const documents = await loadDocuments(tx, around);
  if (own.length > 0) await requireAllSeen(tx, around);
  return { ...parties, rates, orders, ...documents, ...(await loadBooks(tx, { own, around, items: documents.items })) };
}

/** What was committed while we waited for the locks: then the set is decided on anew. */
async function requireAllSeen(tx: Tx, seen: Around): Promise<void> {
  const again = await documentsAround(tx, seen);
  const isNew = (['payments', 'creditNotes', 'invoices'] as const).some((k) => again[k].some((id) => !seen[k].includes(id)));
  if (isNew) throw new DomainError('CONFLICT_RETRY', 'Other documents were set against these meanwhile.');
}

async function loadAll<S extends SchemaLike>(tx: Tx, schema: S, ids: readonly string[]): Promise<readonly RowOf<S>[]> {
  return ids.length === 0 ? [] : tx.load(schema, { ids }, { lock: true });
}

async function loadDocuments(tx: Tx, { payments, creditNotes, invoices }: Around) {
  const ids = [...payments, ...creditNotes, ...invoices];
  const loaded = {
    payments: await loadAll(tx, Payment, payments),
    creditNotes: await loadAll(tx, CreditNote, creditNotes),
    invoices: await loadAll(tx, Invoice, invoices),
  };
  const items = ids.length === 0 ? [] : await tx.load(OpenItem, sql`t.document_id = any(${sql.uuids(ids)})`, { lock: true });
  return { ...loaded, items, taken: await loadTaken(tx, items) };
}

interface BooksOf {
  readonly own: readonly string[];
  readonly around: Around;
  readonly items: readonly ItemRow[];
}

/** What the documents have done to the books, and what they say in detail. */
async function loadBooks(tx: Tx, { own, around, items }: BooksOf) {
  if (own.length === 0 && around.payments.length === 0)
    return {
      allocations: [],
      entries: [],
      transfers: [],
      lines: [],
      taxes: await taxesOf(tx, around.invoices),
      applications: [],
    };
  const all = [...own, ...around.payments];
  const wholeItems = sql.uuids(items.filter((i) => all.includes(i.documentId)).map((i) => i.id));
  const allocations = await tx.load(
    Allocation,
    sql`t.id = any(array(
          select a.id from allocation a where a.to_item_id = any(${wholeItems})
          union select a.id from allocation a where a.from_item_id = any(${wholeItems})
          union select a.id from allocation a where a.via_id = any(${sql.uuids(around.payments)})
        )) and t.reverses_id is null and t.kind <> 'RETURN'
        and not exists (select from allocation r where r.tenant_id = t.tenant_id and r.reverses_id = t.id)`,
  );
  const entries = await tx.load(
    JournalEntry,
    sql`t.record_id = any(${sql.uuids(all)}) and t.event_type = any(${sql.typed(POSTING, 'text[]')})`,
  );
  const posted = sql.uuids([...entries.map((e) => e.id), ...allocations.map((a) => a.entryId)]);
  const transfers = await tx.load(Transfer, sql`t.entry_id = any(${posted})`);
  const ids = sql.uuids(own);
  const ofNotes = [
    await tx.load(CreditNoteLine, sql`t.credit_note_id = any(${ids})`),
    await tx.load(CreditNoteTax, sql`t.credit_note_id = any(${ids})`),
  ] as const;
  return {
    allocations,
    entries,
    transfers,
    lines: [...(await tx.load(InvoiceLine, sql`t.invoice_id = any(${ids})`)), ...ofNotes[0]],
    taxes: [...(await taxesOf(tx, around.invoices)), ...ofNotes[1]],
    applications: await tx.load(PaymentApplication, sql`t.payment_id = any(${sql.uuids(around.payments)})`),
  };
}

/** Those of all invoices in play, since a discount on one may lower its tax. */
const taxesOf = async (tx: Tx, invoices: readonly string[]) =>
  invoices.length === 0 ? [] : tx.load(InvoiceTax, sql`t.invoice_id = any(${sql.uuids(invoices)})`);

/** To the functional and the group's currency: also the way over the functional one, for a group that has no rate of its own. */
function ratesWanted({ refs, groupCurrency }: Wanted, { accounts, entities }: Accounts) {
  return refs.flatMap(({ accountId, currency, on }) => {
    const base = entities.get(accounts.get(accountId)?.legalEntityId ?? '')?.functionalCurrency ?? groupCurrency;
    return [
      { from: currency, to: base, on },
      { from: currency, to: groupCurrency, on },
      { from: base, to: groupCurrency, on },
    ];
  });
}
