/**
 * Connections for reads. They take on an unprivileged role, end a statement that takes too long, and are shared by all
 * tenants: who is asking travels with each query (`pool-query.ts`) and never outlives it.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { withSettings } from '../kernel/connection.ts';
import { DomainError } from '../kernel/errors.ts';
import { ScopedQuery, type Settings } from './pool-query.ts';
import type { Statement } from './sql.ts';

export type { Settings } from './pool-query.ts';

export interface ReadPoolOptions {
  readonly connection: pg.ClientConfig;
  /** Taken on by every session, for example `cashgraph_read`. */
  readonly role: string;
  /** Connections at most. */
  readonly max: number;
  readonly statementTimeoutMs: number;
}

export interface ReadPool {
  /**
   * One statement under the settings of row-level security (`app.…`), in one round trip.
   * @throws DomainError TIMEOUT, UNAVAILABLE; any other database error as it is
   */
  run<T = Record<string, unknown>>(statement: Statement, settings: Settings): Promise<readonly T[]>;
  end(): Promise<void>;
}

/** How long a read waits for a free or new connection. */
const CONNECT_TIMEOUT_MS = 3_000;
/** The server ends a slow statement itself; this much later the connection counts as dead. */
const GRACE_MS = 2_000;
const ROLE = /^[a-z][a-z0-9_]*$/;

export function createReadPool({ connection, role, max, statementTimeoutMs }: ReadPoolOptions): ReadPool {
  if (!ROLE.test(role)) throw new Error(`${role} is no role name.`);
  const session = { role, statement_timeout: Math.ceil(statementTimeoutMs), default_transaction_read_only: 'on', jit: 'off' };
  const pool = new pg.Pool({
    ...withSettings(connection, session),
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // a connection that the server closes shows in the query that used it; without a listener the process would end
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    async run<T>(statement: Statement, settings: Settings) {
      const client = await connect(pool);
      try {
        const rows = await send({ client, statement, settings, deadlineMs: statementTimeoutMs + GRACE_MS });
        client.release();
        return rows as readonly T[];
      } catch (error) {
        // the connection may hold half-made statements: a new one is cheap, and errors are rare
        client.release(true);
        throw translated(error);
      }
    },
    end: () => pool.end(),
  };
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw new DomainError('UNAVAILABLE', 'The database gave no connection in time: try again in a moment.', { cause });
  }
}

interface Sending {
  readonly client: pg.PoolClient;
  readonly statement: Statement;
  readonly settings: Settings;
  readonly deadlineMs: number;
}

function send({ client, statement, settings, deadlineMs }: Sending): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DomainError('TIMEOUT', 'The database did not answer in time.')), deadlineMs);
    const name = `read ${createHash('sha256').update(statement.text).digest('base64url').slice(0, 27)}`;
    client.query(
      new ScopedQuery({
        statement: { ...statement, name },
        settings,
        done: (error, result) => {
          clearTimeout(timer);
          if (error) reject(error);
          else resolve(result?.rows ?? []);
        },
      }),
    );
  });
}

const CANCELED = '57014';
/** The server is going down, or refuses more connections. */
const GONE = /^(57P0[123]|53300|08...)$/;

function translated(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === CANCELED) {
    return new DomainError('TIMEOUT', 'The answer took longer than allowed: ask for less at once.', { cause: error });
  }
  const isLost =
    code === undefined
      ? /^Connection terminated|not queryable/.test(message)
      : GONE.test(code) || /^(ECONN|EPIPE|ETIMEDOUT|ERR_STREAM)/.test(code);
  return isLost ? new DomainError('UNAVAILABLE', 'The connection to the database was lost: try again.', { cause: error }) : error;
}
