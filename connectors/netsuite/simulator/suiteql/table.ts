/** What a table of SuiteQL is: columns of rows, a way to all rows, and shorter ways to some of them. */
import type { Transaction } from '../books/model.ts';
import type { Value } from './values.ts';

/** Rows are whatever a table makes of the books; only its own columns look into them. */
export type Row = object;

export interface Column {
  get(row: Row): Value;
  /** What BUILTIN.DF shows instead of the value. */
  display?(row: Row): Value;
  /** What BUILTIN.CF shows, and what the column may be compared with beside its value. */
  qualified?(row: Row): Value;
  /** A date of change of a transaction or of something that belongs to it. */
  readonly isTouch?: boolean;
}

/** Rows of it belong to a transaction each. */
export interface Cluster {
  /** That holds the transaction's id. */
  readonly column: string;
  rowsOf(transaction: Transaction): readonly Row[];
}

export interface Table {
  readonly name: string;
  readonly columns: ReadonlyMap<string, Column>;
  /** In ascending order of ids, where it has any. */
  rows(): Iterable<Row>;
  readonly cluster?: Cluster;
  /** Rows by the value of a column that is known beforehand. */
  readonly lookups: ReadonlyMap<string, (value: Value) => readonly Row[]>;
}

export type Columns<Of extends Row> = Readonly<Record<string, ((row: Of) => Value) | ColumnOf<Of>>>;

interface ColumnOf<Of extends Row> {
  readonly get: (row: Of) => Value;
  readonly display?: (row: Of) => Value;
  readonly qualified?: (row: Of) => Value;
  readonly isTouch?: boolean;
}

export function columnsOf<Of extends Row>(columns: Columns<Of>): Map<string, Column> {
  const list = Object.entries(columns).map(([name, column]): [string, Column] => [
    name,
    (typeof column === 'function' ? { get: column } : column) as Column,
  ]);
  return new Map(list);
}

export const flag = (value: unknown): Value => (value === true ? 'T' : 'F');
export const textOr = (value: unknown): Value =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? value : null;

export const idOf = (value: Value): number | null =>
  typeof value === 'number' ? value : typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
