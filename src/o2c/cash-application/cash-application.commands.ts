/** Setting payments and credit notes against invoices, writing off, and taking allocations back. */
import { localDate } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { amount, dateInput, idOf, list, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { moneyFrom } from '../../kernel/money.ts';
import type { Decimal } from '../../kernel/decimal.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext } from '../../write/command.ts';
import { creditNoteMachine, invoiceMachine } from '../invoice/index.ts';
import { requireOpen, reversalDay } from '../ledger/index.ts';
import { Allocation, type ItemBook, type ItemRow } from '../open-item/index.ts';
import { paymentMachine, paymentOf } from '../payment/index.ts';
import { type Documents, loadAllocations, loadDocuments, newBook, requirePayerFits, settleAll } from './application.facts.ts';

const allocationInput = object('AllocationInput', {
  invoiceId: idOf('inv').describe('The invoice; its instalments are closed in the order of their due dates.'),
  amount: amount().describe("What is taken of it, in the invoice's currency."),
  fromAmount: optional(amount()).describe('What is used of the payment, where it is in another currency.'),
  discount: optional(amount()).describe("A discount granted on it, in the invoice's currency."),
});

interface Wanted {
  readonly invoiceId: string;
  readonly amount: Decimal;
  readonly fromAmount?: Decimal | undefined;
  readonly discount?: Decimal | undefined;
}

interface Application {
  readonly context: CommandContext;
  readonly facts: Documents;
  readonly book: ItemBook;
  readonly from: ItemRow;
  readonly kind: 'CASH' | 'CREDIT';
  readonly effectiveOn: string | undefined;
  readonly evidence: string | null;
}

const later = (a: string, b: string) => (a > b ? a : b);

/** Sets one wanted amount against the instalments of its invoice, earliest due first. Gives the latest day that it counts on. */
function apply({ context, facts, book, from, kind, effectiveOn, evidence }: Application, wanted: Wanted, index: number): string {
  const invoice = facts.invoices.get(wanted.invoiceId);
  if (invoice?.lifecycle !== 'ISSUED')
    throw new DomainError('NOT_FOUND', 'There is no such issued invoice.', { path: ['allocations', String(index), 'invoiceId'] });
  let rest = moneyFrom(wanted.amount, invoice.currency).minor;
  const fromMinor = wanted.fromAmount ? moneyFrom(wanted.fromAmount, from.currency).minor : undefined;
  if (rest <= 0n)
    throw new DomainError('AMOUNT_INVALID', `allocations.${index}.amount must be more than zero.`, {
      path: ['allocations', String(index), 'amount'],
    });
  let discount = wanted.discount ? moneyFrom(wanted.discount, invoice.currency).minor : 0n;
  if (discount < 0n)
    throw new DomainError('AMOUNT_INVALID', `allocations.${index}.discount must not be negative.`, {
      path: ['allocations', String(index), 'discount'],
    });
  const open = book.of(invoice.id).filter((i) => i.openMinor > 0n);
  const last = open.at(-1);
  if (!last)
    throw new DomainError('OVER_ALLOCATION', `Nothing of ${invoice.number ?? 'the invoice'} is open.`, {
      path: ['allocations', String(index), 'amount'],
    });
  let day = '';
  for (const item of open) {
    requirePayerFits(facts, from, item);
    const minor = item === last || rest < item.openMinor ? rest : item.openMinor;
    const left = item.openMinor - minor;
    const granted = item === last || discount < left ? discount : left;
    const on = effectiveOn ?? later(book.openFrom(item.id, minor + granted), book.openFrom(from.id, fromMinor ?? minor));
    if (minor > 0n)
      book.allocate({
        kind,
        toId: item.id,
        fromId: from.id,
        minor,
        ...(fromMinor === undefined ? {} : { fromMinor }),
        effectiveOn: on,
        rule: 'manual',
        evidence,
      });
    if (granted > 0n)
      book.allocate({ kind: 'DISCOUNT', toId: item.id, minor: granted, effectiveOn: on, rule: 'manual', evidence });
    rest -= minor;
    discount -= granted;
    day = later(day, on);
  }
  const entity = facts.entities.get(invoice.legalEntityId);
  if (entity) requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, day, 'effectiveOn');
  if (day > localDate(context.now, entity?.timeZone ?? 'UTC'))
    throw new DomainError('EFFECTIVE_DATE_INVALID', "It can't count on a day that is not here yet.", { path: ['effectiveOn'] });
  return day;
}

function applyAll(application: Application, allocations: readonly Wanted[]): Omit<Change, 'recordId'> {
  const days = allocations.map((wanted, i) => apply(application, wanted, i));
  return settleAll(application.facts, application.book, days.reduce(later, ''));
}

const common = {
  allocations: list(allocationInput, { min: 1, max: 1000 }).describe('What is set against which invoices.'),
  effectiveOn: optional(dateInput).describe(
    'The day from which it counts; absent: the first from which that much of both documents is open.',
  ),
  evidence: optional(text({ max: 1000 })).describe('Why, for whoever checks it.'),
};

export const applyCash = command({
  name: 'applyCash',
  description: 'Sets a received payment against invoices, of the payer or of customers below it. All or nothing.',
  permission: 'cash:apply',
  record: 'Payment',
  input: object('ApplyCashInput', { paymentId: idOf('pay').describe('The received payment.'), ...common }),
  lockKey: (input) => input.paymentId,
  facts: (tx, inputs) =>
    loadDocuments(tx, {
      payments: inputs.map((i) => i.paymentId),
      invoices: inputs.flatMap((i) => i.allocations.map((a) => a.invoiceId)),
    }),
  decide(facts, input, context): Change {
    const payment = paymentOf(facts, input.paymentId);
    transition(paymentMachine, { state: payment.lifecycle, action: 'APPLY' });
    const book = newBook(context, facts);
    const from = book.of(payment.id)[0];
    if (!from) throw new DomainError('NOTHING_TO_ALLOCATE', 'Nothing of this payment is left.', { path: ['paymentId'] });
    return {
      recordId: payment.id,
      ...applyAll(
        { context, facts, book, from, kind: 'CASH', effectiveOn: input.effectiveOn, evidence: input.evidence ?? null },
        input.allocations,
      ),
    };
  },
});

export const applyCredit = command({
  name: 'applyCredit',
  description: 'Sets what is left of a credit note against invoices. All or nothing.',
  permission: 'cash:apply',
  record: 'CreditNote',
  input: object('ApplyCreditInput', { creditNoteId: idOf('cn').describe('The credit note.'), ...common }),
  lockKey: (input) => input.creditNoteId,
  facts: (tx, inputs) =>
    loadDocuments(tx, {
      creditNotes: inputs.map((i) => i.creditNoteId),
      invoices: inputs.flatMap((i) => i.allocations.map((a) => a.invoiceId)),
    }),
  decide(facts, input, context): Change {
    const note = facts.creditNotes.get(input.creditNoteId);
    const book = newBook(context, facts);
    const from = note && book.of(note.id)[0];
    if (!note || !from) throw new DomainError('NOT_FOUND', 'There is no such credit note.', { path: ['creditNoteId'] });
    transition(creditNoteMachine, { state: note.lifecycle, action: 'APPLY' });
    return {
      recordId: note.id,
      ...applyAll(
        { context, facts, book, from, kind: 'CREDIT', effectiveOn: input.effectiveOn, evidence: input.evidence ?? null },
        input.allocations,
      ),
    };
  },
});

export const writeOff = command({
  name: 'writeOff',
  description: 'Writes off what an invoice has open, in whole or in part.',
  permission: 'items:write-off',
  record: 'Invoice',
  input: object('WriteOffInput', {
    invoiceId: idOf('inv').describe('The invoice.'),
    amount: optional(amount()).describe("How much, in the invoice's currency; absent: all that is open."),
    effectiveOn: optional(dateInput).describe("The day from which it counts; absent: today in the legal entity's time zone."),
    reason: text({ max: 1000 }).describe('Why it will not be paid.'),
  }),
  lockKey: (input) => input.invoiceId,
  facts: (tx, inputs) => loadDocuments(tx, { invoices: inputs.map((i) => i.invoiceId) }),
  decide(facts, input, context): Change {
    const invoice = facts.invoices.get(input.invoiceId);
    if (!invoice) throw new DomainError('NOT_FOUND', 'There is no such invoice.', { path: ['invoiceId'] });
    transition(invoiceMachine, { state: invoice.lifecycle, action: 'WRITE_OFF' });
    const entity = facts.entities.get(invoice.legalEntityId);
    const today = localDate(context.now, entity?.timeZone ?? 'UTC');
    const effectiveOn = input.effectiveOn ?? today;
    if (effectiveOn > today)
      throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; it can't count on a later day.`, {
        path: ['effectiveOn'],
      });
    if (entity) requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, effectiveOn, 'effectiveOn');
    const book = newBook(context, facts);
    const open = book.of(invoice.id).filter((i) => i.openMinor > 0n);
    const total = open.reduce((sum, i) => sum + i.openMinor, 0n);
    let rest = input.amount ? moneyFrom(input.amount, invoice.currency).minor : total;
    if (total === 0n) throw new DomainError('NOTHING_TO_ALLOCATE', 'Nothing of this invoice is open.', { path: ['invoiceId'] });
    for (const [i, item] of open.entries()) {
      const minor = i === open.length - 1 || rest < item.openMinor ? rest : item.openMinor;
      if (minor > 0n || i === open.length - 1)
        book.allocate({ kind: 'WRITE_OFF', toId: item.id, minor, effectiveOn, rule: 'manual', evidence: input.reason });
      rest -= minor;
      if (rest === 0n) break;
    }
    return { recordId: invoice.id, ...settleAll(facts, book, effectiveOn) };
  },
});

export const reverseAllocation = command({
  name: 'reverseAllocation',
  description: 'Takes an allocation back: both items are open again by what it took.',
  permission: 'cash:apply',
  record: 'Allocation',
  input: object('ReverseAllocationInput', {
    id: idOf('alc').describe('The allocation.'),
    effectiveOn: optional(dateInput).describe(
      'The day from which the reversal counts; absent: today. Never before the original; moved to the first open day.',
    ),
  }),
  lockKey: (input) => input.id,
  facts: async (tx, inputs) =>
    loadAllocations(tx, await tx.load(Allocation, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`)),
  decide(facts, input, context): Change {
    const allocation = facts.allocations.find((a) => a.id === input.id);
    if (!allocation) throw new DomainError('NOT_FOUND', 'There is no such allocation.', { path: ['id'] });
    if (allocation.reversesId || allocation.kind === 'RETURN')
      throw new DomainError('WRONG_STATE', 'A reversal can’t be taken back; allocate anew.', { path: ['id'] });
    const entity = facts.entities.get(allocation.legalEntityId);
    const today = localDate(context.now, entity?.timeZone ?? 'UTC');
    const effectiveOn = reversalDay(
      { code: entity?.code ?? '', closedThrough: entity?.closedThrough ?? null },
      { originalOn: allocation.effectiveOn, asked: input.effectiveOn, today, path: 'effectiveOn' },
    );
    const book = newBook(context, facts);
    const reversal = book.reverse(allocation, {
      transfers: facts.transfers.filter((t) => t.entryId === allocation.entryId),
      effectiveOn,
      rule: 'manual',
    });
    return { recordId: reversal.id, ...settleAll(facts, book, effectiveOn) };
  },
});
