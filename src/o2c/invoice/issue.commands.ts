/** Issuing invoices: the number, the due date, the rates, the books. */
import { decimal, decimalText } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/hash.ts';
import { dateInput, idOf, int, object, optional } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { command, type Decision, ownerOf, type RowOf } from '../../write/command.ts';
import { drawn } from '../../kernel/drawn-number.ts';
import { dueDate, loadRates, PaymentTerms, rateOf } from '../catalogue/index.ts';
import { requireOpen } from '../ledger/index.ts';
import { loadAccounts, seriesKey, todayIn } from '../party/index.ts';
import { bookInvoice } from './booking.rules.ts';
import type { InvoiceLine } from './invoice.entity.ts';
import { invoiceFacts, invoiceOf, type InvoiceRow } from './invoice.facts.ts';
import { invoiceMachine } from './invoice.machine.ts';
import { invoiceEvent } from './settlement.rules.ts';

export const issueInvoice = command({
  name: 'issueInvoice',
  description: 'Issues a draft: it gets the next number of its series without gaps, is posted, and never changes again.',
  permission: 'invoices:issue',
  record: 'Invoice',
  input: object('IssueInvoiceInput', {
    id: idOf('inv').describe('The draft.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
    issuedOn: optional(dateInput).describe(
      "The issue date; absent: today in the legal entity's time zone. Not before the series' newest.",
    ),
    dueOn: optional(dateInput).describe('The due date; absent: by the payment terms.'),
  }),
  lockKey: (input) => input.id,
  async facts(tx, inputs, context) {
    const facts = await invoiceFacts(tx, inputs);
    const invoices = [...facts.invoices.values()];
    const accounts = await loadAccounts(
      tx,
      invoices.map((i) => i.accountId),
    );
    const wanted = invoices.flatMap((invoice) => {
      const on = inputs.find((i) => i.id === invoice.id)?.issuedOn ?? todayIn(accounts, invoice.legalEntityId, context.now);
      return [invoice.baseCurrency, context.tenant.groupCurrency].map((to) => ({ from: invoice.currency, to, on }));
    });
    const terms = await tx.load(PaymentTerms, sql`t.id = any(${sql.uuids(invoices.map((i) => i.paymentTermsId))})`);
    return { ...facts, ...accounts, rates: await loadRates(tx, wanted), terms };
  },
  decide(facts, input, context): Decision {
    const invoice = invoiceOf(facts, input.id, input.expectedVersion);
    const { to } = transition(invoiceMachine, { state: invoice.lifecycle, action: 'ISSUE' });
    const entity = facts.entities.get(invoice.legalEntityId);
    const seriesId = facts.series.get(seriesKey(invoice.legalEntityId, 'INVOICE'));
    if (!entity || !seriesId) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['id'] });
    const today = todayIn(facts, entity.id, context.now);
    const issuedOn = input.issuedOn ?? today;
    if (issuedOn > today)
      throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; an invoice can't be issued on a later day.`, {
        path: ['issuedOn'],
      });
    requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, issuedOn, 'issuedOn');
    const terms = facts.terms.find((t) => t.id === invoice.paymentTermsId) ?? { netDays: 0, isEndOfMonth: false };
    const dueOn = input.dueOn ?? dueDate(issuedOn, terms);
    if (dueOn < issuedOn)
      throw new DomainError('EFFECTIVE_DATE_INVALID', `dueOn must not be before issuedOn, ${issuedOn}.`, { path: ['dueOn'] });
    const number = drawn(seriesId, { slot: invoice.id, on: issuedOn }, 'TEXT');
    const rate = rateOf(facts.rates, invoice.currency, invoice.baseCurrency, issuedOn);
    const groupRate = rateOf(facts.rates, invoice.currency, context.tenant.groupCurrency, issuedOn);
    const taxes = facts.taxes.filter((t) => t.invoiceId === invoice.id);
    const booked = bookInvoice(context, {
      ...invoice,
      number,
      issuedOn,
      dueOn,
      rate,
      groupRate,
      taxes,
      event: 'invoice.issued',
      functionalCurrency: entity.functionalCurrency,
    });
    const set = {
      ...booked.set,
      lifecycle: to,
      number,
      seriesNumber: drawn(seriesId, { slot: invoice.id, on: issuedOn }, 'NUMBER'),
      snapshotHash: snapshotOf(invoice, { issuedOn, dueOn, lines: facts.lines }),
    };
    return {
      recordId: invoice.id,
      rows: [
        { op: 'update', entity: 'Invoice', id: invoice.id, version: invoice.version, set, owner: ownerOf(invoice) },
        ...booked.book.rows(),
      ],
      events: [
        invoiceEvent(
          'invoice.issued',
          { ...invoice, ...booked.settled, lifecycle: to, number, version: invoice.version + 1 },
          { from: invoice.status, effectiveOn: issuedOn },
        ),
      ],
    };
  },
});

/** The legal fields of an issued invoice, hashed: they never change after. */
function snapshotOf(
  invoice: Pick<InvoiceRow, 'id' | 'accountId' | 'currency' | 'netMinor' | 'taxMinor' | 'totalMinor'>,
  more: { issuedOn: string; dueOn: string; lines: readonly RowOf<typeof InvoiceLine>[] },
): string {
  const { id, accountId, currency, netMinor, taxMinor, totalMinor } = invoice;
  const lines = more.lines
    .filter((l) => l.invoiceId === id)
    .sort((a, b) => a.lineNumber - b.lineNumber)
    .map((l) => [
      l.lineNumber,
      l.description,
      decimalText(decimal(l.quantity)),
      decimalText(decimal(l.unitPrice)),
      l.netMinor,
      l.taxCategory,
      decimalText(decimal(l.taxRate)),
    ]);
  return hashOf({ id, accountId, currency, netMinor, taxMinor, totalMinor, issuedOn: more.issuedOn, dueOn: more.dueOn, lines });
}
