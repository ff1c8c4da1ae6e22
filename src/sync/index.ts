/**
 * What keeps us and others in step: requests to third parties that follow from the log, and what they report. It is put together here;
 * without a key for secrets none of it runs, since every request and every report is signed.
 */
import { createHttpClient } from '../connect/http.ts';
import { DomainError } from '../kernel/errors.ts';
import { sql } from '../read/sql.ts';
import { createDeliveries, type DeliveriesOptions } from '../outbox/delivery.ts';
import { ensureCursor } from '../outbox/dispatcher.ts';
import type { SyncContext } from './context.ts';
import type { SyncEngines } from './engine.ts';
import { openSync } from './inbound/open.ts';
import type { ReceiveErpWebhook } from './inbound/webhook.ts';
import { type InboundOptions, logisticsInbound, type ReceiveWebhook } from './logistics-inbound.ts';
import { logisticsConsumer } from './logistics-outbound.ts';
import { createOperations } from './operations.ts';
import { openOutbound } from './outbound/outbound.ts';
import { createProgressFeed } from './progress.ts';
import { type Recording, recordReports } from './tracking.ts';

export type { ReceiveErpWebhook } from './inbound/webhook.ts';
export type { ReceiveWebhook } from './logistics-inbound.ts';

export interface ErpsOptions extends Required<Pick<DeliveriesOptions, 'stream'>> {
  /** There is a key for secrets. */
  readonly hasKey: boolean;
}

export interface Erps {
  /** What resolvers about connections get. */
  readonly graph: SyncContext['sync'];
  readonly receive: ReceiveErpWebhook;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Both ways between us and ERPs. */
export function openErps(engines: SyncEngines, { hasKey, stream }: ErpsOptions): Erps {
  const { connectors, systemRows: rows, clock, lookMs, onError, http } = engines;
  const inbound = openSync(engines, { hasKey });
  const outbound = openOutbound(engines, { stream });
  const progress = createProgressFeed({ rows, clock, lookMs, onError });
  return {
    graph: { connectors, progress, operations: createOperations(engines) },
    receive: inbound.receive,
    async start() {
      await inbound.start();
      if (hasKey) outbound.start(); // without one no connection can be opened
    },
    async stop() {
      progress.close();
      await Promise.allSettled([inbound.stop(), outbound.stop()]);
      http.close();
    },
  };
}

export interface LogisticsOptions
  extends Omit<InboundOptions, 'record'>,
    Recording,
    Pick<DeliveriesOptions, 'pool' | 'stream' | 'onError'>,
    Required<Pick<DeliveriesOptions, 'claimTtlMs'>> {
  readonly allowsLoopback: boolean;
  /** There is a key for secrets. */
  readonly hasKey: boolean;
}

export interface Logistics {
  readonly receive: ReceiveWebhook;
  /** Before the first provider can be made: from here on nothing is missed, and an old log isn't read through. */
  prepare(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** How many requests are under way at once: a provider that hangs must not keep the others waiting. */
const CONCURRENCY = 16;

export function openLogistics(options: LogisticsOptions): Logistics {
  const { rows, vault, clock, pool, stream, claimTtlMs, onError = () => {}, allowsLoopback, hasKey } = options;
  const record = recordReports(options);
  const http = createHttpClient({ allowsLoopback });
  const consumer = logisticsConsumer({ rows, record, vault, http, clock });
  const deliveries = createDeliveries({
    pool,
    clock,
    consumer,
    concurrency: CONCURRENCY,
    claimTtlMs,
    onError,
    ...(stream ? { stream } : {}),
  });
  const prepare = async () => {
    if (hasKey) await ensureCursor(pool, consumer);
  };
  return {
    receive: logisticsInbound({ rows, record, vault, clock }),
    prepare,
    async start() {
      await prepare();
      if (hasKey) return deliveries.start();
      const [provider] = await rows<{ id: string }>(sql`select id from logistics_provider limit 1`);
      const sentence =
        'CASHGRAPH_SECRET_KEY is missing: nothing is sent to logistics providers, and their reports are not taken.';
      if (provider) onError(new DomainError('NOT_CONFIGURED', sentence));
      return undefined;
    },
    async stop() {
      await deliveries.stop();
      http.close();
    },
  };
}
