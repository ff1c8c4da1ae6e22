/** How products, prices, taxes, terms and rates are read. */
import type { ReadDefinition } from '../../read/catalogue.ts';
import { knownThere, syncedRelations } from '../../write/synced.ts';

export const paymentTermsRead: ReadDefinition = {
  prefix: 'pt',
  description: 'When a document falls due, and the discount for paying early.',
  resource: { permission: 'terms:read', portal: 'ALL' },
  root: { one: 'paymentTerms', many: 'allPaymentTerms', keys: [['code']], known: knownThere },
  order: ['code'],
  relations: {
    ...syncedRelations,
    instalments: {
      kind: 'many',
      record: 'PaymentTermsInstalment',
      by: 'paymentTermsId',
      order: ['instalment'],
      connection: false,
      description: 'The parts in which it is paid; none: all at once.',
    },
  },
};

export const paymentTermsInstalmentRead: ReadDefinition = {
  prefix: 'pti',
  description: 'A part of payment terms with instalments.',
  resource: { permission: 'terms:read', portal: 'ALL' },
  order: ['instalment'],
};

export const productRead: ReadDefinition = {
  prefix: 'prd',
  description: 'A product: goods or a service that can be ordered.',
  resource: { permission: 'products:read', portal: 'ALL' },
  root: { one: 'product', many: 'products', keys: [['sku']], known: knownThere },
  order: ['sku'],
  relations: {
    ...syncedRelations,
    prices: {
      kind: 'many',
      record: 'PriceListItem',
      by: 'productId',
      order: ['-validFrom'],
      connection: true,
      description: 'Its prices in all lists.',
      permission: 'prices:read',
    },
    agreedPrices: {
      kind: 'many',
      record: 'CustomerPrice',
      by: 'productId',
      order: ['-validFrom'],
      connection: true,
      description: 'Its prices that were agreed with customers.',
    },
  },
};

export const priceListRead: ReadDefinition = {
  prefix: 'pl',
  description: 'A list of prices.',
  resource: { permission: 'prices:read' },
  root: { one: 'priceList', many: 'priceLists', keys: [['code']] },
  order: ['code'],
  relations: {
    items: {
      kind: 'many',
      record: 'PriceListItem',
      by: 'priceListId',
      order: ['validFrom'],
      connection: true,
      description: 'Its prices.',
    },
  },
};

export const priceListItemRead: ReadDefinition = {
  prefix: 'pli',
  description: 'A price of a product, from a quantity and a day on.',
  resource: { permission: 'prices:read' },
  root: { one: 'priceListItem', many: 'priceListItems' },
  order: ['validFrom'],
  relations: {
    priceList: { kind: 'one', record: 'PriceList', by: 'priceListId', description: 'The list that it is in.' },
    product: { kind: 'one', record: 'Product', by: 'productId', description: 'The product.' },
  },
};

export const customerPriceRead: ReadDefinition = {
  prefix: 'cp',
  description: 'A price that was agreed with one customer: comes before every list.',
  resource: { permission: 'prices:read-agreed', customer: 'customerId' },
  root: { one: 'customerPrice', many: 'customerPrices' },
  order: ['-validFrom'],
  relations: {
    customer: { kind: 'one', record: 'Customer', by: 'customerId', description: 'The customer.' },
    product: { kind: 'one', record: 'Product', by: 'productId', description: 'The product.' },
  },
};

export const taxRuleRead: ReadDefinition = {
  prefix: 'txr',
  description: 'A row of the tax table: the row with the most columns that fit decides, then the newest.',
  resource: { permission: 'taxes:read' },
  root: { one: 'taxRule', many: 'taxRules' },
  order: ['sellerCountry', '-validFrom'],
};

export const exchangeRateRead: ReadDefinition = {
  prefix: 'xr',
  description: 'An exchange rate. Documents store the rate that they were made with and keep it.',
  resource: { permission: 'rates:read' },
  root: { one: 'exchangeRate', many: 'exchangeRates', keys: [['fromCurrency', 'toCurrency', 'validOn']] },
  order: ['-validOn'],
};
