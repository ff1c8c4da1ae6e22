/**
 * What is written for each row of a statement in rows form: plain data, made once for a template and followed for every row.
 * Levels are the lists of the answer, from the outside in; level 0 is the answer itself, once.
 */
import type { Text } from './json-bytes.ts';

/** How a column's text becomes JSON. */
export const OP = {
  // the first three are copied as they are, and told apart from the others by their order
  /** Nothing but the literal. */
  LITERAL: 0,
  /** A number, or JSON. */
  RAW: 1,
  /** A text without anything to escape. */
  SAFE: 2,
  TEXT: 3,
  BOOLEAN: 4,
  /** A timestamptz in UTC, shown with milliseconds. */
  INSTANT: 5,
  /** Minor units; the currency stands in `other`. */
  MONEY: 6,
  /** A numeric without zeros at the end of its decimals. */
  TRIMMED: 7,
  /** An object that is null where its column is; `other` is the op after it. */
  OBJECT: 8,
  /** Where in its order this row stands. */
  CURSOR: 9,
  /** Here the rows of the next level go. */
  CHILD: 10,
  /** The list of the next level's part `other`, where it couldn't be written in its place. */
  LIST: 11,
  /** Whether the next level has more rows than shown. */
  MORE: 12,
  /** The cursor of the first and of the last row of the next level. */
  START_CURSOR: 13,
  END_CURSOR: 14,
  /** Null, where the next level has no row. */
  NONE: 15,
} as const;

/** An op is so many numbers in `code`, in this order. Numbers in one array, since they are read for every value. */
export const STEP = { KIND: 0, START: 1, PLAIN_END: 2, END: 3, COLUMN: 4, OTHER: 5, SIZE: 6 } as const;

/** One text for each row of a level: its node, or its edge. */
export interface RowsPart {
  /**
   * Its ops: the kind, where in `literals` begins and ends what comes before the value (without and with the quote that opens it, which
   * null has not), the column or -1, and something else.
   */
  readonly code: Int32Array;
  readonly literals: Text;
  /** Where in `code` the `CHILD` stands; -1 without. */
  readonly childAt: number;
  /** Written straight into the answer; else kept until its `LIST`. */
  readonly isDirect: boolean;
}

export const TERM = { RAW: 0, TEXT: 1, BOOLEAN: 2, INSTANT: 3 } as const;

export interface CursorTerm {
  readonly kind: number;
  readonly column: number;
}

export interface CursorProgram {
  /** `["mark"` */
  readonly prefix: Text;
  readonly terms: readonly CursorTerm[];
}

export interface RowsLevel {
  /** The column by which rows of this level are told apart, null where there is no row; -1 where each row is one. */
  readonly key: number;
  /** More rows than these only say that there are more. */
  readonly size: number;
  /** A column that says of a row that it is one more than shown, where it comes first; -1 without. */
  readonly further: number;
  readonly parts: readonly RowsPart[];
  readonly cursor: CursorProgram | null;
  /** Whether its first or last cursor is asked for. */
  readonly keepsEdges: boolean;
}

export interface RowsProgram {
  readonly columns: number;
  readonly levels: readonly RowsLevel[];
}
