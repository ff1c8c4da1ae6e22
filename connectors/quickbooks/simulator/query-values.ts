/** What a property of a query means for a record: which there are, which can be asked for, and its value to compare and to sort by. */
import { decimalsOf, fromMinor } from './amounts.ts';
import { isBody, refOf, type Value } from './body.ts';
import type { Books, Row } from './books.ts';
import type { Entity } from './entities.ts';
import { invalidQuery } from './fault.ts';
import { qualifiedName } from './list-record.ts';
import { instantMs } from './pacific.ts';
import type { Literal } from './query-parser.ts';
import { balanceWithChildren } from './view.ts';

export type Comparable = string | number | boolean | undefined;

export interface Property {
  readonly valueOf: (row: Row) => Comparable;
  /** The literal as it is compared with the value. @throws ApiFault 4001 */
  readonly literal: (literal: Literal) => Comparable;
}

const NOT_QUERYABLE = new Set(
  'PrivateNote CustomerMemo Line LinkedTxn TxnTaxDetail BillAddr ShipAddr ShipFromAddr OtherAddr PrimaryAddr CompanyAddr LegalAddr CustomerCommunicationAddr CustomField DeliveryInfo Notes NameValue CustomExtensions domain sparse status time'.split(
    ' ',
  ),
);
const AMOUNTS: ReadonlySet<string> = new Set(['Balance', 'RemainingCredit', 'UnappliedAmt']);
const INSTANTS: ReadonlySet<string> = new Set(['MetaData.CreateTime', 'MetaData.LastUpdatedTime']);
/** Where the text of a record within a record stands. */
const INNER = ['value', 'Address', 'FreeFormNumber', 'URI'];

/** A property in any case. @throws ApiFault 4001 when the entity has none such, or it can't be asked for */
export function propertyOf(books: Books, entity: Entity, written: string): Property {
  const path = pathOf(entity, written);
  if (NOT_QUERYABLE.has(path.split('.')[0] ?? '') || path.endsWith('Prefs'))
    throw invalidQuery(`property '${path}' is not queryable`);
  if (INSTANTS.has(path)) {
    const isUpdated = path === 'MetaData.LastUpdatedTime';
    return { valueOf: (row) => (isUpdated ? row.updatedSec : row.createdSec) * 1_000, literal: (literal) => instantOf(literal) };
  }
  const isDay = path.endsWith('Date');
  return { valueOf: readerOf(books, path), literal: (literal) => (isDay ? String(literal).slice(0, 10) : literal) };
}

/** The property as it is spelled. @throws ApiFault 4001 */
export function pathOf(entity: Entity, written: string): string {
  const [first = '', ...rest] = written.split('.');
  const known = [...entity.known].find((name) => name.toLowerCase() === first.toLowerCase());
  if (known === undefined) throw invalidQuery(`Property ${first} not found for Entity ${entity.name}`);
  if (known !== 'MetaData') return [known, ...rest].join('.');
  const times = ['CreateTime', 'LastUpdatedTime'];
  const time = times.find((name) => name.toLowerCase() === rest.join('.').toLowerCase());
  if (time === undefined) throw invalidQuery(`Property ${written} not found for Entity ${entity.name}`);
  return `MetaData.${time}`;
}

/** Compares as the value's kind does: numbers as numbers, text without its case. Undefined when one of them is nothing. */
export function compare(value: Comparable, literal: Comparable): number | undefined {
  if (value === undefined || literal === undefined) return undefined;
  if (typeof value === 'number') {
    const number = typeof literal === 'number' ? literal : Number(literal);
    if (Number.isNaN(number)) throw invalidQuery(`'${String(literal)}' is not a number`);
    return value - number;
  }
  const [a, b] = [String(value).toLowerCase(), String(literal).toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}

function instantOf(literal: Literal): number {
  const ms = typeof literal === 'string' ? instantMs(literal) : null;
  if (ms === null) throw invalidQuery(`'${String(literal)}' is not a date and time`);
  return ms;
}

function readerOf(books: Books, path: string): (row: Row) => Comparable {
  if (path === 'Id') return ({ id }) => (/^\d+$/.test(id) ? Number(id) : id);
  if (path === 'SyncToken') return ({ token }) => token;
  if (path === 'Active') return ({ body }) => body.Active !== false;
  if (path === 'FullyQualifiedName') return ({ entity, body }) => qualifiedName(books, entity, body);
  if (path === 'BalanceWithJobs') return (row) => fromMinor(balanceWithChildren(books, row), decimalsIn(row));
  if (AMOUNTS.has(path)) return (row) => fromMinor(row.openMinor, decimalsIn(row));
  const [first = '', ...rest] = path.split('.');
  return ({ body }) => {
    let value: Value | undefined = body[first];
    for (const part of rest) value = isBody(value) ? value[part] : undefined;
    return plain(value);
  };
}

const decimalsIn = ({ body }: Row): number => decimalsOf(refOf(body, 'CurrencyRef') ?? 'USD');

function plain(value: Value | undefined): Comparable {
  if (isBody(value)) return plain(INNER.map((name) => value[name]).find((inner) => inner !== undefined));
  return typeof value === 'object' || value === null ? undefined : value;
}
