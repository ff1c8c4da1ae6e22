/** By what a customer is told apart from others, or found to be the same: never shown as it is, only as evidence of a match. */
import { defineEntity, p } from '@mikro-orm/core';

/**
 * NAME_WORD and PLACE_WORD (postal code with the beginning of a word of the name) only find customers that may be the same; the others
 * are compared.
 */
export type TraitKind =
  | 'TAX_ID'
  | 'NAME'
  | 'NAME_WORD'
  | 'EMAIL'
  | 'EMAIL_DOMAIN'
  | 'PHONE'
  | 'ADDRESS'
  | 'PLACE_WORD'
  | 'BANK_ACCOUNT';

export const CustomerTrait = defineEntity({
  name: 'CustomerTrait',
  tableName: 'customer_trait',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    /** The customer that said it, whichever it was found to be the same as. */
    customerId: p.uuid(),
    /** The account of which an ERP said it; null: it is the customer's own. */
    accountId: p.uuid().nullable(),
    kind: p.string().$type<TraitKind>(),
    value: p.string(),
    shown: p.string(),
  },
});

/** Customers of which something is new since they were compared with the others. */
export const CustomerToCompare = defineEntity({
  name: 'CustomerToCompare',
  tableName: 'customer_to_compare',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    customerId: p.uuid(),
    /** By the wall clock. */
    notedAt: p.datetime(),
  },
});
