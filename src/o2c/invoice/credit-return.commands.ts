/** Crediting goods that came back: by quantities of the lines of their order, on the invoices that billed them. */
import { addDecimal, type Decimal, decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { dateInput, decimalInput, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import { type Change, command } from '../../write/command.ts';
import { type OrderBook, orderBookOf } from '../order/index.ts';
import { creditableOf, type LinePart, partsOf, returnedOf } from './bill.rules.ts';
import { leftOf, returnFacts } from './credit-note.facts.ts';
import type { BookedNote } from './credit-note.rules.ts';
import { takeBack, type TakenLine, withinLeft } from './credit-return.rules.ts';
import { creditInvoice } from './credit.rules.ts';
import { creditOf } from './invoice.rules.ts';

const returnLineInput = object('CreditReturnLineInput', {
  orderLineId: idOf('orl').describe('The line of the order.'),
  quantity: decimalInput({ scale: 6, min: '0.000001', max: '999999999999' }).describe('How much of it.'),
});

export const creditReturn = command({
  name: 'creditReturn',
  description:
    'Credits goods that came back and were billed: a credit note on each invoice that billed them, the newest first. The notes are set against what is open of their invoices at once; the rest stays on the account.',
  permission: 'invoices:credit',
  record: 'Order',
  input: object('CreditReturnInput', {
    orderId: idOf('ord').describe('The order.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version of the order that you saw.'),
    lines: optional(list(returnLineInput, { min: 1, max: 1000 })).describe(
      'What is credited: goods that came back, or that were billed with the order and are in no fulfilment; absent: all that came back and is billed still.',
    ),
    reason: text().describe('Why it is given.'),
    issuedOn: optional(dateInput).describe("The issue date; absent: today in the legal entity's time zone."),
  }),
  lockKey: (input) => input.orderId,
  facts: returnFacts,
  decide(facts, input, context): Change {
    const book = orderBookOf(facts.orders, input.orderId, input.expectedVersion);
    const { order, lines } = book;
    const most = (line: LinePart['line']) => (input.lines ? creditableOf(order, line) : returnedOf(order, line));
    const parts = partsOf({ order, lines, most, what: 'is billed and not with the customer' }, input.lines);
    const invoices = [...facts.invoices.values()].sort((a, b) => ((a.seriesNumber ?? 0n) < (b.seriesNumber ?? 0n) ? 1 : -1));
    const takenBack = takeBack(parts, facts.lines, invoices);
    const notes = invoices.flatMap((invoice): Noted[] => {
      const taken = takenBack.filter(({ line }) => line.invoiceId === invoice.id);
      const left = leftOf(facts, invoice);
      const within = withinLeft(taken, left);
      // credited by amounts before
      if (within.nets.length === 0) return [];
      const { reason, issuedOn } = input;
      const groups = creditOf(left, within.nets, invoice.currency);
      return [
        {
          lines: within.lines,
          note: creditInvoice(context, facts, { invoice, taken: groups, lines: within.lines, reason, issuedOn }),
        },
      ];
    });
    if (notes.length === 0)
      throw new DomainError('NOTHING_TO_CREDIT', `Nothing of order ${order.number} came back that is billed still.`, {
        path: ['orderId'],
      });
    return noted(book, notes);
  },
});

interface Noted {
  readonly lines: readonly TakenLine[];
  readonly note: BookedNote;
}

/** The notes, and the order as it is after them. */
function noted(book: OrderBook, notes: readonly Noted[]): Change {
  const quantities = new Map<string, Decimal>();
  for (const { line, quantity } of notes.flatMap((n) => n.lines)) {
    const id = line.orderLineId ?? '';
    quantities.set(id, addDecimal(quantities.get(id) ?? decimal('0'), quantity));
  }
  book.credit({
    lines: [...quantities].map(([id, quantity]) => ({ id, quantity })),
    grossMinor: notes.reduce((sum, { note }) => sum + note.totalMinor, 0n),
  });
  return {
    recordId: book.order.id,
    concerns: notes.flatMap(({ lines }) => lines.slice(0, 1).map(({ line }) => line.invoiceId)),
    rows: [...notes.flatMap(({ note }) => note.rows), ...book.rows()],
    events: [...notes.flatMap(({ note }) => note.events), ...book.events('order.credited')],
  };
}
