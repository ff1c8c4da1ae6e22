/** Terms and rates that documents are made with. */
import { defineEntity } from '@mikro-orm/core';
import { currencyCode, day, decimal, flag, identified, integer, text, versioned } from '../../write/columns.ts';

export const PaymentTerms = defineEntity({
  name: 'PaymentTerms',
  tableName: 'payment_terms',
  properties: {
    ...identified('payment terms'),
    code: text('Their code, unique in the group, for example `NET30`.', { filter: true, sort: true }),
    name: text('What they are called on documents.'),
    netDays: integer('Days from the issue date to the due date.', { filter: true, sort: true }),
    isEndOfMonth: flag('The due date moves to the end of its month.'),
    discountDays: integer('Days from the issue date within which the discount may be taken.').nullable(),
    discountPercent: decimal('The early-payment discount, in percent of the total.').nullable(),
    ...versioned(),
  },
});

export const ExchangeRate = defineEntity({
  name: 'ExchangeRate',
  tableName: 'exchange_rate',
  properties: {
    ...identified('exchange rate'),
    fromCurrency: currencyCode('The currency that is converted.'),
    toCurrency: currencyCode('The currency that it is converted to.'),
    validOn: day('The day from which it holds, until the next one.'),
    rate: decimal('Units of `toCurrency` for one unit of `fromCurrency`.'),
    ...versioned(),
  },
});
