/** What may happen to a request towards an ERP. */
import { defineMachine } from '../../kernel/machine.ts';

export const erpRequestMachine = defineMachine({
  record: 'ERP request',
  states: ['SENT', 'CONFIRMED', 'REFUSED'],
  initial: 'SENT',
  rows: [
    {
      on: 'CONFIRM',
      from: 'SENT',
      to: 'CONFIRMED',
      emits: ['erp_request.confirmed'],
      description: 'The ERP did it.',
      observed: true,
    },
    {
      on: 'REFUSE',
      from: 'SENT',
      to: 'REFUSED',
      emits: ['erp_request.refused'],
      description: 'The ERP will not do it.',
      observed: true,
    },
    {
      on: 'RETRY',
      from: ['SENT', 'REFUSED'],
      to: 'SENT',
      emits: ['erp_request.made'],
      description: 'Ask it again, after what was wrong is mended.',
    },
  ],
});
