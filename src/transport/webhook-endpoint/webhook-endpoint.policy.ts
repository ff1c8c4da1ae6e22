/**
 * Who may have events sent elsewhere: staff, and only what they may read themselves. Never a portal user: an endpoint goes on when a
 * person's access ends, and calls of a customer's choosing would come from the company's network. Who sends a customer its events makes
 * an endpoint for that customer.
 */
import type { PolicyRow } from '../../access/policy.ts';

export const webhookEndpointPolicy: readonly PolicyRow[] = [
  {
    permission: 'webhooks:read',
    description: 'See outgoing webhooks, what was sent to them and what they answered.',
    roles: ['admin', 'integration'],
    // what is sent to one endpoint may be of several legal entities
    isTenantWide: true,
  },
  {
    permission: 'webhooks:manage',
    description: 'Make outgoing webhooks for events that one may read; change, test, pause, repeat and delete them.',
    roles: ['admin', 'integration'],
    isTenantWide: true,
  },
  { permission: 'webhooks:deliver', description: 'Say that an endpoint can not be reached. For Cashgraph itself.', roles: [] },
];
