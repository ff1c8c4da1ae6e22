/** The item lines of a sales document: made and changed by what is sent, priced, taxed by their codes. Lines are replaced, never changed in place. */
import { textOf } from '../json.ts';
import { invalidContent } from '../problem.ts';
import { decimalOrNull, lineMinor, percentOf, QUANTITY_DECIMALS, rateOf, toMinor } from './amounts.ts';
import type { Books } from './books.ts';
import { idIn, type LineInput, type Sublist, textIn } from './input.ts';
import { Line, type Tax, type Transaction } from './model.ts';

const LINES_MAX = 5_000;

/** The lines after the sub-list was sent. `draft` gives the next key. */
export function mergedLines(books: Books, draft: Transaction, { items, isReplace }: Sublist<LineInput>): Line[] {
  const lines = [...draft.lines];
  const sent = new Set<number>();
  for (const input of items) {
    const at = input.key === null ? -1 : lines.findIndex(({ id }) => id === input.key);
    if (input.key !== null && at < 0) throw invalidContent(`The line ${input.key} does not exist.`, `${input.path}.line`);
    const line = at < 0 ? new Line(draft.nextLine++) : copied(lines[at] as Line);
    fill(books, { draft, line, before: at < 0 ? lines.at(-1) : lines[at - 1] }, input);
    if (at < 0) lines.push(line);
    else lines[at] = line;
    sent.add(line.id);
  }
  const kept = isReplace ? lines.filter(({ id }) => sent.has(id)) : lines;
  if (kept.length > LINES_MAX) throw invalidContent(`A transaction has ${LINES_MAX} lines at most.`, 'item');
  // a copy takes no more room than it needs: a large account has very many
  return kept.slice();
}

export const copied = (line: Line): Line => Object.assign(new Line(line.id), line);

interface Place {
  readonly draft: Transaction;
  readonly line: Line;
  /** A discount in percent is of this one. */
  readonly before: Line | undefined;
}

function fill(books: Books, { draft, line, before }: Place, { values, custom, path }: LineInput): void {
  const { decimals } = books.currency(draft.currency);
  const item = idIn(values, 'item');
  if (item !== undefined && item !== line.item) {
    const row = books.item(item);
    if (row === undefined || row.type === 'salesTaxItem')
      throw invalidContent(`Invalid item reference key ${item}.`, `${path}.item`);
    if (row.values['isInactive'] === true) throw invalidContent(`The item ${item} is inactive.`, `${path}.item`);
    line.item = item;
    line.quantity = 10 ** QUANTITY_DECIMALS;
    line.rate = textOf(row.values['rate']) || '0';
    line.description = (row.values['salesDescription'] as string | undefined) ?? null;
  }
  if (line.item === null) throw invalidContent('Please enter value(s) for: Item', `${path}.item`);
  const quantity = textIn(values, 'quantity');
  if (quantity !== undefined) {
    const count = toMinor(quantity, QUANTITY_DECIMALS);
    if (count === null || count < 0) throw invalidContent(`Invalid quantity ${quantity}.`, `${path}.quantity`);
    line.quantity = count;
  }
  if (line.quantity < Math.max(line.fulfilled, line.billed))
    throw invalidContent('The quantity is smaller than what was fulfilled or billed.', `${path}.quantity`);
  if ('description' in values) line.description = textIn(values, 'description') ?? null;
  if ('location' in values) line.location = idIn(values, 'location') ?? null;
  if ('taxCode' in values) line.taxCode = taxCodeIn(books, idIn(values, 'taxCode'), path);
  const tax = textIn(values, 'tax1Amt');
  if ('tax1Amt' in values) line.taxMinor = tax === undefined ? null : toMinor(tax, decimals);
  if ('orderLine' in values) line.orderLine = idIn(values, 'orderLine') ?? null;
  if ('isClosed' in values) line.isClosed = values['isClosed'] === true;
  if (custom !== undefined) line.custom = { ...line.custom, ...custom };
  price(line, { rate: textIn(values, 'rate'), amount: textIn(values, 'amount'), before, decimals, path });
  line.modifiedSec = books.nowSec();
}

function taxCodeIn(books: Books, id: number | undefined, path: string): number | null {
  if (id === undefined) return null;
  if (books.row('salesTaxItem', id) === undefined)
    throw invalidContent(`Invalid taxcode reference key ${id}.`, `${path}.taxCode`);
  return id;
}

interface Priced {
  readonly rate: string | undefined;
  readonly amount: string | undefined;
  readonly before: Line | undefined;
  readonly decimals: number;
  readonly path: string;
}

/** An amount that is given stands, whatever quantity times rate would be. */
function price(line: Line, { rate, amount, before, decimals, path }: Priced): void {
  const wrong = (field: string, value: string) => invalidContent(`Invalid ${field} ${value}.`, `${path}.${field}`);
  if (rate?.endsWith('%') === true) {
    const percent = decimalOrNull(rate.slice(0, -1));
    if (percent === null) throw wrong('rate', rate);
    line.rate = null;
    line.minor = percentOf(before?.minor ?? 0, percent);
    return;
  }
  if (rate !== undefined) {
    const text = decimalOrNull(rate);
    if (text === null) throw wrong('rate', rate);
    line.rate = text;
  }
  if (amount !== undefined) {
    const minor = toMinor(amount, decimals);
    if (minor === null) throw wrong('amount', amount);
    line.minor = minor;
    if (rate === undefined) line.rate = line.quantity === 0 ? '0' : rateOf(minor, line.quantity, decimals);
  } else if (line.rate !== null) line.minor = lineMinor(line.quantity, line.rate, decimals);
  if (!Number.isSafeInteger(line.minor)) throw invalidContent('The amount is too large.', `${path}.rate`);
}

/** What each tax code comes to, as it was sent with its lines or on their sum, and with them the total. */
export function recompute(books: Books, draft: Transaction): void {
  const codes = new Set<number>();
  let total = 0;
  for (const { taxCode, minor } of draft.lines) {
    total += minor;
    if (taxCode !== null) codes.add(taxCode);
  }
  draft.taxes = [...codes].map((code): Tax => {
    const lines = draft.lines.filter(({ taxCode }) => taxCode === code);
    const minor = lines.reduce((sum, line) => sum + line.minor, 0);
    const given = lines.every(({ taxMinor }) => taxMinor !== null)
      ? lines.reduce((sum, line) => sum + (line.taxMinor ?? 0), 0)
      : null;
    const known = draft.taxes.find((tax) => tax.code === code);
    const percent = textOf(books.row('salesTaxItem', code)?.values['rate']) || '0';
    return { id: known?.id ?? draft.nextLine++, code, percent, minor: given ?? percentOf(minor, percent) };
  });
  draft.total = draft.taxes.reduce((sum, tax) => sum + tax.minor, total);
  if (draft.total < 0) throw invalidContent('The total may not be negative.', 'item');
  if (!Number.isSafeInteger(draft.total)) throw invalidContent('The total is too large.', 'item');
}
