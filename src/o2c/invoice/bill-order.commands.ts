/** Billing an order: an invoice that is issued in one step, for quantities of its lines. */
import { decimal, subtractDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { dateInput, decimalInput, idOf, int, list, object, optional } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { type Change, command, type CommandContext } from '../../write/command.ts';
import { type OrderBook, orderBookOf, orderMachine } from '../order/index.ts';
import { billFacts } from './bill.facts.ts';
import { billableOf, billLine, type LinePart, partsOf, snapshotLines } from './bill.rules.ts';
import { detailRows, NOTHING_SETTLED } from './invoice-rows.rules.ts';
import { totalsOfPriced } from './invoice.rules.ts';
import { issue } from './issue.rules.ts';
import { invoiceEvent } from './settlement.rules.ts';

const billLineInput = object('BillLineInput', {
  orderLineId: idOf('orl').describe('The line of the order.'),
  quantity: decimalInput({ scale: 6, min: '0.000001', max: '999999999999' }).describe('How much of it.'),
});

type Facts = Awaited<ReturnType<typeof billFacts>>;

export const billOrder = command({
  name: 'billOrder',
  description:
    "Bills an order in whole or part: an invoice is issued at once, and the order's billed and unbilled amounts follow. Goods that are billed on shipment can be billed as far as they were shipped and kept.",
  permission: 'invoices:issue',
  record: 'Invoice',
  input: object('BillOrderInput', {
    orderId: idOf('ord').describe('The confirmed order.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version of the order that you saw.'),
    lines: optional(list(billLineInput, { min: 1, max: 1000 })).describe(
      "What is billed; absent: all that can be billed now by the order's billing rule.",
    ),
    issuedOn: optional(dateInput).describe(
      "The issue date; absent: today in the legal entity's time zone. Not before the day of the order or the series' newest.",
    ),
  }),
  lockKey: (input) => input.orderId,
  facts: billFacts,
  decide(facts, input, context): Change {
    const book = orderBookOf(facts.loaded, input.orderId, input.expectedVersion);
    const { order, lines } = book;
    transition(orderMachine, { state: order.lifecycle, action: 'BILL' });
    if (input.issuedOn !== undefined && input.issuedOn < order.orderedOn)
      throw new DomainError('EFFECTIVE_DATE_INVALID', `It can't be billed before the day of the order, ${order.orderedOn}.`, {
        path: ['issuedOn'],
      });
    const most = (line: LinePart['line']) => billableOf(order, line);
    const parts = partsOf({ order, lines, most, what: 'can be billed now' }, input.lines);
    if (parts.length === 0)
      throw new DomainError('NOTHING_TO_BILL', `Nothing of order ${order.number} can be billed now.`, { path: ['orderId'] });
    return bill({ context, facts, book, issuedOn: input.issuedOn }, parts);
  },
});

interface Billing {
  readonly context: CommandContext;
  readonly facts: Facts;
  readonly book: OrderBook;
  readonly issuedOn: string | undefined;
}

/** The invoice for parts of the order, and the order as it is after. */
function bill({ context, facts, book, issuedOn: asked }: Billing, parts: readonly LinePart[]): Change {
  const { order } = book;
  const { tenantId, legalEntityId, accountId, currency, baseCurrency, paymentTermsId, customerReference } = order;
  const lines = parts.map((part) => billLine(part, shipmentOf(facts, part)));
  const totals = totalsOfPriced(lines, currency);
  const { netMinor, taxMinor, totalMinor } = totals;
  const parties = { tenantId, legalEntityId, accountId };
  const amounts = { currency, baseCurrency, netMinor, taxMinor, totalMinor };
  const base = { id: context.newId(), ...parties, orderId: order.id, ...amounts, customerReference, paymentTermsId };
  const issued = issue(context, facts, {
    invoice: base,
    lines: snapshotLines(lines),
    taxes: totals.taxes,
    issuedOn: asked,
    path: 'orderId',
  });
  book.bill({
    lines: parts.map(({ line, quantity }, i) => ({ id: line.id, quantity, netMinor: lines[i]?.netMinor ?? 0n })),
    grossMinor: totalMinor,
  });
  const { number, settled, set, issuedOn } = issued;
  const invoice = { ...base, ...NOTHING_SETTLED, ...settled, lifecycle: 'ISSUED', number, version: 1 } as const;
  const values = { ...invoice, ...set, origin: 'ISSUED', createdAt: context.now };
  return {
    recordId: base.id,
    concerns: [order.id],
    rows: [
      { op: 'insert', entity: 'Invoice', values },
      ...detailRows(context, base, totals),
      ...issued.book.rows(),
      ...book.rows(),
    ],
    events: [invoiceEvent('invoice.issued', invoice, { from: null, effectiveOn: issuedOn }), ...book.events('order.billed')],
  };
}

/** The one shipment of a line, where no more is billed than it brought; else it can't be told which. */
function shipmentOf({ shipments }: Facts, { line, quantity }: LinePart): string | null {
  const isCovered = subtractDecimal(decimal(line.shippedQuantity), quantity).coefficient >= 0n;
  return isCovered ? (shipments.get(line.id) ?? null) : null;
}
