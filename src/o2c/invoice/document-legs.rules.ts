/** The named amounts of a document with tax, spread over its open items: each amount and each item add up exactly. Pure. */
import { decimal } from '../../kernel/decimal.ts';
import { convert, money } from '../../kernel/money.ts';
import type { Leg } from '../ledger/index.ts';
import type { TaxGroup } from './invoice.rules.ts';
import { taxDetail } from './taxed-total.rules.ts';

export interface TaxedAmounts {
  readonly netMinor: bigint;
  readonly taxes: readonly TaxGroup[];
  readonly totalMinor: bigint;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly rate: string;
}

export interface Sides {
  readonly accountId: string;
  /** The items of the document; together they are its total. */
  readonly items: readonly { readonly id: string; readonly minor: bigint }[];
  /** The side on which the items stand: debit for an invoice, credit for a credit note. */
  readonly itemSide: 'debit' | 'credit';
}

/**
 * Net and taxes as legs, in functional currency too: there the total is converted once, each tax once, the net takes the rest,
 * and each item ends where the sum up to it is converted to.
 */
export function taxedLegs(
  amounts: TaxedAmounts,
  { accountId, items, itemSide }: Sides,
): { legs: readonly Leg[]; baseTotalMinor: bigint; baseOfItem: readonly bigint[] } {
  const { currency, baseCurrency, rate } = amounts;
  const toBase = (minor: bigint) => convert(money(minor, currency), decimal(rate), baseCurrency).minor;
  const taxes = amounts.taxes.map((tax) => ({
    amount: 'tax',
    detail: taxDetail(tax),
    minor: tax.taxMinor,
    baseMinor: toBase(tax.taxMinor),
  }));
  const baseTotalMinor = toBase(amounts.totalMinor);
  const baseNetMinor = baseTotalMinor - taxes.reduce((sum, tax) => sum + tax.baseMinor, 0n);
  const named = [{ amount: 'net', detail: undefined, minor: amounts.netMinor, baseMinor: baseNetMinor }, ...taxes];
  const baseOfItem = parted(items.map((item) => item.minor)).map(({ upTo, before }) => toBase(upTo) - toBase(before));
  const cells = spread(
    named.map((n) => n.minor),
    items.map((item) => item.minor),
  );
  const baseCells = spread(
    named.map((n) => n.baseMinor),
    baseOfItem,
  );
  const legs = named.flatMap(({ amount, detail }, row) =>
    items.map(({ id }, column): Leg => {
      const item = { accountId, itemId: id };
      const other = { accountId, ...(detail === undefined ? {} : { detail }) };
      const sides = itemSide === 'debit' ? { debit: item, credit: other } : { debit: other, credit: item };
      return { amount, minor: cells[row]?.[column] ?? 0n, baseMinor: baseCells[row]?.[column] ?? 0n, currency, ...sides };
    }),
  );
  return { legs, baseTotalMinor, baseOfItem };
}

/** Each part with the sums before it and up to it. */
function parted(parts: readonly bigint[]): readonly { before: bigint; upTo: bigint }[] {
  let upTo = 0n;
  return parts.map((part) => {
    const before = upTo;
    upTo += part;
    return { before, upTo };
  });
}

/**
 * A table of which the rows and the columns have the given sums (the columns none below zero): row after row fills column after
 * column. Rows below zero come first and stand in the first column, which then has more room for the others.
 * @example spread([100n, 19n], [60n, 59n]) // [[60n, 40n], [0n, 19n]]
 */
export function spread(rows: readonly bigint[], columns: readonly bigint[]): readonly (readonly bigint[])[] {
  const cells = rows.map(() => columns.map(() => 0n));
  const room = [...columns];
  const last = columns.length - 1;
  const put = (row: number, column: number, minor: bigint): void => {
    const cell = cells[row] ?? [];
    cell[column] = (cell[column] ?? 0n) + minor;
    room[column] = (room[column] ?? 0n) - minor;
  };
  rows.forEach((minor, row) => minor < 0n && put(row, 0, minor));
  let column = 0;
  rows.forEach((minor, row) => {
    for (let rest = minor; rest > 0n; ) {
      while (column < last && (room[column] ?? 0n) <= 0n) column += 1;
      const free = room[column] ?? 0n;
      const part = column === last || rest < free ? rest : free;
      put(row, column, part);
      rest -= part;
    }
  });
  return cells;
}
