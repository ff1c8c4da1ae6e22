/** Inbound sync of this process: what is due is read, and webhooks are taken. Without a key for secrets none of it runs. */
import { sql } from '../../read/sql.ts';
import type { SyncEngines } from '../engine.ts';
import { createScheduler, noKey } from './scheduler.ts';
import { erpWebhooks, type ReceiveErpWebhook } from './webhook.ts';

export interface ErpSync {
  readonly receive: ReceiveErpWebhook;
  /** There may be something to do: somebody asked for a read. */
  wake(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function openSync(engines: SyncEngines, { hasKey }: { readonly hasKey: boolean }): ErpSync {
  const scheduler = createScheduler(engines);
  return {
    receive: erpWebhooks(engines, scheduler.wake),
    wake: scheduler.wake,
    async start() {
      if (hasKey) return scheduler.start();
      const [connection] = await engines.systemRows<{ id: string }>(sql`select id from connection limit 1`);
      if (connection) engines.onError(noKey());
      return undefined;
    },
    stop: () => scheduler.stop(),
  };
}
