/** Writing off what is open of an invoice, its instalments in order. Pure. */
import { localDate } from '../../kernel/clock.ts';
import type { Decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { transition } from '../../kernel/machine.ts';
import { moneyFrom } from '../../kernel/money.ts';
import type { Change, CommandContext } from '../../write/command.ts';
import { invoiceMachine } from '../invoice/index.ts';
import { requireOpen } from '../ledger/index.ts';
import type { AllocationRow, ItemBook } from '../open-item/index.ts';
import { givenUpBy, requireWithinLimit } from './given-up.rules.ts';
import { newBook, settleAll } from './settling.rules.ts';
import type { WriteOffFacts } from './write-off.facts.ts';

/** The invoice that is to be written off. @throws NOT_FOUND, WRONG_STATE */
export function writtenInvoice(facts: WriteOffFacts, invoiceId: string) {
  const invoice = facts.invoices.get(invoiceId);
  if (!invoice) throw new DomainError('NOT_FOUND', 'There is no such invoice.', { path: ['invoiceId'] });
  transition(invoiceMachine, { state: invoice.lifecycle, action: 'WRITE_OFF' });
  return invoice;
}

/** How much: what is asked for, or all that is open. @throws NOTHING_TO_ALLOCATE, AMOUNT_INVALID */
export function amountOf({ openMinor, currency }: { openMinor: bigint; currency: string }, asked: Decimal | undefined): bigint {
  if (openMinor === 0n) throw new DomainError('NOTHING_TO_ALLOCATE', 'Nothing of this invoice is open.', { path: ['invoiceId'] });
  const minor = asked ? moneyFrom(asked, currency).minor : openMinor;
  if (minor <= 0n) throw new DomainError('AMOUNT_INVALID', 'amount must be more than zero.', { path: ['amount'] });
  return minor;
}

function dayOf(
  facts: WriteOffFacts,
  { legalEntityId, asked, now }: { legalEntityId: string; asked?: string | undefined; now: Date },
) {
  const entity = facts.entities.get(legalEntityId);
  const today = localDate(now, entity?.timeZone ?? 'UTC');
  const effectiveOn = asked ?? today;
  if (effectiveOn > today)
    throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; it can't count on a later day.`, {
      path: ['effectiveOn'],
    });
  if (entity) requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, effectiveOn, 'effectiveOn');
  return { entity, effectiveOn };
}

export interface WritingOff {
  readonly invoiceId: string;
  readonly amount?: Decimal | undefined;
  readonly effectiveOn?: string | undefined;
  readonly reason: string;
  /** Two people decided it, so the limit of one doesn't hold. */
  readonly isApproved: boolean;
}

/** @throws NOT_FOUND, WRONG_STATE, NOTHING_TO_ALLOCATE, OVER_ALLOCATION, EFFECTIVE_DATE_INVALID, PERIOD_CLOSED, APPROVAL_NEEDED */
export function writtenOff(facts: WriteOffFacts, asked: WritingOff, context: CommandContext): Change {
  const invoice = writtenInvoice(facts, asked.invoiceId);
  const { id, legalEntityId } = invoice;
  const { entity, effectiveOn } = dayOf(facts, { legalEntityId, asked: asked.effectiveOn, now: context.now });
  const minor = amountOf(invoice, asked.amount);
  const book = newBook(context, facts);
  const made = takeOff(book, id, { minor, effectiveOn, reason: asked.reason });
  if (entity && !asked.isApproved)
    requireWithinLimit(entity, {
      invoiceNumber: invoice.number ?? '',
      beforeMinor: givenUpBy(facts.givenUp(id)),
      minor: givenUpBy(made),
      path: ['amount'],
    });
  return { recordId: id, ...settleAll(facts, book, effectiveOn) };
}

/** The earliest instalments first; what exceeds them stays with the last, where it is refused. */
function takeOff(
  book: ItemBook,
  invoiceId: string,
  { minor, effectiveOn, reason }: { minor: bigint; effectiveOn: string; reason: string },
): AllocationRow[] {
  const open = book.of(invoiceId).filter((i) => i.openMinor > 0n);
  let rest = minor;
  return open.flatMap((item, i) => {
    const part = i === open.length - 1 || rest < item.openMinor ? rest : item.openMinor;
    rest -= part;
    return part === 0n
      ? []
      : [book.allocate({ kind: 'WRITE_OFF', toId: item.id, minor: part, effectiveOn, rule: 'manual', evidence: reason })];
  });
}
