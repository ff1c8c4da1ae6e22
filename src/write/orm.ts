/**
 * MikroORM for the writing half: entity metadata, transactions, row-level-security sessions. Its pool connects in the
 * role `app`, so that the second wall stands behind every write.
 */
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import type { ClientConfig } from 'pg';
import { withSettings } from '../kernel/connection.ts';

const CONNECT_TIMEOUT_MS = 3_000;

export interface OrmOptions {
  readonly connection: ClientConfig;
  readonly role: string;
  readonly entities: readonly unknown[];
  readonly max: number;
  readonly statementTimeoutMs: number;
}

interface PoolLike {
  on(event: 'connect', listener: (client: ClientLike) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
}
interface ClientLike {
  once(event: 'end', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  release?: (destroy: boolean) => void;
}

/** Without this, a connection that Postgres drops inside a transaction is never given back and later calls wait for ever. */
function releaseDropped(pool: PoolLike): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    client.once('end', () => {
      try {
        client.release?.(true);
      } catch {
        // already given back
      }
    });
  });
}

export function createOrm({ connection, role, entities, max, statementTimeoutMs }: OrmOptions): Promise<MikroORM> {
  const session = withSettings(connection, { role, statement_timeout: statementTimeoutMs, timezone: 'UTC', jit: 'off' });
  return MikroORM.init({
    entities: entities as NonNullable<Options['entities']>,
    // only for messages: the driver's options say where the database is
    dbName: connection.database ?? 'cashgraph',
    driverOptions: { ...session, max, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, onPoolCreated: releaseDropped },
    discovery: { warnWhenNoEntities: false },
    allowGlobalContext: false,
    ensureDatabase: false,
  } as Options);
}
