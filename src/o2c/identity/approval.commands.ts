/** Ending a wish without doing it. Granting is a command of the module that the effect belongs to. */
import { personOf } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { publicId } from '../../kernel/ids.ts';
import { idOf, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type Tx } from '../../write/command.ts';
import type { Schedule } from '../../write/schedule.ts';
import { loadApprovals } from './approval.facts.ts';
import { type ApprovalRow, expire, isLapsed, reject } from './approval.rules.ts';

const approvalId = { id: idOf('apr').describe('The approval.') };
const reason = { reason: optional(text()).describe('Why.') };

const facts = (tx: Tx, inputs: readonly { readonly id: string }[]) =>
  loadApprovals(
    tx,
    inputs.map((i) => i.id),
  );

function approvalOf(approvals: readonly ApprovalRow[], id: string): ApprovalRow {
  const approval = approvals.find((a) => a.id === id);
  if (!approval) throw new DomainError('NOT_FOUND', 'There is no such approval.', { path: ['id'] });
  return approval;
}

const ended = ({ id, recordId }: ApprovalRow, written: Pick<Change, 'rows' | 'events'>): Change => ({
  recordId: id,
  concerns: [recordId],
  ...written,
});

export const rejectApproval = command({
  name: 'rejectApproval',
  description: 'Refuses what waits for a second person.',
  permission: 'approvals:reject',
  record: 'Approval',
  input: object('RejectApprovalInput', { ...approvalId, ...reason }),
  lockKey: (input) => input.id,
  facts,
  decide(approvals, input, context) {
    const approval = approvalOf(approvals, input.id);
    return ended(approval, reject(context, approval, { action: 'REJECT', reason: input.reason ?? null }));
  },
});

export const withdrawApproval = command({
  name: 'withdrawApproval',
  description: "Takes one's own wish back, or that of an API key of one's own.",
  permission: 'approvals:withdraw',
  record: 'Approval',
  input: object('WithdrawApprovalInput', { ...approvalId, ...reason }),
  lockKey: (input) => input.id,
  facts,
  decide(approvals, input, context) {
    const approval = approvalOf(approvals, input.id);
    requireOwn(context, approval);
    return ended(approval, reject(context, approval, { action: 'WITHDRAW', reason: input.reason ?? null }));
  },
});

function requireOwn({ principal }: CommandContext, { requestedById }: ApprovalRow): void {
  if (requestedById === personOf(principal)) return;
  throw new DomainError('FORBIDDEN', 'Another person asked for this; you can only reject it.');
}

/** What the hourly job asks for; a person may as well. */
export const expireApproval = command({
  name: 'expireApproval',
  description: 'Ends a wish on which nobody decided in time.',
  permission: 'approvals:reject',
  record: 'Approval',
  input: object('ExpireApprovalInput', approvalId),
  lockKey: (input) => input.id,
  facts,
  decide(approvals, input, context) {
    const approval = approvalOf(approvals, input.id);
    if (approval.lifecycle === 'REQUESTED' && !isLapsed(context, approval)) {
      throw new DomainError('WRONG_STATE', `It can be decided on until ${approval.expiresAt.toISOString()}.`, { path: ['id'] });
    }
    return approval.lifecycle === 'EXPIRED' ? { unchanged: approval.id } : ended(approval, expire(approval));
  },
});

export const approvalSchedule: Schedule = {
  name: 'expire-approvals',
  match: '7 * * * *',
  command: expireApproval,
  due: (now, limit) =>
    sql`select a.tenant_id, a.id from approval a join tenant t on t.tenant_id = a.tenant_id
        where a.lifecycle = 'REQUESTED' and a.expires_at <= ${now.toISOString()}::timestamptz + t.clock_offset_ms * interval '1 millisecond'
        order by a.expires_at limit ${sql.number(limit)}`,
  input: ({ id }) => ({ id: publicId('apr', id) }),
};
