/** Lines and tax as they are written. What QuickBooks has no way to say is refused in words before anything is sent. */
import {
  type Canonical,
  type Json,
  type JsonObject,
  compare,
  decimalsOf,
  isZero,
  numberOf,
  product,
  quotient,
} from '../../src/connect/index.ts';
import { refusal } from './faults.ts';
import { given, isObject, refAt, textAt } from './fields.ts';
import type { Settings, TaxSetting } from './settings.ts';

type Document = Pick<Canonical<'Order'>, 'lines' | 'currency' | 'tax'>;
type Line = Document['lines'][number];

const TEXT_MAX_CHARS = 4_000;
const PRICE_MAX_DECIMALS = 7;

export function splitLines({ lines, currency, tax }: Document, settings: Settings): JsonObject[] {
  if (lines.length === 0) throw refusal('QuickBooks takes no document without lines.');
  return lines.map((line, i) => {
    const at = `Line ${i + 1}`;
    const item = line.product ?? settings.freeTextItem;
    // QuickBooks takes a line without an item for a mere text, and does not count its amount
    if (item === undefined) throw refusal(`${at} names no product: set freeTextItem, the item for such lines.`);
    if (line.description.length > TEXT_MAX_CHARS)
      throw refusal(`${at} has a description of more than ${TEXT_MAX_CHARS} characters.`);
    const code = taxCodeOf(line, { at, tax, settings });
    return {
      DetailType: 'SalesItemLineDetail',
      Amount: numberOf(line.net, `${at}: net`),
      ...(line.description === '' ? {} : { Description: line.description }),
      SalesItemLineDetail: given({
        ItemRef: { value: item },
        ...priceOf(line, decimalsOf(currency), at),
        TaxCodeRef: code === null ? undefined : { value: code },
      }),
    };
  });
}

/**
 * Quantity times price must be the amount there. A discount on a line is folded into the price; where no price gives the amount, the
 * amount goes alone.
 */
function priceOf({ quantity, unitPrice, net }: Line, decimals: number, at: string): JsonObject {
  if (isZero(quantity)) return {};
  const prices = [unitPrice, ...[decimals, PRICE_MAX_DECIMALS].map((scale) => quotient(net, quantity, scale))];
  const price = prices.find((one) => compare(product(quantity, one, decimals), net) === 0);
  if (price === undefined) return {};
  return { Qty: numberOf(quantity, `${at}: quantity`), UnitPrice: numberOf(price, `${at}: price`) };
}

interface Taxing {
  readonly at: string;
  /** Of the whole document. */
  readonly tax: string;
  readonly settings: Settings;
}

function taxOf(line: Line, { taxes }: Settings): TaxSetting | undefined {
  const { taxCategory, taxRate = '0' } = line;
  return taxes.find((one) => compare(one.rate, taxRate) === 0 && (taxCategory === undefined || one.category === taxCategory));
}

function taxCodeOf(line: Line, { at, tax, settings }: Taxing): string | null {
  if (line.taxRate === undefined && !isZero(tax))
    throw refusal(`${at} does not say how it is taxed, and the document has tax: give the line its tax rate.`);
  const found = taxOf(line, settings);
  if (found) return found.lineCode;
  if (isZero(line.taxRate ?? '0')) return settings.untaxedCode;
  const rate = `${line.taxCategory ?? ''} ${line.taxRate} %`.trim();
  throw refusal(`${at} is taxed ${rate}, and no tax code of QuickBooks is set for that: add it to taxes.`);
}

/** The tax as the platform has it. QuickBooks keeps it, unless it works out sales tax by itself. */
export function splitTax({ lines, tax }: Document, settings: Settings): JsonObject {
  const codes = new Set(lines.flatMap((line) => taxOf(line, settings)?.documentCode ?? []));
  if (codes.size > 1) throw refusal(`QuickBooks taxes a document by one code, and these lines need ${[...codes].join(' and ')}.`);
  const [code] = codes;
  return { ...(code === undefined ? {} : { TxnTaxCodeRef: { value: code } }), TotalTax: numberOf(tax, 'The tax') };
}

const isSale = (line: JsonObject): boolean => textAt(line, 'DetailType') === 'SalesItemLineDetail';
const bearsAmount = (line: JsonObject): boolean =>
  ['SalesItemLineDetail', 'GroupLineDetail', 'DiscountLineDetail'].includes(textAt(line, 'DetailType') ?? '');
const linesIn = (theirs: Json | undefined): readonly JsonObject[] => (Array.isArray(theirs) ? theirs.filter(isObject) : []);

/** The lines that count there, without subtotals and mere texts. */
export const countingLines = (theirs: Json | undefined): readonly JsonObject[] => linesIn(theirs).filter(bearsAmount);

/**
 * A list of lines replaces the one there whole: each of ours keeps what somebody has set on the line of the same item in its place, and
 * texts between the lines stay.
 */
export function withTheirs(mine: readonly JsonObject[], theirs: Json | undefined): JsonObject[] {
  const sales = linesIn(theirs).filter(isSale);
  const texts = linesIn(theirs).filter((line) => textAt(line, 'DetailType') === 'DescriptionOnly');
  const itemOf = (line: JsonObject) => refAt(line, 'SalesItemLineDetail.ItemRef');
  const merged = mine.map((line, i) => {
    const same = sales[i];
    if (same === undefined || itemOf(same) !== itemOf(line)) return line;
    const { Qty: _quantity, UnitPrice: _price, ...detail } = same['SalesItemLineDetail'] as JsonObject;
    return { ...same, ...line, SalesItemLineDetail: { ...detail, ...(line['SalesItemLineDetail'] as JsonObject) } };
  });
  return [...merged, ...texts];
}
