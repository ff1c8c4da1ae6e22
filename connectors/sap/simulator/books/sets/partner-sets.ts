/** API_BUSINESS_PARTNER: what the simulated system has of business partners and customers. Types only; no row is known here. */
import type { Service } from '../../model.ts';
import * as customer from './customer-words.ts';
import * as partner from './partner-words.ts';
import { setOf, toMany, toOne } from './property-words.ts';

const AREA = ['Customer', 'SalesOrganization', 'DistributionChannel', 'Division'];

export const BUSINESS_PARTNER: Service = {
  path: 'API_BUSINESS_PARTNER',
  namespace: 'API_BUSINESS_PARTNER',
  functions: [],
  sets: [
    setOf('A_AddressEmailAddress', { keys: partner.ADDRESS_EMAIL_ADDRESS_KEYS, words: partner.ADDRESS_EMAIL_ADDRESS }),
    setOf('A_AddressPhoneNumber', { keys: partner.ADDRESS_PHONE_NUMBER_KEYS, words: partner.ADDRESS_PHONE_NUMBER }),
    setOf('A_BusinessPartner', {
      keys: partner.BUSINESS_PARTNER_KEYS,
      words: partner.BUSINESS_PARTNER,
      navigations: [
        toMany('to_BusinessPartnerAddress', 'A_BusinessPartnerAddress', 'BusinessPartner'),
        toMany('to_BusinessPartnerBank', 'A_BusinessPartnerBank', 'BusinessPartner'),
        toMany('to_BusinessPartnerRole', 'A_BusinessPartnerRole', 'BusinessPartner'),
        toMany('to_BusinessPartnerTax', 'A_BusinessPartnerTaxNumber', 'BusinessPartner'),
        toOne('to_Customer', 'A_Customer', 'Customer'),
      ],
      traits: { deletable: false },
    }),
    setOf('A_BusinessPartnerAddress', {
      keys: partner.BUSINESS_PARTNER_ADDRESS_KEYS,
      words: partner.BUSINESS_PARTNER_ADDRESS,
      navigations: [
        toMany('to_EmailAddress', 'A_AddressEmailAddress', 'AddressID', 'Person'),
        toMany('to_PhoneNumber', 'A_AddressPhoneNumber', 'AddressID', 'Person'),
      ],
    }),
    setOf('A_BusinessPartnerBank', { keys: partner.BUSINESS_PARTNER_BANK_KEYS, words: partner.BUSINESS_PARTNER_BANK }),
    setOf('A_BusinessPartnerRole', {
      keys: partner.BUSINESS_PARTNER_ROLE_KEYS,
      words: partner.BUSINESS_PARTNER_ROLE,
      traits: { deletable: false },
    }),
    setOf('A_BusinessPartnerTaxNumber', {
      keys: partner.BUSINESS_PARTNER_TAX_NUMBER_KEYS,
      words: partner.BUSINESS_PARTNER_TAX_NUMBER,
    }),
    setOf('A_Customer', {
      keys: customer.CUSTOMER_KEYS,
      words: customer.CUSTOMER,
      navigations: [
        toMany('to_CustomerCompany', 'A_CustomerCompany', 'Customer'),
        toMany('to_CustomerSalesArea', 'A_CustomerSalesArea', 'Customer'),
      ],
      traits: { creatable: false, deletable: false },
    }),
    setOf('A_CustomerCompany', {
      keys: customer.CUSTOMER_COMPANY_KEYS,
      words: customer.CUSTOMER_COMPANY,
      navigations: [toMany('to_CustomerDunning', 'A_CustomerDunning', 'Customer', 'CompanyCode')],
      traits: { deletable: false },
    }),
    setOf('A_CustomerDunning', { keys: customer.CUSTOMER_DUNNING_KEYS, words: customer.CUSTOMER_DUNNING }),
    setOf('A_CustomerSalesArea', {
      keys: customer.CUSTOMER_SALES_AREA_KEYS,
      words: customer.CUSTOMER_SALES_AREA,
      navigations: [
        toMany('to_PartnerFunction', 'A_CustSalesPartnerFunc', ...AREA),
        toMany('to_SalesAreaTax', 'A_CustomerSalesAreaTax', ...AREA),
      ],
      traits: { deletable: false },
    }),
    setOf('A_CustomerSalesAreaTax', {
      keys: customer.CUSTOMER_SALES_AREA_TAX_KEYS,
      words: customer.CUSTOMER_SALES_AREA_TAX,
      traits: { deletable: false },
    }),
    setOf('A_CustSalesPartnerFunc', { keys: customer.CUST_SALES_PARTNER_FUNC_KEYS, words: customer.CUST_SALES_PARTNER_FUNC }),
  ],
};
