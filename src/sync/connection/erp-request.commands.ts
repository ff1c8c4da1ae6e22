/**
 * What becomes of requests towards an ERP: refused there with its own words, in trouble on the way, asked again. That one is confirmed
 * is written where its answer is taken (`outbound/confirm.ts`), in the transaction of the record itself.
 */
import { z } from 'zod';
import { DomainError } from '../../kernel/errors.ts';
import { idOf, int, object, optional } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { paymentEvent, paymentMachine, paymentStatus } from '../../o2c/payment/index.ts';
import { type Change, command, type CommandContext, type Decision, ownerOf, type RowChange } from '../../write/command.ts';
import { uuidInput } from '../../canonical/observed-input.ts';
import { requireVersion } from '../../write/version.ts';
import { customerFacts, type ErpRequestRow, type RequestFacts, requestFacts, requestOf } from './erp-request.facts.ts';
import { erpRequestMachine } from './erp-request.machine.ts';
import { erpRequestEvent, syncIssueEvent } from './erp-request.rules.ts';

type Written = Pick<Change, 'rows' | 'events'>;

export const retryErpRequest = command({
  name: 'retryErpRequest',
  description:
    'Asks an ERP again, after what was wrong is mended; also at once what is still tried. What it has done meanwhile is found, and not done twice.',
  permission: 'sync-issues:handle',
  record: 'ErpRequest',
  input: object('RetryErpRequestInput', {
    id: idOf('erq').describe('The request.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
  }),
  lockKey: (input) => input.id,
  facts: requestFacts,
  decide(facts, input): Change {
    const request = requestOf(facts, input.id);
    requireVersion(request.version, input.expectedVersion);
    const { to } = transition(erpRequestMachine, { state: request.lifecycle, action: 'RETRY' });
    const payment = request.command === 'CREATE' ? facts.payments.get(request.recordId) : undefined;
    if (payment && (payment.lifecycle === 'FAILED' || payment.lifecycle === 'CANCELLED'))
      throw new DomainError('WRONG_STATE', `The payment is ${payment.lifecycle}: record it anew.`, { path: ['id'] });
    const set = { lifecycle: to, erpText: null, answeredAt: null };
    return { recordId: request.id, ...changed(facts, request, { set, type: 'erp_request.made' }) };
  },
});

export const askErpForCustomer = command({
  name: 'askErpForCustomer',
  description: 'Asks an ERP to make a customer that a document needs there, where it was never asked to and has none.',
  permission: 'erp-requests:record',
  record: 'CustomerAccount',
  input: z.strictObject({ accountId: uuidInput, connectionId: uuidInput }),
  lockKey: (input) => input.accountId,
  facts: customerFacts,
  decide({ accounts, known, unread }, { accountId, connectionId }): Decision {
    const account = accounts.get(accountId);
    if (!account) throw new DomainError('NOT_FOUND', 'There is no such account.', { path: ['accountId'] });
    if (known.has(`${connectionId} ${accountId}`)) return { unchanged: accountId };
    if (unread.has(connectionId))
      throw new DomainError('WRONG_STATE', 'It may be one of the customers of the ERP that were not read yet.', {
        path: ['accountId'],
      });
    const { id, legalEntityId } = account;
    const ask = { recordKind: 'CustomerAccount', recordId: id, legalEntityId, accountId: id, command: 'CREATE' } as const;
    return { recordId: id, rows: [], events: [], asks: [ask] };
  },
});

const trouble = z.strictObject({
  id: uuidInput,
  reason: z.enum(['MAPPING', 'ERP_REFUSED', 'MISSING_REFERENCE', 'ERP_UNREACHABLE']),
  /** What is wrong, and what would be right. */
  message: z.string().min(1).max(2_000),
  erpText: z.string().max(2_000).nullable(),
});
type Trouble = z.output<typeof trouble>;

export const refuseErpRequest = command({
  name: 'refuseErpRequest',
  description: 'Records that an ERP will not do what it was asked for. A payment that was wished for ends with it.',
  permission: 'erp-requests:record',
  record: 'ErpRequest',
  observes: true,
  input: trouble,
  lockKey: (input) => input.id,
  facts: requestFacts,
  decide(facts, input, context): Decision {
    const request = requestOf(facts, input.id);
    const step = erpRequestMachine.next(request.lifecycle, 'REFUSE');
    if (!step.ok) return { unchanged: request.id };
    const set = { lifecycle: step.to, erpText: input.erpText, answeredAt: context.now };
    const parts = [
      changed(facts, request, { set, type: 'erp_request.refused' }),
      troubled(facts, { request, trouble: input }, context),
      endOfWish(facts, request),
    ];
    return { recordId: request.id, rows: parts.flatMap((p) => p.rows), events: parts.flatMap((p) => p.events) };
  },
});

export const noteErpTrouble = command({
  name: 'noteErpTrouble',
  description: 'Records that what an ERP was asked for is not getting there. It stays asked for.',
  permission: 'erp-requests:record',
  record: 'ErpRequest',
  observes: true,
  input: trouble,
  lockKey: (input) => input.id,
  facts: requestFacts,
  decide(facts, input, context): Decision {
    const request = requestOf(facts, input.id);
    if (request.lifecycle !== 'SENT') return { unchanged: request.id };
    return { recordId: request.id, ...troubled(facts, { request, trouble: input }, context) };
  },
});

interface Step {
  readonly set: Pick<ErpRequestRow, 'lifecycle' | 'erpText' | 'answeredAt'>;
  readonly type: string;
}

function changed({ codes }: RequestFacts, request: ErpRequestRow, { set, type }: Step): Written {
  const connection = codes.get(request.connectionId) ?? '';
  const { id, version } = request;
  return {
    rows: [{ op: 'update', entity: 'ErpRequest', id, version, set, owner: ownerOf(request) }],
    events: [erpRequestEvent(type, { ...request, ...set, version: version + 1, connection })],
  };
}

/** The one issue that stands about a request: opened, or seen once more. */
function troubled(
  { issues, codes }: RequestFacts,
  { request, trouble: { reason, message, erpText } }: { request: ErpRequestRow; trouble: Trouble },
  { tenant, now, newId }: CommandContext,
): Written {
  const before = issues.get(request.id);
  const told = { reason, message, erpText, lastSeenAt: now };
  if (before) {
    const set = { ...told, seenCount: before.seenCount + 1 };
    const owner = { tenantId: request.tenantId };
    // counting is no change of it: without a version, and without an event
    return { rows: [{ op: 'update', entity: 'SyncIssue', id: before.id, version: null, set, owner }], events: [] };
  }
  const { recordKind, recordId, connectionId } = request;
  const issue = { id: newId(), recordKind, reason, lifecycle: 'OPEN' as const, version: 1 };
  const values = {
    ...told,
    ...issue,
    tenantId: tenant.id,
    connectionId,
    erpRequestId: request.id,
    recordId,
    externalId: request.externalId,
    seenCount: 1,
    createdAt: now,
  };
  const connection = codes.get(connectionId) ?? '';
  return {
    rows: [{ op: 'insert', entity: 'SyncIssue', values }],
    events: [syncIssueEvent('sync_issue.opened', { ...issue, connection })],
  };
}

/** A payment that waited for the ERP never comes. A draft stays a draft: it can be changed, and asked for again. */
function endOfWish({ payments }: RequestFacts, { recordId, command: asked }: ErpRequestRow): Written {
  const payment = payments.get(recordId);
  if (asked !== 'CREATE' || !payment || payment.lifecycle !== 'PENDING') return { rows: [], events: [] };
  const { to } = transition(paymentMachine, { state: payment.lifecycle, action: 'FAIL' });
  const { id, version } = payment;
  const set = { lifecycle: to, status: paymentStatus(to, payment.openMinor, payment.amountMinor) };
  const row: RowChange = { op: 'update', entity: 'Payment', id, version, set, owner: ownerOf(payment) };
  const after = { ...payment, ...set, version: version + 1 };
  return { rows: [row], events: [paymentEvent('payment.failed', after, { from: payment.status, effectiveOn: null })] };
}
