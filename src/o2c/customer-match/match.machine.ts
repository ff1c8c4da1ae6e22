/** What may happen to a pair of customers that may be the same one. Whatever was decided can be decided anew, by a person. */
import { defineMachine } from '../../kernel/machine.ts';

export const matchMachine = defineMachine({
  record: 'customer match',
  states: ['PROPOSED', 'CONFIRMED', 'REJECTED', 'UNDONE', 'WITHDRAWN'],
  initial: 'PROPOSED',
  rows: [
    {
      on: 'CONFIRM',
      from: ['PROPOSED', 'REJECTED', 'UNDONE', 'WITHDRAWN'],
      to: 'CONFIRMED',
      emits: ['customer_match.confirmed'],
      description: 'They are the same: the accounts of one go to the other.',
    },
    { on: 'REJECT', from: 'PROPOSED', to: 'REJECTED', emits: ['customer_match.rejected'], description: 'They are not the same.' },
    {
      on: 'UNDO',
      from: 'CONFIRMED',
      to: 'UNDONE',
      emits: ['customer_match.undone'],
      description: 'They are not the same after all: the accounts go back.',
    },
    {
      on: 'PROPOSE',
      from: ['PROPOSED', 'REJECTED', 'UNDONE', 'WITHDRAWN'],
      to: 'PROPOSED',
      emits: ['customer_match.proposed'],
      observed: true,
      description: 'Happens by itself when something else speaks for it than what was known.',
    },
    {
      on: 'WITHDRAW',
      from: 'PROPOSED',
      to: 'WITHDRAWN',
      emits: ['customer_match.withdrawn'],
      observed: true,
      description: 'Happens by itself when too little speaks for it any more, or one of them was matched with another customer.',
    },
  ],
});
