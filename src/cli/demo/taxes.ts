/** The demo's tax table, and what it gives for each of its sales. The rates are as in life, the table is short. */
import { type TaxAnswer, type TaxRow, taxOf } from '../../o2c/catalogue/tax.rules.ts';
import type { DemoAccount, DemoCustomer } from './customers.ts';
import type { Product } from './products.ts';

/** Before the history of any demo begins. */
const SINCE = '2020-01-01';

const row = (more: Partial<TaxRow> & Pick<TaxRow, 'sellerCountry'>): TaxRow => ({
  buyerCountry: null,
  buyerRegion: null,
  isBuyerRegistered: null,
  taxClass: null,
  taxCategory: 'S',
  rate: '0',
  reasonCode: null,
  validFrom: SINCE,
  validTo: null,
  ...more,
});

const EUROPEAN = ['AT', 'BE', 'FR', 'IE', 'IT', 'NL', 'PL', 'ES'];

export const TAX_RULES: readonly TaxRow[] = [
  row({ sellerCountry: 'DE', taxCategory: 'G', reasonCode: 'VATEX-EU-G' }),
  row({ sellerCountry: 'DE', buyerCountry: 'DE', rate: '19' }),
  row({ sellerCountry: 'DE', buyerCountry: 'DE', taxClass: 'REDUCED', rate: '7' }),
  ...EUROPEAN.flatMap((buyerCountry) => {
    const registered = { sellerCountry: 'DE', buyerCountry, isBuyerRegistered: true };
    return [
      row({ ...registered, taxCategory: 'K', reasonCode: 'VATEX-EU-IC' }),
      row({ ...registered, taxClass: 'SERVICE', taxCategory: 'AE', reasonCode: 'VATEX-EU-AE' }),
    ];
  }),
  row({ sellerCountry: 'US', taxCategory: 'Z' }),
  row({ sellerCountry: 'US', buyerCountry: 'US', buyerRegion: 'US-CA', rate: '7.25' }),
  row({ sellerCountry: 'US', buyerCountry: 'US', buyerRegion: 'US-CA', taxClass: 'SERVICE', taxCategory: 'Z' }),
  row({ sellerCountry: 'JP', taxCategory: 'Z' }),
  row({ sellerCountry: 'JP', buyerCountry: 'JP', rate: '10' }),
];

/** Public bodies pay no sales tax in the United States. */
export const exemptionOf = ({ segment }: DemoCustomer, { entity }: DemoAccount): string | null =>
  entity === 'US' && segment === 'Public' ? 'VATEX-US-PUBLIC' : null;

interface Sale {
  readonly customer: DemoCustomer;
  readonly account: DemoAccount;
}

/** Companies' codes are their countries. Every customer of the demo has a tax number. */
export const taxOfSale = ({ customer, account }: Sale, { taxClass }: Product): TaxAnswer =>
  taxOf(TAX_RULES, {
    sellerCountry: account.entity,
    buyerCountry: customer.country,
    buyerRegion: customer.region,
    isBuyerRegistered: true,
    taxClass,
    exemption: exemptionOf(customer, account),
    on: SINCE,
  });
