/** Payments received. What is applied follows from their open item in the same transaction. */
import { defineEntity } from '@mikro-orm/core';
import { choice, currencyCode, day, decimal, identified, minor, rooted, text, versioned } from '../../write/columns.ts';

export const Payment = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    ...identified('payment'),
    ...rooted(),
    origin: choice('PaymentOrigin', 'Where it was made known.', { RECORDED: 'Here.', IMPORTED: 'By a file.' }),
    lifecycle: choice('PaymentLifecycle', 'The step that it is at.', {
      PENDING: 'Announced; not received yet, and not in the books.',
      RECEIVED: 'Received, and in the books.',
      FAILED: 'Announced, and never came.',
      CANCELLED: 'Announced, and called off.',
      RETURNED: 'Received, and taken back by the bank.',
    }),
    status: choice('PaymentStatus', 'The step and the amounts in one word.', {
      PENDING: 'Not received yet.',
      UNAPPLIED: 'Received, and not set against anything.',
      PARTIALLY_APPLIED: 'Set against something in part.',
      APPLIED: 'Set against documents in whole.',
      FAILED: 'Never came.',
      CANCELLED: 'Called off.',
      RETURNED: 'Taken back by the bank.',
    }),
    number: text('Its number.', { filter: true, sort: true }),
    method: choice('PaymentMethod', 'How it was paid.', {
      BANK_TRANSFER: 'A credit transfer.',
      DIRECT_DEBIT: 'A direct debit that we collected.',
      CARD: 'A card.',
      CHEQUE: 'A cheque.',
      CASH: 'Cash.',
      OTHER: 'Some other way.',
    }),
    reference: text("The payer's reference.", { filter: true }).nullable(),
    bankAccount: text('Our bank account that it came to.', { filter: true }).nullable(),
    currency: currencyCode('The currency of the payment.'),
    amountMinor: minor('amount', 'What was paid.'),
    openMinor: minor('unapplied', 'What was not set against a document yet.'),
    baseCurrency: currencyCode("The legal entity's functional currency."),
    baseAmountMinor: minor(
      'baseAmount',
      'What was paid, in functional currency at the stored rate; null until it is received.',
      'baseCurrency',
    ).nullable(),
    rate: decimal('Units of functional currency for one unit of its currency, on the day it was received.').nullable(),
    groupRate: decimal("Units of the group's currency for one unit of its currency.").nullable(),
    receivedOn: day('The day on which the money was there.').nullable(),
    returnedOn: day('The day on which the bank took it back.').nullable(),
    returnReason: text('Why the bank took it back.').nullable(),
    ...versioned(),
  },
});
