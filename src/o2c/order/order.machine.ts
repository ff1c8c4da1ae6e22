/** What may happen to an order and to a hold. How much is shipped, billed and paid is no step: it is derived from quantities. */
import { defineMachine } from '../../kernel/machine.ts';

/** The states of an ERP's order there: it may come from any of them to any other. */
const FOLLOWED = [
  { to: 'SUBMITTED', when: 'OPEN', emits: 'order.reopened', description: 'The ERP that made it has it as not accepted yet.' },
  { to: 'CONFIRMED', when: 'CONFIRMED', emits: 'order.confirmed', description: 'The ERP that made it has it as accepted.' },
  { to: 'COMPLETED', when: 'COMPLETED', emits: 'order.completed', description: 'The ERP that made it has it as done.' },
  {
    to: 'CANCELLED',
    when: 'CANCELLED',
    emits: 'order.cancelled',
    description: 'The ERP that made it has it as given up, or deleted it.',
  },
] as const;

export const orderMachine = defineMachine({
  record: 'order',
  states: ['DRAFT', 'SUBMITTED', 'CONFIRMED', 'COMPLETED', 'CLOSED_SHORT', 'CANCELLED'],
  initial: 'DRAFT',
  rows: [
    { on: 'EDIT', from: 'DRAFT', to: 'DRAFT', emits: ['order.changed'], description: 'Replace its lines or other fields.' },
    {
      on: 'SUBMIT',
      from: 'DRAFT',
      to: 'SUBMITTED',
      emits: ['order.submitted'],
      description: 'Hand it in: it is checked, and what it fails puts a hold.',
    },
    {
      on: 'CONFIRM',
      from: 'SUBMITTED',
      to: 'CONFIRMED',
      emits: ['order.confirmed'],
      description: 'Accept it, if nothing holds it. Credit that does not fit puts a hold, and it stays where it was.',
    },
    {
      on: 'CHANGE',
      from: 'SUBMITTED',
      to: 'SUBMITTED',
      emits: ['order.changed'],
      description: 'Change what is ordered, down to what is in fulfilments or billed.',
    },
    {
      on: 'CHANGE',
      from: 'CONFIRMED',
      to: 'CONFIRMED',
      emits: ['order.changed'],
      description: 'Change what is ordered, down to what is in fulfilments or billed, and up to what credit allows.',
    },
    {
      on: 'CANCEL_LINE',
      from: 'SUBMITTED',
      to: 'SUBMITTED',
      emits: ['order.changed'],
      description: 'Cancel a part of what is ordered.',
    },
    {
      on: 'CANCEL_LINE',
      from: 'CONFIRMED',
      to: 'CONFIRMED',
      emits: ['order.changed'],
      description: 'Cancel a part of what is ordered and neither in a fulfilment nor billed.',
    },
    {
      on: 'CANCEL',
      from: ['DRAFT', 'SUBMITTED', 'CONFIRMED'],
      to: 'CANCELLED',
      emits: ['order.cancelled'],
      description: 'Give it up as a whole, if nothing of it is in a fulfilment or billed.',
    },
    { on: 'HOLD', from: 'SUBMITTED', to: 'SUBMITTED', emits: ['order.held'], description: 'Put a hold on it.' },
    { on: 'HOLD', from: 'CONFIRMED', to: 'CONFIRMED', emits: ['order.held'], description: 'Put a hold on it.' },
    {
      on: 'FULFIL',
      from: 'CONFIRMED',
      to: 'CONFIRMED',
      emits: ['order.fulfilment_changed'],
      description: 'Plan, release and ship it.',
    },
    { on: 'BILL', from: 'CONFIRMED', to: 'CONFIRMED', emits: ['order.billed'], description: 'Bill it in whole or part.' },
    {
      on: 'CLOSE_SHORT',
      from: 'CONFIRMED',
      to: 'CLOSED_SHORT',
      emits: ['order.closed_short'],
      description: 'Close it without the rest, if nothing is on its way and everything shipped is billed.',
    },
    {
      on: 'COMPLETE',
      from: 'CONFIRMED',
      to: 'COMPLETED',
      emits: ['order.completed'],
      observed: true,
      description: 'Happens by itself when the last of it is shipped and billed.',
    },
    ...FOLLOWED.map(({ to, when, emits, description }) => ({
      on: 'FOLLOW' as const,
      from: (['DRAFT', ...FOLLOWED.map((f) => f.to)] as const).filter((from) => from !== to),
      to,
      when,
      emits: [emits],
      observed: true,
      description,
    })),
    {
      on: 'REOPEN',
      from: 'COMPLETED',
      to: 'CONFIRMED',
      emits: ['order.unbilled', 'order.fulfilment_changed'],
      observed: true,
      description: 'The ERP took back a bill or a delivery that had completed it.',
    },
    ...(['CONFIRMED', 'COMPLETED', 'CLOSED_SHORT'] as const).flatMap((state) => [
      {
        on: 'RETURN' as const,
        from: state,
        to: state,
        emits: ['order.fulfilment_changed'],
        observed: true,
        description: 'Goods came back: told by its fulfilment.',
      },
      {
        on: 'CREDIT' as const,
        from: state,
        to: state,
        emits: ['order.credited'],
        observed: true,
        description: 'A bill was credited: told by its credit note.',
      },
    ]),
  ],
});

export const holdMachine = defineMachine({
  record: 'hold',
  states: ['OPEN', 'RELEASED', 'LIFTED'],
  initial: 'OPEN',
  rows: [
    {
      on: 'RELEASE',
      from: 'OPEN',
      to: 'RELEASED',
      emits: ['hold.released'],
      description: 'Let the order go on. A credit hold is released by an approval.',
    },
    {
      on: 'LIFT',
      from: 'OPEN',
      to: 'LIFTED',
      emits: ['hold.lifted'],
      observed: true,
      description: 'Happens by itself when its cause is gone.',
    },
  ],
});
