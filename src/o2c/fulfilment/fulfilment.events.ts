/** What happens to fulfilments. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  number: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  provider: z.string().nullable(),
  quantity: z.string(),
  returnedQuantity: z.string(),
  returnStatus: z.string(),
  kind: z.string().nullable(),
});

export const fulfilmentEvents = defineEvents('Fulfilment', {
  'fulfilment.observed': { description: 'An ERP shows a delivery that it made; what it reveals of its steps follows.', payload },
  'fulfilment.changed': { description: 'The ERP that made it changed quantities, days or how it travels.', payload },
  'fulfilment.reopened': { description: 'The ERP that made it took a step back: `to` is where it has it now.', payload },
  'fulfilment.planned': { description: 'Quantities of an order were set apart for it.', payload },
  'fulfilment.released': { description: 'It was handed to the warehouse, ours or a third party’s.', payload },
  'fulfilment.shipped': { description: 'It left.', payload },
  'fulfilment.delivered': {
    description: 'It arrived; where it was not known to have left, it left by this too (`from` is RELEASED).',
    payload,
  },
  'fulfilment.cancelled': { description: 'It was given up before it was shipped.', payload },
  'fulfilment.returned': { description: 'Goods of it came back.', payload },
  'fulfilment.tracked': { description: 'Something was reported of it that is no step: `kind` says what.', payload },
});
