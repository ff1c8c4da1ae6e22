/** A row as the file has it, before anything is converted. */

/** One row: the values by column, or why there are none. `line` counts from 1, with the header. */
export interface RawRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
  /** The whole row is unfit. */
  readonly fault?: string;
}

/** No row is longer: a file without line ends must not fill the memory. */
export const ROW_MAX_BYTES = 1_000_000;
