/**
 * Deliveries that a process has taken on: for a while, renewed while it works, taken over when it is gone. Each claim raises the row's
 * token, and only the newest ends it, so a process that was taken for dead changes nothing. Claims run out by the database's clock; when
 * something is due, and until when an endpoint is left alone, comes from the injected one.
 */
import type { Pool, Queryable } from '../../outbox/connection.ts';
import type { SealedEvent } from '../../outbox/event.ts';
import { type SealedRow, sealedColumns, toSealedEvent } from '../../outbox/event-row.ts';
import type { Outcome } from './outcome.rules.ts';
import type { Queued, Share } from './shares.rules.ts';

export interface Claim {
  readonly tenantId: string;
  readonly id: string;
  readonly endpointId: string;
  readonly recordId: string;
  readonly purpose: 'EVENT' | 'REPLAY' | 'TEST';
  readonly token: string;
  /** From 1, over all. */
  readonly attempt: number;
  /** Since it was sent again, or its endpoint resumed. */
  readonly attemptCount: number;
  readonly firstAttemptAt: Date;
  /** Since when its endpoint is sent anything: failures before that don't count against it. */
  readonly activeSince: Date;
  readonly url: string;
  readonly sealedSecret: string;
  readonly previousSealedSecret: string | null;
  readonly previousSecretUntil: Date | null;
  /** Null: retention has taken it. */
  readonly event: SealedEvent | null;
}

/** An attempt that is over. */
export interface Ended {
  readonly claim: Claim;
  readonly outcome: Outcome;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly now: Date;
  readonly state: 'PENDING' | 'DELIVERED' | 'DEAD';
  /** Null unless it is PENDING. */
  readonly nextAt: Date | null;
}

/** Has the delivery `d` of the queue `q` its turn at `$1`? */
const DUE = `d.tenant_id = q.tenant_id and d.endpoint_id = q.endpoint_id and d.state = 'PENDING' and d.next_at <= $1`;
/** Is nobody at it? */
const FREE = `(d.claimed_until is null or d.claimed_until < clock_timestamp())`;
/** Is anything sent to the endpoint `w` at `$1`? Tests always are. */
const OPEN = `w.lifecycle = 'ACTIVE' and (q.blocked_until is null or q.blocked_until <= $1)`;

/** Endpoints with something due. */
export async function queuedEndpoints(client: Queryable, now: Date): Promise<readonly Queued[]> {
  const text = `select q.tenant_id as "tenantId", q.endpoint_id as "endpointId"
     from webhook_queue q join webhook_endpoint w on w.tenant_id = q.tenant_id and w.id = q.endpoint_id
     where w.lifecycle <> 'DELETED' and q.pending_count > 0
       and ((${OPEN} and (select d.seq from webhook_delivery d where ${DUE} and ${FREE} order by d.next_at, d.seq limit 1) is not null)
         or exists (select from webhook_delivery d where ${DUE} and ${FREE} and d.purpose = 'TEST'))`;
  const { rows } = await client.query<Queued>({ name: 'webhooks queued', text, values: [now] });
  return rows;
}

interface ClaimRow extends Omit<SealedRow, 'position'>, Omit<Claim, 'event' | 'tenantId' | 'recordId'> {
  readonly position: string | null;
  readonly deliveryOf: string;
  readonly lane: string;
}

export interface ClaimOptions {
  readonly now: Date;
  readonly shares: readonly Share[];
  readonly ttlMs: number;
  /** Of one endpoint, over all processes. */
  readonly perEndpoint: number;
}

/**
 * So many of each endpoint as its share has room for, what is due longest first. Only the first few of an endpoint are looked at, those
 * included that somebody is at: so no more than these are under way at once, however many processes send. Each is asked for once more as it is
 * locked, by its id alone: another process may have ended it meanwhile, and no other index is to be tried for it.
 */
export async function claimDeliveries(
  client: Queryable,
  { now, shares, ttlMs, perEndpoint }: ClaimOptions,
): Promise<readonly Claim[]> {
  const text = `with due as (
       select d.tenant_id, d.id
       from unnest($2::uuid[], $3::uuid[], $4::int[]) as s (tenant_id, endpoint_id, room)
       join webhook_queue q on q.tenant_id = s.tenant_id and q.endpoint_id = s.endpoint_id
       join webhook_endpoint w on w.tenant_id = q.tenant_id and w.id = q.endpoint_id and w.lifecycle <> 'DELETED'
       cross join lateral (
         select d.tenant_id, d.id
         from (select d.id, d.next_at, d.seq from webhook_delivery d where ${DUE} and (${OPEN} or d.purpose = 'TEST') order by d.next_at, d.seq limit ${perEndpoint}) first
         cross join lateral (select d.tenant_id, d.id from webhook_delivery d where d.tenant_id = q.tenant_id and d.id = first.id
           and d.state = 'PENDING' and coalesce(d.next_at <= $1, false) and ${FREE} limit 1 for update skip locked) d
         order by first.next_at, first.seq limit s.room) d
     ),
     claimed as (
       update webhook_delivery d set claim_token = d.claim_token + 1, claimed_until = clock_timestamp() + $5 * interval '1 millisecond',
         attempt_count = d.attempt_count + 1, first_attempt_at = coalesce(d.first_attempt_at, $1)
       where d.tenant_id = any(array(select tenant_id from due)) and d.id = any(array(select id from due))
       returning d.*
     )
     select c.id, c.tenant_id as "deliveryOf", c.endpoint_id as "endpointId", c.record_id as lane, c.purpose, c.claim_token as token,
       c.attempt_count as attempt, c.attempt_count - c.earlier_attempt_count as "attemptCount", c.first_attempt_at as "firstAttemptAt",
       w.active_since as "activeSince", w.url, w.sealed_secret as "sealedSecret", w.previous_sealed_secret as "previousSealedSecret", w.previous_secret_until as "previousSecretUntil",
       ${sealedColumns('e')}
     from claimed c
     join webhook_endpoint w on w.tenant_id = c.tenant_id and w.id = c.endpoint_id
     left join lateral (select * from event e where e.tenant_id = c.tenant_id and e.position = c.position limit 1) e on true order by c.seq`;
  const values = [now, shares.map((s) => s.tenantId), shares.map((s) => s.endpointId), shares.map((s) => s.room), ttlMs];
  const { rows } = await client.query<ClaimRow>({ name: 'webhooks claim', text, values });
  return rows.map(toClaim);
}

function toClaim({ id, deliveryOf: tenantId, lane: recordId, position, ...row }: ClaimRow): Claim {
  const { endpointId, purpose, token, attempt, attemptCount, firstAttemptAt, activeSince } = row;
  const { url, sealedSecret, previousSealedSecret, previousSecretUntil, ...eventRow } = row;
  const event = position === null ? null : toSealedEvent({ ...eventRow, position });
  const endpoint = { activeSince, url, sealedSecret, previousSealedSecret, previousSecretUntil };
  return { tenantId, id, endpointId, recordId, purpose, token, attempt, attemptCount, firstAttemptAt, ...endpoint, event };
}

/** A claim among others, also of the same delivery. */
export const claimKey = ({ id, token }: Pick<Claim, 'id' | 'token'>): string => `${id} ${token}`;

/** Renews all that a process has; gives the keys of those that it still has. */
export async function renewClaims(pool: Pool, claims: readonly Claim[], ttlMs: number): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<Pick<Claim, 'id' | 'token'>>(
    `update webhook_delivery d set claimed_until = clock_timestamp() + $4 * interval '1 millisecond'
     from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as c (tenant_id, id, token)
     where d.tenant_id = c.tenant_id and d.id = c.id and d.claim_token = c.token and d.state = 'PENDING' returning d.id, c.token`,
    [claims.map((c) => c.tenantId), claims.map((c) => c.id), claims.map((c) => c.token), ttlMs],
  );
  return new Set(rows.map(claimKey));
}

/** Gives them back as if they had not been tried: the process is going down. */
export const returnClaim = async (pool: Pool, { tenantId, id, token }: Claim): Promise<void> =>
  void (await pool.query(
    `update webhook_delivery set claimed_until = null, attempt_count = attempt_count - 1,
       first_attempt_at = case when attempt_count - 1 > earlier_attempt_count then first_attempt_at end
     where tenant_id = $1 and id = $2 and claim_token = $3 and state = 'PENDING'`,
    [tenantId, id, token],
  ));
