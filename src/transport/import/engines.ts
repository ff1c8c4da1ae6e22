/** What working on uploads and imports needs of the platform. */
import type { Principal } from '../../access/principal.ts';
import type { Limits } from '../../config.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Vault } from '../../kernel/sealed.ts';
import type { Pool } from '../../outbox/connection.ts';
import type { Sql } from '../../read/sql.ts';
import type { CommandDefinition } from '../../write/command.ts';
import type { CommandRunner } from '../../write/runner.ts';
import type { Session } from '../../write/transaction.ts';

export interface ImportEngines {
  readonly write: CommandRunner;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly vault: Pick<Vault, 'digests'>;
  /** Where the files are. */
  readonly folder: string;
  /** In the role `system`. */
  readonly pool: Pool;
  command(name: string): CommandDefinition;
  systemRows<T>(source: Sql): Promise<readonly T[]>;
  systemPrincipal(tenantId: string): Promise<Principal>;
  /** Somebody as they stand now; null for who may not sign in any more. */
  principalOf(who: { readonly tenantId: string; readonly actorId: string }): Promise<Principal | null>;
  inTenant<T>(tenantId: string, work: (session: Session) => Promise<T>): Promise<T>;
  newId(): string;
  /** The process goes down. */
  isStopping(): boolean;
  readonly onError: (error: unknown) => void;
}
