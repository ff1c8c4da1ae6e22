/** What happens to logistics providers. Their secrets are nowhere. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  code: z.string(),
  name: z.string(),
  baseUrl: z.string(),
  isActive: z.boolean(),
  secretHint: z.string(),
});

export const logisticsEvents = defineEvents('LogisticsProvider', {
  'logistics_provider.created': { description: 'A third party that fulfils was set up.', payload },
  'logistics_provider.updated': { description: 'Its name, its address or whether it is given anything was changed.', payload },
  'logistics_provider.secret_rotated': { description: 'It got a new shared secret.', payload },
});
