/** What an account has before its first customer: companies, currencies, terms, accounts, tax codes, places and periods. */
import { decimal, decimalText, divideDecimal } from '../../../../src/connect/index.ts';
import { trimmed } from '../books/amounts.ts';
import { CHART } from '../books/chart.ts';
import type { Raw } from '../books/input.ts';
import type { RecordTypeName, SimulatedSubsidiary } from '../contract.ts';
import type { ListType } from '../records/list-types.ts';
import type { Records } from '../records/records.ts';
import { daysAfter, monthName } from '../zone.ts';

export const DEFAULT_SUBSIDIARIES: readonly SimulatedSubsidiary[] = [
  { name: 'Thornbury Instruments Ltd', country: 'GB', currency: 'GBP' },
  { name: 'Thornbury Instruments KK', country: 'JP', currency: 'JPY' },
];

/** With what one of each is worth in dollars. */
const CURRENCIES: readonly (readonly [symbol: string, name: string, decimals: number, dollars: string])[] = [
  ['USD', 'US Dollar', 2, '1'],
  ['GBP', 'British Pound', 2, '1.27'],
  ['EUR', 'Euro', 2, '1.09'],
  ['JPY', 'Japanese Yen', 0, '0.0067'],
  ['KWD', 'Kuwaiti Dinar', 3, '3.26'],
  ['CHF', 'Swiss Franc', 2, '1.12'],
  ['CAD', 'Canadian Dollar', 2, '0.73'],
  ['AUD', 'Australian Dollar', 2, '0.66'],
  ['SEK', 'Swedish Krona', 2, '0.095'],
  ['INR', 'Indian Rupee', 2, '0.012'],
];
/** Every account has these beside those of its companies. */
const ALWAYS = ['USD', 'EUR', 'KWD'];
const SIGNS: Readonly<Record<string, string>> = { USD: '$', GBP: '£', EUR: '€', JPY: '¥' };

const TERMS: readonly (readonly [name: string, days: number, discount?: string, within?: number])[] = [
  ['Due on receipt', 0],
  ['Net 15', 15],
  ['Net 30', 30],
  ['Net 60', 60],
  ['2% 10 Net 30', 30, '2', 10],
];

/** Standard, reduced and zero rate of a country. */
const TAXES: Readonly<Record<string, readonly [standard: string, reduced: string]>> = {
  GB: ['20', '5'],
  JP: ['10', '8'],
  DE: ['19', '7'],
  FR: ['20', '5.5'],
  IE: ['23', '13.5'],
  AU: ['10', '0'],
  CA: ['5', '0'],
  CH: ['8.1', '2.6'],
  US: ['8.25', '0'],
};
const PERIOD_YEARS = { before: 4, after: 3 };

/** Records that are set up, by what they are asked for later. */
export interface SetUp {
  readonly subsidiaries: readonly {
    readonly id: number;
    readonly country: string;
    readonly currency: number;
    readonly taxes: readonly number[];
  }[];
  readonly currencies: ReadonlyMap<string, number>;
  readonly terms: readonly number[];
}

export function setUp(records: Records, subsidiaries: readonly SimulatedSubsidiary[]): SetUp {
  const { lists } = records;
  const put = (type: RecordTypeName, values: Record<string, Raw>, id?: number): number =>
    lists.create(records.type(type) as ListType, { values, custom: {}, sublists: new Map() }, id).id;
  const currencies = setUpCurrencies(put, subsidiaries);
  for (const { id, number, name, type } of CHART) put('account', { acctNumber: number, acctName: name, acctType: type }, id);
  const terms = TERMS.map(([name, daysUntilNetDue, discountPercent, daysUntilExpiry]) =>
    put('term', {
      name,
      daysUntilNetDue,
      dateDriven: false,
      ...(discountPercent === undefined ? {} : { discountPercent, daysUntilExpiry: daysUntilExpiry ?? 0 }),
    }),
  );
  put('term', { name: '15th of the month', dateDriven: true, dayOfMonthNetDue: 15 });
  setUpPeriods(put, records);
  const made = subsidiaries.map(({ name, country, currency }, index) => {
    const own = currencies.get(currency) ?? 1;
    const values = { name, legalName: name, country, currency: own, isElimination: false };
    const id = put('subsidiary', index === 0 ? values : { ...values, parent: 1 });
    put('location', { name: `Warehouse ${name}`, subsidiary: id });
    return { id, country, currency: own, taxes: setUpTaxes(put, country, id) };
  });
  return { subsidiaries: made, currencies, terms };
}

type Put = (type: RecordTypeName, values: Record<string, Raw>, id?: number) => number;

function setUpCurrencies(put: Put, subsidiaries: readonly SimulatedSubsidiary[]): Map<string, number> {
  const symbols = [...new Set([...subsidiaries.map(({ currency }) => currency), ...ALWAYS])];
  const known = (symbol: string) => CURRENCIES.find(([one]) => one === symbol) ?? [symbol, symbol, 2, '1'];
  const [, , , base] = known(symbols[0] ?? 'USD');
  return new Map(
    symbols.map((symbol, index) => {
      const [, name, currencyPrecision, dollars] = known(symbol);
      const rate = divideDecimal(decimal(dollars), decimal(base), { scale: 8, rounding: 'HALF_UP' });
      const values = {
        name,
        symbol,
        displaySymbol: SIGNS[symbol] ?? symbol,
        currencyPrecision,
        exchangeRate: trimmed(decimalText(rate)),
        isBaseCurrency: index === 0,
      };
      return [symbol, put('currency', values)];
    }),
  );
}

function setUpTaxes(put: Put, country: string, subsidiary: number): number[] {
  const [standard, reduced] = TAXES[country] ?? ['0', '0'];
  const rates = [
    ['S', 'Standard rate', standard],
    ['R', 'Reduced rate', reduced],
    ['Z', 'Zero rate', '0'],
  ] as const;
  return rates.map(([letter, description, rate]) =>
    put('salesTaxItem', { itemId: `${letter}-${country}`, description, rate, country, subsidiary, isInactive: false }),
  );
}

/** Ids count months, so that a day's period is known. */
function setUpPeriods(put: Put, { books }: Records): void {
  const year = Number(books.today.slice(0, 4));
  for (let one = year - PERIOD_YEARS.before; one <= year + PERIOD_YEARS.after; one++)
    for (let month = 1; month <= 12; month++) {
      const startDate = `${one}-${String(month).padStart(2, '0')}-01`;
      const next = month === 12 ? `${one + 1}-01-01` : `${one}-${String(month + 1).padStart(2, '0')}-01`;
      const values = { periodName: `${monthName(month)} ${one}`, startDate, endDate: daysAfter(next, -1) };
      put(
        'accountingPeriod',
        { ...values, isPosting: true, isQuarter: false, isYear: false, isAdjust: false },
        (one - 2_000) * 12 + month,
      );
    }
}
