/** Reading in payments that came before: each is set against the invoice that it names, as far as that is open, less a discount that it earned. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, dateInput, object, optional, text } from '../../kernel/input.ts';
import { moneyFrom } from '../../kernel/money.ts';
import { sql } from '../../read/sql.ts';
import { command, type Decision, type RowOf } from '../../write/command.ts';
import { Invoice, InvoiceTax, settleInvoice, taxedTotalOf } from '../invoice/index.ts';
import { type ItemBook, loadTaken, OpenItem } from '../open-item/index.ts';
import { bookPayment, PAYMENT_METHODS, paymentEvent, settlePayment } from '../payment/index.ts';
import {
  importedFields,
  connectionOf,
  importFacts,
  partiesOf,
  paymentOf,
  refKey,
  refRow,
  requirePast,
  seriesNumber,
  setOf,
  texts,
} from './import.facts.ts';
import { partsOf } from './instalments.rules.ts';
import { newBook } from './settling.rules.ts';

export const importPayment = command({
  name: 'importPayment',
  description:
    'Reads in a payment that came before. It is set against the invoice that it names, as far as that is open; one that came in time and is exactly what is open less the discount takes that.',
  permission: 'documents:import',
  record: 'Payment',
  input: object('ImportPaymentInput', {
    ...importedFields,
    number: optional(text({ max: 60 })).describe('Its number; absent: the next of the series.'),
    receivedOn: dateInput.describe('The day on which the money was there.'),
    method: optional(choice('PaymentMethod', PAYMENT_METHODS)).describe('How it was paid; absent: OTHER.'),
    reference: optional(text()).describe("The payer's reference."),
    invoiceNumber: optional(text({ max: 60 })).describe('The invoice that it pays.'),
  }),
  lockKey: (input) =>
    input.invoiceNumber ? `invoice ${input.customerNumber} ${input.invoiceNumber}` : `${input.legalEntityId} ${input.externalId}`,
  async facts(tx, inputs, context) {
    const facts = await importFacts(
      tx,
      'Payment',
      inputs.map((i) => ({ ...i, days: [i.receivedOn] })),
      context.tenant.groupCurrency,
    );
    const invoices = await tx.load(
      Invoice,
      sql`t.number = any(${texts(inputs.flatMap((i) => i.invoiceNumber ?? []))}) and t.lifecycle = 'ISSUED'`,
      { lock: true },
    );
    const items = await tx.load(OpenItem, sql`t.document_id = any(${sql.uuids(invoices.map((i) => i.id))})`, { lock: true });
    const offering = invoices.filter((i) => i.discountOfferedMinor > 0n).map((i) => i.id);
    const taxes = await tx.load(InvoiceTax, sql`t.invoice_id = any(${sql.uuids(offering)})`);
    return { ...facts, invoices, items, taxes, taken: await loadTaken(tx, items) };
  },
  decide(facts, input, context): Decision {
    const { account, entity } = partiesOf(facts, input);
    const known = facts.known.get(refKey(connectionOf(entity.id), input.externalId));
    if (known) return { unchanged: known };
    const { receivedOn, currency } = input;
    requirePast(entity, receivedOn, { now: context.now, path: 'receivedOn' });
    const amountMinor = moneyFrom(input.amount, currency).minor;
    if (amountMinor <= 0n) throw new DomainError('AMOUNT_INVALID', 'amount must be more than zero.', { path: ['amount'] });
    const invoice = input.invoiceNumber
      ? facts.invoices.find((i) => i.number === input.invoiceNumber && i.accountId === account.id)
      : undefined;
    if (input.invoiceNumber && !invoice)
      throw new DomainError('NOT_FOUND', `The customer has no invoice ${input.invoiceNumber}.`, { path: ['invoiceNumber'] });
    const payment = paymentOf({
      context,
      facts,
      account,
      entity,
      currency,
      amountMinor,
      receivedOn,
      number: input.number ?? seriesNumber(facts, entity.id, context),
      method: input.method ?? 'OTHER',
      reference: input.reference ?? null,
    });
    const book = newBook(context, { items: facts.items.filter((i) => i.documentId === invoice?.id), taken: facts.taken });
    const { itemId, baseAmountMinor } = bookPayment(context, { ...payment, event: 'payment.imported' }, book);
    const taxes = entity.discountReducesTax ? facts.taxes : [];
    const effectiveOn =
      invoice?.currency === currency ? setAgainst(invoice, { book, itemId, minor: amountMinor, receivedOn, taxes }) : receivedOn;
    const applied = settlePayment(payment, book.of(payment.id), effectiveOn);
    const paid = invoice ? settleInvoice(invoice, book.of(invoice.id), effectiveOn) : { rows: [], events: [] };
    return {
      recordId: payment.id,
      rows: [
        {
          op: 'insert',
          entity: 'Payment',
          values: { ...payment, baseAmountMinor, ...setOf(applied.rows), version: 1 + applied.rows.length },
        },
        ...book.rows(),
        ...paid.rows,
        refRow(context, 'Payment', input, payment.id),
      ],
      events: [
        paymentEvent('payment.imported', payment, { from: null, effectiveOn: receivedOn }),
        ...book.allocationEvents(),
        ...applied.events,
        ...paid.events,
      ],
    };
  },
});

interface Used {
  readonly book: ItemBook;
  readonly itemId: string;
  readonly minor: bigint;
  readonly receivedOn: string;
  /** The taxes that a discount lowers. */
  readonly taxes: readonly RowOf<typeof InvoiceTax>[];
}

/** Sets a payment against the invoice that it names, less the discount where it is exactly that. Gives the day on which it counts. */
function setAgainst(invoice: RowOf<typeof Invoice>, { book, itemId, minor, receivedOn, taxes }: Used): string {
  const items = book.of(invoice.id).filter((i) => i.openMinor > 0n);
  const open = items.reduce((sum, i) => sum + i.openMinor, 0n);
  const wanted = { minor: minor < open ? minor : open, fromMinor: undefined, discountMinor: undefined, takesDiscount: undefined };
  const taxed = taxedTotalOf(
    invoice,
    taxes.filter((tax) => tax.invoiceId === invoice.id),
  );
  return partsOf(items, wanted, receivedOn).reduce((day, part) => {
    const toId = part.item.id;
    const openFrom = book.openFrom(toId, part.minor + part.earlyMinor);
    const effectiveOn = openFrom > day ? openFrom : day;
    const evidence = 'The file names the invoice.';
    const paid = { kind: 'CASH', toId, fromId: itemId, minor: part.minor, effectiveOn, rule: 'import', evidence } as const;
    const { id: withId } = book.allocate(paid);
    if (part.earlyMinor > 0n) book.allocate({ ...EARLY, toId, minor: part.earlyMinor, effectiveOn, evidence, withId, taxed });
    return effectiveOn;
  }, receivedOn);
}

const EARLY = { kind: 'DISCOUNT', rule: 'early-payment' } as const;
