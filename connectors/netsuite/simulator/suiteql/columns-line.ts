/** The columns of a transaction's lines. */
import { decimal } from '../../../../src/connect/index.ts';
import { QUANTITY_DECIMALS } from '../books/amounts.ts';
import type { Books } from '../books/books.ts';
import { isShipped } from '../books/order-state.ts';
import type { Posted } from '../books/posting.ts';
import { itemTypeOf } from './columns-list.ts';
import { type Columns, flag, textOr } from './table.ts';
import { amountValue, Moment, momentOfDay, numberValue, type Value } from './values.ts';

const quantity = (units: number): Value => numberValue({ coefficient: BigInt(units), scale: QUANTITY_DECIMALS });

const dayOrNull = (day: string | null): Value => (day === null ? null : momentOfDay(day));

export function lineColumns(books: Books): Columns<Posted> {
  const item = ({ line, tax, kind }: Posted): number | null => (kind === 'TAX' ? (tax?.code ?? null) : (line?.item ?? null));
  const isOrder = ({ transaction, kind }: Posted) => transaction.code === 'SalesOrd' && kind === 'ITEM';
  const itemName = (id: number | null) => (id === null ? null : textOr(books.item(id)?.values['itemId']));
  /** Goods that are sold go out. */
  const signedQuantity = (row: Posted): Value => {
    if (row.line === null || row.line.item === null) return null;
    const goesIn = row.transaction.code === 'CustCred' || row.kind === 'COST';
    return quantity(goesIn ? row.line.quantity : -row.line.quantity);
  };
  return {
    transaction: ({ transaction }) => transaction.id,
    id: ({ id }) => id,
    uniquekey: ({ transaction, id }) => transaction.id * 10_000 + id,
    linesequencenumber: ({ sequence }) => sequence,
    mainline: ({ kind }) => flag(kind === 'MAIN'),
    taxline: ({ kind }) => flag(kind === 'TAX'),
    iscogs: ({ kind }) => flag(kind === 'COST'),
    transactiondiscount: () => 'F',
    kitcomponent: () => 'F',
    paymentmethod: ({ transaction, kind }) => (kind === 'MAIN' ? transaction.paymentMethod : null),
    expectedshipdate: (row) => (isOrder(row) ? dayOrNull(row.transaction.shipDay) : null),
    entity: ({ transaction }) => transaction.entity,
    item: { get: item, display: (row) => itemName(item(row)) },
    itemtype: (row) => itemTypeOf(books.item(item(row) ?? 0)),
    quantity: signedQuantity,
    rate: ({ line, tax, kind }) =>
      kind === 'TAX'
        ? numberValue(decimal(tax?.percent ?? '0'))
        : line?.rate == null || kind === 'COST'
          ? null
          : numberValue(decimal(line.rate)),
    ...amountColumns(books),
    taxcode: {
      get: ({ line, kind }) => (kind === 'ITEM' ? (line?.taxCode ?? null) : null),
      display: ({ line }) => itemName(line?.taxCode ?? null),
    },
    memo: ({ line, transaction, kind }) => (kind === 'MAIN' ? transaction.memo : (line?.description ?? null)),
    createdfrom: ({ transaction, kind }) => (kind === 'MAIN' || kind === 'ITEM' ? transaction.createdFrom : null),
    expenseaccount: ({ account }) => account,
    quantitybilled: (row) => (isOrder(row) ? quantity(row.line?.billed ?? 0) : null),
    quantityshiprecv: (row) => (isOrder(row) ? quantity(row.line?.fulfilled ?? 0) : null),
    quantitycommitted: (row) =>
      isOrder(row) ? quantity(Math.max(0, (row.line?.quantity ?? 0) - (row.line?.fulfilled ?? 0))) : null,
    isclosed: ({ line }) => flag(line?.isClosed),
    fulfillable: ({ line }) => flag(line !== null && isShipped(books, line)),
    isfullyshipped: (row) =>
      flag(isOrder(row) && row.line !== null && (row.line.fulfilled >= row.line.quantity || !isShipped(books, row.line))),
    location: {
      get: ({ line, transaction }) => line?.location ?? transaction.location,
      display: ({ line, transaction }) =>
        textOr(books.row('location', line?.location ?? transaction.location ?? 0)?.values['name']),
    },
    subsidiary: {
      get: ({ transaction }) => transaction.subsidiary,
      display: ({ transaction }) => textOr(books.row('subsidiary', transaction.subsidiary)?.values['name']),
    },
    department: () => null,
    class: () => null,
    linelastmodifieddate: { get: ({ modifiedSec }) => new Moment(books.zone.wall(modifiedSec)), isTouch: true },
    linecreateddate: ({ transaction }) => new Moment(books.zone.wall(transaction.createdSec)),
    custcol_note: ({ line }) => textOr(line?.custom?.['custcol_note']),
  };
}

function amountColumns(books: Books): Columns<Posted> {
  const decimals = ({ transaction }: Posted) => books.currency(transaction.currency).decimals;
  const baseDecimals = ({ transaction }: Posted) => books.baseOf(transaction.subsidiary).decimals;
  const isUsable = ({ transaction: { code }, kind }: Posted) =>
    kind === 'MAIN' && (code === 'CustCred' || code === 'CustPymt' || code === 'CustDep');
  const isInvoice = ({ transaction: { code }, kind }: Posted) => kind === 'MAIN' && code === 'CustInvc';
  return {
    foreignamount: (row) => (row.transaction.code === 'ItemShip' ? null : amountValue(row.foreign, decimals(row))),
    netamount: (row) => amountValue(row.inBase, baseDecimals(row)),
    foreignamountpaid: (row) =>
      isInvoice(row) && !row.transaction.isVoided
        ? amountValue(row.transaction.total - row.transaction.open, decimals(row))
        : null,
    foreignamountunpaid: (row) => (isInvoice(row) ? amountValue(row.transaction.open, decimals(row)) : null),
    foreignpaymentamountused: (row) =>
      isUsable(row) ? amountValue(row.transaction.total - row.transaction.open, decimals(row)) : null,
    foreignpaymentamountunused: (row) => (isUsable(row) ? amountValue(row.transaction.open, decimals(row)) : null),
  };
}
