/** What everything that reads from and writes to ERPs stands on: the database in its two ways, the commands, the vault, the connectors. */
import type { Principal } from '../access/principal.ts';
import type { Connector, ConnectorContext } from '../connect/connector.ts';
import type { ErpTrace } from '../connect/erp-client.ts';
import type { HttpClient } from '../connect/http.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Randomness } from '../kernel/random.ts';
import type { Vault } from '../kernel/sealed.ts';
import type { Pool } from '../outbox/connection.ts';
import type { Sql } from '../read/sql.ts';
import type { CommandDefinition } from '../write/command.ts';
import type { CommandRunner } from '../write/runner.ts';
import type { Session } from '../write/transaction.ts';

/** How much a whole read may lack of what is known without being doubted: so many records, or such a part of all. */
export interface DeleteLimits {
  readonly freeCount: number;
  readonly maxPercent: number;
}

export interface SyncEngines {
  /** In the role `system`: leases, tokens, rate budgets, and what is looked for across tenants. */
  readonly pool: Pool;
  readonly systemRows: <T>(source: Sql) => Promise<readonly T[]>;
  /** A transaction in the role `app`, held to one tenant by row-level security. */
  readonly inTenant: <T>(tenantId: string, work: (session: Session) => Promise<T>) => Promise<T>;
  readonly write: CommandRunner;
  readonly command: (name: string) => CommandDefinition;
  readonly systemPrincipal: (tenantId: string) => Promise<Principal>;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly vault: Vault;
  readonly http: HttpClient;
  /** Wall time. */
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly newId: () => string;
  /** After so long without a sign of life a process's work is taken over. */
  readonly leaseTtlMs: number;
  /** How often is looked what is to be read by now, and how far reading is. */
  readonly lookMs: number;
  readonly deletes: DeleteLimits;
  readonly allowsLoopback: boolean;
  /** Told of what goes wrong in the background. */
  readonly onError: (error: unknown) => void;
  /** Told of each request to an ERP: neither headers, bodies nor queries. */
  readonly onTrace: (trace: ConnectionTrace) => void;
}

export interface ConnectionTrace extends ErpTrace {
  /** The code of the connection. */
  readonly connection: string;
}

export interface ServedEntity {
  readonly id: string;
  readonly code: string;
  readonly functionalCurrency: string;
  readonly timeZone: string;
  /** What the ERP calls it; null where that has no other company. */
  readonly externalId: string | null;
}

/** A connection with its connector, ready to be asked. */
export interface OpenConnection {
  readonly tenantId: string;
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly connector: Connector;
  readonly lifecycle: 'ACTIVE' | 'PAUSED';
  readonly config: unknown;
  /** Opened; only for verifying webhooks. */
  readonly credentials: unknown;
  /** The legal entities that it serves; QuickBooks serves one. */
  readonly entities: readonly ServedEntity[];
  /** How long after a stream was read it is read again. */
  readonly syncEveryS: number;
  /** Business time: what is recorded now. */
  businessNow(): Date;
  context(signal: AbortSignal): ConnectorContext;
}
