/** How sessions for reads begin: an unprivileged role, read only, a limit on time, and texts in one form whatever the server's settings. */
import type pg from 'pg';
import { withSettings } from '../../kernel/connection.ts';

export interface ReadPoolOptions {
  readonly connection: pg.ClientConfig;
  /** Taken on by every session, for example `cashgraph_read`. */
  readonly role: string;
  /** Connections at most. */
  readonly max: number;
  readonly statementTimeoutMs: number;
}

/** How long a read waits for a free or new connection. */
export const CONNECT_TIMEOUT_MS = 3_000;
const ROLE = /^[a-z][a-z0-9_]*$/;

/** @param more further settings of the session */
export function readSession(
  { connection, role, statementTimeoutMs }: Omit<ReadPoolOptions, 'max'>,
  more: Readonly<Record<string, string | number>> = {},
): pg.ClientConfig {
  if (!ROLE.test(role)) throw new Error(`${role} is no role name.`);
  const session = {
    role,
    statement_timeout: Math.ceil(statementTimeoutMs),
    default_transaction_read_only: 'on',
    jit: 'off',
    timezone: 'UTC',
    datestyle: 'ISO',
    client_encoding: 'UTF8',
    ...more,
  };
  return { ...withSettings(connection, session), connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true };
}
