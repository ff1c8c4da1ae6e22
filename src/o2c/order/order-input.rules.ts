/** What orders are made from: the fields of their inputs, shared by the commands that draft, place and change them. */
import {
  choice,
  clearable,
  countryInput,
  currencyInput,
  dateInput,
  decimalInput,
  flag,
  formed,
  idOf,
  list,
  object,
  optional,
  regionInput,
  text,
  vatexInput,
} from '../../kernel/input.ts';
import { TAX_CATEGORIES } from '../catalogue/index.ts';

const MOST = '999999999999';

export const quantityInput = decimalInput({ scale: 6, min: '0.000001', max: MOST });
export const priceInput = decimalInput({ scale: 6, min: '0', max: MOST });
export const percentInput = decimalInput({ scale: 4, min: '0', max: '100' });

const unitInput = formed(/^[A-Z0-9]{2,3}$/, 'must be a UN/ECE Recommendation 20 code, for example C62 or KGM');

export const orderLineInput = object('OrderLineInput', {
  productId: optional(idOf('prd')).describe('The product; absent for a line of free text.'),
  quantity: quantityInput.describe('How much of it.'),
  unitPrice: optional(priceInput).describe(
    'The price of one without tax; absent: what was agreed with the customer, else its list. Needs orders:price.',
  ),
  discountPercent: optional(percentInput).describe('What is taken off the price, in percent. Needs orders:price.'),
  description: optional(text()).describe("What is ordered; absent: the product's name. Needs orders:price."),
  unit: optional(unitInput).describe(
    "The unit as UN/ECE Recommendation 20 code; absent: the product's, else C62. Needs orders:price.",
  ),
  taxCategory: optional(choice('TaxCategory', TAX_CATEGORIES)).describe(
    'The VAT category code; absent: by the tax table. Needs orders:price.',
  ),
  taxRate: optional(percentInput).describe('The tax rate in percent; goes with taxCategory. Needs orders:price.'),
  taxReason: optional(vatexInput).describe('Why no tax is charged; goes with taxCategory. Needs orders:price.'),
  isShipped: optional(flag).describe(
    'Of a line of free text: it is goods, which are shipped; absent: it is not. Needs orders:price.',
  ),
});

export const orderLines = list(orderLineInput, { min: 1, max: 1000 });

/** What may change while it is a draft. */
export const orderFields = {
  customerReference: clearable(text({ max: 100 })).describe("The customer's own purchase order number."),
  requestedOn: clearable(dateInput).describe('The day on which the customer wants it.'),
  shipToName: clearable(text()).describe('Who it is shipped to.'),
  shipToAddress: clearable(text({ max: 1000, multiline: true })).describe('Where it is shipped to.'),
  shipToCountry: clearable(countryInput).describe(
    "The country that it is shipped to, ISO 3166-1 alpha-2; absent: the customer's. Tax depends on it.",
  ),
  shipToRegion: clearable(regionInput).describe("The region that it is shipped to; absent: the account's."),
};

export const newOrderFields = {
  accountId: idOf('acc').describe("The customer's account."),
  lines: orderLines.describe('What is ordered.'),
  currency: optional(currencyInput).describe("The currency; absent: the account's."),
  orderedOn: optional(dateInput).describe('The day whose prices and taxes hold; absent: today. Another one needs orders:price.'),
  paymentTermsId: optional(idOf('pt')).describe("The terms; absent: the account's. Others need orders:price."),
  ...orderFields,
};
