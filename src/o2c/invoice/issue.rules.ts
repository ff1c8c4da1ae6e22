/** Issuing: the number drawn last, the parts it is paid in, the rates of its day, the books, and the hash that holds it for ever. Pure. */
import { decimal, decimalText, roundDecimal } from '../../kernel/decimal.ts';
import { drawn, hashWhenDrawn } from '../../kernel/drawn-number.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { CommandContext } from '../../write/command.ts';
import { type Instalment, instalmentsOf, rateOf, type Terms } from '../catalogue/index.ts';
import { requireOpen } from '../ledger/index.ts';
import { type LegalEntityRow, seriesKey, todayIn } from '../party/index.ts';
import { bookInvoice, dueOf } from './booking.rules.ts';
import type { InvoiceRow } from './invoice.facts.ts';
import type { TaxGroup } from './invoice.rules.ts';
import type { Issuing } from './issue.facts.ts';

const AT_ONCE: Terms = { netDays: 0, isEndOfMonth: false, discountDays: null, discountPercent: null, instalments: [] };

interface DayAsked {
  readonly legalEntityId: string;
  readonly issuedOn: string | undefined;
  /** The field that names the record, for what is wrong with it. */
  readonly path: string;
}

/** The legal entity, its series, and the day. @throws EFFECTIVE_DATE_INVALID, PERIOD_CLOSED */
function issueDay(
  facts: Pick<Issuing, 'entities' | 'series'>,
  { now }: Pick<CommandContext, 'now'>,
  { legalEntityId, issuedOn: asked, path }: DayAsked,
): { entity: LegalEntityRow; seriesId: string; issuedOn: string } {
  const entity = facts.entities.get(legalEntityId);
  const seriesId = facts.series.get(seriesKey(legalEntityId, 'INVOICE'));
  if (!entity || !seriesId) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: [path] });
  const today = todayIn(facts, entity.id, now);
  const issuedOn = asked ?? today;
  if (issuedOn > today)
    throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; an invoice can't be issued on a later day.`, {
      path: ['issuedOn'],
    });
  requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, issuedOn, 'issuedOn');
  return { entity, seriesId, issuedOn };
}

interface Parting {
  readonly issuedOn: string;
  readonly totalMinor: bigint;
  /** By hand: all of it on one day, whatever instalments the terms have. */
  readonly dueOn: string | undefined;
}

/** What an invoice is paid in. @throws EFFECTIVE_DATE_INVALID */
function partsOf({ issuedOn, totalMinor, dueOn }: Parting, terms: Terms): readonly Instalment[] {
  if (dueOn === undefined) return instalmentsOf(issuedOn, totalMinor, terms);
  if (dueOn < issuedOn)
    throw new DomainError('EFFECTIVE_DATE_INVALID', `dueOn must not be before issuedOn, ${issuedOn}.`, { path: ['dueOn'] });
  return instalmentsOf(issuedOn, totalMinor, { ...terms, instalments: [] }).map((whole) => ({
    ...whole,
    dueOn,
    discountUntil: whole.discountUntil !== null && whole.discountUntil > dueOn ? dueOn : whole.discountUntil,
  }));
}

export interface ToIssue {
  readonly invoice: Pick<
    InvoiceRow,
    | 'id'
    | 'tenantId'
    | 'legalEntityId'
    | 'accountId'
    | 'orderId'
    | 'currency'
    | 'baseCurrency'
    | 'netMinor'
    | 'taxMinor'
    | 'totalMinor'
    | 'customerReference'
    | 'paymentTermsId'
  >;
  readonly lines: readonly SnapshotLine[];
  readonly taxes: readonly TaxGroup[];
  readonly issuedOn: string | undefined;
  readonly dueOn?: string | undefined;
  /** The field that names the record. */
  readonly path: string;
}

/** The days of an invoice that is issued. @throws EFFECTIVE_DATE_INVALID, PERIOD_CLOSED */
export function daysOf(
  context: CommandContext,
  facts: Issuing,
  toIssue: Pick<ToIssue, 'invoice' | 'issuedOn' | 'dueOn' | 'path'>,
) {
  const { invoice, dueOn: asked } = toIssue;
  const { entity, seriesId, issuedOn } = issueDay(facts, context, { ...toIssue, legalEntityId: invoice.legalEntityId });
  const terms = facts.terms.get(invoice.paymentTermsId ?? '') ?? AT_ONCE;
  const parts = partsOf({ issuedOn, totalMinor: invoice.totalMinor, dueOn: asked }, terms);
  return { entity, seriesId, issuedOn, parts };
}

/** What issuing sets on an invoice, and the book of what it makes. @throws EFFECTIVE_DATE_INVALID, PERIOD_CLOSED, RATE_MISSING */
export function issue(context: CommandContext, facts: Issuing, toIssue: ToIssue) {
  const { invoice, lines, taxes } = toIssue;
  const { entity, seriesId, issuedOn, parts } = daysOf(context, facts, toIssue);
  const slot = { slot: invoice.id, on: issuedOn };
  const number = drawn(seriesId, slot, 'TEXT');
  const { book, settled, set } = bookInvoice(context, {
    ...invoice,
    number,
    issuedOn,
    parts,
    rate: rateOf(facts.rates, invoice.currency, invoice.baseCurrency, issuedOn),
    groupRate: rateOf(facts.rates, invoice.currency, context.tenant.groupCurrency, issuedOn),
    taxes,
    event: 'invoice.issued',
    functionalCurrency: entity.functionalCurrency,
  });
  const buyer = facts.buyers.get(invoice.accountId);
  const parties = {
    sellerName: entity.name,
    buyerName: buyer?.name ?? null,
    buyerTaxId: buyer?.taxId ?? null,
    buyerCountry: buyer?.country ?? null,
  };
  const legal = { ...legalOf(invoice), ...parties, ...dueOf(parts), number, issuedOn, lines: lines.map(snapshotOfLine) };
  return {
    book,
    settled,
    number,
    issuedOn,
    set: {
      ...set,
      ...parties,
      number,
      seriesNumber: drawn(seriesId, slot, 'NUMBER'),
      snapshotHash: hashWhenDrawn(legal),
    },
  };
}

/** The legal fields of an issued invoice are hashed: they never change after. The invariant `snapshot-holds` makes the same hash. */
const legalOf = ({
  id,
  legalEntityId,
  accountId,
  orderId,
  currency,
  netMinor,
  taxMinor,
  totalMinor,
  customerReference,
}: ToIssue['invoice']) => ({
  id,
  legalEntityId,
  accountId,
  orderId,
  currency,
  netMinor,
  taxMinor,
  totalMinor,
  customerReference,
});

export interface SnapshotLine {
  readonly lineNumber: number;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string | null;
  readonly unitPrice: string;
  readonly discountPercent: string;
  readonly netMinor: bigint;
  readonly taxCategory: string;
  readonly taxRate: string;
  readonly taxReason: string | null;
}

/** As the database writes numbers: with all decimals of the column. */
const written = (text: string, scale: number) => decimalText(roundDecimal(decimal(text), scale, 'HALF_UP'));

const snapshotOfLine = (line: SnapshotLine) => [
  line.lineNumber,
  line.description,
  written(line.quantity, 6),
  line.unit,
  written(line.unitPrice, 6),
  written(line.discountPercent, 4),
  line.netMinor,
  line.taxCategory,
  written(line.taxRate, 4),
  line.taxReason,
];
