/** What sending webhooks needs of the platform. */
import type { Limits } from '../../config.ts';
import type { Principal } from '../../access/principal.ts';
import type { HttpClient } from '../../connect/http.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Vault } from '../../kernel/sealed.ts';
import type { Pool } from '../../outbox/connection.ts';
import type { Catalogue } from '../../read/catalogue.ts';
import type { CommandRunner } from '../../write/runner.ts';

export interface WebhookEngines {
  readonly catalogue: Catalogue;
  readonly write: CommandRunner;
  /** Wall time. */
  readonly clock: Clock;
  readonly limits: Limits;
  readonly vault: Vault;
  readonly http: HttpClient;
  /** In the role `system`. */
  readonly pool: Pool;
  readonly claimTtlMs: number;
  systemPrincipal(tenantId: string): Promise<Principal>;
  readonly onError: (error: unknown) => void;
}
