/** What payments do to money. A returned payment posts the reversal of its receipt. */
import { definePostings } from '../../kernel/posting.ts';

export const paymentPostings = definePostings([
  {
    on: 'payment.received',
    amount: 'amount',
    debit: 'CASH_CLEARING',
    credit: 'RECEIVABLE',
    description: 'Money came: the customer is owed it until it is applied.',
  },
  {
    on: 'payment.imported',
    amount: 'amount',
    debit: 'CASH_CLEARING',
    credit: 'RECEIVABLE',
    description: 'Money that came before, read in from a file.',
  },
  {
    on: 'payment.observed',
    amount: 'amount',
    debit: 'CASH_CLEARING',
    credit: 'RECEIVABLE',
    description: 'Money that came, by an ERP that has authority.',
  },
]);
