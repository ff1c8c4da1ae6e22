/** What a credit note makes: its entry and item, what it closes of its invoice at once, its rows. Pure. */
import { decimalText, addDecimal, decimal } from '../../kernel/decimal.ts';
import { drawn } from '../../kernel/drawn-number.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { CommandContext, RowChange } from '../../write/command.ts';
import { entryOf, post } from '../ledger/index.ts';
import { ItemBook, type LoadedItems, newItem } from '../open-item/index.ts';
import { taxedLegs } from './document-legs.rules.ts';
import type { InvoiceRow } from './invoice.facts.ts';
import { invoicePostings } from './invoice.postings.ts';
import type { TakenLine } from './credit-return.rules.ts';
import type { TaxGroup } from './invoice.rules.ts';
import { creditNoteEvent, creditNoteStatus, type DocumentChange, settleInvoice } from './settlement.rules.ts';

export interface Credited {
  readonly invoice: InvoiceRow;
  readonly loaded: LoadedItems;
  readonly taken: readonly (TaxGroup & { readonly description: string | null })[];
  readonly issuedOn: string;
  readonly seriesId: string;
  readonly reason: string;
  /** Of a return: the lines of the invoice that it takes back. */
  readonly lines?: readonly TakenLine[];
}

/** A credit note, and what its invoice is after. */
export interface BookedNote extends DocumentChange {
  readonly id: string;
  readonly totalMinor: bigint;
}

interface Note extends Credited {
  readonly id: string;
  readonly itemId: string;
  readonly netMinor: bigint;
  readonly totalMinor: bigint;
}

/** Entry and item of the note in the book. */
function bookNote(context: CommandContext, book: ItemBook, note: Note): bigint {
  const { id, itemId, invoice, netMinor, totalMinor, taken, issuedOn } = note;
  const { tenantId, legalEntityId, accountId, currency, baseCurrency } = invoice;
  const amounts = { netMinor, taxes: taken, totalMinor, currency, baseCurrency, rate: invoice.rate ?? '1' };
  const sides = { accountId, items: [{ id: itemId, minor: totalMinor }], itemSide: 'credit' } as const;
  const { legs, baseTotalMinor } = taxedLegs(amounts, sides);
  const record = { tenantId, legalEntityId, baseCurrency, recordKind: 'CreditNote', recordId: id };
  const entry = entryOf(context, { ...record, on: 'credit_note.issued', effectiveOn: issuedOn });
  book.post(post(invoicePostings, entry, legs, context.newId));
  book.add(
    newItem({
      id: itemId,
      tenantId,
      legalEntityId,
      accountId,
      kind: 'CREDIT_NOTE',
      documentKind: 'CreditNote',
      documentId: id,
      documentNumber: numberOf(note, 'TEXT') as unknown as string,
      dueOn: issuedOn,
      effectiveOn: issuedOn,
      recordedAt: context.now,
      currency,
      originalMinor: -totalMinor,
      baseCurrency,
      baseOriginalMinor: -baseTotalMinor,
      groupCurrency: context.tenant.groupCurrency,
      groupRate: invoice.groupRate ?? '1',
    }),
  );
  return baseTotalMinor;
}

const numberOf = ({ seriesId, id, issuedOn }: Note, as: 'TEXT' | 'NUMBER') => drawn(seriesId, { slot: id, on: issuedOn }, as);

/** Sets the note against what is open of its invoice, from the first day on which that much is open. */
function closeInvoice(book: ItemBook, { invoice, itemId, totalMinor, issuedOn }: Note): void {
  let rest = totalMinor;
  for (const item of book.of(invoice.id)) {
    const minor = rest < item.openMinor ? rest : item.openMinor;
    if (minor <= 0n) continue;
    const openFrom = book.openFrom(item.id, minor);
    const effectiveOn = openFrom > issuedOn ? openFrom : issuedOn;
    const evidence = 'The credit note names the invoice.';
    book.allocate({ kind: 'CREDIT', toId: item.id, fromId: itemId, minor, effectiveOn, rule: 'credit-note', evidence });
    rest -= minor;
  }
}

const taxRows = (context: CommandContext, { id, invoice, taken }: Note): RowChange[] =>
  taken.map(({ description, taxCategory, taxRate, taxableMinor, taxMinor }) => ({
    op: 'insert',
    entity: 'CreditNoteTax',
    values: {
      id: context.newId(),
      tenantId: invoice.tenantId,
      legalEntityId: invoice.legalEntityId,
      accountId: invoice.accountId,
      currency: invoice.currency,
      creditNoteId: id,
      description,
      taxCategory,
      taxRate,
      taxableMinor,
      taxMinor,
    },
  }));

/** The lines of the note, and what they add to the lines of the invoice. */
const lineRows = (context: CommandContext, { id, invoice, lines = [] }: Note): RowChange[] => {
  const { tenantId, legalEntityId, accountId } = invoice;
  const owner = { tenantId, legalEntityId, accountId };
  return lines.flatMap(({ line, quantity, netMinor }, i): RowChange[] => [
    {
      op: 'insert',
      entity: 'CreditNoteLine',
      values: {
        id: context.newId(),
        creditNoteId: id,
        invoiceLineId: line.id,
        ...owner,
        lineNumber: i + 1,
        description: line.description,
        quantity: decimalText(quantity),
        currency: line.currency,
        netMinor,
        taxCategory: line.taxCategory,
        taxRate: line.taxRate,
      },
    },
    {
      op: 'update',
      entity: 'InvoiceLine',
      id: line.id,
      version: null,
      set: {
        creditedQuantity: decimalText(addDecimal(decimal(line.creditedQuantity), quantity)),
        creditedNetMinor: line.creditedNetMinor + netMinor,
      },
      owner,
    },
  ]);
};

/** @throws NOTHING_TO_ALLOCATE when it comes to nothing */
export function bookCreditNote(context: CommandContext, credited: Credited): BookedNote {
  const { invoice, loaded, taken, issuedOn, reason } = credited;
  const netMinor = taken.reduce((sum, t) => sum + t.taxableMinor, 0n);
  const taxMinor = taken.reduce((sum, t) => sum + t.taxMinor, 0n);
  const { tenantId, legalEntityId, accountId, currency, baseCurrency, rate, groupRate, orderId } = invoice;
  const totalMinor = netMinor + taxMinor;
  if (totalMinor <= 0n)
    throw new DomainError('NOTHING_TO_ALLOCATE', 'Nothing of this invoice is left to credit.', { path: ['invoiceId'] });
  const note: Note = { ...credited, id: context.newId(), itemId: context.newId(), netMinor, totalMinor };
  const { id } = note;
  const book = new ItemBook({ tenantId, actorId: context.principal.actorId, now: context.now, newId: context.newId }, loaded);
  const baseTotalMinor = bookNote(context, book, note);
  closeInvoice(book, note);
  const openMinor = -book.item(note.itemId).openMinor;
  const status = creditNoteStatus(openMinor, totalMinor);
  const settled = settleInvoice(invoice, book.of(invoice.id), issuedOn);
  const shown = {
    id,
    tenantId,
    legalEntityId,
    accountId,
    currency,
    status,
    number: numberOf(note, 'TEXT'),
    totalMinor,
    openMinor,
    version: 1,
  };
  const values = {
    ...shown,
    invoiceId: invoice.id,
    orderId,
    origin: 'ISSUED',
    lifecycle: 'ISSUED',
    seriesNumber: numberOf(note, 'NUMBER'),
    reason,
    netMinor,
    taxMinor,
    baseCurrency,
    baseTotalMinor,
    rate,
    groupRate,
    issuedOn,
    createdAt: context.now,
  };
  const issued = creditNoteEvent('credit_note.issued', shown, { from: null, effectiveOn: issuedOn });
  return {
    id,
    totalMinor,
    rows: [
      { op: 'insert', entity: 'CreditNote', values },
      ...taxRows(context, note),
      ...lineRows(context, note),
      ...book.rows(),
      ...settled.rows,
    ],
    events: [issued, ...book.allocationEvents(), ...settled.events],
  };
}
