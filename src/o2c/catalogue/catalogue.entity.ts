/** What documents are made with: products, prices, tax rules, terms and rates. */
import { defineEntity, p } from '@mikro-orm/core';
import {
  choice,
  currencyCode,
  day,
  decimal,
  flag,
  identified,
  integer,
  reference,
  text,
  versioned,
} from '../../write/columns.ts';

export const PaymentTerms = defineEntity({
  name: 'PaymentTerms',
  tableName: 'payment_terms',
  properties: {
    ...identified('payment terms'),
    code: text('Their code, unique in the group, for example `NET30`.', { filter: true, sort: true }),
    name: text('What they are called on documents.'),
    netDays: integer('Days from the issue date to the due date.', { filter: true, sort: true }),
    isEndOfMonth: flag('The due date moves to the end of its month.'),
    discountDays: integer('Days from the issue date within which the discount may be taken.').nullable(),
    discountPercent: decimal('The early-payment discount, in percent of the total.').nullable(),
    ...versioned(),
  },
});

export const ExchangeRate = defineEntity({
  name: 'ExchangeRate',
  tableName: 'exchange_rate',
  properties: {
    ...identified('exchange rate'),
    fromCurrency: currencyCode('The currency that is converted.'),
    toCurrency: currencyCode('The currency that it is converted to.'),
    validOn: day('The day from which it holds, until the next one.'),
    rate: decimal('Units of `toCurrency` for one unit of `fromCurrency`.', { measure: true }),
    ...versioned(),
  },
});

export const PaymentTermsInstalment = defineEntity({
  name: 'PaymentTermsInstalment',
  tableName: 'payment_terms_instalment',
  properties: {
    ...identified('instalment'),
    paymentTermsId: p.uuid(),
    instalment: integer('Its place, from 1.'),
    percent: decimal('Its part of the total in percent; the last takes what rounding leaves.'),
    netDays: integer('Days from the issue date to its due date.'),
  },
});

export const Product = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: {
    ...identified('product'),
    sku: text('The stock keeping unit, unique in the group.', { filter: true, sort: true }),
    name: text('The name on documents.', { filter: true }),
    searchName: text('The name for searching: lower case, without accents and punctuation. Compare with `startsWith`.', {
      filter: true,
      sort: true,
    }),
    kind: choice('ProductKind', 'What it is.', { GOODS: 'Is shipped.', SERVICE: 'Is rendered, not shipped.' }),
    unit: text('The unit as UN/ECE Recommendation 20 code, for example C62 (one) or KGM.'),
    taxClass: text('The class by which tax rules find its rate, for example STANDARD.', { filter: true }),
    hsCode: text('The Harmonized System code for customs, 6 to 10 digits.', { filter: true }).nullable(),
    originCountry: text('The country of origin, ISO 3166-1 alpha-2.').nullable(),
    weightKg: decimal('The weight of one, in kilograms.', { measure: true }).nullable(),
    isActive: flag('It can be ordered.', { filter: true }),
    ...versioned(),
  },
});

export const PriceList = defineEntity({
  name: 'PriceList',
  tableName: 'price_list',
  properties: {
    ...identified('price list'),
    code: text('Its code, unique in the group.', { filter: true, sort: true }),
    name: text('What it is called.'),
    currency: currencyCode('The currency of its prices.'),
    isDefault: flag('Holds for accounts without a list of their own; one per currency.', { filter: true }),
    ...versioned(),
  },
});

export const PriceListItem = defineEntity({
  name: 'PriceListItem',
  tableName: 'price_list_item',
  properties: {
    ...identified('price'),
    priceListId: reference('PriceList', 'The list that it is in.'),
    productId: reference('Product', 'The product.'),
    minQuantity: decimal('The quantity from which it holds.'),
    unitPrice: decimal('The price of one without tax, in the currency of the list; up to 6 decimals.'),
    validFrom: day('The first day on which it holds.'),
    validTo: day('The last day on which it holds; null: until a newer one.').nullable(),
    ...versioned(),
  },
});

export const CustomerPrice = defineEntity({
  name: 'CustomerPrice',
  tableName: 'customer_price',
  properties: {
    ...identified('agreed price'),
    customerId: reference('Customer', 'The customer that it was agreed with.'),
    productId: reference('Product', 'The product.'),
    currency: currencyCode('The currency of the price.'),
    minQuantity: decimal('The quantity from which it holds.'),
    unitPrice: decimal('The price of one without tax; up to 6 decimals.'),
    validFrom: day('The first day on which it holds.'),
    validTo: day('The last day on which it holds; null: until a newer one.').nullable(),
    ...versioned(),
  },
});

export const TaxRule = defineEntity({
  name: 'TaxRule',
  tableName: 'tax_rule',
  properties: {
    ...identified('tax rule'),
    sellerCountry: text("The legal entity's country.", { filter: true, sort: true }),
    buyerCountry: text('The country that is delivered to; null: any.', { filter: true }).nullable(),
    buyerRegion: text('The region that is delivered to; null: any.').nullable(),
    isBuyerRegistered: flag('Whether the buyer has a tax registration number; null: either.').nullable(),
    taxClass: text('The tax class of the product; null: any.', { filter: true }).nullable(),
    taxCategory: text('The VAT category code (UNCL5305) that it gives.'),
    rate: decimal('The rate that it gives, in percent.'),
    reasonCode: text('Why nothing is charged, as VATEX code; null where something is.').nullable(),
    validFrom: day('The first day on which it holds.'),
    validTo: day('The last day on which it holds; null: until a newer one.').nullable(),
    ...versioned(),
  },
});
