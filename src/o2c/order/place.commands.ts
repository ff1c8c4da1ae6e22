/** Handing orders in and confirming them: step by step, or in one. */
import { otherHalf, pairsOf } from '../../access/duties.ts';
import { idOf, int, object, optional } from '../../kernel/input.ts';
import { type Change, command, type CommandContext, type Decision } from '../../write/command.ts';
import { loadCredit } from '../credit/index.ts';
import { loadChecks } from './checks.facts.ts';
import { confirm, submit } from './checks.rules.ts';
import { written } from './draft.commands.ts';
import { holdsAt } from './hold.rules.ts';
import { newOrder } from './new-order.rules.ts';
import { newOrderFields } from './order-input.rules.ts';
import { loadOrders, orderBookOf } from './order.facts.ts';
import { loadPlacing } from './placing.facts.ts';
import { referenceKeyOf } from './reference.rules.ts';

const handed = {
  id: idOf('ord').describe('The order.'),
  expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
};

export const submitOrder = command({
  name: 'submitOrder',
  description: 'Hands a draft in: validation rules and the customer’s reference are looked at, and what fails puts a hold.',
  permission: 'orders:place',
  record: 'Order',
  input: object('SubmitOrderInput', handed),
  lockKey: (input) => input.id,
  async facts(tx, inputs) {
    const loaded = await loadOrders(
      tx,
      inputs.map((i) => i.id),
    );
    return { ...loaded, checks: await loadChecks(tx, [...loaded.orders.values()]) };
  },
  decide({ checks, ...facts }, input, context): Change {
    const book = orderBookOf(facts, input.id, input.expectedVersion);
    submit(context, book, checks);
    return written(book, 'order.submitted');
  },
});

export const confirmOrder = command({
  name: 'confirmOrder',
  description:
    'Accepts an order that nothing holds, if credit fits. What doesn’t fit puts a credit hold and the order stays where it was; asked again, it is checked again.',
  permission: 'orders:confirm',
  record: 'Order',
  input: object('ConfirmOrderInput', handed),
  lockKey: (input) => input.id,
  async facts(tx, inputs, context) {
    const loaded = await loadOrders(
      tx,
      inputs.map((i) => i.id),
    );
    const accountIds = [...loaded.orders.values()].map((o) => o.accountId);
    return { ...loaded, credit: await loadCredit(tx, accountIds, context) };
  },
  decide({ credit, ...facts }, input, context): Decision {
    const book = orderBookOf(facts, input.id, input.expectedVersion);
    const came = confirm(context, book, credit);
    if (came.is === 'UNCHANGED') return { unchanged: input.id };
    if (came.is === 'HELD') return written(came.book, 'order.held');
    return { ...written(came.book, 'order.confirmed', beyond(came.beyondLimit)), demands: came.demands };
  },
});

/** Told only of an order that went beyond. */
const beyond = (beyondLimit: boolean) => (beyondLimit ? { beyondLimit } : {});

export const placeOrder = command({
  name: 'placeOrder',
  description:
    'Drafts, hands in and confirms an order in one step. Whatever holds it leaves it handed in, with its holds; nothing is lost.',
  permission: 'orders:place',
  record: 'Order',
  input: object('PlaceOrderInput', newOrderFields),
  coalesces: () => [],
  async facts(tx, inputs, context) {
    const references = inputs.map((i) => ({ accountId: i.accountId, referenceKey: referenceKeyOf(i.customerReference ?? null) }));
    // asked for in one breath: references are locked before credit
    const [placing, checks, credit] = await Promise.all([
      loadPlacing(tx, inputs, context),
      loadChecks(tx, references),
      loadCredit(
        tx,
        inputs.map((i) => i.accountId),
        context,
      ),
    ]);
    return { placing, checks, credit };
  },
  decide({ placing, checks, credit }, input, context): Change {
    const book = newOrder(context, placing, input);
    submit(context, book, checks);
    if (holdsAt(book.holds, 'ORDER').length > 0) return written(book, 'order.held');
    if (!confirmsItself(context)) return written(book, 'order.submitted');
    const came = confirm(context, book, credit);
    if (came.is !== 'CONFIRMED') return written(book, 'order.held');
    return { ...written(came.book, 'order.confirmed', beyond(came.beyondLimit)), demands: came.demands };
  },
});

/** Where placing and confirming are a forbidden pair, whoever places an order can't have it confirmed in the same breath. */
const confirmsItself = ({ pairs }: CommandContext): boolean =>
  !pairsOf(pairs, 'orders:place').some((pair) => otherHalf(pair, 'orders:place') === 'orders:confirm');
