/** What may happen to a payment. Being applied is not a step: it is derived from amounts. */
import { defineMachine } from '../../kernel/machine.ts';

export const paymentMachine = defineMachine({
  record: 'payment',
  states: ['PENDING', 'RECEIVED', 'FAILED', 'CANCELLED', 'RETURNED', 'VOIDED'],
  initial: 'PENDING',
  rows: [
    { on: 'RECEIVE', from: 'PENDING', to: 'RECEIVED', emits: ['payment.received'], description: 'The money is there.' },
    { on: 'FAIL', from: 'PENDING', to: 'FAILED', emits: ['payment.failed'], description: 'It never came.' },
    { on: 'CANCEL', from: 'PENDING', to: 'CANCELLED', emits: ['payment.cancelled'], description: 'It was called off.' },
    { on: 'APPLY', from: 'RECEIVED', to: 'RECEIVED', emits: ['allocation.made'], description: 'Set it against invoices.' },
    {
      on: 'RETURN',
      from: 'RECEIVED',
      to: 'RETURNED',
      emits: ['payment.returned'],
      description: 'The bank took it back: its allocations are reversed.',
    },
    {
      on: 'OBSERVE',
      from: ['PENDING', 'FAILED', 'CANCELLED'],
      to: 'RECEIVED',
      emits: ['payment.received'],
      observed: true,
      description: 'The ERP that has authority shows it received.',
    },
    {
      on: 'OBSERVE',
      from: 'RECEIVED',
      to: 'RECEIVED',
      emits: ['payment.edited'],
      observed: true,
      description: 'The ERP that has authority changed it.',
    },
    {
      on: 'VOID',
      from: ['PENDING', 'RECEIVED', 'FAILED', 'CANCELLED'],
      to: 'VOIDED',
      emits: ['payment.voided'],
      observed: true,
      description: 'The ERP that has authority took it back: its allocations are reversed.',
    },
    {
      on: 'REINSTATE',
      from: 'VOIDED',
      to: 'RECEIVED',
      emits: ['payment.reinstated'],
      observed: true,
      description: 'The ERP that has authority has it again.',
    },
  ],
});
