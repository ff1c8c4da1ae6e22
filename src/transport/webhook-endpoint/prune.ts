/** Forgets deliveries that were taken long enough ago, with their attempts, in small transactions. Dead letters stay until they are sent again. */
import { transaction } from '../../outbox/connection.ts';
import type { WebhookEngines } from './engines.ts';

const CHUNK = 1_000;
const DAY_MS = 86_400_000;

export async function pruneWebhooks({ pool, clock, limits }: WebhookEngines, signal: AbortSignal): Promise<void> {
  const until = new Date(clock.now().getTime() - limits.webhookDeliveriesKeptDays * DAY_MS);
  for (let count = CHUNK; count === CHUNK && !signal.aborted; )
    count = await transaction(pool, async (client) => {
      const { rowCount } = await client.query(
        `with old as (
           select tenant_id, id, endpoint_id, position from webhook_delivery where state = 'DELIVERED' and ended_at < $1
           order by ended_at limit ${CHUNK} for update skip locked
         ),
         counted as (
           update webhook_queue q set pruned_count = q.pruned_count + o.count, pruned_position = greatest(q.pruned_position, o.position)
           from (select tenant_id, endpoint_id, count(*) as count, max(position) as position from old group by 1, 2) o
           where q.tenant_id = o.tenant_id and q.endpoint_id = o.endpoint_id
         )
         delete from webhook_delivery d using old o where d.tenant_id = o.tenant_id and d.id = o.id`,
        [until],
      );
      return rowCount ?? 0;
    });
}
