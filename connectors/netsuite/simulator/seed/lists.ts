/** Customers and items of the seeded account: those of its own, and the companies that other simulators may know, too. */
import { decimal, decimalText, divideDecimal, type ErpSimulatorOptions, multiplyDecimal } from '../../../../src/connect/index.ts';
import type { SeededRandomness } from '../../../../src/connect/simulating/index.ts';
import { minorText } from '../books/amounts.ts';
import { ACCOUNTS } from '../books/chart.ts';
import type { Raw } from '../books/input.ts';
import { rateBetween } from '../books/rates.ts';
import type { Body, RecordTypeName } from '../contract.ts';
import type { ListType } from '../records/list-types.ts';
import { lenient } from '../records/parse.ts';
import type { Records } from '../records/records.ts';
import type { SetUp } from './setup.ts';
import { CITY, FIRST, FORM, JAPANESE, JAPANESE_TRADE, PRODUCT, STREET, TRADE, VARIANT } from './words.ts';

export type Companies = NonNullable<ErpSimulatorOptions['companies']>;
type Company = Companies[number];
export type Payer = 'PROMPT' | 'LATE' | 'BAD';

export interface Customer {
  readonly id: number;
  /** With which it trades; the first one is its own. */
  readonly subsidiaries: readonly number[];
  readonly currency: number;
  readonly payer: Payer;
  /** Standard rate of its company at home, zero rate abroad. */
  readonly taxCode: number;
}

export interface Product {
  readonly id: number;
  /** By currency. */
  readonly prices: ReadonlyMap<number, string>;
  readonly isService: boolean;
}

export interface Lists {
  readonly customers: readonly Customer[];
  readonly products: readonly Product[];
  readonly locations: ReadonlyMap<number, number>;
}

export interface Seeding {
  readonly records: Records;
  readonly random: SeededRandomness;
  readonly setUp: SetUp;
}

const CUSTOMERS = { least: 8, most: 2_500, invoicesEach: 14 };
const PRODUCTS_MAX = 60;
const RETIRED = 2;

export const chance = (random: SeededRandomness, part: number): boolean => random.fraction() < part;
export const below = (random: SeededRandomness, max: number): number => Math.floor(random.fraction() * max);

export function seedLists(seeding: Seeding, size: number, companies: readonly Company[]): Lists {
  const { records, setUp } = seeding;
  const count = Math.min(CUSTOMERS.most, Math.max(CUSTOMERS.least, Math.round(size / CUSTOMERS.invoicesEach)));
  const products = seedProducts(seeding, Math.min(PRODUCTS_MAX, Math.max(PRODUCT.length, Math.round(size / 10))));
  // companies stand among those that buy much
  const customers = [
    ...companies.map((company) => seedCompany(seeding, company)),
    ...Array.from({ length: count }, (_, index) => seedCustomer(seeding, index)),
  ];
  for (let index = 0; index < RETIRED; index++) {
    const gone = seedCustomer(seeding, count + index);
    const row = records.books.row('customer', gone.id);
    const type = records.type('customer');
    if (row !== undefined && !('code' in type)) records.update({ family: 'LIST', type, row }, { isInactive: true }, lenient());
  }
  const locations = new Map(setUp.subsidiaries.map(({ id }) => [id, locationOf(records, id)]));
  return { customers, products, locations };
}

function locationOf({ books }: Records, subsidiary: number): number {
  for (const row of books.rows('location')) if (row.values['subsidiary'] === subsidiary) return row.id;
  return 1;
}

function seedProducts({ records, setUp }: Seeding, count: number): Product[] {
  const { books, lists } = records;
  const home = books.baseOf(setUp.subsidiaries[0]?.id ?? 1);
  const put = (type: RecordTypeName, values: Record<string, Raw>): number =>
    lists.create(records.type(type) as ListType, { values, custom: {}, sublists: new Map() }).id;
  return Array.from({ length: count }, (_, index) => {
    const [name, type, price, cost] = PRODUCT[index % PRODUCT.length] as (typeof PRODUCT)[number];
    const variant = VARIANT[Math.floor(index / PRODUCT.length)] ?? `Series ${Math.floor(index / PRODUCT.length)}`;
    const title = `${name} ${variant}`.trim();
    const grown = price + Math.floor(index / PRODUCT.length) * 137;
    const id = put(type, {
      itemId: `${name.replaceAll(/[^A-Z0-9]/g, '')}-${String(100 + index)}`,
      displayName: title,
      salesDescription: title,
      rate: minorText(grown, 2),
      incomeAccount: type === 'serviceSaleItem' ? ACCOUNTS.SERVICES : ACCOUNTS.SALES,
      ...(type === 'inventoryItem' ? { averageCost: minorText(cost, 2), assetAccount: ACCOUNTS.INVENTORY } : {}),
    });
    const prices = [...books.currencies()].map((currency): [number, string] => {
      const exact = multiplyDecimal(decimal(minorText(grown, 2)), decimal(rateBetween(home, currency, '2025-01')));
      return [currency.id, decimalText(divideDecimal(exact, decimal('1'), { scale: currency.decimals, rounding: 'HALF_UP' }))];
    });
    return { id, prices: new Map(prices), isService: type === 'serviceSaleItem' };
  });
}

interface Trading {
  readonly home: SetUp['subsidiaries'][number];
  readonly isAbroad: boolean;
  readonly currency: number;
  readonly payer: Payer;
}

function trading({ random, setUp }: Seeding, index: number): Trading {
  const { subsidiaries, currencies } = setUp;
  const home = (chance(random, 0.65) ? subsidiaries[0] : subsidiaries[below(random, subsidiaries.length)]) as Trading['home'];
  const luck = random.fraction();
  const payer = luck < 0.6 ? 'PROMPT' : luck < 0.87 ? 'LATE' : 'BAD';
  const foreign = index === 3 ? 'KWD' : index % 9 === 4 ? 'EUR' : index % 13 === 6 ? 'USD' : undefined;
  const currency = foreign === undefined ? undefined : currencies.get(foreign);
  return { home, payer, isAbroad: currency !== undefined && currency !== home.currency, currency: currency ?? home.currency };
}

function seedCustomer(seeding: Seeding, index: number): Customer {
  const { records, random, setUp } = seeding;
  const own = trading(seeding, index);
  const { symbol } = records.books.currency(own.currency);
  const country = { KWD: 'KW', EUR: index % 2 === 0 ? 'DE' : 'IE', USD: 'US' }[own.isAbroad ? symbol : ''] ?? own.home.country;
  const name =
    country === 'JP'
      ? `${random.pick(JAPANESE)} ${random.pick(JAPANESE_TRADE)}`
      : `${random.pick(FIRST)} ${random.pick(TRADE)} ${random.pick(FORM)}`;
  const places = CITY.filter(([one]) => one === country);
  const [, city, zip] = random.pick(places.length === 0 ? CITY : places);
  const handle = name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '-')
    .replace(/-$/, '');
  const body: Body = {
    companyName: name,
    email: `accounts@${handle}.example`,
    phone: `+${44 + below(random, 40)} ${100 + below(random, 900)} 555 ${1_000 + below(random, 9_000)}`,
    ...addressBody({ name, street: `${1 + below(random, 180)} ${random.pick(STREET)}`, city, zip, country }),
    ...(country === 'GB' ? { vatRegNumber: `GB${100_000_000 + below(random, 900_000_000)}` } : {}),
    ...(chance(random, 0.7) ? { creditLimit: limitOf(records, own, 5_000 * (1 + below(random, 12))) } : {}),
  };
  const other = setUp.subsidiaries.find(({ id }) => id !== own.home.id);
  const isInBoth = other !== undefined && chance(random, 0.15);
  return created(seeding, own, body, isInBoth ? [other.id] : []);
}

/** Round figures, whatever the currency. */
function limitOf({ books }: Records, { currency, home }: Trading, homeUnits: number): number {
  const units = Number(rateBetween(books.currency(1), books.currency(currency), '2025-01')) * homeUnits;
  const step = home.currency === currency && units > 100_000 ? 100_000 : 500;
  return Math.max(step, Math.round(units / step) * step);
}

function addressBody({
  name,
  street,
  city,
  zip,
  country,
}: {
  name: string;
  street: string;
  city: string;
  zip: string;
  country: string;
}): Body {
  const address = { addressee: name, addr1: street, city, zip, country: { id: country } };
  return {
    addressBook: { items: [{ defaultBilling: true, defaultShipping: true, label: 'Main', addressBookAddress: address }] },
  };
}

function created({ records, random, setUp }: Seeding, own: Trading, body: Body, others: readonly number[]): Customer {
  const { home, currency, payer, isAbroad } = own;
  const more = others.flatMap((id) => setUp.subsidiaries.find((one) => one.id === id)?.currency ?? []);
  const id = records.create(
    records.type('customer'),
    {
      ...body,
      subsidiary: home.id,
      currency,
      terms: setUp.terms[below(random, setUp.terms.length)] ?? 1,
      currencyList: { items: [...new Set([home.currency, ...more])].map((one) => ({ currency: one })) },
    },
    lenient(),
  );
  for (const subsidiary of others)
    records.create(records.type('customerSubsidiaryRelationship'), { entity: id, subsidiary }, lenient());
  const [standard = 0, , zero = 0] = home.taxes;
  return { id, subsidiaries: [home.id, ...others], currency, payer, taxCode: isAbroad ? zero : standard };
}

/** In the company of its country, where there is one. */
function seedCompany(seeding: Seeding, company: Company): Customer {
  const { subsidiaries } = seeding.setUp;
  const home = (subsidiaries.find(({ country }) => country === company.country) ?? subsidiaries[0]) as Trading['home'];
  const { name, country, taxId, email, phone, street, postalCode, city, bankAccount, creditLimit, payer = 'PROMPT' } = company;
  const body: Body = {
    companyName: name,
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(taxId === undefined ? {} : { vatRegNumber: taxId }),
    ...(bankAccount === undefined ? {} : { custentity_bank_account: bankAccount }),
    ...(creditLimit === undefined ? {} : { creditLimit }),
    ...addressBody({ name, street: street ?? '', city: city ?? '', zip: postalCode ?? '', country }),
  };
  return created(seeding, { home, payer, currency: home.currency, isAbroad: country !== home.country }, body, []);
}
