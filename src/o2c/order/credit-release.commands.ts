/** Letting an order go beyond the credit limit: one person asks, another one grants, for exactly this order as it is. */
import { DomainError } from '../../kernel/errors.ts';
import { idOf, moneyInput, object, optional, text } from '../../kernel/input.ts';
import { money, moneyText } from '../../kernel/money.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command } from '../../write/command.ts';
import { grant, loadApprovals, loadOpenApprovals, newApproval } from '../identity/index.ts';
import { written } from './draft.commands.ts';
import { loadHolds, openHoldOf } from './hold.commands.ts';
import { loadOrders, orderBookOf } from './order.facts.ts';
import { named } from './placing.rules.ts';

const KIND = 'CREDIT_RELEASE';

export const requestCreditRelease = command({
  name: 'requestCreditRelease',
  description: 'Asks a second person to let an order with a credit hold go beyond the limit, as it is ordered now.',
  permission: 'orders:change',
  record: 'Approval',
  input: object('RequestCreditReleaseInput', {
    holdId: idOf('hld').describe('The open credit hold.'),
    reason: text({ max: 500 }).describe('Why the order should go on.'),
  }),
  lockKey: (input) => input.holdId,
  async facts(tx, inputs) {
    const loaded = await loadHolds(
      tx,
      inputs.map((i) => i.holdId),
    );
    return { ...loaded, open: await loadOpenApprovals(tx, { kind: KIND, recordIds: [...loaded.orders.keys()] }) };
  },
  decide({ open, ...facts }, { holdId, reason }, context): Change {
    const { hold, book } = openHoldOf(facts, holdId);
    const { order } = book;
    const path = ['holdId'];
    if (hold.kind !== 'CREDIT')
      throw new DomainError('WRONG_STATE', 'This is no credit hold: it is released with releaseHold.', { path });
    const ofOrder = open.filter((a) => a.recordId === order.id);
    const wish = {
      kind: KIND,
      recordKind: 'Order',
      recordId: order.id,
      recordVersion: order.contentVersion,
      legalEntityId: order.legalEntityId,
      accountId: order.accountId,
      customerId: null,
      currency: order.currency,
      amountMinor: order.totalMinor,
      reason,
      lastEditorId: order.lastEditorId,
    } as const;
    const { id, rows, events } = named(path, () => newApproval(context, wish, ofOrder));
    return { recordId: id, rows, events, concerns: [order.id] };
  },
});

export const approveCreditRelease = command({
  name: 'approveCreditRelease',
  description:
    'Lets an order go beyond the credit limit, as another person than who asked or changed it last: up to its total and as it is ordered now. Its credit holds are released; confirm it, or release or ship its fulfilments, then.',
  permission: 'credit:release',
  record: 'Order',
  input: object('ApproveCreditReleaseInput', {
    approvalId: idOf('apr').describe('The wish.'),
    amount: moneyInput.describe('The total of the order that you grant: exactly the one asked for.'),
    reason: optional(text({ max: 500 })).describe('Why it is granted.'),
  }),
  lockKey: (input) => input.approvalId,
  async facts(tx, inputs) {
    const ids = inputs.map((i) => i.approvalId);
    const about = await tx.rows<{ record_id: string }>(
      sql`select record_id from approval where id = any(${sql.uuids(ids)}) and kind = ${KIND}`,
    );
    const orders = await loadOrders(
      tx,
      about.map((a) => a.record_id),
    );
    return { ...orders, approvals: await loadApprovals(tx, ids) };
  },
  decide({ approvals, ...facts }, input, context): Change {
    const approval = approvals.find((a) => a.id === input.approvalId && a.kind === KIND);
    if (!approval)
      throw new DomainError('NOT_FOUND', 'There is no such wish to let an order go beyond the limit.', { path: ['approvalId'] });
    const book = orderBookOf(facts, approval.recordId);
    const { amount } = input;
    if (amount.minor !== approval.amountMinor || amount.currency !== approval.currency) {
      const wanted = moneyText(money(approval.amountMinor ?? 0n, book.order.currency));
      throw new DomainError('AMOUNT_INVALID', `What was asked for is ${wanted} ${book.order.currency}. Grant exactly that.`, {
        path: ['amount'],
      });
    }
    const holds = book.holds.filter((h) => h.kind === 'CREDIT');
    if (holds.length === 0)
      throw new DomainError('WRONG_STATE', 'No credit hold is open on the order any more, so there is nothing to let go.', {
        path: ['approvalId'],
      });
    const reason = input.reason ?? null;
    const { contentVersion } = book.order;
    const granted = named(['approvalId'], () => grant(context, approval, { recordVersion: contentVersion, reason }));
    book.change({ releasedVersion: contentVersion, releasedMinor: approval.amountMinor });
    const ended = { lifecycle: 'RELEASED', reason: reason ?? approval.reason } as const;
    for (const { id } of holds) book.endHold(context, id, ended);
    const ofOrder = written(book, 'order.hold_released');
    return {
      ...ofOrder,
      concerns: [approval.id],
      rows: [...granted.rows, ...ofOrder.rows],
      events: [...granted.events, ...ofOrder.events],
    };
  },
});
