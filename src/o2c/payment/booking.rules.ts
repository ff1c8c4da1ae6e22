/** The open item and the entry that a received payment makes. Pure. */
import { decimal } from '../../kernel/decimal.ts';
import { convert, money } from '../../kernel/money.ts';
import type { CommandContext } from '../../write/command.ts';
import { entryOf, post } from '../ledger/index.ts';
import { type ItemBook, newItem } from '../open-item/index.ts';
import { paymentPostings } from './payment.postings.ts';

export interface BookedPayment {
  readonly id: string;
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly number: unknown;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly baseCurrency: string;
  readonly rate: string;
  readonly groupRate: string;
  readonly receivedOn: string;
  readonly bankAccount: string | null;
  readonly event: 'payment.received' | 'payment.imported';
}

/** `book` may hold items already; the payment's is added to it. */
export function bookPayment(
  context: CommandContext,
  payment: BookedPayment,
  book: ItemBook,
): { readonly itemId: string; readonly baseAmountMinor: bigint } {
  const { id, tenantId, legalEntityId, accountId, currency, amountMinor, baseCurrency, receivedOn, bankAccount } = payment;
  const baseAmountMinor = convert(money(amountMinor, currency), decimal(payment.rate), baseCurrency).minor;
  const itemId = context.newId();
  const record = { tenantId, legalEntityId, baseCurrency, recordKind: 'Payment', recordId: id };
  const leg = {
    amount: 'amount',
    minor: amountMinor,
    baseMinor: baseAmountMinor,
    currency,
    debit: { accountId, ...(bankAccount === null ? {} : { detail: bankAccount }) },
    credit: { accountId, itemId },
  };
  book.post(
    post(paymentPostings, entryOf(context, { ...record, on: payment.event, effectiveOn: receivedOn }), [leg], context.newId),
  );
  book.add(
    newItem({
      id: itemId,
      tenantId,
      legalEntityId,
      accountId,
      kind: 'PAYMENT',
      documentKind: 'Payment',
      documentId: id,
      documentNumber: payment.number as string,
      dueOn: receivedOn,
      effectiveOn: receivedOn,
      recordedAt: context.now,
      currency,
      originalMinor: -amountMinor,
      baseCurrency,
      baseOriginalMinor: -baseAmountMinor,
      groupCurrency: context.tenant.groupCurrency,
      groupRate: payment.groupRate,
    }),
  );
  return { itemId, baseAmountMinor };
}
