/**
 * The documents of one page as they are now: what a decision has changed is what the next one sees. Pure but for its own state, which
 * lives as long as the set; a decision that is refused leaves it as it was, since a turn writes back only when it is finished.
 */
import { DomainError } from '../../kernel/errors.ts';
import type { Accounts, AccountRow, LegalEntityRow } from '../party/index.ts';
import type { Rates } from '../catalogue/index.ts';
import type { AllocationRow, ItemRow } from '../open-item/index.ts';
import { OrderBook } from '../order/index.ts';
import type {
  ApplicationRow,
  CreditNoteLineRow,
  CreditNoteRow,
  EntryRow,
  InvoiceLineRow,
  InvoiceRow,
  Loaded,
  PaymentRow,
  TransferRow,
} from './observation.facts.ts';

export interface Documents {
  readonly Payment: PaymentRow;
  readonly CreditNote: CreditNoteRow;
  readonly Invoice: InvoiceRow;
}
export type DocumentKind = keyof Documents;

export interface Parties {
  readonly account: AccountRow;
  readonly entity: LegalEntityRow;
}

export type TaxRow = Loaded['taxes'][number];

/** What a turn leaves behind. */
export interface Left {
  readonly documents: Iterable<{ readonly kind: DocumentKind; readonly row: Documents[DocumentKind] }>;
  readonly items: readonly ItemRow[];
  readonly taken: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  readonly made: readonly AllocationRow[];
  readonly gone: ReadonlyMap<string, AllocationRow>;
  readonly transfers: readonly TransferRow[];
  readonly applications: ReadonlyMap<string, readonly ApplicationRow[]>;
  readonly orders: Iterable<OrderBook>;
}

function grouped<T>(rows: readonly T[], keysOf: (row: T) => readonly (string | null | undefined)[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) for (const key of keysOf(row)) if (key) add(groups, key, row);
  return groups;
}

function add<T>(groups: Map<string, T[]>, key: string, row: T): void {
  const group = groups.get(key);
  if (group) group.push(row);
  else groups.set(key, [row]);
}

const sidesOf = (a: AllocationRow) => [a.toItemId, a.fromItemId, a.viaId];
const NONE: readonly never[] = [];

export class ObservedSet {
  readonly rates: Rates;
  private readonly accounts: Accounts['accounts'];
  private readonly entities: Accounts['entities'];
  private readonly rows = new Map<string, { kind: DocumentKind; row: Documents[DocumentKind] }>();
  /** Item → its document. */
  private readonly owners = new Map<string, string>();
  private readonly cashSales = new Map<string, string>();
  /** Of documents. */
  private readonly itemsOf: Map<string, ItemRow[]>;
  /** What was taken of each item by day. */
  readonly taken: Map<string, ReadonlyMap<string, bigint>>;
  /** By item and by the payment document that made them. */
  private readonly allocations: Map<string, AllocationRow[]>;
  /** What closed items whose document was taken back or changed. */
  private readonly voids: Map<string, AllocationRow[]>;
  private readonly transfers: Map<string, TransferRow[]>;
  private readonly entries: Map<string, EntryRow[]>;
  private readonly lines: Map<string, (InvoiceLineRow | CreditNoteLineRow)[]>;
  private readonly taxes: Map<string, TaxRow[]>;
  private readonly applied = new Map<string, readonly ApplicationRow[]>();
  /** Document → the payments that are to have more of it. */
  private readonly missingOf = new Map<string, Set<string>>();
  private readonly orders: Map<string, OrderBook>;
  private readonly orderOf = new Map<string, string>();

  constructor(loaded: Loaded) {
    const { rates, accounts, entities, orders } = loaded;
    this.rates = rates;
    this.accounts = accounts;
    this.entities = entities;
    for (const row of loaded.payments) this.note('Payment', row);
    for (const row of loaded.creditNotes) this.note('CreditNote', row);
    for (const row of loaded.invoices) this.note('Invoice', row);
    this.itemsOf = grouped(loaded.items, (i) => [i.documentId]);
    for (const item of loaded.items) this.owners.set(item.id, item.documentId);
    this.taken = new Map(loaded.taken);
    this.allocations = grouped(
      loaded.allocations.filter((a) => a.kind !== 'VOID'),
      sidesOf,
    );
    this.voids = grouped(
      loaded.allocations.filter((a) => a.kind === 'VOID'),
      sidesOf,
    );
    this.transfers = grouped(loaded.transfers, (t) => [t.entryId]);
    this.entries = grouped(loaded.entries, (e) => [e.recordId]);
    this.lines = grouped(loaded.lines, (l) => ['invoiceId' in l ? l.invoiceId : l.creditNoteId]);
    this.taxes = grouped(loaded.taxes, (t) => ['invoiceId' in t ? t.invoiceId : t.creditNoteId]);
    for (const [id, rows] of grouped(loaded.applications, (a) => [a.paymentId])) this.noteApplied(id, rows);
    for (const [orderId, lines] of orders.lines) for (const line of lines) this.orderOf.set(line.id, orderId);
    this.orders = new Map(
      [...orders.orders.values()].map((order) => [
        order.id,
        new OrderBook({ order, lines: orders.lines.get(order.id) ?? [], holds: orders.holds.get(order.id) ?? [] }),
      ]),
    );
  }

  /** @throws NOT_FOUND */
  parties(accountId: string, legalEntityId: string): Parties {
    const account = this.accounts.get(accountId);
    const entity = this.entities.get(legalEntityId);
    if (account?.legalEntityId === legalEntityId && entity) return { account, entity };
    throw new DomainError('NOT_FOUND', 'The legal entity has no such account.', { path: ['accountId'] });
  }

  entity(id: string): LegalEntityRow | undefined {
    return this.entities.get(id);
  }

  document<K extends DocumentKind>(kind: K, id: string): Documents[K] | undefined {
    const found = this.rows.get(id);
    return found?.kind === kind ? (found.row as Documents[K]) : undefined;
  }

  kindOf(id: string): DocumentKind | undefined {
    return this.rows.get(id)?.kind;
  }

  private note<K extends DocumentKind>(kind: K, row: Documents[K]): void {
    this.rows.set(row.id, { kind, row });
    const invoiceId = kind === 'Payment' ? (row as PaymentRow).invoiceId : null;
    if (invoiceId) this.cashSales.set(invoiceId, row.id);
  }

  private noteApplied(paymentId: string, rows: readonly ApplicationRow[]): void {
    for (const { documentId } of this.applications(paymentId)) this.missingOf.get(documentId)?.delete(paymentId);
    for (const { documentId, missingMinor } of rows) {
      if (missingMinor === 0n) continue;
      const payments = this.missingOf.get(documentId) ?? new Set();
      this.missingOf.set(documentId, payments.add(paymentId));
    }
    this.applied.set(paymentId, rows);
  }

  /** Of a cash sale: the payment that it was. */
  paymentOf(invoiceId: string): PaymentRow | undefined {
    return this.document('Payment', this.cashSales.get(invoiceId) ?? '');
  }

  notesOn(invoiceId: string): readonly CreditNoteRow[] {
    return [...this.rows.values()].flatMap(({ kind, row }) =>
      kind === 'CreditNote' && (row as CreditNoteRow).invoiceId === invoiceId ? [row as CreditNoteRow] : [],
    );
  }

  /** All that a document ever had. */
  items(documentId: string): readonly ItemRow[] {
    return this.itemsOf.get(documentId) ?? NONE;
  }

  documentOfItem(itemId: string): string | undefined {
    return this.owners.get(itemId);
  }

  /** Those that count, of an item or made by a payment document. */
  allocationsOf(id: string): readonly AllocationRow[] {
    return this.allocations.get(id) ?? NONE;
  }

  /** What closed the items that stood for a document last. */
  voidsOf(documentId: string): readonly AllocationRow[] {
    const items = this.items(documentId);
    const last = items.reduce((most, i) => (i.revision > most ? i.revision : most), 0);
    return items.filter((i) => i.revision === last).flatMap((i) => this.voids.get(i.id) ?? []);
  }

  transfersOf(entryId: string): readonly TransferRow[] {
    return this.transfers.get(entryId) ?? NONE;
  }

  /** The entry by which a document is in the books, or was last. */
  entryOf(documentId: string): EntryRow | undefined {
    return this.entries.get(documentId)?.at(-1);
  }

  invoiceLines(invoiceId: string): readonly InvoiceLineRow[] {
    return (this.lines.get(invoiceId) ?? NONE) as readonly InvoiceLineRow[];
  }

  noteLines(noteId: string): readonly CreditNoteLineRow[] {
    return (this.lines.get(noteId) ?? NONE) as readonly CreditNoteLineRow[];
  }

  taxesOf(documentId: string): readonly TaxRow[] {
    return this.taxes.get(documentId) ?? NONE;
  }

  applications(paymentId: string): readonly ApplicationRow[] {
    return this.applied.get(paymentId) ?? NONE;
  }

  /** The payments that are to have more of a document than they got. */
  missing(documentId: string): readonly string[] {
    return [...(this.missingOf.get(documentId) ?? NONE)];
  }

  /** An order as it is now, to be changed by a turn. */
  order(id: string): OrderBook | undefined {
    return this.orders.get(id)?.copy();
  }

  orderOfLine(orderLineId: string): string | undefined {
    return this.orderOf.get(orderLineId);
  }

  keep(left: Left): void {
    for (const { kind, row } of left.documents) this.note(kind, row);
    for (const item of left.items) {
      const others = this.items(item.documentId).filter((i) => i.id !== item.id);
      this.itemsOf.set(item.documentId, [...others, item]);
      this.owners.set(item.id, item.documentId);
      const days = left.taken.get(item.id);
      if (days) this.taken.set(item.id, days);
    }
    for (const id of new Set([...left.gone.values()].flatMap(sidesOf)))
      if (id)
        this.allocations.set(
          id,
          this.allocationsOf(id).filter((a) => !left.gone.has(a.id)),
        );
    for (const row of left.made) for (const id of sidesOf(row)) if (id) add(this.allocations, id, row);
    for (const transfer of left.transfers) add(this.transfers, transfer.entryId, transfer);
    for (const [id, rows] of left.applications) this.noteApplied(id, rows);
    for (const book of left.orders) this.orders.set(book.order.id, book.written());
  }
}
