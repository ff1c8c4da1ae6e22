/** Fulfilments with their lines and tracking, and the third parties that carry some of them out. */
import { defineEntity, p } from '@mikro-orm/core';
import {
  choice,
  day,
  decimal,
  flag,
  identified,
  instant,
  owned,
  reference,
  rooted,
  text,
  versioned,
} from '../../write/columns.ts';

export const Fulfilment = defineEntity({
  name: 'Fulfilment',
  tableName: 'fulfilment',
  properties: {
    ...identified('fulfilment'),
    orderId: reference('Order', 'The order that it fulfils.'),
    ...rooted(),
    origin: choice('FulfilmentOrigin', 'Where it was made. A delivery of an ERP is followed as it is there.', {
      PLANNED: 'Here.',
      OBSERVED: 'In an ERP, whose step and quantities it has.',
    }),
    lifecycle: choice('FulfilmentLifecycle', 'The step that it is at.', {
      PLANNED: 'Quantities are set apart for it.',
      RELEASED: 'The warehouse, ours or a third party’s, works on it.',
      SHIPPED: 'It has left.',
      DELIVERED: 'It has arrived.',
      CANCELLED: 'Given up before it was shipped.',
    }),
    returnStatus: choice('FulfilmentReturnStatus', 'How much of it came back.', {
      NONE: 'Nothing of it.',
      PARTIAL: 'A part of it.',
      FULL: 'All of it.',
    }),
    number: text('The number of the fulfilment.', { filter: true, sort: true }),
    providerId: reference('LogisticsProvider', 'The third party that carries it out; null: we do.').nullable(),
    providerStatus: choice('ProviderStatus', 'What the third party said to the request.', {
      NONE: 'Nobody was asked.',
      PENDING: 'It was asked, and has not answered yet.',
      ACCEPTED: 'It carries it out.',
      REFUSED: 'It will not; `providerText` says why.',
    }),
    providerReference: text("The third party's own reference.", { filter: true }).nullable(),
    providerText: text('What the third party answered, in its own words.').nullable(),
    carrier: text('Who carries it.').nullable(),
    trackingNumber: text('The tracking number of the carrier.', { filter: true }).nullable(),
    plannedOn: day('The day on which it is planned to leave.').nullable(),
    releasedAt: instant('When it was released.').nullable(),
    shippedOn: day('The day on which it left.').nullable(),
    deliveredOn: day('The day on which it arrived.').nullable(),
    receivedBy: text('Who took it, as proof of delivery.').nullable(),
    returnReason: text('Why goods of it came back, as said last.').nullable(),
    ...versioned(),
  },
});

export const FulfilmentLine = defineEntity({
  name: 'FulfilmentLine',
  tableName: 'fulfilment_line',
  properties: {
    ...identified('fulfilment line'),
    fulfilmentId: p.uuid(),
    orderLineId: reference('OrderLine', 'The line of the order.'),
    ...owned(),
    quantity: decimal('How much of it.'),
    returnedQuantity: decimal('How much of that came back.'),
    version: p.integer(),
  },
});

export const TrackingEvent = defineEntity({
  name: 'TrackingEvent',
  tableName: 'tracking_event',
  properties: {
    ...identified('tracking event'),
    fulfilmentId: p.uuid(),
    ...owned(),
    source: text('Who reported it: `in-house` or the code of the third party.'),
    externalId: p.string(),
    kind: choice('TrackingKind', 'What happened.', {
      ACCEPTED: 'The third party accepted the request.',
      REFUSED: 'The third party refused the request.',
      PICKED: 'It was picked.',
      SHIPPED: 'It left.',
      IN_TRANSIT: 'It is on its way.',
      OUT_FOR_DELIVERY: 'It arrives today.',
      DELIVERED: 'It arrived.',
      EXCEPTION: 'Something went wrong; the description says what.',
      RETURNED: 'It is on its way back.',
    }),
    occurredAt: instant('When it happened, as reported.', { sort: true }),
    description: text('More about it.').nullable(),
    location: text('Where.').nullable(),
    reference: text("The third party's own reference.").nullable(),
    carrier: text('Who carries it.').nullable(),
    trackingNumber: text('The tracking number of the carrier.').nullable(),
    receivedBy: text('Who took it.').nullable(),
    createdAt: instant('When it was recorded here.'),
  },
});

export const LogisticsProvider = defineEntity({
  name: 'LogisticsProvider',
  tableName: 'logistics_provider',
  properties: {
    ...identified('logistics provider'),
    code: text('Its code, unique in the group; part of its webhook address.', { filter: true, sort: true }),
    name: text('What it is called.'),
    baseUrl: text('Where requests are sent to.', { type: 'Url' }),
    sealedSecret: p.string(),
    secretHint: text('The last four characters of the shared secret, to tell it from others.'),
    previousSealedSecret: p.string().nullable(),
    previousSecretUntil: instant('Until when the secret before the last change still holds.').nullable(),
    isActive: flag('Fulfilments may be given to it.', { filter: true }),
    ...versioned(),
  },
});
