/**
 * A connection of its own on one state of the database, for what reads for minutes: exports. It takes on the role and the settings of
 * row-level security like a read of the pools, and keeps nobody waiting, since it never shares their connections. While it is open
 * vacuum can't remove what was deleted since, so whoever opens one has to end it in time.
 */
import type pg from 'pg';
import type { Settings } from './pool.ts';
import { type Sql, statement } from './sql.ts';
import { LineRows, type Lines } from './wire/line-rows.ts';
import { readSession } from './wire/session.ts';
import { Code, tapped } from './wire/tapped.ts';

export type { Lines } from './wire/line-rows.ts';

export interface SnapshotOptions {
  readonly connection: pg.ClientConfig;
  /** For example `cashgraph_read`. */
  readonly role: string;
  readonly settings: Settings;
  /** Of another transaction that is still open (`pg_export_snapshot`): its state is read. */
  readonly snapshotId: string;
  readonly statementTimeoutMs: number;
}

export interface Snapshot {
  rows<T>(source: Sql): Promise<readonly T[]>;
  /** The first column of the rows of one statement, JSON, as lines: so many at a time, which hold until the next. One statement at once. */
  lines(source: Sql, rowsPerFetch: number): AsyncGenerator<Lines>;
  end(): Promise<void>;
}

/** A process that stands still must not hold back vacuum for longer. */
const IDLE_MS = 60_000;
/** The server notices that nobody waits for an answer any more. */
const CHECK_MS = 2_000;
const SNAPSHOT_ID = /^[0-9A-F-]+$/;

/** @throws Error of the driver, as it is */
export async function openSnapshot({
  connection,
  role,
  settings,
  snapshotId,
  statementTimeoutMs,
}: SnapshotOptions): Promise<Snapshot> {
  if (!SNAPSHOT_ID.test(snapshotId)) throw new Error(`${snapshotId} is no snapshot.`);
  const fetched = new LineRows();
  let isFetching = false;
  const { client } = tapped(
    readSession(
      { connection, role, statementTimeoutMs },
      {
        idle_in_transaction_session_timeout: IDLE_MS,
        client_connection_check_interval: CHECK_MS,
        // nobody waits for it, so it takes one processor and no more
        max_parallel_workers_per_gather: 0,
      },
    ),
    (code, bytes, start) => {
      if (!isFetching || code !== Code.DataRow) return false;
      fetched.row(bytes, start);
      return true;
    },
  );
  // what is lost shows in the statement that needed it
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`begin isolation level repeatable read read only; set transaction snapshot '${snapshotId}'`);
    for (const [name, value] of Object.entries(settings)) await client.query('select set_config($1, $2, true)', [name, value]);
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  return {
    async rows<T>(source: Sql) {
      const { text, values } = statement(source);
      return (await client.query({ text, values: [...values] })).rows as readonly T[];
    },
    async *lines(source, rowsPerFetch) {
      const { text, values } = statement(source);
      await client.query({ text: `declare list no scroll cursor for ${text}`, values: [...values] });
      const fetch = `fetch forward ${Math.max(1, Math.floor(rowsPerFetch))} from list`;
      for (;;) {
        fetched.clear();
        isFetching = true;
        await client.query(fetch).finally(() => (isFetching = false));
        if (fetched.count === 0) break;
        yield fetched;
      }
      await client.query('close list');
    },
    end: () => client.end().catch(() => {}),
  };
}
