/** A credit note as an ERP shows it: like an invoice, but owed by us; one that was paid out when it was made is closed by that. Pure. */
import { creditNoteEvent, creditNoteStatus, type TaxGroup } from '../invoice/index.ts';
import { noteDetails, sameNoteLines, sameTaxes } from './details.rules.ts';
import { type Figures, figuresOf, ratesOf, requireDay } from './figures.rules.ts';
import { makeUp, restore } from './making-up.rules.ts';
import type { CreditNoteRow } from './observation.facts.ts';
import type { ObservedCreditNote } from './observed-input.commands.ts';
import { type Booking, bookedAs, rebook, revive, takeOut, toBase } from './rebook.rules.ts';
import { asIssuedHere, differsIn } from './same.rules.ts';
import { later, type Turn, voidDayOf } from './turn.rules.ts';

const NO_REASON = 'Given in the ERP.';

/** Gives the id of the note. @throws NOT_FOUND, WRONG_STATE, AMOUNT_INVALID, RATE_MISSING */
export function followCreditNote(turn: Turn, input: ObservedCreditNote): string {
  const before = turn.document('CreditNote', input.recordId ?? '') ?? null;
  const isVoided = input.isDeleted || input.state === 'VOIDED';
  if (before?.seriesNumber) return asIssuedHere({ before, input, isVoided, sentence: ISSUED });
  if (!isVoided) return stand(turn, { before, input, isVoided });
  if (before?.lifecycle === 'ISSUED') return voidIt(turn, before, input);
  const day = voidDayOf(input, before?.issuedOn ?? input.issuedOn);
  if (before && before.voidedOn === day) return before.id;
  if (day === null && !before) return stand(turn, { before, input, isVoided });
  // it counted until another day than was known
  const id = stand(turn, { before, input, isVoided: false });
  const standing = turn.document('CreditNote', id);
  return standing ? voidIt(turn, standing, input) : id;
}

function stand(turn: Turn, { before, input, isVoided }: Omit<Following, 'figures'>): string {
  requireDay(input.issuedOn, 'issuedOn');
  if (input.voidedOn !== undefined) requireDay(input.voidedOn, 'voidedOn');
  const figures = figuresOf(input);
  const after = noteAs(turn, { before, input, figures, isVoided });
  return write(turn, { before, after, figures, input });
}

const ISSUED = 'an issued credit note never changes: take the change back in the ERP.';

interface Following {
  readonly before: CreditNoteRow | null;
  readonly input: ObservedCreditNote;
  readonly figures: Figures;
  readonly isVoided: boolean;
}

function noteAs(turn: Turn, { before, input, figures, isVoided }: Following): CreditNoteRow {
  const { context, set } = turn;
  const { account, entity } = set.parties(input.accountId, input.legalEntityId);
  const id = before?.id ?? input.recordId ?? context.newId();
  const { currency, netMinor, taxMinor, totalMinor } = figures;
  const baseCurrency = entity.functionalCurrency;
  const isOfThen = before?.currency === currency && before.issuedOn === input.issuedOn;
  const rates = ratesOf({
    rates: set.rates,
    currency,
    baseCurrency,
    groupCurrency: context.tenant.groupCurrency,
    on: input.issuedOn,
    given: input.rate,
    kept: before && isOfThen ? before : null,
  });
  const wasIssued = before?.lifecycle === 'ISSUED';
  const openMinor = isVoided ? 0n : wasIssued && before.openMinor < totalMinor ? before.openMinor : totalMinor;
  const invoice = input.invoiceId ? turn.document('Invoice', input.invoiceId) : undefined;
  const isOfInvoice = invoice?.accountId === account.id && invoice.currency === currency;
  return {
    id,
    tenantId: context.tenant.id,
    legalEntityId: entity.id,
    accountId: account.id,
    origin: 'OBSERVED',
    invoiceId: invoice && isOfInvoice ? invoice.id : null,
    orderId: null,
    lifecycle: isVoided ? 'VOIDED' : 'ISSUED',
    status: isVoided ? 'VOIDED' : wasIssued ? before.status : creditNoteStatus(openMinor, totalMinor),
    number: input.number ?? before?.number ?? `ERP-${id.slice(-12)}`,
    seriesNumber: null,
    reason: input.memo ?? NO_REASON,
    currency,
    netMinor,
    taxMinor,
    totalMinor,
    openMinor,
    baseCurrency,
    baseTotalMinor: toBase({ currency, baseCurrency, rate: rates.rate }, totalMinor),
    ...rates,
    issuedOn: input.issuedOn,
    voidedOn: null,
    version: before?.version ?? 1,
    createdAt: before?.createdAt ?? context.now,
  };
}

function voidIt(turn: Turn, before: CreditNoteRow, input: ObservedCreditNote): string {
  const voidedOn = voidDayOf(input, before.issuedOn);
  const taken = { origin: 'OBSERVED', lifecycle: 'VOIDED', status: 'VOIDED', openMinor: 0n, voidedOn } as const;
  turn.put('CreditNote', { before, after: { ...before, ...taken } }, (row) =>
    creditNoteEvent('credit_note.voided', row, { from: before.status, effectiveOn: voidedOn ?? before.issuedOn }),
  );
  restore(turn, takeOut(turn, bookingOf(before, turn.taxesOf(before.id)), voidedOn));
  makeUp(turn);
  return before.id;
}

interface Writing {
  readonly before: CreditNoteRow | null;
  readonly after: CreditNoteRow;
  readonly figures: Figures;
  readonly input: ObservedCreditNote;
}

function write(turn: Turn, { before, after, figures, input }: Writing): string {
  const { set } = turn;
  const lines = before ? set.noteLines(before.id) : [];
  const taxes = before ? set.taxesOf(before.id) : [];
  const isMoved = before !== null && (before.accountId !== after.accountId || before.currency !== after.currency);
  const isSame = before !== null && !isMoved && sameNoteLines(lines, figures.lines) && sameTaxes(taxes, figures.taxes);
  const { differenceMinor } = figures;
  const row =
    isSame && !differs(before, after)
      ? before
      : turn.put('CreditNote', { before, after }, (r) =>
          creditNoteEvent(eventOf(before, r), r, { from: before?.status ?? null, effectiveOn: r.issuedOn, differenceMinor }),
        );
  if (!isSame) {
    turn.write(noteDetails(turn.context, row, { before: { lines, taxes }, figures }));
    turn.retax(row.id, figures.taxes);
  }
  const counted = before && before.voidedOn !== null ? bookingOf(before, taxes) : null;
  if (counted) revive(turn, counted);
  const wasBooked = before?.lifecycle === 'ISSUED' ? bookingOf(before, taxes) : counted;
  const isBooked = row.lifecycle === 'ISSUED' ? bookingOf(row, figures.taxes) : null;
  restore(turn, rebook(turn, wasBooked, isBooked));
  if (isBooked) payOut(turn, row, input.refundedBy ?? null);
  makeUp(turn);
  turn.settle(row.id, row.issuedOn);
  return row.id;
}

function eventOf(before: CreditNoteRow | null, after: CreditNoteRow): string {
  if (after.lifecycle === 'VOIDED') return 'credit_note.voided';
  if (!before) return 'credit_note.observed';
  return before.lifecycle === 'ISSUED' ? 'credit_note.edited' : 'credit_note.reinstated';
}

/** What the ERP paid out when it made the note. */
function payOut(turn: Turn, note: CreditNoteRow, refundedBy: string | null): void {
  for (const item of turn.items(note.id)) {
    const refund = turn.live(item.id).find((a) => a.kind === 'REFUND');
    if (refund && refundedBy === null) turn.takeBack(refund);
    const minor = -turn.book.item(item.id).openMinor;
    if (refundedBy === null || minor <= 0n) continue;
    const effectiveOn = later(note.issuedOn, turn.book.openFrom(item.id, minor));
    turn.allocate({ kind: 'REFUND', fromId: item.id, minor, effectiveOn, evidence: `The ERP paid it out: ${refundedBy}.` });
  }
}

/** An invoice that is somebody else's now, or in another currency, is not what its notes credit. */
export function unlinkNotes(turn: Turn, invoiceId: string): void {
  for (const before of turn.set.notesOn(invoiceId)) {
    if (before.origin !== 'OBSERVED') continue;
    turn.put('CreditNote', { before, after: { ...before, invoiceId: null } }, (row) =>
      creditNoteEvent('credit_note.edited', row, { from: row.status, effectiveOn: row.issuedOn }),
    );
  }
}

const SAID = [
  'accountId',
  'lifecycle',
  'number',
  'invoiceId',
  'reason',
  'currency',
  'netMinor',
  'taxMinor',
  'totalMinor',
  'baseTotalMinor',
  'issuedOn',
] as const satisfies readonly (keyof CreditNoteRow)[];

const differs = differsIn<CreditNoteRow>(SAID);

const bookingOf = (row: CreditNoteRow, taxes: readonly TaxGroup[]): Booking => ({
  kind: 'CreditNote',
  ...bookedAs(row),
  number: row.number,
  netMinor: row.netMinor,
  taxes,
  totalMinor: row.totalMinor,
  effectiveOn: row.issuedOn,
  dueOn: row.issuedOn,
});
