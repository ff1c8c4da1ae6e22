/** All services of the simulated system, in the order in which they are listed. */
import type { Service } from '../../model.ts';
import { ACCOUNTING, BILLING_DOCUMENT, CREDIT, OUTBOUND_DELIVERY } from './document-sets.ts';
import { INDEXES } from './indexes.ts';
import { BUSINESS_PARTNER } from './partner-sets.ts';
import { PRODUCT, SALES_ORDER } from './sales-sets.ts';

const ALL: readonly Service[] = [BUSINESS_PARTNER, PRODUCT, SALES_ORDER, OUTBOUND_DELIVERY, BILLING_DOCUMENT, ACCOUNTING, CREDIT];

export const SERVICES: readonly Service[] = ALL.map((service) => ({
  ...service,
  sets: service.sets.map((set) => ({ ...set, indexes: INDEXES[set.name] ?? [] })),
}));
