/** What may happen to a fulfilment. Returns are no step: they are quantities. */
import { defineMachine } from '../../kernel/machine.ts';

const STATES = ['PLANNED', 'RELEASED', 'SHIPPED', 'DELIVERED', 'CANCELLED'] as const;
type State = (typeof STATES)[number];

const MILESTONE = { RELEASED: 'fulfilment.released', SHIPPED: 'fulfilment.shipped', DELIVERED: 'fulfilment.delivered' } as const;

/** What is emitted on the way to a step of the ERP's: each step that it takes, or that it took one back. */
function followed(from: State, to: State): readonly string[] {
  if (to === 'CANCELLED') return ['fulfilment.cancelled'];
  if (from === 'CANCELLED' || to === 'PLANNED' || STATES.indexOf(from) > STATES.indexOf(to)) return ['fulfilment.reopened'];
  return from !== 'SHIPPED' && to === 'DELIVERED' ? [MILESTONE.SHIPPED, MILESTONE.DELIVERED] : [MILESTONE[to]];
}

/** The states of an ERP's delivery there: it may come from any of them to any other. */
const FOLLOWED = STATES.flatMap((to) =>
  STATES.filter((from) => from !== to).map((from) => ({
    on: 'FOLLOW' as const,
    from,
    to,
    when: to,
    emits: followed(from, to),
    observed: true,
    description: `The ERP that made it has it as ${to}.`,
  })),
);

export const fulfilmentMachine = defineMachine({
  record: 'fulfilment',
  states: STATES,
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
    ...FOLLOWED,
  ],
});
