/** How a connection stands, for people and for all processes: since when it fails and why, and whether it still lets us in. Database clock. */
import type { Queryable } from '../../outbox/connection.ts';

export interface StateOwner {
  readonly tenantId: string;
  readonly connectionId: string;
}

/** Longer texts say nothing more. */
const FAILURE_MAX_CHARS = 500;

/** The ERP takes our credentials no more: only a person can mend that. */
export async function signedOut(client: Queryable, { tenantId, connectionId }: StateOwner, why: string): Promise<void> {
  await client.query(
    `insert into connection_state as s (tenant_id, connection_id, health, failure, failing_since, failure_count)
     values ($1, $2, 'SIGNED_OUT', $3, clock_timestamp(), 1)
     on conflict (tenant_id, connection_id) do update set health = 'SIGNED_OUT', failure = excluded.failure,
       failing_since = coalesce(s.failing_since, excluded.failing_since)`,
    [tenantId, connectionId, why.slice(0, FAILURE_MAX_CHARS)],
  );
}

/** It lets us in: new tokens came, or a read went through. */
export async function signedIn(client: Queryable, { tenantId, connectionId }: StateOwner): Promise<void> {
  await client.query(
    `update connection_state set health = 'HEALTHY', failure = null, failing_since = null, failure_count = 0, breaker_until = null
     where tenant_id = $1 and connection_id = $2 and health = 'SIGNED_OUT'`,
    [tenantId, connectionId],
  );
}

/** An answer came: whatever was wrong before isn't any more. Being signed out isn't mended by that. */
export async function recovered(client: Queryable, { tenantId, connectionId }: StateOwner): Promise<void> {
  await client.query(
    `insert into connection_state as s (tenant_id, connection_id, health) values ($1, $2, 'HEALTHY')
     on conflict (tenant_id, connection_id) do update set failure_count = 0, breaker_until = null,
       health = case s.health when 'SIGNED_OUT' then s.health else 'HEALTHY' end,
       failure = case s.health when 'SIGNED_OUT' then s.failure end,
       failing_since = case s.health when 'SIGNED_OUT' then s.failing_since end
     where s.failure_count > 0 or s.breaker_until is not null or s.health in ('UNKNOWN', 'FAILING')`,
    [tenantId, connectionId],
  );
}

export interface Failing extends StateOwner {
  readonly why: string;
  /** Failures in a row after which nothing is sent for a while. */
  readonly opensAfterCount: number;
  readonly pauseMs: number;
  readonly pauseMaxMs: number;
}

export async function failing(
  client: Queryable,
  { tenantId, connectionId, why, opensAfterCount, pauseMs, pauseMaxMs }: Failing,
): Promise<void> {
  await client.query(
    `insert into connection_state as s (tenant_id, connection_id, health, failure, failing_since, failure_count)
     values ($1, $2, 'FAILING', $3, clock_timestamp(), 1)
     on conflict (tenant_id, connection_id) do update set failure_count = s.failure_count + 1, failure = excluded.failure,
       failing_since = coalesce(s.failing_since, excluded.failing_since),
       health = case s.health when 'SIGNED_OUT' then s.health else 'FAILING' end,
       breaker_until = case when s.failure_count + 1 >= $4
         then clock_timestamp() + least($6, $5 * 2.0 ^ least(s.failure_count + 1 - $4, 20)) * interval '1 millisecond' end`,
    [tenantId, connectionId, why.slice(0, FAILURE_MAX_CHARS), opensAfterCount, pauseMs, pauseMaxMs],
  );
}

export interface Passage {
  readonly isOpen: boolean;
  readonly isTroubled: boolean;
  readonly failure: string | null;
  readonly failingSince: Date | null;
  readonly openForMs: number;
}

/** May a request go? While the breaker is open none does; when its time is over, one does to see, and the others wait for what it meets. */
export async function passage(client: Queryable, { tenantId, connectionId }: StateOwner, probeMs: number): Promise<Passage> {
  const { rows } = await client.query<Passage>(
    `with probe as (
       update connection_state set breaker_until = clock_timestamp() + $3 * interval '1 millisecond'
       where tenant_id = $1 and connection_id = $2 and breaker_until <= clock_timestamp() returning 1)
     select breaker_until is not null and not exists (select from probe) as "isOpen",
       failure_count > 0 or health in ('UNKNOWN', 'FAILING') as "isTroubled", failure, failing_since as "failingSince",
       ceil(greatest(extract(epoch from breaker_until - clock_timestamp()) * 1000, 0))::float8 as "openForMs"
     from connection_state where tenant_id = $1 and connection_id = $2`,
    [tenantId, connectionId, probeMs],
  );
  return rows[0] ?? { isOpen: false, isTroubled: true, failure: null, failingSince: null, openForMs: 0 };
}
