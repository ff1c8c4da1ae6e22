/** Amounts, quantities and rates of an ERP's order as our columns hold them, so that equal ones compare equal. Pure. */
import { currency as toCurrency, exponentOf } from '../../kernel/currency.ts';
import { compareDecimal, decimal, decimalText, divideDecimal, multiplyDecimal, roundDecimal } from '../../kernel/decimal.ts';
import { moneyFrom } from '../../kernel/money.ts';
import { rateOf, type Rates } from '../catalogue/index.ts';
import { named } from './placing.rules.ts';

/** Rounded to the currency. @throws AMOUNT_INVALID that names the field */
export const minorOf = (text: string, currency: string, path: readonly string[]): bigint =>
  named(path, () => moneyFrom(roundDecimal(decimal(text), exponentOf(toCurrency(currency)), 'HALF_UP'), currency).minor);

/** With the decimals of its column. @throws INVALID_INPUT that names the field */
export const decimalAt = (text: string, scale: number, path: readonly string[]): string =>
  named(path, () => decimalText(roundDecimal(decimal(text), scale, 'HALF_UP')));

/** From 0 to 100. */
export function percentOf(text: string, path: readonly string[]): string {
  const percent = decimalAt(text, 4, path);
  if (decimal(percent).coefficient < 0n) return '0.0000';
  return compareDecimal(decimal(percent), decimal('100')) > 0 ? '100.0000' : percent;
}

export interface ObservedRates {
  readonly rate: string;
  readonly groupRate: string;
}

interface Rated {
  readonly currency: string;
  readonly baseCurrency: string;
  readonly groupCurrency: string;
  readonly orderedOn: string;
  readonly rate?: string | undefined;
}

const SCALE = 12;

/** The ERP's own rate to the books, where it gives one; the group's by the stored rates. @throws RATE_MISSING */
export function ratesOf(rates: Rates, { currency, baseCurrency, groupCurrency, orderedOn, rate: given }: Rated): ObservedRates {
  const isBooked = given !== undefined && currency !== baseCurrency;
  const rate = isBooked ? given : rateOf(rates, currency, baseCurrency, orderedOn);
  const atScale = (text: string) => decimalAt(text, SCALE, ['rate']);
  if (groupCurrency === baseCurrency) return { rate: atScale(rate), groupRate: atScale(rate) };
  if (!isBooked || currency === groupCurrency)
    return { rate: atScale(rate), groupRate: atScale(rateOf(rates, currency, groupCurrency, orderedOn)) };
  const across = multiplyDecimal(decimal(rate), decimal(rateOf(rates, baseCurrency, groupCurrency, orderedOn)));
  return { rate: atScale(rate), groupRate: decimalText(roundDecimal(across, SCALE, 'HALF_UP')) };
}

interface Taxed {
  readonly net: string;
  readonly tax: string;
}

/** Of a line without a rate of its own: what the tax of the whole comes to. */
export function effectiveTaxRate({ net, tax }: Taxed): string {
  if (decimal(net).coefficient === 0n || decimal(tax).coefficient === 0n) return '0';
  return decimalText(
    multiplyDecimal(divideDecimal(decimal(tax), decimal(net), { scale: 6, rounding: 'HALF_UP' }), decimal('100')),
  );
}
