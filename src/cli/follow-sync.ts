/** Follows the reading of a connection that the scheduler does: a bar on a terminal, and in the end one line of what came, or why it did not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { monotonicMs } from '../kernel/clock.ts';
import type { Platform } from '../platform.ts';
import { type Sql, sql } from '../read/sql.ts';
import { say } from './terminal.ts';

export interface Following {
  readonly tenantId: string;
  readonly connectionId: string;
  /** What people call it. */
  readonly name: string;
  /** Reading that began before doesn't count. */
  readonly since: Date;
  readonly signal: AbortSignal;
}

interface StreamRow {
  readonly name: string;
  readonly isRead: boolean;
  readonly failure: string | null;
  readonly readCount: number;
  readonly changedCount: number;
}

const LOOK_MS = 200;
const WAIT_MAX_MS = 120_000;

/** Resolves when each stream was read to its end or failed once, or after two minutes: reading goes on by itself. */
export async function followSync(platform: Platform, following: Following): Promise<void> {
  const { name, signal } = following;
  const startMs = monotonicMs();
  const bar = openBar(name);
  let streams: readonly StreamRow[] = [];
  try {
    while (!signal.aborted && monotonicMs() - startMs < WAIT_MAX_MS) {
      streams = await platform.systemRows<StreamRow>(streamsSql(following));
      bar?.show(streams);
      if (streams.every(isOver)) break;
      await sleep(LOOK_MS);
    }
  } finally {
    bar?.stop();
  }
  if (!signal.aborted) for (const line of outcome(name, streams, monotonicMs() - startMs)) say(line);
}

const isOver = ({ isRead, failure }: StreamRow): boolean => isRead || failure !== null;

/** Of each stream its newest run; a paused connection has none to wait for. */
const streamsSql = ({ tenantId, connectionId, since }: Following): Sql => {
  const from = sql.typed(since.toISOString(), 'timestamptz');
  return sql`
    select s.name, coalesce(s.last_succeeded_at >= ${from}, false) as "isRead",
      case when r.state = 'FAILED' then r.failure end as failure,
      coalesce(r.read_count, 0) as "readCount", coalesce(r.changed_count, 0) as "changedCount"
    from sync_stream s
    join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id and c.lifecycle = 'ACTIVE'
    left join lateral (select * from sync_run r where r.tenant_id = s.tenant_id and r.stream_id = s.id and r.started_at >= ${from}
      order by r.started_at desc limit 1) r on true
    where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.is_enabled order by s.created_at, s.name`;
};

const sumOf = (streams: readonly StreamRow[], count: 'readCount' | 'changedCount'): number =>
  streams.reduce((sum, stream) => sum + stream[count], 0);

function openBar(name: string): { show(streams: readonly StreamRow[]): void; stop(): void } | null {
  if (!process.stderr.isTTY) return null;
  const format = `Reading ${name} {bar} {value} of {total} streams | {records} records`;
  const bar = new SingleBar({ stream: process.stderr, clearOnComplete: true, hideCursor: null, format });
  bar.start(1, 0, { records: 0 });
  return {
    show(streams) {
      bar.setTotal(streams.length);
      bar.update(streams.filter(isOver).length, { records: sumOf(streams, 'readCount') });
    },
    stop: () => bar.stop(),
  };
}

function outcome(name: string, streams: readonly StreamRow[], tookMs: number): string[] {
  const failed = streams.filter(({ failure }) => failure !== null);
  const isDone = streams.every(isOver);
  const seconds = Math.round(tookMs / 100) / 10;
  return [
    ...(streams.length > 0 && isDone && failed.length === 0
      ? [`Read ${name}: ${sumOf(streams, 'changedCount')} records were new or changed, after ${seconds} s.`]
      : []),
    ...failed.map((stream) => `${name}: ${stream.name} could not be read and will be tried again. ${stream.failure ?? ''}`),
    ...(isDone ? [] : [`${name} is still being read: it goes on beside everything else.`]),
  ];
}
