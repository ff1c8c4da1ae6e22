/** Fulfilments and logistics providers in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { bulkMutation } from '../../write/bulk.graphql.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { createLogisticsProvider, rotateLogisticsSecret, updateLogisticsProvider } from './logistics.commands.ts';
import { cancelFulfilment, planFulfilment } from './plan.commands.ts';
import { releaseFulfilment } from './release.commands.ts';
import { deliverFulfilment, returnFulfilment, shipFulfilment } from './ship.commands.ts';
import { recordTracking } from './tracking.commands.ts';

export const fulfilmentResolvers = (roots: readonly ReadRecord[]): Function[] => [
  ...roots.map((record) => rootResolver(record)),
  ...[
    planFulfilment,
    releaseFulfilment,
    shipFulfilment,
    deliverFulfilment,
    cancelFulfilment,
    returnFulfilment,
    recordTracking,
  ].map((definition) => mutation(definition, { field: 'fulfilment' })),
  ...[createLogisticsProvider, rotateLogisticsSecret].map((definition) =>
    mutation(definition, { field: 'logisticsProvider', secret: 'The shared secret, `whsec_…`: keep it, it is not shown again.' }),
  ),
  mutation(updateLogisticsProvider, { field: 'logisticsProvider' }),
  bulkMutation(planFulfilment, { name: 'bulkPlanFulfilments', field: 'fulfilment' }),
  bulkMutation(shipFulfilment, { name: 'bulkShipFulfilments', field: 'fulfilment' }),
  bulkMutation(deliverFulfilment, { name: 'bulkDeliverFulfilments', field: 'fulfilment' }),
  bulkMutation(recordTracking, { name: 'bulkRecordTracking', field: 'fulfilment' }),
];
