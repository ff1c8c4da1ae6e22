/** The tables around transactions: headers, lines, postings, and the links between lines. */
import { decimal } from '../../../../src/connect/index.ts';
import type { Books } from '../books/books.ts';
import { codeOf, TRAN_TYPES, type Transaction, tranType } from '../books/model.ts';
import { isPosted, type Posted, postedLines } from '../books/posting.ts';
import { textOf } from '../json.ts';
import type { Records } from '../records/records.ts';
import { periodOf, PAYMENT_METHODS } from '../records/tran-types.ts';
import { type Link, linksOf } from './links.ts';
import { lineColumns } from './columns-line.ts';
import { type Columns, columnsOf, flag, idOf, type Row, type Table, textOr } from './table.ts';
import { amountValue, Moment, momentOfDay, numberValue, type Value } from './values.ts';

const dayValue = (day: string | null): Value => (day === null ? null : momentOfDay(day));

export function transactionTables(records: Records): Table[] {
  const { books } = records;
  const seen = (transaction: Transaction | undefined): transaction is Transaction =>
    transaction !== undefined && records.isSeen(transaction);
  const posted = lastPosted(books);
  const expand = (rowsOf: (transaction: Transaction) => readonly Row[]) => (transaction: Transaction) =>
    records.isSeen(transaction) ? rowsOf(transaction) : [];
  const make = (
    name: string,
    column: string,
    columns: Table['columns'],
    rowsOf: (transaction: Transaction) => readonly Row[],
  ): Table => {
    const own = expand(rowsOf);
    const byId = (value: Value): readonly Row[] => {
      const transaction = books.transactions.get(idOf(value) ?? 0);
      return transaction === undefined ? [] : own(transaction);
    };
    return {
      name,
      columns,
      *rows() {
        for (const transaction of books.transactions.values()) yield* own(transaction);
      },
      cluster: { column, rowsOf: own },
      lookups: new Map([[column, byId]]),
    };
  };
  const links = (name: string): Table => {
    const table = make(name, 'nextdoc', columnsOf(linkColumns(books)), (transaction) => linksOf(books, transaction));
    const byPrevious = (value: Value): readonly Row[] => {
      const previous = books.transactions.get(idOf(value) ?? 0);
      return (previous?.followers ?? []).flatMap((id) => {
        const next = books.transactions.get(id);
        return seen(next) ? linksOf(books, next).filter((link) => link.previous === previous) : [];
      });
    };
    return { ...table, lookups: new Map([...table.lookups, ['previousdoc', byPrevious]]) };
  };
  return [
    make('transaction', 'id', columnsOf(headerColumns(books)), (transaction) => [transaction]),
    make('transactionline', 'transaction', columnsOf(lineColumns(books)), posted),
    make('transactionaccountingline', 'transaction', columnsOf(ledgerColumns(books)), (transaction) =>
      posted(transaction).filter(({ account }) => account !== null),
    ),
    links('previoustransactionlinelink'),
    links('nexttransactionlinelink'),
  ];
}

/** Lines and postings of a transaction are often asked for together. */
function lastPosted(books: Books): (transaction: Transaction) => readonly Posted[] {
  let last: { of: Transaction; version: number; lines: readonly Posted[] } | null = null;
  return (transaction) => {
    if (last?.of === transaction && last.version === books.version) return last.lines;
    const lines = postedLines(books, transaction);
    last = { of: transaction, version: books.version, lines };
    return lines;
  };
}

function headerColumns(books: Books): Columns<Transaction> {
  const decimals = ({ currency }: Transaction) => books.currency(currency).decimals;
  const moment = (sec: number) => new Moment(books.zone.wall(sec));
  const name = (type: 'customer' | 'term' | 'currency' | 'accountingPeriod' | 'location', field: string) => (id: number | null) =>
    id === null ? null : textOr(books.row(type, id)?.values[field]);
  const customer = name('customer', 'entityId');
  const isOwed = ({ code }: Transaction) => code === 'CustInvc';
  return {
    id: ({ id }) => id,
    tranid: ({ tranId }) => tranId,
    transactionnumber: ({ number }) => number,
    trandisplayname: (one) => `${tranType(one.code).title} #${one.tranId}`,
    type: { get: ({ code }) => code, display: ({ code }) => tranType(code).title },
    abbrevtype: ({ code }) => TRAN_TYPES[code].prefix,
    recordtype: ({ code }) => TRAN_TYPES[code].record.toLowerCase(),
    status: {
      get: ({ status }) => status,
      display: ({ code, status }) => `${tranType(code).title} : ${tranType(code).statuses[status] ?? status}`,
      qualified: ({ code, status }) => `${code}:${status}`,
    },
    trandate: ({ day }) => dayValue(day),
    duedate: ({ dueDay }) => dayValue(dueDay),
    closedate: ({ closeDay }) => dayValue(closeDay),
    shipdate: ({ shipDay }) => dayValue(shipDay),
    actualshipdate: ({ shippedDay }) => dayValue(shippedDay),
    createddate: ({ createdSec }) => moment(createdSec),
    lastmodifieddate: { get: ({ modifiedSec }) => moment(modifiedSec), isTouch: true },
    entity: { get: ({ entity }) => (entity === 0 ? null : entity), display: ({ entity }) => customer(entity) },
    currency: { get: ({ currency }) => currency, display: ({ currency }) => name('currency', 'name')(currency) },
    exchangerate: ({ rate }) => numberValue(decimal(rate)),
    foreigntotal: (one) =>
      one.code === 'ItemShip' || one.code === 'Journal' ? null : amountValue(signOf(one) * one.total, decimals(one)),
    foreignamountpaid: (one) => (isOwed(one) ? amountValue(one.isVoided ? 0 : one.total - one.open, decimals(one)) : null),
    foreignamountunpaid: (one) => (isOwed(one) ? amountValue(one.open, decimals(one)) : null),
    posting: ({ code }) => flag(TRAN_TYPES[code].isPosting),
    postingperiod: {
      get: ({ code, day }) => (TRAN_TYPES[code].isPosting ? periodOf(books, day) : null),
      display: ({ day }) => name('accountingPeriod', 'periodName')(periodOf(books, day)),
    },
    voided: ({ isVoided }) => flag(isVoided),
    memo: ({ memo }) => memo,
    // of money it is the number of the cheque
    otherrefnum: ({ otherRef, checkNumber }) => otherRef ?? checkNumber,
    terms: { get: ({ terms }) => terms, display: ({ terms }) => name('term', 'name')(terms) },
    paymentmethod: {
      get: ({ paymentMethod }) => paymentMethod,
      display: ({ paymentMethod }) => (PAYMENT_METHODS as Readonly<Record<string, string>>)[paymentMethod ?? ''] ?? null,
    },
    checknumber: ({ checkNumber }) => checkNumber,
    shipstatus: (one) => (one.code === 'ItemShip' ? one.status : null),
    trackingnumberlist: ({ packages }) =>
      packages
        .map((one) => textOf(one['packageTrackingNumber']))
        .filter(Boolean)
        .join(', ') || null,
    externalid: ({ externalId }) => externalId,
    isreversal: ({ code }) => flag(code === 'Journal'),
    custbody_note: ({ custom }) => textOr(custom?.['custbody_note']),
    custbody_dispute: ({ custom }) => textOr(custom?.['custbody_dispute']),
  };
}

/** A credit takes away. */
const signOf = ({ code }: Transaction): 1 | -1 => (code === 'CustCred' || code === 'CustRfnd' ? -1 : 1);

function ledgerColumns(books: Books): Columns<Posted> {
  const decimals = ({ transaction }: Posted) => books.baseOf(transaction.subsidiary).decimals;
  const amount = (row: Posted, minor: number) => amountValue(minor, decimals(row));
  /** In the company's currency, of the main line of an invoice. */
  const unpaid = ({ transaction, inBase, kind }: Posted): number | null => {
    if (kind !== 'MAIN' || transaction.code !== 'CustInvc' || transaction.total === 0) return null;
    return Number((BigInt(inBase) * BigInt(transaction.open)) / BigInt(transaction.total));
  };
  return {
    transaction: ({ transaction }) => transaction.id,
    transactionline: ({ id }) => id,
    accountingbook: () => 1,
    account: {
      get: ({ account }) => account,
      display: ({ account }) => textOr(books.row('account', account ?? 0)?.values['acctName']),
    },
    posting: (row) => flag(isPosted(row)),
    amount: (row) => amount(row, row.inBase),
    netamount: (row) => amount(row, row.inBase),
    debit: (row) => (row.inBase > 0 ? amount(row, row.inBase) : null),
    credit: (row) => (row.inBase < 0 ? amount(row, -row.inBase) : null),
    amountunpaid: (row) => {
      const minor = unpaid(row);
      return minor === null ? null : amount(row, minor);
    },
    amountpaid: (row) => {
      const minor = unpaid(row);
      return minor === null ? null : amount(row, row.inBase - minor);
    },
    exchangerate: ({ transaction }) => numberValue(decimal(transaction.rate)),
    lastmodifieddate: { get: ({ modifiedSec }) => new Moment(books.zone.wall(modifiedSec)), isTouch: true },
  };
}

function linkColumns(books: Books): Columns<Link> {
  return {
    previousdoc: ({ previous }) => previous.id,
    previousline: ({ previousLine }) => previousLine,
    previoustype: ({ previous }) => previous.code,
    previousdate: ({ previous }) => momentOfDay(previous.day),
    nextdoc: ({ next }) => next.id,
    nextline: ({ nextLine }) => nextLine,
    nexttype: ({ next }) => next.code,
    nextdate: ({ next }) => momentOfDay(next.day),
    linktype: ({ type }) => type,
    foreignamount: ({ foreign, next }) =>
      foreign === null ? null : amountValue(foreign, books.currency(next.currency).decimals),
    lastmodifieddate: { get: ({ modifiedSec }) => new Moment(books.zone.wall(modifiedSec)), isTouch: true },
  };
}

/** The codes that a record type or a type code in a query means. */
export const codeNamed = (value: Value) => {
  const text = typeof value === 'string' ? value : '';
  return text in TRAN_TYPES
    ? (text as Transaction['code'])
    : codeOf(Object.values(TRAN_TYPES).find(({ record }) => record.toLowerCase() === text)?.record ?? '');
};
