/** Orders as an ERP shows them: followed in what is ordered and how far it is, whatever our own rules say of that. */
import { DomainError } from '../../kernel/errors.ts';
import { command, type Decision } from '../../write/command.ts';
import { happened } from '../../write/observed.ts';
import { loadShown } from './observed-order.facts.ts';
import { followOrder, newOrderShown } from './observed-order.rules.ts';
import { orderShown } from './order-shown.commands.ts';
import { orderBookOf } from './order.facts.ts';

export const observeOrder = command({
  name: 'observeOrder',
  description: 'Follows an order that an ERP made.',
  permission: 'orders:observe',
  record: 'Order',
  observes: true,
  input: orderShown,
  lockKey: ({ recordId }) => recordId,
  facts: loadShown,
  decide(known, shown, context): Decision {
    const { recordId, occurredAt } = shown;
    if (recordId === null) return happened(newOrderShown(context, known, shown), occurredAt);
    const book = orderBookOf(known.loaded, recordId);
    const { order } = book;
    // an order of ours is ours, also where the ERP shows what we sent it
    if (order.origin === 'PLACED') return { unchanged: order.id };
    if (order.accountId !== shown.accountId) {
      throw new DomainError(
        'ACCOUNT_MISMATCH',
        `Order ${order.number} was another customer's when it was made: an order names its account for ever.`,
        { path: ['accountId'] },
      );
    }
    return happened(followOrder(context, known, { book, shown }), occurredAt);
  },
});
