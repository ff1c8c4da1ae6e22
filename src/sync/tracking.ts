/** Records what a third party reports, as Cashgraph itself: the one way from outside to the books, by the command that people use too. */
import type { Principal } from '../access/principal.ts';
import { publicId } from '../kernel/ids.ts';
import { recordTracking } from '../o2c/fulfilment/index.ts';
import type { CommandRunner } from '../write/runner.ts';
import type { Outcome } from '../write/outcome.ts';

export interface Report {
  readonly tenantId: string;
  readonly fulfilmentId: string;
  /** The provider's code. */
  readonly source: string;
  /** Known already: it changes nothing. */
  readonly externalId: string;
  readonly kind: string;
  /** Business time. */
  readonly occurredAt: Date;
  readonly description?: string | undefined;
  readonly location?: string | undefined;
  readonly reference?: string | undefined;
  readonly carrier?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly receivedBy?: string | undefined;
  readonly requestId: string;
  readonly idempotencyKey?: string;
}

export type RecordReport = (report: Report) => Promise<Outcome>;

export interface Recording {
  readonly write: CommandRunner;
  systemPrincipal(tenantId: string): Promise<Principal>;
}

export const recordReports =
  ({ write, systemPrincipal }: Recording): RecordReport =>
  async ({ tenantId, fulfilmentId, requestId, idempotencyKey = null, ...report }) =>
    write.run(
      recordTracking,
      { ...report, id: publicId('ful', fulfilmentId) },
      { principal: await systemPrincipal(tenantId), requestId, idempotencyKey },
    );
