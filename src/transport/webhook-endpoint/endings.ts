/**
 * Attempts that ended, noted together in one transaction: the deliveries, the queues of their endpoints, the attempts, and the turn of whatever
 * is next of each record. A claim that another process has taken over changes nothing.
 */
import type { PoolClient } from '../../outbox/connection.ts';
import { claimKey, type Ended } from './claims.ts';
import { type QueueChange, queueChangesOf } from './queue-changes.rules.ts';

export interface Noted {
  /** Those that were still ours. */
  readonly noted: readonly Ended[];
  /** Those whose endpoint is being laid out for: they are to be noted a moment later. */
  readonly busy: readonly Ended[];
  /** By endpoint, since when nothing but failures came from it. */
  readonly failingSince: ReadonlyMap<string, Date | null>;
}

/**
 * Who lays out holds queues in an order of its own, so nobody here waits for one while holding another: what is busy is left for the next
 * time, and then the first of it is waited for, before anything else.
 */
export async function endAttempts(client: PoolClient, ended: readonly Ended[], isLate: boolean): Promise<Noted> {
  const [waited] = isLate ? ended : [];
  const [, locked] = await Promise.all([
    waited && client.query({ name: 'webhooks wait', text: WAIT, values: [waited.claim.tenantId, waited.claim.endpointId] }),
    client.query<{ endpointId: string; keys: readonly string[] | null }>({
      // planned anew each time: a kept plan reads too much, of few rows or of many
      text: END,
      values: [
        ended.map(({ claim }) => claim.tenantId),
        ended.map(({ claim }) => claim.endpointId),
        ended.map(({ claim }) => claim.id),
        ended.map(({ claim }) => claim.token),
        ended.map(({ state }) => state),
        ended.map(({ nextAt }) => nextAt),
        ended.map(({ state, now }) => (state === 'PENDING' ? null : now)),
        ended.map(({ outcome }) => outcome.failure),
      ],
    }),
  ]);
  const keys = new Map(locked.rows.map((row) => [row.endpointId, new Set(row.keys)]));
  const noted = ended.filter(({ claim }) => keys.get(claim.endpointId)?.has(claimKey(claim)));
  const busy = ended.filter(({ claim }) => !keys.has(claim.endpointId));
  const [failingSince] = await Promise.all([
    changeQueues(client, queueChangesOf(noted)),
    keepAttempts(client, noted),
    giveTurns(
      client,
      noted.filter(({ claim, state }) => state !== 'PENDING' && claim.purpose !== 'TEST'),
    ),
  ]);
  return { noted, busy, failingSince };
}

const WAIT = 'select from webhook_queue where tenant_id = $1 and endpoint_id = $2 for update';

/** The queues first: whoever lays out for one of them waits, and sees what is first of its record then. */
const END = `
  with locked as materialized (
    select q.tenant_id, q.endpoint_id
    from (select distinct tenant_id, endpoint_id from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, endpoint_id)) k
    join webhook_queue q on q.tenant_id = k.tenant_id and q.endpoint_id = k.endpoint_id
    for update of q skip locked
  ),
  ended as (
    update webhook_delivery d set state = c.state, next_at = c.next_at, ended_at = c.ended_at, failure = c.failure, claimed_until = null
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[])
      as c (tenant_id, endpoint_id, id, token, state, next_at, ended_at, failure)
    join locked l on l.tenant_id = c.tenant_id and l.endpoint_id = c.endpoint_id
    where d.tenant_id = c.tenant_id and d.id = c.id and d.claim_token = c.token and d.state = 'PENDING'
    returning d.endpoint_id, d.id || ' ' || d.claim_token as key
  )
  select l.endpoint_id as "endpointId", (select array_agg(e.key) from ended e where e.endpoint_id = l.endpoint_id) as keys from locked l`;

const CHANGE = `
  update webhook_queue q set pending_count = q.pending_count - c.ended,
    failing_since = case when c.was_taken then c.failing_since else coalesce(q.failing_since, c.failing_since) end,
    failure = case when c.was_taken or c.failure is not null then c.failure else q.failure end,
    failure_count = case when c.was_taken then 0 else q.failure_count end + c.failures,
    delivered_at = coalesce(c.delivered_at, q.delivered_at),
    blocked_until = greatest(q.blocked_until, c.blocked_until)
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::bool[], $5::int[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
    as c (tenant_id, endpoint_id, ended, was_taken, failures, failure, failing_since, delivered_at, blocked_until)
  where q.tenant_id = c.tenant_id and q.endpoint_id = c.endpoint_id
  returning q.endpoint_id as "endpointId", q.failing_since as "failingSince"`;

async function changeQueues(client: PoolClient, changes: readonly QueueChange[]): Promise<Noted['failingSince']> {
  if (changes.length === 0) return new Map();
  const { rows } = await client.query<{ endpointId: string; failingSince: Date | null }>({
    name: 'webhooks queue',
    text: CHANGE,
    values: [
      changes.map((change) => change.tenantId),
      changes.map((change) => change.endpointId),
      changes.map((change) => change.endedCount),
      changes.map((change) => change.wasTaken),
      changes.map((change) => change.failureCount),
      changes.map((change) => change.failure),
      changes.map((change) => change.failingSince),
      changes.map((change) => change.deliveredAt),
      changes.map((change) => change.blockedUntil),
    ],
  });
  return new Map(rows.map((row) => [row.endpointId, row.failingSince]));
}

const KEEP = `
  insert into webhook_attempt (tenant_id, delivery_id, number, started_at, duration_ms, status, headers, body, failure)
  select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[], $5::int[], $6::int[], $7::jsonb[], $8::text[], $9::text[])`;

async function keepAttempts(client: PoolClient, noted: readonly Ended[]): Promise<void> {
  if (noted.length === 0) return;
  await client.query({
    name: 'webhooks attempts',
    text: KEEP,
    values: [
      noted.map(({ claim }) => claim.tenantId),
      noted.map(({ claim }) => claim.id),
      noted.map(({ claim }) => claim.attempt),
      noted.map(({ startedAt }) => startedAt),
      noted.map(({ durationMs }) => Math.round(durationMs)),
      noted.map(({ outcome }) => outcome.status),
      noted.map(({ outcome }) => outcome.headers && JSON.stringify(outcome.headers)),
      noted.map(({ outcome }) => outcome.body),
      noted.map(({ outcome }) => outcome.failure),
    ],
  });
}

const TURNS = `
  with first as materialized (
    select n.at, w.id
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) as n (tenant_id, endpoint_id, record_id, at)
    cross join lateral (select w.id from webhook_delivery w where w.tenant_id = n.tenant_id and w.endpoint_id = n.endpoint_id
      and w.record_id = n.record_id and w.state = 'PENDING' and w.purpose <> 'TEST' order by w.seq limit 1) w
  )
  update webhook_delivery d set next_at = first.at from first
  where d.tenant_id = any($1) and d.id = any(array(select id from first)) and d.id = first.id`;

/** To the next of each record. */
async function giveTurns(client: PoolClient, over: readonly Ended[]): Promise<void> {
  if (over.length === 0) return;
  await client.query({
    name: 'webhooks turns',
    text: TURNS,
    values: [
      over.map(({ claim }) => claim.tenantId),
      over.map(({ claim }) => claim.endpointId),
      over.map(({ claim }) => claim.recordId),
      over.map(({ now }) => now),
    ],
  });
}
