/** The tables of everything that is no transaction. */
import { type Deleted, isItemType } from '../books/books.ts';
import type { ListRow } from '../books/model.ts';
import type { RecordTypeName } from '../contract.ts';
import type { Records } from '../records/records.ts';
import {
  accountColumns,
  CURRENCY,
  customerColumns,
  itemColumns,
  locationColumns,
  NAMED,
  number,
  periodColumns,
  subsidiaryColumns,
  TAX_CODE,
  TERM,
} from './columns-list.ts';
import { type Columns, columnsOf, flag, idOf, type Row, type Table, textOr } from './table.ts';
import { addressTables, relationTable } from './tables-customer.ts';
import { Moment, type Value } from './values.ts';

export function listTables(records: Records): Table[] {
  const { books } = records;
  const moment = (sec: number): Moment => new Moment(books.zone.wall(sec));
  const common: Columns<ListRow> = {
    id: ({ id }) => id,
    externalid: ({ externalId }) => externalId,
    isinactive: ({ values }) => flag(values['isInactive']),
    lastmodifieddate: ({ modifiedSec }) => moment(modifiedSec),
  };
  const ref = (name: string, type: RecordTypeName, title: string) => ({
    get: ({ values }: ListRow): Value => textOr(values[name]),
    display: ({ values }: ListRow): Value => textOr(books.row(type, Number(values[name]))?.values[title]),
  });
  const rowsOf = function* (family: string, type?: RecordTypeName): Iterable<ListRow> {
    for (const row of books.family(family, type)) if (records.isRowSeen(row)) yield row;
  };
  const list = (name: string, family: string, columns: Columns<ListRow>, keep: (row: ListRow) => boolean = () => true): Table => {
    const byId = (key: Value): readonly Row[] => {
      const id = idOf(key) ?? 0;
      const row = family === 'item' ? books.item(id) : books.row(family as RecordTypeName, id);
      return row !== undefined && keep(row) && records.isRowSeen(row) ? [row] : [];
    };
    return {
      name,
      columns: columnsOf({ ...common, ...columns }),
      *rows() {
        for (const row of rowsOf(family)) if (keep(row)) yield row;
      },
      lookups: new Map([['id', byId]]),
    };
  };
  const customer = customerColumns(records, { ref, moment });
  return [
    list('customer', 'customer', customer),
    list('entity', 'customer', {
      ...customer,
      type: () => 'CustJob',
      customer: ({ id }) => id,
    }),
    list('item', 'item', itemColumns(ref, moment), ({ type }) => type !== 'salesTaxItem'),
    list('salestaxitem', 'item', TAX_CODE, ({ type }) => type === 'salesTaxItem'),
    list('term', 'term', TERM),
    list('currency', 'currency', CURRENCY),
    list('subsidiary', 'subsidiary', subsidiaryColumns(ref)),
    list('account', 'account', accountColumns(ref)),
    list('location', 'location', locationColumns(ref)),
    list('accountingperiod', 'accountingPeriod', periodColumns(records)),
    ...['department', 'classification'].map((name) => list(name, name, NAMED)),
    relationTable(records),
    ...addressTables(records, moment),
    deletedTable(records, moment),
    DUAL,
    pricingTable(records),
  ];
}

/** One row of nothing, for what needs no table. */
const DUAL: Table = { name: 'dual', columns: columnsOf({ dummy: () => 'X' }), rows: () => [{}], lookups: new Map() };

/** What was deleted, whoever it belonged to. */
function deletedTable({ books }: Records, moment: (sec: number) => Moment): Table {
  const columns: Columns<Deleted> = {
    deleteddate: ({ atSec }) => moment(atSec),
    recordid: ({ id }) => id,
    recordtypeid: ({ type }) => type.toLowerCase(),
    type: ({ type }) => type.toLowerCase(),
    name: ({ name }) => name,
    externalid: ({ externalId }) => externalId,
    iscustomrecord: () => 'F',
    deletedby: () => '-System-',
  };
  return { name: 'deletedrecord', columns: columnsOf(columns), rows: () => books.deleted, lookups: new Map() };
}

function pricingTable({ books }: Records): Table {
  const columns: Columns<ListRow> = {
    item: ({ id }) => id,
    pricelevel: () => 1,
    quantity: () => 0,
    currency: () => 1,
    unitprice: number('rate'),
  };
  const isPriced = (row: ListRow) => isItemType(row.type) && row.type !== 'salesTaxItem' && row.values['rate'] !== undefined;
  return {
    name: 'pricing',
    columns: columnsOf(columns),
    *rows() {
      for (const row of books.family('item')) if (isPriced(row)) yield row;
    },
    lookups: new Map([
      [
        'item',
        (item: Value) => {
          const row = books.item(idOf(item) ?? 0);
          return row !== undefined && isPriced(row) ? [row] : [];
        },
      ],
    ]),
  };
}
