/** Wishes as commands find them, locked: what is decided on one is decided once. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import type { ApprovalRow } from './approval.rules.ts';
import { Approval } from './identity.entity.ts';

export const loadApprovals = (tx: Tx, ids: readonly string[]): Promise<readonly ApprovalRow[]> =>
  tx.load(Approval, sql`t.id = any(${sql.uuids(ids)})`, { lock: true });

/** The open wishes of a kind about records that the command has locked: for `newApproval`. */
export const loadOpenApprovals = (
  tx: Tx,
  { kind, recordIds }: { readonly kind: ApprovalRow['kind']; readonly recordIds: readonly string[] },
): Promise<readonly ApprovalRow[]> =>
  tx.load(Approval, sql`t.kind = ${kind} and t.record_id = any(${sql.uuids(recordIds)}) and t.lifecycle = 'REQUESTED'`, {
    lock: true,
  });
