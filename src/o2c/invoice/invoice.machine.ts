/** What may happen to an invoice and to a credit note. Settlement is not a step: it is derived from amounts. */
import { defineMachine } from '../../kernel/machine.ts';

export const invoiceMachine = defineMachine({
  record: 'invoice',
  states: ['DRAFT', 'ISSUED', 'CANCELLED', 'VOIDED'],
  initial: 'DRAFT',
  rows: [
    { on: 'EDIT', from: 'DRAFT', to: 'DRAFT', emits: ['invoice.draft_changed'], description: 'Replace its lines or dates.' },
    {
      on: 'ISSUE',
      from: 'DRAFT',
      to: 'ISSUED',
      emits: ['invoice.issued'],
      description: 'Give it its number and put it in the books.',
    },
    { on: 'CANCEL', from: 'DRAFT', to: 'CANCELLED', emits: ['invoice.cancelled'], description: 'Give the draft up.' },
    {
      on: 'CREDIT',
      from: 'ISSUED',
      to: 'ISSUED',
      emits: ['credit_note.issued'],
      description: 'Undo it in whole or in part by a credit note.',
    },
    {
      on: 'WRITE_OFF',
      from: 'ISSUED',
      to: 'ISSUED',
      emits: ['allocation.made'],
      description: 'Give up what the customer will not pay.',
    },
    {
      on: 'OBSERVE',
      from: 'DRAFT',
      to: 'ISSUED',
      emits: ['invoice.issued'],
      observed: true,
      description: 'The ERP that has authority made what was wished.',
    },
    {
      on: 'OBSERVE',
      from: 'ISSUED',
      to: 'ISSUED',
      emits: ['invoice.edited'],
      observed: true,
      description: 'The ERP that has authority changed it.',
    },
    {
      on: 'VOID',
      from: ['DRAFT', 'ISSUED'],
      to: 'VOIDED',
      emits: ['invoice.voided'],
      observed: true,
      description: 'The ERP that has authority took it back.',
    },
    {
      on: 'REINSTATE',
      from: ['CANCELLED', 'VOIDED'],
      to: 'ISSUED',
      emits: ['invoice.reinstated'],
      observed: true,
      description: 'The ERP that has authority has it again.',
    },
  ],
});

export const creditNoteMachine = defineMachine({
  record: 'credit note',
  states: ['ISSUED', 'VOIDED'],
  initial: 'ISSUED',
  rows: [
    { on: 'APPLY', from: 'ISSUED', to: 'ISSUED', emits: ['allocation.made'], description: 'Set it against invoices.' },
    {
      on: 'OBSERVE',
      from: 'ISSUED',
      to: 'ISSUED',
      emits: ['credit_note.edited'],
      observed: true,
      description: 'The ERP that has authority changed it.',
    },
    {
      on: 'VOID',
      from: 'ISSUED',
      to: 'VOIDED',
      emits: ['credit_note.voided'],
      observed: true,
      description: 'The ERP that has authority took it back.',
    },
    {
      on: 'REINSTATE',
      from: 'VOIDED',
      to: 'ISSUED',
      emits: ['credit_note.reinstated'],
      observed: true,
      description: 'The ERP that has authority has it again.',
    },
  ],
});
