/**
 * How fast an ERP may be asked by all processes together: a token bucket and a number of places, in one row by the database's clock.
 * Who has a place says so again and again; one that a dead process holds is free after a time, whatever the others do.
 */
import type { RateLimit } from '../../connect/connector.ts';
import type { Queryable } from '../../outbox/connection.ts';

export interface Budget {
  readonly key: string;
  readonly limit: RateLimit;
  /** A place that nobody renews for so long is free. */
  readonly placeTtlMs: number;
}

export type Place = { readonly place: string; readonly waitMs?: never } | { readonly place?: never; readonly waitMs: number };

const TAKE = `
  with taken as (
    insert into rate_budget as b (key, tokens, refilled_at, under_way)
    values ($1, $2::float8 - 1, clock_timestamp(), array[clock_timestamp() + $5 * interval '1 millisecond'])
    on conflict (key) do update set
      tokens = least($2, b.tokens + extract(epoch from clock_timestamp() - b.refilled_at) * $3) - 1,
      refilled_at = clock_timestamp(),
      blocked_until = null,
      under_way = array(select u from unnest(b.under_way) u where u > clock_timestamp()) || excluded.under_way
    where (b.blocked_until is null or b.blocked_until <= clock_timestamp())
      and least($2, b.tokens + extract(epoch from clock_timestamp() - b.refilled_at) * $3) >= 1
      and (select count(*) from unnest(b.under_way) u where u > clock_timestamp()) < $4
    returning under_way[array_upper(under_way, 1)]::text as place)
  select (select place from taken) as place, (
    select ceil(greatest(
      extract(epoch from b.blocked_until - clock_timestamp()) * 1000,
      (1 - b.tokens - extract(epoch from clock_timestamp() - b.refilled_at) * $3) / $3 * 1000, 0))::float8
    from rate_budget b where b.key = $1) as "waitMs"`;

/** A place, or how long until there may be one. */
export async function takePlace(client: Queryable, { key, limit, placeTtlMs }: Budget): Promise<Place> {
  const { requestsMaxCount, perMs, concurrentMaxCount } = limit;
  const { rows } = await client.query<{ place: string | null; waitMs: number | null }>(TAKE, [
    key,
    requestsMaxCount,
    (requestsMaxCount / perMs) * 1_000,
    concurrentMaxCount,
    placeTtlMs,
  ]);
  const { place = null, waitMs = null } = rows[0] ?? {};
  return place === null ? { waitMs: waitMs ?? 0 } : { place };
}

/** Gives its new name; null when it was taken for free meanwhile. */
export async function renewPlace(
  client: Queryable,
  { key, placeTtlMs }: Omit<Budget, 'limit'>,
  place: string,
): Promise<string | null> {
  const { rows } = await client.query<{ place: string }>(
    `update rate_budget set under_way = array_append(array_remove(under_way, $2::timestamptz), clock_timestamp() + $3 * interval '1 millisecond')
     where key = $1 and $2::timestamptz = any (under_way) returning under_way[array_upper(under_way, 1)]::text as place`,
    [key, place, placeTtlMs],
  );
  return rows[0]?.place ?? null;
}

export async function leavePlace(client: Queryable, key: string, place: string): Promise<void> {
  await client.query('update rate_budget set under_way = array_remove(under_way, $2::timestamptz) where key = $1', [key, place]);
}

/** Nobody goes before that time; and then as slowly as the bucket fills. */
export async function block(client: Queryable, key: string, pauseMs: number): Promise<void> {
  await client.query(
    `update rate_budget set tokens = least(tokens, 1), refilled_at = clock_timestamp(),
       blocked_until = greatest(blocked_until, clock_timestamp() + $2 * interval '1 millisecond') where key = $1`,
    [key, pauseMs],
  );
}
