/**
 * The life of one delivery row in SQL: claimed for a while, then done, tried again later, or dead. Each claim raises the row's token,
 * and only the newest token may end it: a process that was taken for dead changes nothing. Claims run out by the database's clock;
 * the next try's time comes from the injected one.
 */
import { DomainError } from '../kernel/errors.ts';
import type { Pool, Queryable } from './connection.ts';
import type { SealedEvent } from './event.ts';
import { sealedColumns, type SealedRow, toSealedEvent } from './event-row.ts';

export interface Claim {
  readonly tenantId: string;
  readonly id: string;
  readonly token: string;
  /** From 1. */
  readonly attempt: number;
  readonly event: SealedEvent;
}

export interface ClaimOptions {
  readonly consumer: string;
  readonly now: Date;
  readonly limit: number;
  readonly ttlMs: number;
  readonly maxAttempts: number;
}

interface ClaimRow extends SealedRow {
  readonly deliveryId: string;
  readonly token: string;
  readonly attempt: number;
  readonly state: string;
}

/** The log event by event: a plan that was made while it was short would read all of it. */
const CLAIM = `with due as (
   select d.tenant_id, d.id from delivery d
   where d.consumer = $1 and d.state = 'PENDING' and d.next_at <= $2 and (d.claimed_until is null or d.claimed_until < clock_timestamp())
     and not exists (select from delivery o where o.tenant_id = d.tenant_id and o.consumer = d.consumer and o.record_id = d.record_id
       and o.state = 'PENDING' and o.position < d.position)
   order by d.next_at, d.position limit $3 for update of d skip locked
 ),
 claimed as (
   update delivery d set claim_token = coalesce(d.claim_token, 0) + 1, claimed_until = clock_timestamp() + $4 * interval '1 millisecond',
     attempt = least(d.attempt + 1, $5), state = case when d.attempt < $5 then 'PENDING' else 'DEAD' end,
     last_error = case when d.attempt < $5 then d.last_error else 'The process ended during the last attempt.' end
   where d.tenant_id = any(array(select tenant_id from due)) and d.id = any(array(select id from due))
   returning d.tenant_id, d.id, d.claim_token, d.attempt, d.state, d.position
 )
 select c.id as "deliveryId", c.claim_token as token, c.attempt, c.state, ${sealedColumns('e')}
 from claimed c cross join lateral (select * from event e where e.tenant_id = c.tenant_id and e.position = c.position limit 1) e
 order by c.position`;

/** Only the oldest pending delivery of a record can be claimed, so a record's order holds through failures too. */
export async function claimDeliveries(pool: Pool, { consumer, now, limit, ttlMs, maxAttempts }: ClaimOptions): Promise<Claim[]> {
  const values = [consumer, now, limit, ttlMs, maxAttempts];
  const { rows } = await pool.query<ClaimRow>({ name: 'delivery claim', text: CLAIM, values });
  return rows
    .filter(({ state }) => state === 'PENDING')
    .map(({ deliveryId, token, attempt, state: _, ...row }) => ({
      tenantId: row.tenantId,
      id: deliveryId,
      token,
      attempt,
      event: toSealedEvent(row),
    }));
}

const MINE = `tenant_id = $1 and id = $2 and claim_token = $3 and state = 'PENDING'`;
const keys = ({ tenantId, id, token }: Claim): string[] => [tenantId, id, token];

/** @throws LEASE_LOST when another process has claimed it since */
async function change(pool: Pool, claim: Claim, { set, values }: { set: string; values: readonly unknown[] }): Promise<void> {
  const { rowCount } = await pool.query(`update delivery set ${set} where ${MINE}`, [...keys(claim), ...values]);
  if (!rowCount) throw lost(claim);
}

export const renewClaim = (pool: Pool, claim: Claim, ttlMs: number): Promise<void> =>
  change(pool, claim, { set: `claimed_until = clock_timestamp() + $4 * interval '1 millisecond'`, values: [ttlMs] });

export const completeDelivery = (pool: Pool, claim: Claim, now: Date): Promise<void> =>
  change(pool, claim, { set: `state = 'DONE', done_at = $4, claimed_until = null, last_error = null`, values: [now] });

/** Null for `nextAt`: it is given up, and shown as a dead letter. */
export const failDelivery = (
  pool: Pool,
  claim: Claim,
  { error, nextAt }: { error: string; nextAt: Date | null },
): Promise<void> =>
  change(pool, claim, {
    set: `state = case when $5::timestamptz is null then 'DEAD' else 'PENDING' end, next_at = coalesce($5, next_at), claimed_until = null, last_error = $4`,
    values: [error, nextAt],
  });

/** Put off without an attempt being counted. */
export const postponeDelivery = (pool: Pool, claim: Claim, { reason, nextAt }: { reason: string; nextAt: Date }): Promise<void> =>
  change(pool, claim, {
    set: 'claimed_until = null, attempt = attempt - 1, next_at = $5, last_error = $4',
    values: [reason, nextAt],
  });

/** Gives it back as if it had not been tried: the process is going down. */
export const returnDelivery = (pool: Pool, claim: Claim): Promise<void> =>
  change(pool, claim, { set: 'claimed_until = null, attempt = attempt - 1', values: [] });

/** In a transaction of the consumer's own: what a late process did is not committed. @throws LEASE_LOST */
export async function assertClaim(client: Queryable, claim: Claim): Promise<void> {
  const { rowCount } = await client.query(`select 1 from delivery where ${MINE} for share`, keys(claim));
  if (!rowCount) throw lost(claim);
}

const lost = ({ id, event }: Claim): DomainError =>
  new DomainError('LEASE_LOST', `Another process has taken over the delivery of event ${event.position}.`, {
    details: { delivery: id },
  });
