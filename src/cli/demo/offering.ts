/** What the demo's group offers, as sets of commands: products, the tax table, price lists that are raised each January, agreements. */
import { currency as currencyOf, exponentOf } from '../../kernel/currency.ts';
import type { PlainDate } from '../../kernel/date.ts';
import { decimal, decimalText, divideDecimal, multiplyDecimal } from '../../kernel/decimal.ts';
import { seededRandom } from '../../kernel/random.ts';
import { instantOf } from './calendar.ts';
import { EURO_WORTH } from './company.ts';
import type { DemoCustomer } from './customers.ts';
import { type Product, PRODUCTS } from './products.ts';
import { idKey, type Step, type StepInput, stepOf } from './step.ts';
import { TAX_RULES } from './taxes.ts';

interface DemoList {
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  readonly isDefault: boolean;
  /** Beside the usual price. */
  readonly factor: string;
}

/** The list of public bodies in Germany. */
export const PUBLIC_LIST = 'EUR-PUBLIC';

const LISTS: readonly DemoList[] = [
  ...Object.keys(EURO_WORTH).map((currency) => ({
    code: currency,
    name: `Prices in ${currency}`,
    currency,
    isDefault: true,
    factor: '1',
  })),
  { code: PUBLIC_LIST, name: 'Public bodies', currency: 'EUR', isDefault: false, factor: '0.95' },
];

/** Parts that are ordered by the dozen are cheaper from this quantity on. */
const BREAK = '25';
const BREAK_FACTOR = '0.93';
const RAISE = '1.03';

const yearOf = (day: PlainDate): number => Number(day.slice(0, 4));
const product = (...factors: readonly string[]) => factors.map(decimal).reduce(multiplyDecimal);

/** A price in euro times factors in another currency, with one decimal less than the currency has. */
function priceIn(currency: string, price: string, ...factors: readonly string[]): string {
  const scale = Math.max(0, exponentOf(currencyOf(currency)) - 1);
  return decimalText(
    divideDecimal(product(price, ...factors), decimal(EURO_WORTH[currency] ?? '1'), { scale, rounding: 'HALF_UP' }),
  );
}

/** The prices of all lists from a day on; they have gone up each January since the history began. */
export function newPrices(at: Date, { day, start }: { readonly day: PlainDate; readonly start: PlainDate }): Step | null {
  const raised = Array.from({ length: yearOf(day) - yearOf(start) }, () => RAISE);
  const breaksOf = ({ most }: Product): readonly (readonly [string, string])[] =>
    most >= Number(BREAK)
      ? [
          ['0', '1'],
          [BREAK, BREAK_FACTOR],
        ]
      : [['0', '1']];
  return stepOf({
    at,
    by: 'integration',
    command: 'setPrice',
    inputs: LISTS.flatMap(({ code, currency, factor }) =>
      PRODUCTS.flatMap((one) =>
        breaksOf(one).map(([minQuantity, less]) => ({
          of: (id) => ({
            priceListId: id('pl', code),
            productId: id('prd', one.sku),
            minQuantity,
            unitPrice: priceIn(currency, one.price, factor, less, ...raised),
            validFrom: day,
          }),
        })),
      ),
    ),
  });
}

/** Products, taxes and prices, on the first morning. */
export const offering = (start: PlainDate): readonly (Step | null)[] => [
  {
    at: new Date(`${start}T07:20:00Z`),
    by: 'integration',
    command: 'createProduct',
    inputs: PRODUCTS.map(({ price: _, most: __, ...one }) => ({ makes: idKey('prd', one.sku), of: () => one })),
  },
  {
    at: new Date(`${start}T07:30:00Z`),
    by: 'billing',
    command: 'setTaxRule',
    inputs: TAX_RULES.map((rule) => ({ of: () => rule })),
  },
  {
    at: new Date(`${start}T07:40:00Z`),
    by: 'integration',
    command: 'createPriceList',
    inputs: LISTS.map(({ factor: _, ...list }) => ({ makes: idKey('pl', list.code), of: () => list })),
  },
  newPrices(new Date(`${start}T07:50:00Z`), { day: start, start }),
];

/** Whoever orders this much beside others has agreed prices. */
const LARGE = 1.4;
const AGREED = 3;

/** Some prices of each new customer that is large, in the currencies of its accounts. */
export function newAgreements(day: PlainDate, customers: readonly DemoCustomer[]): Step | null {
  const inputs = customers.flatMap(({ number, accounts }) => {
    const random = seededRandom(`demo/agreements/${number}`);
    const currencies = new Set(accounts.filter(({ size }) => size >= LARGE).map(({ currency }) => currency));
    return [...currencies].flatMap((currency) =>
      random
        .shuffle(PRODUCTS)
        .slice(0, AGREED)
        .map(({ sku, price }): StepInput => {
          const unitPrice = priceIn(currency, price, decimalText(random.decimal({ min: '0.86', max: '0.94', scale: 2 })));
          return {
            of: (id) => ({
              customerId: id('cus', number),
              productId: id('prd', sku),
              currency,
              unitPrice,
              validFrom: day,
            }),
          };
        }),
    );
  });
  return stepOf({ at: instantOf(day, 4), by: 'integration', command: 'agreePrice', inputs });
}
