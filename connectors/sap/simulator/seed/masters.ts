/** The products and customers of a believable company: most buy from one of its companies, some from two, a few in another currency. */
import type { SeededRandomness, SimulatedCompany } from '../../../../src/connect/index.ts';
import type { SapBooks } from '../books/sap-books.ts';
import {
  type CompanyCode,
  DISTRIBUTION_CHANNEL as DistributionChannel,
  DIVISION as Division,
  rateOf,
} from '../books/configuration.ts';
import { amountText, converted } from '../books/amounts.ts';
import { textOf } from '../books/context.ts';
import type { NewPartner, PartnerAccount } from '../books/people-partners.ts';
import type { DeepRow, Row } from '../model.ts';
import * as words from './words.ts';

export type Payer = NonNullable<SimulatedCompany['payer']>;

/** A customer with one company. */
export interface Account {
  readonly customer: string;
  readonly company: string;
  readonly currency: string;
  readonly terms: string;
  readonly payer: Payer;
}

export interface Masters {
  readonly accounts: readonly Account[];
  readonly materials: readonly string[];
}

export interface Seeding {
  readonly books: SapBooks;
  readonly random: SeededRandomness;
  readonly size: number;
  readonly companies: readonly SimulatedCompany[];
}

const TERMS = ['NT30', 'NT30', '0002', 'NT14', 'NT60', '0001', '0004'];
/** Of the currency in which prices are thought, in hundredths. */
const PRICED_IN = 'EUR';
const DAY = '2025-01-01';
/** Numbers of materials are of every kind that there is. */
const ODD_NUMBERS: Readonly<Record<string, string>> = { Flange: 'FLANGE 3/4', 'Ball valve': '4711' };

export const chance = (random: SeededRandomness, part: number): boolean => random.fraction() < part;
export const below = (random: SeededRandomness, max: number): number => Math.floor(random.fraction() * max);
export const pick = <Item>(random: SeededRandomness, list: readonly Item[]): Item => list[below(random, list.length)] as Item;
const between = (min: number, wanted: number, max: number): number => Math.min(Math.max(min, wanted), max);

export function seedMasters(seeding: Seeding): Masters {
  const { size, companies } = seeding;
  const materials = Array.from({ length: between(words.PRODUCT.length, Math.round(size / 40), 150) }, (_, at) =>
    material(seeding, at),
  );
  const known = companies.map((company, at) => knownCustomer(seeding, company, at));
  const count = size === 0 ? 0 : between(8, Math.round(size / 10), 5_000);
  const own = Array.from({ length: count }, (_, at) => customer(seeding, at));
  if (count > 0) seedOthers(seeding, own.flat());
  return { materials, accounts: [...own.slice(0, 2), ...known, ...own.slice(2)].flat() };
}

/** Who is no ordinary customer: one that another one pays for, one that is only asked so far, one that is gone, one that nobody may sell to. */
function seedOthers({ books, random }: Seeding, accounts: readonly Account[]): void {
  const [company] = books.context.companies;
  if (company === undefined) return;
  const [payer, branch] = accounts.filter((one) => one.company === company.code && one.currency === company.currency);
  if (payer !== undefined && branch !== undefined)
    books.create('A_CustSalesPartnerFunc', leaf({ ...areaOf(branch), PartnerFunction: 'PY', BPCustomerNumber: payer.customer }));
  books.create('A_BusinessPartner', leaf({ BusinessPartnerCategory: '2', OrganizationBPName1: 'Prospekt Anlagenbau AG' }));
  const [gone, blocked] = [9_001, 9_002].map((at) =>
    books.people.createPartner({
      ...person(random, company.country, at),
      number: numberOf(company, at),
      accounts: [{ company: company.code, terms: 'NT30' }],
    }),
  );
  books.update('A_CustomerCompany', { Customer: gone?.Customer ?? '', CompanyCode: company.code }, { DeletionIndicator: true });
  books.update('A_BusinessPartner', { BusinessPartner: blocked?.BusinessPartner ?? '' }, { BusinessPartnerIsBlocked: true });
}

const leaf = (row: Row): DeepRow => ({ row, children: {} });
const areaOf = ({ customer: Customer, company: SalesOrganization }: Account): Row => ({
  Customer,
  SalesOrganization,
  DistributionChannel,
  Division,
});

function material({ books, random }: Seeding, at: number): string {
  const [base, baseCents, unit, isService] = words.PRODUCT[at % words.PRODUCT.length] as (typeof words.PRODUCT)[number];
  const variant = words.VARIANT[Math.floor(at / words.PRODUCT.length) % words.VARIANT.length] ?? '';
  const cents = variant === '' ? baseCents : Math.round(baseCents * (0.5 + random.fraction()));
  const number = (at < words.PRODUCT.length ? ODD_NUMBERS[base] : undefined) ?? `${isService ? 'SV' : 'TG'}${1_001 + at}`;
  const prices = books.context.companies.map(({ code, currency }) => {
    const minor = converted(BigInt(cents), rateOf(PRICED_IN, currency, DAY), PRICED_IN, currency);
    return [code, amountText(minor, currency)] as const;
  });
  books.people.createProduct({
    product: number,
    description: variant === '' ? base : `${base} ${variant}`,
    unit,
    isService,
    prices: Object.fromEntries(prices),
  });
  return number;
}

function customer(seeding: Seeding, at: number): Account[] {
  const { books, random } = seeding;
  const codes = books.context.companies;
  const home = codes[at % codes.length] as CompanyCode;
  // the fifth of those of a company pays in yen, the seventh in dinars, and so on once in a while
  const turn = Math.floor(at / codes.length);
  const country = turn === 6 ? 'KW' : turn % 12 === 4 ? 'JP' : abroad(home.country, random);
  const currency = { KW: 'KWD', JP: 'JPY' }[country] ?? home.currency;
  const others = codes.filter(({ code }) => code !== home.code && chance(random, 0.15));
  const accounts = [home, ...others].map((company) =>
    account(random, company, currency === home.currency ? company.currency : currency),
  );
  const partner: NewPartner = { ...person(random, country, at), number: numberOf(home, at), accounts };
  return made(books, partner, pick(random, ['PROMPT', 'PROMPT', 'PROMPT', 'LATE', 'BAD'] as const));
}

/** One in six sits abroad, and buys without tax. */
const abroad = (home: string, random: SeededRandomness): string =>
  chance(random, 0.16) ? (home === 'DE' ? pick(random, ['AT', 'FR']) : 'DE') : home;

const numberOf = ({ code }: CompanyCode, at: number): string =>
  `00${code}${String(at + 1).padStart(4, '0')}`.slice(-10).padStart(10, '0');

function account(random: SeededRandomness, { code }: CompanyCode, currency: string): PartnerAccount {
  const creditLimit = chance(random, 0.4) ? String((2 + below(random, 30)) * 5_000) : undefined;
  return { company: code, terms: pick(random, TERMS), currency, ...(creditLimit === undefined ? {} : { creditLimit }) };
}

function person(random: SeededRandomness, country: string, at: number) {
  const isUs = country === 'US';
  const name = `${pick(random, isUs ? words.FIRST_US : words.FIRST)} ${pick(random, isUs ? words.TRADE_US : words.TRADE)} ${pick(random, words.FORM[country] ?? ['Ltd'])}`;
  const [city, postalCode, region] = pick(random, words.CITY[country] ?? [['', '', '']]);
  const host = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z]+/g, '-')
    .replace(/^-|-$/g, '');
  return {
    name,
    country,
    region,
    street: pick(random, words.STREET[country] ?? words.STREET.DE ?? ['']),
    houseNumber: String(1 + below(random, 180)),
    postalCode,
    city,
    email: `ap@${host}-${at}.example`,
    phone: `+49 40 555${String(1_000 + below(random, 9_000))}`,
    ...taxIdOf(random, country),
    ...(country === 'DE' ? { bankAccount: ibanOf(random) } : {}),
  };
}

function taxIdOf(random: SeededRandomness, country: string): { readonly taxId?: string } {
  const digits = (count: number): string => Array.from({ length: count }, () => String(below(random, 10))).join('');
  const forms: Readonly<Record<string, () => string>> = {
    DE: () => `DE${digits(9)}`,
    AT: () => `ATU${digits(8)}`,
    FR: () => `FR${digits(11)}`,
    US: () => `${digits(2)}-${digits(7)}`,
  };
  const form = forms[country];
  return form === undefined ? {} : { taxId: form() };
}

/** With true check digits. */
function ibanOf(random: SeededRandomness): string {
  const number = `50010517${String(5_400_000_000 + below(random, 99_999_999)).padStart(10, '0')}`;
  const check = 98n - (BigInt(`${number}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${number}`;
}

/** A company that other systems may know, too: it buys where it sits, else from the first company. */
function knownCustomer({ books, random }: Seeding, company: SimulatedCompany, at: number): Account[] {
  const codes = books.context.companies;
  const home = codes.find(({ country }) => country === company.country) ?? codes[0];
  if (home === undefined) return [];
  const { name, country, taxId, email, phone, street, postalCode, city, bankAccount, creditLimit, payer = 'PROMPT' } = company;
  const details = Object.fromEntries(
    Object.entries({ taxId, email, phone, street, postalCode, city, bankAccount }).filter(([, value]) => value !== undefined),
  );
  const terms = { company: home.code, terms: pick(random, TERMS), ...(creditLimit === undefined ? {} : { creditLimit }) };
  return made(books, { name, country, ...details, number: numberOf(home, 5_000 + at), accounts: [terms] }, payer);
}

function made(books: SapBooks, partner: NewPartner, payer: Payer): Account[] {
  const row = books.people.createPartner(partner);
  return partner.accounts.map(({ company, terms = '', currency }) => ({
    customer: textOf(row, 'BusinessPartner'),
    company,
    currency: currency ?? books.context.company(company).currency,
    terms,
    payer,
  }));
}
