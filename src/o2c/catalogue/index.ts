/** Payment terms and exchange rates: what documents are made with. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { createPaymentTerms, setExchangeRate } from './catalogue.commands.ts';
import { ExchangeRate, PaymentTerms } from './catalogue.entity.ts';
import { rateEvents, termsEvents } from './catalogue.events.ts';
import { catalogueResolvers } from './catalogue.graphql.ts';
import { cataloguePolicy } from './catalogue.policy.ts';
import { exchangeRateRead, paymentTermsRead } from './catalogue.read.ts';

export { loadRates } from './catalogue.commands.ts';
export { PaymentTerms } from './catalogue.entity.ts';
export { dueDate, rateOf, type Rates } from './catalogue.rules.ts';

const roots = [readRecord(PaymentTerms, paymentTermsRead), readRecord(ExchangeRate, exchangeRateRead)];

export const catalogueModule = defineModule({
  name: 'catalogue',
  entities: [PaymentTerms, ExchangeRate],
  records: roots,
  machines: [],
  postings: [],
  policy: cataloguePolicy,
  events: [...termsEvents, ...rateEvents],
  commands: [createPaymentTerms, setExchangeRate],
  resolvers: catalogueResolvers(roots),
});
