/** What happens to payments. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  number: z.string(),
  currency: z.string(),
  amount: z.string(),
  unapplied: z.string(),
});

export const paymentEvents = defineEvents('Payment', {
  'payment.announced': { description: 'A payment was announced; the money is not there yet.', payload },
  'payment.received': { description: 'The money is there.', payload },
  'payment.imported': { description: 'A payment that came before was read in from a file.', payload },
  'payment.observed': { description: 'A payment of an ERP that has authority was seen for the first time.', payload },
  'payment.edited': { description: 'The ERP changed it: its amount, its day, its customer or its number.', payload },
  'payment.voided': { description: 'The ERP took it back.', payload },
  'payment.reinstated': { description: 'The ERP has it again after it was taken back.', payload },
  'payment.failed': { description: 'An announced payment never came.', payload },
  'payment.cancelled': { description: 'An announced payment was called off.', payload },
  'payment.applied': { description: 'All of it is set against documents now.', payload },
  'payment.partially_applied': { description: 'A part of it is set against documents now.', payload },
  'payment.unapplied': { description: 'Nothing of it is set against a document any more.', payload },
  'payment.application_changed': { description: 'More or less of it is applied now; its status did not change.', payload },
  'payment.returned': { description: 'The bank took it back.', payload },
});
