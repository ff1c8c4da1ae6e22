/** Reading in invoices that were issued elsewhere, and the payments that settled them: the same code for one and for a page of a file. */
import { DomainError } from '../../kernel/errors.ts';
import { dateInput, object, optional, text } from '../../kernel/input.ts';
import { moneyFrom } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import { sql } from '../../read/sql.ts';
import { command, type CommandContext, type Decision, type RowChange } from '../../write/command.ts';
import { PaymentTerms } from '../catalogue/index.ts';
import { bookInvoice, invoiceEvent, settleInvoice, wholeOn } from '../invoice/index.ts';
import type { AccountRow, LegalEntityRow } from '../party/index.ts';
import { bookPayment, paymentEvent, settlePayment } from '../payment/index.ts';
import {
  importedFields,
  connectionOf,
  type Facts,
  importFacts,
  partiesOf,
  paymentOf,
  ratesOf,
  refKey,
  refRow,
  requirePast,
  seriesNumber,
  setOf,
  texts,
} from './import.facts.ts';

export const importInvoice = command({
  name: 'importInvoice',
  description: 'Reads in an invoice that was issued elsewhere, and its payment if it was settled.',
  permission: 'documents:import',
  record: 'Invoice',
  input: object('ImportInvoiceInput', {
    ...importedFields,
    number: optional(text({ max: 60 })).describe('Its number; absent: one made from the external id.'),
    issuedOn: dateInput.describe('The issue date.'),
    dueOn: dateInput.describe('The due date.'),
    settledOn: optional(dateInput).describe('The day on which it was paid in full; absent: it is open.'),
    customerReference: optional(text()).describe("The customer's own reference."),
    paymentTermsCode: optional(text({ max: 20 })).describe('The code of its terms, for information; unknown ones are left out.'),
  }),
  lockKey: (input) => `${input.legalEntityId} ${input.externalId}`,
  facts: async (tx, inputs, context) => ({
    ...(await importFacts(
      tx,
      'Invoice',
      inputs.map((i) => ({ ...i, days: [i.issuedOn, ...(i.settledOn ? [i.settledOn] : [])] })),
      context.tenant.groupCurrency,
    )),
    terms: new Map(
      (await tx.load(PaymentTerms, sql`t.code = any(${texts(inputs.flatMap((i) => i.paymentTermsCode ?? []))})`)).map((t) => [
        t.code,
        t.id,
      ]),
    ),
  }),
  decide(facts, input, context): Decision {
    const { account, entity } = partiesOf(facts, input);
    const known = facts.known.get(refKey(connectionOf(entity.id), input.externalId));
    if (known) return { unchanged: known };
    const { issuedOn, dueOn, settledOn, currency } = input;
    requirePast(entity, issuedOn, { now: context.now, path: 'issuedOn' });
    if (settledOn) requirePast(entity, settledOn, { now: context.now, path: 'settledOn' });
    if (dueOn < issuedOn) {
      throw new DomainError('EFFECTIVE_DATE_INVALID', `dueOn must not be before issuedOn, ${issuedOn}.`, { path: ['dueOn'] });
    }
    const totalMinor = moneyFrom(input.amount, currency).minor;
    if (totalMinor <= 0n) {
      const message = 'amount must be more than zero; an invoice is what a customer owes.';
      throw new DomainError('AMOUNT_INVALID', message, { path: ['amount'] });
    }
    const made = importedInvoice({ context, facts, account, entity, totalMinor }, input);
    const { rows, events } = settledOn
      ? settled({ context, facts, account, entity, totalMinor }, made, settledOn)
      : stillOpen(made);
    return { recordId: made.invoice.id, rows: [...rows, refRow(context, 'Invoice', input, made.invoice.id)], events };
  },
});

interface Importing {
  readonly context: CommandContext;
  readonly facts: Facts & { readonly terms: ReadonlyMap<string, string> };
  readonly account: AccountRow;
  readonly entity: LegalEntityRow;
  readonly totalMinor: bigint;
}

interface InvoiceFields {
  readonly number?: string | undefined;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly currency: string;
  readonly customerReference?: string | undefined;
  readonly paymentTermsCode?: string | undefined;
}

/** The invoice as it was issued: outside the scope of tax, since a file gives one amount. */
function importedInvoice({ context, facts, account, entity, totalMinor }: Importing, input: InvoiceFields) {
  const { issuedOn, dueOn, currency } = input;
  const id = context.newId();
  const base = {
    id,
    tenantId: context.tenant.id,
    legalEntityId: entity.id,
    accountId: account.id,
    currency,
    netMinor: totalMinor,
    taxMinor: 0n,
    totalMinor,
    number: input.number ?? `IMP-${id.slice(-12)}`,
    baseCurrency: entity.functionalCurrency,
  };
  const booked = bookInvoice(context, {
    ...base,
    issuedOn,
    parts: wholeOn(dueOn, totalMinor),
    taxes: [],
    event: 'invoice.imported',
    functionalCurrency: entity.functionalCurrency,
    ...ratesOf(facts.rates, context, { from: currency, base: entity.functionalCurrency, on: issuedOn }),
  });
  const invoice = { ...base, lifecycle: 'ISSUED' as const, ...booked.settled, version: 1 };
  const values = {
    ...base,
    ...booked.set,
    origin: 'IMPORTED',
    lifecycle: 'ISSUED',
    customerReference: input.customerReference ?? null,
    paymentTermsId: facts.terms.get(input.paymentTermsCode ?? '') ?? null,
    version: 1,
    createdAt: context.now,
  };
  return {
    invoice,
    values,
    booked,
    issuedOn,
    issued: invoiceEvent('invoice.imported', invoice, { from: null, effectiveOn: issuedOn }),
  };
}
type MadeInvoice = ReturnType<typeof importedInvoice>;

interface Written {
  readonly rows: readonly RowChange[];
  readonly events: readonly EventDraft[];
}

const stillOpen = ({ values, booked, issued }: MadeInvoice): Written => ({
  rows: [{ op: 'insert', entity: 'Invoice', values }, ...booked.book.rows()],
  events: [issued],
});

/** The invoice with the payment that closed it, each as it stands after. */
function settled(importing: Importing, { invoice, values, booked, issuedOn, issued }: MadeInvoice, settledOn: string): Written {
  const { context, facts, entity, totalMinor } = importing;
  const { book } = booked;
  const { currency, number: reference } = invoice;
  const number = seriesNumber(facts, entity.id, context);
  const payment = paymentOf({
    ...importing,
    currency,
    amountMinor: totalMinor,
    receivedOn: settledOn,
    number,
    method: 'OTHER',
    reference,
  });
  const { itemId: fromId, baseAmountMinor } = bookPayment(context, { ...payment, event: 'payment.imported' }, book);
  const effectiveOn = settledOn > issuedOn ? settledOn : issuedOn;
  const evidence = 'The file says that it was settled.';
  for (const { id: toId, openMinor: minor } of book.of(invoice.id))
    book.allocate({ kind: 'CASH', toId, fromId, minor, effectiveOn, rule: 'import', evidence });
  const paid = settleInvoice(invoice, book.of(invoice.id), effectiveOn);
  const applied = settlePayment(payment, book.of(payment.id), effectiveOn);
  const received = paymentEvent('payment.imported', payment, { from: null, effectiveOn: settledOn });
  return {
    rows: [
      { op: 'insert', entity: 'Invoice', values: { ...values, ...setOf(paid.rows), version: 2 } },
      { op: 'insert', entity: 'Payment', values: { ...payment, baseAmountMinor, ...setOf(applied.rows), version: 2 } },
      ...book.rows(),
    ],
    events: [issued, received, ...book.allocationEvents(), ...applied.events, ...paid.events],
  };
}
