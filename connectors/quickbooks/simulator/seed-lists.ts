/** The customers and products of a believable company. */
import type { SeededRandomness, SimulatedCompany } from '../../../src/connect/index.ts';
import { decimalsOf, fromMinor } from './amounts.ts';
import { type Body, refOf } from './body.ts';
import type { Books, Row } from './books.ts';
import * as words from './seed-words.ts';
import { PERSON, type Writer } from './writer.ts';

export interface Customer {
  readonly row: Row;
  readonly currency: string;
  readonly termId: string;
  readonly payer: NonNullable<SimulatedCompany['payer']>;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly cents: number;
}

export interface Lists {
  readonly customers: readonly Customer[];
  /** They never bought anything, and are out of use by now. */
  readonly idle: readonly Row[];
  readonly products: readonly Product[];
}

export interface Seeding {
  readonly books: Books;
  readonly writer: Writer;
  readonly random: SeededRandomness;
  readonly isMultiCurrency: boolean;
  /** Customers beside those that are made up. */
  readonly companies: readonly SimulatedCompany[];
}

/** What one unit of the dollar is in another currency, for prices. */
const PRICE_FACTOR: Readonly<Record<string, number>> = { EUR: 0.92, JPY: 150, KWD: 0.307 };
/** Every other customer's, where the company sells abroad. */
const FOREIGN = ['EUR', 'JPY', 'KWD', 'USD'];

export function seedLists(seeding: Seeding, size: number): Lists {
  const { writer } = seeding;
  const products = Array.from({ length: between(10, Math.round(size / 40), 150) }, (_, index) => product(seeding, index));
  const customers: Customer[] = seeding.companies.map((company) => known(seeding, company));
  const count = between(8, Math.round(size / 10), 5_000);
  while (customers.length < count) customers.push(customer(seeding, customers.length, customers));
  for (const name of ['Norfolk Timber Supply', 'City Water Works', 'Brightline Insurance'])
    writer.create('Vendor', { DisplayName: name }, PERSON);
  writer.create('Employee', { GivenName: 'Emil', FamilyName: 'Park' }, PERSON);
  const idle = Array.from(
    { length: Math.max(1, Math.floor(count / 40)) },
    (_, index) => customer(seeding, count + index, []).row,
  );
  return { customers, idle, products };
}

/** A price in a currency, in its minor units. */
export function priceIn(currency: string, cents: number): number {
  const factor = PRICE_FACTOR[currency];
  return factor === undefined ? cents : Math.max(1, Math.round((cents * factor) / 10 ** (2 - decimalsOf(currency))));
}

export const chance = (random: SeededRandomness, part: number): boolean => random.fraction() < part;
export const below = (random: SeededRandomness, max: number): number => Math.floor(random.fraction() * max);

export function pick<Item>(random: SeededRandomness, list: readonly Item[]): Item {
  return list[below(random, list.length)] as Item;
}

function product({ writer, books, random }: Seeding, index: number): Product {
  const [base, type, baseCents, isTaxed] = words.PRODUCT[index % words.PRODUCT.length] as (typeof words.PRODUCT)[number];
  const variant = words.VARIANT[Math.floor(index / words.PRODUCT.length) % words.VARIANT.length] ?? '';
  const name = variant === '' ? base : `${base} ${variant}`;
  const cents = variant === '' ? baseCents : Math.round(baseCents * (0.5 + random.fraction()));
  const item = {
    Name: name,
    Description: name,
    Type: type,
    Taxable: isTaxed,
    UnitPrice: fromMinor(cents, 2),
    IncomeAccountRef: books.ref(type === 'Service' ? '1' : '79'),
    ...(isTaxed ? { Sku: `SKU-${String(1_000 + index)}` } : {}),
  };
  return { id: writer.create('Item', item, PERSON).id, name, cents };
}

function customer(seeding: Seeding, index: number, made: readonly Customer[]): Customer {
  const { writer, books, random, isMultiCurrency } = seeding;
  const isPrivate = chance(random, 0.2);
  const [given, family] = [pick(random, words.GIVEN), pick(random, words.FAMILY)];
  const name = isPrivate
    ? `${given} ${family}`
    : `${pick(random, words.FIRST)} ${pick(random, words.TRADE)} ${pick(random, words.FORM)}`;
  const parent = index > 10 && chance(random, 0.05) ? made[below(random, 10)] : undefined;
  const own = isMultiCurrency && index % 2 === 1 ? FOREIGN[((index - 1) / 2) % FOREIGN.length] : undefined;
  const currency = parent?.currency ?? own ?? 'USD';
  const termId = String(1 + below(random, 7));
  const [city, state, zip] = pick(random, words.CITY);
  const address = {
    Line1: `${100 + below(random, 9_000)} ${pick(random, words.STREET)}`,
    City: city,
    CountrySubDivisionCode: state,
    PostalCode: zip,
  };
  const isTaxable = currency === 'USD' && chance(random, 0.7);
  const body: Body = {
    DisplayName: unique(books, name),
    GivenName: given,
    FamilyName: family,
    ...(isPrivate ? {} : { CompanyName: name }),
    PrimaryEmailAddr: {
      Address: `${given}.${family}${index}@example.com`
        .toLowerCase()
        .normalize('NFKD')
        .replace(/[^\w.@]/g, ''),
    },
    PrimaryPhone: { FreeFormNumber: `(650) 555-${String(1_000 + below(random, 9_000))}` },
    BillAddr: address,
    ...(chance(random, 0.6) ? { ShipAddr: address } : {}),
    Taxable: isTaxable,
    ...(isTaxable ? { DefaultTaxCodeRef: books.ref(state === 'AZ' ? '3' : '2') } : {}),
    SalesTermRef: books.ref(termId),
    CurrencyRef: books.ref(currency),
    ...(parent === undefined ? {} : { ParentRef: books.ref(parent.row.id), BillWithParent: true }),
  };
  const row = writer.create('Customer', body, PERSON);
  return { row, currency: refOf(row.body, 'CurrencyRef') ?? 'USD', termId, payer: 'PROMPT' };
}

function known({ writer, books }: Seeding, company: SimulatedCompany): Customer {
  const { name, country, email, phone, street, postalCode, city, taxId, payer = 'PROMPT' } = company;
  const termId = '3';
  const body: Body = {
    DisplayName: unique(books, name),
    CompanyName: name,
    ...(email === undefined ? {} : { PrimaryEmailAddr: { Address: email } }),
    ...(phone === undefined ? {} : { PrimaryPhone: { FreeFormNumber: phone } }),
    ...(taxId === undefined ? {} : { ResaleNum: taxId }),
    BillAddr: { Line1: street ?? '', City: city ?? '', PostalCode: postalCode ?? '', Country: country },
    SalesTermRef: books.ref(termId),
    CurrencyRef: books.ref('USD'),
  };
  return { row: writer.create('Customer', body, PERSON), currency: 'USD', termId, payer };
}

/** The name, numbered when somebody has it already. */
function unique(books: Books, name: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    if (!books.isNameTaken('Customer', candidate)) return candidate;
  }
}

const between = (min: number, wanted: number, max: number): number => Math.min(Math.max(min, wanted), max);
