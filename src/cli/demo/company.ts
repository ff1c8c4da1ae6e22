/** The demo's group of companies: who it is, who works there, and on which terms it sells. Everything here is invented. */
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
  readonly instalments?: readonly { readonly instalment: number; readonly percent: string; readonly netDays: number }[];
}

export const TERMS: readonly DemoTerms[] = [
  { code: 'NET14', name: '14 days net', netDays: 14 },
  { code: 'NET30', name: '30 days net', netDays: 30 },
  { code: '2-10-NET30', name: '2 % within 10 days, 30 days net', netDays: 30, discountDays: 10, discountPercent: '2' },
  { code: 'NET45', name: '45 days net', netDays: 45 },
  { code: 'NET60EOM', name: '60 days net, end of month', netDays: 60, isEndOfMonth: true },
  { code: 'EOM', name: 'End of the next month', netDays: 30, isEndOfMonth: true },
  {
    code: '30-40-30',
    name: '30 % at once, 40 % in 30 days, 30 % in 60 days',
    netDays: 60,
    instalments: [
      { instalment: 1, percent: '30', netDays: 0 },
      { instalment: 2, percent: '40', netDays: 30 },
      { instalment: 3, percent: '30', netDays: 60 },
    ],
  },
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
