/** What may happen to a wish that a second person decides. What it is for happens in the same step as the grant, or not at all. */
import { defineMachine } from '../../kernel/machine.ts';

export const approvalMachine = defineMachine({
  record: 'approval',
  states: ['REQUESTED', 'APPROVED', 'REJECTED', 'EXPIRED'],
  initial: 'REQUESTED',
  rows: [
    {
      on: 'APPROVE',
      from: 'REQUESTED',
      to: 'APPROVED',
      emits: ['approval.granted'],
      description: 'Grant it, as a second person.',
    },
    { on: 'REJECT', from: 'REQUESTED', to: 'REJECTED', emits: ['approval.rejected'], description: 'Refuse it.' },
    { on: 'WITHDRAW', from: 'REQUESTED', to: 'REJECTED', emits: ['approval.rejected'], description: "Take one's own wish back." },
    {
      on: 'EXPIRE',
      from: 'REQUESTED',
      to: 'EXPIRED',
      emits: ['approval.expired'],
      observed: true,
      description: 'Happens by itself when nobody decided in time, or when another wish for a newer version takes its place.',
    },
  ],
});
