/** What may happen to an endpoint. Whoever can't be reached is not asked for ever, and nothing that happens meanwhile is lost to it. */
import { defineMachine } from '../../kernel/machine.ts';

export const webhookEndpointMachine = defineMachine({
  record: 'webhook endpoint',
  states: ['ACTIVE', 'PAUSED', 'DISABLED', 'DELETED'],
  initial: 'ACTIVE',
  rows: [
    {
      on: 'PAUSE',
      from: 'ACTIVE',
      to: 'PAUSED',
      emits: ['webhook_endpoint.paused'],
      description: 'Send nothing for now; what happens is kept for it.',
    },
    {
      on: 'RESUME',
      from: ['PAUSED', 'DISABLED'],
      to: 'ACTIVE',
      emits: ['webhook_endpoint.resumed'],
      description: 'Send again, beginning with what waits.',
    },
    {
      on: 'DISABLE',
      from: 'ACTIVE',
      to: 'DISABLED',
      emits: ['webhook_endpoint.disabled'],
      observed: true,
      description: 'Happens by itself when each attempt of 72 hours failed, or when it answers 410 Gone.',
    },
    {
      on: 'DELETE',
      from: ['ACTIVE', 'PAUSED', 'DISABLED'],
      to: 'DELETED',
      emits: ['webhook_endpoint.deleted'],
      description: 'Never send anything again; its secrets are deleted.',
    },
  ],
});
