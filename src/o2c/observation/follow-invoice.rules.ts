/** An invoice as an ERP shows it: its figures, lines and dates as they are there, what it bills of orders, and the cash sale that it may be. Pure. */
import { decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { invoiceEvent, invoiceStatus, type TaxGroup } from '../invoice/index.ts';
import { linksOf, type Link, matchLines, rebill, soleOrder } from './billing.rules.ts';
import { invoiceDetails, sameLines, sameTaxes, unlinked } from './details.rules.ts';
import { type Figures, figuresOf, ratesOf, requireDay } from './figures.rules.ts';
import { followShown } from './follow-payment.rules.ts';
import { makeUp, restore } from './making-up.rules.ts';
import type { InvoiceLineRow, InvoiceRow } from './observation.facts.ts';
import type { ObservedInvoice } from './observed-input.commands.ts';
import type { Parties } from './observed-set.rules.ts';
import { type Booking, bookedAs, rebook, revive, takeOut, toBase } from './rebook.rules.ts';
import { asIssuedHere, differsIn } from './same.rules.ts';
import { type Turn, voidDayOf } from './turn.rules.ts';
import { unlinkNotes } from './follow-credit-note.rules.ts';

/** Gives the id of the invoice. @throws NOT_FOUND, WRONG_STATE, AMOUNT_INVALID, RATE_MISSING */
export function followInvoice(turn: Turn, input: ObservedInvoice): string {
  const before = turn.document('Invoice', input.recordId ?? '') ?? null;
  const isVoided = input.isDeleted || input.state === 'VOIDED';
  if (before?.seriesNumber) return asIssuedHere({ before, input, isVoided, sentence: ISSUED });
  if (!isVoided) return stand(turn, { before, input, isVoided });
  if (before?.lifecycle === 'ISSUED') return voidIt(turn, before, input);
  const day = voidDayOf(input, before?.issuedOn ?? input.issuedOn);
  if (before?.lifecycle === 'VOIDED' && before.voidedOn === day) return before.id;
  if (day === null && before?.lifecycle !== 'VOIDED') return stand(turn, { before, input, isVoided });
  // it counted until another day than was known
  const id = stand(turn, { before, input, isVoided: false });
  const standing = turn.document('Invoice', id);
  return standing ? voidIt(turn, standing, input) : id;
}

interface Standing {
  readonly before: InvoiceRow | null;
  readonly input: ObservedInvoice;
  readonly isVoided: boolean;
}

/** As it is there; one that was taken back there bills no order. */
function stand(turn: Turn, { before, input, isVoided }: Standing): string {
  const parties = turn.set.parties(input.accountId, input.legalEntityId);
  requireDay(input.issuedOn, 'issuedOn');
  requireDay(input.dueOn, 'dueOn');
  if (input.voidedOn !== undefined) requireDay(input.voidedOn, 'voidedOn');
  const figures = figuresOf(input);
  const links = input.state === 'VOIDED' || input.isDeleted ? [] : linksFor(turn, { before, input, figures, parties });
  const after = invoiceAs(turn, { before, input, figures, parties, isVoided, orderId: soleOrder(turn, links) });
  return write(turn, { before, after, figures, links, input });
}

const ISSUED = 'an issued invoice never changes: take the change back in the ERP, or credit the invoice.';

interface Following {
  readonly before: InvoiceRow | null;
  readonly input: ObservedInvoice;
  readonly figures: Figures;
  readonly parties: Parties;
}

function linksFor(turn: Turn, { before, input, figures, parties }: Following): readonly Link[] {
  const { account, entity } = parties;
  const invoice = { accountId: account.id, currency: input.currency, legalEntityId: entity.id };
  const had = before ? linksOf(turn.set.invoiceLines(before.id)) : [];
  return matchLines(turn, { invoice, shown: input.lines, figures: figures.lines, orderIds: input.orderIds ?? [], before: had });
}

interface Target extends Following {
  readonly isVoided: boolean;
  readonly orderId: string | null;
}

function invoiceAs(turn: Turn, { before, input, figures, parties, isVoided, orderId }: Target): InvoiceRow {
  const { context, set } = turn;
  const id = before?.id ?? input.recordId ?? context.newId();
  const { currency, netMinor, taxMinor, totalMinor } = figures;
  const baseCurrency = parties.entity.functionalCurrency;
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
  const settled = settledBefore(before?.lifecycle === 'ISSUED' ? before : null, isVoided ? 0n : totalMinor);
  const lifecycle = isVoided ? 'VOIDED' : 'ISSUED';
  return {
    id,
    tenantId: context.tenant.id,
    legalEntityId: parties.entity.id,
    accountId: parties.account.id,
    origin: 'OBSERVED',
    lifecycle,
    status: before?.lifecycle === 'ISSUED' ? before.status : invoiceStatus(lifecycle, settled),
    number: input.number ?? before?.number ?? `ERP-${id.slice(-12)}`,
    seriesNumber: null,
    customerReference: input.customerReference,
    sellerName: before?.sellerName ?? null,
    buyerName: before?.buyerName ?? null,
    buyerTaxId: before?.buyerTaxId ?? null,
    buyerCountry: before?.buyerCountry ?? null,
    currency,
    netMinor,
    taxMinor,
    totalMinor,
    ...settled,
    baseCurrency,
    baseTotalMinor: toBase({ currency, baseCurrency, rate: rates.rate }, totalMinor),
    ...rates,
    paymentTermsId: input.paymentTermsId ?? null,
    orderId,
    discountUntil: null,
    discountOfferedMinor: 0n,
    issuedOn: input.issuedOn,
    dueOn: input.dueOn,
    snapshotHash: null,
    voidedOn: null,
    version: before?.version ?? 1,
    createdAt: before?.createdAt ?? context.now,
  };
}

/** What it had settled, until its items say what of that still fits. */
function settledBefore(before: InvoiceRow | null, totalMinor: bigint) {
  const { paidMinor = 0n, creditedMinor = 0n, discountedMinor = 0n, writtenOffMinor = 0n } = before ?? {};
  const open = totalMinor - paidMinor - creditedMinor - discountedMinor - writtenOffMinor;
  const settledOn = before?.settledOn ?? null;
  return { paidMinor, creditedMinor, discountedMinor, writtenOffMinor, openMinor: open > 0n ? open : 0n, settledOn };
}

const NOTHING_SETTLED = {
  paidMinor: 0n,
  creditedMinor: 0n,
  discountedMinor: 0n,
  writtenOffMinor: 0n,
  openMinor: 0n,
  settledOn: null,
} as const;

/** Taken back: it keeps its figures, and nothing of it is in the books any more from the day on which it was. */
function voidIt(turn: Turn, before: InvoiceRow, input: ObservedInvoice): string {
  const voidedOn = voidDayOf(input, before.issuedOn);
  const taken = { origin: 'OBSERVED', lifecycle: 'VOIDED', status: 'VOIDED', voidedOn } as const;
  const after: InvoiceRow = { ...before, ...NOTHING_SETTLED, ...taken };
  turn.put('Invoice', { before, after }, (row) =>
    invoiceEvent('invoice.voided', row, { from: before.status, effectiveOn: voidedOn ?? before.issuedOn }),
  );
  const lines = turn.set.invoiceLines(before.id);
  rebill(turn, linksOf(lines), []);
  if (lines.some((line) => line.orderLineId !== null)) turn.write(unlinked(lines));
  if (turn.saleOf(before.id)) cashSale(turn, after, input);
  restore(turn, takeOut(turn, bookingOf(before, turn.taxesOf(before.id)), voidedOn));
  makeUp(turn);
  return before.id;
}

interface Writing {
  readonly before: InvoiceRow | null;
  readonly after: InvoiceRow;
  readonly figures: Figures;
  readonly links: readonly Link[];
  readonly input: ObservedInvoice;
}

function write(turn: Turn, { before, after, figures, links, input }: Writing): string {
  const { set } = turn;
  const lines = before ? set.invoiceLines(before.id) : [];
  const taxes = before ? set.taxesOf(before.id) : [];
  const isMoved = before !== null && (before.accountId !== after.accountId || before.currency !== after.currency);
  const isSame = before !== null && !isMoved && sameLines(lines, figures.lines, links) && sameTaxes(taxes, figures.taxes);
  const row = isSame && !differs(before, after) ? before : put(turn, before, { after, figures });
  if (!isSame) {
    requireNotCredited(row, lines);
    turn.write(invoiceDetails(turn.context, row, { before: { lines, taxes }, figures, links }));
    turn.retax(row.id, figures.taxes);
  }
  if (isMoved) unlinkNotes(turn, row.id);
  rebill(turn, before?.lifecycle === 'ISSUED' ? linksOf(lines) : [], links);
  const counted = before && before.voidedOn !== null ? bookingOf(before, taxes) : null;
  if (counted) revive(turn, counted);
  const wasBooked = before?.lifecycle === 'ISSUED' ? bookingOf(before, taxes) : counted;
  const isBooked = row.lifecycle === 'ISSUED' ? bookingOf(row, figures.taxes) : null;
  restore(turn, rebook(turn, wasBooked, isBooked));
  cashSale(turn, row, input);
  makeUp(turn);
  turn.settle(row.id, input.issuedOn);
  return row.id;
}

/** @throws WRONG_STATE */
function requireNotCredited({ number }: InvoiceRow, lines: readonly InvoiceLineRow[]): void {
  if (lines.every((line) => line.creditedNetMinor === 0n && decimal(line.creditedQuantity).coefficient === 0n)) return;
  throw new DomainError(
    'WRONG_STATE',
    `Lines of ${number ?? ''} were credited here, so they can't change any more: take the change back in the ERP.`,
    {
      path: ['lines'],
    },
  );
}

function put(turn: Turn, before: InvoiceRow | null, { after, figures }: { after: InvoiceRow; figures: Figures }): InvoiceRow {
  const { differenceMinor } = figures;
  return turn.put('Invoice', { before, after }, (row) =>
    invoiceEvent(eventOf(before, row), row, { from: before?.status ?? null, effectiveOn: row.issuedOn, differenceMinor }),
  );
}

function eventOf(before: InvoiceRow | null, after: InvoiceRow): string {
  if (after.lifecycle === 'VOIDED') return 'invoice.voided';
  if (!before) return 'invoice.observed';
  if (before.lifecycle === 'DRAFT') return 'invoice.issued';
  return before.lifecycle === 'ISSUED' ? 'invoice.edited' : 'invoice.reinstated';
}

const SAID = [
  'accountId',
  'lifecycle',
  'number',
  'customerReference',
  'currency',
  'netMinor',
  'taxMinor',
  'totalMinor',
  'baseTotalMinor',
  'paymentTermsId',
  'orderId',
  'issuedOn',
  'dueOn',
] as const satisfies readonly (keyof InvoiceRow)[];

const differs = differsIn<InvoiceRow>(SAID);

const bookingOf = (row: InvoiceRow, taxes: readonly TaxGroup[]): Booking => ({
  kind: 'Invoice',
  ...bookedAs(row),
  number: row.number ?? '',
  netMinor: row.netMinor,
  taxes,
  totalMinor: row.totalMinor,
  effectiveOn: row.issuedOn ?? '',
  dueOn: row.dueOn ?? '',
});

/** Paid as it was made: a payment of its own, which lives and ends with it. */
function cashSale(turn: Turn, invoice: InvoiceRow, { paidBy }: ObservedInvoice): void {
  const sale = turn.saleOf(invoice.id) ?? null;
  const isWanted = invoice.lifecycle === 'ISSUED' && paidBy !== undefined && invoice.totalMinor > 0n;
  if (!sale && !isWanted) return;
  const { id, accountId, legalEntityId, number, currency, totalMinor, rate, issuedOn } = invoice;
  followShown(turn, {
    before: sale,
    parties: turn.set.parties(accountId, legalEntityId),
    shown: {
      recordId: null,
      number,
      receivedOn: issuedOn ?? '',
      currency,
      rate: rate ?? undefined,
      method: paidBy ?? sale?.method ?? 'OTHER',
      reference: null,
      amountMinor: totalMinor,
      isVoided: !isWanted,
      voidedOn: invoice.voidedOn ?? undefined,
      invoiceId: id,
      applications: [{ kind: 'Invoice', recordId: id, amountMinor: totalMinor, discountMinor: 0n, appliedOn: null }],
    },
  });
}
