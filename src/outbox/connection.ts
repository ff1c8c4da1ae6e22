/**
 * The outbox's own connections: a pool in the role that may read across tenants, and the one connection that listens.
 * The only file here that opens connections; the others take a pool. None of these connections may serve a client's request.
 */
import pg from 'pg';
import { named, withSettings } from '../kernel/connection.ts';

export type { ClientConfig, Pool, PoolClient } from 'pg';

/** A pool or a connection: whatever runs a statement. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** Hears one channel until it is closed; comes back by itself when the connection is lost. */
export interface Listener {
  isUp(): boolean;
  close(): Promise<void>;
}
export interface Hearing {
  readonly channel: string;
  readonly onNotice: (payload: string) => void;
  /** The connection is there (again): something may have been missed. */
  readonly onUp: () => void;
}
export type Listen = (hearing: Hearing) => Listener;

/** How long a stopped process may keep its locks in the middle of a transaction, before the server ends its session. */
const IDLE_IN_TRANSACTION_MS = 5_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** For a server that vanished without a word. */
const ANSWER_TIMEOUT_MS = 60_000;
const HEARTBEAT_MS = 5_000;
const RECONNECT_MS = { from: 100, to: 5_000 };

/**
 * Everything here reads a few rows by an index in its order. The planner can't know that: the inbox has far more dead rows than live
 * ones, and after an import the log has grown a thousandfold since it was last analysed (a page of the log then took 66 ms).
 * Before Postgres 18 a scan that is switched off and still needed counts as dear enough to be compiled, for 200 ms: so no jit.
 */
const PLANNER = { enable_seqscan: 'off', enable_bitmapscan: 'off', jit: 'off' };

const ignore = (): void => {};

/** The same connection, its sessions taking on a role from their start. */
const inRole = (connection: pg.ClientConfig, role: string): pg.ClientConfig => withSettings(connection, { role, ...PLANNER });

export interface SystemPool {
  readonly connection: pg.ClientConfig;
  readonly role: string;
  readonly max: number;
  /** Where no answer comes for so long, the connection is given up. */
  readonly answerTimeoutMs?: number;
}

/** A pool for sealer, tail, dispatcher and jobs. A lost connection shows in the query that needed it, never as a crash. */
export function openSystemPool({ connection, role, max, answerTimeoutMs = ANSWER_TIMEOUT_MS }: SystemPool): pg.Pool {
  const pool = new pg.Pool({
    ...inRole(named(connection, 'system'), role),
    max,
    // statements that nothing waits between travel in one packet
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: answerTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return pool;
}

/**
 * Runs `work` in a transaction on one connection. After any error the connection is thrown away: its state is unknown, and the
 * end of the session is a rollback. A process that stops in the middle loses its session after five seconds, so that the locks
 * it holds never keep others waiting for longer.
 */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>, mode = ''): Promise<T> {
  const client = await pool.connect();
  client.on('error', ignore);
  try {
    // what follows needn't wait for it: where it fails, the connection is lost
    const begun = client.query(`begin ${mode}; set local idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`);
    const [result] = await Promise.all([work(client), begun]);
    await client.query('commit');
    client.off('error', ignore);
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/**
 * Whoever only listens would never know that the server is gone: asked now and then, a connection on which nothing is answered is cut,
 * which shows as its end. Returns how to stop that.
 */
export function keepAsking(client: Queryable, everyMs: number): () => void {
  const ask = { text: 'select', query_timeout: everyMs };
  const timer = setInterval(() => void client.query(ask).catch(ignore), everyMs).unref();
  return () => clearInterval(timer);
}

/** @example createEventStream({ pool, listen: listenWith({ connection, role: 'cashgraph_system' }) }) */
export function listenWith({ connection, role, answerTimeoutMs = ANSWER_TIMEOUT_MS }: Omit<SystemPool, 'max'>): Listen {
  const everyMs = Math.min(HEARTBEAT_MS, answerTimeoutMs);
  return ({ channel, onNotice, onUp }) => {
    let client: pg.Client | null = null;
    let isUp = false;
    let isClosed = false;
    let timer: NodeJS.Timeout | undefined;
    let stopAsking = ignore;
    let delayMs = RECONNECT_MS.from;

    const lost = (of: pg.Client): void => {
      if (of !== client) return;
      client = null;
      isUp = false;
      stopAsking();
      void of.end().catch(ignore);
      if (isClosed) return;
      timer = setTimeout(open, delayMs);
      delayMs = Math.min(delayMs * 2, RECONNECT_MS.to);
    };

    const open = (): void => {
      const opened = new pg.Client({
        ...inRole(named(connection, 'listen'), role),
        keepAlive: true,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        // a query that is late cuts the connection
        pipeline: true,
        query_timeout: everyMs,
      });
      client = opened;
      opened.on('error', () => lost(opened));
      opened.on('end', () => lost(opened));
      opened.on('notification', ({ payload }) => onNotice(payload ?? ''));
      opened
        .connect()
        .then(() => opened.query(`listen ${pg.escapeIdentifier(channel)}`))
        .then(() => {
          isUp = opened === client;
          delayMs = RECONNECT_MS.from;
          if (!isUp) return;
          stopAsking = keepAsking(opened, everyMs);
          onUp();
        })
        .catch(() => lost(opened));
    };

    const close = async (): Promise<void> => {
      isClosed = true;
      clearTimeout(timer);
      stopAsking();
      const last = client;
      client = null;
      isUp = false;
      await last?.end().catch(ignore);
    };

    open();
    return { isUp: () => isUp, close };
  };
}
