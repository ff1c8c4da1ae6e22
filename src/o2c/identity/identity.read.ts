/** How actors and keys are read. A portal user sees itself only. */
import type { ReadDefinition } from '../../read/catalogue.ts';

export const actorRead: ReadDefinition = {
  prefix: 'act',
  description: 'Somebody or something that acts: a person, a portal user, a program, or Cashgraph itself.',
  resource: { permission: 'me:read', portal: { actor: 'id' } },
  root: { one: 'actor', many: 'actors' },
  order: ['createdAt'],
  relations: {
    roles: {
      kind: 'many',
      record: 'ActorRole',
      by: 'actorId',
      order: ['role'],
      connection: false,
      description: 'Its roles.',
      permission: 'actors:read',
    },
    owner: { kind: 'one', record: 'Actor', by: 'ownerId', description: 'Of an API key: the person who made it.' },
    customers: {
      kind: 'many',
      record: 'ActorCustomer',
      by: 'actorId',
      order: ['id'],
      connection: false,
      description: 'The customers that a portal user stands for.',
      permission: 'actors:read',
    },
  },
};

export const actorRoleRead: ReadDefinition = {
  prefix: 'rol',
  description: 'A role that an actor has, for all or for one legal entity.',
  resource: { permission: 'actors:read' },
  order: ['role'],
};

export const actorCustomerRead: ReadDefinition = {
  prefix: 'acu',
  description: 'A customer that a portal user stands for.',
  resource: { permission: 'actors:read' },
  order: ['id'],
};

export const apiKeyRead: ReadDefinition = {
  prefix: 'key',
  description: 'An API key. The secret is shown once, when the key is made, and kept only as a hash.',
  resource: { permission: 'keys:manage' },
  root: { one: 'apiKey', many: 'apiKeys', keys: [['lookup']] },
  order: ['-createdAt'],
  relations: { actor: { kind: 'one', record: 'Actor', by: 'actorId', description: 'The actor that it signs in.' } },
};
