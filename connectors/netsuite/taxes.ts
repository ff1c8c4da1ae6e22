/**
 * Tax as NetSuite tells it: one line for each tax, with its amount and at times its rate. Which tax a line bears is told by its tax code
 * where the account has that column; else by the document's only rate, if that makes the tax of the whole; else it is left open.
 */
import {
  type Canonical,
  type JsonObject,
  compare,
  decimalsOf,
  isZero,
  minus,
  percentOf,
  plain,
  product,
  quotient,
  sumOf,
} from '../../src/connect/index.ts';
import { amountAt, listAt, percentAt, textAt } from './fields.ts';
import { isTaxLine, onSide, saleRows, type Side, type TaxReader } from './lines.ts';
import type { Settings, TaxSetting } from './settings.ts';

export type DocumentTax = Canonical<'Invoice'>['taxes'][number];

const STANDARD = 'S';
const ZERO_RATED = 'Z';
const OUT_OF_SCOPE = 'O';

interface Rate {
  /** Its tax code, if it is told. */
  readonly code: string | undefined;
  readonly taxRate: string | undefined;
  readonly tax: string;
}

interface Sale {
  readonly side: Side;
  /** Without tax. */
  readonly net: string;
  readonly currency: string;
  readonly settings: Settings;
}

/** Of the whole document. */
export const taxOf = (raw: JsonObject, side: Side): string =>
  sumOf(
    listAt(raw, 'lines')
      .filter(isTaxLine)
      .map((line) => onSide(amountAt(line, 'foreignamount') ?? '0', side)),
  );

function ratesOf(raw: JsonObject, { side, settings }: Sale): readonly Rate[] {
  const rates = listAt(raw, 'lines')
    .filter(isTaxLine)
    .map((line): Rate => {
      const code = textAt(line, 'item');
      const set = settings.taxes.find((one) => one.code === code);
      const taxRate = percentAt(line, 'rate') ?? set?.rate;
      const tax = onSide(amountAt(line, 'foreignamount') ?? '0', side);
      return { code, taxRate: taxRate === undefined ? undefined : plain(taxRate), tax };
    });
  return merged(rates);
}

/** One for each code: some accounts write a tax line for each line. */
function merged(rates: readonly Rate[]): readonly Rate[] {
  const each = new Map<string, Rate>();
  for (const one of rates) {
    const key = `${one.code} ${one.taxRate}`;
    const before = each.get(key);
    each.set(key, before ? { ...one, tax: sumOf([before.tax, one.tax]) } : one);
  }
  return [...each.values()];
}

export function taxReader(raw: JsonObject, sale: Sale): TaxReader {
  const { settings } = sale;
  const rates = ratesOf(raw, sale);
  const [only] = rates.length === 1 && isTaxOfAll(rates[0], raw, sale) ? rates : [];
  return {
    ofLine(row) {
      const code = textAt(row, 'linetax');
      const told = code === undefined ? undefined : settings.taxes.find((one) => one.code === code);
      if (told) return { taxCategory: told.category, taxRate: told.rate };
      const rate = code === undefined ? only?.taxRate : rates.find((one) => one.code === code)?.taxRate;
      if (rate !== undefined) return { taxCategory: categoryOf(rate, settings, code ?? only?.code), taxRate: rate };
      return rates.length === 0 ? { taxCategory: untaxedCategory(settings), taxRate: '0' } : {};
    },
  };
}

/** Does that rate on all lines make that tax, however it was rounded: by line or on the total? */
function isTaxOfAll(rate: Rate | undefined, raw: JsonObject, { net, currency }: Sale): boolean {
  if (rate?.taxRate === undefined) return false;
  const decimals = decimalsOf(currency);
  const exact = quotient(product(net, rate.taxRate, decimals + 8), '100', decimals + 8);
  const off = minus(rate.tax, exact).replace('-', '');
  const step = decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
  return compare(off, product(String(saleRows(raw).length + 1), step, decimals)) <= 0;
}

const sameRate = (a: string, b: string): boolean => compare(a, b) === 0;

const untaxedCategory = ({ taxes }: Settings): string => taxes.find(({ rate }) => isZero(rate))?.category ?? OUT_OF_SCOPE;

function categoryOf(rate: string, { taxes }: Settings, code: string | undefined): string {
  const set = taxes.find((one) => one.code === code) ?? taxes.find((one) => sameRate(one.rate, rate));
  return set?.category ?? (isZero(rate) ? ZERO_RATED : STANDARD);
}

/** One for each tax; together they come to the document's tax. */
export function readTaxes(raw: JsonObject, sale: Sale): DocumentTax[] {
  const { net, settings, side } = sale;
  const rates = ratesOf(raw, sale);
  if (rates.length === 0)
    return isZero(net) ? [] : [{ taxCategory: untaxedCategory(settings), taxRate: '0', taxable: net, tax: '0' }];
  const netOf = (code: string | undefined) =>
    sumOf(
      saleRows(raw)
        .filter((row) => code !== undefined && textAt(row, 'linetax') === code)
        .map((row) => onSide(amountAt(row, 'foreignamount') ?? '0', side)),
    );
  return rates.map(({ code, taxRate, tax }): DocumentTax => {
    const taxable = taxableOf({ code, taxRate, tax }, { rates, named: netOf(code), sale });
    const rate = taxRate ?? (isZero(taxable) ? '0' : percentOf(tax, taxable));
    return { taxCategory: categoryOf(rate, settings, code), taxRate: rate, taxable, tax };
  });
}

interface Taxable {
  readonly rates: readonly Rate[];
  /** Of the lines that name its code. */
  readonly named: string;
  readonly sale: Sale;
}

/** By the lines that name it; else the whole, of the only tax; else what makes that tax at its rate. */
function taxableOf({ taxRate, tax }: Rate, { rates, named, sale: { net, currency, settings } }: Taxable): string {
  if (settings.lineTaxColumn !== undefined && !isZero(named)) return named;
  if (rates.length === 1) return net;
  if (taxRate === undefined || isZero(taxRate)) return '0';
  return quotient(product(tax, '100', 12), taxRate, decimalsOf(currency));
}

/** The way to write a line's tax in a subsidiary: its own one before that of all; null: none is set for it. */
export function settingOfLine(
  { taxCategory, taxRate = '0' }: { readonly taxCategory?: string | undefined; readonly taxRate?: string | undefined },
  { taxes }: Settings,
  subsidiary: string | undefined,
): TaxSetting | null {
  const fitting = taxes.filter(
    (one) => sameRate(one.rate, taxRate) && (taxCategory === undefined || one.category === taxCategory),
  );
  return fitting.find((one) => one.subsidiary === subsidiary) ?? fitting.find((one) => one.subsidiary === undefined) ?? null;
}
