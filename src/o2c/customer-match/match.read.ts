/** How pairs of customers are read. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ReadDefinition } from '../../read/catalogue.ts';
import { matchMachine } from './match.machine.ts';

export const customerMatchRead: ReadDefinition = {
  prefix: 'cm',
  description:
    'Two customers that may be the same one, under two names or in two ERPs, with what speaks for it. A person decides.',
  resource: { permission: 'customers:read-matches' },
  root: { one: 'customerMatch', many: 'customerMatches' },
  order: ['-score'],
  relations: {
    customer: { kind: 'one', record: 'Customer', by: 'customerId', description: 'One of the two.' },
    otherCustomer: { kind: 'one', record: 'Customer', by: 'otherCustomerId', description: 'The other one.' },
    keptCustomer: {
      kind: 'one',
      record: 'Customer',
      by: 'keptCustomerId',
      description: 'The one that has the accounts of both.',
    },
    decidedBy: { kind: 'one', record: 'Actor', by: 'decidedById', description: 'Who decided last.' },
    evidence: {
      kind: 'many',
      record: 'CustomerMatchEvidence',
      by: 'matchId',
      order: ['place'],
      connection: false,
      description: 'What speaks for it and against it, what weighs most first.',
    },
  },
  computed: {
    allowedActions: allowedActions({
      machine: matchMachine,
      enumName: 'CustomerMatchAction',
      permissions: { CONFIRM: 'customers:match', REJECT: 'customers:match', UNDO: 'customers:match' },
      isTenantWide: true,
    }),
  },
};

export const customerMatchEvidenceRead: ReadDefinition = {
  prefix: 'cme',
  description: 'What speaks for two customers being the same, or against it.',
  resource: { permission: 'customers:read-matches' },
  order: ['place'],
};
