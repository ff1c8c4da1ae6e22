/** Sales as they are written: header, lines and tax. What NetSuite has no way to say is refused in words before anything is sent. */
import {
  type Canonical,
  type Json,
  type JsonObject,
  compare,
  decimalsOf,
  isZero,
  minus,
  numberOf,
  plus,
  product,
  quotient,
  sumOf,
} from '../../src/connect/index.ts';
import { refusal } from './faults.ts';
import { given } from './fields.ts';
import { partsOf } from './lists.ts';
import type { Settings } from './settings.ts';
import { settingOfLine } from './taxes.ts';

export type SalesDocument = Canonical<'Order'> | Canonical<'Invoice'> | Canonical<'CreditNote'>;
type Line = SalesDocument['lines'][number];

const TEXT_MAX_CHARS = 4_000;
const PRICE_MAX_DECIMALS = 7;

/** What all of them have beside their tables and lines. */
export function headerOf(
  { customer, rate, number }: Pick<SalesDocument, 'customer' | 'rate' | 'number'>,
  { settings, currency }: { settings: Settings; currency: { readonly id: string } },
): JsonObject {
  const { id, subsidiary } = payerOf(customer, settings);
  return given({
    entity: { id },
    subsidiary: subsidiary === undefined ? undefined : { id: subsidiary },
    currency,
    exchangeRate: rate === undefined ? undefined : numberOf(rate, 'The rate'),
    tranId: settings.sendsNumbers ? number : undefined,
  });
}

/** Customer and company, by the account that a document names. */
function payerOf(customer: string, { oneWorld }: Settings): { readonly id: string; readonly subsidiary: string | undefined } {
  const parts = partsOf(customer);
  if (parts === null || oneWorld !== (parts.subsidiary !== undefined))
    throw refusal(`${customer} is no account of a customer with a subsidiary of this NetSuite account.`);
  return { id: parts.customer, subsidiary: parts.subsidiary };
}

export function splitLines({ customer, lines, currency, tax }: SalesDocument, settings: Settings): JsonObject[] {
  if (lines.length === 0) throw refusal('NetSuite takes no document without lines.');
  const taxes = settings.sendsTaxAmounts ? taxByLine({ lines, currency, tax }) : [];
  const all = { currency, tax, settings, subsidiary: partsOf(customer)?.subsidiary };
  return lines.map((line, i) => splitLine(line, { ...all, at: `Line ${i + 1}`, ownTax: taxes[i] }));
}

interface Splitting {
  readonly at: string;
  readonly currency: string;
  /** Of the whole document. */
  readonly tax: string;
  readonly ownTax: string | undefined;
  readonly settings: Settings;
  readonly subsidiary: string | undefined;
}

function splitLine(line: Line, splitting: Splitting): JsonObject {
  const { at, currency, ownTax, settings } = splitting;
  const item = line.product ?? settings.freeTextItem;
  if (item === undefined) throw refusal(`${at} names no product: set freeTextItem, the item for such lines.`);
  if (line.description.length > TEXT_MAX_CHARS)
    throw refusal(`${at} has a description of more than ${TEXT_MAX_CHARS} characters.`);
  const code = taxCodeOf(line, splitting);
  return given({
    item: { id: item },
    quantity: numberOf(line.quantity, `${at}: quantity`),
    rate: rateOf(line, decimalsOf(currency), at),
    amount: numberOf(line.net, `${at}: net`),
    description: line.description === '' ? undefined : line.description,
    taxCode: code === null ? undefined : { id: code },
    tax1Amt: ownTax === undefined || code === null ? undefined : numberOf(ownTax, `${at}: tax`),
  });
}

/** Quantity times rate is the amount there. A discount on a line is folded into it; where no rate gives the amount, it comes without. */
function rateOf({ quantity, unitPrice, net }: Line, decimals: number, at: string): Json | undefined {
  if (isZero(quantity)) return undefined;
  const prices = [unitPrice, ...[decimals, PRICE_MAX_DECIMALS].map((scale) => quotient(net, quantity, scale))];
  const price = prices.find((one) => compare(product(quantity, one, decimals), net) === 0);
  return price === undefined ? undefined : numberOf(price, `${at}: price`);
}

function taxCodeOf(line: Line, { at, tax, settings, subsidiary }: Splitting): string | null {
  if (line.taxRate === undefined && !isZero(tax))
    throw refusal(`${at} does not say how it is taxed, and the document has tax: give the line its tax rate.`);
  const found = settingOfLine(line, settings, subsidiary);
  if (found) return found.code;
  if (isZero(line.taxRate ?? '0')) return null;
  const rate = `${line.taxCategory ?? ''} ${line.taxRate} %`.trim();
  throw refusal(`${at} is taxed ${rate}, and no tax code of NetSuite is set for that: add it to taxes.`);
}

/** The document's tax by its lines: each rounded by itself, and what that leaves on the largest line that bears tax. */
export function taxByLine({ lines, currency, tax }: Pick<SalesDocument, 'lines' | 'currency' | 'tax'>): readonly string[] {
  const decimals = decimalsOf(currency);
  const own = lines.map(({ net, taxRate = '0' }) => quotient(product(net, taxRate, PRECISE), '100', decimals));
  const rest = minus(tax, sumOf(own));
  if (isZero(rest)) return own;
  const size = ({ net }: Line) => net.replace('-', '');
  const taxed = lines.flatMap((line, i) => (isZero(line.taxRate ?? '0') ? [] : [i]));
  const [largest] = taxed.sort((a, b) => compare(size(lines[b] as Line), size(lines[a] as Line)));
  if (largest === undefined) throw refusal(`The document has tax of ${tax}, and no line bears any: give lines their tax rates.`);
  return own.map((amount, i) => (i === largest ? plus(amount, rest) : amount));
}

const PRECISE = 12;
