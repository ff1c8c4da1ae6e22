/** Terms and rates in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { createPaymentTerms, setExchangeRate } from './catalogue.commands.ts';

export const catalogueResolvers = (roots: readonly ReadRecord[]): Function[] => [
  ...roots.map((record) => rootResolver(record)),
  mutation(createPaymentTerms, { field: 'paymentTerms' }),
  mutation(setExchangeRate, { field: 'exchangeRate' }),
];
