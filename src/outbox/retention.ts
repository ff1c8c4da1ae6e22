/**
 * How the log forgets, where an installation says for how many days it keeps events: whole parts of it are dropped, oldest first, once
 * everything in them is older than that and nobody has still to read it. The newest hash of each tenant in a part stays behind, so that
 * the rest of its chain still verifies. Nothing else ever leaves the log.
 */
import type { Clock } from '../kernel/clock.ts';
import { type Pool, type PoolClient, type Queryable, transaction } from './connection.ts';
import type { JobTask } from './jobs.ts';

export interface RetentionOptions {
  /** In the system role. */
  readonly pool: Pool;
  readonly clock: Clock;
  readonly keptDays: number;
  /** What else still needs events: conditions on the position `$1` at which a part ends. */
  readonly neededBy?: readonly string[];
}

/** A part of the log: from this position on, and below that. */
interface Part {
  readonly from: string;
  readonly to: string;
}

/** Why the oldest part stays for now. */
export type Kept = 'NEWER' | 'NEEDED' | 'BUSY';

export const RETENTION_CRON = { task: 'retention', match: '37 * * * *' } as const;

const DAY_MS = 86_400_000;
/** So many parts make up the time that events are kept for: one lives at most an eighth longer than it has to. */
const PARTS = 8;
/** Personal fields are deleted by so many positions at a time. */
const CHUNK = 10_000n;
const LOCK_NOT_AVAILABLE = '55P03';

export const retentionTask =
  (options: RetentionOptions): JobTask =>
  async (_, { signal }) => {
    await cutOldPart(options);
    while (!signal.aborted && (await dropOldestPart(options)) === null);
  };

/** Ends the newest part when it has become old enough to be one of those that make up the time. */
export async function cutOldPart({ pool, clock, keptDays }: RetentionOptions): Promise<void> {
  const { rows } = await pool.query<{ since: Date }>(
    `select (select e.recorded_at from event e where e.position >= p.from_position order by e.position limit 1) as since
     from event_partition p, event_head h where p.from_position <= h.position and p.to_position > h.position + 1`,
  );
  const since = rows[0]?.since;
  if (!since || clock.now().getTime() - since.getTime() < (keptDays * DAY_MS) / PARTS) return;
  await unlessBusy(() => pool.query('select cut_event_partition()'));
}

/** Null when the oldest part was dropped; else why it stays. */
export async function dropOldestPart({ pool, clock, keptDays, neededBy = [] }: RetentionOptions): Promise<Kept | null> {
  const now = clock.now();
  const part = await oldestPart(pool);
  if (!part || !(await isOlder(pool, part, new Date(now.getTime() - keptDays * DAY_MS)))) return 'NEWER';
  const need = NEED.concat(neededBy);
  if (await isNeeded(pool, part, need)) return 'NEEDED';
  const dropped = await unlessBusy(() =>
    transaction(pool, async (client) => {
      await keepAnchors(client, part, now);
      await forgetBeside(client, part);
      await client.query('select drop_event_partition($1)', [part.to]);
      // nobody reads the log before this ends, so what is needed now will not be needed less: somebody may have begun a replay since
      if (await isNeeded(client, part, need)) throw new StillNeeded();
    }),
  );
  return dropped;
}

class StillNeeded extends Error {}

/** Readers have the log for longer than we wait, or somebody needs the part after all: another hour will do. */
async function unlessBusy(work: () => Promise<unknown>): Promise<Kept | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof StillNeeded) return 'NEEDED';
    if ((error as { readonly code?: unknown }).code === LOCK_NOT_AVAILABLE) return 'BUSY';
    throw error;
  }
}

/** Only a part that nothing is added to any more. */
async function oldestPart(client: Queryable): Promise<Part | undefined> {
  const { rows } = await client.query<Part & { isFull: boolean }>(
    `select p.from_position as "from", p.to_position as "to", p.to_position <= h.position + 1 as "isFull"
     from event_partition p, event_head h order by p.from_position limit 1`,
  );
  return rows[0]?.isFull ? rows[0] : undefined;
}

/** The newest is asked first, which is cheap; times are nearly in order of position, and only nearly. */
async function isOlder(client: Queryable, part: Part, before: Date): Promise<boolean> {
  const within = 'from event e where e.position >= $1 and e.position < $2';
  const newest = `(select e.recorded_at ${within} order by e.position desc limit 1)`;
  const { rows } = await client.query<{ isOlder: boolean | null }>(
    `select case when ${newest} < $3 then (select max(e.recorded_at) ${within}) < $3 else false end as "isOlder"`,
    [part.from, part.to, before],
  );
  return rows[0]?.isOlder === true;
}

/** A consumer has not passed it, or a delivery of it is still to be done or was given up and may be tried again. */
const NEED: readonly string[] = [
  'exists (select from delivery_cursor where position < $1 - 1)',
  `exists (select from delivery where state in ('PENDING', 'DEAD') and position < $1)`,
];

async function isNeeded(client: Queryable, { to }: Part, need: readonly string[]): Promise<boolean> {
  const { rows } = await client.query<{ isNeeded: boolean }>(`select ${need.join(' or ')} as "isNeeded"`, [to]);
  return rows[0]?.isNeeded !== false;
}

const keepAnchors = (client: PoolClient, { from, to }: Part, now: Date): Promise<unknown> =>
  client.query(
    `insert into event_anchor (tenant_id, position, hash, recorded_at, dropped_at)
     select e.tenant_id, l.position, e.hash, l.recorded_at, $3
     from (select tenant_id, max(position) as position, max(recorded_at) as recorded_at from event where position >= $1 and position < $2 group by 1) l
     join event e on e.tenant_id = l.tenant_id and e.position = l.position
     on conflict (tenant_id) do update set position = excluded.position, hash = excluded.hash, dropped_at = excluded.dropped_at,
       recorded_at = greatest(event_anchor.recorded_at, excluded.recorded_at)`,
    [from, to, now],
  );

/** What stands beside events and is of no use without them. */
async function forgetBeside(client: PoolClient, { from, to }: Part): Promise<void> {
  const end = BigInt(to);
  for (let at = BigInt(from); at < end; at += CHUNK) {
    await client.query(
      `delete from event_personal p using event e
       where e.position >= $1 and e.position < $2 and p.tenant_id = e.tenant_id and p.event_id = e.event_id`,
      [at, at + CHUNK < end ? at + CHUNK : end],
    );
  }
  await client.query(`delete from delivery where state = 'DONE' and position < $1`, [to]);
}
