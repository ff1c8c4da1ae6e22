/**
 * One observed document while it is decided on: what changes of it and of everything that it touches, gathered so that each version of
 * each record has its row and its event. Nothing of it is kept in the set before the turn is finished. Pure but for its own state.
 */
import type { EventDraft } from '../../outbox/event.ts';
import type { Change, CommandContext, RowChange } from '../../write/command.ts';
import { settleCreditNote, settleInvoice, type TaxGroup } from '../invoice/index.ts';
import { type AllocationPlan, type AllocationRow, ItemBook, type ItemRow } from '../open-item/index.ts';
import type { OrderBook } from '../order/index.ts';
import { settlePayment } from '../payment/index.ts';
import type { ApplicationRow, TransferRow } from './observation.facts.ts';
import type { DocumentKind, Documents, ObservedSet } from './observed-set.rules.ts';

export const RULE = 'erp';

/** Settled in this order, as everywhere. */
const ORDER: readonly DocumentKind[] = ['Payment', 'CreditNote', 'Invoice'];
/** The day on which the ERP took a document back, where that is later than its own; null: it is as if it had never been. */
export const voidDayOf = (
  { isDeleted, voidedOn }: { readonly isDeleted: boolean; readonly voidedOn?: string | undefined },
  own: string | null,
): string | null => (isDeleted || voidedOn === undefined || own === null || voidedOn <= own ? null : voidedOn);

const IN_BOOKS: ReadonlySet<string> = new Set(['ISSUED', 'RECEIVED']);

export const later = (...days: readonly string[]): string => days.reduce((a, b) => (a > b ? a : b), '');

export class Turn {
  readonly book: ItemBook;
  private readonly documents = new Map<string, { kind: DocumentKind; row: Documents[DocumentKind] }>();
  private readonly rows: RowChange[] = [];
  private readonly events: EventDraft[] = [];
  private readonly gone = new Map<string, AllocationRow>();
  private readonly made: AllocationRow[] = [];
  /** Document → the latest day on which something of it counts that changed. */
  private readonly touched = new Map<string, string>();
  private readonly applied = new Map<string, readonly ApplicationRow[]>();
  private readonly taxes = new Map<string, readonly TaxGroup[]>();
  private readonly orders = new Map<string, OrderBook>();
  /** Document → the entry that posted it. */
  private readonly posted = new Map<string, string>();
  /** Documents of which more is open than was. */
  readonly freed = new Set<string>();

  constructor(
    readonly context: CommandContext,
    readonly set: ObservedSet,
    private readonly occurredAt: Date | null,
  ) {
    const { tenant, principal, now, newId, observing } = context;
    this.book = new ItemBook({
      tenantId: tenant.id,
      actorId: principal.actorId,
      now,
      newId,
      connectionId: observing?.connectionId ?? null,
    });
  }

  document<K extends DocumentKind>(kind: K, id: string): Documents[K] | undefined {
    const found = this.documents.get(id);
    return found ? (found.kind === kind ? (found.row as Documents[K]) : undefined) : this.set.document(kind, id);
  }

  /** Writes a record that is made, or the columns of one that differ, as its next version; gives it as it is then. */
  put<K extends DocumentKind>(
    kind: K,
    { before, after }: { readonly before: Documents[K] | null; readonly after: Documents[K] },
    event: (row: Documents[K]) => EventDraft,
  ): Documents[K] {
    const row = before ? { ...after, version: before.version + 1 } : after;
    this.documents.set(row.id, { kind, row });
    this.rows.push(before ? updateOf(kind, before, after) : { op: 'insert', entity: kind, values: { ...row } });
    this.events.push(event(row));
    return row;
  }

  /** Rows of a document's details, and what happened to orders. */
  write(rows: readonly RowChange[], events: readonly EventDraft[] = []): void {
    this.rows.push(...rows);
    this.events.push(...events);
  }

  /** What stands for a document now. */
  items(documentId: string): readonly ItemRow[] {
    this.book.bring(this.set.items(documentId), this.set.taken);
    return this.book.of(documentId);
  }

  /** Allocations that count, of an item or made by a payment document; in the order in which they count. */
  live(id: string): readonly AllocationRow[] {
    const made = this.made.filter((a) => a.toItemId === id || a.fromItemId === id || a.viaId === id);
    return [...this.set.allocationsOf(id), ...made]
      .filter((a) => !this.gone.has(a.id))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  allocate(plan: Omit<AllocationPlan, 'rule'> & { readonly rule?: string }): AllocationRow {
    const row = this.book.allocate({ rule: RULE, ...plan });
    this.made.push(row);
    this.touch(row);
    return row;
  }

  /** Takes an allocation back on its own day, as if it had never been; or on a later one, until which it counted. */
  takeBack(allocation: AllocationRow, on = ''): void {
    for (const id of [allocation.toItemId, allocation.fromItemId]) if (id) this.bringItem(id, allocation);
    const transfers = this.transfersOf(allocation.entryId);
    const effectiveOn = later(allocation.effectiveOn, on);
    this.book.reverse(allocation, { transfers, effectiveOn, rule: RULE });
    this.gone.set(allocation.id, allocation);
    for (const documentId of this.touch({ ...allocation, effectiveOn })) this.freed.add(documentId);
  }

  /** Was it made in this turn? */
  isMade(allocation: AllocationRow): boolean {
    return this.made.includes(allocation);
  }

  /** The entry by which a document is in the books, or was last. */
  entryOf(documentId: string): string | undefined {
    return this.posted.get(documentId) ?? this.set.entryOf(documentId)?.id;
  }

  notePosted(documentId: string, entryId: string): void {
    this.posted.set(documentId, entryId);
  }

  /** Of a cash sale: the payment that it was. */
  saleOf(invoiceId: string): Documents['Payment'] | undefined {
    const own = [...this.documents.values()].find(
      ({ kind, row }) => kind === 'Payment' && (row as Documents['Payment']).invoiceId === invoiceId,
    );
    return own ? (own.row as Documents['Payment']) : this.set.paymentOf(invoiceId);
  }

  private bringItem(id: string, { id: allocationId }: AllocationRow): void {
    const documentId = this.set.documentOfItem(id);
    if (documentId) this.items(documentId);
    else if (!this.made.some((a) => a.id === allocationId)) throw new Error(`The item ${id} of an allocation was not loaded`);
  }

  transfersOf(entryId: string): readonly TransferRow[] {
    const known = this.set.transfersOf(entryId);
    if (known.length > 0) return known;
    const made = transfersIn(this.book.rows()).filter((t) => t.entryId === entryId);
    if (made.length === 0) throw new Error(`The transfers of the entry ${entryId} were not loaded`);
    return made;
  }

  private touch(row: AllocationRow): readonly string[] {
    const ids = [row.toItemId, row.fromItemId].flatMap((id) => (id ? [this.book.item(id).documentId] : []));
    for (const id of ids) this.touched.set(id, later(this.touched.get(id) ?? '', row.effectiveOn));
    return ids;
  }

  /** What it says of itself is to be brought up to its items, whatever else happens. */
  settle(documentId: string, effectiveOn: string): void {
    this.touched.set(documentId, later(this.touched.get(documentId) ?? '', effectiveOn));
  }

  applications(paymentId: string): readonly ApplicationRow[] {
    return this.applied.get(paymentId) ?? this.set.applications(paymentId);
  }

  apply(paymentId: string, rows: readonly ApplicationRow[]): void {
    this.applied.set(paymentId, rows);
  }

  /** Payments that are to have more of a document than they got. */
  missing(documentId: string): readonly string[] {
    const changed = [...this.applied].flatMap(([paymentId, rows]) =>
      rows.some((a) => a.documentId === documentId && a.missingMinor > 0n) ? [paymentId] : [],
    );
    return [...this.set.missing(documentId).filter((id) => !this.applied.has(id)), ...changed];
  }

  taxesOf(documentId: string): readonly TaxGroup[] {
    return this.taxes.get(documentId) ?? this.set.taxesOf(documentId);
  }

  retax(documentId: string, taxes: readonly TaxGroup[]): void {
    this.taxes.set(documentId, taxes);
  }

  order(id: string): OrderBook | undefined {
    const book = this.orders.get(id) ?? this.set.order(id);
    if (book) this.orders.set(id, book);
    return book;
  }

  /** The orders of lines. */
  booksOf(orderLineIds: readonly string[]): readonly OrderBook[] {
    const ids = new Set(orderLineIds.flatMap((id) => this.set.orderOfLine(id) ?? []));
    return [...ids].flatMap((id) => this.order(id) ?? []);
  }

  /** Everything that it comes to; from then on the set has it. */
  finish(recordId: string): Change | { readonly unchanged: string } {
    const settled = this.settled();
    const written = this.book.rows();
    const applications = this.applicationRows();
    const rows = [...this.rows, ...written, ...settled.rows, ...applications];
    if (rows.length === 0) return { unchanged: recordId };
    const events = [...this.events, ...this.book.allocationEvents(), ...settled.events];
    const { items, taken } = this.book.after();
    this.set.keep({
      documents: this.documents.values(),
      items,
      taken,
      made: this.made.filter((a) => !this.gone.has(a.id) && a.kind !== 'VOID'),
      gone: this.gone,
      transfers: this.made.length > 0 ? transfersIn(written) : [],
      applications: this.applied,
      orders: [...this.orders.values()].filter((book) => book.isChanged()),
    });
    const { occurredAt } = this;
    return { recordId, rows, events: occurredAt === null ? events : events.map((event) => ({ ...event, occurredAt })) };
  }

  private settled(): { rows: RowChange[]; events: EventDraft[] } {
    const changes = ORDER.flatMap((kind) =>
      [...this.touched].flatMap(([id, day]) => {
        const row = this.document(kind, id);
        return row && IN_BOOKS.has(row.lifecycle) ? [{ kind, row, change: settle(kind, row, this.items(id), day) }] : [];
      }),
    );
    for (const { kind, row, change } of changes) {
      const [update] = change.rows;
      if (update?.op === 'update') this.documents.set(row.id, { kind, row: { ...row, ...update.set, version: row.version + 1 } });
    }
    return { rows: changes.flatMap((c) => [...c.change.rows]), events: changes.flatMap((c) => [...c.change.events]) };
  }

  private applicationRows(): RowChange[] {
    return [...this.applied].flatMap(([paymentId, rows]) =>
      applicationChanges(this.set.applications(paymentId), rows, this.context),
    );
  }
}

/** By day, then as they were made: ids grow with time. */
const keyOf = (a: AllocationRow): string => `${a.effectiveOn} ${a.id}`;

function settle(kind: DocumentKind, row: Documents[DocumentKind], items: readonly ItemRow[], day: string) {
  if (kind === 'Payment') return settlePayment(row as Documents['Payment'], items, day);
  if (kind === 'CreditNote') return settleCreditNote(row as Documents['CreditNote'], items, day);
  return settleInvoice(row as Documents['Invoice'], items, day);
}

function updateOf<K extends DocumentKind>(entity: K, before: Documents[K], after: Documents[K]): RowChange {
  const keys = (Object.keys(after) as (keyof Documents[K] & string)[]).filter(
    (key) => key !== 'version' && after[key] !== before[key],
  );
  const { tenantId, legalEntityId, accountId } = after;
  return {
    op: 'update',
    entity,
    id: after.id,
    version: before.version,
    set: Object.fromEntries(keys.map((key) => [key, after[key]])),
    owner: { tenantId, legalEntityId, accountId },
  };
}

const transfersIn = (rows: readonly RowChange[]): readonly TransferRow[] =>
  rows.flatMap((row) => (row.op === 'insert' && row.entity === 'Transfer' ? [row.values as unknown as TransferRow] : []));

function applicationChanges(
  before: readonly ApplicationRow[],
  after: readonly ApplicationRow[],
  { tenant }: CommandContext,
): RowChange[] {
  const ownerOf = ({ legalEntityId }: ApplicationRow) => ({ tenantId: tenant.id, legalEntityId });
  const known = new Map(before.map((a) => [a.id, a]));
  const kept = new Set(after.map((a) => a.id));
  return [
    ...before
      .filter((a) => !kept.has(a.id))
      .map((a): RowChange => ({ op: 'delete', entity: 'PaymentApplication', id: a.id, owner: ownerOf(a) })),
    ...after.flatMap((a): RowChange[] => {
      const was = known.get(a.id);
      if (!was) return [{ op: 'insert', entity: 'PaymentApplication', values: { ...a } }];
      const { place, amountMinor, discountMinor, missingMinor, appliedOn } = a;
      const isSame =
        was.place === place &&
        was.amountMinor === amountMinor &&
        was.discountMinor === discountMinor &&
        was.missingMinor === missingMinor &&
        was.appliedOn === appliedOn;
      const set = { place, amountMinor, discountMinor, missingMinor, appliedOn };
      return isSame ? [] : [{ op: 'update', entity: 'PaymentApplication', id: a.id, version: null, set, owner: ownerOf(a) }];
    }),
  ];
}
