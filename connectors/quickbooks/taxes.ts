/**
 * Tax as QuickBooks tells it: lines have codes, only the document has rates and amounts. A code that the settings name is taken by them;
 * any other is told from the document's own rates where that is certain, and left open where it isn't.
 */
import {
  type Canonical,
  type JsonObject,
  compare,
  isZero,
  minus,
  percentOf,
  plain,
  plus,
  sumOf,
} from '../../src/connect/index.ts';
import { amountAt, listAt, refAt } from './fields.ts';
import type { Settings, TaxSetting } from './settings.ts';

export type DocumentTax = Canonical<'Invoice'>['taxes'][number];

export interface TaxReader {
  ofCode(code: string | undefined): { readonly taxCategory?: string; readonly taxRate?: string };
}

const STANDARD = 'S';
const ZERO_RATED = 'Z';
const OUT_OF_SCOPE = 'O';

const sameRate = (a: string, b: string): boolean => compare(a, b) === 0;

export function taxReader(raw: JsonObject, settings: Settings): TaxReader {
  const documentCode = refAt(raw, 'TxnTaxDetail.TxnTaxCodeRef');
  const rates = ratesOf(raw);
  const isNone = (code: string) => code === settings.untaxedCode || code === 'NON';
  const codes = new Set(codesOf(listAt(raw, 'Line')).filter((code) => !isNone(code)));
  // one code for all taxed lines: it must be the document's rates, all of them
  const only = codes.size === 1 && rates.length > 0 && rates.every((one) => one.taxable === rates[0]?.taxable) ? rates : null;
  return {
    ofCode(code) {
      if (code === undefined) return {};
      const set = settings.taxes.filter((one) => one.lineCode === code);
      const known = set.find((one) => one.documentCode === documentCode) ?? (set.length === 1 ? set[0] : undefined);
      if (known && known.documentCode === (documentCode ?? known.documentCode)) return read(known);
      if (isNone(code)) return { taxCategory: OUT_OF_SCOPE, taxRate: '0' };
      if (only === null) return {};
      const taxRate = plain(sumOf(only.map((one) => one.taxRate)));
      return { taxCategory: categoryOf(taxRate, settings), taxRate };
    },
  };
}

/** Of all lines, also of those inside of bundles. */
const codesOf = (lines: readonly JsonObject[]): readonly string[] =>
  lines.flatMap((line) => [
    ...[refAt(line, 'SalesItemLineDetail.TaxCodeRef') ?? []].flat(),
    ...codesOf(listAt(line, 'GroupLineDetail.Line')),
  ]);

const read = ({ category, rate }: TaxSetting) => ({ taxCategory: category, taxRate: rate });

const untaxedCategory = ({ taxes, untaxedCode }: Settings): string =>
  taxes.find((one) => one.lineCode === untaxedCode)?.category ?? OUT_OF_SCOPE;

function categoryOf(rate: string, { taxes, untaxedCode }: Settings): string {
  const set = taxes.find((one) => one.lineCode !== untaxedCode && sameRate(one.rate, rate));
  return set?.category ?? (isZero(rate) ? ZERO_RATED : STANDARD);
}

interface Rate {
  readonly taxRate: string;
  readonly taxable: string;
  readonly tax: string;
}

function ratesOf(raw: JsonObject): readonly Rate[] {
  return listAt(raw, 'TxnTaxDetail.TaxLine').map((line) => {
    const tax = amountAt(line, 'Amount') ?? '0';
    const taxable = amountAt(line, 'TaxLineDetail.NetAmountTaxable') ?? '0';
    const percent = amountAt(line, 'TaxLineDetail.TaxPercent');
    return { taxRate: plain(percent ?? (isZero(taxable) ? '0' : percentOf(tax, taxable))), taxable, tax };
  });
}

export interface TaxTotals {
  readonly net: string;
  readonly tax: string;
  /** Of the lines that are known to bear no tax. */
  readonly untaxed: string;
}

/** One for each rate, and one for what bears no tax; together they come to the document's tax. */
export function readTaxes(raw: JsonObject, { net, tax, untaxed }: TaxTotals, settings: Settings): DocumentTax[] {
  const rates = ratesOf(raw).map((one): DocumentTax => ({ ...one, taxCategory: categoryOf(one.taxRate, settings) }));
  const missing = minus(tax, sumOf(rates.map((one) => one.tax)));
  const taxed = isZero(missing) ? rates : withMissing(rates, { missing, net });
  if (taxed.length === 0 || !isZero(untaxed)) {
    const taxable = taxed.length === 0 ? net : untaxed;
    const isNone = taxed.length === 0 && isZero(net);
    return isNone ? [] : [...taxed, { taxCategory: untaxedCategory(settings), taxRate: '0', taxable, tax: '0' }];
  }
  return taxed;
}

/** Tax that was set by hand is in the total only: the first rate takes the difference, or it makes a rate of its own. */
function withMissing(rates: readonly DocumentTax[], { missing, net }: { missing: string; net: string }): DocumentTax[] {
  const [first, ...others] = rates;
  if (first) return [{ ...first, tax: plus(first.tax, missing) }, ...others];
  const taxRate = isZero(net) ? '0' : percentOf(missing, net);
  return [{ taxCategory: STANDARD, taxRate, taxable: net, tax: missing }];
}
