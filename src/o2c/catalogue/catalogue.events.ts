/** What happens to products, prices, taxes, terms and rates. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const product = {
  sku: z.string(),
  name: z.string(),
  kind: z.string(),
  unit: z.string(),
  taxClass: z.string(),
  hsCode: z.string().nullable(),
  originCountry: z.string().nullable(),
  weightKg: z.string().nullable(),
  isActive: z.boolean(),
};

export const productEvents = defineEvents('Product', {
  'product.created': { description: 'A product was made.', payload: z.object(product) },
  'product.updated': {
    description: 'Fields of a product changed; it says all of them as they are now.',
    payload: z.object({ ...product, fields: z.string() }),
  },
});

export const priceListEvents = defineEvents('PriceList', {
  'price_list.created': {
    description: 'A price list was made.',
    payload: z.object({ code: z.string(), name: z.string(), currency: z.string(), isDefault: z.boolean() }),
  },
});

const figures = {
  productId: z.string(),
  minQuantity: z.string(),
  unitPrice: z.string(),
  validFrom: z.string(),
  validTo: z.string().nullable(),
};

export const priceEvents = defineEvents('PriceListItem', {
  'price.set': { description: 'A price was set in a list.', payload: z.object({ priceListId: z.string(), ...figures }) },
});

export const customerPriceEvents = defineEvents('CustomerPrice', {
  'customer_price.agreed': {
    description: 'A price was agreed with a customer.',
    payload: z.object({ customerId: z.string(), currency: z.string(), ...figures }),
  },
});

export const taxRuleEvents = defineEvents('TaxRule', {
  'tax_rule.set': {
    description: 'A row of the tax table was set.',
    payload: z.object({
      sellerCountry: z.string(),
      buyerCountry: z.string().nullable(),
      buyerRegion: z.string().nullable(),
      isBuyerRegistered: z.boolean().nullable(),
      taxClass: z.string().nullable(),
      taxCategory: z.string(),
      rate: z.string(),
      reasonCode: z.string().nullable(),
      validFrom: z.string(),
      validTo: z.string().nullable(),
    }),
  },
});

const terms = {
  code: z.string(),
  netDays: z.number(),
  isEndOfMonth: z.boolean(),
  discountDays: z.number().nullable(),
  discountPercent: z.string().nullable(),
  instalments: z.number(),
};

export const termsEvents = defineEvents('PaymentTerms', {
  'payment_terms.created': { description: 'Payment terms were made.', payload: z.object(terms) },
  'payment_terms.updated': {
    description: 'An ERP changed terms that it made; it says all of them as they are now.',
    payload: z.object({ ...terms, fields: z.string() }),
  },
});

export const rateEvents = defineEvents('ExchangeRate', {
  'exchange_rate.set': {
    description: 'An exchange rate was set.',
    payload: z.object({ fromCurrency: z.string(), toCurrency: z.string(), validOn: z.string(), rate: z.string() }),
  },
});
