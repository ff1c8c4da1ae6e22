/** Putting an order on hold, and releasing what no second pair of eyes has to look at. */
import { personOf } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { choice, idOf, object, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Tx } from '../../write/command.ts';
import { written } from './draft.commands.ts';
import type { HoldRow } from './hold.rules.ts';
import type { OrderBook } from './order-book.rules.ts';
import { Hold } from './order.entity.ts';
import { type LoadedOrders, loadOrders, loadOrdersOf, orderBookOf } from './order.facts.ts';
import { holdMachine, orderMachine } from './order.machine.ts';

export const placeHold = command({
  name: 'placeHold',
  description: 'Puts an order on hold at a stage, by hand.',
  permission: 'holds:place',
  record: 'Hold',
  input: object('PlaceHoldInput', {
    orderId: idOf('ord').describe('The order.'),
    kind: choice('PlacedHoldKind', ['MANUAL', 'FRAUD']).describe('FRAUD is released by another person than who put it.'),
    stage: choice('HoldStage', ['ORDER', 'RELEASE', 'DELIVERY']).describe('What it stops.'),
    reason: text({ max: 500 }).describe('Why, as a sentence that the customer may read.'),
  }),
  lockKey: (input) => input.orderId,
  facts: (tx, inputs) =>
    loadOrders(
      tx,
      inputs.map((i) => i.orderId),
    ),
  decide(facts, { orderId, ...hold }, context): Change {
    if (!facts.orders.has(orderId)) throw new DomainError('NOT_FOUND', 'There is no such order.', { path: ['orderId'] });
    const book = orderBookOf(facts, orderId);
    transition(orderMachine, { state: book.order.lifecycle, action: 'HOLD' });
    if (hold.stage === 'ORDER' && book.order.lifecycle === 'CONFIRMED') {
      throw new DomainError('INVALID_INPUT', 'stage must be RELEASE or DELIVERY: the order is confirmed already.', {
        path: ['stage'],
      });
    }
    const { id } = book.placeHold(context, hold);
    return { ...written(book, 'order.held'), recordId: id, concerns: [orderId] };
  },
});

export interface LoadedHolds extends LoadedOrders {
  /** The holds that were asked for, open or not. */
  readonly asked: ReadonlyMap<string, HoldRow>;
}

/** Holds with their orders, which are locked first. */
export async function loadHolds(tx: Tx, ids: readonly string[]): Promise<LoadedHolds> {
  const wanted = sql.uuids(ids);
  const [orders, asked] = await Promise.all([
    loadOrdersOf(tx, sql`array(select h.order_id from hold h where h.id = any(${wanted}))`),
    tx.load(Hold, sql`t.id = any(${wanted})`),
  ]);
  return { ...orders, asked: new Map(asked.map((h) => [h.id, h])) };
}

/** @throws NOT_FOUND, WRONG_STATE when it isn't open any more */
export function openHoldOf(facts: LoadedHolds, id: string): { readonly hold: HoldRow; readonly book: OrderBook } {
  const hold = facts.asked.get(id);
  if (!hold) throw new DomainError('NOT_FOUND', 'There is no such hold.', { path: ['holdId'] });
  transition(holdMachine, { state: hold.lifecycle, action: 'RELEASE' });
  return { hold, book: orderBookOf(facts, hold.orderId) };
}

export const releaseHold = command({
  name: 'releaseHold',
  description:
    'Releases a hold of a validation rule, of a duplicate or by hand; one of fraud only as another person than who put it. A credit hold needs requestCreditRelease.',
  permission: 'holds:release',
  record: 'Hold',
  input: object('ReleaseHoldInput', {
    holdId: idOf('hld').describe('The open hold.'),
    reason: text({ max: 500 }).describe('Why the order may go on.'),
  }),
  lockKey: (input) => input.holdId,
  coalesces: (input) => [input.holdId],
  facts: (tx, inputs) =>
    loadHolds(
      tx,
      inputs.map((i) => i.holdId),
    ),
  decide(facts, { holdId, reason }, context): Change {
    const { hold, book } = openHoldOf(facts, holdId);
    if (hold.kind === 'CREDIT') {
      throw new DomainError('WRONG_STATE', 'A credit hold is released by a second person: ask with requestCreditRelease.', {
        path: ['holdId'],
      });
    }
    if (hold.kind === 'FRAUD' && hold.placedById === personOf(context.principal))
      throw new DomainError('SELF_GRANT', 'You put this hold yourself. Another person has to release it.', { path: ['holdId'] });
    book.endHold(context, holdId, { lifecycle: 'RELEASED', reason });
    return { ...written(book, 'order.hold_released'), recordId: holdId, concerns: [hold.orderId] };
  },
});
