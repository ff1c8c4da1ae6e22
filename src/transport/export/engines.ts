/** What working on exports needs of the platform. */
import type { GraphQLSchema } from 'graphql';
import type { Principal } from '../../access/principal.ts';
import type { Limits } from '../../config.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Vault } from '../../kernel/sealed.ts';
import type { ClientConfig, Pool } from '../../outbox/connection.ts';
import type { Catalogue } from '../../read/record.ts';
import type { Sql } from '../../read/sql.ts';
import type { CommandRunner } from '../../write/runner.ts';
import type { Documents } from '../documents.ts';

export interface ExportEngines {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly catalogue: Catalogue;
  readonly write: CommandRunner;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly vault: Pick<Vault, 'digests'>;
  /** Where the files are. */
  readonly folder: string;
  /** For connections of its own, in the roles of readers. */
  readonly connection: ClientConfig;
  readonly roles: { readonly read: string; readonly portal: string };
  /** In the role `system`. */
  readonly pool: Pool;
  systemRows<T>(source: Sql): Promise<readonly T[]>;
  systemPrincipal(tenantId: string): Promise<Principal>;
  /** Somebody as they stand now; null for who may not sign in any more. */
  principalOf(who: { readonly tenantId: string; readonly actorId: string }): Promise<Principal | null>;
  /** Aborted when the process goes down. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}
