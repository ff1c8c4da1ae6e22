/** The open item and the entry that a received payment makes. Pure. */
import { decimal } from '../../kernel/decimal.ts';
import { convert, money } from '../../kernel/money.ts';
import type { CommandContext } from '../../write/command.ts';
import { post } from '../ledger/index.ts';
import { ItemBook, type ItemRow } from '../open-item/index.ts';
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
  const { id, tenantId, legalEntityId, accountId, currency, amountMinor, baseCurrency, receivedOn } = payment;
  const baseAmountMinor = convert(money(amountMinor, currency), decimal(payment.rate), baseCurrency).minor;
  const itemId = context.newId();
  book.post(
    post(
      paymentPostings,
      {
        id: context.newId(),
        on: payment.event,
        tenantId,
        legalEntityId,
        baseCurrency,
        recordKind: 'Payment',
        recordId: id,
        effectiveOn: receivedOn,
        recordedAt: context.now,
        actorId: context.principal.actorId,
      },
      [
        {
          amount: 'amount',
          minor: amountMinor,
          baseMinor: baseAmountMinor,
          currency,
          debit: { accountId, ...(payment.bankAccount === null ? {} : { detail: payment.bankAccount }) },
          credit: { accountId, itemId },
        },
      ],
      context.newId,
    ),
  );
  const item: ItemRow = {
    id: itemId,
    tenantId,
    legalEntityId,
    accountId,
    kind: 'PAYMENT',
    documentKind: 'Payment',
    documentId: id,
    documentNumber: payment.number as string,
    instalment: 1,
    dueOn: receivedOn,
    effectiveOn: receivedOn,
    recordedAt: context.now,
    currency,
    originalMinor: -amountMinor,
    openMinor: -amountMinor,
    cashMinor: 0n,
    creditMinor: 0n,
    discountMinor: 0n,
    writeOffMinor: 0n,
    returnedMinor: 0n,
    baseCurrency,
    baseOriginalMinor: -baseAmountMinor,
    baseOpenMinor: -baseAmountMinor,
    settledOn: null,
    version: 1,
  };
  book.add(item);
  return { itemId, baseAmountMinor };
}
