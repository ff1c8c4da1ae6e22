/** What every resolver gets: who asks, and the engines. Made once for each operation by the transport. */
import type { Principal } from '../access/principal.ts';
import type { ReadEngine } from '../read/engine.ts';
import type { Sql } from '../read/sql.ts';
import type { ChainResult } from '../outbox/chain.ts';
import type { SealedEvent } from '../outbox/event.ts';
import type { EventStream } from '../outbox/tail.ts';
import type { CommandRunner } from './runner.ts';

export interface GraphContext {
  readonly principal: Principal;
  readonly requestId: string;
  /** From the `Idempotency-Key` header; an input's own key wins. */
  readonly idempotencyKey: string | null;
  /** Where a stream that was broken off goes on; it wins over the argument `after`. */
  readonly resumeAfter?: string;
  /** Business time: the wall clock, and in a sandbox what it runs ahead. */
  readonly now: () => Date;
  readonly read: ReadEngine;
  readonly write: CommandRunner;
  readonly events: EventStream;
  /** The rows of a record that the principal may see, as SQL over an alias: for reports. */
  readonly scope: (record: string, alias: string) => Sql;
  /** Verifies the chain of the tenant's log. */
  readonly verifyAudit: () => Promise<ChainResult>;
  /**
   * An invoice as the ERP prints it that it was read from; null: none prints it. Whether the principal may see it is the caller's to know.
   * @throws DomainError ERP_UNREACHABLE, ERP_SIGN_IN_REFUSED, ERP_REFUSED
   */
  readonly erpInvoicePdf: (id: string) => Promise<Uint8Array | null>;
  /** Kinds of record of which a login sees its own only. */
  readonly ownKinds: ReadonlySet<string>;
  /** May the principal see this event? */
  readonly accepts: (event: SealedEvent) => boolean;
}
