/**
 * What happens to the credit of customers. Portal users of a customer get these, so reasons and the risk class stand apart,
 * where they can also be erased.
 */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const status = z.enum(['NO_LIMIT', 'WITHIN', 'OVER']);

/** How it stands to the limit before and after, and the figures after; amounts are in the group's currency. */
const state = {
  from: status,
  to: status,
  currency: z.string(),
  exposure: z.string(),
  openItems: z.string(),
  unbilled: z.string(),
  delivered: z.string(),
  limit: z.string().nullable(),
  available: z.string().nullable(),
};

export const creditEvents = defineEvents('CreditAccount', {
  'credit.exposure_changed': {
    description: 'What a customer with a credit limit and everything below it owes or has ordered changed.',
    payload: z.object(state),
  },
  'credit.limit_changed': {
    description: 'A second person granted another credit limit, as an amount in its own currency; null is none.',
    payload: z.object({
      ...state,
      amountBefore: z.string().nullable(),
      amountCurrencyBefore: z.string().nullable(),
      amount: z.string().nullable(),
      amountCurrency: z.string().nullable(),
      limitVersion: z.number(),
    }),
  },
  'credit.blocked': { description: 'Credit was blocked.', payload: z.object({ ...state, isBlocked: z.boolean() }) },
  'credit.unblocked': { description: 'Credit is not blocked any more.', payload: z.object({ ...state, isBlocked: z.boolean() }) },
  'credit.risk_class_changed': { description: 'The customer got another risk class.', payload: z.object(state) },
});
