/** What happens to pairs of customers. What speaks for a pair names people and bank accounts, so it stands in the record and not in the log. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  customerId: z.string(),
  otherCustomerId: z.string(),
  score: z.string(),
  keptCustomerId: z.string().nullable(),
  movedAccountCount: z.number(),
  movedCustomerCount: z.number(),
});

export const matchEvents = defineEvents('CustomerMatch', {
  'customer_match.proposed': { description: 'Two customers may be the same; or something else speaks for it by now.', payload },
  'customer_match.confirmed': { description: 'A person decided that they are: the accounts of one went to the other.', payload },
  'customer_match.rejected': { description: 'A person decided that they are not.', payload },
  'customer_match.undone': { description: 'A person took the match back: accounts and hierarchy are as they were.', payload },
  'customer_match.withdrawn': {
    description: 'Too little speaks for it any more, or one of them belongs to another customer now.',
    payload,
  },
});
