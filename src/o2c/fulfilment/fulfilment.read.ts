/** How fulfilments and logistics providers are read. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ReadDefinition } from '../../read/catalogue.ts';
import type { Permission } from '../../access/policy.ts';
import { knownThere, pushedRelations } from '../../write/synced.ts';
import { documentParties } from '../party/index.ts';
import { fulfilmentMachine } from './fulfilment.machine.ts';

const resource = { permission: 'fulfilments:read', legalEntity: 'legalEntityId', account: 'accountId' } as const;

/** Not on one that an ERP made. */
const ofOurs = (permission: Permission) => ({ column: 'origin', permissions: { PLANNED: permission } });

export const fulfilmentRead: ReadDefinition = {
  prefix: 'ful',
  description: 'A fulfilment: goods of an order that leave together.',
  resource,
  root: { one: 'fulfilment', many: 'fulfilments', keys: [['legalEntityId', 'number']], known: knownThere },
  order: ['-createdAt'],
  relations: {
    ...pushedRelations,
    ...documentParties,
    order: { kind: 'one', record: 'Order', by: 'orderId', description: 'The order that it fulfils.' },
    lines: {
      kind: 'many',
      record: 'FulfilmentLine',
      by: 'fulfilmentId',
      order: ['id'],
      connection: false,
      description: 'Its lines.',
    },
    tracking: {
      kind: 'many',
      record: 'TrackingEvent',
      by: 'fulfilmentId',
      order: ['occurredAt'],
      connection: false,
      description: 'Where it was, in the order in which it happened.',
    },
  },
  computed: {
    allowedActions: allowedActions({
      machine: fulfilmentMachine,
      enumName: 'FulfilmentAction',
      permissions: {
        RELEASE: ofOurs('fulfilments:plan'),
        SHIP: ofOurs('fulfilments:ship'),
        DELIVER: ofOurs('fulfilments:ship'),
        CANCEL: ofOurs('fulfilments:plan'),
        RETURN: 'returns:record',
        TRACK: 'fulfilments:ship',
      },
    }),
  },
};
export const fulfilmentLineRead: ReadDefinition = {
  prefix: 'ffl',
  description: 'What a fulfilment has of one line of the order.',
  resource,
  order: ['id'],
  relations: { orderLine: { kind: 'one', record: 'OrderLine', by: 'orderLineId', description: 'The line of the order.' } },
};
export const trackingEventRead: ReadDefinition = {
  prefix: 'trk',
  description: 'Where a fulfilment was, as reported.',
  resource,
  order: ['occurredAt'],
};
export const logisticsProviderRead: ReadDefinition = {
  prefix: 'lp',
  description: 'A third party that fulfils.',
  resource: { permission: 'logistics:read' },
  root: { one: 'logisticsProvider', many: 'logisticsProviders', keys: [['code']] },
  order: ['code'],
};
