/** What happens between open items. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  kind: z.string(),
  toItemId: z.string().nullable(),
  toAmount: z.string().nullable(),
  toCurrency: z.string().nullable(),
  fromItemId: z.string().nullable(),
  fromAmount: z.string().nullable(),
  fromCurrency: z.string().nullable(),
  rule: z.string(),
  reversesId: z.string().nullable(),
});

export const allocationEvents = defineEvents('Allocation', {
  'allocation.made': { description: 'An item was closed in whole or in part.', payload },
  'allocation.reversed': { description: 'An allocation was taken back.', payload },
});
