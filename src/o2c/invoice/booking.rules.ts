/** The open item and the entry that an invoice makes. Pure. */
import { decimal } from '../../kernel/decimal.ts';
import { convert, money } from '../../kernel/money.ts';
import type { CommandContext } from '../../write/command.ts';
import { entryOf, type Leg, post } from '../ledger/index.ts';
import { ItemBook, newItem } from '../open-item/index.ts';
import { invoicePostings } from './invoice.postings.ts';
import { rateText, type TaxGroup } from './invoice.rules.ts';
import { invoiceStatus, settlementOf } from './settlement.rules.ts';

export interface BookedInvoice {
  readonly id: string;
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly netMinor: bigint;
  readonly totalMinor: bigint;
  readonly baseCurrency: string;
  readonly number: unknown;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly rate: string;
  readonly groupRate: string;
  readonly taxes: readonly TaxGroup[];
  readonly event: 'invoice.issued' | 'invoice.imported';
  readonly functionalCurrency: string;
}

export interface TaxedAmounts {
  readonly netMinor: bigint;
  readonly taxes: readonly TaxGroup[];
  readonly totalMinor: bigint;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly rate: string;
}

export interface Sides {
  readonly accountId: string;
  readonly itemId: string;
  /** The side on which the item stands: debit for an invoice, credit for a credit note. */
  readonly itemSide: 'debit' | 'credit';
}

/** The named amounts of a document with tax. Base amounts: the total is converted once, each tax once, the net takes the rest. */
export function taxedLegs(
  amounts: TaxedAmounts,
  { accountId, itemId, itemSide }: Sides,
): { legs: readonly Leg[]; baseTotalMinor: bigint } {
  const { currency, baseCurrency, rate } = amounts;
  const toBase = (minor: bigint) => convert(money(minor, currency), decimal(rate), baseCurrency).minor;
  const sides = (detail?: string) => {
    const item = { accountId, itemId };
    const other = { accountId, ...(detail === undefined ? {} : { detail }) };
    return itemSide === 'debit' ? { debit: item, credit: other } : { debit: other, credit: item };
  };
  const taxes = amounts.taxes.map(({ taxCategory, taxRate, taxMinor }) => ({
    amount: 'tax',
    minor: taxMinor,
    baseMinor: toBase(taxMinor),
    currency,
    ...sides(`${taxCategory} ${rateText(decimal(taxRate))}`),
  }));
  const baseTotalMinor = toBase(amounts.totalMinor);
  const baseNetMinor = baseTotalMinor - taxes.reduce((sum, tax) => sum + tax.baseMinor, 0n);
  const net = { amount: 'net', minor: amounts.netMinor, baseMinor: baseNetMinor, currency, ...sides() };
  return { legs: [net, ...taxes], baseTotalMinor };
}

/** The open item and the entry that an invoice makes, and what it then says of itself. */
export function bookInvoice(context: CommandContext, invoice: BookedInvoice) {
  const { id, tenantId, legalEntityId, accountId, currency, baseCurrency, totalMinor, issuedOn, dueOn, rate, groupRate } =
    invoice;
  const itemId = context.newId();
  const book = new ItemBook({ tenantId, actorId: context.principal.actorId, now: context.now, newId: context.newId });
  const { legs, baseTotalMinor } = taxedLegs(invoice, { accountId, itemId, itemSide: 'debit' });
  const record = { tenantId, legalEntityId, baseCurrency, recordKind: 'Invoice', recordId: id };
  book.post(
    post(invoicePostings, entryOf(context, { ...record, on: invoice.event, effectiveOn: issuedOn }), legs, context.newId),
  );
  book.add(
    newItem({
      id: itemId,
      tenantId,
      legalEntityId,
      accountId,
      kind: 'INVOICE',
      documentKind: 'Invoice',
      documentId: id,
      documentNumber: invoice.number as string,
      dueOn,
      effectiveOn: issuedOn,
      recordedAt: context.now,
      currency,
      originalMinor: totalMinor,
      baseCurrency,
      baseOriginalMinor: baseTotalMinor,
    }),
  );
  const settlement = settlementOf(book.of(id));
  const settled = { ...settlement, status: invoiceStatus('ISSUED', settlement) };
  const set = { ...settled, issuedOn, dueOn, rate, groupRate, baseTotalMinor, baseCurrency: invoice.functionalCurrency };
  return { book, itemId, settled, set };
}
