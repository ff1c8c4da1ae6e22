/** Whether what an ERP shows of a document is what is here already, for all kinds of documents alike. Pure. */
import { DomainError } from '../../kernel/errors.ts';
import { figuresOf, ratesDiffer } from './figures.rules.ts';
import type { CreditNoteRow, InvoiceRow, PaymentRow } from './observation.facts.ts';
import type { ObservedCreditNote, ObservedInvoice } from './observed-input.commands.ts';

/** By the fields that an ERP says of it, and by its rates. @example const differs = differsIn<PaymentRow>(SAID) */
export const differsIn =
  <Row extends InvoiceRow | CreditNoteRow | PaymentRow>(said: readonly (keyof Row)[]) =>
  (before: Row, after: Row): boolean =>
    said.some((key) => before[key] !== after[key]) || ratesDiffer(before, after);

interface Shown<Row, Input> {
  readonly before: Row;
  readonly input: Input;
  readonly isVoided: boolean;
  /** Why it stays, and what to do. */
  readonly sentence: string;
}

/** A document that was issued here is a legal one: it stays, whatever the ERP shows. @throws WRONG_STATE */
export function asIssuedHere({
  before,
  input,
  isVoided,
  sentence,
}: Shown<InvoiceRow, ObservedInvoice> | Shown<CreditNoteRow, ObservedCreditNote>): string {
  const { totalMinor } = figuresOf(input);
  const isSame = !isVoided && totalMinor === before.totalMinor && input.currency === before.currency;
  if (isSame && input.issuedOn === before.issuedOn && input.accountId === before.accountId) return before.id;
  throw new DomainError('WRONG_STATE', `${before.number} was issued here, and ${sentence}`, {
    path: isVoided ? ['state'] : ['total'],
  });
}
