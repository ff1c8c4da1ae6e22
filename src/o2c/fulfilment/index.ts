/** Fulfilment: goods on their way, in-house or by a third party, and back. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { Fulfilment, FulfilmentLine, LogisticsProvider, TrackingEvent } from './fulfilment.entity.ts';
import { fulfilmentEvents } from './fulfilment.events.ts';
import { fulfilmentResolvers } from './fulfilment.graphql.ts';
import { fulfilmentMachine } from './fulfilment.machine.ts';
import { fulfilmentPolicy } from './fulfilment.policy.ts';
import { createLogisticsProvider, rotateLogisticsSecret, updateLogisticsProvider } from './logistics.commands.ts';
import { logisticsEvents } from './logistics.events.ts';
import { observeFulfilment } from './observe-fulfilment.commands.ts';
import { fulfilmentLineRead, fulfilmentRead, logisticsProviderRead, trackingEventRead } from './fulfilment.read.ts';
import { cancelFulfilment, planFulfilment } from './plan.commands.ts';
import { releaseFulfilment } from './release.commands.ts';
import { deliverFulfilment, returnFulfilment, shipFulfilment } from './ship.commands.ts';
import { recordTracking } from './tracking.commands.ts';

export { SECRET_FIELD } from './logistics.commands.ts';
export { recordTracking } from './tracking.commands.ts';
export { TRACKING_KINDS } from './tracking.rules.ts';

const roots = [readRecord(Fulfilment, fulfilmentRead), readRecord(LogisticsProvider, logisticsProviderRead)];

export const fulfilmentModule = defineModule({
  name: 'fulfilment',
  entities: [LogisticsProvider, Fulfilment, FulfilmentLine, TrackingEvent],
  records: [...roots, readRecord(FulfilmentLine, fulfilmentLineRead), readRecord(TrackingEvent, trackingEventRead)],
  machines: [fulfilmentMachine],
  postings: [],
  policy: fulfilmentPolicy,
  events: [...fulfilmentEvents, ...logisticsEvents],
  commands: [
    planFulfilment,
    releaseFulfilment,
    shipFulfilment,
    deliverFulfilment,
    cancelFulfilment,
    returnFulfilment,
    recordTracking,
    observeFulfilment,
    createLogisticsProvider,
    updateLogisticsProvider,
    rotateLogisticsSecret,
  ],
  resolvers: fulfilmentResolvers(roots),
});
