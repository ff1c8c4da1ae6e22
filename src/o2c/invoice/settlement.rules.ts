/** What open items say of their document: its settled amounts and its public status. Pure; the one place where a status is made. */
import { money, moneyText } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { RowChange } from '../../write/command.ts';
import type { ItemRow } from '../open-item/index.ts';

export type InvoiceStatus = 'DRAFT' | 'OPEN' | 'PARTIALLY_PAID' | 'PAID' | 'CREDITED' | 'WRITTEN_OFF' | 'CANCELLED' | 'VOIDED';
export type CreditNoteStatus = 'OPEN' | 'PARTIALLY_APPLIED' | 'APPLIED' | 'VOIDED';

export interface Settlement {
  readonly paidMinor: bigint;
  readonly creditedMinor: bigint;
  readonly discountedMinor: bigint;
  readonly writtenOffMinor: bigint;
  readonly openMinor: bigint;
  readonly settledOn: string | null;
}

const total = (
  items: readonly ItemRow[],
  column: 'cashMinor' | 'creditMinor' | 'discountMinor' | 'writeOffMinor' | 'openMinor',
) => items.reduce((sum, item) => sum + item[column], 0n);

export function settlementOf(items: readonly ItemRow[]): Settlement {
  const openMinor = total(items, 'openMinor');
  return {
    paidMinor: total(items, 'cashMinor'),
    creditedMinor: total(items, 'creditMinor'),
    discountedMinor: total(items, 'discountMinor'),
    writtenOffMinor: total(items, 'writeOffMinor'),
    openMinor,
    settledOn:
      openMinor === 0n
        ? items.reduce<string | null>((last, i) => (i.settledOn && (!last || i.settledOn > last) ? i.settledOn : last), null)
        : null,
  };
}

/**
 * One word for lifecycle and amounts. Cash comes before credit, credit before write-off; a discount goes with what it was granted
 * with: beside cash it is paid, beside a credit note alone it is credited.
 */
export function invoiceStatus(lifecycle: 'DRAFT' | 'ISSUED' | 'CANCELLED' | 'VOIDED', s: Settlement): InvoiceStatus {
  if (lifecycle !== 'ISSUED') return lifecycle;
  if (s.openMinor > 0n) return s.paidMinor > 0n ? 'PARTIALLY_PAID' : 'OPEN';
  if (s.paidMinor > 0n || (s.creditedMinor === 0n && s.writtenOffMinor === 0n)) {
    return s.writtenOffMinor > s.paidMinor ? 'WRITTEN_OFF' : 'PAID';
  }
  return s.creditedMinor >= s.writtenOffMinor ? 'CREDITED' : 'WRITTEN_OFF';
}

const EVENT_OF: Readonly<Record<InvoiceStatus, string>> = {
  DRAFT: 'invoice.settlement_changed',
  OPEN: 'invoice.reopened',
  PARTIALLY_PAID: 'invoice.partially_paid',
  PAID: 'invoice.paid',
  CREDITED: 'invoice.credited',
  WRITTEN_OFF: 'invoice.written_off',
  CANCELLED: 'invoice.settlement_changed',
  VOIDED: 'invoice.settlement_changed',
};

export interface SettledInvoice extends Settlement {
  readonly id: string;
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly lifecycle: 'DRAFT' | 'ISSUED' | 'CANCELLED' | 'VOIDED';
  readonly status: InvoiceStatus;
  readonly number: unknown;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly version: number;
}

/** What an ERP's own net is more than the total less tax, as text; null: nothing, so it isn't told. */
const differenceOf = (minor: bigint | undefined, currency: string) =>
  minor === undefined || minor === 0n ? {} : { difference: moneyText(money(minor, currency)) };

/** The payload that every invoice event carries: the step, and the amounts after it. */
function invoicePayload(invoice: SettledInvoice, from: InvoiceStatus | null) {
  const text = (minor: bigint) => moneyText(money(minor, invoice.currency));
  return {
    from,
    to: invoice.status,
    number: invoice.number ?? null,
    currency: invoice.currency,
    total: text(invoice.totalMinor),
    open: text(invoice.openMinor),
    paid: text(invoice.paidMinor),
    credited: text(invoice.creditedMinor),
    discounted: text(invoice.discountedMinor),
    writtenOff: text(invoice.writtenOffMinor),
  };
}

export const invoiceEvent = (
  type: string,
  invoice: SettledInvoice,
  more: { from: InvoiceStatus | null; effectiveOn?: string | null; differenceMinor?: bigint },
): EventDraft => ({
  type,
  recordKind: 'Invoice',
  recordId: invoice.id,
  recordVersion: invoice.version,
  legalEntityId: invoice.legalEntityId,
  accountId: invoice.accountId,
  customerId: null,
  effectiveOn: more.effectiveOn ?? null,
  payload: { ...invoicePayload(invoice, more.from), ...differenceOf(more.differenceMinor, invoice.currency) },
});

export interface DocumentChange {
  readonly rows: readonly RowChange[];
  readonly events: readonly EventDraft[];
}

const NOTHING: DocumentChange = { rows: [], events: [] };

/** Brings an invoice up to what its items say now. */
export function settleInvoice(invoice: SettledInvoice, items: readonly ItemRow[], effectiveOn: string): DocumentChange {
  const { settledOn, ...amounts } = settlementOf(items);
  const after: SettledInvoice = { ...invoice, ...amounts, settledOn, version: invoice.version + 1 };
  const status = invoiceStatus(invoice.lifecycle, after);
  const isSame = Object.entries(amounts).every(([name, value]) => invoice[name as keyof typeof amounts] === value);
  if (isSame && status === invoice.status && settledOn === invoice.settledOn) return NOTHING;
  const type = status === invoice.status ? 'invoice.settlement_changed' : EVENT_OF[status];
  return {
    rows: [
      {
        op: 'update',
        entity: 'Invoice',
        id: invoice.id,
        version: invoice.version,
        set: { ...amounts, settledOn, status },
        owner: { tenantId: invoice.tenantId, legalEntityId: invoice.legalEntityId, accountId: invoice.accountId },
      },
    ],
    events: [invoiceEvent(type, { ...after, status }, { from: invoice.status, effectiveOn })],
  };
}

export interface SettledCreditNote {
  readonly id: string;
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly status: CreditNoteStatus;
  readonly number: unknown;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly openMinor: bigint;
  readonly version: number;
}

export const creditNoteStatus = (openMinor: bigint, totalMinor: bigint): CreditNoteStatus =>
  openMinor === 0n ? 'APPLIED' : openMinor === totalMinor ? 'OPEN' : 'PARTIALLY_APPLIED';

export const creditNoteEvent = (
  type: string,
  note: SettledCreditNote,
  more: { from: CreditNoteStatus | null; effectiveOn: string; differenceMinor?: bigint },
): EventDraft => ({
  type,
  recordKind: 'CreditNote',
  recordId: note.id,
  recordVersion: note.version,
  legalEntityId: note.legalEntityId,
  accountId: note.accountId,
  customerId: null,
  effectiveOn: more.effectiveOn,
  payload: {
    from: more.from,
    to: note.status,
    number: note.number,
    currency: note.currency,
    total: moneyText(money(note.totalMinor, note.currency)),
    open: moneyText(money(note.openMinor, note.currency)),
    ...differenceOf(more.differenceMinor, note.currency),
  },
});

/** Brings a credit note up to what its item says now. */
export function settleCreditNote(note: SettledCreditNote, items: readonly ItemRow[], effectiveOn: string): DocumentChange {
  const openMinor = -total(items, 'openMinor');
  const status = creditNoteStatus(openMinor, note.totalMinor);
  if (openMinor === note.openMinor && status === note.status) return NOTHING;
  const owner = { tenantId: note.tenantId, legalEntityId: note.legalEntityId, accountId: note.accountId };
  return {
    rows: [{ op: 'update', entity: 'CreditNote', id: note.id, version: note.version, set: { openMinor, status }, owner }],
    events: [
      creditNoteEvent(
        'credit_note.settlement_changed',
        { ...note, openMinor, status, version: note.version + 1 },
        { from: note.status, effectiveOn },
      ),
    ],
  };
}
