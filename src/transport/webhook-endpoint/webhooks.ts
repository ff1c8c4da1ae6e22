/** Outgoing webhooks as the platform runs them: the sender, the pruning, and the answers of tests. Without a key for secrets none of it runs, since each message is signed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpClient } from '../../connect/http.ts';
import { DomainError } from '../../kernel/errors.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import { ensureCursor } from '../../outbox/dispatcher.ts';
import type { WebhookDesk } from './context.ts';
import type { WebhookEngines } from './engines.ts';
import { WEBHOOKS } from './lay-out.ts';
import type { Metrics } from '../metrics.ts';
import { createMeasures } from './measures.ts';
import { pruneWebhooks } from './prune.ts';
import { Sender, type SenderOptions } from './sender.ts';

export interface WebhooksOptions extends Omit<SenderOptions, 'http' | 'onEnded'> {
  readonly allowsLoopback: boolean;
  /** There is a key for secrets. */
  readonly hasKey: boolean;
}

export interface Webhooks {
  readonly desk: WebhookDesk;
  /** Before the first endpoint can be made: from here on nothing is missed, and an old log isn't read through. */
  prepare(): Promise<void>;
  measure(metrics: Metrics): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const PRUNE_MS = 600_000;
const ASK_MS = { from: 20, to: 200 };
/** For the sealing, and for its turn. */
const MARGIN_MS = 5_000;

export function openWebhooks({ allowsLoopback, hasKey, ...given }: WebhooksOptions): Webhooks {
  const { limits, onError } = given;
  const http = createHttpClient({ allowsLoopback, connectionsPerHostMaxCount: limits.webhooksPerProcessMaxCount });
  const engines = { ...given, http };
  const measures = createMeasures(given);
  const sender = new Sender({ ...engines, onEnded: measures.ended });
  let stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // without a key no endpoint can be made, and a place in the log that nobody moves would keep all of it
  const prepare = async (): Promise<void> => (hasKey ? ensureCursor(given.pool, WEBHOOKS) : undefined);
  const prune = () => void pruneWebhooks(engines, stopping.signal).catch(onError);
  return {
    desk: { tested: (principal, test) => answerOf(given, { tenantId: principal.tenantId, ...test }) },
    prepare,
    measure: measures.measure,
    async start() {
      await prepare();
      if (!hasKey) return;
      stopping = new AbortController();
      sender.start();
      prune();
      timer = setInterval(prune, PRUNE_MS);
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await sender.stop();
      http.close();
    },
  };
}

interface Test {
  readonly tenantId: string;
  readonly endpointId: string;
  readonly testId: string;
}

async function answerOf({ pool, limits }: Pick<WebhookEngines, 'pool' | 'limits'>, test: Test): Promise<string> {
  const lateMs = limits.webhookTimeoutMs + MARGIN_MS;
  const startMs = monotonicMs();
  for (let askMs = ASK_MS.from; monotonicMs() - startMs < lateMs; askMs = Math.min(askMs * 2, ASK_MS.to)) {
    await sleep(askMs);
    const { rows } = await pool.query<{ id: string }>(
      `select d.id from webhook_delivery d join event e on e.tenant_id = d.tenant_id and e.position = d.position
       where d.tenant_id = $1 and d.endpoint_id = $2 and d.purpose = 'TEST' and d.state <> 'PENDING' and e.payload ->> 'testId' = $3`,
      [test.tenantId, test.endpointId, test.testId],
    );
    if (rows[0]) return rows[0].id;
  }
  throw new DomainError('UNAVAILABLE', `Nobody sent the test within ${Math.round(lateMs / 1_000)} seconds: is a worker running?`);
}
