/** Follows the reading of connections that the scheduler does: a bar for each on a terminal, and in the end a line of what came, or why it did not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MultiBar } from 'cli-progress';
import { monotonicMs } from '../kernel/clock.ts';
import type { Platform } from '../platform.ts';
import { type Sql, sql } from '../read/sql.ts';
import { say } from './terminal.ts';

/** A connection that is read. */
export interface Followed {
  readonly connectionId: string;
  /** What people call it. */
  readonly name: string;
}

export interface Following {
  readonly tenantId: string;
  readonly connections: readonly Followed[];
  /** Reading that began before doesn't count. */
  readonly since: Date;
  readonly signal: AbortSignal;
}

interface StreamRow {
  readonly connectionId: string;
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
  const { connections, signal } = following;
  const startMs = monotonicMs();
  const bars = openBars(connections);
  const left = new Set(connections);
  const lines: string[] = [];
  try {
    while (left.size > 0 && !signal.aborted && monotonicMs() - startMs < WAIT_MAX_MS) {
      const streams = await platform.systemRows<StreamRow>(streamsSql(following));
      for (const connection of connections) {
        if (!left.has(connection)) continue;
        const own = streams.filter(({ connectionId }) => connectionId === connection.connectionId);
        bars?.show(connection, own);
        if (!own.every(isOver)) continue;
        left.delete(connection);
        lines.push(...outcome(connection.name, own, monotonicMs() - startMs));
      }
      if (left.size > 0) await sleep(LOOK_MS);
    }
  } finally {
    bars?.stop();
  }
  if (signal.aborted) return;
  for (const line of lines) say(line);
  for (const { name } of left) say(`${name} is still being read: it goes on beside everything else.`);
}

const isOver = ({ isRead, failure }: StreamRow): boolean => isRead || failure !== null;

/** Of each stream its newest run, and what all of them brought; a paused connection has none to wait for. */
const streamsSql = ({ tenantId, connections, since }: Following): Sql => {
  const from = sql.typed(since.toISOString(), 'timestamptz');
  return sql`
    select s.connection_id as "connectionId", s.name, coalesce(s.last_succeeded_at >= ${from}, false) as "isRead",
      case when r.state = 'FAILED' then r.failure end as failure, coalesce(r.read_count, 0) as "readCount", coalesce(r.changed, 0)::int as "changedCount"
    from sync_stream s
    join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id and c.lifecycle = 'ACTIVE'
    left join lateral (
      select r.state, r.failure, r.read_count, sum(r.changed_count) over () as changed from sync_run r
      where r.tenant_id = s.tenant_id and r.stream_id = s.id and r.started_at >= ${from} order by r.started_at desc limit 1) r on true
    where s.tenant_id = ${tenantId} and s.connection_id = any(${sql.uuids(connections.map(({ connectionId }) => connectionId))}) and s.is_enabled
    order by s.created_at, s.name`;
};

const sumOf = (streams: readonly StreamRow[], count: 'readCount' | 'changedCount'): number =>
  streams.reduce((sum, stream) => sum + stream[count], 0);

interface Bars {
  show(connection: Followed, streams: readonly StreamRow[]): void;
  stop(): void;
}

function openBars(connections: readonly Followed[]): Bars | null {
  if (!process.stderr.isTTY) return null;
  const format = 'Reading {name} {bar} {value} of {total} streams | {records} records';
  const all = new MultiBar({ stream: process.stderr, clearOnComplete: true, hideCursor: null, format });
  const width = Math.max(...connections.map(({ name }) => name.length));
  const bars = new Map(connections.map((one) => [one, all.create(1, 0, { name: one.name.padEnd(width), records: 0 })]));
  return {
    show(connection, streams) {
      const bar = bars.get(connection);
      bar?.setTotal(streams.length);
      bar?.update(streams.filter(isOver).length, { records: sumOf(streams, 'readCount') });
    },
    stop: () => all.stop(),
  };
}

function outcome(name: string, streams: readonly StreamRow[], tookMs: number): string[] {
  const failed = streams.filter(({ failure }) => failure !== null);
  const seconds = Math.round(tookMs / 100) / 10;
  if (failed.length > 0)
    return failed.map((stream) => `${name}: ${stream.name} could not be read and will be tried again. ${stream.failure ?? ''}`);
  if (streams.length === 0) return [];
  return [`Read ${name}: ${sumOf(streams, 'changedCount')} records were new or changed, after ${seconds} s.`];
}
