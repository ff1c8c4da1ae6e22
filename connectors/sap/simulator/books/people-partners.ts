/** Customers as people enter them: one form for partner, address, tax number, bank, companies, sales areas and credit. */
import type { DeepRow, Row } from '../model.ts';
import { DISTRIBUTION_CHANNEL, DIVISION } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { createCreditData } from './credit-accounts.ts';
import { changePartnerData, createPartnerData } from './partner-rows.ts';
import { notFound } from './refusals.ts';

export interface NewPartner {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** 10 digits; the next free one unless told. */
  readonly number?: string;
  readonly region?: string;
  readonly street?: string;
  readonly houseNumber?: string;
  readonly postalCode?: string;
  readonly city?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly taxId?: string;
  /** IBAN, or a domestic account number. */
  readonly bankAccount?: string;
  readonly accounts: readonly PartnerAccount[];
}

/** With one company: its terms, and the currency in which it buys there. */
export interface PartnerAccount {
  readonly company: string;
  readonly terms?: string;
  readonly currency?: string;
  readonly creditLimit?: string;
  /** 1 unless told; 0 is exempt. */
  readonly taxClass?: string;
}

export interface PartnerChange {
  readonly name?: string;
  readonly street?: string;
  readonly postalCode?: string;
  readonly city?: string;
  readonly email?: string;
  /** Blocks it everywhere. */
  readonly isBlocked?: boolean;
  readonly terms?: { readonly company: string; readonly terms: string };
}

const NAME_MAX = 40;
/** Category of the number by which a country knows a business for its turnover tax. */
const TAX_TYPES: Readonly<Record<string, string>> = { US: 'US2', JP: 'JP1', KW: 'KW1' };
const EU: ReadonlySet<string> = new Set('AT BE CZ DE DK ES FI FR HU IE IT LU NL PL PT SE SK'.split(' '));

export function createPartner(context: Context, partner: NewPartner): Row {
  const { name, country, number, taxId, accounts } = partner;
  const made = createPartnerData(context, 'A_BusinessPartner', {
    row: {
      ...(number === undefined ? {} : { BusinessPartner: number }),
      BusinessPartnerCategory: '2',
      OrganizationBPName1: name.slice(0, NAME_MAX),
      OrganizationBPName2: name.slice(NAME_MAX),
      SearchTerm1: name.toUpperCase().slice(0, 20),
      CorrespondenceLanguage: 'EN',
    },
    children: {
      to_BusinessPartnerAddress: [addressOf(partner)],
      to_BusinessPartnerBank: partner.bankAccount === undefined ? [] : [bankOf(partner.bankAccount, country)],
      to_BusinessPartnerRole: ['FLCU00', 'FLCU01'].map((role) => leaf({ BusinessPartnerRole: role })),
      to_BusinessPartnerTax:
        taxId === undefined ? [] : [leaf({ BPTaxType: taxTypeOf(country), BPTaxNumber: taxId.slice(0, 20) })],
      to_Customer: [customerOf(partner)],
    },
  });
  for (const { company, creditLimit } of accounts)
    if (creditLimit !== undefined)
      createCreditData(context, 'CreditManagementAccount', {
        row: {
          BusinessPartner: textOf(made, 'BusinessPartner'),
          CreditSegment: company,
          CreditLimitAmount: creditLimit,
          CreditLimitIsZero: Number(creditLimit) === 0,
        },
        children: {},
      });
  return made;
}

const taxTypeOf = (country: string): string => TAX_TYPES[country] ?? `${country}0`;

const addressOf = ({
  country,
  region = '',
  street = '',
  houseNumber = '',
  postalCode = '',
  city = '',
  email,
  phone,
}: NewPartner): DeepRow => ({
  row: {
    Country: country,
    Region: region,
    StreetName: street,
    HouseNumber: houseNumber,
    PostalCode: postalCode,
    CityName: city,
    Language: 'EN',
  },
  children: {
    to_EmailAddress: email === undefined ? [] : [leaf({ EmailAddress: email })],
    to_PhoneNumber: phone === undefined ? [] : [leaf({ PhoneNumber: phone, DestinationLocationCountry: country })],
  },
});

/** An IBAN begins with letters. */
const bankOf = (account: string, country: string): DeepRow =>
  /^[A-Z]{2}\d{2}/.test(account)
    ? leaf({
        BankCountryKey: account.slice(0, 2),
        BankNumber: account.slice(4, 12),
        IBAN: account,
        BankAccount: account.slice(12, 30),
      })
    : leaf({ BankCountryKey: country, BankAccount: account.slice(0, 18) });

function customerOf({ country, taxId, accounts }: NewPartner): DeepRow {
  return {
    row: EU.has(country) && taxId !== undefined ? { VATRegistration: taxId.slice(0, 20) } : {},
    children: {
      to_CustomerCompany: accounts.map(({ company, terms = '' }) => leaf({ CompanyCode: company, PaymentTerms: terms })),
      to_CustomerSalesArea: accounts.map(areaOf),
    },
  };
}

const areaOf = ({ company, terms = '', currency, taxClass = '1' }: PartnerAccount): DeepRow => ({
  row: {
    SalesOrganization: company,
    DistributionChannel: DISTRIBUTION_CHANNEL,
    Division: DIVISION,
    CustomerPaymentTerms: terms,
    ...(currency === undefined ? {} : { Currency: currency }),
    IncotermsClassification: 'CPT',
    CustomerGroup: '01',
  },
  children: { to_SalesAreaTax: [leaf({ CustomerTaxClassification: taxClass })] },
});

export function changePartner(context: Context, number: string, change: PartnerChange): Row {
  const { store } = context;
  const partner = store.get('A_BusinessPartner', { BusinessPartner: number });
  if (partner === undefined) throw notFound('A_BusinessPartner');
  const { name, street, postalCode, city, email, isBlocked, terms } = change;
  const [address] = store.table('A_BusinessPartnerAddress').related({ BusinessPartner: number });
  const parts = told({ StreetName: street, PostalCode: postalCode, CityName: city });
  if (address !== undefined && Object.keys(parts).length > 0)
    changePartnerData(context, 'A_BusinessPartnerAddress', address, parts);
  const [mail] = store.table('A_AddressEmailAddress').related({ AddressID: address?.AddressID ?? '' });
  if (mail !== undefined && email !== undefined)
    changePartnerData(context, 'A_AddressEmailAddress', mail, { EmailAddress: email });
  if (terms !== undefined) changeTerms(context, number, terms);
  const own = told({
    OrganizationBPName1: name?.slice(0, NAME_MAX),
    OrganizationBPName2: name?.slice(NAME_MAX),
    BusinessPartnerIsBlocked: isBlocked,
  });
  if (Object.keys(own).length > 0) changePartnerData(context, 'A_BusinessPartner', partner, own);
  return store.get('A_BusinessPartner', { BusinessPartner: number }) ?? partner;
}

function changeTerms(
  context: Context,
  number: string,
  { company, terms }: { readonly company: string; readonly terms: string },
): void {
  const account = context.store.get('A_CustomerCompany', { Customer: number, CompanyCode: company });
  if (account !== undefined) changePartnerData(context, 'A_CustomerCompany', account, { PaymentTerms: terms });
  for (const area of context.store.table('A_CustomerSalesArea').related({ Customer: number, SalesOrganization: company }))
    changePartnerData(context, 'A_CustomerSalesArea', area, { CustomerPaymentTerms: terms });
}

const leaf = (row: Row): DeepRow => ({ row, children: {} });
const told = (values: Readonly<Record<string, string | boolean | undefined>>): Row =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined));
