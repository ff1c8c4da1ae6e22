/** The lines of a sales form: what is kept of what is sent, what they sum up to, and the tax on them. Sums are whole minor units. */
import { fromMinor, percentOf, productMinor, toMinor } from './amounts.ts';
import { type Body, given, listOf, partOf, refOf, textOf, type Value } from './body.ts';
import type { Books } from './books.ts';
import { badNumber, badReference, badSum, missing } from './fault.ts';

interface LineContext {
  readonly books: Books;
  readonly decimals: number;
  /** The customer pays tax: a taxable item is taxed unless the line says otherwise. */
  readonly isTaxable: boolean;
  /** Lines of the record before, whose ids may be kept. */
  readonly before: readonly Body[];
}

export interface SettledLines {
  readonly lines: readonly Body[];
  readonly subtotalMinor: number;
  readonly taxableMinor: number;
  readonly discountMinor: number;
}

export interface TaxContext {
  readonly books: Books;
  readonly decimals: number;
  readonly taxableMinor: number;
  /** Whose default tax code holds when the form names none. */
  readonly defaultCode: string | undefined;
  readonly isAutomatic: boolean;
}

const SHIPPING = 'SHIPPING_ITEM_ID';

/** @throws ApiFault for a line without an amount, with a wrong one, or with an item or tax code that is not there */
export function settleLines(sent: readonly Body[], context: LineContext): SettledLines {
  const lines: Body[] = [];
  const ids = new Ids(context.before);
  let subtotalMinor = 0;
  let taxableMinor = 0;
  let discount: Body | null = null;
  for (const line of sent) {
    const kind = textOf(line, 'DetailType');
    if (kind === undefined) throw missing('Line.DetailType');
    if (kind === 'SubTotalLineDetail') continue;
    if (kind === 'DiscountLineDetail') {
      discount = line;
      continue;
    }
    const settled = kind === 'SalesItemLineDetail' ? settleItemLine(line, context) : settlePlainLine(line, context.decimals);
    subtotalMinor += settled.minor;
    if (settled.isTaxed) taxableMinor += settled.minor;
    lines.push({ Id: ids.next(line), LineNum: lines.length + 1, ...settled.body });
  }
  if (lines.length === 0) throw missing('Line');
  const discountMinor = discount === null ? 0 : discountOf(discount, subtotalMinor, context.decimals);
  if (discount !== null) lines.push(discountLine(discount, discountMinor, context.decimals));
  return { lines, subtotalMinor, taxableMinor, discountMinor };
}

/** TxnTaxDetail and the tax in minor units: by the tax code's rates, or as it was sent, unless QuickBooks works it out itself. */
export function settleTax(sent: Body, { books, decimals, taxableMinor, defaultCode, isAutomatic }: TaxContext) {
  const code = refOf(sent, 'TxnTaxCodeRef') ?? (taxableMinor === 0 ? undefined : defaultCode);
  const sentMinor = isAutomatic || sent.TotalTax === undefined ? null : amountOf(sent.TotalTax, 'TotalTax', decimals);
  const row = code === undefined ? undefined : books.row('TaxCode', code);
  if (code !== undefined && row === undefined) throw badReference('TxnTaxCodeRef', code);
  const parts = row === undefined ? [] : ratesOf(books, row.body).map((rate) => taxPart(rate, taxableMinor));
  const computed = parts.reduce((sum, part) => sum + part.minor, 0);
  const taxMinor = sentMinor ?? computed;
  const first = parts[0];
  // what was sent differs from what the rates give: the first rate takes the difference
  if (first !== undefined) first.minor += taxMinor - computed;
  const lines = parts.map(({ minor, id, percent }) => ({
    Amount: fromMinor(minor, decimals),
    DetailType: 'TaxLineDetail',
    TaxLineDetail: {
      TaxRateRef: books.ref(id),
      PercentBased: true,
      TaxPercent: percent,
      NetAmountTaxable: fromMinor(taxableMinor, decimals),
    },
  }));
  const detail = given({
    TxnTaxCodeRef: code === undefined ? undefined : books.ref(code),
    TotalTax: fromMinor(taxMinor, decimals),
    TaxLine: lines.length === 0 ? undefined : lines,
  });
  return { detail, taxMinor };
}

/** @throws ApiFault 2080 */
export function amountOf(value: Value | undefined, element: string, decimals: number): number {
  const minor = toMinor(value, decimals);
  if (minor === null) throw badNumber(element, value);
  return minor;
}

/** An item that is there and in use, or that a line of the document had before. */
function itemOf(books: Books, id: string, before: readonly Body[] = []): Body | undefined {
  if (id === SHIPPING) return undefined;
  const item = books.row('Item', id);
  const isKept = before.some((line) => refOf(partOf(line, 'SalesItemLineDetail'), 'ItemRef') === id);
  if (item === undefined || (item.body.Active === false && !isKept)) throw badReference('ItemRef', id);
  return item.body;
}

function settleItemLine(line: Body, { books, decimals, isTaxable, before }: LineContext) {
  const detail = partOf(line, 'SalesItemLineDetail');
  if (line.Amount === undefined) throw missing('Line.Amount');
  const minor = amountOf(line.Amount, 'Line.Amount', decimals);
  const { Qty: quantity, UnitPrice: price } = detail;
  if (quantity !== undefined && price !== undefined) {
    const product = productMinor(quantity, price, decimals);
    if (product === null) throw badNumber('Qty', quantity);
    if (product !== minor)
      throw badSum(`Amount is not equal to UnitPrice * Qty. Supplied value:${fromMinor(minor, decimals)}`, 'Line.Amount');
  }
  const itemId = refOf(detail, 'ItemRef');
  const item = itemId === undefined ? undefined : itemOf(books, itemId, before);
  const taxCode = refOf(detail, 'TaxCodeRef') ?? (item?.Taxable === true && isTaxable ? 'TAX' : 'NON');
  if (books.row('TaxCode', taxCode) === undefined) throw badReference('TaxCodeRef', taxCode);
  const links = listOf(line, 'LinkedTxn');
  const body = given({
    Description: line.Description,
    Amount: fromMinor(minor, decimals),
    LinkedTxn: links.length === 0 ? undefined : links,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: given({
      ...detail,
      ItemRef: itemId === undefined ? undefined : books.ref(itemId),
      ItemAccountRef: undefined,
      TaxCodeRef: books.ref(taxCode),
    }),
  });
  return { body, minor, isTaxed: taxCode !== 'NON' };
}

/** A bundle's amount is that of its lines, which QuickBooks keeps as they are; a description has none. */
function settlePlainLine(line: Body, decimals: number) {
  const { Id: _id, LineNum: _number, CustomExtensions: _extensions, ...body } = line;
  const minor = line.Amount === undefined ? 0 : amountOf(line.Amount, 'Line.Amount', decimals);
  return { body, minor, isTaxed: false };
}

function discountOf(line: Body, subtotalMinor: number, decimals: number): number {
  const detail = partOf(line, 'DiscountLineDetail');
  if (detail.PercentBased === true) {
    if (toMinor(detail.DiscountPercent, 6) === null) throw badNumber('DiscountPercent', detail.DiscountPercent);
    return percentOf(subtotalMinor, Number(detail.DiscountPercent));
  }
  if (line.Amount === undefined) throw missing('Line.Amount');
  return amountOf(line.Amount, 'Line.Amount', decimals);
}

function discountLine(line: Body, minor: number, decimals: number): Body {
  const detail = partOf(line, 'DiscountLineDetail');
  return { Amount: fromMinor(minor, decimals), DetailType: 'DiscountLineDetail', DiscountLineDetail: detail };
}

function ratesOf(books: Books, code: Body): { id: string; percent: number }[] {
  return listOf(partOf(code, 'SalesTaxRateList'), 'TaxRateDetail').flatMap((rate) => {
    const id = refOf(rate, 'TaxRateRef') ?? '';
    const row = books.row('TaxRate', id);
    return row === undefined ? [] : [{ id, percent: Number(row.body.RateValue) }];
  });
}

function taxPart({ id, percent }: { id: string; percent: number }, taxableMinor: number) {
  return { id, percent, minor: percentOf(taxableMinor, percent) };
}

/** Lines keep the ids that they had; new ones get the next. */
class Ids {
  readonly #known: Set<string>;
  #last: number;

  constructor(before: readonly Body[]) {
    this.#known = new Set(before.flatMap((line) => textOf(line, 'Id') ?? []));
    this.#last = Math.max(0, ...[...this.#known].map(Number).filter(Number.isFinite));
  }

  next(line: Body): string {
    const own = textOf(line, 'Id');
    if (own !== undefined && this.#known.delete(own)) return own;
    this.#last += 1;
    return String(this.#last);
  }
}
