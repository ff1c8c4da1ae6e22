/** Who acts: people, portal users, API keys and the system itself, their roles, and the customers that portal users stand for. */
import { defineEntity, p } from '@mikro-orm/core';
import {
  choice,
  currencyCode,
  flag,
  identified,
  instant,
  integer,
  minor,
  reference,
  text,
  versioned,
} from '../../write/columns.ts';

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
    ownerId: reference('Actor', 'Of an API key: the person who made it, for whom its deeds count.').nullable(),
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

export const ForbiddenPair = defineEntity({
  name: 'ForbiddenPair',
  tableName: 'forbidden_pair',
  properties: {
    ...identified('forbidden pair'),
    firstPermission: text('One half.', { filter: true, sort: true }),
    secondPermission: text('The other half; of a pair on one record, it needs a person.', { filter: true }),
    extent: choice('ForbiddenPairExtent', 'How far the pair is forbidden.', {
      RECORD: "One person can't do both on one record.",
      PERSON: "One person can't hold both permissions at all.",
    }),
    isActive: flag('It holds now; a pair that was given up stays in the list, with what was done under it.', { filter: true }),
    ...versioned(),
  },
});

export const Approval = defineEntity({
  name: 'Approval',
  tableName: 'approval',
  properties: {
    ...identified('approval'),
    kind: choice('ApprovalKind', 'What is asked for.', {
      CREDIT_RELEASE: 'To let an order go beyond the credit limit.',
      CREDIT_LIMIT: 'Another credit limit.',
      WRITE_OFF: 'To write off more than one person may.',
    }),
    lifecycle: choice('ApprovalLifecycle', 'The step that it is at.', {
      REQUESTED: 'Waits for a second person.',
      APPROVED: 'Granted, and done.',
      REJECTED: 'Refused.',
      EXPIRED: 'Nobody decided in time.',
    }),
    legalEntityId: reference('LegalEntity', 'The legal entity that it is about; null: the whole group.').nullable(),
    accountId: reference('CustomerAccount', 'The account that it is about.').nullable(),
    customerId: reference('Customer', 'The customer that it is about.').nullable(),
    recordKind: text('The kind of record that it is about: Order, CreditAccount or Invoice.', { filter: true }),
    recordId: p.uuid(),
    recordVersion: integer('The version that it is for; after another change it can no longer be granted.'),
    currency: currencyCode('The currency of the amount.').nullable(),
    amountMinor: minor('amount', 'The amount that it is for: exactly this one; null: no limit at all.').nullable(),
    reason: text('Why it is asked for.'),
    lastEditorId: reference('Actor', 'Who changed the record last; may not grant it.'),
    requestedById: reference('Actor', 'Who asked; may not grant it.'),
    decidedById: reference('Actor', 'Who granted or refused it.').nullable(),
    decidedAt: instant('When.').nullable(),
    decisionReason: text('Why.').nullable(),
    expiresAt: instant('When it lapses.', { filter: true, sort: true }),
    ...versioned(),
  },
});
