/** Orders: from the draft to the last shipment and invoice. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { cancelOrderLines, changeOrder } from './change.commands.ts';
import { cancelOrder, closeOrderShort } from './close.commands.ts';
import { approveCreditRelease, requestCreditRelease } from './credit-release.commands.ts';
import { changeOrderDraft, draftOrder } from './draft.commands.ts';
import { placeHold, releaseHold } from './hold.commands.ts';
import { Hold, Order, OrderLine, ValidationRule } from './order.entity.ts';
import { observeOrder } from './observe-order.commands.ts';
import { holdEvents, orderEvents, validationRuleEvents } from './order.events.ts';
import { orderResolvers } from './order.graphql.ts';
import { holdMachine, orderMachine } from './order.machine.ts';
import { orderPolicy } from './order.policy.ts';
import { holdRead, orderLineRead, orderRead, validationRuleRead } from './order.read.ts';
import { confirmOrder, placeOrder, submitOrder } from './place.commands.ts';
import { deactivateValidationRule, setValidationRule } from './validation-rule.commands.ts';

export { isLetGo } from './checks.rules.ts';
export { holdsAt, requireNoHold } from './hold.rules.ts';
export { type OrderLineRow, type OrderRow, partNetOf, wantedOf } from './line-amounts.rules.ts';
export { OrderBook } from './order-book.rules.ts';
export { type LoadedOrders, loadOrders, loadOrdersOf, orderBookOf } from './order.facts.ts';
export { orderMachine } from './order.machine.ts';

const roots = [readRecord(Order, orderRead), readRecord(Hold, holdRead), readRecord(ValidationRule, validationRuleRead)];

export const orderModule = defineModule({
  name: 'order',
  entities: [Order, OrderLine, Hold, ValidationRule],
  records: [...roots, readRecord(OrderLine, orderLineRead)],
  machines: [orderMachine, holdMachine],
  postings: [],
  policy: orderPolicy,
  events: [...orderEvents, ...holdEvents, ...validationRuleEvents],
  commands: [
    draftOrder,
    changeOrderDraft,
    submitOrder,
    confirmOrder,
    placeOrder,
    changeOrder,
    cancelOrderLines,
    cancelOrder,
    closeOrderShort,
    placeHold,
    releaseHold,
    requestCreditRelease,
    approveCreditRelease,
    setValidationRule,
    deactivateValidationRule,
    observeOrder,
  ],
  resolvers: orderResolvers(roots),
});
