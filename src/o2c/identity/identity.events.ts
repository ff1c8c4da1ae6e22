/** What happens to actors, keys and forbidden pairs. Names, addresses and roles stand apart, secrets are nowhere. */
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

const pairPayload = z.object({
  firstPermission: z.string(),
  secondPermission: z.string(),
  extent: z.string(),
  isActive: z.boolean(),
});

export const pairEvents = defineEvents('ForbiddenPair', {
  'forbidden_pair.set': { description: 'One person may no longer use both permissions.', payload: pairPayload },
  'forbidden_pair.removed': { description: 'One person may use both permissions again.', payload: pairPayload },
});
