/** The open item and the entry that an invoice makes. Pure. */
import { decimal } from '../../kernel/decimal.ts';
import { convert, money } from '../../kernel/money.ts';
import type { CommandContext } from '../../write/command.ts';
import { post } from '../ledger/index.ts';
import { ItemBook } from '../open-item/index.ts';
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

/** The open item and the entry that an invoice makes, and what it then says of itself. Base amounts: total converted once, taxes each, the net takes the rest. */
export function bookInvoice(context: CommandContext, invoice: BookedInvoice) {
  const { id, tenantId, legalEntityId, accountId, currency, baseCurrency, totalMinor, issuedOn } = invoice;
  const toBase = (minor: bigint) => convert(money(minor, currency), decimal(invoice.rate), baseCurrency).minor;
  const baseTotalMinor = toBase(totalMinor);
  const itemId = context.newId();
  const book = new ItemBook({ tenantId, actorId: context.principal.actorId, now: context.now, newId: context.newId });
  const taxes = invoice.taxes.map((t) => ({ ...t, baseMinor: toBase(t.taxMinor) }));
  const debit = { accountId, itemId };
  const entry = post(
    invoicePostings,
    {
      id: context.newId(),
      on: invoice.event,
      tenantId,
      legalEntityId,
      baseCurrency,
      recordKind: 'Invoice',
      recordId: id,
      effectiveOn: issuedOn,
      recordedAt: context.now,
      actorId: context.principal.actorId,
    },
    [
      {
        amount: 'net',
        minor: invoice.netMinor,
        baseMinor: baseTotalMinor - taxes.reduce((s, t) => s + t.baseMinor, 0n),
        currency,
        debit,
        credit: { accountId },
      },
      ...taxes.map((t) => ({
        amount: 'tax',
        minor: t.taxMinor,
        baseMinor: t.baseMinor,
        currency,
        debit,
        credit: { accountId, detail: `${t.taxCategory} ${rateText(decimal(t.taxRate))}` },
      })),
    ],
    context.newId,
  );
  book.post(entry);
  book.add({
    id: itemId,
    tenantId,
    legalEntityId,
    accountId,
    kind: 'INVOICE',
    documentKind: 'Invoice',
    documentId: id,
    documentNumber: invoice.number as string,
    instalment: 1,
    dueOn: invoice.dueOn,
    effectiveOn: issuedOn,
    recordedAt: context.now,
    currency,
    originalMinor: totalMinor,
    openMinor: totalMinor,
    cashMinor: 0n,
    creditMinor: 0n,
    discountMinor: 0n,
    writeOffMinor: 0n,
    returnedMinor: 0n,
    baseCurrency,
    baseOriginalMinor: baseTotalMinor,
    baseOpenMinor: baseTotalMinor,
    settledOn: totalMinor === 0n ? issuedOn : null,
    version: 1,
  });
  const settled = { ...settlementOf(book.of(id)), status: invoiceStatus('ISSUED', settlementOf(book.of(id))) };
  return {
    book,
    itemId,
    settled,
    set: {
      ...settled,
      issuedOn,
      dueOn: invoice.dueOn,
      rate: invoice.rate,
      groupRate: invoice.groupRate,
      baseTotalMinor,
      baseCurrency: invoice.functionalCurrency,
    },
  };
}
