/** Issuing credit notes by amounts: the only way to undo an issued invoice, or a part of it that no goods came back for. */
import { DomainError } from '../../kernel/errors.ts';
import { amount, choice, dateInput, decimalInput, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import { moneyFrom } from '../../kernel/money.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { loadOrders, orderBookOf, type LoadedOrders } from '../order/index.ts';
import { creditFacts, leftOf } from './credit-note.facts.ts';
import { creditInvoice } from './credit.rules.ts';
import type { InvoiceRow } from './invoice.facts.ts';
import { TAX_CATEGORIES } from '../catalogue/index.ts';
import { creditOf, rateText } from './invoice.rules.ts';

const creditLine = object('CreditLineInput', {
  description: optional(text()).describe('What is credited.'),
  taxCategory: choice('TaxCategory', TAX_CATEGORIES).describe('The VAT category code of the invoice.'),
  taxRate: decimalInput({ scale: 4, min: '0', max: '100' }).describe('The tax rate of the invoice in percent.'),
  net: amount().describe("The net amount to credit, in the invoice's currency."),
});

export const issueCreditNote = command({
  name: 'issueCreditNote',
  description:
    'Credits an invoice in whole (what is left of it) or by given nets. The note is set against what is open of the invoice at once; the rest stays on the account. Goods that came back are credited by `creditReturn`.',
  permission: 'invoices:credit',
  record: 'CreditNote',
  input: object('IssueCreditNoteInput', {
    invoiceId: idOf('inv').describe('The issued invoice.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version of the invoice that you saw.'),
    reason: text().describe('Why it is given.'),
    issuedOn: optional(dateInput).describe("The issue date; absent: today in the legal entity's time zone."),
    lines: optional(list(creditLine, { min: 1, max: 100 })).describe(
      'The nets to credit, one per tax category and rate; absent: all that is left.',
    ),
  }),
  lockKey: (input) => input.invoiceId,
  async facts(tx, inputs) {
    const ids = inputs.map((i) => i.invoiceId);
    const orders = await loadOrders(tx, await ordersOf(tx, ids));
    return { orders, ...(await creditFacts(tx, ids)) };
  },
  decide(facts, input, context): Change {
    const invoice = facts.invoices.get(input.invoiceId);
    if (!invoice) throw new DomainError('NOT_FOUND', 'There is no such invoice.', { path: ['invoiceId'] });
    requireVersion(invoice.version, input.expectedVersion);
    const { currency } = invoice;
    const wanted = input.lines?.map((l) => ({
      ...l,
      taxRate: rateText(l.taxRate),
      netMinor: moneyFrom(l.net, currency).minor,
      description: l.description ?? null,
    }));
    const taken = creditOf(leftOf(facts, invoice), wanted ?? null, currency);
    const { reason, issuedOn } = input;
    const note = creditInvoice(context, facts, { invoice, taken, reason, issuedOn });
    const ofOrder = orderAfter(facts.orders, invoice, note.totalMinor);
    return {
      recordId: note.id,
      concerns: [invoice.id, ...(invoice.orderId === null ? [] : [invoice.orderId])],
      rows: [...note.rows, ...ofOrder.rows],
      events: [...note.events, ...ofOrder.events],
    };
  },
});

/** An invoice names its order for ever, so this needs no lock. */
async function ordersOf(tx: Tx, invoiceIds: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: string }>(
    sql`select order_id as id from invoice where id = any(${sql.uuids(invoiceIds)}) and order_id is not null`,
  );
  return rows.map((r) => r.id);
}

/** What its order says after a credit by amounts: no quantity of it came back. */
function orderAfter(orders: LoadedOrders, { orderId }: InvoiceRow, grossMinor: bigint): Pick<Change, 'rows' | 'events'> {
  if (orderId === null) return { rows: [], events: [] };
  if (!orders.orders.has(orderId))
    throw new DomainError('FORBIDDEN', 'The invoice bills an order that you may not see, and crediting it changes that order.');
  const book = orderBookOf(orders, orderId);
  book.credit({ lines: [], grossMinor });
  return { rows: book.rows(), events: book.events('order.credited') };
}
