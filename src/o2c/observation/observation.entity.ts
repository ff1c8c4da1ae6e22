/** What an ERP sets payments against, kept so that our books can make up for what did not fit at first. Never shown. */
import { defineEntity, p } from '@mikro-orm/core';

export const PaymentApplication = defineEntity({
  name: 'PaymentApplication',
  tableName: 'payment_application',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    paymentId: p.uuid(),
    legalEntityId: p.uuid(),
    place: p.integer(),
    documentKind: p.string().$type<'Invoice' | 'CreditNote'>(),
    documentId: p.uuid(),
    amountMinor: p.bigint(),
    discountMinor: p.bigint(),
    missingMinor: p.bigint(),
    appliedOn: p.date().nullable(),
  },
});
