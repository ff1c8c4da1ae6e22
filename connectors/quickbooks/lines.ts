/**
 * The lines of a sales form as they are read: items, bundles opened, discounts as lines below zero, and whatever QuickBooks counts in
 * the total without listing it as a line that says so. Their nets always come to the net of the document.
 */
import {
  type Canonical,
  type JsonObject,
  MappingError,
  isZero,
  minus,
  negated,
  quotient,
  sumOf,
} from '../../src/connect/index.ts';
import { amountAt, given, listAt, neededAmount, refAt, textAt } from './fields.ts';
import type { TaxReader } from './taxes.ts';

export type DocumentLine = Canonical<'Invoice'>['lines'][number];

const PRICE_DECIMALS = 7;

export interface LinesRead {
  readonly lines: readonly DocumentLine[];
  /** The sum of the lines that are known to bear no tax. */
  readonly untaxed: string;
}

/** `net`: null for a voided document, whose lines need not come to anything. */
export function readLines(raw: JsonObject, { net, taxes }: { net: string | null; taxes: TaxReader }): LinesRead {
  const lines = listAt(raw, 'Line').flatMap((line, i) => readLine(line, `Line[${i}]`, taxes));
  const sum = sumOf(lines.map((line) => line.net));
  const rest = net === null ? '0' : minus(net, sum);
  const untaxed = sumOf(lines.filter(isUntaxed).map((line) => line.net));
  return { lines: isZero(rest) ? lines : [...lines, plainLine(NOT_LISTED, rest)], untaxed };
}

/** Statement charges and the like are in the subtotal only. */
const NOT_LISTED = 'Not itemised by QuickBooks';

const isUntaxed = (line: DocumentLine): boolean => line.taxRate !== undefined && isZero(line.taxRate);

function readLine(line: JsonObject, at: string, taxes: TaxReader): readonly DocumentLine[] {
  switch (textAt(line, 'DetailType')) {
    case 'SubTotalLineDetail':
    case 'TaxLineDetail':
      return [];
    case 'GroupLineDetail':
      return groupLines(line, at, taxes);
    case 'DiscountLineDetail':
      return [discountLine(line)];
    case 'SalesItemLineDetail':
      return [itemLine(line, at, taxes)];
    default:
      return otherLine(line);
  }
}

/** A bundle's amount is that of its lines; only one that tells none stands for itself. */
function groupLines(line: JsonObject, at: string, taxes: TaxReader): readonly DocumentLine[] {
  const parts = listAt(line, 'GroupLineDetail.Line');
  if (parts.length === 0) return otherLine(line);
  return parts.flatMap((part, i) => readLine(part, `${at}.GroupLineDetail.Line[${i}]`, taxes));
}

function discountLine(line: JsonObject): DocumentLine {
  const percent = amountAt(line, 'DiscountLineDetail.DiscountPercent');
  const text = textAt(line, 'Description') ?? (percent === undefined ? 'Discount' : `Discount ${percent} %`);
  return { ...given({ id: textAt(line, 'Id') }), ...plainLine(text, negated(amountAt(line, 'Amount') ?? '0')) };
}

function itemLine(line: JsonObject, at: string, taxes: TaxReader): DocumentLine {
  const net = prefixed(at, () => neededAmount(line, 'Amount'));
  const item = refAt(line, 'SalesItemLineDetail.ItemRef');
  // shipping and tips have an item of their own that is in no list
  const isListed = item !== undefined && /^\d+$/.test(item);
  const name = textAt(line, 'SalesItemLineDetail.ItemRef.name');
  return given({
    id: textAt(line, 'Id'),
    product: isListed ? item : undefined,
    description: textAt(line, 'Description') ?? name ?? (item === 'SHIPPING_ITEM_ID' ? 'Shipping' : 'Sale'),
    ...priceOf(line, net),
    net,
    orderLine: listAt(line, 'LinkedTxn')
      .filter((link) => link['TxnType'] === 'Estimate')
      .map((link) => textAt(link, 'TxnLineId'))
      .find((id) => id !== undefined),
    ...taxes.ofCode(refAt(line, 'SalesItemLineDetail.TaxCodeRef')),
  });
}

function priceOf(line: JsonObject, net: string): { quantity: string; unitPrice: string } {
  const quantity = amountAt(line, 'SalesItemLineDetail.Qty');
  const price = amountAt(line, 'SalesItemLineDetail.UnitPrice');
  if (quantity === undefined) return { quantity: '1', unitPrice: net };
  if (price !== undefined) return { quantity, unitPrice: price };
  return isZero(quantity) ? { quantity: '1', unitPrice: net } : { quantity, unitPrice: quotient(net, quantity, PRICE_DECIMALS) };
}

/** Of a kind that is not known here: what it counts is kept; a mere text counts nothing. */
function otherLine(line: JsonObject): readonly DocumentLine[] {
  const net = amountAt(line, 'Amount') ?? '0';
  if (isZero(net)) return [];
  const text = textAt(line, 'Description') ?? textAt(line, 'GroupLineDetail.GroupItemRef.name') ?? NOT_LISTED;
  return [{ ...given({ id: textAt(line, 'Id') }), ...plainLine(text, net) }];
}

const plainLine = (description: string, net: string) => ({ description, quantity: '1', unitPrice: net, net });

function prefixed<T>(at: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MappingError) throw new MappingError(`${at}.${error.field}`, `${at}.${error.message}`);
    throw error;
  }
}
