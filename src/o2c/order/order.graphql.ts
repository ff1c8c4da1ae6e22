/** Orders, their holds and validation rules in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { bulkMutation } from '../../write/bulk.graphql.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { cancelOrderLines, changeOrder } from './change.commands.ts';
import { cancelOrder, closeOrderShort } from './close.commands.ts';
import { approveCreditRelease, requestCreditRelease } from './credit-release.commands.ts';
import { changeOrderDraft, draftOrder } from './draft.commands.ts';
import { placeHold, releaseHold } from './hold.commands.ts';
import { confirmOrder, placeOrder, submitOrder } from './place.commands.ts';
import { OrderTimelineResolver } from './timeline.graphql.ts';
import { deactivateValidationRule, setValidationRule } from './validation-rule.commands.ts';

export const orderResolvers = (roots: readonly ReadRecord[]): Function[] => [
  ...roots.map((record) => rootResolver(record)),
  ...[
    draftOrder,
    changeOrderDraft,
    submitOrder,
    confirmOrder,
    placeOrder,
    changeOrder,
    cancelOrderLines,
    cancelOrder,
    closeOrderShort,
  ].map((definition) => mutation(definition, { field: 'order' })),
  mutation(placeHold, { field: 'hold' }),
  mutation(releaseHold, { field: 'hold' }),
  mutation(requestCreditRelease, { field: 'approval' }),
  mutation(approveCreditRelease, { field: 'order' }),
  mutation(setValidationRule, { field: 'validationRule' }),
  mutation(deactivateValidationRule, { field: 'validationRule' }),
  bulkMutation(placeOrder, { name: 'bulkPlaceOrders', field: 'order' }),
  bulkMutation(draftOrder, { name: 'bulkDraftOrders', field: 'order' }),
  bulkMutation(submitOrder, { name: 'bulkSubmitOrders', field: 'order' }),
  bulkMutation(confirmOrder, { name: 'bulkConfirmOrders', field: 'order' }),
  bulkMutation(changeOrder, { name: 'bulkChangeOrders', field: 'order' }),
  bulkMutation(cancelOrderLines, { name: 'bulkCancelOrderLines', field: 'order' }),
  bulkMutation(cancelOrder, { name: 'bulkCancelOrders', field: 'order' }),
  OrderTimelineResolver,
];
