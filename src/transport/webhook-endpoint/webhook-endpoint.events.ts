/**
 * What happens to endpoints. The sender takes from here what it is to do: begin, repeat, send again. Secrets are nowhere, and of an
 * address its query is left out, since it may be one.
 */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  url: z.string(),
  eventTypes: z.string(),
  legalEntityId: z.string().nullable(),
  customerId: z.string().nullable(),
  secretHint: z.string(),
  disabledReason: z.string().nullable(),
});

export const webhookEndpointEvents = defineEvents('WebhookEndpoint', {
  'webhook_endpoint.created': {
    description: 'An endpoint was made: it gets what happens from here on, or after that cursor.',
    payload: payload.extend({ after: z.string().nullable() }),
  },
  'webhook_endpoint.updated': { description: 'Its address, its events or what it is for was changed.', payload },
  'webhook_endpoint.secret_rotated': { description: 'It got a new secret.', payload },
  'webhook_endpoint.paused': { description: 'It was paused.', payload },
  'webhook_endpoint.resumed': { description: 'It is sent events again.', payload },
  'webhook_endpoint.disabled': { description: 'It could not be reached for 72 hours, or said that it is gone.', payload },
  'webhook_endpoint.deleted': { description: 'It is sent nothing more.', payload },
  'webhook_endpoint.tested': {
    description: 'Somebody tests it: it is sent this very event.',
    payload: payload.extend({ testId: z.string() }),
  },
  'webhook_endpoint.replay_asked': {
    description: 'The events after one cursor, up to another, are sent to it once more.',
    payload: payload.extend({ after: z.string(), until: z.string().nullable() }),
  },
  'webhook_endpoint.resend_asked': {
    description: 'A dead letter of it, or all of them, are sent again.',
    payload: payload.extend({ deliveryId: z.string().nullable() }),
  },
});
