/** One read on its way: a statement with its values, who asks, and who gets the rows. */
import type { Settings } from './prepared.ts';

/** Gets the rows of one read. The bytes hold until it returns: what is kept of them is copied. */
export interface RowSink {
  /** A row: the number of columns as int16, then for each its length as int32 and its text; -1 is null. */
  row(bytes: Buffer, offset: number): void;
  /** The columns, where they are asked for: a RowDescription's body. */
  columns?(bytes: Buffer, offset: number): void;
}

export interface BoundStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

export interface Read {
  readonly statement: BoundStatement;
  readonly settings: Settings;
  readonly sink: RowSink;
  /** The names of its statements were not what they should be: they are prepared anew. */
  isAgain: boolean;
  expectedMs: number;
  /** Once, with what went wrong or null, and how long the database took; null when it didn't come to an end. */
  done(error: unknown, ms: number | null): void;
}
