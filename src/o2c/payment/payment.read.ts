/** How payments are read. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ReadDefinition } from '../../read/catalogue.ts';
import { knownThere, pushedRelations } from '../../write/synced.ts';
import { documentParties } from '../party/index.ts';
import { paymentMachine } from './payment.machine.ts';

export const paymentRead: ReadDefinition = {
  prefix: 'pay',
  description: 'A payment of a customer. Received it is owed to the customer until it is set against documents.',
  resource: { permission: 'payments:read', legalEntity: 'legalEntityId', account: 'accountId' },
  root: { one: 'payment', many: 'payments', keys: [['legalEntityId', 'number']], known: knownThere },
  order: ['-createdAt'],
  relations: {
    ...pushedRelations,
    ...documentParties,
    items: {
      kind: 'many',
      record: 'OpenItem',
      by: 'documentId',
      order: ['instalment'],
      connection: false,
      description: 'Its open item, with what it was used for.',
    },
  },
  computed: {
    allowedActions: allowedActions({
      machine: paymentMachine,
      enumName: 'PaymentAction',
      permissions: {
        RECEIVE: 'payments:record',
        FAIL: 'payments:record',
        CANCEL: 'payments:record',
        APPLY: 'cash:apply',
        RETURN: 'payments:return',
      },
    }),
  },
};
