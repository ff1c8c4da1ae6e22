/** The open items and the entry that an invoice makes. Pure. */
import type { CommandContext } from '../../write/command.ts';
import type { Instalment } from '../catalogue/index.ts';
import { entryOf, post } from '../ledger/index.ts';
import { ItemBook, newItem } from '../open-item/index.ts';
import { taxedLegs } from './document-legs.rules.ts';
import { invoicePostings } from './invoice.postings.ts';
import type { TaxGroup } from './invoice.rules.ts';
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
  /** What it is paid in, in order; together they are the total. */
  readonly parts: readonly Instalment[];
  readonly rate: string;
  readonly groupRate: string;
  readonly taxes: readonly TaxGroup[];
  readonly event: 'invoice.issued' | 'invoice.imported';
  readonly functionalCurrency: string;
}

/** All of a total on one day, without a discount. */
export const wholeOn = (dueOn: string, minor: bigint): readonly Instalment[] => [
  { instalment: 1, dueOn, minor, discountUntil: null, discountOfferedMinor: 0n },
];

/** The open items and the entry that an invoice makes, and what it then says of itself. */
export function bookInvoice(context: CommandContext, invoice: BookedInvoice) {
  const { id, tenantId, legalEntityId, accountId, currency, baseCurrency, issuedOn, parts, rate, groupRate } = invoice;
  const items = parts.map((part) => ({ ...part, id: context.newId() }));
  const book = new ItemBook({ tenantId, actorId: context.principal.actorId, now: context.now, newId: context.newId });
  const { legs, baseTotalMinor, baseOfItem } = taxedLegs(invoice, { accountId, items, itemSide: 'debit' });
  const record = { tenantId, legalEntityId, baseCurrency, recordKind: 'Invoice', recordId: id };
  book.post(
    post(invoicePostings, entryOf(context, { ...record, on: invoice.event, effectiveOn: issuedOn }), legs, context.newId),
  );
  items.forEach(({ minor, ...part }, i) =>
    book.add(
      newItem({
        ...part,
        tenantId,
        legalEntityId,
        accountId,
        kind: 'INVOICE',
        documentKind: 'Invoice',
        documentId: id,
        documentNumber: invoice.number as string,
        effectiveOn: issuedOn,
        recordedAt: context.now,
        currency,
        originalMinor: minor,
        baseCurrency,
        baseOriginalMinor: baseOfItem[i] ?? 0n,
        groupCurrency: context.tenant.groupCurrency,
        groupRate,
      }),
    ),
  );
  const settlement = settlementOf(book.of(id));
  const settled = { ...settlement, status: invoiceStatus('ISSUED', settlement) };
  const due = dueOf(parts);
  const set = { ...settled, ...due, issuedOn, rate, groupRate, baseTotalMinor, baseCurrency: invoice.functionalCurrency };
  return { book, settled, set };
}

/** What an invoice says of its parts: the last due day, the last day of the discount, and all of it. */
export const dueOf = (parts: readonly Instalment[]) => ({
  dueOn: parts.reduce((last, part) => (part.dueOn > last ? part.dueOn : last), ''),
  discountUntil: parts.reduce<string | null>((until, part) => part.discountUntil ?? until, null),
  discountOfferedMinor: parts.reduce((sum, part) => sum + part.discountOfferedMinor, 0n),
});
