/** A request towards an ERP as its delivery works on it. */
import type { PushCommand } from '../../connect/connector.ts';
import { sql } from '../../read/sql.ts';
import type { Session } from '../../write/transaction.ts';

export interface OutboundRequest {
  readonly id: string;
  readonly connectionId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly recordKind: string;
  readonly recordId: string;
  readonly command: PushCommand;
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly lifecycle: string;
  readonly attemptCount: number;
  readonly version: number;
  readonly connection: string;
  readonly connectionName: string;
  readonly isPaused: boolean;
}

export async function loadRequest(session: Session, id: string): Promise<OutboundRequest | null> {
  const [row] = await session.rows<OutboundRequest>(sql`
    select r.id, r.connection_id as "connectionId", r.legal_entity_id as "legalEntityId", r.account_id as "accountId",
      r.record_kind as "recordKind", r.record_id as "recordId", r.command, r.input, r.lifecycle, r.attempt_count as "attemptCount",
      r.version, c.code as connection, c.name as "connectionName", c.lifecycle = 'PAUSED' as "isPaused"
    from erp_request r join connection c on c.tenant_id = r.tenant_id and c.id = r.connection_id where r.id = ${id}`);
  return row ?? null;
}

/**
 * Counts a try before it is made, in a transaction of its own: whatever becomes of the process, the next try knows that this one may have
 * reached the ERP. Null: it is not to be made any more.
 */
export async function countTry(session: Session, { id, version }: OutboundRequest): Promise<number | null> {
  const [row] = await session.rows<{ attempt: number }>(sql`
    update erp_request set attempt_count = attempt_count + 1 where id = ${id} and version = ${version} and lifecycle = 'SENT'
    returning attempt_count as attempt`);
  return row?.attempt ?? null;
}
