/** Who acts: people, portal users, API keys and the system itself, their roles, and the customers that portal users stand for. */
import { defineEntity, p } from '@mikro-orm/core';
import { choice, identified, instant, reference, text, versioned } from '../../write/columns.ts';

export const Actor = defineEntity({
  name: 'Actor',
  tableName: 'actor',
  properties: {
    ...identified('actor'),
    kind: choice('ActorKind', 'What kind of actor it is.', {
      USER: 'A person of the company, signed in through the identity provider.',
      PORTAL: 'A person of a customer: sees that customer only.',
      API_KEY: 'A program, by its API key.',
      SYSTEM: 'Cashgraph itself: jobs, imports.',
    }),
    name: text('The name, as shown in the audit trail.', { sort: true }),
    email: text('The e-mail address.', { type: 'Email', permission: 'actors:read' }).nullable(),
    issuer: text('The issuer of its tokens.', { permission: 'actors:read' }).nullable(),
    subject: text('The subject of its tokens at that issuer.', { permission: 'actors:read' }).nullable(),
    revokedAt: instant('When it lost its access; null while it has it.').nullable(),
    ...versioned(),
  },
});

export const ActorRole = defineEntity({
  name: 'ActorRole',
  tableName: 'actor_role',
  properties: {
    ...identified('role assignment'),
    actorId: p.uuid(),
    role: text('The role, for example `billing`.'),
    legalEntityId: reference('LegalEntity', 'The legal entity that it is for; null for all.').nullable(),
    ...versioned(),
  },
});

export const ActorCustomer = defineEntity({
  name: 'ActorCustomer',
  tableName: 'actor_customer',
  properties: {
    ...identified('assignment'),
    actorId: p.uuid(),
    customerId: reference('Customer', 'The customer that it stands for.'),
    ...versioned(),
  },
});

export const ApiKey = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    ...identified('API key'),
    actorId: reference('Actor', 'The actor that it signs in.'),
    name: text('What it is for.', { sort: true }),
    lookup: text('The public first part of the key, by which it can be told from others.', { filter: true }),
    secretHash: p.string(),
    expiresAt: instant('When it ends.', { filter: true, sort: true }),
    lastUsedAt: instant('When it was last used, to within a minute.').nullable(),
    revokedAt: instant('When it was revoked.').nullable(),
    ...versioned(),
  },
});
