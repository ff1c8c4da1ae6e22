/** Products, prices, taxes, payment terms and exchange rates: what documents are made with. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import {
  CustomerPrice,
  ExchangeRate,
  PaymentTerms,
  PaymentTermsInstalment,
  PriceList,
  PriceListItem,
  Product,
  TaxRule,
} from './catalogue.entity.ts';
import {
  customerPriceEvents,
  priceEvents,
  priceListEvents,
  productEvents,
  rateEvents,
  taxRuleEvents,
  termsEvents,
} from './catalogue.events.ts';
import { catalogueResolvers } from './catalogue.graphql.ts';
import { cataloguePolicy } from './catalogue.policy.ts';
import {
  customerPriceRead,
  exchangeRateRead,
  paymentTermsInstalmentRead,
  paymentTermsRead,
  priceListItemRead,
  priceListRead,
  productRead,
  taxRuleRead,
} from './catalogue.read.ts';
import { agreePrice, createPriceList, setPrice } from './price.commands.ts';
import { observeProduct } from './observe-product.commands.ts';
import { observeTerms } from './observe-terms.commands.ts';
import { createProduct, updateProduct } from './product.commands.ts';
import { setExchangeRate } from './rate.commands.ts';
import { setTaxRule } from './tax.commands.ts';
import { createPaymentTerms } from './terms.commands.ts';

export { loadPrices, loadRates, loadTaxRules, loadTerms, type TermsRow } from './catalogue.facts.ts';
export { PaymentTerms, Product } from './catalogue.entity.ts';
export { type PriceFound, priceMissing, priceOf, type Prices, type PriceWanted } from './price.rules.ts';
export { rateOf, type Rates } from './rate.rules.ts';
export {
  TAX_CATEGORIES,
  taxOn,
  type TaxAnswer,
  taxOf,
  type TaxQuestion,
  type TaxRules,
} from './tax.rules.ts';
export { type Instalment, instalmentsOf, type Terms } from './terms.rules.ts';

const roots = [
  readRecord(PaymentTerms, paymentTermsRead),
  readRecord(ExchangeRate, exchangeRateRead),
  readRecord(Product, productRead),
  readRecord(PriceList, priceListRead),
  readRecord(PriceListItem, priceListItemRead),
  readRecord(CustomerPrice, customerPriceRead),
  readRecord(TaxRule, taxRuleRead),
];

export const catalogueModule = defineModule({
  name: 'catalogue',
  entities: [PaymentTerms, PaymentTermsInstalment, ExchangeRate, Product, PriceList, PriceListItem, CustomerPrice, TaxRule],
  records: [...roots, readRecord(PaymentTermsInstalment, paymentTermsInstalmentRead)],
  machines: [],
  postings: [],
  policy: cataloguePolicy,
  events: [
    ...productEvents,
    ...priceListEvents,
    ...priceEvents,
    ...customerPriceEvents,
    ...taxRuleEvents,
    ...termsEvents,
    ...rateEvents,
  ],
  commands: [
    createProduct,
    updateProduct,
    createPriceList,
    setPrice,
    agreePrice,
    setTaxRule,
    createPaymentTerms,
    setExchangeRate,
    observeTerms,
    observeProduct,
  ],
  resolvers: catalogueResolvers(roots),
});
