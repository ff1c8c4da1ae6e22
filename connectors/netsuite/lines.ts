/**
 * The lines of a sale as they are read. In the ledger revenue is negative where the customer's side is positive, so amounts and quantities
 * are turned to the document's own side. What NetSuite counts in the total without a line for it becomes a line that says so.
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
import { amountAt, given, isTrue, listAt, neededText, textAt } from './fields.ts';

export type DocumentLine = Canonical<'Invoice'>['lines'][number];

const PRICE_DECIMALS = 7;
/** Lines that order or explain others and count nothing. */
const NOT_COUNTING: ReadonlySet<string> = new Set(['Subtotal', 'Description', 'Group', 'EndGroup']);

/** How a line is taxed, as far as that is told. */
export interface TaxReader {
  ofLine(row: JsonObject): { readonly taxCategory?: string; readonly taxRate?: string };
}

/** On the customer's side: +1 where a line of the document is negative in the ledger. */
export type Side = 1 | -1;

/** By the main line, which is the customer's; by the kind of document where that is zero. */
export function sideOf(raw: JsonObject, ofKind: Side): Side {
  const main = amountAt(raw, 'mainamount');
  if (main === undefined || isZero(main)) return ofKind;
  return main.startsWith('-') ? -1 : 1;
}

export const onSide = (amount: string, side: Side): string => (side === 1 ? negated(amount) : amount);

export const isTaxLine = (line: JsonObject): boolean => isTrue(line, 'taxline');

/** Of a kit the kit itself is sold; its parts are listed for the warehouse. */
const counts = (line: JsonObject): boolean =>
  !isTaxLine(line) &&
  !NOT_COUNTING.has(textAt(line, 'itemtype') ?? '') &&
  !(isTrue(line, 'kitcomponent') && amountOf(line) === '0');

const amountOf = (line: JsonObject): string => amountAt(line, 'foreignamount') ?? '0';

/** The rows of a sale that are lines of the document. */
export const saleRows = (raw: JsonObject): readonly JsonObject[] => listAt(raw, 'lines').filter(counts);

export interface LinesRead {
  readonly side: Side;
  /** Null for a voided document, whose lines need not come to anything. */
  readonly net: string | null;
  readonly taxes: TaxReader;
  /** Which line of which order it bills, by its own id. */
  readonly billed?: ReadonlyMap<string, { readonly order: string; readonly orderLine: string }>;
}

export function readLines(raw: JsonObject, how: LinesRead): readonly DocumentLine[] {
  const lines = saleRows(raw).map((row, i) => readLine(row, `lines[${i}].`, how));
  const rest = how.net === null ? '0' : minus(how.net, sumOf(lines.map((line) => line.net)));
  return isZero(rest) ? lines : [...lines, { description: NOT_LISTED, quantity: '1', unitPrice: rest, net: rest }];
}

const NOT_LISTED = 'Not itemised by NetSuite';

function readLine(row: JsonObject, at: string, { side, taxes, billed }: LinesRead): DocumentLine {
  const id = neededText(row, 'id', at);
  const net = onSide(amountAt(row, 'foreignamount', at) ?? '0', side);
  const type = textAt(row, 'itemtype');
  const isProduct = type !== undefined && !NO_PRODUCTS.has(type);
  return given({
    id,
    product: isProduct ? textAt(row, 'item', at) : undefined,
    sku: isProduct ? textAt(row, 'itemid', at) : undefined,
    description: textAt(row, 'memo', at) ?? textAt(row, 'itemid', at) ?? type ?? 'Sale',
    ...priceOf(row, { net, side, at }),
    net,
    ...billed?.get(id),
    ...taxes.ofLine(row),
  });
}

/** Discounts, freight and the like stand on lines, and in no list of products. */
export const NO_PRODUCTS: ReadonlySet<string> = new Set([
  'Discount',
  'Markup',
  'Payment',
  'ShipItem',
  'Subtotal',
  'Description',
  'Group',
  'EndGroup',
  'TaxItem',
  'TaxGroup',
]);

interface Pricing {
  readonly net: string;
  readonly side: Side;
  readonly at: string;
}

/** A discount's rate may be a percentage, which is no price. */
function priceOf(row: JsonObject, { net, side, at }: Pricing): { quantity: string; unitPrice: string } {
  const signed = amountAt(row, 'quantity', at);
  if (signed === undefined || isZero(signed)) return { quantity: '1', unitPrice: net };
  const quantity = onSide(signed, side);
  const rate = textAt(row, 'rate', at);
  if (rate !== undefined && !rate.includes('%')) return { quantity, unitPrice: amountAt(row, 'rate', at) ?? '0' };
  return { quantity, unitPrice: quotient(net, quantity, PRICE_DECIMALS) };
}

/** Which lines of which orders the lines of a document come from, by the ids of its own lines. */
export function originsOf(raw: JsonObject): ReadonlyMap<string, { readonly order: string; readonly orderLine: string }> {
  const origins = new Map<string, { readonly order: string; readonly orderLine: string }>();
  for (const link of listAt(raw, 'links')) {
    const [line, order, orderLine] = ['nextline', 'previousdoc', 'previousline'].map((name) => textAt(link, name));
    // line 0 is the main line: a link between whole documents
    if (line === undefined || order === undefined || orderLine === undefined || orderLine === '0') continue;
    const before = origins.get(line);
    if (before && (before.order !== order || before.orderLine !== orderLine))
      throw new MappingError('links', `Line ${line} comes from more than one line of an order: ${order} and ${before.order}.`);
    origins.set(line, { order, orderLine });
  }
  return origins;
}
