/** A customer's account with a company as the platform has it: who they are, where, when they have to pay, and what they may owe. */
import {
  type Assembled,
  type AssembleContext,
  type Canonical,
  country,
  defineMapping,
  type JsonObject,
  MappingError,
  padded,
  text,
  isZero,
  plain,
} from '../../src/connect/index.ts';
import { accountId } from './companies.ts';
import { amountAt, given, isObject, isSet, keyAt, neededKey, neededText, rowsAt, textAt } from './fields.ts';
import { fromReference } from './reference.ts';
import type { Settings } from './settings.ts';

type Address = NonNullable<Canonical<'Customer'>['address']>;

const table = defineMapping('Customer', [
  { ours: 'number', read: 'Customer', codec: padded(10) },
  { ours: 'party', read: 'Customer', codec: padded(10) },
  { ours: 'legalEntity', read: 'CompanyCode', codec: text() },
]);

const partOf = (raw: JsonObject, name: string): JsonObject => {
  const part = raw[name];
  return isObject(part) ? part : {};
};

export function assembleCustomer(raw: JsonObject, { config }: AssembleContext<Settings>): Assembled<'Customer'> {
  const [company, customer, partner] = [partOf(raw, 'company'), partOf(raw, 'customer'), partOf(raw, 'partner')];
  const code = neededText(raw, 'CompanyCode');
  const areas = rowsAt(raw, 'salesAreas').filter((area) => !isSet(area, 'DeletionIndicator'));
  const address = addressOf(rowsAt(partner, 'to_BusinessPartnerAddress')[0]);
  const credit = creditOf(rowsAt(partner, 'credit'), { code, config });
  const currency = areas.flatMap((area) => textAt(area, 'Currency') ?? [])[0] ?? credit?.currency;
  const head = keyAt(company, 'CustomerHeadOffice');
  const own = neededKey(raw, 'Customer');
  const document = {
    ...table.read(raw),
    name: nameOf(partner, customer),
    isActive: !isGone(company, customer, partner),
    isCreditBlocked: credit?.isBlocked === true || isSet(partner, 'BusinessPartnerIsBlocked') || isOrderBlocked(customer, areas),
    ...given({
      email: defaultOf(rowsAt(partner, 'emails'), 'IsDefaultEmailAddress', 'EmailAddress'),
      phone: phoneOf(rowsAt(partner, 'phones')),
      taxId: taxIdOf(partner, customer),
      country: address?.country,
      region: address?.region,
      currency,
      parent: head === undefined || head === own ? undefined : accountId(head, code),
      terms: textAt(company, 'PaymentTerms') ?? areas.flatMap((area) => textAt(area, 'CustomerPaymentTerms') ?? [])[0],
      address,
      bankAccounts: bankAccountsOf(partner),
      // a limit in another currency than theirs would be another amount
      creditLimit: credit?.currency === currency ? credit?.limit : undefined,
    }),
  };
  const ours = fromReference(textAt(company, config.accountReference));
  const extensions = given({
    businessPartner: keyAt(partner, 'BusinessPartner'),
    blocks: blocksOf([...areas, customer, company, partner]),
    creditSegment: credit?.segment,
    creditLimit:
      credit?.limit === undefined || credit.currency === currency ? undefined : `${credit.limit} ${credit.currency ?? ''}`,
    reconciliationAccount: textAt(company, 'ReconciliationAccount'),
    alternativePayer: keyAt(company, 'AlternativePayerAccount'),
  });
  return { document, extensions, ...given({ ours }) };
}

function nameOf(partner: JsonObject, customer: JsonObject): string {
  const name =
    textAt(partner, 'BusinessPartnerFullName') ?? textAt(partner, 'OrganizationBPName1') ?? textAt(customer, 'CustomerName');
  if (name === undefined) throw new MappingError('BusinessPartnerFullName', 'BusinessPartnerFullName is missing.');
  return name;
}

const isGone = (...levels: readonly JsonObject[]): boolean =>
  levels.some((level) => isSet(level, 'DeletionIndicator') || isSet(level, 'IsMarkedForArchiving'));

/** By the customer as a whole, or in each of its sales areas. */
function isOrderBlocked(customer: JsonObject, areas: readonly JsonObject[]): boolean {
  const isBlocked = (row: JsonObject) => textAt(row, 'OrderIsBlockedForCustomer') !== undefined;
  return isBlocked(customer) || (areas.length > 0 && areas.every(isBlocked));
}

const BLOCKS = [
  'OrderIsBlockedForCustomer',
  'DeliveryIsBlocked',
  'DeliveryIsBlockedForCustomer',
  'BillingIsBlockedForCustomer',
  'PostingIsBlocked',
  'PaymentBlockingReason',
  'PhysicalInventoryBlockInd',
  'BusinessPartnerIsBlocked',
] as const;

function blocksOf(levels: readonly JsonObject[]): string[] | undefined {
  const set = BLOCKS.filter((field) =>
    levels.some((level) => isSet(level, field) || (level[field] !== true && textOf(level, field) !== '')),
  );
  return set.length === 0 ? undefined : [...set];
}

const textOf = (row: JsonObject, field: string): string => (typeof row[field] === 'string' ? row[field] : '');

function addressOf(row: JsonObject | undefined): Address | undefined {
  if (row === undefined) return undefined;
  const street = [textAt(row, 'StreetName'), textAt(row, 'HouseNumber')].filter((part) => part !== undefined).join(' ');
  const box = textAt(row, 'POBox');
  const around = [textAt(row, 'StreetPrefixName'), street, textAt(row, 'StreetSuffixName'), box && `P.O. Box ${box}`];
  const lines = around.filter((line): line is string => line !== undefined && line !== '');
  const address = given({
    lines: lines.length === 0 ? undefined : lines,
    city: textAt(row, 'CityName'),
    region: textAt(row, 'Region'),
    postalCode: textAt(row, 'PostalCode'),
    country: countryOf(textAt(row, 'Country')),
  });
  return Object.keys(address).length === 0 ? undefined : address;
}

/** SAP's keys of countries are ISO's but for some of its own. */
function countryOf(key: string | undefined): string | undefined {
  try {
    return key === undefined ? undefined : country.decode(key, 'Country');
  } catch {
    return undefined;
  }
}

function defaultOf(rows: readonly JsonObject[], isDefault: string, field: string): string | undefined {
  const chosen = rows.find((row) => isSet(row, isDefault)) ?? rows[0];
  return chosen && textAt(chosen, field);
}

function phoneOf(rows: readonly JsonObject[]): string | undefined {
  const chosen = rows.find((row) => isSet(row, 'IsDefaultPhoneNumber')) ?? rows[0];
  if (!chosen) return undefined;
  const written = [textAt(chosen, 'PhoneNumber'), textAt(chosen, 'PhoneNumberExtension')].filter((part) => part !== undefined);
  return textAt(chosen, 'InternationalPhoneNumber') ?? (written.length === 0 ? undefined : written.join('-'));
}

/** The VAT registration, else the first tax number that there is. */
function taxIdOf(partner: JsonObject, customer: JsonObject): string | undefined {
  const numbers = rowsAt(partner, 'to_BusinessPartnerTax');
  const vat = numbers.find((one) => /^[A-Z]{2}0$/.test(textAt(one, 'BPTaxType') ?? ''));
  const first = vat ?? numbers[0];
  const number = first && (textAt(first, 'BPTaxLongNumber') ?? textAt(first, 'BPTaxNumber'));
  return textAt(customer, 'VATRegistration') ?? number ?? textAt(customer, 'TaxNumber1');
}

function bankAccountsOf(partner: JsonObject): string[] | undefined {
  const accounts = rowsAt(partner, 'to_BusinessPartnerBank').flatMap((bank) => {
    const iban = textAt(bank, 'IBAN');
    const domestic = [textAt(bank, 'BankNumber'), textAt(bank, 'BankAccount')].filter((part) => part !== undefined).join(' ');
    const account = iban ?? domestic;
    return account.length < 4 ? [] : [account];
  });
  return accounts.length === 0 ? undefined : [...new Set(accounts)].slice(0, 20);
}

interface Credit {
  readonly segment: string;
  readonly currency: string | undefined;
  readonly limit: string | undefined;
  readonly isBlocked: boolean;
}

/** Of the segment that is set, else that of the company, else the only one. A limit of 0 is one only where SAP says so. */
function creditOf(rows: readonly JsonObject[], { code, config }: { code: string; config: Settings }): Credit | null {
  const named = (segment: string) => rows.find((row) => textAt(row, 'CreditSegment') === segment);
  const row =
    config.creditSegment === undefined ? (named(code) ?? (rows.length === 1 ? rows[0] : undefined)) : named(config.creditSegment);
  if (row === undefined) return null;
  const amount = amountAt(row, 'CreditLimitAmount') ?? '0';
  const hasLimit = !isZero(amount) || isSet(row, 'CreditLimitIsZero');
  return {
    segment: textAt(row, 'CreditSegment') ?? '',
    currency: textAt(row, 'CreditSegmentCurrency'),
    limit: hasLimit ? plain(amount) : undefined,
    isBlocked: isSet(row, 'CreditAccountIsBlocked'),
  };
}
