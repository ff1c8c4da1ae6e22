/** Writing off what a customer will not pay: alone up to the legal entity's limit, above it by two people. */
import { DomainError } from '../../kernel/errors.ts';
import { amount, dateInput, idOf, object, optional, text } from '../../kernel/input.ts';
import { money, moneyFrom, moneyText } from '../../kernel/money.ts';
import { personOf } from '../../access/principal.ts';
import { type Change, command } from '../../write/command.ts';
import { grant, newApproval } from '../identity/index.ts';
import { approveFacts, requestFacts, writeOffFacts } from './write-off.facts.ts';
import { amountOf, writtenInvoice, writtenOff } from './write-off.rules.ts';

const effectiveOn = optional(dateInput).describe("The day from which it counts; absent: today in the legal entity's time zone.");
const invoiceId = idOf('inv').describe('The invoice.');
const howMuch = optional(amount()).describe("How much, in the invoice's currency; absent: all that is open.");
const reason = text({ max: 1000 }).describe('Why it will not be paid.');

export const writeOff = command({
  name: 'writeOff',
  description:
    "Writes off what an invoice has open, in whole or in part. Above the legal entity's write-off limit two people have to do it, by `requestWriteOff` and `approveWriteOff`; what was given up of the invoice before counts.",
  permission: 'items:write-off',
  record: 'Invoice',
  input: object('WriteOffInput', { invoiceId, amount: howMuch, effectiveOn, reason }),
  lockKey: (input) => input.invoiceId,
  facts: (tx, inputs) =>
    writeOffFacts(
      tx,
      inputs.map((i) => i.invoiceId),
    ),
  decide: (facts, input, context): Change => writtenOff(facts, { ...input, isApproved: false }, context),
});

export const requestWriteOff = command({
  name: 'requestWriteOff',
  description:
    'Asks another person to write off what is open of an invoice. It is for this amount and for the invoice as it is now; it lapses after 7 days.',
  permission: 'items:write-off',
  record: 'Approval',
  input: object('RequestWriteOffInput', { invoiceId, amount: howMuch, reason }),
  lockKey: (input) => input.invoiceId,
  facts: (tx, inputs) =>
    requestFacts(
      tx,
      inputs.map((i) => i.invoiceId),
    ),
  decide(facts, input, context): Change {
    const invoice = writtenInvoice(facts, input.invoiceId);
    const { id, version, legalEntityId, accountId, currency, openMinor } = invoice;
    const amountMinor = amountOf(invoice, input.amount);
    if (amountMinor > openMinor)
      throw new DomainError(
        'OVER_ALLOCATION',
        `${invoice.number ?? 'The invoice'} has ${moneyText(money(openMinor, currency))} ${currency} open.`,
        { path: ['amount'] },
      );
    const asked = newApproval(
      context,
      {
        kind: 'WRITE_OFF',
        recordKind: 'Invoice',
        recordId: id,
        recordVersion: version,
        legalEntityId,
        accountId,
        customerId: facts.accounts.get(accountId)?.customerId ?? null,
        currency,
        amountMinor,
        reason: input.reason,
        lastEditorId: personOf(context.principal),
      },
      facts.approvals.filter((a) => a.recordId === id),
    );
    return { recordId: asked.id, rows: asked.rows, events: asked.events, concerns: [id] };
  },
});

export const approveWriteOff = command({
  name: 'approveWriteOff',
  description: 'Writes off what another person asked for, in the same step.',
  permission: 'items:write-off',
  record: 'Invoice',
  input: object('ApproveWriteOffInput', {
    approvalId: idOf('apr').describe('What was asked for, by `requestWriteOff`.'),
    amount: amount().describe('The amount that was asked for, once more.'),
    effectiveOn,
    reason: optional(text({ max: 1000 })).describe('Why it is granted.'),
  }),
  lockKey: (input) => input.approvalId,
  facts: (tx, inputs) =>
    approveFacts(
      tx,
      inputs.map((i) => i.approvalId),
    ),
  decide(facts, input, context): Change {
    const approval = facts.approvals.find((a) => a.id === input.approvalId && a.kind === 'WRITE_OFF');
    const invoice = approval && facts.invoices.get(approval.recordId);
    const { currency = null, amountMinor = null } = approval ?? {};
    if (!approval || !invoice || currency === null || amountMinor === null)
      throw new DomainError('NOT_FOUND', 'Nobody asked for such a write-off.', { path: ['approvalId'] });
    if (moneyFrom(input.amount, currency).minor !== amountMinor)
      throw new DomainError(
        'AMOUNT_INVALID',
        `What was asked for is ${moneyText(money(amountMinor, currency))} ${currency}: grant exactly this, or reject it.`,
        { path: ['amount'] },
      );
    const granted = grant(context, approval, { recordVersion: invoice.version, reason: input.reason ?? null });
    const done = writtenOff(
      facts,
      {
        invoiceId: invoice.id,
        amount: input.amount,
        effectiveOn: input.effectiveOn,
        reason: approval.reason,
        isApproved: true,
      },
      context,
    );
    return {
      recordId: done.recordId,
      rows: [...granted.rows, ...done.rows],
      events: [...granted.events, ...done.events],
      concerns: [approval.id],
    };
  },
});
