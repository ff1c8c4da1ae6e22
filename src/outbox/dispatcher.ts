/**
 * Follows the log for one consumer: writes a `delivery` row for each event that it wants and moves the consumer's cursor, in one
 * transaction, so a crash between batches neither loses nor doubles one. The cursor's row lock makes it one dispatcher at a time.
 */
import type { Clock } from '../kernel/clock.ts';
import { type Pool, type PoolClient, transaction } from './connection.ts';
import type { SealedEvent } from './event.ts';
import { readLog } from './event-read.ts';

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
  await pool.query(
    `insert into delivery_cursor (consumer, position)
     select $1, case when $2 then 0 else position end from event_head on conflict (consumer) do nothing`,
    [name, startAt === 'BEGINNING'],
  );
}

/** One batch. Returns how many events it read: 0 at the end of the log, or while another process is at it. */
export const dispatch = ({ pool, clock, consumer, limit }: Dispatch): Promise<number> =>
  transaction(pool, async (client) => {
    const { rows } = await client.query<{ position: string }>(
      'select position from delivery_cursor where consumer = $1 for update skip locked',
      [consumer.name],
    );
    if (!rows[0]) return 0;
    const events = await readLog(client, { after: BigInt(rows[0].position), limit });
    const newest = events.at(-1);
    if (!newest) return 0;
    await insertDeliveries(client, {
      consumer: consumer.name,
      events: events
        .filter((event) => consumer.accepts(event))
        .map((event) => ({ ...event, subjectId: consumer.subjectOf?.(event) ?? event.recordId })),
      at: clock.now(),
    });
    await client.query('update delivery_cursor set position = $2 where consumer = $1', [consumer.name, newest.position]);
    return events.length;
  });

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
