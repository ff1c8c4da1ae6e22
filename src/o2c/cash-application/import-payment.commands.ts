/** Reading in payments that came before: each is set against the invoice that it names, as far as that is open. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, dateInput, object, optional, text } from '../../kernel/input.ts';
import { moneyFrom } from '../../kernel/money.ts';
import { sql } from '../../read/sql.ts';
import { command, type Decision } from '../../write/command.ts';
import { Invoice, settleInvoice } from '../invoice/index.ts';
import { loadTaken, OpenItem } from '../open-item/index.ts';
import { bookPayment, PAYMENT_METHODS, paymentEvent, settlePayment } from '../payment/index.ts';
import { newBook } from './application.facts.ts';
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

export const importPayment = command({
  name: 'importPayment',
  description: 'Reads in a payment that came before. It is set against the invoice that it names, as far as that is open.',
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
    return { ...facts, invoices, items, taken: await loadTaken(tx, items) };
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
    let rest = amountMinor;
    let effectiveOn = receivedOn;
    for (const item of invoice && invoice.currency === currency ? book.of(invoice.id) : []) {
      const minor = rest < item.openMinor ? rest : item.openMinor;
      if (minor <= 0n) continue;
      const openFrom = book.openFrom(item.id, minor);
      if (openFrom > effectiveOn) effectiveOn = openFrom;
      book.allocate({
        kind: 'CASH',
        toId: item.id,
        fromId: itemId,
        minor,
        effectiveOn,
        rule: 'import',
        evidence: 'The file names the invoice.',
      });
      rest -= minor;
    }
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
