/** Drafting orders: putting together, and changing, what is not handed in yet. */
import { idOf, int, object, optional } from '../../kernel/input.ts';
import { personOf } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { type Change, command } from '../../write/command.ts';
import { linesOf } from './new-line.rules.ts';
import { fieldsOf, newOrder } from './new-order.rules.ts';
import type { OrderBook } from './order-book.rules.ts';
import { loadOrders, orderBookOf } from './order.facts.ts';
import { newOrderFields, orderFields, orderLines } from './order-input.rules.ts';
import { orderStep } from './order-step.rules.ts';
import { loadPlacing, placedOf } from './placing.facts.ts';

/** What came of a decision: the order's rows, and one event of it. */
export const written = (book: OrderBook, type: string, facts?: Parameters<OrderBook['events']>[1]): Change => {
  const events = book.events(type, facts);
  return { recordId: book.order.id, rows: book.rows(), events };
};

export const draftOrder = command({
  name: 'draftOrder',
  description: 'Makes a draft of an order. Each line is priced and taxed by the rules of its day, and says by which.',
  permission: 'orders:place',
  record: 'Order',
  input: object('DraftOrderInput', newOrderFields),
  facts: (tx, inputs, context) => loadPlacing(tx, inputs, context),
  decide: (placing, input, context): Change => written(newOrder(context, placing, input), 'order.drafted'),
});

export const changeOrderDraft = command({
  name: 'changeOrderDraft',
  description: 'Replaces the lines or other fields of a draft; what is absent stays.',
  permission: 'orders:place',
  record: 'Order',
  input: object('ChangeOrderDraftInput', {
    id: idOf('ord').describe('The draft.'),
    expectedVersion: int({ min: 1 }).describe('The version that the change was made from.'),
    lines: optional(orderLines).describe('All the lines from now on, priced anew.'),
    ...orderFields,
  }),
  lockKey: (input) => input.id,
  async facts(tx, inputs, context) {
    const loaded = await loadOrders(
      tx,
      inputs.map((i) => i.id),
    );
    const placed = inputs.flatMap(({ id, lines }) => placedOf(loaded.orders.get(id), lines));
    return { ...loaded, placing: await loadPlacing(tx, placed, context) };
  },
  decide({ placing, ...facts }, { id, expectedVersion, lines, ...fields }, context): Change {
    const book = orderBookOf(facts, id, expectedVersion);
    const { order } = book;
    orderStep(context, order, 'EDIT');
    const wanted = fieldsOf(fields, order);
    const isTaxedAnew = wanted.shipToCountry !== order.shipToCountry || wanted.shipToRegion !== order.shipToRegion;
    if (isTaxedAnew && !lines) {
      throw new DomainError('INVALID_INPUT', 'lines must be given as well: their tax depends on where they are shipped to.', {
        path: ['lines'],
      });
    }
    book.change({ ...wanted, contentVersion: order.contentVersion + 1, lastEditorId: personOf(context.principal) });
    if (lines) {
      for (const line of book.lines) book.removeLine(line.id);
      for (const line of linesOf(context, placing, { order: book.order, wanted: lines, at: 'lines', first: 1 }))
        book.addLine(line);
    }
    return written(book, 'order.changed');
  },
});
