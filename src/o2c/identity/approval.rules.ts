/**
 * Asking a second person, and being one: pure. Each kind of wish has its own commands in the module of its effect, which write
 * what `newApproval` and `grant` say in the transaction of that effect. People are compared, never actors: what an API key asks
 * for, its maker asked for.
 */
import { personOf } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { transition } from '../../kernel/machine.ts';
import { money, moneyText } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { Change, CommandContext, RowChange, RowOf } from '../../write/command.ts';
import { approvalMachine } from './approval.machine.ts';
import type { Approval } from './identity.entity.ts';

export type ApprovalRow = RowOf<typeof Approval>;
type Written = Pick<Change, 'rows' | 'events'>;

/** A decision is for today's facts: a week is long enough to find a second person. */
const DAYS_OPEN = 7;
const DAY_MS = 86_400_000;

export interface Wish
  extends Pick<
    ApprovalRow,
    | 'kind'
    | 'recordKind'
    | 'recordId'
    | 'recordVersion'
    | 'legalEntityId'
    | 'accountId'
    | 'customerId'
    | 'currency'
    | 'amountMinor'
    | 'reason'
  > {
  /** The person who changed the record last (`personOf` the principal who did). */
  readonly lastEditorId: string;
}

/**
 * A new wish. Give the open ones about the same record (`loadOpenApprovals`): those for another version lapse, since nobody can
 * grant them any more. @throws ALREADY_EXISTS when one for this version is open
 */
export function newApproval(
  context: CommandContext,
  wish: Wish,
  open: readonly ApprovalRow[] = [],
): Written & { readonly id: string } {
  const twin = open.find((a) => a.recordVersion === wish.recordVersion && !isLapsed(context, a));
  if (twin) throw new DomainError('ALREADY_EXISTS', 'This is asked for already, and waits for a second person.');
  const row: ApprovalRow = {
    ...wish,
    id: context.newId(),
    tenantId: context.tenant.id,
    lifecycle: approvalMachine.initial,
    requestedById: personOf(context.principal),
    decidedById: null,
    decidedAt: null,
    decisionReason: null,
    expiresAt: new Date(context.now.getTime() + DAYS_OPEN * DAY_MS),
    version: 1,
    createdAt: context.now,
  };
  const lapsed = open.map((approval) => expire(approval));
  return {
    id: row.id,
    rows: [{ op: 'insert', entity: 'Approval', values: { ...row } }, ...lapsed.flatMap((l) => l.rows)],
    events: [approvalEvent('approval.requested', row, null), ...lapsed.flatMap((l) => l.events)],
  };
}

export interface Granting {
  /** The record's version now, of the kind that the wish names. */
  readonly recordVersion: number;
  readonly reason: string | null;
}

/**
 * Grants a wish; its effect goes into the same change.
 * @throws WRONG_STATE when it isn't open, APPROVAL_EXPIRED when its time is over, VERSION_CONFLICT when the record is another by
 *   now, SELF_GRANT when the approver asked for it, changed the record last, or is no person
 */
export function grant(context: CommandContext, approval: ApprovalRow, { recordVersion, reason }: Granting): Written {
  const { to } = transition(approvalMachine, { state: approval.lifecycle, action: 'APPROVE' });
  if (isLapsed(context, approval)) {
    throw new DomainError(
      'APPROVAL_EXPIRED',
      `This could be granted until ${approval.expiresAt.toISOString()}. Ask for it again.`,
    );
  }
  if (recordVersion !== approval.recordVersion) {
    throw new DomainError(
      'VERSION_CONFLICT',
      `This was asked for version ${approval.recordVersion}, and the record is at version ${recordVersion}. It must be asked for again.`,
      { details: { asked: approval.recordVersion, version: recordVersion } },
    );
  }
  return decided(context, approval, { to, reason, by: secondPerson(context, approval) });
}

/** Refuses a wish, or takes it back. @throws WRONG_STATE */
export function reject(
  context: CommandContext,
  approval: ApprovalRow,
  { action, reason }: { readonly action: 'REJECT' | 'WITHDRAW'; readonly reason: string | null },
): Written {
  const { to } = transition(approvalMachine, { state: approval.lifecycle, action });
  return decided(context, approval, { to, reason, by: personOf(context.principal) });
}

export const isLapsed = ({ now }: Pick<CommandContext, 'now'>, { expiresAt }: ApprovalRow): boolean => now >= expiresAt;

/** Ends a wish that nobody can grant any more. */
export function expire(approval: ApprovalRow): Written {
  const step = approvalMachine.next(approval.lifecycle, 'EXPIRE');
  if (!step.ok) throw new DomainError('WRONG_STATE', step.message);
  return changed(approval, { lifecycle: step.to });
}

function secondPerson({ principal }: CommandContext, { requestedById, lastEditorId }: ApprovalRow): string {
  const refuse = (why: string) =>
    new DomainError('SELF_GRANT', `${why} Another person has to grant it.`, { path: ['approvalId'] });
  if (principal.personId === null) throw refuse('Cashgraph itself is no person.');
  if (principal.personId === requestedById) throw refuse('You asked for this yourself, or by an API key of yours.');
  if (principal.personId === lastEditorId) throw refuse('You changed last what this is about, or an API key of yours did.');
  return principal.personId;
}

const EVENT_OF = { APPROVED: 'approval.granted', REJECTED: 'approval.rejected', EXPIRED: 'approval.expired' } as const;
type Ended = keyof typeof EVENT_OF;

const decided = (
  context: CommandContext,
  approval: ApprovalRow,
  { to, reason, by }: { readonly to: ApprovalRow['lifecycle']; readonly reason: string | null; readonly by: string },
): Written => changed(approval, { lifecycle: to, decidedById: by, decidedAt: context.now, decisionReason: reason });

function changed(approval: ApprovalRow, set: Partial<ApprovalRow>): Written {
  const { id, version, tenantId, legalEntityId, accountId } = approval;
  const row: RowChange = {
    op: 'update',
    entity: 'Approval',
    id,
    version,
    set,
    owner: { tenantId, legalEntityId, accountId },
  };
  const after = { ...approval, ...set, version: version + 1 };
  return { rows: [row], events: [approvalEvent(EVENT_OF[after.lifecycle as Ended], after, approval.lifecycle)] };
}

const approvalEvent = (type: string, row: ApprovalRow, from: string | null): EventDraft => ({
  type,
  recordKind: 'Approval',
  recordId: row.id,
  recordVersion: row.version,
  legalEntityId: row.legalEntityId,
  accountId: row.accountId,
  customerId: row.customerId,
  payload: {
    from,
    to: row.lifecycle,
    kind: row.kind,
    recordKind: row.recordKind,
    recordId: row.recordId,
    recordVersion: row.recordVersion,
    currency: row.currency,
    amount: row.currency && row.amountMinor !== null ? moneyText(money(row.amountMinor, row.currency)) : null,
    expiresAt: row.expiresAt.toISOString(),
  },
  personal: { reason: row.reason, decisionReason: row.decisionReason },
});
