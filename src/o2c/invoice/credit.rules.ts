/** One credit note on one invoice: the day it may have, what is left, and the note. Pure; both commands that credit end here. */
import { DomainError } from '../../kernel/errors.ts';
import { transition } from '../../kernel/machine.ts';
import type { CommandContext } from '../../write/command.ts';
import { requireOpen } from '../ledger/index.ts';
import { seriesKey, todayIn } from '../party/index.ts';
import type { CreditFacts } from './credit-note.facts.ts';
import { bookCreditNote, type BookedNote, type Credited } from './credit-note.rules.ts';
import type { InvoiceRow } from './invoice.facts.ts';
import { invoiceMachine } from './invoice.machine.ts';

interface Crediting extends Pick<Credited, 'taken' | 'lines' | 'reason'> {
  readonly invoice: InvoiceRow;
  /** Absent: today. */
  readonly issuedOn: string | undefined;
}

/** @throws WRONG_STATE, EFFECTIVE_DATE_INVALID, PERIOD_CLOSED, NOTHING_TO_ALLOCATE */
export function creditInvoice(context: CommandContext, facts: CreditFacts, crediting: Crediting): BookedNote {
  const { invoice } = crediting;
  transition(invoiceMachine, { state: invoice.lifecycle, action: 'CREDIT' });
  const entity = facts.entities.get(invoice.legalEntityId);
  const seriesId = facts.series.get(seriesKey(invoice.legalEntityId, 'CREDIT_NOTE'));
  if (!entity || !seriesId) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['invoiceId'] });
  const today = todayIn(facts, entity.id, context.now);
  const issuedOn = crediting.issuedOn ?? today;
  if (issuedOn > today || issuedOn < (invoice.issuedOn ?? '')) {
    throw new DomainError(
      'EFFECTIVE_DATE_INVALID',
      `A credit note is dated between ${invoice.issuedOn ?? ''}, the day of the invoice, and ${today}.`,
      { path: ['issuedOn'] },
    );
  }
  requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, issuedOn, 'issuedOn');
  const loaded = { items: facts.items.filter((i) => i.documentId === invoice.id), taken: facts.taken };
  return bookCreditNote(context, { ...crediting, loaded, issuedOn, seriesId });
}
