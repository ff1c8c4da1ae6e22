/**
 * Pages of the log. It reads in the system role, where no policy stands between tenants, so every statement names its tenant;
 * only the dispatcher, which serves all tenants, reads over them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../kernel/clock.ts';
import type { Queryable } from './connection.ts';
import type { SealedEvent } from './event.ts';
import { sealedColumns, type SealedRow, toSealedEvent } from './event-row.ts';

/** As long as the answer to an event is tried. */
const RETRY_FOR_MS = 30_000;
const RETRY_MS = 250;

export interface ReadEvents {
  readonly tenantId: string;
  readonly after: bigint;
  readonly limit: number;
  readonly types?: readonly string[] | undefined;
  readonly recordKinds?: readonly string[] | undefined;
}

// planned anew each time: a plan from when the log and the accounts were few takes any index, and reads all of them for ever
const PAGE = `select ${sealedColumns('e')} from event e
  where e.tenant_id = $1 and e.position > $2
    and ($3::text[] is null or e.type = any ($3)) and ($4::text[] is null or e.record_kind = any ($4))
  order by e.position limit $5`;

/** The tenant's events after a position, oldest first. */
export async function readEvents(
  client: Queryable,
  { tenantId, after, limit, types, recordKinds }: ReadEvents,
): Promise<SealedEvent[]> {
  const values = [tenantId, after, types ?? null, recordKinds ?? null, limit];
  const { rows } = await client.query<SealedRow>(PAGE, values);
  return rows.map(toSealedEvent);
}

/** A database that is away needn't end a subscription: nothing of what is read has been handed out yet. */
export async function readAgain<T>(
  read: () => Promise<T>,
  { isOver, onError }: { readonly isOver: () => boolean; readonly onError: (error: unknown) => void },
): Promise<T> {
  for (const startMs = monotonicMs(); ; ) {
    try {
      return await read();
    } catch (error) {
      if (isOver() || monotonicMs() - startMs > RETRY_FOR_MS) throw error;
      onError(error);
      await sleep(RETRY_MS);
    }
  }
}

const LOG = `select ${sealedColumns('e')} from event e where e.position > $1 order by e.position limit $2`;

/** Every tenant's events after a position, for the dispatcher. */
export async function readLog(client: Queryable, { after, limit }: { after: bigint; limit: number }): Promise<SealedEvent[]> {
  const { rows } = await client.query<SealedRow>(LOG, [after, limit]);
  return rows.map(toSealedEvent);
}

/** The newest position of the log. */
export async function readHead(client: Queryable): Promise<bigint> {
  const { rows } = await client.query<{ position: string }>({ name: 'log head', text: 'select position from event_head' });
  return BigInt(rows[0]?.position ?? 0);
}

/** The newest of the tenant's positions that the log has forgotten; 0 while it has them all. It only ever grows. */
export async function readFloor(client: Queryable, tenantId: string): Promise<bigint> {
  const { rows } = await client.query<{ position: string }>('select position from event_anchor where tenant_id = $1', [tenantId]);
  return BigInt(rows[0]?.position ?? 0);
}
