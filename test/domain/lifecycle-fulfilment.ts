/** How to bring a fulfilment into each of its states, and by which command each of its actions is asked for. */
import type { Books, World } from '../support/world.ts';
import { done, type Driver } from './lifecycle-drivers.ts';

export function fulfilmentDriver(world: World, { accountId }: Books): Driver {
  const lines = [{ description: 'Pump', quantity: '2', unitPrice: '100', taxCategory: 'S', taxRate: '19', isShipped: true }];
  const run = async (name: string, id: Promise<string>) => done(world, name, { id: await id }, 'ful');
  const planned = async () => {
    const orderId = await done(world, 'placeOrder', { accountId, lines }, 'ord');
    return done(world, 'planFulfilment', { orderId }, 'ful');
  };
  const released = () => run('releaseFulfilment', planned());
  const shipped = () => run('shipFulfilment', released());
  const report = (id: string) => ({ id, source: 'driver', externalId: id, kind: 'PICKED', occurredAt: world.clock.now() });
  return {
    record: 'Fulfilment',
    prefix: 'ful',
    reach: {
      PLANNED: planned,
      RELEASED: released,
      SHIPPED: shipped,
      DELIVERED: () => run('deliverFulfilment', shipped()),
      CANCELLED: () => run('cancelFulfilment', planned()),
    },
    actions: {
      RELEASE: { command: 'releaseFulfilment', input: (id) => ({ id }) },
      SHIP: { command: 'shipFulfilment', input: (id) => ({ id }) },
      DELIVER: { command: 'deliverFulfilment', input: (id) => ({ id }) },
      CANCEL: { command: 'cancelFulfilment', input: (id) => ({ id }) },
      RETURN: { command: 'returnFulfilment', input: (id) => ({ id, reason: 'Damaged' }) },
      TRACK: { command: 'recordTracking', input: report },
    },
  };
}
