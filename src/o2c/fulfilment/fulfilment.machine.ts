/** What may happen to a fulfilment. Returns are no step: they are quantities. */
import { defineMachine } from '../../kernel/machine.ts';

export const fulfilmentMachine = defineMachine({
  record: 'fulfilment',
  states: ['PLANNED', 'RELEASED', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  initial: 'PLANNED',
  rows: [
    {
      on: 'RELEASE',
      from: 'PLANNED',
      to: 'RELEASED',
      when: 'no open hold at the stage RELEASE',
      emits: ['fulfilment.released'],
      description: 'Hand it to the warehouse, ours or a third party’s.',
    },
    {
      on: 'SHIP',
      from: 'RELEASED',
      to: 'SHIPPED',
      when: 'no open hold at the stage DELIVERY',
      emits: ['fulfilment.shipped'],
      description: 'Say that it left.',
    },
    { on: 'DELIVER', from: 'SHIPPED', to: 'DELIVERED', emits: ['fulfilment.delivered'], description: 'Say that it arrived.' },
    { on: 'CANCEL', from: ['PLANNED', 'RELEASED'], to: 'CANCELLED', emits: ['fulfilment.cancelled'], description: 'Give it up.' },
    { on: 'RETURN', from: 'SHIPPED', to: 'SHIPPED', emits: ['fulfilment.returned'], description: 'Record goods that came back.' },
    {
      on: 'RETURN',
      from: 'DELIVERED',
      to: 'DELIVERED',
      emits: ['fulfilment.returned'],
      description: 'Record goods that came back.',
    },
    { on: 'TRACK', from: 'RELEASED', to: 'RELEASED', emits: ['fulfilment.tracked'], description: 'Record where it is.' },
    { on: 'TRACK', from: 'SHIPPED', to: 'SHIPPED', emits: ['fulfilment.tracked'], description: 'Record where it is.' },
    { on: 'TRACK', from: 'DELIVERED', to: 'DELIVERED', emits: ['fulfilment.tracked'], description: 'Record where it is.' },
    {
      on: 'TRACK',
      from: 'CANCELLED',
      to: 'CANCELLED',
      emits: ['fulfilment.tracked'],
      description: 'Record what a third party still reports; it stays cancelled.',
    },
  ],
});
