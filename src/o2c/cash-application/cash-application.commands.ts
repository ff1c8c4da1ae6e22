/** Setting payments and credit notes against invoices. */
import { DomainError } from '../../kernel/errors.ts';
import { amount, dateInput, flag, idOf, list, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { type Change, command } from '../../write/command.ts';
import { creditNoteMachine } from '../invoice/index.ts';
import { paymentMachine, paymentOf } from '../payment/index.ts';
import { applicationFacts } from './application.facts.ts';
import { applyAll } from './apply.rules.ts';
import { newBook } from './settling.rules.ts';
import { loadWishFacts } from './wish.facts.ts';
import { applicationWish, bookWished, wishedOn } from './wish.rules.ts';

const setAgainst = {
  invoiceId: idOf('inv').describe('The invoice; its instalments are closed in the order of their due dates.'),
  amount: amount().describe("What is taken of it, in the invoice's currency."),
  fromAmount: optional(amount()).describe(
    'What is used for it of the payment or credit note, where that is in another currency; spread over the instalments in proportion.',
  ),
  discount: optional(amount()).describe(
    "A discount granted on it by hand, in the invoice's currency. More than the terms offer needs items:write-off, and counts as written off.",
  ),
};

const allocationInput = object('AllocationInput', {
  ...setAgainst,
  takeDiscount: optional(flag).describe(
    'Whether the early-payment discount is taken. True: a payment received by its last day gets what is offered on what it settles, and its share of that on a part. Absent: only where the amount is exactly what is open less the discount. False: never.',
  ),
});
const creditAllocationInput = object('CreditAllocationInput', setAgainst);

const WHAT = 'What is set against which invoices.';
const common = {
  effectiveOn: optional(dateInput).describe(
    'The day from which it counts; absent: the first from which that much of both documents is open.',
  ),
  evidence: optional(text({ max: 1000 })).describe('Why, for whoever checks it.'),
};

export const applyCash = command({
  name: 'applyCash',
  description:
    'Sets a received payment against invoices, of the payer or of customers below it. All or nothing. An early-payment discount is for payments received by its last day, whenever they are applied: an instalment that is settled gets what was offered on what it has open; a part payment that asks for it gets its share, as much as its amount is of the price less the discount. Where an ERP has authority over payments it is a wish: the payment stays as it is until the ERP has it so.',
  permission: 'cash:apply',
  record: 'Payment',
  input: object('ApplyCashInput', {
    paymentId: idOf('pay').describe('The received payment.'),
    allocations: list(allocationInput, { min: 1, max: 1000 }).describe(WHAT),
    ...common,
  }),
  lockKey: (input) => input.paymentId,
  coalesces: (input) => [input.paymentId, ...input.allocations.map((a) => a.invoiceId)],
  async facts(tx, inputs, context) {
    const facts = await applicationFacts(tx, {
      payments: inputs.map((i) => i.paymentId),
      invoices: inputs.flatMap((i) => i.allocations.map((a) => a.invoiceId)),
      isByHand: inputs.some((i) => i.allocations.some((a) => a.discount !== undefined)),
    });
    return { ...facts, known: await loadWishFacts(tx, [...facts.payments.values()], context) };
  },
  decide({ known, ...facts }, input, context): Change {
    const payment = paymentOf(facts, input.paymentId);
    const wishedDay = wishedOn(known, payment);
    if (wishedDay === null) transition(paymentMachine, { state: payment.lifecycle, action: 'APPLY' });
    const book = newBook(context, facts);
    if (wishedDay !== null) bookWished(context, payment, book, wishedDay);
    const from = book.of(payment.id)[0];
    if (!from) throw new DomainError('NOTHING_TO_ALLOCATE', 'Nothing of this payment is left.', { path: ['paymentId'] });
    const { effectiveOn, evidence = null } = input;
    const how = { kind: 'CASH', receivedOn: wishedDay ?? payment.receivedOn, effectiveOn, evidence } as const;
    const applied = { recordId: payment.id, ...applyAll({ context, facts, book, from, ...how }, input.allocations) };
    const isTheirs = context.authority(payment.legalEntityId, 'Payment').side === 'CONNECTION';
    return isTheirs ? applicationWish({ known, payment, book, applied }) : applied;
  },
});

export const applyCredit = command({
  name: 'applyCredit',
  description: 'Sets what is left of a credit note against invoices. All or nothing.',
  permission: 'cash:apply',
  record: 'CreditNote',
  input: object('ApplyCreditInput', {
    creditNoteId: idOf('cn').describe('The credit note.'),
    allocations: list(creditAllocationInput, { min: 1, max: 1000 }).describe(WHAT),
    ...common,
  }),
  lockKey: (input) => input.creditNoteId,
  coalesces: (input) => [input.creditNoteId, ...input.allocations.map((a) => a.invoiceId)],
  facts: (tx, inputs) =>
    applicationFacts(tx, {
      creditNotes: inputs.map((i) => i.creditNoteId),
      invoices: inputs.flatMap((i) => i.allocations.map((a) => a.invoiceId)),
      isByHand: inputs.some((i) => i.allocations.some((a) => a.discount !== undefined)),
    }),
  decide(facts, input, context): Change {
    const note = facts.creditNotes.get(input.creditNoteId);
    if (!note) throw new DomainError('NOT_FOUND', 'There is no such credit note.', { path: ['creditNoteId'] });
    transition(creditNoteMachine, { state: note.lifecycle, action: 'APPLY' });
    const book = newBook(context, facts);
    const from = book.of(note.id)[0];
    if (!from) throw new DomainError('NOTHING_TO_ALLOCATE', 'Nothing of this credit note is left.', { path: ['creditNoteId'] });
    const { effectiveOn, evidence = null } = input;
    const how = { kind: 'CREDIT', receivedOn: null, effectiveOn, evidence } as const;
    return { recordId: note.id, ...applyAll({ context, facts, book, from, ...how }, input.allocations) };
  },
});
