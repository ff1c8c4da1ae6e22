/** What happens to a wish that a second person decides. The reasons are people's own words, so they stand apart. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  kind: z.string(),
  recordKind: z.string(),
  recordId: z.string(),
  recordVersion: z.number(),
  currency: z.string().nullable(),
  amount: z.string().nullable(),
  expiresAt: z.string(),
});

export const approvalEvents = defineEvents('Approval', {
  'approval.requested': { description: 'A second person is asked.', payload },
  'approval.granted': { description: 'A second person granted it, and it is done.', payload },
  'approval.rejected': { description: 'It was refused, or taken back by whoever asked.', payload },
  'approval.expired': { description: 'Nobody decided in time, or a wish for a newer version took its place.', payload },
});
