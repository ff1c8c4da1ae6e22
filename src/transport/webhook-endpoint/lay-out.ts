/**
 * Lays the log out for endpoints: one place in the log for all of them, each batch in one transaction, so that a crash in between neither
 * loses nor doubles anything. An endpoint for which enough waits falls behind: it keeps a place of its own until there is room again, so
 * a receiver that is down costs rows for some time only. What is asked of the sender (repeat, send again) it takes from the log too.
 */
import { transaction } from '../../outbox/connection.ts';
import { advance, hasNews } from '../../outbox/dispatcher.ts';
import type { WebhookEngines } from './engines.ts';
import { type Asked, obey } from './lay-out-asked.ts';
import { catchUp, someBehind } from './lay-out-behind.ts';
import { type Batch, insertDeliveries, namingOf } from './lay-out-insert.ts';

/** Its place in the log. */
export const WEBHOOKS = { name: 'webhooks', startAt: 'NOW' } as const;
const BATCH = 500;
/** All that is asked here goes by an index, in its order: to plan it anew for each event costs more than to do it. */
const KEPT_PLANS = 'set local plan_cache_mode = force_generic_plan';

/** Is there anything to lay out? To ask costs little, and writes nothing. */
export const hasToLayOut = async ({ pool, limits }: WebhookEngines): Promise<boolean> =>
  (await hasNews(pool, WEBHOOKS.name)) || someBehind(pool, limits.webhookPendingMaxCount);

/** One batch of the log, and a batch for each of some endpoints that are behind. Returns whether there may be more to do. */
export async function layOut(engines: WebhookEngines): Promise<boolean> {
  const { pool, clock, catalogue, limits } = engines;
  const naming = namingOf(catalogue);
  return transaction(pool, async (client) => {
    await client.query(KEPT_PLANS);
    let isBehind = false;
    const read = await advance(client, { consumer: WEBHOOKS.name, limit: BATCH }, async ({ after, upTo }) => {
      const batch = { client, naming, after, upTo, at: clock.now(), pendingMaxCount: limits.webhookPendingMaxCount };
      if (upTo > after) await layOutBatch(batch);
      isBehind = await catchUp(batch);
    });
    return read === BATCH || isBehind;
  });
}

async function layOutBatch(batch: Batch): Promise<void> {
  const { client, after, upTo, pendingMaxCount } = batch;
  const { rows: asked } = await client.query<Asked>({ name: 'webhooks asked', text: ASKED, values: [after, upTo] });
  for (const one of asked) if (one.type === 'webhook_endpoint.created') await obey(batch, one);
  // whoever ends a delivery locks the queue too: what is first of its record doesn't change under us
  const values = [after, upTo, pendingMaxCount];
  const { rows: queues } = await client.query<Filled>({ name: 'webhooks queues', text: QUEUES, values });
  const full = queues.filter(({ isFull }) => isFull).map(({ endpointId }) => endpointId);
  if (full.length > 0)
    await client.query('update webhook_queue set behind_at = greatest($2, from_position - 1) where endpoint_id = any($1)', [
      full,
      after,
    ]);
  const live = queues.filter(({ isFull }) => !isFull).map(({ endpointId }) => endpointId);
  await insertDeliveries(batch, { endpointIds: live, purpose: 'EVENT', after, upTo });
  for (const one of asked) if (one.type !== 'webhook_endpoint.created') await obey(batch, one);
}

const ASKED = `
  select tenant_id as "tenantId", record_id as "endpointId", position::text, type, payload from event
  where position > $1 and position <= $2 and record_kind = 'WebhookEndpoint' order by position`;

interface Filled {
  readonly endpointId: string;
  /** It may get more than there is room for. */
  readonly isFull: boolean;
}

const QUEUES = `
  select q.endpoint_id as "endpointId", q.pending_count + e.count > $3 as "isFull"
  from (select tenant_id, count(*) as count from event where position > $1 and position <= $2 group by tenant_id) e
  join webhook_queue q on q.tenant_id = e.tenant_id join webhook_endpoint w on w.tenant_id = q.tenant_id and w.id = q.endpoint_id
  where w.lifecycle <> 'DELETED' and q.behind_at is null
  order by q.tenant_id, q.endpoint_id for update of q`;
