/** One row of Postgres's as it came: its bytes, and where in them each column stands. */
import { type Bytes, viewed } from './json-bytes.ts';

/** `at` holds for each column where it begins and its length; -1 is null. */
export interface Row extends Bytes {
  bytes: Buffer;
  view: DataView;
  /** Where the whole row begins and ends. */
  start: number;
  end: number;
  at: Int32Array;
}

export const NOTHING = viewed(Buffer.alloc(0));

export const emptyRow = (columns: number): Row => ({
  bytes: NOTHING.bytes,
  view: NOTHING.view,
  start: 0,
  end: 0,
  at: new Int32Array(columns * 2),
});

export function readRow(row: Row, bytes: Buffer, offset: number): void {
  const { at } = row;
  if (row.bytes !== bytes) {
    row.bytes = bytes;
    row.view = viewed(bytes).view;
  }
  let from = offset + 2;
  for (let i = 0; i < at.length; i += 2) {
    const length =
      ((bytes[from] as number) << 24) |
      ((bytes[from + 1] as number) << 16) |
      ((bytes[from + 2] as number) << 8) |
      (bytes[from + 3] as number);
    from += 4;
    at[i] = from;
    at[i + 1] = length;
    if (length > 0) from += length;
  }
  row.start = offset;
  row.end = from;
}

/** Rows come one after the other into the same place, so what is needed later is copied. */
export function copyRow(from: Row, to: Row): void {
  const { start, end } = from;
  if (to.bytes.length < end - start) {
    to.bytes = Buffer.allocUnsafe((end - start) * 2);
    to.view = viewed(to.bytes).view;
  }
  from.bytes.copy(to.bytes, 0, start, end);
  if (to.at.length !== from.at.length) to.at = new Int32Array(from.at.length);
  for (let i = 0; i < to.at.length; i += 2) {
    to.at[i] = (from.at[i] as number) - start;
    to.at[i + 1] = from.at[i + 1] as number;
  }
}

export function isSameColumn(column: number, one: Row, other: Row): boolean {
  const length = one.at[column * 2 + 1] as number;
  if (length !== other.at[column * 2 + 1]) return false;
  const first = one.at[column * 2] as number;
  const second = other.at[column * 2] as number;
  // from the end: the beginnings of ids are alike
  for (let i = length - 1; i >= 0; i--) if (one.bytes[first + i] !== other.bytes[second + i]) return false;
  return true;
}
