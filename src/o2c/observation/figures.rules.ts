/**
 * What an ERP's document comes to, in our units: its figures as they are there, rounded to what the currency and our columns hold. Where
 * net and tax are not the total, the total stands, and the net takes the difference, so that the books balance; it is told. Pure.
 */
import { currency as toCurrency, exponentOf } from '../../kernel/currency.ts';
import { isPlainDate } from '../../kernel/date.ts';
import { type Decimal, decimal, decimalText, multiplyDecimal, roundDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { moneyFrom } from '../../kernel/money.ts';
import { type Rates, rateOf } from '../catalogue/index.ts';
import { type TaxGroup } from '../invoice/index.ts';
import type { ObservedInvoice } from './observed-input.commands.ts';

const RATE_SCALE = 12;
const MAX_TAX_RATE = decimal('100');
/** UNCL5305, mutually defined: tax of which the ERP doesn't say the category. */
const UNTOLD = 'ZZ';

/** As the database writes a number of that many decimals. @example scaled('1.5', 6) // '1.500000' */
export const scaled = (text: string, scale: number): string => decimalText(roundDecimal(decimal(text), scale, 'HALF_UP'));

/** @throws AMOUNT_INVALID */
export function minorOf(text: string, currency: string): bigint {
  return moneyFrom(roundDecimal(decimal(text), exponentOf(toCurrency(currency)), 'HALF_UP'), currency).minor;
}

/** @throws EFFECTIVE_DATE_INVALID */
export function requireDay(day: string, path: string): void {
  if (!isPlainDate(day))
    throw new DomainError('EFFECTIVE_DATE_INVALID', `${path} must be a day from 1900-01-01 to 2999-12-31.`, { path: [path] });
}

export interface Figures {
  readonly currency: string;
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
  /** What the ERP's own net is more than the total less tax. */
  readonly differenceMinor: bigint;
  readonly taxes: readonly TaxGroup[];
  readonly lines: readonly LineFigures[];
}

export interface LineFigures {
  readonly lineNumber: number;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly unit: string | null;
  readonly discountPercent: string;
  readonly netMinor: bigint;
  readonly taxCategory: string;
  readonly taxRate: string;
}

type Told = Pick<ObservedInvoice, 'currency' | 'net' | 'tax' | 'total' | 'taxes' | 'lines'>;

/** @throws AMOUNT_INVALID */
export function figuresOf(input: Told): Figures {
  const { currency } = input;
  const totalMinor = minorOf(input.total, currency);
  if (totalMinor < 0n)
    throw new DomainError(
      'AMOUNT_INVALID',
      'total is below zero, which is the other kind of document: an invoice or a credit note.',
      {
        path: ['total'],
      },
    );
  const taxMinor = minorOf(input.tax, currency);
  const netMinor = totalMinor - taxMinor;
  return {
    currency,
    netMinor,
    taxMinor,
    totalMinor,
    differenceMinor: minorOf(input.net, currency) - netMinor,
    taxes: taxesOf(input, { netMinor, taxMinor }),
    lines: input.lines.map((line, i) => lineOf(line, i, currency)),
  };
}

function rateIn(text: string, path: readonly string[]): string {
  const rate = decimal(text);
  if (rate.coefficient >= 0n && rate.coefficient <= MAX_TAX_RATE.coefficient * 10n ** BigInt(rate.scale)) return scaled(text, 4);
  throw new DomainError('INVALID_INPUT', `${path.join('.')} must be from 0 to 100 percent.`, { path });
}

/** One row per category and rate; tax that no row tells has a row of its own. */
function taxesOf(input: Told, whole: { netMinor: bigint; taxMinor: bigint }): readonly TaxGroup[] {
  const groups = new Map<string, TaxGroup>();
  input.taxes.forEach((row, i) => {
    const taxRate = rateIn(row.taxRate, ['taxes', String(i), 'taxRate']);
    const key = `${row.taxCategory} ${taxRate}`;
    const before = groups.get(key) ?? { taxableMinor: 0n, taxMinor: 0n };
    groups.set(key, {
      taxCategory: row.taxCategory,
      taxRate,
      taxableMinor: before.taxableMinor + minorOf(row.taxable, input.currency),
      taxMinor: before.taxMinor + minorOf(row.tax, input.currency),
    });
  });
  const rest = whole.taxMinor - [...groups.values()].reduce((sum, g) => sum + g.taxMinor, 0n);
  if (rest === 0n) return [...groups.values()];
  const key = `${UNTOLD} ${scaled('0', 4)}`;
  const before = groups.get(key)?.taxMinor ?? 0n;
  const taxableMinor = groups.size === 0 ? whole.netMinor : 0n;
  groups.set(key, { taxCategory: UNTOLD, taxRate: scaled('0', 4), taxableMinor, taxMinor: before + rest });
  return [...groups.values()];
}

function lineOf(line: Told['lines'][number], index: number, currency: string): LineFigures {
  const at = (field: string) => ['lines', String(index), field];
  return {
    lineNumber: index + 1,
    description: line.description ?? line.sku ?? '–',
    quantity: scaled(line.quantity, 6),
    unitPrice: scaled(line.unitPrice, 6),
    unit: line.unit ?? null,
    discountPercent: rateIn(line.discountPercent ?? '0', at('discountPercent')),
    netMinor: minorOf(line.net, currency),
    taxCategory: line.taxCategory ?? UNTOLD,
    taxRate: rateIn(line.taxRate ?? '0', at('taxRate')),
  };
}

export interface RatesAsked {
  readonly rates: Rates;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly groupCurrency: string;
  readonly on: string;
  /** As the ERP booked it. */
  readonly given: string | undefined;
  /** Those that the document has already, if nothing of it says otherwise. */
  readonly kept: { readonly rate: string | null; readonly groupRate: string | null } | null;
}

/** To the functional and to the group's currency: the ERP's own rate, else the one it has, else ours of the day. @throws RATE_MISSING */
export function ratesOf({ rates, currency, baseCurrency, groupCurrency, on, given, kept }: RatesAsked) {
  const told = given === undefined || decimal(given).coefficient <= 0n ? null : scaled(given, RATE_SCALE);
  const rate = currency === baseCurrency ? '1' : (told ?? kept?.rate ?? rateOf(rates, currency, baseCurrency, on));
  if (currency === groupCurrency) return { rate, groupRate: '1' };
  if (baseCurrency === groupCurrency) return { rate, groupRate: rate };
  const isKept = kept?.rate !== null && kept !== null && scaled(kept.rate, RATE_SCALE) === scaled(rate, RATE_SCALE);
  return {
    rate,
    groupRate: (isKept ? kept.groupRate : null) ?? groupRateOf({ rates, currency, baseCurrency, groupCurrency, on, rate }),
  };
}

function groupRateOf({
  rates,
  currency,
  baseCurrency,
  groupCurrency,
  on,
  rate,
}: Omit<RatesAsked, 'given' | 'kept'> & { readonly rate: string }): string {
  try {
    return rateOf(rates, currency, groupCurrency, on);
  } catch {
    const over: Decimal = multiplyDecimal(decimal(rate), decimal(rateOf(rates, baseCurrency, groupCurrency, on)));
    return decimalText(roundDecimal(over, RATE_SCALE, 'HALF_UP'));
  }
}

interface Rated {
  readonly rate: string | null;
  readonly groupRate: string | null;
}

/** Whatever their zeros. */
export function ratesDiffer(a: Rated, b: Rated): boolean {
  const keyOf = ({ rate, groupRate }: Rated) => [rate, groupRate].map((r) => (r === null ? '' : scaled(r, RATE_SCALE))).join();
  return keyOf(a) !== keyOf(b);
}
