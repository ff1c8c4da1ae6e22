/**
 * What is being read from ERPs, as it goes on: one look a second at the runs of those tenants that somebody follows, however many follow
 * them. Nobody waits for anybody: each follower has the newest of each run, so one that is slow gets fewer messages and never more memory.
 */
import type { Clock } from '../kernel/clock.ts';
import { abortable } from '../outbox/tail-iterator.ts';
import { type Sql, sql } from '../read/sql.ts';

export interface Progress {
  readonly runId: string;
  readonly tenantId: string;
  readonly connectionId: string;
  readonly connection: string;
  readonly stream: string;
  readonly mode: string;
  readonly state: string;
  readonly readCount: number;
  readonly changedCount: number;
  readonly totalCount: number | null;
  readonly rowsPerSecond: string;
  /** The head of the log when this was seen. */
  readonly position: string;
}

export interface Follow {
  readonly tenantId: string;
  /** Absent: every connection of the tenant. */
  readonly connectionId?: string | undefined;
  /** A place in the log: of each stream the last run that ended since is told, too. */
  readonly after?: bigint | undefined;
}

export interface ProgressFeed {
  /** Runs that are under way, then whatever changes of them and of later ones. Ends by `return()` and by `close`. */
  follow(which: Follow): AsyncIterableIterator<Progress, undefined>;
  close(): void;
}

export interface ProgressOptions {
  /** In the role `system`. */
  readonly rows: <T>(source: Sql) => Promise<readonly T[]>;
  readonly clock: Clock;
  readonly lookMs: number;
  readonly onError: (error: unknown) => void;
}

/** A run shows a moment after it began, by another process's clock. */
const LATE_MS = 5_000;
const RUNNING = 'RUNNING';

export const createProgressFeed = (options: ProgressOptions): ProgressFeed => new Feed(options);

/** The newest of each run that was not delivered yet. */
class Follower {
  readonly #which: Follow;
  readonly #waiting = new Map<string, Progress>();
  #isLeft = false;
  #wake = (): void => {};

  constructor(which: Follow) {
    this.#which = which;
  }

  get tenantId(): string {
    return this.#which.tenantId;
  }

  tell(progress: Progress): void {
    const { tenantId, connectionId } = this.#which;
    if (tenantId !== progress.tenantId || (connectionId !== undefined && connectionId !== progress.connectionId)) return;
    this.#waiting.set(progress.runId, progress);
    this.#wake();
  }

  leave(): void {
    this.#isLeft = true;
    this.#wake();
  }

  async *messages(): AsyncGenerator<Progress, undefined> {
    while (!this.#isLeft) {
      const [progress] = this.#waiting.values();
      if (progress) {
        this.#waiting.delete(progress.runId);
        yield progress;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

class Feed implements ProgressFeed {
  readonly #options: ProgressOptions;
  readonly #followers = new Set<Follower>();
  /** What was seen last of each run. */
  #seen = new Map<string, Progress>();
  /** When the first of those who follow came. */
  #from = new Date(0);
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  follow(which: Follow): AsyncIterableIterator<Progress, undefined> {
    const follower = new Follower(which);
    if (this.#followers.size === 0) this.#from = this.#options.clock.now();
    this.#followers.add(follower);
    for (const progress of this.#seen.values()) if (progress.state === RUNNING) follower.tell(progress);
    if (which.after !== undefined) void this.#catchUp(follower, { ...which, after: which.after });
    this.#lookSoon();
    return abortable(follower.messages(), {
      stop: () => follower.leave(),
      done: () => this.#followers.delete(follower),
    });
  }

  /** Messages are of the newest state of a run, so they may come in any order. */
  async #catchUp(follower: Follower, { tenantId, after }: Follow & { readonly after: bigint }): Promise<void> {
    try {
      const ended = await this.#options.rows<Progress>(endedSql({ tenantId, after }, this.#options.clock.now()));
      for (const progress of ended) follower.tell(progress);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const follower of this.#followers) follower.leave();
  }

  #lookSoon(): void {
    this.#timer ??= setTimeout(() => {
      void this.#look()
        .catch(this.#options.onError)
        .finally(() => {
          this.#timer = undefined;
          if (this.#followers.size > 0) this.#lookSoon();
          else this.#seen = new Map();
        });
    }, this.#options.lookMs).unref();
  }

  async #look(): Promise<void> {
    const tenants = [...new Set([...this.#followers].map(({ tenantId }) => tenantId))];
    const known = [...this.#seen.values()].filter(({ state }) => state === RUNNING).map(({ runId }) => runId);
    const now = this.#options.clock.now();
    const since = new Date(Math.max(this.#from.getTime(), now.getTime() - LATE_MS));
    const found = await this.#options.rows<Progress>(runsSql({ tenants, known, since, now }));
    const before = this.#seen;
    this.#seen = new Map(found.map((progress) => [progress.runId, progress]));
    for (const progress of found) {
      const last = before.get(progress.runId);
      if (last && isSame(last, progress)) continue;
      for (const follower of this.#followers) follower.tell(progress);
    }
  }
}

const isSame = (one: Progress, other: Progress): boolean =>
  one.state === other.state && one.readCount === other.readCount && one.changedCount === other.changedCount;

interface Looked {
  readonly tenants: readonly string[];
  /** Runs that were under way the last time: they may have ended. */
  readonly known: readonly string[];
  /** Those that began since then may have ended before anybody looked. */
  readonly since: Date;
  readonly now: Date;
}

const shownSql = (now: Date): Sql => sql`
  r.id as "runId", r.tenant_id as "tenantId", r.connection_id as "connectionId", c.code as connection, s.name as stream, r.mode, r.state,
  r.read_count as "readCount", r.changed_count as "changedCount", r.total_count as "totalCount",
  round(r.read_count / greatest(extract(epoch from coalesce(r.ended_at, ${sql.typed(now.toISOString(), 'timestamptz')}) - r.started_at), 0.001), 2)::text as "rowsPerSecond",
  (select h.position::text from event_head h) as position`;

const FROM: Sql = sql`
  from sync_run r
  join connection c on c.tenant_id = r.tenant_id and c.id = r.connection_id
  join sync_stream s on s.tenant_id = r.tenant_id and s.id = r.stream_id`;

const runsSql = ({ tenants, known, since, now }: Looked): Sql => sql`
  select ${shownSql(now)} ${FROM}
  where r.tenant_id = any(${sql.uuids(tenants)})
    and (r.state = 'RUNNING' or r.id = any(${sql.uuids(known)}) or r.started_at >= ${sql.typed(since.toISOString(), 'timestamptz')})
  order by r.started_at, r.id`;

/** The last run of each stream that ended after what stands at a place of the log was recorded. */
const endedSql = ({ tenantId, after }: { readonly tenantId: string; readonly after: bigint }, now: Date): Sql => sql`
  select distinct on (r.stream_id) ${shownSql(now)} ${FROM}
  where r.tenant_id = ${sql.typed(tenantId, 'uuid')} and r.state <> 'RUNNING' and r.ended_at >= (
    select e.recorded_at from event e
    where e.tenant_id = r.tenant_id and e.position <= ${sql.typed(after.toString(), 'bigint')} order by e.position desc limit 1)
  order by r.stream_id, r.ended_at desc`;
