/** What happens to orders, to their holds, and to the rules that orders are validated by. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  number: z.string(),
  currency: z.string(),
  total: z.string(),
  billed: z.string(),
  credited: z.string(),
  unbilled: z.string(),
  fulfilmentStatus: z.string(),
  billingStatus: z.string(),
  returnStatus: z.string(),
  openHolds: z.number(),
  groupCurrency: z.string(),
  /** In the group's currency. */
  exposure: z.string(),
  beyondLimit: z.boolean().optional(),
});

export const orderEvents = defineEvents('Order', {
  'order.observed': { description: 'An ERP shows an order that it made.', payload },
  'order.reopened': { description: 'The ERP that made it has it as not accepted again.', payload },
  'order.drafted': { description: 'A draft was made.', payload },
  'order.submitted': { description: 'It was handed in and checked.', payload },
  'order.confirmed': {
    description: 'It was accepted; `beyondLimit` says that a second person let it go beyond the limit.',
    payload,
  },
  'order.changed': { description: 'What is ordered was changed.', payload },
  'order.held': { description: 'A hold was put on it: it stays where it was.', payload },
  'order.hold_released': { description: 'A hold is gone: released by a person, or its cause is gone.', payload },
  'order.cancelled': { description: 'It was given up as a whole.', payload },
  'order.fulfilment_changed': { description: 'More or less of it is in fulfilments, shipped or returned.', payload },
  'order.billed': { description: 'More of it is billed.', payload },
  'order.unbilled': { description: 'The ERP took a bill of it back, or bills less of it.', payload },
  'order.credited': { description: 'A bill of it was credited.', payload },
  'order.completed': { description: 'All of it is shipped and billed.', payload },
  'order.closed_short': { description: 'It was closed, and the rest of it is never delivered.', payload },
});

const holdPayload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  kind: z.string(),
  stage: z.string(),
  orderId: z.string(),
  currency: z.string().nullable(),
  amount: z.string().nullable(),
});

export const holdEvents = defineEvents('Hold', {
  'hold.placed': { description: 'An order goes no further.', payload: holdPayload },
  'hold.released': { description: 'A person let the order go on.', payload: holdPayload },
  'hold.lifted': { description: 'Its cause is gone.', payload: holdPayload },
});

const rulePayload = z.object({
  code: z.string(),
  stage: z.string(),
  field: z.string(),
  operator: z.string(),
  /** A JSON list of texts. */
  operands: z.string(),
  isActive: z.boolean(),
});

export const validationRuleEvents = defineEvents('ValidationRule', {
  'validation_rule.set': { description: 'A rule that orders are validated by was made or changed.', payload: rulePayload },
  'validation_rule.deactivated': { description: 'It is not looked at any more.', payload: rulePayload },
});
