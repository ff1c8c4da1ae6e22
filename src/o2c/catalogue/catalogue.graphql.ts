/** Products, prices, taxes, terms and rates in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { bulkMutation } from '../../write/bulk.graphql.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { agreePrice, createPriceList, setPrice } from './price.commands.ts';
import { createProduct, updateProduct } from './product.commands.ts';
import { setExchangeRate } from './rate.commands.ts';
import { setTaxRule } from './tax.commands.ts';
import { createPaymentTerms } from './terms.commands.ts';

export const catalogueResolvers = (roots: readonly ReadRecord[]): Function[] => [
  ...roots.map((record) => rootResolver(record)),
  mutation(createProduct, { field: 'product' }),
  mutation(updateProduct, { field: 'product' }),
  mutation(createPriceList, { field: 'priceList' }),
  mutation(setPrice, { field: 'price' }),
  mutation(agreePrice, { field: 'price' }),
  mutation(setTaxRule, { field: 'taxRule' }),
  mutation(createPaymentTerms, { field: 'paymentTerms' }),
  mutation(setExchangeRate, { field: 'exchangeRate' }),
  bulkMutation(createProduct, { name: 'bulkCreateProducts', field: 'product' }),
  bulkMutation(updateProduct, { name: 'bulkUpdateProducts', field: 'product' }),
  bulkMutation(setPrice, { name: 'bulkSetPrices', field: 'price' }),
  bulkMutation(agreePrice, { name: 'bulkAgreePrices', field: 'price' }),
];
