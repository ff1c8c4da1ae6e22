/** Changing what was handed in: more, less, at another price; down to what is in fulfilments or billed, up to what credit allows. */
import { compareDecimal, subtractDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { clearable, dateInput, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import { type Change, command, type CommandContext, type Decision, type Tx } from '../../write/command.ts';
import { loadCredit } from '../credit/index.ts';
import { loadChecks } from './checks.facts.ts';
import { checkContent } from './checks.rules.ts';
import { written } from './draft.commands.ts';
import { addQuantity, committedOf, plain, wantedOf } from './line-amounts.rules.ts';
import { changeLine, isSecond, lineAt, noteEdit, requireCredit } from './line-change.rules.ts';
import { linesOf, type LineWanted } from './new-line.rules.ts';
import { fieldsOf } from './new-order.rules.ts';
import { orderLineInput, percentInput, priceInput, quantityInput } from './order-input.rules.ts';
import { loadOrders, orderBookOf } from './order.facts.ts';
import { orderStep } from './order-step.rules.ts';
import { loadPlacing, placedOf } from './placing.facts.ts';
import { referenceKeyOf } from './reference.rules.ts';

const MAX_LINES = 1000;
const lineId = idOf('orl').describe('The line.');

const lineChange = object('OrderLineChangeInput', {
  orderLineId: lineId,
  quantity: optional(quantityInput).describe('How much is ordered from now on, with what was cancelled of it.'),
  unitPrice: optional(priceInput).describe('The price from now on. Needs orders:price, and that nothing of it is billed.'),
  discountPercent: optional(percentInput).describe(
    'The discount from now on. Needs orders:price, and that nothing of it is billed.',
  ),
});

interface ChangeWanted {
  readonly id: string;
  readonly lines?: readonly LineWanted[] | undefined;
  readonly customerReference?: string | null | undefined;
}

/** Orders, what new lines need, the checks, and credit last. */
async function changeFacts(tx: Tx, inputs: readonly ChangeWanted[], context: CommandContext) {
  const loaded = await loadOrders(
    tx,
    inputs.map((i) => i.id),
  );
  const found = inputs.flatMap((input) => {
    const order = loaded.orders.get(input.id);
    return order ? [{ input, order }] : [];
  });
  const placed = found.flatMap(({ input, order }) => placedOf(order, input.lines));
  const references = found.map(({ input: { customerReference }, order }) => ({
    accountId: order.accountId,
    referenceKey: customerReference === undefined ? order.referenceKey : referenceKeyOf(customerReference),
  }));
  const accountIds = found.map(({ order }) => order.accountId);
  return {
    loaded,
    placing: await loadPlacing(tx, placed, context),
    checks: await loadChecks(tx, references),
    credit: await loadCredit(tx, accountIds, context),
  };
}

export const changeOrder = command({
  name: 'changeOrder',
  description:
    'Changes an order that was handed in: quantities and prices of its lines, new lines, other fields. It is checked again; a confirmed order grows only as far as credit allows.',
  permission: 'orders:change',
  record: 'Order',
  input: object('ChangeOrderInput', {
    id: idOf('ord').describe('The order.'),
    expectedVersion: int({ min: 1 }).describe('The version that the change was made from.'),
    changes: optional(list(lineChange, { min: 1, max: MAX_LINES })).describe('Lines that change.'),
    lines: optional(list(orderLineInput, { min: 1, max: MAX_LINES })).describe('Lines that are added.'),
    customerReference: clearable(text({ max: 100 })).describe("The customer's own purchase order number."),
    requestedOn: clearable(dateInput).describe('The day on which the customer wants it.'),
    shipToName: clearable(text()).describe('Who it is shipped to.'),
    shipToAddress: clearable(text({ max: 1000, multiline: true })).describe(
      'Where in the same country and region it is shipped to.',
    ),
  }),
  lockKey: (input) => input.id,
  facts: changeFacts,
  decide({ loaded, placing, checks, credit }, { id, expectedVersion, changes = [], lines = [], ...fields }, context): Decision {
    const book = orderBookOf(loaded, id, expectedVersion);
    const { order } = book;
    orderStep(context, order, 'CHANGE');
    if (changes.length + lines.length === 0 && Object.values(fields).every((v) => v === undefined)) return { unchanged: id };
    changes.forEach((change, i) =>
      changeLine(context, book, { change, path: ['changes', String(i)], isSecond: isSecond(changes, i) }),
    );
    const last = Math.max(...book.lines.map((l) => l.lineNumber));
    if (book.lines.length + lines.length > MAX_LINES)
      throw new DomainError('INVALID_INPUT', `lines must leave the order with at most ${MAX_LINES} lines.`, { path: ['lines'] });
    for (const line of linesOf(context, placing, { order, wanted: lines, at: 'lines', first: last + 1 })) book.addLine(line);
    book.change(fieldsOf(fields, order));
    noteEdit(context, book);
    checkContent(context, book, checks);
    const demands = requireCredit(book, credit, changes.length > 0 ? 'changes' : 'lines');
    return { ...written(book, 'order.changed'), demands };
  },
});

export const cancelOrderLines = command({
  name: 'cancelOrderLines',
  description: 'Cancels quantities of an order that are neither in a fulfilment nor billed. The order is checked again.',
  permission: 'orders:change',
  record: 'Order',
  input: object('CancelOrderLinesInput', {
    id: idOf('ord').describe('The order.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
    lines: list(
      object('CancelOrderLineInput', { orderLineId: lineId, quantity: quantityInput.describe('How much of it is cancelled.') }),
      { min: 1, max: MAX_LINES },
    ).describe('What is cancelled.'),
    reason: optional(text()).describe('Why.'),
  }),
  lockKey: (input) => input.id,
  async facts(tx, inputs) {
    const loaded = await loadOrders(
      tx,
      inputs.map((i) => i.id),
    );
    return { loaded, checks: await loadChecks(tx, [...loaded.orders.values()]) };
  },
  decide({ loaded, checks }, input, context): Change {
    const book = orderBookOf(loaded, input.id, input.expectedVersion);
    orderStep(context, book.order, 'CANCEL_LINE');
    input.lines.forEach(({ orderLineId, quantity }, i) => {
      const line = lineAt(book, orderLineId, { path: ['lines', String(i)], isSecond: isSecond(input.lines, i) });
      const most = subtractDecimal(wantedOf(line), committedOf(line));
      if (compareDecimal(quantity, most) > 0) {
        throw new DomainError(
          'QUANTITY_EXCEEDED',
          `Of line ${line.lineNumber} ${plain(most)} is neither in a fulfilment nor billed, which is less than ${plain(quantity)}.`,
          { path: ['lines', String(i), 'quantity'] },
        );
      }
      book.changeLine(orderLineId, { cancelledQuantity: addQuantity(line.cancelledQuantity, quantity) });
    });
    if (book.lines.every((l) => wantedOf(l).coefficient === 0n)) {
      throw new DomainError('INVALID_INPUT', 'lines must leave something of the order; cancelOrder gives it up as a whole.', {
        path: ['lines'],
      });
    }
    noteEdit(context, book);
    checkContent(context, book, checks);
    return written(book, 'order.changed', input.reason === undefined ? {} : { reason: input.reason });
  },
});
