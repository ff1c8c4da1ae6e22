/** What happens to actors and keys. Names, addresses and roles stand apart, secrets are nowhere. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

export const actorEvents = defineEvents('Actor', {
  'actor.created': { description: 'An actor was made.', payload: z.object({ kind: z.string() }) },
  'actor.roles_set': { description: "An actor's roles were replaced.", payload: z.object({}) },
  'actor.revoked': { description: 'An actor lost its access.', payload: z.object({ reason: z.string().nullable() }) },
});

export const apiKeyEvents = defineEvents('ApiKey', {
  'api_key.created': { description: 'An API key was made.', payload: z.object({ lookup: z.string(), expiresAt: z.string() }) },
  'api_key.revoked': { description: 'An API key was revoked.', payload: z.object({ lookup: z.string() }) },
});
