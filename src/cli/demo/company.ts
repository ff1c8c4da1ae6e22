/** The demo's group of companies: who it is, who works there, what it sells and on which terms. Everything here is invented. */
import type { Role } from '../../access/policy.ts';

export type EntityCode = 'DE' | 'US' | 'JP';

export interface DemoEntity {
  readonly code: EntityCode;
  readonly name: string;
  readonly country: string;
  readonly functionalCurrency: string;
  readonly timeZone: string;
  readonly bankAccount: string;
}

export const TENANT = { slug: 'demo', name: 'Windrose Group', groupCurrency: 'EUR', isSandbox: true } as const;

export const ENTITIES: readonly DemoEntity[] = [
  {
    code: 'DE',
    name: 'Nordwind GmbH',
    country: 'DE',
    functionalCurrency: 'EUR',
    timeZone: 'Europe/Berlin',
    bankAccount: 'DE02 1203 0000 0000 2020 51',
  },
  {
    code: 'US',
    name: 'Westwind Inc',
    country: 'US',
    functionalCurrency: 'USD',
    timeZone: 'America/New_York',
    bankAccount: '021000021-1234567890',
  },
  {
    code: 'JP',
    name: 'Ostwind KK',
    country: 'JP',
    functionalCurrency: 'JPY',
    timeZone: 'Asia/Tokyo',
    bankAccount: '0001-001-1234567',
  },
];

export interface DemoTerms {
  readonly code: string;
  readonly name: string;
  readonly netDays: number;
  readonly isEndOfMonth?: boolean;
  readonly discountDays?: number;
  readonly discountPercent?: string;
}

export const TERMS: readonly DemoTerms[] = [
  { code: 'NET14', name: '14 days net', netDays: 14 },
  { code: 'NET30', name: '30 days net', netDays: 30 },
  { code: '2-10-NET30', name: '2 % within 10 days, 30 days net', netDays: 30, discountDays: 10, discountPercent: '2' },
  { code: 'NET45', name: '45 days net', netDays: 45 },
  { code: 'NET60EOM', name: '60 days net, end of month', netDays: 60, isEndOfMonth: true },
  { code: 'EOM', name: 'End of the next month', netDays: 30, isEndOfMonth: true },
];

/** The administrator, who is made with the tenant. */
export const FIRST = { role: 'admin', name: 'Ada Vogt' } as const;

/** One person for each other role; the subject is the role. */
export const PEOPLE: readonly { readonly role: Role; readonly name: string; readonly email: string }[] = [
  { role: 'order-desk', name: 'Oskar Lind', email: 'oskar.lind@windrose.example' },
  { role: 'warehouse', name: 'Wanda Ito', email: 'wanda.ito@windrose.example' },
  { role: 'billing', name: 'Bela Franke', email: 'bela.franke@windrose.example' },
  { role: 'cash', name: 'Carla Moreau', email: 'carla.moreau@windrose.example' },
  { role: 'credit', name: 'Conrad Hale', email: 'conrad.hale@windrose.example' },
  { role: 'collections', name: 'Clio Berger', email: 'clio.berger@windrose.example' },
  { role: 'analyst', name: 'Anselm Roy', email: 'anselm.roy@windrose.example' },
  { role: 'integration', name: 'Web shop', email: 'shop@windrose.example' },
];

/** What one unit of a currency is worth in euro, about; the rates of each month wander around it. */
export const EURO_WORTH: Readonly<Record<string, string>> = {
  EUR: '1',
  USD: '0.92',
  JPY: '0.0061',
  GBP: '1.17',
  CHF: '1.04',
  CAD: '0.67',
};

/** Every pair that a document of the demo needs: to the functional currency and to the group's. */
export const RATE_PAIRS: readonly (readonly [string, string])[] = [
  ['USD', 'EUR'],
  ['JPY', 'EUR'],
  ['GBP', 'EUR'],
  ['CHF', 'EUR'],
  ['CAD', 'EUR'],
  ['CAD', 'USD'],
  ['EUR', 'USD'],
  ['USD', 'JPY'],
];

export interface Product {
  readonly name: string;
  /** In euro. */
  readonly price: string;
  readonly most: number;
  /** Books have the lower rate in Germany. */
  readonly isBook?: boolean;
}

export const PRODUCTS: readonly Product[] = [
  { name: 'Axial fan AX-400', price: '389.5', most: 12 },
  { name: 'Axial fan AX-630', price: '812', most: 6 },
  { name: 'Roof ventilator RV-9', price: '1460', most: 4 },
  { name: 'Filter set G4, box of 10', price: '74.9', most: 40 },
  { name: 'Filter set F7, box of 10', price: '118.4', most: 30 },
  { name: 'Control unit CU-7', price: '249', most: 10 },
  { name: 'Duct, galvanised, 3 m', price: '41.25', most: 60 },
  { name: 'Heat exchanger HX-20', price: '2240', most: 3 },
  { name: 'Silencer SL-250', price: '163.8', most: 16 },
  { name: 'Maintenance visit', price: '420', most: 4 },
  { name: 'Commissioning, per hour', price: '96', most: 24 },
  { name: 'Freight', price: '58', most: 3 },
  { name: 'Planning handbook, printed', price: '64.5', most: 8, isBook: true },
];
