/** What the demo's companies sell: the invoices of one account over the history, with lines, tax and due dates. Pure and repeatable. */
import { addDays, addMonths, type PlainDate, startOfMonth } from '../../kernel/date.ts';
import { type Decimal, decimal, decimalText, divideDecimal, multiplyDecimal } from '../../kernel/decimal.ts';
import { currency as currencyOf, exponentOf } from '../../kernel/currency.ts';
import { type SeededRandomness, seededRandom } from '../../kernel/random.ts';
import type { TaxCategory } from '../../o2c/catalogue/tax.rules.ts';
import { dueDate } from '../../o2c/catalogue/terms.rules.ts';
import { totalsOf } from '../../o2c/invoice/invoice.rules.ts';
import { billingDay } from './calendar.ts';
import { EURO_WORTH, type EntityCode, TERMS } from './company.ts';
import type { DemoAccount, DemoCustomer } from './customers.ts';
import { PRODUCTS } from './products.ts';
import { taxOfSale } from './taxes.ts';

export interface DemoLine {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly taxCategory: TaxCategory;
  readonly taxRate: string;
}

export interface DemoInvoice {
  /** The customer's purchase order number: unique, and how a later start finds the invoice again. */
  readonly key: string;
  readonly account: string;
  readonly issuedOn: PlainDate;
  readonly dueOn: PlainDate;
  readonly currency: string;
  readonly lines: readonly DemoLine[];
  readonly totalMinor: bigint;
}

export interface Trader {
  readonly customer: DemoCustomer;
  readonly account: DemoAccount;
}

export interface Span {
  readonly start: PlainDate;
  readonly end: PlainDate;
}

export const accountKey = (entity: EntityCode, number: string): string => `${entity} ${number}`;

/** A price in euro in another currency, for this customer. */
function priceOf({ price, currency, factor }: { price: string; currency: string; factor: Decimal }): string {
  const scale = exponentOf(currencyOf(currency));
  return decimalText(
    divideDecimal(multiplyDecimal(decimal(price), factor), decimal(EURO_WORTH[currency] ?? '1'), { scale, rounding: 'HALF_UP' }),
  );
}

export function linesOf(trader: Trader, random: SeededRandomness): readonly DemoLine[] {
  const { currency, size } = trader.account;
  return random
    .shuffle(PRODUCTS)
    .slice(0, 1 + random.int(4))
    .map((product) => ({ product, tax: taxOfSale(trader, product) }))
    .map(({ product: { name, price, most }, tax: { taxCategory, taxRate } }) => ({
      description: name,
      quantity: String(1 + random.int(Math.max(1, Math.round(most * size)))),
      unitPrice: priceOf({ price, currency, factor: random.decimal({ min: '0.94', max: '1.06', scale: 3 }) }),
      taxCategory,
      taxRate,
    }));
}

export const totalOf = (lines: readonly DemoLine[], currency: string): bigint =>
  totalsOf(
    lines.map((l) => ({ ...l, quantity: decimal(l.quantity), unitPrice: decimal(l.unitPrice), taxRate: decimal(l.taxRate) })),
    currency,
  ).totalMinor;

export const termsOf = (code: string) => {
  const terms = TERMS.find((t) => t.code === code);
  if (!terms) throw new Error(`The demo has no terms ${code}`);
  return terms;
};

/** A customer that is broke gets nothing any more from the ninth month on. */
const LAST_MONTH_OF_BROKE = 8;

export function invoicesOf(trader: Trader, { start, end }: Span): readonly DemoInvoice[] {
  const { customer, account } = trader;
  const random = seededRandom(`demo/invoices/${account.entity}/${customer.number}`);
  const terms = termsOf(account.terms);
  const invoices: DemoInvoice[] = [];
  const first = startOfMonth(start);
  for (let month = customer.since; ; month++) {
    const begin = addMonths(first, month);
    if (begin > end || (account.habit === 'BROKE' && month > LAST_MONTH_OF_BROKE)) break;
    const count = Math.floor(account.monthly + random.fraction());
    const days = Array.from({ length: count }, () => random.int(28)).sort((a, b) => a - b);
    for (const day of days) {
      const issuedOn = billingDay(addDays(begin, day));
      const lines = linesOf(trader, random);
      if (issuedOn < addDays(start, 7) || issuedOn > end) continue;
      const key = `PO-${account.entity}${customer.number.slice(2)}-${String(invoices.length + 1).padStart(3, '0')}`;
      const { currency } = account;
      const dueOn = dueDate(issuedOn, { netDays: terms.netDays, isEndOfMonth: terms.isEndOfMonth ?? false });
      invoices.push({
        key,
        account: accountKey(account.entity, customer.number),
        issuedOn,
        dueOn,
        currency,
        lines,
        totalMinor: totalOf(lines, currency),
      });
    }
  }
  return invoices;
}
