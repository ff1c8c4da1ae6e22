/** Endpoints that are behind the others, and repetitions: laid out from the log batch by batch, as far as there is room. */
import { readFloor } from '../../outbox/event-read.ts';
import type { Queryable } from '../../outbox/connection.ts';
import { type Batch, insertDeliveries } from './lay-out-insert.ts';

/** So many endpoints at a time, those with the least that waits first; of each so many events of its tenant, or what there is room for. */
const ENDPOINTS = 20;
const EVENTS = 500;

interface Behind {
  readonly tenantId: string;
  readonly endpointId: string;
  readonly behindAt: string | null;
  readonly replayAt: string | null;
  readonly replayUntil: string | null;
  readonly room: number;
}

/** Where a batch of a tenant's events ends, and what of it is no longer kept. */
interface Reach {
  readonly to: bigint;
  readonly isEnd: boolean;
  readonly lostTo: bigint;
}

/** Is the queue `q` of the endpoint `w` behind, with room for more: half of `$1`, so that it isn't gone on with for each that ends? */
const BEHIND = `from webhook_queue q join webhook_endpoint w on w.tenant_id = q.tenant_id and w.id = q.endpoint_id
     where (q.behind_at is not null or q.replay_at is not null) and q.pending_count <= $1 / 2 and w.lifecycle <> 'DELETED'`;

export async function someBehind(client: Queryable, pendingMaxCount: number): Promise<boolean> {
  const text = `select exists (select ${BEHIND}) as "isBehind"`;
  const { rows } = await client.query<{ isBehind: boolean }>({ name: 'webhooks some behind', text, values: [pendingMaxCount] });
  return rows[0]?.isBehind === true;
}

/** Returns whether there may be more to do at once. */
export async function catchUp(batch: Batch): Promise<boolean> {
  const { client, pendingMaxCount } = batch;
  const text = `select q.tenant_id as "tenantId", q.endpoint_id as "endpointId", q.behind_at::text as "behindAt", q.replay_at::text as "replayAt",
       q.replay_until::text as "replayUntil", least($1 - q.pending_count, $3)::int as room
     ${BEHIND}
     order by q.pending_count limit $2 for update of q`;
  const { rows } = await client.query<Behind>({ name: 'webhooks behind', text, values: [pendingMaxCount, ENDPOINTS, EVENTS] });
  let hasMore = false;
  for (const one of rows) {
    if (one.behindAt !== null) hasMore = (await goOn(batch, one, BigInt(one.behindAt))) || hasMore;
    else if (one.replayAt !== null) hasMore = (await repeat(batch, one, BigInt(one.replayAt))) || hasMore;
  }
  return hasMore;
}

async function goOn(batch: Batch, { tenantId, endpointId, room }: Behind, after: bigint): Promise<boolean> {
  const { to, isEnd, lostTo } = await reachOf(batch, { tenantId, after, until: batch.upTo, room });
  await insertDeliveries(batch, { endpointIds: [endpointId], purpose: 'EVENT', after, upTo: to });
  await noteLost(batch, { tenantId, endpointId, after, lostTo });
  await batch.client.query('update webhook_queue set behind_at = $3 where tenant_id = $1 and endpoint_id = $2', [
    tenantId,
    endpointId,
    isEnd ? null : to,
  ]);
  return !isEnd;
}

async function repeat(batch: Batch, { tenantId, endpointId, replayUntil, room }: Behind, after: bigint): Promise<boolean> {
  const until = BigInt(replayUntil ?? 0);
  const { to, isEnd, lostTo } = await reachOf(batch, { tenantId, after, until, room });
  await insertDeliveries(batch, { endpointIds: [endpointId], purpose: 'REPLAY', after, upTo: to });
  await noteLost(batch, { tenantId, endpointId, after, lostTo });
  await batch.client.query(
    'update webhook_queue set replay_at = $3, replay_until = case when $3::bigint is not null then replay_until end where tenant_id = $1 and endpoint_id = $2',
    [tenantId, endpointId, isEnd ? null : to],
  );
  return !isEnd;
}

async function reachOf(
  { client }: Batch,
  { tenantId, after, until, room }: { tenantId: string; after: bigint; until: bigint; room: number },
): Promise<Reach> {
  const { rows } = await client.query<{ position: string }>(
    'select position::text from event where tenant_id = $1 and position > $2 and position <= $3 order by position limit $4',
    [tenantId, after, until, room],
  );
  const last = rows.length === room ? rows.at(-1) : undefined;
  const floor = await readFloor(client, tenantId);
  const lostTo = floor < until ? floor : until;
  return { to: last ? BigInt(last.position) : until, isEnd: last === undefined, lostTo };
}

/** Silence never hides a loss: what retention took before it was laid out shows at the endpoint. */
async function noteLost(
  { client }: Batch,
  { tenantId, endpointId, after, lostTo }: { tenantId: string; endpointId: string; after: bigint; lostTo: bigint },
): Promise<void> {
  if (lostTo <= after) return;
  await client.query(
    `update webhook_queue set lost_from = least(coalesce(lost_from, $3), $3), lost_to = greatest(coalesce(lost_to, $4), $4)
     where tenant_id = $1 and endpoint_id = $2`,
    [tenantId, endpointId, after, lostTo],
  );
}
