/**
 * Follows the log for one consumer: writes a `delivery` row for each event that it wants and moves the consumer's cursor, in one
 * transaction, so a crash between batches neither loses nor doubles one. The cursor's row lock makes it one dispatcher at a time.
 */
import type { Clock } from '../kernel/clock.ts';
import { type Pool, type PoolClient, type Queryable, transaction } from './connection.ts';
import type { SealedEvent } from './event.ts';
import { readHead, readLog } from './event-read.ts';

export interface Dispatch {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly consumer: {
    readonly name: string;
    accepts(event: SealedEvent): boolean;
    subjectOf?(event: SealedEvent): string;
  };
  readonly limit: number;
}

/** A new consumer's cursor; one that exists stays where it is. `NOW` skips what is sealed already. */
export async function ensureCursor(pool: Pool, { name, startAt }: { name: string; startAt: 'BEGINNING' | 'NOW' }): Promise<void> {
  const text = `insert into delivery_cursor (consumer, position)
    select $1, case when $2 then 0 else position end from event_head on conflict (consumer) do nothing`;
  await pool.query({ name: 'cursor ensure', text, values: [name, startAt === 'BEGINNING'] });
}

/** One batch. Returns how many events it read: 0 at the end of the log, or while another process is at it. */
export const dispatch = ({ pool, clock, consumer, limit }: Dispatch): Promise<number> =>
  transaction(pool, async (client) => {
    const position = await lockCursor(client, consumer.name);
    if (position === null) return 0;
    const events = await readLog(client, { after: position, limit });
    const newest = events.at(-1);
    if (!newest) return 0;
    await insertDeliveries(client, {
      consumer: consumer.name,
      events: events
        .filter((event) => consumer.accepts(event))
        .map((event) => ({ ...event, subjectId: consumer.subjectOf?.(event) ?? event.recordId })),
      at: clock.now(),
    });
    await moveCursor(client, consumer.name, newest.position);
    return events.length;
  });

export interface Advance {
  readonly consumer: string;
  readonly limit: number;
}

/**
 * For a consumer that lays out the log itself: takes its next positions, up to so many, in the transaction of `client`, also where
 * there are none. Returns how many there were; 0 as well while another process is at it, and then nothing is taken.
 */
export async function advance(
  client: PoolClient,
  { consumer, limit }: Advance,
  take: (range: { readonly after: bigint; readonly upTo: bigint }) => Promise<void>,
): Promise<number> {
  const after = await lockCursor(client, consumer);
  if (after === null) return 0;
  const head = await readHead(client);
  const upTo = head < after + BigInt(limit) ? head : after + BigInt(limit);
  await take({ after, upTo });
  if (upTo > after) await moveCursor(client, consumer, upTo);
  return Number(upTo - after);
}

/** Is there anything in the log that the consumer hasn't passed? To ask costs little; to lock writes a row. */
export async function hasNews(client: Queryable, consumer: string): Promise<boolean> {
  const text =
    'select exists (select from delivery_cursor c join event_head h on h.position > c.position where c.consumer = $1) as "hasNews"';
  const { rows } = await client.query<{ hasNews: boolean }>({ name: 'cursor news', text, values: [consumer] });
  return rows[0]?.hasNews === true;
}

/** Null while another process is at it. */
async function lockCursor(client: PoolClient, consumer: string): Promise<bigint | null> {
  const text = 'select position from delivery_cursor where consumer = $1 for update skip locked';
  const { rows } = await client.query<{ position: string }>({ name: 'cursor lock', text, values: [consumer] });
  return rows[0] ? BigInt(rows[0].position) : null;
}

async function moveCursor(client: PoolClient, consumer: string, position: bigint): Promise<void> {
  const text = 'update delivery_cursor set position = $2 where consumer = $1';
  await client.query({ name: 'cursor move', text, values: [consumer, position] });
}

interface NewDeliveries {
  readonly consumer: string;
  readonly events: readonly (Pick<SealedEvent, 'tenantId' | 'position'> & { readonly subjectId: string })[];
  readonly at: Date;
}

async function insertDeliveries(client: PoolClient, { consumer, events, at }: NewDeliveries): Promise<void> {
  if (events.length === 0) return;
  await client.query(
    `insert into delivery (tenant_id, consumer, record_id, position, next_at)
     select tenant_id, $1, record_id, position, $2 from unnest($3::uuid[], $4::uuid[], $5::bigint[]) as e (tenant_id, record_id, position)`,
    [consumer, at, events.map((e) => e.tenantId), events.map((e) => e.subjectId), events.map((e) => e.position)],
  );
}
