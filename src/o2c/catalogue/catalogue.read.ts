/** How terms and rates are read. */
import type { ReadDefinition } from '../../read/catalogue.ts';

export const paymentTermsRead: ReadDefinition = {
  prefix: 'pt',
  description: 'When a document falls due, and the discount for paying early.',
  resource: { permission: 'terms:read', portal: 'ALL' },
  root: { one: 'paymentTerms', many: 'allPaymentTerms', keys: [['code']] },
  order: ['code'],
};

export const exchangeRateRead: ReadDefinition = {
  prefix: 'xr',
  description: 'An exchange rate. Documents store the rate that they were made with and keep it.',
  resource: { permission: 'rates:read' },
  root: { one: 'exchangeRate', many: 'exchangeRates' },
  order: ['-validOn'],
};
