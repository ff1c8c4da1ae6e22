/** What happens to invoices and credit notes. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  number: z.string().nullable(),
  currency: z.string(),
  total: z.string(),
  open: z.string(),
  paid: z.string(),
  credited: z.string(),
  discounted: z.string(),
  writtenOff: z.string(),
  /** Of an observed one: what the ERP's own net is more than total less tax. */
  difference: z.string().optional(),
});

export const invoiceEvents = defineEvents('Invoice', {
  'invoice.drafted': { description: 'A draft was made.', payload },
  'invoice.draft_changed': { description: 'A draft was changed.', payload },
  'invoice.issued': { description: 'It got its number and is in the books.', payload },
  'invoice.imported': { description: 'An invoice that was issued elsewhere was read in.', payload },
  'invoice.observed': { description: 'An invoice of an ERP that has authority was seen for the first time.', payload },
  'invoice.edited': { description: 'The ERP changed it: its amounts, dates, lines or customer.', payload },
  'invoice.reinstated': { description: 'The ERP has it again after it was taken back.', payload },
  'invoice.cancelled': { description: 'A draft was given up.', payload },
  'invoice.voided': { description: 'The ERP took it back.', payload },
  'invoice.partially_paid': { description: 'A part of it is paid now.', payload },
  'invoice.paid': { description: 'Nothing is open any more.', payload },
  'invoice.credited': { description: 'Nothing is open any more: credited.', payload },
  'invoice.written_off': { description: 'Nothing is open any more: written off.', payload },
  'invoice.reopened': { description: 'It is open in whole again: a payment bounced, or an allocation was taken back.', payload },
  'invoice.settlement_changed': { description: 'Its settled amounts changed, its status did not.', payload },
});

const notePayload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  number: z.string(),
  currency: z.string(),
  total: z.string(),
  open: z.string(),
  difference: z.string().optional(),
});

export const creditNoteEvents = defineEvents('CreditNote', {
  'credit_note.issued': { description: 'It got its number and is in the books.', payload: notePayload },
  'credit_note.settlement_changed': { description: 'More or less of it is used now.', payload: notePayload },
  'credit_note.observed': {
    description: 'A credit note of an ERP that has authority was seen for the first time.',
    payload: notePayload,
  },
  'credit_note.edited': { description: 'The ERP changed it: its amounts, dates, lines or customer.', payload: notePayload },
  'credit_note.reinstated': { description: 'The ERP has it again after it was taken back.', payload: notePayload },
  'credit_note.voided': { description: 'The ERP took it back.', payload: notePayload },
});
