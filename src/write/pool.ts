/**
 * Connections for writing transactions, in the role `app`, so that the second wall stands behind every write. Statements are sent as
 * they come and answered in their order. What a broken connection had under way fails; it is never given to anybody again.
 */
import pg from 'pg';
import { withSettings } from '../kernel/connection.ts';
import { PacketWriter } from './packet.ts';

export type WritePool = pg.Pool;
export type WriteClient = pg.PoolClient;

export interface WritePoolOptions {
  readonly connection: pg.ClientConfig;
  readonly role: string;
  readonly max: number;
  readonly statementTimeoutMs: number;
  /** A process that stands still in the middle of a transaction keeps its locks for so long. */
  readonly idleTimeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 3_000;
const ignore = (): void => {};

/**
 * Plans are made once and kept, so they are made as for tables that have grown: by the indexes, whatever the size of the day.
 * A transaction of many rows asks for plans of its own (`inTransaction`).
 */
const PLANS = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', jit: 'off' };

export function createWritePool({ connection, role, max, statementTimeoutMs, idleTimeoutMs }: WritePoolOptions): WritePool {
  const pool = new pg.Pool({
    ...withSettings(connection, {
      role,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: idleTimeoutMs,
      timezone: 'UTC',
      ...PLANS,
    }),
    max,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // for a server that vanished without a word: the server itself ends what is slow
    query_timeout: 2 * statementTimeoutMs,
  });
  pool.on('error', ignore);
  // whoever waits for a statement is told; a connection that nobody waits on is dropped by the pool
  pool.on('connect', (client) => client.on('error', ignore));
  return pool;
}

const writers = new WeakMap<WriteClient, PacketWriter>();

/** What is written on a connection is written by one, which knows what is prepared there. */
export function writerOf(client: WriteClient): PacketWriter {
  const known = writers.get(client) ?? new PacketWriter();
  writers.set(client, known);
  return known;
}
