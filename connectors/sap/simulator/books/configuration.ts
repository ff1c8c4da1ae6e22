/** How the simulated company has set its system up: company codes, terms, taxes, accounts, exchange rates. Facts only; nothing is posted here. */
import { textOfUnits, unitsOf } from './amounts.ts';

export interface CompanyCode {
  readonly code: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly currency: string;
  /** 1 for calendar years. */
  readonly fiscalYearStartMonth: number;
}

/** Sales organization, plant, shipping point and credit segment have the number of their company code. */
export const COMPANY_CODES: readonly CompanyCode[] = [
  { code: '1010', name: 'Nordwind Technik GmbH', country: 'DE', currency: 'EUR', fiscalYearStartMonth: 1 },
  { code: '1710', name: 'Northwind Controls Inc.', country: 'US', currency: 'USD', fiscalYearStartMonth: 4 },
];

export const DISTRIBUTION_CHANNEL = '10';
export const DIVISION = '00';
export const USER = 'CB9980000010';
export const CHART_OF_ACCOUNTS = 'YCOA';

/** Padded, as they are stored. */
export const ACCOUNTS = {
  bank: '0011001000',
  receivables: '0012100000',
  receivablesAbroad: '0012120000',
  downPayments: '0021190000',
  outputTax: '0022000000',
  revenue: '0041000000',
  cashDiscount: '0044000000',
  exchangeDifference: '0072540000',
} as const;

export interface Terms {
  readonly netDays: number;
  /** Percent off when paid within so many days. */
  readonly discount?: { readonly days: number; readonly percent: string };
}

/** What a key of payment terms means stands nowhere but here: documents say it by their days. */
export const TERMS: Readonly<Record<string, Terms>> = {
  '0001': { netDays: 0 },
  '0002': { netDays: 30, discount: { days: 14, percent: '2.000' } },
  '0004': { netDays: 45 },
  NT14: { netDays: 14 },
  NT30: { netDays: 30 },
  NT60: { netDays: 60 },
};

export interface TaxRate {
  readonly percent: string;
  readonly code: string;
}

interface TaxSystem {
  /** The condition type. */
  readonly category: string;
  /** By the classification of the product. */
  readonly rates: Readonly<Record<string, TaxRate>>;
}

const TAXES: Readonly<Record<string, TaxSystem>> = {
  DE: {
    category: 'MWST',
    rates: { '0': { percent: '0', code: 'A0' }, '1': { percent: '19', code: 'A1' }, '2': { percent: '7', code: 'A2' } },
  },
  US: { category: 'UTXJ', rates: { '0': { percent: '0', code: 'O0' }, '1': { percent: '8.25', code: 'O1' } } },
};
const NO_TAXES: TaxSystem = { category: 'MWST', rates: { '0': { percent: '0', code: 'A0' } } };

export const taxSystemOf = (country: string): TaxSystem => TAXES[country] ?? NO_TAXES;

/** What the customer and the product are classified as decides; 0 on either side is exempt. */
export function taxRateOf(country: string, customerClass: string, productClass: string): TaxRate {
  const { rates } = taxSystemOf(country);
  const none = rates['0'] ?? { percent: '0', code: '' };
  return customerClass === '0' ? none : (rates[productClass] ?? none);
}

/** What one unit was worth in euros, about. */
const EUROS: Readonly<Record<string, string>> = {
  EUR: '1',
  USD: '0.92',
  GBP: '1.16',
  CHF: '1.05',
  JPY: '0.0062',
  KWD: '3.01',
  INR: '0.011',
};
const RATE_DECIMALS = 9;
const EXCHANGE_RATE_DECIMALS = 5;

/** What one unit of a currency is worth in another one in the month of a day: it moves by up to 2 % from month to month. */
export function rateOf(from: string, to: string, day: string): string {
  if (from === to) return '1.00000';
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  const wave = BigInt(980 + ((month * 37) % 41));
  const [left, right] = [unitsOf(EUROS[from] ?? '1', RATE_DECIMALS), unitsOf(EUROS[to] ?? '1', RATE_DECIMALS)];
  const scale = 10n ** BigInt(EXCHANGE_RATE_DECIMALS);
  return textOfUnits((left * wave * scale) / (right * 1_000n), EXCHANGE_RATE_DECIMALS);
}

/** Codes of units in their three forms: as people, the system and ISO write them. */
export const UNITS: Readonly<Record<string, { readonly sap: string; readonly iso: string }>> = {
  PC: { sap: 'ST', iso: 'PCE' },
  KG: { sap: 'KG', iso: 'KGM' },
  M: { sap: 'M', iso: 'MTR' },
  L: { sap: 'L', iso: 'LTR' },
  H: { sap: 'STD', iso: 'HUR' },
  AU: { sap: 'LE', iso: 'C62' },
};
