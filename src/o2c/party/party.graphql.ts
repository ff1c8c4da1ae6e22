/** Companies and customers in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { bulkMutation } from '../../write/bulk.graphql.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { openAccount, updateAccount } from './account.commands.ts';
import { createCustomer, importCustomer, updateCustomer } from './customer.commands.ts';
import { createLegalEntity, updateLegalEntity } from './legal-entity.commands.ts';
import { advanceClock, closeBooks } from './party.commands.ts';
import { upsertCustomer } from './upsert.commands.ts';

export const partyResolvers = (roots: readonly ReadRecord[]): Function[] => [
  ...roots.map((record) => rootResolver(record)),
  mutation(createLegalEntity, { field: 'legalEntity' }),
  mutation(updateLegalEntity, { field: 'legalEntity' }),
  mutation(closeBooks, { field: 'legalEntity' }),
  mutation(advanceClock, { field: null }),
  mutation(createCustomer, { field: 'customer' }),
  mutation(updateCustomer, { field: 'customer' }),
  mutation(openAccount, { field: 'account' }),
  mutation(updateAccount, { field: 'account' }),
  mutation(importCustomer, { field: 'customer' }),
  mutation(upsertCustomer, { field: 'customer' }),
  bulkMutation(upsertCustomer, { name: 'bulkUpsertCustomers', field: 'customer' }),
  bulkMutation(createCustomer, { name: 'bulkCreateCustomers', field: 'customer' }),
  bulkMutation(updateCustomer, { name: 'bulkUpdateCustomers', field: 'customer' }),
  bulkMutation(openAccount, { name: 'bulkOpenAccounts', field: 'account' }),
  bulkMutation(updateAccount, { name: 'bulkUpdateAccounts', field: 'account' }),
];
