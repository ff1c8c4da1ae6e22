/** What goes to ERPs, put together: the deliveries of requests, in any number of processes. */
import { createDeliveries, type Deliveries, type DeliveriesOptions } from '../../outbox/delivery.ts';
import type { SyncEngines } from '../engine.ts';
import { erpConsumer } from './consumer.ts';

/** Most of the time is spent waiting for ERPs, and one that hangs must not keep the others waiting. */
const CONCURRENCY = 16;

export const openOutbound = (
  engines: SyncEngines,
  { stream }: { readonly stream?: DeliveriesOptions['stream'] | undefined } = {},
): Deliveries =>
  createDeliveries({
    pool: engines.pool,
    clock: engines.clock,
    consumer: erpConsumer(engines),
    concurrency: CONCURRENCY,
    claimTtlMs: engines.leaseTtlMs,
    onError: engines.onError,
    ...(stream ? { stream } : {}),
  });
