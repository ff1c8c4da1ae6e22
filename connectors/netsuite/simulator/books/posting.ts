/** The lines of a transaction as the ledger has them: signed (debit positive), in both currencies, main line first. They always come to zero. */
import { converted, minorText, QUANTITY_DECIMALS } from './amounts.ts';
import { decimal, multiplyDecimal, roundDecimal } from '../../../../src/connect/index.ts';
import { textOf } from '../json.ts';
import type { Books, Currency } from './books.ts';
import { ACCOUNTS } from './chart.ts';
import { rateBetween } from './rates.ts';
import { type Line, type Tax, TRAN_TYPES, type Transaction } from './model.ts';

export type PostedKind = 'MAIN' | 'ITEM' | 'TAX' | 'COST' | 'OTHER';

export interface Posted {
  readonly transaction: Transaction;
  /** The key within the transaction; 0 of its main line. */
  readonly id: number;
  readonly sequence: number;
  readonly kind: PostedKind;
  readonly line: Line | null;
  readonly tax: Tax | null;
  readonly account: number | null;
  /** Minor units of its own currency, and of the company's. */
  readonly foreign: number;
  readonly inBase: number;
  readonly modifiedSec: number;
}

/** Keys of lines that no one has entered: beyond those of any that are. */
const COST_KEY = 5_000;
/** Costs are kept in its currency, and carried over at one rate. */
const FIRST_SUBSIDIARY = 1;
const COST_MONTH = '2020-01';

interface Part {
  readonly id: number;
  readonly kind: PostedKind;
  readonly line?: Line;
  readonly tax?: Tax;
  readonly account: number | null;
  readonly foreign: number;
  readonly inBase?: number;
  readonly modifiedSec?: number;
}

export function postedLines(books: Books, transaction: Transaction): Posted[] {
  const { currency, subsidiary, rate, code } = transaction;
  const from = books.currency(currency).decimals;
  const to = books.baseOf(subsidiary).decimals;
  const parts = PARTS[code](books, transaction);
  const sums = { foreign: 0, inBase: 0 };
  const rows = parts.map((part, index): Posted => {
    const inBase = part.inBase ?? converted(part.foreign, { rate, from, to });
    sums.foreign += part.foreign;
    sums.inBase += inBase;
    return {
      transaction,
      id: part.id,
      sequence: index + (code === 'Journal' ? 0 : 1),
      kind: part.kind,
      line: part.line ?? null,
      tax: part.tax ?? null,
      account: part.account,
      foreign: part.foreign,
      inBase,
      modifiedSec: part.modifiedSec ?? part.line?.modifiedSec ?? transaction.modifiedSec,
    };
  });
  if (code === 'Journal') return footed(rows, sums.inBase);
  const { account, mainSec } = transaction;
  const main: Posted = {
    transaction,
    id: 0,
    sequence: 0,
    kind: 'MAIN',
    line: null,
    tax: null,
    account: code === 'SalesOrd' ? ACCOUNTS.ORDERS : account,
    // so that nothing is left over, however the parts were rounded
    foreign: -sums.foreign,
    inBase: -sums.inBase,
    modifiedSec: mainSec,
  };
  rows.unshift(main);
  return rows;
}

/** A cent that rounding left over goes to the last line. */
function footed(rows: Posted[], left: number): Posted[] {
  const last = rows.pop();
  if (last !== undefined) rows.push({ ...last, inBase: last.inBase - left });
  return rows;
}

type PartsOf = (books: Books, transaction: Transaction) => Part[];

/** `sign` 1: its lines are debits, as those of a credit memo. */
const sales =
  (sign: 1 | -1): PartsOf =>
  (books, { lines, taxes }) => {
    const parts: Part[] = [];
    for (const line of lines)
      parts.push({ id: line.id, kind: 'ITEM', line, account: incomeOf(books, line), foreign: sign * line.minor });
    for (const tax of taxes) parts.push({ id: tax.id, kind: 'TAX', tax, account: ACCOUNTS.TAX, foreign: sign * tax.minor });
    return parts;
  };

/** Against its main line, which is in an account of money or of deposits. */
const against =
  (account: number, sign: 1 | -1): PartsOf =>
  (_books, { total, applies, mainSec }) => {
    const discount = applies.reduce((sum, apply) => sum + apply.discount, 0);
    const part = { id: 1, kind: 'OTHER', account, foreign: sign * (total + discount), modifiedSec: mainSec } as const;
    if (discount === 0) return [part];
    return [part, { id: 2, kind: 'OTHER', account: ACCOUNTS.DISCOUNTS, foreign: discount, modifiedSec: mainSec }];
  };

/** Goods leave the stock at what they cost; they have no amount in the customer's currency. */
const shipment: PartsOf = (books, { lines, subsidiary }) => {
  const base = books.baseOf(subsidiary);
  const parts: Part[] = [];
  for (const line of lines) {
    const inBase = costOf(books, line, base);
    const account = inBase === 0 ? null : ACCOUNTS.INVENTORY;
    parts.push({ id: line.id, kind: 'ITEM', line, account, foreign: 0, inBase: -inBase });
    if (inBase !== 0) parts.push({ id: COST_KEY + line.id, kind: 'COST', line, account: ACCOUNTS.COST, foreign: 0, inBase });
  }
  return parts;
};

const PARTS: Readonly<Record<Transaction['code'], PartsOf>> = {
  SalesOrd: sales(-1),
  CustInvc: sales(-1),
  CashSale: sales(-1),
  CustCred: sales(1),
  ItemShip: shipment,
  CustPymt: against(ACCOUNTS.RECEIVABLE, -1),
  CustDep: against(ACCOUNTS.DEPOSITS, -1),
  DepAppl: against(ACCOUNTS.RECEIVABLE, -1),
  CustRfnd: against(ACCOUNTS.RECEIVABLE, 1),
  Journal: (_books, { lines }) =>
    lines.map((line) => ({ id: line.id, kind: 'OTHER', line, account: line.account, foreign: line.minor })),
};

const incomeOf = (books: Books, { item }: Line): number =>
  (books.item(item ?? 0)?.values['incomeAccount'] as number | undefined) ?? ACCOUNTS.SALES;

function costOf(books: Books, { item, quantity }: Line, base: Currency): number {
  const row = books.item(item ?? 0);
  if (row?.type !== 'inventoryItem') return 0;
  const cost = decimal(textOf(row.values['averageCost']) || '0');
  const rate = decimal(rateBetween(books.baseOf(FIRST_SUBSIDIARY), base, COST_MONTH));
  const exact = multiplyDecimal(multiplyDecimal(cost, rate), decimal(minorText(quantity, QUANTITY_DECIMALS)));
  return Number(roundDecimal(exact, base.decimals, 'HALF_UP').coefficient);
}

/** In the ledger: orders are in none, and a line without an account neither. */
export const isPosted = ({ transaction, account }: Posted): boolean => account !== null && TRAN_TYPES[transaction.code].isPosting;
