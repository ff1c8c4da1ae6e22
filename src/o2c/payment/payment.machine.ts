/** What may happen to a payment. Being applied is not a step: it is derived from amounts. */
import { defineMachine } from '../../kernel/machine.ts';

export const paymentMachine = defineMachine({
  record: 'payment',
  states: ['PENDING', 'RECEIVED', 'FAILED', 'CANCELLED', 'RETURNED'],
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
  ],
});
