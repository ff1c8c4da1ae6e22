/** A row as the file has it, before anything is converted. */

/** One row: the values by column, or why there are none. `line` counts from 1, with the header. */
export interface RawRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
  /** As it stands in the file, but for what no text may have. */
  readonly text: string;
  /** The whole row is unfit. */
  readonly fault?: string;
}

/** No row is longer: a file without line ends must not fill the memory. */
export const ROW_MAX_BYTES = 1_000_000;

/** What is shown of a line that is refused. */
const TEXT_MAX_CHARS = 2_000;

/** Without the end of the line, and without U+0000, which no text here may have. */
export function lineText(raw: string): string {
  const text = raw.replace(/\r?\n$/, '').replaceAll('\u0000', '\ufffd');
  return text.length > TEXT_MAX_CHARS ? `${text.slice(0, TEXT_MAX_CHARS - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}
