/** What happens to terms and rates. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

export const termsEvents = defineEvents('PaymentTerms', {
  'payment_terms.created': {
    description: 'Payment terms were made.',
    payload: z.object({ code: z.string(), netDays: z.number() }),
  },
});

export const rateEvents = defineEvents('ExchangeRate', {
  'exchange_rate.set': {
    description: 'An exchange rate was set.',
    payload: z.object({ fromCurrency: z.string(), toCurrency: z.string(), validOn: z.string(), rate: z.string() }),
  },
});
