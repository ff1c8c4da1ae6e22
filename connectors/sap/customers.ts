/**
 * Customers: one record for each company that a customer has an account with. SAP keeps them in several places, of which only the business
 * partner has a stamp of its changes, and that one is a date.
 */
import type { JsonObject, SourceRecord } from '../../src/connect/index.ts';
import { accountId, companyFilter, isServed, salesOrganizations } from './companies.ts';
import { keyAt, neededKey, neededText, rowsAt, textAt } from './fields.ts';
import { joined, nextOf, parted } from './keyset.ts';
import { any, day } from './literals.ts';
import { type Lister, recordOf, type Source } from './reading.ts';
import { groupedBy, rowsOf } from './rows.ts';
import { type Context, isOpen, setOf, systemDay } from './system.ts';

const COMPANIES = 'A_CustomerCompany';
const PARTNER_FIELDS = [
  'BusinessPartner',
  'Customer',
  'BusinessPartnerUUID',
  'BusinessPartnerCategory',
  'BusinessPartnerFullName',
  'BusinessPartnerGrouping',
  'OrganizationBPName1',
  'OrganizationBPName2',
  'CorrespondenceLanguage',
  'Language',
  'SearchTerm1',
  'BusinessPartnerIsBlocked',
  'IsMarkedForArchiving',
  'CreationDate',
  'ETag',
];
const ADDRESS_FIELDS = [
  'AddressID',
  'Person',
  'StreetName',
  'HouseNumber',
  'StreetPrefixName',
  'StreetSuffixName',
  'PostalCode',
  'CityName',
  'Region',
  'Country',
  'POBox',
  'ValidityEndDate',
];
const CUSTOMER_FIELDS = [
  'Customer',
  'CustomerName',
  'CustomerAccountGroup',
  'OrderIsBlockedForCustomer',
  'DeliveryIsBlocked',
  'BillingIsBlockedForCustomer',
  'PostingIsBlocked',
  'DeletionIndicator',
  'VATRegistration',
  'TaxNumber1',
];
const COMPANY_FIELDS = [
  'Customer',
  'CompanyCode',
  'PaymentTerms',
  'ReconciliationAccount',
  'PaymentMethodsList',
  'PaymentBlockingReason',
  'CustomerHeadOffice',
  'AlternativePayerAccount',
  'PhysicalInventoryBlockInd',
  'DeletionIndicator',
  'AccountByCustomer',
];
const AREA_FIELDS = [
  'Customer',
  'SalesOrganization',
  'DistributionChannel',
  'Division',
  'Currency',
  'CustomerPaymentTerms',
  'OrderIsBlockedForCustomer',
  'DeliveryIsBlockedForCustomer',
  'BillingIsBlockedForCustomer',
  'DeletionIndicator',
  'CreditControlArea',
  'IncotermsClassification',
];
const CREDIT_FIELDS = [
  'BusinessPartner',
  'CreditSegment',
  'CreditLimitAmount',
  'CreditSegmentCurrency',
  'CreditLimitIsZero',
  'CreditLimitValidityEndDate',
  'CreditAccountIsBlocked',
  'CreditAccountBlockReason',
];
export const CREDIT_ACCOUNTS = 'CreditManagementAccount';

const accounts: Lister = {
  only: 'ALL',
  async list(context, asked) {
    const filter = await companyFilter(context, 'partner', COMPANIES);
    return nextOf(context, { service: 'partner', set: COMPANIES, by: ['Customer', 'CompanyCode'], filter }, asked);
  },
};

/** The stamp is empty until the first change. */
const changes: Lister = {
  only: 'CHANGES',
  list(context, asked) {
    const from = day(systemDay(context, asked.since ?? ''));
    const filter = any([`LastChangeDate ge ${from}`, `CreationDate ge ${from}`]);
    const keysOf = (row: JsonObject) => keyAt(row, 'Customer') ?? [];
    const keySet = { service: 'partner', set: 'A_BusinessPartner', by: ['BusinessPartner'], more: ['Customer'], filter } as const;
    return nextOf(context, { ...keySet, keysOf: (row) => [keysOf(row)].flat() }, asked);
  },
};

/** A credit account says when its limit changed, and nothing of when it was blocked: those that are, are looked at each time. */
const held: Lister = {
  only: 'CHANGES',
  async list(context, asked) {
    const fields = (await isOpen(context, 'credit')) ? (await setOf(context, 'credit', CREDIT_ACCOUNTS))?.fields : undefined;
    const from = day(systemDay(context, asked.since ?? ''));
    const filters = [
      ['CreditAccountIsBlocked', 'CreditAccountIsBlocked eq true'],
      ['CreditLimitLastChangeDate', `CreditLimitLastChangeDate ge ${from}`],
    ].flatMap(([field = '', filter = '']) => (fields?.get(field)?.isFilterable === true ? [filter] : []));
    if (filters.length === 0) return { keys: [], after: null };
    const by = ['BusinessPartner', 'CreditSegment'];
    const { keys, after } = await nextOf(context, { service: 'credit', set: CREDIT_ACCOUNTS, by, filter: any(filters) }, asked);
    const partners = [...new Set(keys.map((key) => parted(key)[0] ?? ''))].map((partner) => [partner]);
    const of = { service: 'partner', set: 'A_BusinessPartner', by: ['BusinessPartner'], keys: partners } as const;
    const rows = await rowsOf(context, { ...of, fields: ['BusinessPartner', 'Customer'] });
    return { keys: rows.flatMap((row) => keyAt(row, 'Customer') ?? []), after };
  },
};

/** A key is a customer and a company, or a customer with all of theirs. */
export const customerSource: Source = { listers: [accounts, changes, held], load };

async function load(context: Context, keys: readonly string[]): Promise<readonly SourceRecord[]> {
  const wanted = new Set(keys);
  const customers = [...new Set(keys.map((key) => parted(key)[0] ?? ''))];
  const of = { service: 'partner', by: ['Customer'], keys: customers.map((customer) => [customer]) } as const;
  const { accountReference } = context.config;
  const companies = (await rowsOf(context, { ...of, set: COMPANIES, fields: [...COMPANY_FIELDS, accountReference] })).filter(
    (row) => isServed(context, textAt(row, 'CompanyCode')) && (wanted.has(keyOf(row)) || wanted.has(neededKey(row, 'Customer'))),
  );
  if (companies.length === 0) return [];
  const general = groupedBy(await rowsOf(context, { ...of, set: 'A_Customer', fields: CUSTOMER_FIELDS }), 'Customer');
  const areas = groupedBy(await rowsOf(context, { ...of, set: 'A_CustomerSalesArea', fields: AREA_FIELDS }), 'Customer');
  const partners = await partnersOf(context, of.keys);
  const organizations = await salesOrganizations(context);
  return companies.map((company) => {
    const [customer, code] = [neededKey(company, 'Customer'), neededText(company, 'CompanyCode')];
    const partner = partners.get(customer)?.[0];
    const raw = {
      Customer: customer,
      CompanyCode: code,
      company,
      customer: general.get(customer)?.[0] ?? null,
      partner: partner ?? null,
      salesAreas: (areas.get(customer) ?? []).filter(
        (area) => organizations.get(textAt(area, 'SalesOrganization') ?? '') === code,
      ),
    };
    return recordOf(accountId(customer, code), raw);
  });
}

const keyOf = (row: JsonObject): string => joined([neededKey(row, 'Customer'), neededText(row, 'CompanyCode')]);

/** By customer; with what stands in tables of its own beside. */
async function partnersOf(
  context: Context,
  keys: readonly (readonly string[])[],
): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  const rows = await rowsOf(context, {
    service: 'partner',
    set: 'A_BusinessPartner',
    fields: PARTNER_FIELDS,
    expand: {
      to_BusinessPartnerAddress: ADDRESS_FIELDS,
      to_BusinessPartnerTax: ['BPTaxType', 'BPTaxNumber', 'BPTaxLongNumber'],
      to_BusinessPartnerBank: ['BankIdentification', 'BankCountryKey', 'BankNumber', 'BankAccount', 'IBAN'],
    },
    by: ['Customer'],
    keys,
  });
  const addresses = rows
    .flatMap((row) => rowsAt(row, 'to_BusinessPartnerAddress'))
    .map((one) => [textAt(one, 'AddressID') ?? '']);
  const at = { service: 'partner', by: ['AddressID'], keys: addresses } as const;
  const emailFields = ['AddressID', 'OrdinalNumber', 'IsDefaultEmailAddress', 'EmailAddress'];
  const emails = groupedBy(await rowsOf(context, { ...at, set: 'A_AddressEmailAddress', fields: emailFields }), 'AddressID');
  const phoneFields = [
    'AddressID',
    'OrdinalNumber',
    'IsDefaultPhoneNumber',
    'PhoneNumber',
    'PhoneNumberExtension',
    'InternationalPhoneNumber',
  ];
  const phones = groupedBy(await rowsOf(context, { ...at, set: 'A_AddressPhoneNumber', fields: phoneFields }), 'AddressID');
  const credit = await creditOf(context, rows);
  const whole = rows.map((row): JsonObject => {
    const ids = rowsAt(row, 'to_BusinessPartnerAddress').map((one) => keyAt(one, 'AddressID') ?? '');
    const { ETag: _tag, ...fields } = row;
    return {
      ...fields,
      emails: ids.flatMap((id) => emails.get(id) ?? []),
      phones: ids.flatMap((id) => phones.get(id) ?? []),
      credit: credit.get(keyAt(row, 'BusinessPartner') ?? '') ?? [],
    };
  });
  return groupedBy(whole, 'Customer');
}

/** None where credit management is not open to us: the check of the connection says so. */
async function creditOf(context: Context, partners: readonly JsonObject[]): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  if (!(await isOpen(context, 'credit')) || (await setOf(context, 'credit', CREDIT_ACCOUNTS)) === null) return new Map();
  const keys = partners.map((row) => [neededKey(row, 'BusinessPartner')]);
  const rows = await rowsOf(context, {
    service: 'credit',
    set: CREDIT_ACCOUNTS,
    fields: CREDIT_FIELDS,
    by: ['BusinessPartner'],
    keys,
  });
  return groupedBy(rows, 'BusinessPartner');
}
